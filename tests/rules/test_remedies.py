"""救济告知 by organ, outcome and day of the decision: 《行政复议法》§20–24, §27, 《行政诉讼法》§45–46, 法释〔2025〕8号."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from gongkai.rules.outcomes import RemedyRule, outcomes
from gongkai.rules.reasons import Refused
from gongkai.rules.remedies import (
    RemedyBody,
    RemedyPath,
    reconsideration_organ,
    remedy_for_silence,
    remedy_notice,
    remedy_path,
)
from gongkai.rules.vocabulary import VocabularyError, data_file, set_override_directory

EDUCATION = RemedyBody("department", "谯城区教育局")
GOVERNMENT = RemedyBody("district_government", "谯城区人民政府")
TOWN = RemedyBody("township", "示例镇人民政府")
TAX = RemedyBody("department", "国家税务总局谯城区税务局", vertical=True, superior="国家税务总局亳州市税务局")
A, B, MIXED = RemedyPath.DIRECT, RemedyPath.RECONSIDERATION_FIRST, RemedyPath.MIXED
TODAY = date(2026, 11, 26)

VECTORS = [
    (EDUCATION, "deliberative_information", TODAY, B, "谯城区人民政府", "§16 of a department: reconsideration first"),
    (EDUCATION, "not_held", TODAY, A, "谯城区人民政府", "§36(4): as the applicant likes, the same organ"),
    (GOVERNMENT, "third_party_rights", TODAY, B, "亳州市人民政府", "§15 of the government: one level up"),
    (TOWN, "enforcement_file", TODAY, B, "谯城区人民政府", "a town: the government of the district"),
    (TAX, "internal_affairs", TODAY, B, "国家税务总局亳州市税务局", "led from above: 行政复议法 §27"),
    (TAX, "not_held", TODAY, A, "国家税务总局亳州市税务局", "led from above, whatever the outcome"),
    (RemedyBody("department", organ="某市人民政府"), "not_held", TODAY, A, "某市人民政府", "set for the body"),
]


@pytest.mark.parametrize(("body", "outcome", "day", "path", "organ", "why"), VECTORS, ids=[row[5] for row in VECTORS])
def test_path_and_organ_follow_from_body_outcome_and_day(body, outcome, day, path, organ, why) -> None:
    notice = remedy_notice(outcomes()[outcome].remedy, body, day)
    assert (notice.path, notice.organ) == (path, organ), why
    assert organ in notice.paragraphs[0]


LAST_OLD, FIRST_NEW = date(2023, 12, 31), date(2024, 1, 1)
LAST_BROAD, FIRST_NARROW = date(2025, 5, 31), date(2025, 6, 1)
PERIODS = [
    (RemedyRule.WITHHOLDING, [A, B, B, B], "§14–16: first since 2024"),
    (RemedyRule.DIRECT, [A, A, A, A], "无法提供, 不予处理, 予以公开: never"),
    (RemedyRule.SPECIAL_RULE, [A, A, A, A], "§36(7): the setting says direct"),
    (RemedyRule.NONE, [RemedyPath.NONE] * 4, "an act of procedure"),
]


@pytest.mark.parametrize(("rule", "paths", "why"), PERIODS, ids=[row[2] for row in PERIODS])
def test_the_rule_changes_on_its_day_and_not_a_day_earlier(rule, paths, why) -> None:
    days = [LAST_OLD, FIRST_NEW, LAST_BROAD, FIRST_NARROW]
    assert [remedy_path(rule, day) for day in days] == paths, why


SEVERED = [
    (["personal_privacy"], [A, MIXED, MIXED, MIXED], "§15 withholds the part"),
    (["not_government_information"], [A, MIXED, MIXED, A], "not under §14–16: only since the judges' narrow reading"),
    (["not_government_information", "state_secret"], [A, MIXED, MIXED, MIXED], "one of the parts suffices"),
]


@pytest.mark.parametrize(("grounds", "paths", "why"), SEVERED, ids=[row[2] for row in SEVERED])
def test_in_a_partial_disclosure_the_grounds_of_the_withheld_parts_decide(grounds, paths, why) -> None:
    days = [LAST_OLD, FIRST_NEW, LAST_BROAD, FIRST_NARROW]
    assert [remedy_path(RemedyRule.SEVERANCE, day, grounds) for day in days] == paths, why


SILENCE = [
    (LAST_OLD, A, "before: as one likes"),
    (FIRST_NEW, B, "§23(1)(三): 未履行法定职责"),
    (LAST_BROAD, B, "still"),
    (FIRST_NARROW, A, "法释〔2025〕8号 §2(2): either way"),
]


@pytest.mark.parametrize(("day", "path", "why"), SILENCE, ids=[row[2] for row in SILENCE])
def test_against_no_reply_in_time_the_way_also_changed_twice(day, path, why) -> None:
    assert remedy_for_silence(day) is path, why


def test_text_a_offers_both_ways_with_their_periods() -> None:
    (text,) = remedy_notice(RemedyRule.DIRECT, EDUCATION, TODAY).paragraphs
    assert text == (
        "如不服本答复，可以自收到本答复之日起60日内向谯城区人民政府申请行政复议，"
        "或者自知道或者应当知道作出本答复之日起6个月内依法向有管辖权的人民法院提起行政诉讼。"
    )


def test_text_b_says_first_and_gives_fifteen_days_afterwards_and_not_six_months() -> None:
    (text,) = remedy_notice(RemedyRule.WITHHOLDING, EDUCATION, TODAY, act="本决定").paragraphs
    assert "应当先自收到本决定之日起60日内向谯城区人民政府申请行政复议" in text
    assert "自收到复议决定书之日起15日内向人民法院提起行政诉讼" in text
    assert "6个月" not in text


def test_a_partial_disclosure_tells_both_ways_each_for_its_part() -> None:
    first, rest = remedy_notice(RemedyRule.SEVERANCE, EDUCATION, TODAY, grounds=["personal_privacy"]).paragraphs
    assert first.startswith("对本答复不予公开的部分，")
    assert "应当先" in first
    assert rest.startswith("对本答复的其他内容，")
    assert "6个月" in rest


def test_before_2024_a_department_could_also_be_reviewed_by_its_superior() -> None:
    body = RemedyBody("department", superior="亳州市教育局")
    assert reconsideration_organ(body, LAST_OLD) == "谯城区人民政府或者亳州市教育局"
    assert reconsideration_organ(body, FIRST_NEW) == "谯城区人民政府"


def test_an_act_of_procedure_has_no_clause() -> None:
    assert remedy_notice(RemedyRule.NONE, EDUCATION, TODAY).paragraphs == ()


def _settings(tmp_path: Path, code: str, value: str) -> None:
    text = data_file("request_settings").read_text("utf-8")
    head, rest = text.split(f'code = "{code}"', 1)
    before, after = rest.split("default = ", 1)
    _line, tail = after.split("\n", 1)
    (tmp_path / "request_settings.toml").write_text(
        f'{head}code = "{code}"{before}default = "{value}"\n{tail}', "utf-8"
    )
    set_override_directory(tmp_path)


@pytest.fixture
def _afterwards_as_shipped():
    yield
    set_override_directory(None)


@pytest.mark.usefixtures("_afterwards_as_shipped")
def test_what_is_served_on_the_web_names_the_channel_for_applications(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        remedy_notice(RemedyRule.DIRECT, EDUCATION, TODAY, online=True)
    assert refused.value.codes == ("online_channel",)
    _settings(tmp_path, "online_reconsideration_channel", "示例行政复议服务平台（https://fuyi.example.gov.cn）")
    notice = remedy_notice(RemedyRule.DIRECT, EDUCATION, TODAY, online=True)
    assert notice.paragraphs[-1].endswith("示例行政复议服务平台（https://fuyi.example.gov.cn）。")
    assert len(remedy_notice(RemedyRule.DIRECT, EDUCATION, TODAY).paragraphs) == 1, "not otherwise"
    own = remedy_notice(RemedyRule.DIRECT, RemedyBody("department", channel="本区网上复议窗口"), TODAY, online=True)
    assert own.paragraphs[-1].endswith("本区网上复议窗口。"), "that of the body counts first"


@pytest.mark.usefixtures("_afterwards_as_shipped")
def test_the_setting_decides_on_replies_under_special_rules(tmp_path: Path) -> None:
    _settings(tmp_path, "special_rule_remedy", "withholding")
    assert remedy_path(RemedyRule.SPECIAL_RULE, TODAY) is B
    assert remedy_path(RemedyRule.SPECIAL_RULE, LAST_OLD) is A


@pytest.mark.usefixtures("_afterwards_as_shipped")
def test_the_court_is_a_setting_and_another_one_for_the_government(tmp_path: Path) -> None:
    _settings(tmp_path, "court_name_for_government", "某市中级人民法院")
    assert "某市中级人民法院" in remedy_notice(RemedyRule.DIRECT, GOVERNMENT, TODAY).paragraphs[0]
    assert "有管辖权的人民法院" in remedy_notice(RemedyRule.DIRECT, EDUCATION, TODAY).paragraphs[0]


@pytest.mark.usefixtures("_afterwards_as_shipped")
def test_without_the_name_of_the_organ_nothing_is_printed(tmp_path: Path) -> None:
    _settings(tmp_path, "reconsideration_government", "")
    with pytest.raises(Refused, match="没有确定复议机关"):
        remedy_notice(RemedyRule.DIRECT, EDUCATION, TODAY)
    with pytest.raises(Refused, match="没有确定复议机关"):
        remedy_notice(RemedyRule.DIRECT, RemedyBody("club"), TODAY)


def test_a_day_before_the_first_period_is_refused() -> None:
    with pytest.raises(Refused, match="没有适用的救济规则"):
        remedy_path(RemedyRule.DIRECT, date(2019, 5, 14))


FAULTS = [
    ('silence = "direct"', 'silence = "never"', "有误", "a path that does not exist"),
    ("from = 2024-01-01", "from = 2019-01-01", "依次递增", "periods out of order"),
    ("{organ}", "{organisation}", "有误", "a blank nobody fills"),
    ('township = "government"', 'village = "government"', "机构类别", "a kind of body that does not exist"),
]


@pytest.mark.usefixtures("_afterwards_as_shipped")
@pytest.mark.parametrize(("old", "new", "message", "why"), FAULTS, ids=[row[3] for row in FAULTS])
def test_a_faulty_file_is_refused_with_what_to_mend(old, new, message, why, tmp_path: Path) -> None:
    text = data_file("remedies").read_text("utf-8")
    assert old in text
    kept = text.split("[texts]")
    changed = "[texts]".join([kept[0], kept[1].replace(old, new, 1)]) if old == "{organ}" else text.replace(old, new, 1)
    (tmp_path / "remedies.toml").write_text(changed, "utf-8")
    set_override_directory(tmp_path)
    with pytest.raises(VocabularyError, match=message):
        remedy_path(RemedyRule.DIRECT, TODAY)
