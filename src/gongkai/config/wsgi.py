"""The WSGI application that granian serves."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.config.settings")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

from gongkai.web.shared.warming import warm_up  # noqa: E402 - needs the application loaded

warm_up()
