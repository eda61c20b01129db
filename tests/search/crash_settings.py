"""The smallest Django that has search: for processes that are killed."""

import os
from pathlib import Path

GONGKAI_DATA_DIR = Path(os.environ["GONGKAI_DATA_DIR"])
SECRET_KEY = "not-a-secret"
USE_TZ = True
INSTALLED_APPS = ["gongkai.audit", "gongkai.search"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": GONGKAI_DATA_DIR / "crash.sqlite3",
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 30, "init_command": "PRAGMA journal_mode=WAL;"},
    }
}
GONGKAI_SEARCH_URL = os.environ.get("SEARCH_URL", "")
GONGKAI_SEARCH_PROVIDER = "tests.search.domain.load"
GONGKAI_SEARCH_ALL_IDS = "tests.search.domain.all_ids"
GONGKAI_AFTER_INDEX = "tests.search.domain.after_index"
