"""解读覆盖: the report against a recount by plain SQL and by the rule of validity, on a register of several bodies."""

import csv
import io
from datetime import date, timedelta
from itertools import cycle

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests import factories

from gongkai.disclosure import actions
from gongkai.disclosure.models import Item
from gongkai.policies import coverage
from gongkai.policies.validity import validity_of
from gongkai.rules.access import Role
from gongkai.rules.relations import RelationKind

pytestmark = pytest.mark.django_db
EACH = 24
EXPLAINED = {"interpretation_note": "应急事项，解读在十日内发布"}


def _interpret(document, *others, withdrawn=False):
    made = factories.published(document.organisation, kind="interpretation")
    for one in (document, *others):
        factories.relation(made, RelationKind.INTERPRETS, one)
    if withdrawn:
        actions.withdraw(
            actor=factories.actor(document.organisation, Role.HEAD),
            item_id=made.pk,
            reason="published_in_error",
            note="错误",
        )


@pytest.fixture
def register():
    """Three bodies with documents of every sort: old, repealed, expired, amended, not normative, interpreted in every way."""
    today = timezone.localdate()
    bodies = [factories.body() for _ in range(3)]
    for number, body in enumerate(bodies):
        made = factories.published_many(body, EACH + number, normative=True, document_date=date(2018, 1, 1))
        for one, what in zip(made, cycle(range(8)), strict=False):
            match what:
                case 0:
                    _interpret(one)
                case 1:
                    _interpret(one, made[7])
                case 2:
                    _interpret(one, withdrawn=True)
                case 3:
                    act = factories.published(body)
                    factories.relation(act, RelationKind.REPEALS, one, today)
                    _interpret(one)
                case 4:
                    act = factories.published(body)
                    factories.relation(act, RelationKind.REPLACES, one, today + timedelta(days=1))
                case 5:
                    act = factories.published(body)
                    factories.relation(act, RelationKind.AMENDS, one, today)
                case 6:
                    factories.relation(
                        factories.published(body, document_date=today), RelationKind.DECLARES_INVALID, one
                    )
        for dates in (
            {"document_date": date(2017, 12, 31)},
            {"expires_on": today - timedelta(days=1)},
            {"expires_on": today},
            {"effective_from": today + timedelta(days=1)},
        ):
            factories.published(body, normative=True, life=EXPLAINED, **{"document_date": date(2020, 1, 1), **dates})
        factories.published(body, normative=False, document_date=date(2020, 1, 1))
        factories.published(body, kind="notice", normative=True, document_date=date(2020, 1, 1))
        said = factories.published_many(
            body, 3 + number, normative=True, document_date=date(2021, 1, 1), life=EXPLAINED
        )
        _interpret(said[0])
        _interpret(said[1], withdrawn=True)
    return bodies


