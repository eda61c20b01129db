"""What may be written down of a search: its normal spelling, or nothing when it may be about a person."""

from __future__ import annotations

import re

from gongkai.rules import document_number
from gongkai.text.analysis import prepare
from gongkai.text.normalise import HAN, simplify
from gongkai.text.personal_data import find_personal_data

LONGEST = 40
"""Characters of a search that are written down; what is longer is a story, and stories are about people."""

_EDGES = re.compile(rf"\A[^\w{HAN}〔《“]+|[^\w{HAN}〕》”]+\Z")
_APART = re.compile(rf"[^\w{HAN}]+|_")
_INDEX_NUMBER = re.compile(r"(?<![0-9a-z])[0-9a-z]{9,18}[/-](?:19|20)[0-9]{2}(?:[0-9]{2})?-[0-9]{5,6}(?![0-9a-z])")
_DATE = re.compile(
    r"(?<![0-9])(?:19|20)[0-9]{2}(?:年[0-9]{1,2}月(?:[0-9]{1,2}日)?|[-./][0-9]{1,2}[-./][0-9]{1,2}|)(?![0-9])"
)
_SPELT_DIGITS = re.compile("[〇零一二三四五六七八九幺]{6,}")
_ADDRESS = re.compile(
    r"[0-9一二三四五六七八九十]{1,4}(?:号楼|栋|幢|单元)|[0-9]{1,4}(?:室|户(?![籍口]))|[路街巷弄道][0-9]{1,5}号(?![文令])"
    r"|[村庄屯寨][^，。、]{0,6}?[0-9一二三四五六七八九十]{1,3}(?:组|队|号)"
)
_DIGITS_OF_A_PERSON = 6


def normal(text: str) -> str:
    """Return the normal spelling of a search: folded, without superfluous blanks and edges; 文号 as GB/T 9704 writes it.

    Empty when nothing is asked (blanks, punctuation).
    """
    number = document_number.parse(text)
    if number is not None:
        return number.text
    return _EDGES.sub("", " ".join(prepare(text).split()))


def key(normal_text: str) -> str:
    """Return what spellings of one search have in common: Simplified characters, letters and digits alone."""
    return _APART.sub("", simplify(normal_text))


def is_private(normal_text: str) -> bool:
    """Whether a search may be about a person and so is not to be written down.

    Any personal data, sure or suspected; six digits or more outside of 文号, 索引号, dates and years; an address of a home;
    more than `LONGEST` characters.
    """
    if len(normal_text) > LONGEST:
        return True
    rest = _INDEX_NUMBER.sub(" ", normal_text)
    for number in reversed(document_number.find_all(rest)):
        rest = f"{rest[: number.start]} {rest[number.end :]}"
    if find_personal_data(rest) or _ADDRESS.search(rest) or _SPELT_DIGITS.search(rest):
        return True
    return sum(char.isdigit() for char in _DATE.sub(" ", rest)) >= _DIGITS_OF_A_PERSON
