"""统一社会信用代码, GB 32100-2015."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.rules.uscc import ALPHABET, check_digit, check_uscc, make_uscc

REAL_CODES = [
    ("11341602003166647K", "谯城区, from its public index numbers"),
    ("12620600MB0523338C", "a public institution in 甘肃"),
    ("11441700007280420Y", "a government in 广东"),
]


@pytest.mark.parametrize(("code", "why"), REAL_CODES, ids=[row[1] for row in REAL_CODES])
def test_real_codes_pass(code: str, why: str) -> None:
    assert check_uscc(code) == [], why


FAULTY = [
    ("", "empty", "nothing typed"),
    ("11341602003166647", "length", "one character short"),
    ("11341602003166647KK", "length", "one too many"),
    ("11341602003166647k", "characters", "lower case is not stored"),
    ("11341602O03166647K", "characters", "the letter O is not in the alphabet"),
    ("11A41602003166647K", "characters", "the division code is digits"),
    ("11341602003166647L", "check_digit", "wrong check character"),
    ("11341602003166674K", "check_digit", "two digits swapped"),
]


@pytest.mark.parametrize(("code", "reason", "why"), FAULTY, ids=[row[2] for row in FAULTY])
def test_a_faulty_code_is_refused_with_its_reason(code: str, reason: str, why: str) -> None:
    assert [item.code for item in check_uscc(code)] == [reason], why


BODIES = st.from_regex(rf"[{ALPHABET}]{{2}}[0-9]{{6}}[{ALPHABET}]{{9}}", fullmatch=True)


@given(BODIES)
def test_a_made_code_is_valid(first17: str) -> None:
    assert check_uscc(make_uscc(first17)) == []


@given(BODIES, st.integers(0, 16), st.sampled_from(ALPHABET))
def test_any_single_wrong_character_is_caught(first17: str, position: int, other: str) -> None:
    code = make_uscc(first17)
    wrong = code[:position] + other + code[position + 1 :]
    assert bool(check_uscc(wrong)) == (wrong != code)


@pytest.mark.parametrize("text", ["", "1134160200316664", "11341602003166647K", "1134160200316664I"])
def test_the_check_digit_of_nonsense_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="first 17 characters"):
        check_digit(text)
