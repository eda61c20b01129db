"""期限计算 on the portal: the last day, every day, and sentences for what cannot be; nothing is kept."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
ADDRESS = "/information-requests/period/"


def page(query: str) -> str:
    answer = Client().get(f"{ADDRESS}?{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_last_day_is_told_with_every_day_before_it():
    shown = page("received=2024-09-25")
    assert "<strong>2024年10月28日</strong>" in shown
    assert "调休上班" in shown
    assert shown.count("不计入</td>") == 13
    assert "国办发明电〔2023〕7号" in shown


def test_consultations_that_overlap_are_a_union_and_one_under_way_leaves_it_open():
    query = "received=2026-03-02&sent=2026-03-05&ended=2026-03-20&sent_again=2026-03-10&ended_again=2026-03-26"
    assert "<strong>2026年4月21日</strong>" in page(query)
    assert "征求意见尚未结束，期限暂不能确定" in page("received=2026-03-02&sent=2026-03-05")


def test_a_year_without_notice_is_said_to_be_provisional():
    assert "暂定：所涉年份的放假安排尚未公布" in page("received=2026-12-15")


WRONG = [
    ("received=", "请填写收到申请之日", "nothing"),
    ("received=2026-02-30", "请填写日期，格式为", "no such day"),
    ("received=1999-01-01", "自2008年5月1日起施行", "before there was a law"),
    ("received=2026-03-02&sent=2016-03-05", "相差五年以上", "a mistyped year"),
    ("received=2026-03-02&ended=2026-03-05", "请同时填写征求意见书发出之日", "an end without a beginning"),
    ("received=2026-03-02&sent=2026-03-05&ended=2026-03-01", "早于发出日期", "ends before it begins"),
    ("received=2026-03-02&extend=21", "1 至 20 个工作日", "too long an extension"),
    ("received=2026-03-02&extend=x", "请填写整数", "no number"),
]


@pytest.mark.parametrize(("query", "message", "why"), WRONG, ids=[row[2] for row in WRONG])
def test_what_cannot_be_is_told_at_its_field(query, message, why):
    shown = page(query)
    assert message in shown, why
    assert "逐日推算" not in shown
