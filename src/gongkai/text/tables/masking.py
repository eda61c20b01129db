"""What the public sees of a cell: as it is, masked (`text/checks/masks.py`, `rules/data/masks.toml`), or not at all."""

from __future__ import annotations

import re

from gongkai.rules.table_kinds import Exposure, ValueType
from gongkai.text.checks.masks import is_masked, mask
from gongkai.text.personal_data import find_personal_data

__all__ = ["clear_of_personal_data", "describe", "shown"]

_KINDS = {
    ValueType.NAME: "name",
    ValueType.IDENTITY: "identity_number",
    ValueType.ACCOUNT: "bank_card",
    ValueType.ADDRESS: "address",
}
_VISIBLE = {ValueType.IDENTITY: 10, ValueType.ACCOUNT: 10, ValueType.PHONE: 7}
"""Digits that may be left of a number somebody else has masked."""
_LONG_NUMBER = re.compile("[0-9０-９]{12,}")
_MAYBE_PERSONAL = re.compile(r"[0-9０-９〇零一二三四五六七八九幺](?:.{0,3}[0-9０-９〇零一二三四五六七八九幺]){4}|[@＠]")
"""Cheap and wide: what has no five digits near each other and no @ is not looked at closely."""


def shown(text: str, kind: ValueType, exposure: Exposure) -> str:
    """The part of `text` that the public sees. Raises `KeyError` for a masked column of a kind that has no mask."""
    if exposure is Exposure.HIDDEN or not text:
        return ""
    if exposure is Exposure.SHOWN or _is_masked_enough(text, kind):
        return text
    if kind is ValueType.PHONE:
        return mask("mobile" if re.fullmatch("1[0-9]{10}", text) else "landline", text)
    return mask(_KINDS[kind], text)


def _is_masked_enough(text: str, kind: ValueType) -> bool:
    """Whether the makers of the file hid a part themselves, and no less than we should: a number with one star in it is none."""
    if kind is ValueType.ADDRESS or not is_masked(text):
        return False
    return kind is ValueType.NAME or sum(char.isdigit() for char in text) <= _VISIBLE[kind]


def clear_of_personal_data(text: str) -> tuple[str, tuple[str, ...]]:
    """`text` of a free column with every identity number, telephone, card … in it masked, and the labels of what was found."""
    if not _MAYBE_PERSONAL.search(text):
        return text, ()
    found = find_personal_data(text)
    for one in reversed(found):
        text = text[: one.start] + mask(one.kind.value, one.text) + text[one.end :]
    labels = [one.kind.label for one in found]
    if _LONG_NUMBER.search(text):  # accounts without a check digit, numbers with one digit too many
        text = _LONG_NUMBER.sub(lambda match: mask("bank_card", match.group()), text)
        labels.append("长数字")
    return text, tuple(dict.fromkeys(labels))


_POLICY = {
    ValueType.NAME: "保留姓氏，其余以 * 代替",
    ValueType.IDENTITY: "保留前六位和后四位，中间以 * 代替",
    ValueType.ACCOUNT: "只保留后四位",
    ValueType.PHONE: "保留前三位和后四位（手机），固定电话保留区号",
    ValueType.ADDRESS: "截至村（社区）、街道，隐去门牌",
}


def describe(kind: ValueType, exposure: Exposure) -> str:
    """The policy of a column in words."""
    if exposure is Exposure.MASKED:
        return _POLICY[kind]
    return "按原样公开" if exposure is Exposure.SHOWN else "不公开，不存入公开的表"
