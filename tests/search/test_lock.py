"""Who may write: one process of a machine, one machine of many, and the one with the later turn."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from gongkai.search.lock import ADVISORY_KEY, AnotherIndexerRuns, writing
from gongkai.search.turns import take_turn

pytestmark = pytest.mark.django_db


@pytest.fixture
def clustered(settings: Any) -> None:
    settings.GONGKAI_SEARCH_URL = "http://nowhere.invalid/gongkai"


def test_turns_only_grow() -> None:
    turns = [take_turn() for _ in range(5)]
    assert turns == sorted(set(turns))


def test_the_right_to_write_is_given_back_whatever_happens(clustered: None, tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(OSError, match="disk"), writing(tmp_path):
            raise OSError("disk")
    with writing(tmp_path), pytest.raises(AnotherIndexerRuns, match=r"进程号 \d+"), writing(tmp_path):
        pytest.fail("two writers on one machine")


def test_a_writer_on_another_machine_is_waited_for_until_its_connection_ends(clustered: None, tmp_path: Path) -> None:
    """SQLite is a file of one machine, so that there the file lock is enough and nothing is asked of the database."""
    if connection.vendor != "postgresql":
        with writing(tmp_path / "one"), writing(tmp_path / "two"):
            return
    elsewhere = connection.copy()
    with elsewhere.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [ADVISORY_KEY])
    with pytest.raises(AnotherIndexerRuns, match="另一台服务器"), writing(tmp_path):
        pytest.fail("two writers on two machines")
    elsewhere.close()  # as the server does when a machine dies
    with writing(tmp_path, wait=5.0):
        pass


def test_the_embedded_engine_asks_nothing_of_the_database(
    settings: Any, tmp_path: Path, django_assert_num_queries: Any
) -> None:
    settings.GONGKAI_SEARCH_URL = ""
    with django_assert_num_queries(0), writing(tmp_path):
        pass
