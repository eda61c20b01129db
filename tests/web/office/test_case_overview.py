"""依申请公开监督: every number with exactly its cases, whose numbers who sees, and the way from a number to a 督办."""

import io
import re
from datetime import date
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gongkai.foi import figures, overview
from gongkai.foi.desk import Days
from gongkai.foi.figures import Span
from gongkai.foi.models import Case, Remedy
from gongkai.rules.access import Role
from gongkai.rules.case_events import CaseEvent as Event
from tests import factories
from tests.foi.makers import Desk, on
from tests.foi.test_figures import case

pytestmark = pytest.mark.django_db
TODAY = date(2026, 4, 1)
SPAN = Span(2026, TODAY)


@pytest.fixture
def desk() -> Desk:
    return Desk(factories.body(name="示例甲局", short_name="甲局", phone="0558-0000000", address="示例路1号"))


@pytest.fixture
def template(desk) -> Case:
    with on(date(2026, 3, 1)):
        return desk.online()


def signed_in(body, *roles: Role) -> Client:
    client = Client()
    client.force_login(factories.member(body, *roles))
    return client


def district() -> Client:
    return signed_in(factories.body(kind="district_government"), Role.DISTRICT_OFFICE)


def get(client: Client, name: str = "office:case-overview", **question: object) -> str:
    with on(TODAY):
        return client.get(reverse(name), question).content.decode()


def furnish(template: Case, **more) -> None:
    """Cases of every kind the overview tells apart; the template itself waits for confirmation."""
    case(template, date(2026, 3, 2), due_on=date(2026, 3, 30), **more)  # overdue
    case(template, date(2026, 3, 3), due_on=date(2026, 4, 1), **more)  # red
    case(template, date(2026, 3, 5), due_on=date(2026, 4, 8), **more)  # amber
    case(template, date(2026, 3, 25), due_on=date(2026, 4, 24), **more)  # green
    case(template, date(2026, 3, 9), **more)  # the clock stands still
    case(
        template,
        date(2026, 1, 5),
        date(2026, 1, 8),
        "disclosed",
        due_on=date(2026, 2, 2),
        timely_on=date(2026, 1, 8),
        **more,
    )
    case(
        template,
        date(2025, 12, 1),
        date(2026, 1, 9),
        "not_held",
        due_on=date(2025, 12, 29),
        timely_on=date(2026, 1, 9),
        **more,
    )
    old = case(
        template,
        date(2024, 5, 6),
        date(2024, 5, 8),
        "internal_affairs",
        due_on=date(2024, 6, 3),
        timely_on=date(2024, 5, 8),
        **more,
    )
    for result in ("corrected", ""):
        Remedy.objects.create(
            case=old, kind="reconsideration", authority="示例机关", filed_on=date(2025, 12, 1), result=result,
            result_on=date(2026, 2, 2) if result else None,
        )  # fmt: skip
    case(template, date(2026, 3, 2), state="void", **more)


EXPECTED = {
    "confirming": 1, "received": 6, "running": 5, "overdue": 1, "red": 1, "amber": 1, "green": 1, "stopped": 1, "answered": 2, "late": 1,
    "disclosed": 1, "unavailable": 1, "reconsideration": 1, "put_right": 1,
}  # fmt: skip


def test_each_case_is_counted_where_it_belongs_and_a_void_one_nowhere(template):
    furnish(template)
    with on(TODAY):
        whole, by_body = overview.standings(SPAN, Days.of(TODAY))
    assert dict(whole.counts) == EXPECTED
    assert by_body[template.organisation_id].counts == whole.counts


def test_what_is_late_is_what_the_statistics_do_not_count_as_in_time(template):
    furnish(template)
    with on(TODAY):
        whole, _ = overview.standings(SPAN, Days.of(TODAY))
    assert whole.counts["answered"] - whole.counts["late"] == whole.promptness.in_time == 1
    assert whole.promptness.mean_days == pytest.approx((2 + 28) / 2, abs=1.5), "3 and some 28 working days"


def test_the_outcomes_add_up_to_what_the_annual_report_counts_as_handled(template):
    furnish(template)
    with on(TODAY):
        whole, _ = overview.standings(SPAN, Days.of(TODAY))
        measures = overview.measures(SPAN, Days.of(TODAY))
    handled = figures.table(SPAN).cell("r24", "total")
    assert sum(whole.counts[code] for code, one in measures.items() if one.group == "本年办理结果") == handled == 2
    assert whole.counts["received"] == figures.table(SPAN).cell("r01", "total")


