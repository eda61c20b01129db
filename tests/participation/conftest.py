"""An index of its own for each test, and subscribers."""

import pytest

from gongkai.search.indexer import reindex
from tests import factories


@pytest.fixture
def body(db, settings, tmp_path):
    settings.GONGKAI_DATA_DIR = tmp_path
    made = factories.body("谯城区民政局", code="mzj")
    reindex()
    return made
