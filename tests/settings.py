"""Settings of the test run: the product's own, in a data directory of its own, with a cheap password hash."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

if "PYTEST_GONGKAI_DATA" not in os.environ:
    os.environ["PYTEST_GONGKAI_DATA"] = tempfile.mkdtemp(prefix="gongkai-test-")
    atexit.register(shutil.rmtree, os.environ["PYTEST_GONGKAI_DATA"], ignore_errors=True)
worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
data = Path(os.environ["PYTEST_GONGKAI_DATA"]) / worker
data.mkdir(parents=True, exist_ok=True)
os.environ["GONGKAI_DATA_DIR"] = str(data)

from gongkai.config.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":  # noqa: F405
    # A file, as in the product: a database in memory is one connection that the threads of a live server and the test itself would
    # share, and SQLite answers who comes second there at once (“database table is locked”) instead of letting it wait.
    DATABASES["default"]["TEST"] = {"NAME": str(data / "test.sqlite3")}  # noqa: F405
    options = DATABASES["default"]["OPTIONS"]  # noqa: F405
    options["init_command"] = options["init_command"].replace(
        "synchronous=FULL", "synchronous=OFF"
    )  # no power cut of a test run matters
