"""The standing guard of speed: a page costs the same number of queries with 5 rows and with 60, and never more than its budget.

Every address that can be asked for without naming an object must be listed here, as a list with its budget or as no list.
"""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gongkai.disclosure.models import Item
from gongkai.organisations.models import Organisation
from gongkai.rules.access import Role
from gongkai.rules.publication import State
from gongkai.search.indexer import reindex
from tests import factories
from tests.guards.addresses import addresses

OFFICE_BUDGET, PORTAL_BUDGET = 12, 8
FEW, MANY = 5, 60

OFFICE_LISTS = {
    "office:home",
    "office:items",
    "office:organisations",
    "office:people",
    "office:audit",
    "office:catalogues",
}
OFFICE_NO_LISTS = {"office:item-create", "office:organisation-create", "office:person-create", "office:vocabularies"}
PORTAL_LISTS = {
    "portal:home",
    "portal:search",
    "portal:policy-library",
    "portal:normative",
    "portal:in-force-register",
    "portal:in-force-csv",
    "portal:changes",
    "portal:statutory-content",
    "portal:disclosure-fields",
    "portal:statutory-by-organisation",
    "portal:grassroots",
    "portal:disclosure-rules",
    "portal:annual-reports",
    "portal:organisations",
}
PORTAL_NO_LISTS = {
    "portal:by-number",
    "portal:disclosure-guide",
    "portal:information-requests",
    "portal:site-map",
    "portal:accessibility",
    "portal:health",
    "portal:robots",
}
OBJECT_LISTS = {  # lists that name a body or a row, and what they need to be asked for
    "portal:organisation": "code",
    "portal:body-policies": "code",
    "portal:body-disclosure-rules": "code",
    "portal:body-statutory-content": "code",
    "portal:body-annual-reports": "code",
    "portal:row": "row_id",
    "portal:body-row": "code row_id",
}


@pytest.fixture
def district(db, settings, tmp_path) -> Organisation:
    """A body with its people, with an index of its own that later tests do not see."""
    settings.GONGKAI_DATA_DIR = tmp_path
    settings.GONGKAI_PAGE_CACHE = False
    return factories.body(kind="district_government", code="qzf")


def _client(body: Organisation) -> Client:
    client = Client()
    client.force_login(factories.member(body, *Role))
    return client


def _queries(client: Client, address: str) -> int:
    """Queries of one uncached answer; what a process looks up once and remembers is looked up before."""
    client.get(address)
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
        b"".join(answer)  # a streamed answer asks while it is read
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    return len(captured)


def _fill(body: Organisation, row, count: int) -> None:
    """`count` more of everything a list can show: items in several states, bodies, people."""
    kinds = ("policy_document", "notice", "annual_report", "disclosure_rule")
    for kind in kinds:
        factories.published_many(body, count, kind=kind, rows=[row], normative=kind == "policy_document")
    for state in (State.DRAFT, State.REVIEW, State.SIGN_OFF):
        made = factories.published_many(body, count, kind="notice", state=state)
        Item.objects.filter(pk__in=[item.pk for item in made]).update(state=state.value)
    for _ in range(count):
        factories.member(factories.body(parent=body), Role.CLERK)
    reindex()


def test_every_address_without_an_object_is_listed_as_list_or_as_none():
    known = {
        name for name, address in addresses("office/").items() if not address.arguments and name.startswith("office:")
    }
    posts_only: set[str] = set()
    assert known - posts_only == OFFICE_LISTS | OFFICE_NO_LISTS
    portal = {name for name, address in addresses("").items() if name.startswith("portal:")}
    plain = {name for name in portal if not addresses("")[name].arguments}
    assert plain == PORTAL_LISTS | PORTAL_NO_LISTS
    by_object = {name for name in portal if {"code", "row_id"} & set(addresses("")[name].arguments)}
    not_lists = {"portal:body-disclosure-guide", "portal:body-information-requests"}
    assert by_object == set(OBJECT_LISTS) | not_lists


def test_office_lists_cost_the_same_at_any_length(district):
    row = factories.row("政策文件")
    client = _client(district)
    costs: dict[str, list[int]] = {name: [] for name in sorted(OFFICE_LISTS)}
    for count in (FEW, MANY - FEW):
        _fill(district, row, count)
        for name, measured in costs.items():
            measured.append(_queries(client, reverse(name)))
    print("\n" + "\n".join(f"{name:<24}{few:>4}{many:>4}" for name, (few, many) in costs.items()))
    assert {name: few_many for name, few_many in costs.items() if few_many[1] > few_many[0]} == {}
    assert {name: many for name, (_, many) in costs.items() if many > OFFICE_BUDGET} == {}


def test_portal_lists_cost_the_same_at_any_length(district):
    row = factories.row("政策文件")
    client = Client()
    arguments = {"code": district.code, "row_id": row.pk}
    wanted = {name: reverse(name) for name in sorted(PORTAL_LISTS)}
    for name, needs in OBJECT_LISTS.items():
        wanted[name] = reverse(name, kwargs={need: arguments[need] for need in needs.split()})
    costs: dict[str, list[int]] = {name: [] for name in wanted}
    for count in (FEW, MANY - FEW):
        _fill(district, row, count)
        for name, address in wanted.items():
            costs[name].append(_queries(client, address))
    print("\n" + "\n".join(f"{name:<36}{few:>4}{many:>4}" for name, (few, many) in costs.items()))
    assert {name: few_many for name, few_many in costs.items() if few_many[1] > few_many[0]} == {}
    assert {name: many for name, (_, many) in costs.items() if many > PORTAL_BUDGET} == {}


def test_filters_and_later_pages_cost_no_more_than_the_first(district):
    _fill(district, factories.row(), MANY)
    client = _client(district)
    first = reverse("office:items")
    page = client.get(first)
    place = page.content.decode().split("after=")[1].split('"')[0]
    for query in (f"after={place}", "state=draft", "kind=notice", f"organisation={district.pk}", "q=关于做好"):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"{first}?{query}").status_code == 200
        assert len(captured) <= OFFICE_BUDGET, query
