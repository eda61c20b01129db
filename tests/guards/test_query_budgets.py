"""The standing guard of speed: a page costs the same number of queries with 5 rows and with 60, and never more than its budget.

Every address that can be asked for without naming an object must be listed here, as a list with its budget or as no list.
"""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from gongkai.audit import generation
from gongkai.calendars.models import CalendarChange, CalendarYear
from gongkai.disclosure.models import Item
from gongkai.foi.models import Case, IdentityReading, LoggedAnswer, SearchFirst
from gongkai.organisations.models import LoginEvent, Organisation, User
from gongkai.participation.models import Subscription
from gongkai.policies import popularity
from gongkai.review.models import ReviewChain
from gongkai.rules.access import Role
from gongkai.rules.calendar_import import as_data
from gongkai.rules.publication import State
from gongkai.search import SearchQuery
from gongkai.search.indexer import reindex
from gongkai.search_log.models import SearchedText
from gongkai.search_log.popular import compute
from tests import factories
from tests.calendars.makers import year_2027
from tests.foi.makers import Desk
from tests.guards.addresses import addresses
from tests.participation.makers import subscriber

OFFICE_BUDGET, PORTAL_BUDGET = 12, 8
FEW, MANY = 5, 60
MORE = {"office:home": 21}
"""The worklist asks for eleven types of task, each with a query of its own."""

OFFICE_LISTS = {
    "office:home",
    "office:items",
    "office:organisations",
    "office:topics",
    "office:exemplary-interpretations",
    "office:people",
    "office:audit",
    "office:sign-ins",
    "office:people-dormant",
    "office:access",
    "account_sign_ins",
    "office:catalogues",
    "office:search-report",
    "office:search-report-csv",
    "office:popular-searches",
    "office:popularity-ranking",
    "office:policy-groups",
    "office:coverage",
    "office:coverage-csv",
    "office:subscriptions",
    "office:dictionaries",
    "office:review-chains",
    "office:calendars",
    "office:cases",
    "office:cases-csv",
    "office:case-figures",
    "office:figure-cases",
    "office:search-first",
    "office:identity-readings",
    "office:case-overview",
    "office:overview-cases",
    "office:delegations",
    "office:body-loads",
    "office:body-loads-csv",
}
OFFICE_NO_LISTS = {
    "office:item-create",
    "office:topic-create",
    "office:case-create",
    "office:policy-group-create",
    "office:organisation-create",
    "office:person-create",
    "office:vocabularies",
    "office:digest",
    "office:calendar-propose",
    "office:case-settings-own",
}
PORTAL_LISTS = {
    "portal:logged-answers",
    "portal:home",
    "portal:search",
    "portal:popular-searches",
    "portal:popularity-ranking",
    "portal:popularity-formula",
    "portal:topics",
    "portal:exemplary-interpretations",
    "portal:integrated-topic",
    "portal:policy-matching",
    "portal:enterprise-relief",
    "portal:relief-deadlines",
    "portal:policy-library",
    "portal:normative",
    "portal:in-force-register",
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
    "portal:in-force-register-table",
    "portal:disclosure-guide",
    "portal:information-requests",
    "portal:site-map",
    "portal:search-help",
    "portal:period-calculator",
    "portal:request-apply",
    "portal:request-matches",
    "portal:request-tracking",
    "portal:subscriptions",
    "portal:subscription-sent",
    "portal:subscription-new",
    "portal:accessibility",
    "portal:health",
    "portal:suggestions",
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
    generation.forget()
    generation.current()
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
    _cases(body, count)
    for _ in range(count):
        factories.topic(body)
        factories.exemplary(factories.published(body, kind="interpretation"))
        factories.exemplary()
        subscriber(
            f"{Subscription.objects.count()}@example.cn",
            timezone.now(),
            query=SearchQuery(f"第{Subscription.objects.count()}号"),
        )
        member = factories.member(factories.body(parent=body), Role.CLERK)
        ReviewChain.objects.create(organisation=member.memberships.get().organisation, steps=["review"])
        factories.delegation(body, factories.member(body, Role.SIGNER), member)
        User.objects.filter(pk=member.pk).update(date_joined=timezone.now() - timedelta(days=400))
        searched = factories.searched(f"检索词{SearchedText.objects.count()}", networks=5)
        factories.treatment(searched)
        factories.excluded_search(f"排除词{searched.pk}")
    lines = [LoginEvent(user=one, kind="signed_in") for one in User.objects.all() for _ in range(2)]
    LoginEvent.objects.bulk_create(
        [*lines, *(LoginEvent(user=one, kind="failed") for one in members_of(body) for _ in range(count))]
    )
    compute(timezone.now())
    documents = list(Item.objects.filter(kind="policy_document", current__state="published").order_by("pk"))
    for item in documents[::2]:
        factories.read(item)
        factories.policy_group(body, item)
    for item in documents[1::2]:
        factories.excluded_from_popularity(item)
    popularity.compute(timezone.now())
    reindex()


def _cases(body: Organisation, count: int) -> None:
    """`count` received cases of the body, some answered, and as many versions of a year's working days."""
    template = Case.objects.filter(organisation=body).first() or Desk(body).online()
    today = timezone.localdate()
    given = {
        "submission_id": template.submission_id,
        "applicant_id": template.applicant_id,
        "category": "natural",
        "channel": "online",
    }
    days = {"received_on": today, "decided_on": today, "closed_on": today, "timely_on": today, "due_on": today}
    rows = [
        Case(organisation=body, title="示例", state="closed", outcome="disclosed", **given, **days)
        for _ in range(count)
    ]
    Case.objects.bulk_create(rows)
    SearchFirst.objects.bulk_create(
        [SearchFirst(day=today - timedelta(days=number), shown=1) for number in range(count)], ignore_conflicts=True
    )
    LoggedAnswer.objects.bulk_create(
        LoggedAnswer(case=case, organisation=body, question="示例", answer="示例", outcome="disclosed", decided_on=today, public_from=today)
        for case in rows
    )  # fmt: skip
    readings = [
        IdentityReading(
            applicant_id=template.applicant_id,
            case=template,
            organisation=body,
            whose="applicant",
            reader_id=0,
            reason="测试",
        )
        for _ in range(count)
    ]
    IdentityReading.objects.bulk_create(readings)
    last = CalendarYear.objects.count()
    for number in range(last, last + count):
        row = CalendarYear.objects.create(
            year=2027, version=number, title="测试通知", number="1号", published_on=today, days=as_data(year_2027()), digest=str(number),
            proposed_by_id=0, proposed_by_name="测试",
        )  # fmt: skip
        CalendarChange.objects.create(calendar_year=row, what="withdrawn", actor_id=0, actor_name="测试")


def members_of(body: Organisation) -> list[User]:
    """The people of the body itself, with whose eyes the lists are seen."""
    return list(User.objects.filter(memberships__organisation=body).distinct())


def test_every_address_without_an_object_is_listed_as_list_or_as_none():
    known = {
        name for name, address in addresses("office/").items() if not address.arguments and name.startswith("office:")
    }
    posts_only = {"office:paste", "office:items-bulk"}
    assert known - posts_only == OFFICE_LISTS - {"account_sign_ins"} | OFFICE_NO_LISTS
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
    assert {name: many for name, (_, many) in costs.items() if many > MORE.get(name, OFFICE_BUDGET)} == {}


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
