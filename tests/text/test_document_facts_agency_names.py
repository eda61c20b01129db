"""Names of public bodies, and the word lists the facts rest on."""

import tomllib
from pathlib import Path

import pytest

from gongkai.rules.validity import Status
from gongkai.rules.vocabulary import vocabulary
from gongkai.text import document_facts
from gongkai.text.document_facts.agency_names import is_agency, leading_agencies, same_agency, spell_out, split_agencies

DATA = Path(document_facts.__file__).parents[1] / "data"

NAMES = [
    ("青原市人民政府", True, "a government"),
    ("国务院", True, "too short for the rule, named in it"),
    ("中共青原市委宣传部", True, "a party body"),
    ("青原市教育局等六部门", True, "a joint issue named by its lead"),
    ("青原高新技术产业开发区管委会", True, "a development zone"),
    ("关于做好工作的办公室", False, "a title"),
    ("各县（区）财政局", False, "addressees"),
    ("附件1青原市财政局", False, "an attachment"),
    ("经市财政局", False, "part of a sentence"),
    ("青原市财政局预算明细表", False, "a table"),
    ("局", False, "nothing but an ending"),
]


@pytest.mark.parametrize(("name", "expected", "reason"), NAMES, ids=[case[2] for case in NAMES])
def test_a_name_of_a_public_body_is_told_from_other_text(name: str, expected: bool, reason: str) -> None:
    assert is_agency(name) is expected, reason


LINES = [
    ("青原市教育局  青原市财政局", ["青原市教育局", "青原市财政局"], "set apart by blanks"),
    ("青原市教育局、青原市财政局", ["青原市教育局", "青原市财政局"], "set apart by 、"),
    ("市人社局市税务局市医保局", ["市人社局", "市税务局", "市医保局"], "run together, the level repeated"),
    ("青原市农业农村局办公室", ["青原市农业农村局办公室"], "a body's office is one body"),
    ("现将有关事项通知如下", [], "a sentence"),
]


@pytest.mark.parametrize(("line", "expected", "reason"), LINES, ids=[case[2] for case in LINES])
def test_a_joint_line_is_split_into_its_bodies(line: str, expected: list[str], reason: str) -> None:
    assert split_agencies(line) == expected, reason


PAIRS = [
    ("市府办", "青原市人民政府办公室", True, "short form without its place"),
    ("市政府", "青原市人民政府", True, "a government without its place"),
    ("市府办", "青原市人民政府", False, "an office is not its government"),
    ("青原市教育局", "谷川市教育局", False, "another place"),
    ("青原市教育局", "青原市财政局", False, "another field"),
    ("省发展改革委", "甲省发展和改革委员会", True, "short form of a commission"),
    ("封丘县人民政府办公室", "甲市封丘县人民政府办公室", True, "the higher place left out"),
]


@pytest.mark.parametrize(("left", "right", "expected", "reason"), PAIRS, ids=[case[3] for case in PAIRS])
def test_two_names_of_one_body_are_recognised_either_way_round(
    left: str, right: str, expected: bool, reason: str
) -> None:
    assert same_agency(left, right) is expected, reason
    assert same_agency(right, left) is expected, reason


def test_short_forms_are_spelt_out_once() -> None:
    assert spell_out("市人社局") == "市人力资源和社会保障局"
    assert spell_out(spell_out("市人社局")) == "市人力资源和社会保障局"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("青原市教育局 青原市财政局关于资助工作的通知", ["青原市教育局", "青原市财政局"]),
        ("青原市人民政府办公室印发《停车办法》的通知", ["青原市人民政府办公室"]),
        ("青原市人民政府办公室转发市教育局意见的通知", ["青原市人民政府办公室"]),
        ("关于印发《青原市教育局办法》的通知", []),
        ("青原市停车管理办法", []),
    ],
)
def test_a_title_names_its_issuer_in_front_of_its_subject(title: str, expected: list[str]) -> None:
    assert leading_agencies(title) == expected


def words(name: str) -> dict[str, object]:
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))


def test_every_subject_of_the_word_list_is_one_of_the_vocabulary_and_listed_once() -> None:
    codes = [entry["code"] for entry in words("subject_words")["subjects"]]  # type: ignore[index]
    assert len(codes) == len(set(codes))
    assert set(codes) == {term.code for term in vocabulary("subjects").children(None)} - {"22"}


def test_no_short_form_leads_to_another_short_form() -> None:
    short = words("agency_words")["short_forms"]
    assert isinstance(short, dict)
    for abbreviation, full in short.items():
        assert spell_out(full) == full, abbreviation


def test_validity_words_name_statuses() -> None:
    assert set(words("metadata_names")["validity_words"].values()) <= set(Status)  # type: ignore[attr-defined]
