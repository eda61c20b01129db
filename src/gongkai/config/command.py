"""The one command: `gongkai NAME …` runs Django's management commands (ours and the framework's) under a plain name."""

import os
import sys


def main() -> None:
    """Run one command; `gongkai` alone or `gongkai help` lists our commands with what each is for."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.config.settings")
    from gongkai.config.overview import print_overview

    if len(sys.argv) == 1 or sys.argv[1:] in (["help"], ["--help"], ["-h"]):
        print_overview()
        return
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import ManagementUtility

    utility = ManagementUtility([("gongkai"), *sys.argv[1:]])
    utility.prog_name = "gongkai"
    try:
        utility.execute()
    except ImproperlyConfigured as error:  # a setting of the operator's: a sentence, not a trace
        sys.exit(str(error))
