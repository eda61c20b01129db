"""Characters on paper: which may be printed at all, and how wide they are."""

from __future__ import annotations

import re
import unicodedata

# Control characters no XML file may hold, lone surrogates, and characters without a shape of their own. The marks that
# turn the direction of writing go too: they can make a printed name or number read differently from the stored one.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff0-\uffff\ud800-\udfff]"
)
_BLANKS = re.compile(r"[ \t\n\r\u00a0\u2000-\u200a\u2028\u2029\u202f\u3000]+")
_WIDE = frozenset("WF")
_AMBIGUOUS_WIDE = frozenset("“”‘’…—·①②③④⑤⑥⑦⑧⑨⑩℃‰※→×÷±")
_LONG_WORD = re.compile(r"[!-~]{20,}")
_HALF = 0.55
"""A digit or small letter of the text face, in em."""


def clean(text: str) -> str:
    """``text`` without unprintable characters; runs of blanks become one, an ideographic one if there was any."""
    return _BLANKS.sub(lambda found: "\u3000" if "\u3000" in found[0] else " ", _UNPRINTABLE.sub("", text))


def tight(text: str) -> str:
    """``text`` without any blank: for comparing and for recognising lines."""
    return _BLANKS.sub("", text)


def width(text: str) -> float:
    """Estimated width of ``text`` in em: 1 for a Chinese character, about half for digits and Latin letters."""
    return sum(
        1.0 if character in _AMBIGUOUS_WIDE or unicodedata.east_asian_width(character) in _WIDE else _HALF
        for character in text
    )


def has_long_word(text: str) -> bool:
    """Whether ``text`` has a word so long that stretching the line before it would leave that full of holes."""
    return _LONG_WORD.search(text) is not None
