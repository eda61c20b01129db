"""依申请公开统计 in the office: whose figures, of which day, each number with its cases, and files to take away."""

import io
import re
from datetime import date
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.foi.models import Case, SearchFirst
from gongkai.rules import request_table as rt
from gongkai.rules.access import Role
from tests import factories
from tests.foi.makers import Desk, on
from tests.foi.test_figures import case

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def template(desk) -> Case:
    return desk.online()


def signed_in(body, *roles) -> Client:
    client = Client()
    client.force_login(factories.member(body, *roles))
    return client


def get(client: Client, name: str = "office:case-figures", **question: object) -> str:
    with on(date(2026, 3, 1)):
        return client.get(reverse(name), question).content.decode()


def test_each_number_leads_to_exactly_its_cases(desk, template):
    case(template, date(2025, 3, 3), date(2025, 3, 10), "disclosed", number="2025年第1号")
    case(template, date(2025, 3, 3), category="charity", number="2025年第2号")
    case(template, date(2024, 12, 30), date(2025, 1, 15), "partially_disclosed", number="2024年第9号")
    client = signed_in(desk.body, Role.CLERK)
    page = get(client, year=2025)
    assert "勾稽关系全部相符" in page
    links = re.findall(r'href="([^"]+figures/cases/[^"]+)" aria-label="[^"]*：(\d+) 件"', page)
    assert links
    for address, number in links:
        with on(date(2026, 3, 1)):
            listed = client.get(unescape(address)).content.decode()
        assert listed.count('<th scope="row">') == int(number), address


def test_a_body_sees_its_own_cases_only_and_another_is_not_there(desk, template):
    stranger = factories.body("外单位")
    case(template, date(2025, 3, 3), number="2025年第1号")
    page = get(signed_in(stranger, Role.HEAD), "office:figure-cases", year=2025, row="r01")
    assert "没有对应的办件" in page
    client = signed_in(stranger, Role.HEAD)
    for name in ("office:case-figures", "office:figure-cases"):
        assert client.get(reverse(name), {"organisation": desk.body.pk}).status_code == 404
    assert (
        client.get(reverse("office:case-figures-export", args=["csv"]), {"organisation": desk.body.pk}).status_code
        == 404
    )


def test_the_district_office_sees_all_and_one_body_by_itself(desk, template):
    other = factories.body()
    case(
        template,
        date(2025, 3, 3),
        date(2025, 3, 10),
        "disclosed",
        timely_on=date(2025, 3, 10),
        due_on=date(2025, 3, 31),
    )
    case(template, date(2025, 3, 3), organisation_id=other.pk)
    client = signed_in(factories.body(kind="district_government"), Role.DISTRICT_OFFICE)
    whole, one = get(client, year=2025), get(client, year=2025, organisation=other.pk)
    assert "全区2025年" in whole and f"{other.name}2025年" in one
    first = rt.rows()[0].full_label
    assert f"{first}，总计：2 件" in whole and f"{first}，总计：1 件" in one
    assert "按期率 100.0%" in whole


PROBLEMS = [
    ({"year": "1999"}, "年份应当在", "before the law"),
    ({"year": "明年"}, "年份应当在", "no year"),
    ({"year": "2025", "as_of": "2024-12-31"}, "早于2025年", "a day before the year"),
    ({"year": "2025", "as_of": "31.12.2025"}, "应当写成 2026-01-29 的形式", "another form"),
    ({"year": "2026", "as_of": "2026-03-02"}, "晚于今天", "tomorrow"),
]


@pytest.mark.parametrize(("question", "message", "reason"), PROBLEMS, ids=[row[2] for row in PROBLEMS])
def test_a_question_that_cannot_be_is_told_in_words(desk, question, message, reason):
    with on(date(2026, 3, 1)):
        answer = signed_in(desk.body, Role.CLERK).get(reverse("office:case-figures"), question)
    assert (answer.status_code, message in answer.content.decode()) == (422, True), reason


def test_the_figures_are_taken_away_as_tables(desk, template):
    from openpyxl import load_workbook

    case(template, date(2025, 3, 3), date(2025, 3, 10), "disclosed")
    client = signed_in(desk.body, Role.CLERK)
    csv = client.get(reverse("office:case-figures-export", args=["csv"]), {"year": 2025}).content.decode("utf-8-sig")
    assert "（一）　予以公开,1,0,0,0,0,0,1" in csv
    book = client.get(reverse("office:case-figures-export", args=["xlsx"]), {"year": 2025}).content
    sheet = load_workbook(io.BytesIO(book)).worksheets[0]
    assert [cell.value for cell in sheet[4]] == ["（一）　予以公开", "1", "0", "0", "0", "0", "0", "1"]
    assert client.get("/office/cases/figures.pdf").status_code == 404


def test_the_figures_are_taken_away_as_a_word_document(desk, template):
    from docx import Document

    case(template, date(2025, 3, 3), date(2025, 3, 10), "disclosed")
    content = (
        signed_in(desk.body, Role.CLERK)
        .get(reverse("office:case-figures-export", args=["docx"]), {"year": 2025})
        .content
    )
    three, four = Document(io.BytesIO(content)).tables
    assert [cell.text.strip() for cell in three.rows[3].cells] == [
        "（一）　予以公开",
        "1",
        "0",
        "0",
        "0",
        "0",
        "0",
        "1",
    ]
    assert (len(three.rows), len(four.rows)) == (26, 4)


def test_the_district_sees_how_often_what_is_public_spared_an_application(desk):
    SearchFirst.objects.create(day=date(2026, 2, 3), shown=5, opened=4, opened_not_submitted=3, submitted=1)
    SearchFirst.objects.create(day=date(2026, 3, 3), shown=2, opened=0, opened_not_submitted=0, submitted=2)
    SearchFirst.objects.create(day=date(2025, 3, 3), shown=100, opened=100, opened_not_submitted=100, submitted=0)
    with on(date(2026, 3, 31)):
        page = signed_in(desk.body, Role.DISTRICT_OFFICE).get(reverse("office:search-first")).content.decode()
        assert "提示了 7 份表单，其中 4 份打开" in page and "3 份，占打开的 75.0%" in page
        assert page.index("3月") < page.index("2月")
        assert signed_in(desk.body, Role.CLERK).get(reverse("office:search-first")).status_code == 403
