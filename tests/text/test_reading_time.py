"""How long a text takes to read, at 300 characters a minute."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.rules.vocabulary import VocabularyError, set_override_directory
from gongkai.text.reading_time import BRIEF, characters_within, reading_minutes, reading_seconds

TIMES = [
    ("", 0, 0, "nothing"),
    (" \n　", 0, 0, "blanks"),
    ("字", 1, 1, "one character takes a second begun"),
    ("字" * 150, 30, 1, "the thirty-second reading"),
    ("字" * 300, 60, 1, "a minute"),
    ("字" * 301, 61, 2, "a minute begun"),
    ("字 " * 900, 180, 3, "the three-minute reading; blanks take no time"),
]


@pytest.mark.parametrize(("text", "seconds", "minutes", "why"), TIMES, ids=[row[3] for row in TIMES])
def test_seconds_and_minutes(text: str, seconds: int, minutes: int, why: str) -> None:
    assert (reading_seconds(text), reading_minutes(text)) == (seconds, minutes), why


@given(st.integers(1, 3600))
def test_what_fits_is_read_in_time_and_one_character_more_is_not(seconds: int) -> None:
    most = characters_within(seconds)
    assert reading_seconds("字" * most) <= seconds < reading_seconds("字" * (most + 1))


def test_the_thirty_second_reading() -> None:
    assert characters_within(BRIEF) == 150


@pytest.mark.parametrize("content", ["", "characters_per_minute = 0", 'characters_per_minute = "快"'])
def test_a_faulty_data_file_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "readability.toml").write_text(content, encoding="utf-8")
    set_override_directory(tmp_path)
    try:
        with pytest.raises(VocabularyError, match=r"readability\.toml.*characters_per_minute"):
            reading_minutes("字")
    finally:
        set_override_directory(None)
