"""Completeness of an item by kind; 《条例》§12 and the page elements inspected."""

from __future__ import annotations

from pathlib import Path

import pytest

from gongkai.rules.completeness import completeness, fields_of
from gongkai.rules.vocabulary import VocabularyError, set_override_directory, vocabulary


def names(kind: str, *, normative: bool = False, required: bool | None = None) -> set[str]:
    fields = fields_of(kind, normative=normative)
    return {field.name for field in fields if required is None or field.required is required}


def test_an_item_with_everything_is_complete_and_one_with_nothing_is_at_zero() -> None:
    everything = frozenset(part for name in names("policy_document") for part in name.split("|"))
    assert completeness("policy_document", everything).percent == 100
    assert completeness("policy_document", everything).missing == ()
    nothing = completeness("policy_document", frozenset())
    assert nothing.percent == 0
    assert nothing.blocked


def test_one_missing_element_is_never_rounded_up_to_complete() -> None:
    for kind in (term.code for term in vocabulary("item_kinds").terms):
        everything = frozenset(part for name in names(kind) for part in name.split("|"))
        assert completeness(kind, everything - {"keywords"}).percent < 100


def test_the_percentage_is_rounded_down() -> None:
    assert len(fields_of("notice")) == 6
    assert completeness("notice", frozenset({"title"})).percent == 16, "one of six"


def test_required_elements_are_listed_before_the_others() -> None:
    levels = [field.required for field in completeness("policy_document", frozenset()).missing]
    assert levels == sorted(levels, reverse=True)


BLOCKING = [
    ("notice", False, {"title", "body|attachments", "publishing_agency"}, "the common elements alone"),
    (
        "policy_document",
        False,
        {
            "title",
            "body|attachments",
            "publishing_agency",
            "issuing_agency",
            "document_date",
            "subject_category",
            "genre_category",
            "enquiry_phone",
        },
        "a document without a number may be real",
    ),
    (
        "reprint",
        False,
        {"title", "body|attachments", "publishing_agency", "content_source", "source_url"},
        "its source",
    ),
]


@pytest.mark.parametrize(("kind", "normative", "fields", "why"), BLOCKING, ids=[row[3] for row in BLOCKING])
def test_these_elements_stop_a_submission(kind: str, normative: bool, fields: set[str], why: str) -> None:
    assert names(kind, normative=normative, required=True) == fields, why


def test_a_normative_document_must_have_a_number_other_policy_documents_should() -> None:
    assert "document_number" in names("policy_document", required=False)
    assert "document_number" in names("policy_document", normative=True, required=True)
    assert names("policy_document") < names("policy_document", normative=True)


FAULTY_FILES = [
    ("fields = []", "没有任何", "no entry"),
    ('fields = [{ kind = "any", field = "title", label = "标题", level = "maybe" }]', "level", "unknown level"),
    ('fields = [{ kind = "nonsense", field = "title", label = "标题", level = "block" }]', "nonsense", "unknown kind"),
    ('fields = [{ kind = "any", field = "title", level = "block" }]', "label", "no label"),
    ('fields = [{ kind = "notice", field = "title", label = "标题", level = "block" }]', "所有类型", "nothing common"),
    (
        'fields = [{ kind = "any", field = "t", label = "甲", level = "warn" },'
        ' { kind = "any", field = "t", label = "乙", level = "warn" }]',
        "重复",
        "the same field twice",
    ),
]


@pytest.mark.parametrize(("text", "message", "why"), FAULTY_FILES, ids=[row[2] for row in FAULTY_FILES])
def test_a_faulty_data_file_is_refused_clearly(tmp_path: Path, text: str, message: str, why: str) -> None:
    (tmp_path / "required_fields.toml").write_text(text, encoding="utf-8")
    set_override_directory(tmp_path)
    try:
        with pytest.raises(VocabularyError, match=message):
            completeness("notice", frozenset())
    finally:
        set_override_directory(None)
