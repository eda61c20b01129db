"""Plain text: encodings, lines, title."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.text.extraction.samples import PARAGRAPHS, TITLE

from gongkai.text.extraction import extract
from gongkai.text.extraction.markup import sanitise, tidy
from gongkai.text.extraction.plain import decode

TEXT = "\r\n".join((TITLE, "", *(f"　　{text}  " for text in PARAGRAPHS)))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-be"])
def test_text_in_every_usual_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    data = TEXT.encode(encoding)
    (tmp_path / "a.txt").write_bytes(b"\xfe\xff" + data if encoding == "utf-16-be" else data)
    result = extract(tmp_path / "a.txt")
    assert result.text.split("\n") == [TITLE, *PARAGRAPHS]
    assert result.title == TITLE
    assert result.html.startswith(f"<p>{TITLE}</p>")


def test_a_few_broken_characters_are_marked_and_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes((TEXT * 5).encode() + b"\xff\xfe")
    result = extract(tmp_path / "a.txt")
    assert result.text.endswith("\ufffd\ufffd")
    assert "核对原文" in result.warnings[0]


@given(st.text(alphabet=st.characters(codec="gb18030", exclude_categories=("Cc", "Cs")), max_size=200))
def test_utf_8_is_never_taken_for_anything_else(text: str) -> None:
    assert decode(text.encode()) in ((text, "utf-8"), (text.removeprefix("\ufeff"), "utf-8"))


@given(st.text(max_size=300))
def test_tidying_twice_changes_nothing(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)


@given(st.text(alphabet="<>/ab =\"'script onclick=javascript:svg&;p", max_size=200))
def test_sanitised_html_has_no_tag_outside_the_list(text: str) -> None:
    clean = sanitise(text)
    assert "<script" not in clean
    assert "<svg" not in clean
    assert sanitise(clean) == clean
