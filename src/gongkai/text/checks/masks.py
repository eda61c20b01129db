"""Masks (脱敏) of personal data: which characters stay is data (`rules/data/masks.toml`), the writing of the original stays.

《个人信息保护法》§73 (去标识化), 国办 2018 要点; the positions are practice, not law.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from gongkai.rules.vocabulary import VocabularyError, cached_data, data_file, read_toml
from gongkai.text.checks.personal_names import COMPOUND_SURNAMES

__all__ = ["Mask", "is_masked", "mask", "masks"]


@dataclass(frozen=True, slots=True)
class Mask:
    """How many letters and digits of a value stay."""

    kind: str
    keep_first: int
    keep_last: int


_SHORTEST = {
    "identity_number": 15,
    "mobile": 11,
    "landline": 7,
    "bank_card": 12,
    "plate": 7,
    "passport": 8,
    "email": 4,
    "name": 4,
}
"""Letters and digits of the shortest value of a kind; three of them must be hidden."""
_MASKED = re.compile(r"[*＊×●○某]|[xX]{2}")
_HOUSE = re.compile(r"[A-Za-z]?[0-9０-９一二三四五六七八九十百]+[ \-]?(?:村民)?(?:小?组|号|栋|幢|座|单元|室|队|户|弄)")
_VILLAGE = re.compile(r".*(?:村|社区|街道|小区|镇|乡|大道|路|街|巷)")


def mask(kind: str, text: str) -> str:
    """`text` with the characters hidden that the mask of `kind` hides; blanks, hyphens and widths stay.

    `kind` is a value of `masks.toml`, or `address` (cut behind village or street) or `birth_date` (the year stays).
    Raises `KeyError` for any other.
    """
    if kind == "address":
        return _cut_address(text)
    if kind == "birth_date":
        return _hidden(text, [place for place, char in enumerate(text) if char.isdigit()], 4, 0)
    row = masks()[kind]
    first, reach = row.keep_first, len(text)
    if kind == "name" and first == 1 and text[:2] in COMPOUND_SURNAMES and len(text) > 2:
        first = 2
    if kind == "email":
        reach = max(text.find("@"), text.find("＠"), 0) or len(text)
    return _hidden(text, [place for place, char in enumerate(text[:reach]) if char.isalnum()], first, row.keep_last)


def is_masked(text: str) -> bool:
    """Whether somebody has hidden a part of this value already (138****8000, 张*, 张某某)."""
    return _MASKED.search(text) is not None


def masks() -> dict[str, Mask]:
    """All masks by kind. Raises `VocabularyError` when the file is faulty."""
    return _load("masks")


def _hidden(text: str, places: list[int], first: int, last: int) -> str:
    if first + last >= len(places):
        first, last = (1, 0) if len(places) > 1 else (0, 0)
    hide = set(places[first : len(places) - last])
    return "".join(_star(char) if place in hide else char for place, char in enumerate(text))


def _star(char: str) -> str:
    return "＊" if "！" <= char <= "～" else "*"


def _cut_address(text: str) -> str:
    house = _HOUSE.search(text)
    front = text[: house.start()] if house else text
    village = _VILLAGE.match(front)
    return village.group() if village else front


@cached_data
def _load(name: str) -> dict[str, Mask]:
    path = data_file(name)
    rows = read_toml(path).get("masks")
    if not isinstance(rows, list):
        raise VocabularyError(f"{path.name}：没有任何 masks 条目。")
    result: dict[str, Mask] = {}
    for position, row in enumerate(rows, start=1):
        where = f"{path.name}：第{position}个条目"
        if not isinstance(row, dict) or row.get("kind") not in _SHORTEST:
            raise VocabularyError(f"{where}的 kind 应当为 {'、'.join(_SHORTEST)} 之一。")
        kind, first, last = row["kind"], row.get("keep_first"), row.get("keep_last")
        if not (type(first) is int and type(last) is int and first >= 0 and last >= 0):
            raise VocabularyError(f"{where}的 keep_first、keep_last 应当为不小于 0 的整数。")
        if first + last > _SHORTEST[kind] - 3:
            raise VocabularyError(f"{where}保留的位数过多，至少应当隐去三位。")
        result[kind] = Mask(kind, first, last)
    if missing := set(_SHORTEST) - set(result):
        raise VocabularyError(f"{path.name}缺少 {'、'.join(sorted(missing))}。")
    return result
