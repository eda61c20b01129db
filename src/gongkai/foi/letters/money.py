"""Amounts in the capital numerals that accounts and receipts use."""

from __future__ import annotations

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_UNITS = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿")
LARGEST = 999_999_999_999


def in_capitals(yuan: int) -> str:
    """A whole amount of 元 in capitals: 380 is 叁佰捌拾元整. Raises `ValueError` below 0 and above `LARGEST`."""
    if not 0 <= yuan <= LARGEST:
        raise ValueError("the amount is negative or too large")
    if yuan == 0:
        return "零元整"
    written, gap = "", False
    for place in (2, 1, 0):
        group = yuan // 10_000**place % 10_000
        if group == 0:
            gap = gap or bool(written)
            continue
        if written and (gap or group < 1000):
            written += "零"
        written += _group(group) + _GROUPS[place]
        gap = False
    return f"{written}元整"


def _group(number: int) -> str:
    """1 to 9999."""
    written, gap = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit == 0:
            gap = bool(written)
            continue
        written += ("零" if gap else "") + _DIGITS[digit] + _UNITS[place]
        gap = False
    return written
