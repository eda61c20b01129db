"""Validity of documents in the register follows from dates and acts, whoever published them and whenever one looks."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests import factories

from gongkai.disclosure import actions
from gongkai.policies.validity import changing_between, validity_of
from gongkai.rules.access import Role
from gongkai.rules.relations import RelationKind
from gongkai.rules.vocabulary import vocabulary

pytestmark = pytest.mark.django_db


def status(item, on=None):
    return validity_of([item.pk], on=on)[item.pk].status.value


def test_the_dates_alone_decide_when_nothing_was_done_to_it():
    item = factories.published(factories.body(), effective_from=date(2026, 1, 1), expires_on=date(2026, 12, 31))
    days = {
        date(2025, 12, 31): "not_yet_effective",
        date(2026, 1, 1): "in_force",
        date(2026, 12, 31): "in_force",
        date(2027, 1, 1): "expired",
    }
    assert {day: status(item, day) for day in days} == days


ACTS = [
    (RelationKind.AMENDS, "amended", "an amendment leaves it valid, marked"),
    (RelationKind.REPEALS, "repealed", "a repeal ends it"),
    (RelationKind.REPLACES, "repealed", "a replacement ends it"),
    (RelationKind.DECLARES_INVALID, "declared_invalid", "a clean-up ends it"),
]


@pytest.mark.parametrize(("kind", "expected", "reason"), ACTS, ids=[row[2] for row in ACTS])
def test_an_act_counts_from_its_day_and_names_the_document_that_did_it(kind, expected, reason):
    body = factories.body()
    old, new = factories.published(body, effective_from=date(2020, 1, 1)), factories.published(body)
    factories.relation(new, kind, old, on=date(2026, 5, 1))
    assert status(old, date(2026, 4, 30)) == "in_force"
    assert status(old, date(2026, 5, 1)) == expected, reason
    assert new.current.document_number in validity_of([old.pk], on=date(2026, 5, 1))[old.pk].explanation


def test_a_draft_repeals_nothing_until_it_is_published_and_nothing_more_once_withdrawn():
    body = factories.body()
    clerk, reviewer, signer = (factories.actor(body, role) for role in (Role.CLERK, Role.REVIEWER, Role.SIGNER))
    old = factories.published(body, effective_from=date(2020, 1, 1))
    new = actions.create_item(actor=clerk, organisation_id=body.pk, kind="policy_document", values=factories.values())
    actions.relate(
        actor=clerk, source_id=new.pk, target_id=old.pk, kind=RelationKind.REPEALS, effective_on=date(2026, 1, 1)
    )
    assert status(old) == "in_force"
    actions.submit(actor=clerk, item_id=new.pk)
    actions.approve(actor=reviewer, item_id=new.pk, secrecy_basis="可以公开")
    actions.sign(actor=signer, item_id=new.pk)
    assert status(old) == "repealed"
    actions.withdraw(actor=reviewer, item_id=new.pk, reason=vocabulary("withdrawal_reasons").terms[0].code)
    assert status(old) == "in_force"


def test_the_sweep_finds_exactly_what_the_calendar_changes():
    body = factories.body()
    today = timezone.localdate()
    yesterday, tomorrow = today - timedelta(days=1), today + timedelta(days=1)
    starts = factories.published(body, effective_from=today)
    ends = factories.published(body, expires_on=yesterday)
    factories.published(body, effective_from=tomorrow, expires_on=tomorrow)
    factories.published(body)
    repealed, act = factories.published(body, effective_from=date(2020, 1, 1)), factories.published(body)
    factories.relation(act, RelationKind.REPEALS, repealed, on=today)
    assert changing_between(yesterday, today) == sorted([starts.pk, ends.pk, repealed.pk])
    assert changing_between(today, today) == []


def test_two_queries_whatever_the_number_of_documents():
    items = factories.published_many(factories.body(), 30)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert len(validity_of([item.pk for item in items])) == 30
    assert len(captured) == 2
