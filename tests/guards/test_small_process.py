"""A web process loads nothing at start that only some pages need (docs/decisions/0022)."""

import subprocess
import sys

LATER = (
    "PIL",
    "cryptography",
    "docx",
    "fido2",
    "lxml",
    "openpyxl",
    "pypdf",
    "pypdfium2",
    "rapidocr",
    "typst",
    "urllib3",
)
"""Libraries for pictures, papers, codes and gateways; together they are some 50 MB."""


def test_what_only_some_pages_need_is_loaded_by_those():
    asked = "import sys, gongkai.config.wsgi; from django.urls import get_resolver; get_resolver().url_patterns; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert "django" in loaded
    assert not loaded & set(LATER), loaded & set(LATER)
