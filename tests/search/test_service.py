"""Which engine a deployment has, and what it remembers of a search that could not be answered."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

from gongkai.search import SearchQuery, SearchUnavailable, engine, in_trouble, search, service
from gongkai.search.engines.embedded import EmbeddedEngine
from gongkai.search.engines.opensearch import OpenSearchEngine

ROOT = Path(__file__).parents[2]


def test_the_setting_alone_decides(settings: Any, tmp_path: Path) -> None:
    settings.GONGKAI_DATA_DIR = tmp_path
    settings.GONGKAI_SEARCH_URL = ""
    assert isinstance(engine(), EmbeddedEngine)
    settings.GONGKAI_SEARCH_URL = "http://nowhere.invalid:9200/gongkai"
    assert isinstance(engine(), OpenSearchEngine)
    assert engine() is engine()


def test_an_address_that_cannot_be_read_stops_the_start(settings: Any) -> None:
    settings.GONGKAI_SEARCH_URL = "cluster:9200"
    with pytest.raises(ImproperlyConfigured, match="SEARCH_URL"):
        apps.get_app_config("search").ready()


def test_a_process_without_a_cluster_does_not_load_what_speaks_to_one(tmp_path: Path) -> None:
    """It would take 8 MB of every web process."""
    program = (
        "import sys, django; django.setup(); from gongkai.search import engine; engine(); "
        "sys.exit('gongkai.search.engines.opensearch_client' in sys.modules)"
    )
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.search.crash_settings",
        "GONGKAI_DATA_DIR": str(tmp_path),
        "SEARCH_URL": "",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]),
    }
    assert subprocess.run([sys.executable, "-c", program], env=environment, check=False).returncode == 0


def test_a_failure_is_remembered_for_a_while_whatever_happens_since(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.GONGKAI_DATA_DIR, settings.GONGKAI_SEARCH_URL = tmp_path, ""
    settings.GONGKAI_SEARCH_PROVIDER = "tests.search.domain.load"
    settings.GONGKAI_SEARCH_ALL_IDS = "tests.search.domain.all_ids"
    now = 1000.0
    monkeypatch.setattr(service.time, "monotonic", lambda: now)
    assert not in_trouble()

    def fail(self: EmbeddedEngine, query: SearchQuery) -> None:
        raise SearchUnavailable("weg")

    with monkeypatch.context() as patch:
        patch.setattr(EmbeddedEngine, "search", fail)
        with pytest.raises(SearchUnavailable):
            search(SearchQuery("医保"))
    search(SearchQuery("医保"))
    assert in_trouble(), "a page begun before the success still lacks its lists"
    now += service.TROUBLE_SECONDS
    assert not in_trouble()