def test_extended_and_corrected_come_from_what_happened(desk):
    with on(date(2026, 3, 2)):
        corrected = desk.registered(date(2026, 3, 2))
        extended = desk.registered(date(2026, 3, 2))
        desk.do(
            corrected, Event.SEND_CORRECTION_NOTICE, items="请写明名称", guidance="请写明年度", reply_by="2026-03-23"
        )
        desk.do(extended, Event.REQUEST_EXTENSION, days=10, reason="需要检索多个部门的档案")
        desk.do(extended, Event.APPROVE_EXTENSION, by=desk.head)
        desk.do(extended, Event.SERVE_EXTENSION, way="online", proof="示例凭证")
    with on(TODAY):
        every = overview.measures(SPAN, Days.of(TODAY))
        assert list(overview.cases_of(every["corrected"])) == [corrected]
        assert list(overview.cases_of(every["extended"])) == [extended]
        assert overview.standings(SPAN, Days.of(TODAY))[0].counts["extended"] == 1


def test_each_number_leads_to_exactly_its_cases(desk, template):
    furnish(template)
    furnish(template, organisation_id=factories.body(short_name="乙局").pk)
    client = district()
    page = get(client)
    links = re.findall(r'href="([^"]+overview/cases/[^"]+)" aria-label="[^"]*：(\d+) 件"', page)
    assert len(links) == len(EXPECTED) * 3 - 1, "two bodies and both together; only one waits for confirmation"
    for address, number in links:
        with on(TODAY):
            listed = client.get(unescape(address)).content.decode()
        assert listed.count('<th scope="row">') == int(number), address


def test_the_head_sees_his_body_and_another_is_not_there(desk, template):
    other = factories.body(short_name="乙局")
    furnish(template)
    furnish(template, organisation_id=other.pk)
    client = signed_in(desk.body, Role.HEAD)
    assert "乙局" not in get(client)
    assert get(client, "office:overview-cases", measure="overdue").count('<th scope="row">') == 1
    for name in ("office:case-overview", "office:overview-cases"):
        assert client.get(reverse(name), {"organisation": other.pk}).status_code == 404


@pytest.mark.parametrize("role", [Role.CLERK, Role.SIGNER, Role.ADMINISTRATOR])
def test_others_see_nothing(desk, role):
    client = signed_in(desk.body, role)
    assert client.get(reverse("office:case-overview")).status_code == 403
    assert reverse("office:case-overview") not in client.get(reverse("office:cases")).content.decode()


def test_the_case_list_leads_there(desk):
    assert reverse("office:case-overview") in get(signed_in(desk.body, Role.HEAD), "office:cases")


def test_from_a_number_to_the_form_that_urges(desk, template):
    with on(date(2026, 3, 2)):
        late = desk.registered(date(2026, 3, 2))
    client = district()
    listed = get(client, "office:overview-cases", measure="overdue")
    address = re.search(r'href="([^"]+do=supervise#do-supervise)"', listed)
    assert address, "the district office urges from the list"
    with on(TODAY):
        page = client.get(unescape(address[1])).content.decode()
    assert '<details class="offer" id="do-supervise" open>' in page
    assert f"/cases/{late.pk}/do/supervise/" in page
    own = get(signed_in(desk.body, Role.HEAD), "office:overview-cases", measure="overdue")
    assert "do=supervise" not in own, "a head does not urge himself"


def test_another_year_has_its_own_cases_and_today_stays_today(desk, template):
    furnish(template)
    page = get(district(), year=2024)
    links = dict(re.findall(r'measure=(\w+)[^"]*" aria-label="[^"]*：(\d+) 件"', page.replace("&amp;", "&")))
    assert (links["received"], links["withheld"], links["overdue"]) == ("1", "1", "1")
    refused = get(district(), year=1999)
    assert "年份应当在 2008 至 2026 之间" in refused


def test_the_workbook_says_what_the_page_says(desk, template):
    from openpyxl import load_workbook

    furnish(template)
    client = district()
    with on(TODAY):
        answer = client.get(reverse("office:case-overview-export", args=["xlsx"]), {"year": 2026})
        assert client.get(reverse("office:case-overview-export", args=["docx"])).status_code == 404
    rows = list(load_workbook(io.BytesIO(answer.content))["依申请公开监督"].values)
    assert [row[0] for row in rows] == ["单位", "示例甲局", "合计"]
    told = dict(zip(rows[0], rows[1], strict=True))
    assert (told["当前在办：已逾期"], told["本年答复：逾期答复"], told["救济：结果纠正"]) == ("1", "1", "1")
    assert rows[1][1:] == rows[2][1:]


def test_the_number_of_queries_does_not_grow_with_the_bodies(desk, template):
    client = district()

    def queries() -> int:
        get(client)
        with CaptureQueriesContext(connection) as captured:
            get(client)
        return len(captured)

    furnish(template)
    few = queries()
    for number in range(20):
        furnish(template, organisation_id=factories.body(short_name=f"第{number}局").pk)
    assert queries() == few <= 12
