"""Kinds of subsidy table: the data file, and what a clerk may choose."""

from __future__ import annotations

from pathlib import Path

import pytest

from gongkai.rules.table_kinds import Exposure, ValueType, exposures, table_kinds
from gongkai.rules.vocabulary import VocabularyError, set_override_directory

PERSONAL = {ValueType.IDENTITY, ValueType.ACCOUNT, ValueType.PHONE, ValueType.ADDRESS}


def test_the_kinds_a_county_publishes_are_there() -> None:
    assert set(table_kinds()) == {
        "benefit_card", "land_fertility", "machinery", "subsistence", "extreme_poverty", "disability", "old_age", "other",
    }  # fmt: skip


def test_nothing_personal_is_ever_shown_as_it_is() -> None:
    for kind in table_kinds().values():
        for column in kind.columns:
            if column.type in PERSONAL:
                assert Exposure.SHOWN not in exposures(column), (kind.code, column.code)


def test_names_are_masked_where_the_list_tells_of_hardship_or_health() -> None:
    masked = {kind.code for kind in table_kinds().values() if kind.column("name").exposure is Exposure.MASKED}
    assert {"subsistence", "extreme_poverty", "disability", "old_age"} <= masked


def test_health_is_not_published() -> None:
    for code in ("disability_kind", "disability_degree", "disability_card"):
        assert table_kinds()["disability"].column(code).exposure is Exposure.HIDDEN


CHOICES = [
    ("land_fertility", "name", ["shown", "masked", "hidden"], "as the rules say or stricter"),
    ("subsistence", "name", ["masked", "hidden"], "never laxer"),
    ("land_fertility", "amount", ["shown", "hidden"], "an amount has no mask"),
    ("land_fertility", "phone", ["hidden"], "what is hidden stays so"),
]


@pytest.mark.parametrize(("kind", "code", "allowed", "reason"), CHOICES, ids=[case[-1] for case in CHOICES])
def test_a_clerk_may_only_be_stricter(kind, code, allowed, reason) -> None:
    assert [one.value for one in exposures(table_kinds()[kind].column(code))] == allowed, reason


def test_a_name_means_one_column_of_a_kind_first() -> None:
    for kind in table_kinds().values():
        labels = [column.label for column in kind.columns]
        assert len(set(labels)) == len(labels), kind.code


FAULTS = [
    ('[columns]\nid = { label = "身份证号", type = "identity", exposure = "shown" }', "不得为 shown"),
    ('[columns]\na = { label = "金额", type = "amount", exposure = "masked" }', "没有脱敏办法"),
    ('[columns]\na = { label = "村", type = "place", exposure = "shown", totalled = true }', "不能合计"),
    ('[columns]\na = { label = "村", type = "nothing", exposure = "shown" }', "规定的取值"),
    ('[columns]\na = { label = "村", type = "place" }', "缺少"),
]
KIND = '\n[[kinds]]\ncode = "x"\nlabel = "某表"\ncolumns = ["{}"]\n'


@pytest.mark.parametrize(("columns", "message"), FAULTS)
def test_a_faulty_file_is_refused(tmp_path: Path, columns: str, message: str) -> None:
    _refused(tmp_path, columns + KIND.format("a!"), message)


def test_a_kind_must_name_columns_that_there_are_and_require_one(tmp_path: Path) -> None:
    columns = '[columns]\na = { label = "村", type = "place", exposure = "shown" }'
    _refused(tmp_path, columns + KIND.format("b!"), "没有定义")
    _refused(tmp_path, columns + KIND.format("a"), "没有任何必备的列")


def _refused(directory: Path, text: str, message: str) -> None:
    (directory / "table_kinds.toml").write_text(text, "utf-8")
    set_override_directory(directory)
    try:
        with pytest.raises(VocabularyError, match=message):
            table_kinds()
    finally:
        set_override_directory(None)
