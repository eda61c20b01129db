"""Fixtures of all tests, and the rule that a full run must not skip."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings

# How long an example takes hangs on what else the machine does; speed is measured by `make bench` alone.
hypothesis_settings.register_profile("gongkai", deadline=None)
hypothesis_settings.load_profile("gongkai")

ROOT = Path(__file__).resolve().parent.parent
MUST_NOT_SKIP = os.environ.get("GONGKAI_TEST_EVERYTHING") == "1"
"""Set where everything is installed (CI): there a skipped test is a failed one."""


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real material beside the project; tests that need it skip loudly where it is absent."""
    path = Path(os.environ.get("GONGKAI_SHARED_DATA") or ROOT.parent / "shared" / "data")
    if not path.is_dir():
        pytest.skip(f"NO REAL MATERIAL: {path} is absent, so this test on real documents did not run")
    return path


@pytest.fixture(scope="session")
def opensearch() -> Iterator[Any]:
    """A cluster of two real nodes (`tests.search.opensearch_nodes.Cluster`); whoever kills one starts it again.

    A test that uses it belongs to the group ``opensearch`` of xdist, so that one worker alone starts the nodes.
    """
    from tests.search import opensearch_nodes

    cluster = opensearch_nodes.Cluster(opensearch_nodes.home())
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.close()


@pytest.fixture
def kept_connection(db) -> Iterator[None]:
    """For tests that call the WSGI application as a server does: each request of a server tidies up old connections, but the
    test's own, in which its data lies, has to stay."""
    from django.core.signals import request_finished, request_started
    from django.db import close_old_connections

    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture(autouse=True)
def _clean_process_memory(settings, monkeypatch) -> Iterator[None]:
    """Each test starts without what the process remembers: cached pages, the generation, the dictionaries, that search failed.

    The generation is then remembered for the whole test: after half a second, as in the product, a slow machine would ask for it
    once more, and how many queries a page costs would hang on the machine.
    """
    from django.core.cache import cache

    from gongkai.audit import generation
    from gongkai.calendars import selectors as calendars
    from gongkai.search import dictionaries, service
    from gongkai.text import segment

    cache.clear()
    generation.forget()
    dictionaries.forget()
    calendars.forget()
    service.forget_trouble()
    monkeypatch.setattr(generation, "REMEMBER_SECONDS", 600)
    yield
    generation.forget()
    dictionaries.forget()
    calendars.forget()
    segment.use(None)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Tests of one group of xdist share a browser, a cluster or a directory: without groups each worker would start its own."""
    if getattr(config.option, "loadgroup", False):
        lost = [item.nodeid for item in items if item.get_closest_marker("xdist_group") and "@" not in item.nodeid]
        if lost:
            raise pytest.UsageError(f"pytest and pytest-xdist do not fit: {lost[0]} has lost its group")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Where everything is installed, turn a skip into a failure: what does not run proves nothing."""
    outcome = yield
    report = outcome.get_result()
    if MUST_NOT_SKIP and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be skipped: {report.longrepr}"