def _recount(body):
    """(document, interpretations, of these with no other document, explanation) of each document, by plain SQL over documents whose validity the rule computed one by one."""
    ids = [pk for pk, validity in validity_of(Item.objects.values_list("pk", flat=True)).items() if validity.valid]
    marks = ",".join(map(str, ids))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT i.id,
              (SELECT count(*) FROM disclosure_relation r JOIN disclosure_item s ON s.id = r.source_id
                 JOIN disclosure_edition x ON x.id = s.current_id
                WHERE r.target_id = i.id AND r.kind = 'interprets' AND x.state = 'published'),
              (SELECT count(*) FROM disclosure_relation r JOIN disclosure_item s ON s.id = r.source_id
                 JOIN disclosure_edition x ON x.id = s.current_id
                WHERE r.target_id = i.id AND r.kind = 'interprets' AND x.state = 'published'
                  AND (SELECT count(*) FROM disclosure_relation o WHERE o.source_id = r.source_id AND o.kind = 'interprets') = 1),
              e.interpretation_note
            FROM disclosure_item i JOIN disclosure_edition e ON e.id = i.current_id
            WHERE i.organisation_id = %s AND i.kind = 'policy_document' AND e.normative AND e.state = 'published'
              AND e.document_date >= '2018-01-01' AND i.id IN ({marks})
            """,
            [body.pk],
        )
        return cursor.fetchall()


def test_every_count_equals_the_recount_by_plain_sql(register):
    lines = coverage.coverage(register, timezone.localdate())
    for line in lines:
        rows = _recount(line.organisation)
        interpreted, own = sum(any_ > 0 for _, any_, _, _ in rows), sum(own > 0 for _, _, own, _ in rows)
        explained = sum(not any_ and note != "" for _, any_, _, note in rows)
        assert (line.documents, line.interpreted, line.one_to_one) == (len(rows), interpreted, own)
        assert line.explained == explained
        assert 0 < line.one_to_one < line.interpreted < line.documents, "the register has every sort"
        assert 0 < line.explained < line.uninterpreted and any(any_ and note for _, any_, _, note in rows)
        bare = coverage.uninterpreted(line.organisation.pk, timezone.localdate())
        told = {row["item_id"]: row["interpretation_note"] for row in bare}
        assert told == {pk: note for pk, any_, _, note in rows if not any_}
    both = coverage.total(lines)
    for figure in ("documents", "one_to_one", "explained"):
        assert getattr(both, figure) == sum(getattr(line, figure) for line in lines), figure


def test_the_counts_cost_one_query(register):
    with CaptureQueriesContext(connection) as captured:
        coverage.coverage(register, timezone.localdate())
    assert len(captured) == 1


def test_the_list_says_what_was_explained_at_the_signature(register):
    client = Client()
    client.force_login(factories.member(register[0], Role.CLERK))
    page = client.get(reverse("office:body-coverage", args=[register[0].pk])).content.decode()
    figures = coverage.coverage([register[0]], timezone.localdate())[0]
    assert page.count(f'<td data-label="未同步解读的说明">{EXPLAINED["interpretation_note"]}</td>') == figures.explained
    assert f"其中已说明原因 {figures.explained} 件" in page


def test_the_district_office_sees_all_bodies_and_a_clerk_his_own(register):
    own, *others = register
    office, clerk = Client(), Client()
    office.force_login(factories.member(factories.body(), Role.DISTRICT_OFFICE))
    clerk.force_login(factories.member(own, Role.CLERK))
    address = reverse("office:coverage")
    everything, his = (client.get(address).content.decode() for client in (office, clerk))
    assert all(body.name in everything for body in register) and "合计" in everything
    assert own.name in his and not any(body.name in his for body in others)
    listed = reverse("office:body-coverage", args=[others[0].pk])
    assert office.get(listed).status_code == 200 and clerk.get(listed).status_code == 404


def test_the_table_for_spreadsheets_has_the_same_figures(register):
    client = Client()
    client.force_login(factories.member(factories.body(), Role.DISTRICT_OFFICE))
    text = b"".join(client.get(reverse("office:coverage-csv"))).decode("utf-8-sig")
    rows = {row["单位"]: row for row in csv.DictReader(io.StringIO(text))}
    for line in coverage.coverage(register, timezone.localdate()):
        row = rows[line.organisation.name]
        assert (int(row["现行有效规范性文件"]), int(row["未配解读"])) == (line.documents, line.uninterpreted)
        assert int(row["其中已说明"]) == line.explained
        assert row["一一对应率"] == f"{line.one_to_one / line.documents:.1%}"


def test_the_pages_cost_the_same_whatever_the_rows(register):
    client = Client()
    client.force_login(factories.member(factories.body(), Role.DISTRICT_OFFICE))
    addresses = [reverse("office:coverage"), reverse("office:body-coverage", args=[register[0].pk])]
    costs = []
    for _ in range(2):
        for address in addresses:
            client.get(address)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200
            costs.append(len(captured))
        factories.published_many(register[0], 60, normative=True)
    assert costs[:2] == costs[2:] and max(costs) <= 12
