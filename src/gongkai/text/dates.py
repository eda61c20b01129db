"""Dates as official Chinese documents write them: read one, find all in running text, and count terms of validity.

Understood are 2013年4月10日 (half or full width, blanks between the parts), 二〇一三年四月十日 (〇, ○, Ｏ, 零) and
2013-04-10, 2013/4/10, 2013.4.10. A date that does not exist (2月30日) or lies outside 1900–2100 is not a date.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

_BLANK = r"[ \t\u00a0\u3000]{0,4}"
_CHINESE_DIGITS = {
    char: value
    for value, chars in enumerate(("〇零○ＯO", "一", "二", "三", "四", "五", "六", "七", "八", "九"))
    for char in chars
}
_DIGITS = "".join(_CHINESE_DIGITS)

_LONG = re.compile(
    rf"(?<![0-9０-９])(?P<year>[0-9０-９]{{4}}){_BLANK}年{_BLANK}(?P<month>[0-9０-９]{{1,2}}){_BLANK}月{_BLANK}(?P<day>[0-9０-９]{{1,2}}){_BLANK}[日号]"
)
_CHINESE = re.compile(
    rf"(?P<year>[一二][{_DIGITS}]{{3}}){_BLANK}年{_BLANK}(?P<month>[元正一二三四五六七八九十]{{1,2}}){_BLANK}月{_BLANK}"
    rf"(?P<day>[一二三四五六七八九十廿卅]{{1,3}}){_BLANK}[日号]"
)
_SHORT = re.compile(
    r"(?<![0-9.\-/])(?P<year>(?:19|20)[0-9]{2})(?P<separator>[-/.])(?P<month>[0-9]{1,2})(?P=separator)(?P<day>[0-9]{1,2})(?![0-9]|[-/.][0-9])"
)
_FORMS = (_LONG, _CHINESE, _SHORT)


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in running text: ``text[start:end] == raw``."""

    value: date
    start: int
    end: int
    raw: str


def find_dates(text: str) -> list[FoundDate]:
    """Return every full date (year, month and day) in ``text``, in order."""
    found = [
        FoundDate(value, match.start(), match.end(), match.group())
        for form in _FORMS
        for match in form.finditer(text)
        if (value := _value(match)) is not None
    ]
    return sorted(found, key=lambda item: item.start)


def parse_date(text: str) -> date | None:
    """Read ``text`` as one date, a time of day behind it being ignored; ``None`` when it is not one."""
    stripped = re.sub(r"[T\s]+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9:]+)?\Z", "", text.strip())
    compact = re.fullmatch(r"((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})", stripped)
    if compact:
        return _date(*map(int, compact.groups()))
    for form in _FORMS:
        match = form.fullmatch(stripped)
        if match:
            return _value(match)
    return None


def chinese_integer(text: str) -> int | None:
    """Value of a small number in Arabic or Chinese digits (12, １２, 十二, 廿三, 两); ``None`` when it is none."""
    text = unicodedata.normalize("NFKC", text.strip())
    if text.isdecimal():
        return int(text)
    text = text.replace("两", "二").replace("廿", "二十").replace("卅", "三十").replace("元", "一").replace("正", "一")
    tens, ten, ones = text.rpartition("十")
    if (tens and tens not in _CHINESE_DIGITS) or (ones and ones not in _CHINESE_DIGITS) or not (ten or ones):
        return None
    return (_CHINESE_DIGITS[tens] if tens else 1 if ten else 0) * 10 + (_CHINESE_DIGITS[ones] if ones else 0)


def add_months(day: date, months: int) -> date:
    """Return the same day ``months`` later, or the last day of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def last_day_of_term(first: date, months: int) -> date:
    """Return the last day of a term of ``months`` that begins on ``first``.

    A document in force from 2024-09-01 for five years is valid up to and including 2029-08-31.
    """
    return add_months(first, months) - timedelta(days=1)


def _value(match: re.Match[str]) -> date | None:
    year, month, day = match["year"], match["month"], match["day"]
    if match.re is _CHINESE:
        month_value, day_value = chinese_integer(month), chinese_integer(day)
        if month_value is None or day_value is None:
            return None
        return _date(int("".join(str(_CHINESE_DIGITS[char]) for char in year)), month_value, day_value)
    return _date(int(year), int(month), int(day))


def _date(year: int, month: int, day: int) -> date | None:
    if not 1900 <= year <= 2100:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
