"""The settings of 依申请公开: each has a question, a default, and the article it rests on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gongkai.rules.request_settings import (
    body_setting_reasons,
    body_settings,
    number_setting,
    request_settings,
    switch_setting,
    text_setting,
)
from gongkai.rules.vocabulary import VocabularyError, data_file, set_override_directory

DEFAULTS = [
    ("consultation_pause_excludes_sending_day", "否"),
    ("consultation_pause_end", "收到意见之日，至迟为其15个工作日期满之日"),
    ("correction_notice_period_pausable", "否"),
    ("split_application_counting", "每一部分各计一件"),
    ("timely_reply_event", "直接送达、委托送达以签收当日，邮寄以交邮当日"),
    ("reason_request_clock_effect", "不停算"),
    ("internal_handling_days", "5 个工作日"),
    ("internal_due_days", "15 个工作日"),
    ("promotion_threshold", "2 件"),
    ("fee_enabled", "否"),
    ("special_rule_remedy", "复议或者诉讼，由申请人选择"),
    ("court_name", "未填写"),
    ("online_reconsideration_channel", "未填写"),
]


@pytest.mark.parametrize(("code", "shown"), DEFAULTS, ids=[row[0] for row in DEFAULTS])
def test_a_setting_shows_its_default_in_chinese(code: str, shown: str) -> None:
    assert request_settings()[code].shown == shown


def test_every_setting_asks_a_question_and_says_what_it_rests_on() -> None:
    for setting in request_settings().values():
        assert re.search(r"[\u4e00-\u9fff]", setting.question), setting.code
        assert setting.note.endswith("。"), setting.code


def test_a_setting_is_read_as_what_it_is_and_not_as_something_else() -> None:
    assert number_setting("promotion_threshold") == 2
    assert switch_setting("fee_enabled") is False
    assert text_setting("superior_government") == "亳州市人民政府"
    for read, code in ((number_setting, "fee_enabled"), (switch_setting, "court_name"), (text_setting, "fee_enabled")):
        with pytest.raises(TypeError):
            read(code)
    with pytest.raises(KeyError):
        text_setting("no_such_setting")


FAULTS = [
    ('default = "served_or_posted"', 'default = "someday"', "choices", "a value that is no choice"),
    ("default = 15", "default = -1", "负数", "a negative number"),
    ("default = 15", "default = 1.5", "不是文字", "half a day"),
    ('code = "court_name"', 'code = "fee_enabled"', "重复", "a code twice"),
]


@pytest.mark.parametrize(("old", "new", "message", "why"), FAULTS, ids=[row[3] for row in FAULTS])
def test_a_faulty_file_is_refused_with_what_to_mend(old, new, message, why, tmp_path: Path) -> None:
    text = data_file("request_settings").read_text("utf-8")
    assert old in text
    (tmp_path / "request_settings.toml").write_text(text.replace(old, new, 1), "utf-8")
    try:
        set_override_directory(tmp_path)
        with pytest.raises(VocabularyError, match=message):
            request_settings()
    finally:
        set_override_directory(None)


OPEN = {
    "mark": "", "reconsideration_organ": "", "court": "", "online_reconsideration": "", "fee_enabled": False, "fee_account": "",
}  # fmt: skip
GIVEN = [
    ({}, [], "everything may be left open"),
    ({"mark": "谯教"}, [], "a mark as it stands in a number"),
    ({"mark": "谯教〔2026〕"}, ["mark"], "year and brackets come by themselves"),
    ({"mark": "QJ"}, ["mark"], "a mark is written in Chinese characters"),
    ({"mark": "谯" * 11}, ["mark"], "longer than any mark"),
    ({"reconsideration_organ": "示例局"}, ["own_organ"], "nobody reviews his own acts (《行政复议法》§24)"),
    ({"reconsideration_organ": "示例市示例局"}, [], "a body that is led from above (§27)"),
    ({"court": "示例市示例区人民法院"}, [], "a court in full"),
    ({"court": "示例区"}, ["court"], "a place is no court"),
    ({"fee_enabled": True}, ["fee_account"], "the notice must say how to pay (国办函〔2020〕109号 §6)"),
    ({"fee_enabled": True, "fee_account": "凭缴款码缴纳"}, [], "charging, and how to pay"),
    ({"mark": "1", "court": "某处", "fee_enabled": True}, ["mark", "court", "fee_account"], "all reasons at once"),
]


@pytest.mark.parametrize(("given", "codes", "why"), GIVEN, ids=[row[2] for row in GIVEN])
def test_what_a_body_may_settle(given, codes, why) -> None:
    reasons = body_setting_reasons({**OPEN, **given}, "示例局")
    assert [one.code for one in reasons] == codes
    assert all(one.field in OPEN and one.article for one in reasons)


def test_every_setting_of_a_body_says_what_it_does_and_what_it_rests_on() -> None:
    for setting in body_settings().values():
        assert setting.meaning.endswith("。") and setting.source.endswith("。"), setting.code


@pytest.mark.parametrize(
    ("old", "new"), [('code = "court"\n', 'code = "place"\n'), ('inherits = "单位简称"\n', "")], ids=["unknown", "half"]
)
def test_a_file_that_does_not_explain_the_settings_of_a_body_is_refused(old, new, tmp_path: Path) -> None:
    text = data_file("request_settings").read_text("utf-8")
    assert old in text
    (tmp_path / "request_settings.toml").write_text(text.replace(old, new, 1), "utf-8")
    try:
        set_override_directory(tmp_path)
        with pytest.raises(VocabularyError, match="body_settings"):
            body_settings()
    finally:
        set_override_directory(None)
