"""Vocabularies: the shipped lists, and what the loader refuses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gongkai.rules.publication import DisclosureAttribute
from gongkai.rules.vocabulary import NAMES, Term, Vocabulary, VocabularyError, load, set_override_directory, vocabulary


@pytest.fixture
def override(tmp_path: Path) -> Iterator[Path]:
    """An empty override directory, taken out of use afterwards."""
    set_override_directory(tmp_path)
    yield tmp_path
    set_override_directory(None)


SIZES = [
    # name, top level, all, why
    ("subjects", 22, None, "22 first-level subjects"),
    ("life_cycle_person", 32, 32, "自然人 30, local colour and others"),
    ("life_cycle_enterprise", 35, 35, "法人 33, local colour and others"),
    ("life_stage_person", 9, 9, "出生 to 养老, of the interpretation special"),
    ("life_stage_enterprise", 11, 11, "返乡就业 to 准入退出, of the interpretation special"),
    ("interpretation_forms", 9, 9, "who explains and how"),
    ("statutory_classes", 15, 15, "《条例》§20"),
    ("disclosure_fields", 26, 26, "国办发〔2019〕54号"),
    ("organisation_kinds", 5, 5, "区政府, 部门, 乡镇街道, 园区, 公共企事业单位"),
]


@pytest.mark.parametrize(("name", "top", "whole", "why"), SIZES, ids=[row[0] for row in SIZES])
def test_lists_fixed_by_decree_are_complete(name: str, top: int, whole: int | None, why: str) -> None:
    terms = vocabulary(name)
    assert len(terms.children(None)) == top, why
    assert whole is None or len(terms) == whole, why


@pytest.mark.parametrize("name", NAMES)
def test_every_shipped_list_names_its_source_and_version(name: str) -> None:
    terms = vocabulary(name)
    assert terms.name == name
    assert terms.version
    assert terms.source
    assert terms.effective_from.year >= 2008, "the 条例 first took effect in 2008"
    assert all(terms.by_label(term.label) for term in terms.terms)


def test_the_fifteen_legal_kinds_of_document_come_first_among_the_genres() -> None:
    legal = [term.label for term in vocabulary("genres").terms if term.note == "法定公文种类"]
    assert (
        "、".join(legal)
        == "决议、决定、命令（令）、公报、公告、通告、意见、通知、通报、报告、请示、批复、议案、函、纪要"
    )
    assert [term.code for term in vocabulary("genres").terms[:15]] == [f"{n:02d}" for n in range(1, 16)]


def test_a_subject_knows_its_way_up() -> None:
    subjects = vocabulary("subjects")
    assert [term.label for term in subjects.path("0201")] == ["综合政务", "政务公开"]
    assert subjects.get("0201") == Term("0201", "政务公开", "02")
    assert subjects.label("0201") == "政务公开"
    assert [term.label for term in subjects.children("11")] == ["科技", "教育", "知识产权", "其他"]
    assert subjects.children("0201") == ()


def test_unknown_codes_are_shown_as_they_are() -> None:
    assert vocabulary("subjects").label("9999") == "9999"
    assert vocabulary("subjects").path("9999") == ()
    assert vocabulary("subjects").get("9999") is None
    assert "9999" not in vocabulary("subjects")


LABELS = [
    ("genres", "令", "03", "an alias"),
    ("genres", " 命令（令） ", "03", "the label itself, blanks around it"),
    ("genres", "工作方案", "35", "an alias of 方案"),
    ("audiences", "个人", "citizen", "an alias"),
    ("subjects", "国务院组织机构", "01", "the name of the central edition"),
    ("subjects", "其他", "22", "a label used on both levels means the first level"),
    ("disclosure_fields", "国土空间规划", "11", "a later name of the field"),
    ("disclosure_channels", "公示栏", "notice_board", "a short name"),
]


@pytest.mark.parametrize(("name", "label", "code", "why"), LABELS, ids=[row[3] for row in LABELS])
def test_terms_are_found_by_the_names_people_use(name: str, label: str, code: str, why: str) -> None:
    term = vocabulary(name).by_label(label)
    assert term is not None, why
    assert term.code == code, why


def test_kinds_that_must_be_closed_name_a_kind_that_exists() -> None:
    kinds = vocabulary("item_kinds")
    closers = {term.code: term.extra["closed_by"] for term in kinds.terms if "closed_by" in term.extra}
    assert closers == {"pre_notice": "final_result", "public_consultation": "consultation_feedback"}
    assert all(closer in kinds for closer in closers.values())
    classes = vocabulary("statutory_classes")
    assert all(term.extra.get("statutory_class", "15") in classes for term in kinds.terms)


def test_every_withdrawal_reason_has_its_public_wording() -> None:
    reasons = vocabulary("withdrawal_reasons").terms
    assert all(term.note.endswith("。") for term in reasons)
    assert {term.extra["successor"] for term in reasons} == {"none", "optional", "required"}


def test_disclosure_attributes_have_their_legal_names() -> None:
    assert [attribute.label for attribute in DisclosureAttribute] == ["主动公开", "依申请公开", "不予公开"]


def test_an_unknown_vocabulary_is_refused_by_name() -> None:
    with pytest.raises(VocabularyError, match="colours"):
        vocabulary("colours")


HEADER = 'name = "audiences"\ntitle = "服务对象"\nversion = "t"\nsource = "本地"\neffective_from = 2024-01-01\n'

FAULTY = [
    ("not toml at all [", "TOML", "malformed"),
    ('terms = [{ code = "a", label = "甲" }]', "缺少 name、title、version、source、effective_from", "no header"),
    (
        HEADER.replace("2024-01-01", '"2024"') + 'terms = [{ code = "a", label = "甲" }]',
        "effective_from",
        "date as text",
    ),
    (
        HEADER.replace("audiences", "genres") + 'terms = [{ code = "a", label = "甲" }]',
        "文件名",
        "name of another list",
    ),
    (HEADER, "没有任何", "no terms"),
    (HEADER + 'terms = [{ label = "甲" }]', "缺少 code", "no code"),
    (HEADER + 'terms = [{ code = "a", label = "  " }]', "缺少 label", "empty label"),
    (HEADER + 'terms = [{ code = 1, label = "甲" }]', "文字", "a number for a code"),
    (HEADER + 'terms = [{ code = "a", label = "甲" }, { code = "a", label = "乙" }]', "代码“a”重复", "code twice"),
    (HEADER + 'terms = [{ code = "a", label = "甲" }, { code = "b", label = "甲" }]', "名称“甲”重复", "label twice"),
    (HEADER + 'terms = [{ code = "a", label = "甲", parent = "z" }]', "上级“z”不存在", "unknown parent"),
    (HEADER + 'terms = [{ code = "a", label = "甲", parent = "a" }]', "上级“a”不存在", "its own parent"),
]


@pytest.mark.parametrize(("text", "message", "why"), FAULTY, ids=[row[2] for row in FAULTY])
def test_a_faulty_file_is_refused_with_what_to_mend(override: Path, text: str, message: str, why: str) -> None:
    (override / "audiences.toml").write_text(text, encoding="utf-8")
    with pytest.raises(VocabularyError, match=message) as caught:
        vocabulary("audiences")
    assert "audiences" in str(caught.value), why


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(VocabularyError, match=r"audiences\.toml"):
        load(tmp_path / "audiences.toml")


def test_an_administrators_file_replaces_the_shipped_one_and_goes_again(override: Path) -> None:
    shipped = vocabulary("audiences")
    (override / "audiences.toml").write_text(HEADER + 'terms = [{ code = "a", label = "甲" }]', encoding="utf-8")
    assert vocabulary("audiences") is shipped, "files are read once"
    set_override_directory(override)
    assert [term.label for term in vocabulary("audiences").terms] == ["甲"]
    assert len(vocabulary("genres")) > 15, "other lists stay as shipped"
    set_override_directory(None)
    assert len(vocabulary("audiences")) == len(shipped)


def test_a_vocabulary_is_read_once() -> None:
    assert vocabulary("subjects") is vocabulary("subjects")
    assert isinstance(vocabulary("subjects"), Vocabulary)
