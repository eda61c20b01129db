"""Wording: official names, known errors, former names of bodies, templates and the brackets of document numbers."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.rules.findings import Finding, FixKind, Severity
from gongkai.text.checks import Material
from gongkai.text.checks.official_names import near_misses, shipped_names
from gongkai.text.checks.wording import (
    number_brackets,
    obsolete_names,
    official_names,
    unfilled_templates,
    wording,
)


def said(findings: object) -> list[tuple[str, str, str]]:
    """Rule, evidence and replacement of each finding."""
    return [(one.rule, one.text, one.fix.replacement if one.fix else "") for one in findings]  # type: ignore[attr-defined]


KNOWN, NAME = "wording.known-error", "wording.official-name"
WRONG_NAMES = [
    ("区人民攻府办公室", [(KNOWN, "攻府", "政府")], "a real error"),
    (
        "根据《中华人民共合国土地管理法》",
        [(KNOWN, "中华人民共合国", "中华人民共和国")],
        "a real error, even in a title",
    ),
    ("中共人民共和国成立七十五周年", [(KNOWN, "中共人民共和国", "中华人民共和国")], "a real error"),
    ("中华人民大和国", [(KNOWN, "中华人民大和国", "中华人民共和国")], "a real error"),
    ("开展扫黑险恶专项斗争", [(KNOWN, "扫黑险恶", "扫黑除恶")], "a real error"),
    ("中华人民共河国", [(NAME, "中华人民共河国", "中华人民共和国")], "same sound, not in the list"),
    ("中华人民和国境内", [(NAME, "中华人民和国", "中华人民共和国")], "a character missing"),
    ("中华人共民和国", [(NAME, "中华人共民和国", "中华人民共和国")], "two exchanged"),
    ("中华华人民共和国", [(NAME, "中华华人民共和国", "中华人民共和国")], "doubled inside"),
    ("全国人民代表太会", [(NAME, "全国人民代表太会", "全国人民代表大会")], "looks alike"),
    ("最高人民检查院", [(NAME, "最高人民检查院", "最高人民检察院")], "same sound"),
    ("安微省人民政府", [(KNOWN, "安微省", "安徽省")], "a province, a known error"),
    ("毫州市谯城区", [(KNOWN, "毫州", "亳州")], "a city, a known error"),
    ("浙江省与福健省", [(NAME, "福健省", "福建省")], "a province, same sound"),
    ("学习刁近平同志讲话", [(KNOWN, "刁近平", "习近平")], "name of the leader"),
    ("人力资源和社会宝障局", [(NAME, "人力资源和社会宝障局", "人力资源和社会保障局")], "a body"),
]


@pytest.mark.parametrize(("text", "findings", "reason"), WRONG_NAMES, ids=[case[2] for case in WRONG_NAMES])
def test_wrong_official_names_are_grave_and_can_be_mended(
    text: str, findings: list[tuple[str, str, str]], reason: str
) -> None:
    found = list(official_names(Material(text)))
    assert said(found) == findings
    for finding in found:
        assert finding.severity is Severity.SERIOUS
        assert finding.fix is not None
        assert finding.fix.kind is FixKind.REPLACE
        assert text[finding.start : finding.end] == finding.text
        mended = text[: finding.start] + finding.fix.replacement + text[finding.end :]
        assert not list(official_names(Material(mended)))


RIGHT_NAMES = [
    ("中华人民共和国国籍法", "国 begins the next word"),
    ("中国人民解放军军官军衔条例", "军 begins the next word"),
    ("山西省与陕西省交界", "both are right"),
    ("重庆师范大学", "not 重庆市"),
    ("科学确定城市公共交通发展目标", "not 宣城市"),
    ("人民检察院检察委员会", "not 监察委员会"),
    ("优化农业农村布局", "not 农业农村部"),
    ("省自然资源厅、市自然资源局", "both are bodies"),
    ("我国人民代表大会制度", "not 全国人民代表大会"),
    ("", "nothing"),
]


@pytest.mark.parametrize(("text", "reason"), RIGHT_NAMES, ids=[case[1] for case in RIGHT_NAMES])
def test_right_names_are_left_alone(text: str, reason: str) -> None:
    assert said(official_names(Material(text))) == []


@pytest.mark.parametrize("name", sorted(shipped_names()[1]))
def test_no_shipped_name_is_a_slip_of_another(name: str) -> None:
    assert list(near_misses(f"（{name}）")) == []


def test_names_of_the_district_are_checked_too() -> None:
    text = "区长张无名主持会议，区数据资源局、望湖街道办事处参加。"
    given_names = ("张五名", "望湖街道办事处")
    assert said(official_names(Material(text), given_names)) == [(NAME, "张无名", "张五名")]


@given(st.sampled_from([name for name, strict in shipped_names()[0].items() if strict]), st.data())
def test_a_missing_inner_character_of_a_core_name_is_always_found(name: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(1, len(name) - 2))
    text = f"为贯彻{name[:place]}{name[place + 1 :]}，"
    if not any(right in text for right in shipped_names()[1] if len(right) >= len(name) - 1):
        assert list(official_names(Material(text)))


FORMER = [
    ("请到区国土资源局办理。", ["国土资源局"], "plainly used today"),
    ("由区扶贫办负责。", ["扶贫办"], "merged twice since"),
    ("区国土资源局、区国土资源局", ["国土资源局"], "said once"),
    ("根据《国土资源局信访规定》办理。", [], "in a title"),
    ("原国土资源局职责划入自然资源局。", [], "history"),
    ("2016年，区国土资源局完成登记。", [], "the sentence names a year before the change"),
    ("2016年完成登记。请到区国土资源局办理。", ["国土资源局"], "the year stands in another sentence"),
    ("县级以上人民政府环境保护部门", [], "a department in general"),
    ("（国家食品药品监督管理总局令第4号）", [], "an act keeps the name of who made it"),
    ("区自然资源局", [], "the present name"),
]


@pytest.mark.parametrize(("text", "names", "reason"), FORMER, ids=[case[2] for case in FORMER])
def test_former_names_of_bodies_are_pointed_out(text: str, names: list[str], reason: str) -> None:
    found = list(obsolete_names(Material(text)))
    assert [finding.text for finding in found] == names
    assert all(finding.fix is None and text[finding.start : finding.end] == finding.text for finding in found)


def test_a_document_of_that_time_may_use_the_name_of_that_time() -> None:
    material = Material("由区国土资源局负责。")
    assert not list(obsolete_names(material, date(2017, 5, 1)))
    assert list(obsolete_names(material, date(2024, 5, 1)))


TEMPLATES = [
    ("××局关于开展××工作的通知", ["××"], "a body left out"),
    ("于X月X日召开会议", ["X", "X"], "a day left out"),
    ("某某县人民政府", ["某某县"], "a county left out"),
    ("（请填写单位名称）", ["（请填写单位名称）"], "an instruction to the writer"),
    ("单击此处输入文字。", ["单击此处输入文字"], "words of a word processor"),
    ("王××人在现场，138××××0000", [], "a hidden name and number"),
    ("幅面210×297毫米", [], "a measure"),
    ("请填写《申请表》后提交。", [], "said to the applicant"),
    ("当事人某公司", [], "an anonymous party"),
    ("皖S××××1号车", [], "a hidden plate"),
]


@pytest.mark.parametrize(("text", "evidence", "reason"), TEMPLATES, ids=[case[2] for case in TEMPLATES])
def test_words_of_a_template_are_found(text: str, evidence: list[str], reason: str) -> None:
    assert [finding.text for finding in unfilled_templates(Material(text))] == evidence


NUMBERS = [
    ("谯政办[2025]12号", "谯政办〔2025〕12号", "square brackets"),
    ("谯政办(2025)12号", "谯政办〔2025〕12号", "round brackets"),
    ("谯政办（2025）12号", "谯政办〔2025〕12号", "full-width round brackets"),
    ("谯政办【2025】12号", "谯政办〔2025〕12号", "black brackets"),
    ("谯政办〔2025〕第12号", "谯政办〔2025〕12号", "第"),
    ("谯政办〔2025〕012号", "谯政办〔2025〕12号", "leading zero"),
    ("谯政办〔2025〕12号", None, "right"),
    ("国务院令第711号", None, "an order"),
    ("（2025）皖1602民初12号", None, "the number of a court case"),
]


@pytest.mark.parametrize(("written", "right", "reason"), NUMBERS, ids=[case[2] for case in NUMBERS])
def test_numbers_of_documents_are_put_right(written: str, right: str | None, reason: str) -> None:
    text = f"根据《关于做好政务公开工作的通知》（{written}）要求"
    found: list[Finding] = list(number_brackets(Material(text)))
    assert said(found) == ([("wording.number-brackets", written, right)] if right else [])


def test_all_of_them_together() -> None:
    rules = {finding.rule for finding in wording(Material("××局攻府文件 谯政办[2025]1号，抄送区国土资源局、福健省。"))}
    assert rules == {KNOWN, NAME, "wording.obsolete-name", "wording.unfilled-template", "wording.number-brackets"}


@pytest.mark.parametrize(
    ("name", "most"),
    [("policy_docs/policies.dev", 0.1), ("laws_docs/xingzhengfagui", 0.02), ("laws_docs/bumenguizhang", 0.02)],
)
def test_official_names_raise_hardly_a_false_alarm_on_clean_official_texts(
    shared_data: Path, name: str, most: float
) -> None:
    rows = [json.loads(line) for line in (shared_data / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()[:300]]
    texts = [row["text"] for row in rows if row.get("text")]
    found = [said([finding]) for text in texts for finding in official_names(Material(text))]
    assert sum(map(len, texts)) > 200_000
    assert len(found) / sum(map(len, texts)) * 10_000 <= most, found
