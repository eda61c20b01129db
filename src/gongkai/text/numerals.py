"""Chinese numerals: 十八, 一百零二, 二〇二六, 两."""

from __future__ import annotations

_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}

NUMERAL = "[〇零一二三四五六七八九十百千两]"
"""One sign of a numeral, for regular expressions."""


def number_of(numeral: str) -> int:
    """The value of decimal digits or of a numeral up to 9999: of value (一百零二) or of figures (二〇二六).

    Raises `KeyError` for any other sign, `ValueError` for an empty text.
    """
    if not numeral:
        raise ValueError("no numeral")
    if numeral.isdecimal():
        return int(numeral)
    if not any(sign in _UNITS for sign in numeral):
        return int("".join(str(_DIGITS[sign]) for sign in numeral))
    total, digit = 0, 0
    for sign in numeral:
        if sign in _UNITS:
            total += (digit or 1) * _UNITS[sign]
            digit = 0
        else:
            digit = _DIGITS[sign]
    return total + digit
