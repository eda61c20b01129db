"""The district of the portal's tests, asked by programs."""

import pytest

from gongkai.api import rate
from tests.web.portal.conftest import District, district, index

__all__ = ["District", "district", "index"]


@pytest.fixture(autouse=True)
def _nobody_has_asked_yet():
    rate.requests.clear()
    yield
    rate.requests.clear()
