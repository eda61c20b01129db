"""Wrong characters: what is found and mended, what is left alone, and how often the check is right on marked sentences."""

import json
import time
from pathlib import Path

import pytest
from bench.typo_accuracy import Outcome, measure

from gongkai.rules.findings import FixKind, Severity
from gongkai.text.checks import Material
from gongkai.text.checks.typo_words import Likeness, likeness
from gongkai.text.checks.typos import typos

FOUND = [
    ("各单位要按照统一部暑，抓好落实。", "暑", "署", "same sound: 部署"),
    ("加快培育融资组赁公司。", "组", "租", "looks and sounds alike: 租赁"),
    ("由区财政局牢头负责组织实施。", None, None, "牢 is not in the tables for 牵: left alone at the edge of a phrase"),
    ("请认真贯沏落实。", "沏", "彻", "alike: 贯彻落实"),
    ("营造良好营商坏境。", "坏", "环", "looks alike: 环境"),
    ("推进基层政务公开标淮化。", "淮", "准", "looks alike: 标准化"),
    ("切实做好安全生产监督管里工作。", "里", "理", "same sound: 监督管理"),
    ("依法追究邢事责任。", "邢", "刑", "same sound: 刑事责任"),
]


@pytest.mark.parametrize(("text", "wrong", "right", "reason"), FOUND, ids=[case[3] for case in FOUND])
def test_a_wrong_character_is_found_where_it_stands(
    text: str, wrong: str | None, right: str | None, reason: str
) -> None:
    findings = list(typos(Material(text)))
    assert [(finding.text, finding.fix and finding.fix.replacement) for finding in findings] == (
        [(wrong, right)] if wrong else []
    )


def test_a_finding_says_where_what_and_how_to_mend_it() -> None:
    text = "一、总体要求\n按照区委统一部暑，制定本方案。"
    (finding,) = typos(Material(text))
    assert (finding.rule, finding.severity, finding.place) == ("wording.typo", Severity.WARNING, "正文")
    assert finding.start is not None
    assert text[finding.start : finding.end] == finding.text == "暑"
    assert finding.fix is not None
    assert finding.fix.kind is FixKind.REPLACE
    mended = text[: finding.start] + finding.fix.replacement + text[finding.end :]
    assert mended == text.replace("部暑", "部署")
    assert not list(typos(Material(mended)))
    assert "部暑" in finding.message
    assert "部署" in finding.message


LEFT_ALONE = [
    ("", "an empty text"),
    ("关于印发《谯城区政务公开工作要点》的通知", "a clean title"),
    ("深化“放管服”改革，推进自贸试验区建设，兑现奖补资金。", "short forms the dictionary lacks"),
    ("观堂镇集东村、淝河镇张大村村民委员会", "names of places"),
    ("2024年3月1日 ABC-123 12345", "no Chinese text"),
    ("依宪治国、依法治国", "differs from a set phrase in one character and is right"),
    ("县级人民政府和中级人民法院", "differs from other names of bodies in one character"),
]


@pytest.mark.parametrize(("text", "reason"), LEFT_ALONE, ids=[case[1] for case in LEFT_ALONE])
def test_right_text_is_left_alone(text: str, reason: str) -> None:
    assert [(finding.text, finding.suggestion) for finding in typos(Material(text))] == []


ONCE = "请认真贯沏落实"


def test_a_string_the_text_uses_again_and_again_is_a_name() -> None:
    assert list(typos(Material(ONCE)))
    assert not list(typos(Material("，".join([ONCE] * 3))))


def test_names_of_the_district_are_known() -> None:
    assert not list(typos(Material(ONCE), known=frozenset({"认真贯沏"})))


LIKE = [
    ("暑", "署", Likeness.SOUND, "shu and shu"),
    ("值", "字", Likeness.NEAR_SOUND, "zhi and zi"),
    ("未", "末", Likeness.SHAPE, "one stroke"),
    ("天", "路", Likeness.NONE, "nothing in common"),
]


@pytest.mark.parametrize(("wrong", "right", "why", "reason"), LIKE, ids=[case[3] for case in LIKE])
def test_characters_are_confused_by_sound_and_shape(wrong: str, right: str, why: Likeness, reason: str) -> None:
    assert likeness(wrong, right) is why


SETS = [
    ("odw.dev.jsonl", 0.95, 0.36, 0.01, "official documents; thresholds and phrases were chosen on this half"),
    ("law.dev.jsonl", 0.90, 0.23, 0.01, "legal sentences; held out, only looked at for the choice of one threshold"),
]


@pytest.fixture(scope="module")
def outcomes(shared_data: Path) -> dict[str, Outcome]:
    return {name: measure(shared_data / "csc_typos" / name) for name, *_ in SETS}


@pytest.mark.parametrize(("name", "precision", "recall", "alarms", "reason"), SETS, ids=[case[0] for case in SETS])
def test_what_is_flagged_is_nearly_always_wrong(
    outcomes: dict[str, Outcome], name: str, precision: float, recall: float, alarms: float, reason: str
) -> None:
    outcome = outcomes[name]
    assert outcome.errors > 900
    assert outcome.precision >= precision, "\n".join([str(outcome), *outcome.mistakes])
    assert outcome.recall >= recall, str(outcome)
    assert outcome.false_alarms <= alarms, "\n".join([str(outcome), *outcome.mistakes])


def test_whole_regulations_are_checked_fast_and_without_many_false_alarms(shared_data: Path) -> None:
    lines = (shared_data / "laws_docs" / "xingzhengfagui.jsonl").read_text(encoding="utf-8").splitlines()[:60]
    text = "\n".join(json.loads(line)["text"] for line in lines)
    list(typos(Material(text[:20_000])))
    began = time.process_time()
    findings = list(typos(Material(text)))
    seconds = time.process_time() - began
    assert len(findings) / len(text) * 10_000 <= 1.5
    assert len(text.encode()) / 1e6 / seconds >= 0.2
