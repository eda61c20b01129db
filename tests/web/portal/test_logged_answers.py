"""依申请公开答复选登: read without the applicant, found before one applies, and nothing is there before its day."""

import re
from datetime import date

import pytest
from django.test import Client

from gongkai.foi import answer_log, search_first
from gongkai.foi.models import LoggedAnswer
from tests.foi.makers import Desk, on
from tests.web.portal.request_pages import APPLY, filled, opened

pytestmark = pytest.mark.django_db
LOG = "/information-requests/answers/"
DAY = date(2026, 3, 2)


@pytest.fixture
def client():
    return Client()


@pytest.fixture
def desk():
    return Desk()


def test_an_answer_is_listed_and_read_and_says_nothing_of_who_asked(client, desk):
    desk.logged(DAY, "小学学区划分方案\n2025年秋季学期", "方案已经公开，共涉及28所小学。")
    answer = LoggedAnswer.objects.get()
    text = client.get(LOG).content.decode()
    assert "小学学区划分方案" in text and desk.body.short_name in text and "2026-03-02" in text
    page = client.get(f"{LOG}{answer.pk}/").content.decode()
    assert "2025年秋季学期" in page and "共涉及28所小学" in page and "予以公开" in page
    case = answer.case
    for hidden in (case.applicant.name, case.applicant.phone, case.submission.tracking_number, case.number):
        assert hidden not in text and hidden not in page


def test_nothing_is_public_before_its_day(client, desk):
    desk.logged(DAY, "小学学区划分方案", "方案已经公开。")
    LoggedAnswer.objects.update(public_from=date(2026, 3, 30))
    answer = LoggedAnswer.objects.get()
    with on(date(2026, 3, 29)):
        assert "小学学区划分方案" not in client.get(LOG).content.decode()
        assert client.get(f"{LOG}{answer.pk}/").status_code == 404
        assert search_first.answers("学区划分方案", None) == []
    with on(date(2026, 3, 30)):
        assert client.get(f"{LOG}{answer.pk}/").status_code == 200


def test_words_and_body_narrow_the_list(client, desk):
    other = Desk()
    desk.logged(DAY, "小学学区划分方案", "方案已经公开。")
    other.logged(DAY, "农村公路施工图", "由交通部门保存。")
    found = client.get(LOG, {"q": "学区 公开"}).content.decode()
    assert "小学学区划分方案" in found and "农村公路施工图" not in found
    assert "没有查到含有这些词的答复" in client.get(LOG, {"q": "学区 公路"}).content.decode()
    of_body = client.get(LOG, {"organisation": other.body.code}).content.decode()
    assert "农村公路施工图" in of_body and "小学学区划分方案" not in of_body


def test_past_answers_come_first_when_somebody_is_about_to_ask_the_same(client, desk, monkeypatch):
    desk.logged(DAY, "2025年城区小学学区划分方案", "方案已经公开。")
    answer = LoggedAnswer.objects.get()
    page = opened(client, monkeypatch)
    looked = client.post(APPLY, filled(page, desk.body, title="城区小学学区划分", step="look")).content.decode()
    assert "以往答复" in looked and "2025年城区小学学区划分方案" in looked
    address = re.search(r'href="([^"]*/opened/[^"]*)"', looked)[1]
    assert client.get(address)["Location"] == f"{LOG}{answer.pk}/"


def test_one_common_word_is_not_enough_to_be_shown(desk):
    desk.logged(DAY, "农村公路施工图设计文件", "由交通部门保存。")
    assert answer_log.matching("义务教育学区划分方案设计") == []
    assert len(answer_log.matching("农村公路施工图")) == 1


def test_capitals_make_no_difference(client, desk):
    desk.logged(DAY, "ETC收费站建设方案", "方案已经公开。")
    assert "收费站" in client.get(LOG, {"q": "etc"}).content.decode()
    assert len(answer_log.matching("etc收费站")) == 1


@pytest.mark.parametrize(
    ("question", "short"), [("一行", "一行"), ("第一行\n第二行", "第一行"), ("字" * 61, "字" * 59 + "…")]
)
def test_a_question_is_shortened_to_a_title(question, short):
    assert answer_log.shorten(question) == short
