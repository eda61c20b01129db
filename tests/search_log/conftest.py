"""A directory of the test's own, and searches as the web processes write them."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from django.utils import timezone

from gongkai.rules.popular_searches import parameters
from gongkai.search_log.intake import Asked, Intake, Outcome, asked

BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:127.0) Gecko/20100101 Firefox/127.0"

Ask = Callable[..., bool]


@pytest.fixture
def directory(settings, tmp_path: Path) -> Path:
    """Where this test's spool files lie."""
    settings.GONGKAI_DATA_DIR = tmp_path
    return tmp_path / "search_log"


@pytest.fixture
def taker(directory: Path) -> Intake:
    """The intake of one web process."""
    return Intake(directory, parameters())


@pytest.fixture
def ask(taker: Intake) -> Ask:
    """Ask something as a visitor; `at` is when, one second after the other when it is not said."""
    clock = {"now": timezone.now()}

    def one(
        text: str, address: str = "10.0.0.1", *, found: int = 3, agent: str = BROWSER, at: datetime | None = None
    ) -> bool:
        search = asked(text, found)
        assert search is not None
        return taker.take(search, address=address, agent=agent, now=(at or clock["now"]).timestamp())

    return one


def plain(text: str, outcome: Outcome = Outcome.FOUND) -> Asked:
    """A search as it is noted, without judging its words."""
    return Asked(text, outcome)
