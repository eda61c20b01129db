"""Fixtures of all tests, and the rule that a full run must not skip."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

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


@pytest.fixture(autouse=True)
def _clean_process_memory(settings) -> Iterator[None]:
    """Each test starts without what the process remembers: cached pages, the generation, the open index."""
    from django.core.cache import cache

    from gongkai.audit import generation

    cache.clear()
    generation.forget()
    yield
    generation.forget()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Where everything is installed, turn a skip into a failure: what does not run proves nothing."""
    outcome = yield
    report = outcome.get_result()
    if MUST_NOT_SKIP and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be skipped: {report.longrepr}"
