"""The settings of 依申请公开: each has a question, a default, and the article it rests on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gongkai.rules.request_settings import number_setting, request_settings, switch_setting, text_setting
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
