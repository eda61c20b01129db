"""索引号, 《条例》§12; the shapes seen on portals."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.rules.index_number import (
    LAST_SERIAL,
    IndexNumber,
    check_index_number,
    format_index_number,
    parse_index_number,
    period,
)

USCC = "11341602003166647K"

SHAPES = [
    ("11341602003166647K/202501-00064", (USCC, "202501", 64), "Anhui: credit code and month"),
    ("12620600MB0523338C/2025-04735", ("12620600MB0523338C", "2025", 4735), "Gansu: credit code and year"),
    ("000014349/2017-00110", ("000014349", "2017", 110), "gov.cn: organisation code and year"),
    ("003110926/201510-00216", ("003110926", "201510", 216), "Anqing: organisation code and month"),
    ("6107280000/2024-001005", ("6107280000", "2024", 1005), "six-digit serial"),
    (" 000014349-2017-00110 ", ("000014349", "2017", 110), "a hyphen for the stroke, blanks around"),
]


@pytest.mark.parametrize(("text", "parts", "why"), SHAPES, ids=[row[2] for row in SHAPES])
def test_shapes_seen_on_portals_are_read(text: str, parts: tuple[str, str, int], why: str) -> None:
    number = parse_index_number(text)
    assert number == IndexNumber(*parts, text.strip()), why


NOT_INDEX_NUMBERS = [
    ("", "nothing"),
    ("谯政办〔2024〕12号", "a document number"),
    ("11341602003166647K/202513-00064", "there is no thirteenth month"),
    ("11341602003166647K/202500-00064", "there is no month zero"),
    ("11341602003166647K/202501-00000", "serials start at 1"),
    ("11341602003166647K/202501-064", "three digits"),
    ("11341602003166647k/202501-00064", "lower case"),
    ("11341602003166647K/２０２５01-00064", "full-width digits"),
]


@pytest.mark.parametrize(("text", "why"), NOT_INDEX_NUMBERS, ids=[row[1] for row in NOT_INDEX_NUMBERS])
def test_anything_else_is_not_an_index_number(text: str, why: str) -> None:
    assert parse_index_number(text) is None, why
    assert [reason.code for reason in check_index_number(text)] == ["unreadable"]


CHECKS = [
    ("11341602003166647K/202501-00064", [], "ours"),
    ("000014349/2017-00110", ["length", "period"], "readable, but not ours"),
    ("11341602003166647L/202501-00064", ["check_digit"], "the credit code is wrong"),
    ("11341602003166647K/202501-000064", ["not_canonical"], "a padded sixth digit would make a second spelling"),
    ("11341602003166647K-202501-00064", ["not_canonical"], "hyphen for the stroke"),
    (" 11341602003166647K/202501-00064", ["unreadable"], "a blank in front"),
]


@pytest.mark.parametrize(("text", "codes", "why"), CHECKS, ids=[row[2] for row in CHECKS])
def test_our_own_numbers_are_checked_strictly(text: str, codes: list[str], why: str) -> None:
    assert [reason.code for reason in check_index_number(text)] == codes, why


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.integers(1, LAST_SERIAL))
def test_every_number_we_make_is_read_back(on: date, serial: int) -> None:
    text = format_index_number(USCC, on, serial)
    number = parse_index_number(text)
    assert number is not None
    assert (number.organisation, number.period, number.serial) == (USCC, period(on), serial)
    assert (number.year, number.month) == (on.year, on.month)
    assert check_index_number(text) == []


@given(st.integers(1, LAST_SERIAL), st.integers(1, LAST_SERIAL))
def test_different_serials_never_give_the_same_number(one: int, other: int) -> None:
    on = date(2026, 9, 1)
    assert (format_index_number(USCC, on, one) == format_index_number(USCC, on, other)) == (one == other)


def test_the_serial_has_five_digits_and_grows_to_six_after_99999() -> None:
    on = date(2026, 9, 30)
    assert format_index_number(USCC, on, 1) == f"{USCC}/202609-00001"
    assert format_index_number(USCC, on, 99_999) == f"{USCC}/202609-99999"
    assert format_index_number(USCC, on, 100_000) == f"{USCC}/202609-100000"


@pytest.mark.parametrize("serial", [0, -1, LAST_SERIAL + 1])
def test_a_serial_out_of_range_is_an_error(serial: int) -> None:
    with pytest.raises(ValueError, match="serial"):
        format_index_number(USCC, date(2026, 9, 1), serial)


def test_a_body_without_a_valid_code_gets_no_number() -> None:
    with pytest.raises(ValueError, match="credit code"):
        format_index_number("003110926", date(2026, 9, 1), 1)
