"""Fixtures of the fault and concurrency tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.installation import Installation, copy_of, new_installation, remove


@pytest.fixture(scope="package")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation with one body, its clerk, reviewers and signer; made once, copied for each test."""
    made = new_installation(tmp_path_factory.mktemp("template") / "data")
    made.work("staff")
    yield made
    remove(made)


@pytest.fixture
def install(template: Installation, tmp_path: Path) -> Iterator[Callable[..., Installation]]:
    """Makes a copy of the template, or of the installation given, at each call; all of them are removed at the end."""
    made: list[Installation] = []

    def fresh(like: Installation = template) -> Installation:
        made.append(copy_of(like, tmp_path / f"data{len(made)}"))
        return made[-1]

    yield fresh
    for installation in made:
        remove(installation)


@pytest.fixture
def installation(install: Callable[..., Installation]) -> Installation:
    """One fresh installation."""
    return install()
