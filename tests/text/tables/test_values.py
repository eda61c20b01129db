"""Single cells: what is understood, what is refused, and with which remedy."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.text.tables.makers import identity

from gongkai.rules.table_kinds import Exposure, TableColumn, ValueType
from gongkai.text.tables.cells import SourceCell
from gongkai.text.tables.values import read_value

RIGHT = identity(11)
WRONG_CHECK = RIGHT[:17] + ("1" if RIGHT[17] != "1" else "2")


def column(kind: ValueType, *, required: bool = False) -> TableColumn:
    return TableColumn(kind.value, "本列", (), kind, Exposure.HIDDEN, required=required)


CASES = [
    (ValueType.AMOUNT, "1,234.5", "1,234.50", [], "thousands"),
    (ValueType.AMOUNT, "￥１２３４元", "1,234.00", [], "full width, signs"),
    (ValueType.AMOUNT, "100.12000000001", "100.12", [], "the noise of a calculation"),
    (ValueType.AMOUNT, "100.126", "100.13", ["decimals"], "half a cent was not paid"),
    (ValueType.AMOUNT, "-5", "-5.00", ["negative"], "no negative payments"),
    (ValueType.AMOUNT, "一百", "一百", ["figure"], "words"),
    (ValueType.AMOUNT, "nan", "nan", ["figure"], "no number"),
    (ValueType.AMOUNT, "1e30", "1e30", ["figure"], "absurd"),
    (ValueType.AREA, "2.50", "2.5", [], "areas without idle zeros"),
    (ValueType.AREA, "12亩", "12", [], "unit in the cell"),
    (ValueType.COUNT, "3人", "3", [], "counted"),
    (ValueType.COUNT, "3.5", "4", ["decimals"], "half a person"),
    (ValueType.DATE, "2026年6月30日", "2026-06-30", [], "a day"),
    (ValueType.DATE, "2026.6", "2026-06", [], "a month"),
    (ValueType.DATE, "上半年", "上半年", ["date"], "no day"),
    (ValueType.PHONE, "139-0000 0000", "13900000000", [], "grouped"),
    (ValueType.PHONE, "123", "123", ["phone"], "too short"),
    (ValueType.NAME, "张  三", "张三", [], "spread names are closed"),
    (ValueType.NAME, "张3", "张3", ["name"], "a digit in a name"),
    (ValueType.TEXT, "长" * 201, "长" * 200, ["long"], "too long"),
    (ValueType.IDENTITY, RIGHT, RIGHT, [], "right"),
    (ValueType.IDENTITY, RIGHT[:6] + " " + RIGHT[6:], RIGHT, [], "grouped"),
    (ValueType.IDENTITY, WRONG_CHECK, WRONG_CHECK, ["identity_check"], "a digit is wrong"),
    (ValueType.IDENTITY, "34160219001301001X", "34160219001301001X", ["identity"], "month 13"),
    (ValueType.IDENTITY, RIGHT[:16], RIGHT[:16], ["identity"], "two digits short"),
    (ValueType.IDENTITY, "3.41602E+17", "", ["precision"], "lost on the way to CSV"),
    (ValueType.IDENTITY, "341602********0011", "341602********0011", [], "masked by its maker"),
    (ValueType.ACCOUNT, "6217 0000 0000 0000 004", "6217000000000000004", [], "grouped, right check digit"),
    (ValueType.ACCOUNT, "6217000000000000001", "6217000000000000001", ["account_check"], "wrong check digit"),
    (ValueType.ACCOUNT, "12", "12", ["account"], "too short"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "shown", "codes", "reason"), CASES, ids=[f"{c[0]}-{c[-1]}" for c in CASES])
def test_cells_are_understood_or_refused(kind, text, shown, codes, reason) -> None:
    value = read_value(SourceCell(text), column(kind))
    assert (value.text, [fault.code for fault in value.faults]) == (shown, codes), reason


def test_an_identity_number_that_is_kept_as_a_number_is_refused_with_the_remedy() -> None:
    value = read_value(SourceCell("341602190001010000", number=True), column(ValueType.IDENTITY))
    assert value.text == "" and value.faults[0].serious
    assert "文本" in value.faults[0].message
    short = read_value(SourceCell("123456789012", number=True), column(ValueType.ACCOUNT))
    assert short.faults == (), "fifteen digits are kept exactly"


def test_messages_never_repeat_what_is_personal() -> None:
    for text in (WRONG_CHECK, RIGHT[:16], "34160219001301001X"):
        for fault in read_value(SourceCell(text), column(ValueType.IDENTITY)).faults:
            assert text[6:14] not in fault.message


@pytest.mark.parametrize("kind", [ValueType.AMOUNT, ValueType.AREA, ValueType.COUNT, ValueType.DATE])
def test_a_column_taken_for_another_is_not_quoted(kind) -> None:
    """Somebody's name or number in a column of amounts must not get into a message."""
    for text in ("张三", RIGHT, "6217000000000000004", "13900001234"):
        for fault in read_value(SourceCell(text), column(kind)).faults:
            assert text[:4] not in fault.message
    assert "“2,5,0.1.2”" in read_value(SourceCell("2,5,0.1.2"), column(ValueType.AMOUNT)).faults[0].message


MISSING = [("", True, ["empty"]), ("", False, []), ("—", False, []), ("-", True, ["figure"])]


@pytest.mark.parametrize(("text", "required", "codes"), MISSING)
def test_what_is_required_must_be_there(text, required, codes) -> None:
    value = read_value(SourceCell(text), column(ValueType.AMOUNT, required=required))
    assert [fault.code for fault in value.faults] == codes


def test_a_formula_without_result_and_an_error_say_what_to_do() -> None:
    assert "保存一次" in read_value(SourceCell("", unsolved=True), column(ValueType.AMOUNT)).faults[0].message
    assert "#REF!" in read_value(SourceCell("#REF!", error=True), column(ValueType.AMOUNT)).faults[0].message


def test_amounts_in_ten_thousands_become_yuan() -> None:
    assert read_value(SourceCell("1.5"), column(ValueType.AMOUNT), Decimal(10000)).text == "15,000.00"
