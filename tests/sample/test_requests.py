"""The requests of the sample district: made by the product's own events, in every state, none of them real."""

from collections import Counter
from datetime import date

import pytest

from gongkai.foi import chain
from gongkai.foi.models import Case
from gongkai.foi.recording import rebuild
from gongkai.sample.content.requests import REQUESTS
from gongkai.sample.load import load_bodies, load_people
from gongkai.sample.requests import load_requests
from tests.foi.makers import on

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("day", [date(2026, 11, 26), date(2026, 2, 20)], ids=["working day", "in the Spring Festival"])
def test_the_requests_load_on_any_day_and_stand_in_every_state(day):
    load_bodies()
    load_people()
    with on(day):
        assert load_requests(day) == len(REQUESTS) == Case.objects.count()
        states = Counter(Case.objects.values_list("state", flat=True))
        assert set(states) >= {
            "awaiting_confirmation", "in_progress", "awaiting_correction", "awaiting_review", "awaiting_sign_off", "awaiting_service",
            "closed", "withdrawn",
        }  # fmt: skip
        for case in Case.objects.all():
            assert chain.broken_at(case.events.order_by("seq"), case.last_seq) is None
        assert rebuild() == 0
        assert Case.objects.filter(due_on__lt=day, closed_on=None).count() == 1, (
            "one is late, so that the light is seen"
        )
