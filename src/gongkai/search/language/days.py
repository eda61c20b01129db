"""Dates in a question, as ranges of days: 2024年3月至5月, 2024-03-01..2024-05-31, 去年, 近三个月. The given day decides what 今年 is.

Titles are full of dates (2024年1—6月财政收支情况), and reading one as a restriction would hide the very document. So a date restricts
only where it stands apart: between blanks, at the head of the text before 的 or 发布, or behind 日期：. A year or month alone stays words.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta

from gongkai.search.language.draft import Draft
from gongkai.search.parsed import DateRange, ReadingKind
from gongkai.text.dates import add_months, chinese_integer

_POINT = (
    r"(?P<{0}y>(?:19|20)[0-9]{{2}}) ?(?:年|(?=[-./][0-9]))"
    r"(?: ?[-./]? ?(?P<{0}m>1[0-2]|0?[1-9])(?![0-9]) ?(?:月|(?=[-./][0-9]))?(?: ?[-./]? ?(?P<{0}d>3[01]|[12][0-9]|0?[1-9])(?![0-9]) ?[日号]?)?)?"
)
_BARE_POINT = rf"(?:{_POINT}|(?P<{{0}}y2>(?:19|20)[0-9]{{{{2}}}}))"
_LATER = r"(?:(?P<{0}m3>1[0-2]|0?[1-9]) ?月(?: ?(?P<{0}d3>3[01]|[12][0-9]|0?[1-9]) ?[日号])?|(?P<{0}d4>3[01]|[12][0-9]|0?[1-9]) ?[日号])"
_TO = r" ?(?:至|到|~|～|—{1,2}|–|－|\.\.\.?| - |(?<=[年月日])-) ?"
_AROUND = r"(?: ?(?:期间|之间|以内|内|间))?(?: ?(?:发布|公布|公开|出台|印发|成文|下发)过?)?的?"
_FROM_WORDS, _UNTIL_WORDS = r"(?:以来|以后|之后|后|起|至今|到现在)", r"(?:以前|之前|前)"

_RANGE = re.compile(
    rf"(?:从|自)?(?:{_BARE_POINT.format('a')}){_TO}(?:{_BARE_POINT.format('b')}|{_LATER.format('b')}){_AROUND}"
)
_SINCE = re.compile(rf"(?:从|自)?(?:{_BARE_POINT.format('a')}) ?(?P<side>{_FROM_WORDS}|{_UNTIL_WORDS}){_AROUND}")
_SINGLE = re.compile(rf"(?:{_BARE_POINT.format('a')}){_AROUND}")
_NUMBER = r"(?P<n>[0-9]{1,3}|[一二两三四五六七八九十]{1,3}|半)"
_RELATIVE = re.compile(
    rf"(?:(?P<word>今年|本年度?|去年|上年度?|前年|今天|昨天|本周|这周|上周|本月|这个月|上个?月|本季度|上个?季度)|"
    rf"(?:最近|近|过去|前)(?P<span>{_NUMBER} ?个?(?P<unit>天|日|周|星期|礼拜|月|季度|年)))(?:以来|来)?{_AROUND}"
)
_LABEL = re.compile(r"(?:(?<= )|^)(?:日期|时间|发布时间|发布日期|公布日期) ?: ?")
_LONGEST_REST = 16
"""Characters that may follow 去年 without a blank; a longer text is a title."""


def read_days(draft: Draft, today: date | None) -> DateRange:
    """Take a restriction by date out of the text; relative words only when the day is known. The first one counts."""
    label = _LABEL.search(draft.rest)
    if label is not None:
        found = _first(draft, (label.end(),), (_RANGE, _SINCE, _RELATIVE, _SINGLE), today, labelled=True)
        if found is not None:
            return _taken(draft, label.start(), found)
    starts = [match.start() for match in re.finditer(r"(?<![^ ])[^ ]", draft.rest)]
    found = _first(draft, starts, (_RANGE, _SINCE, _RELATIVE), today, labelled=False)
    return _taken(draft, found[0], found) if found else DateRange()


_Found = tuple[int, int, DateRange]
"""Start, end, days."""


def _first(
    draft: Draft,
    starts: tuple[int, ...] | list[int],
    patterns: tuple[re.Pattern[str], ...],
    today: date | None,
    *,
    labelled: bool,
) -> _Found | None:
    for start in starts:
        for pattern in patterns:
            match = pattern.match(draft.rest, start)
            if match is None or not (labelled or _stands_apart(draft.rest, match, pattern)):
                continue
            days = _READERS[pattern](match, today)
            if days is not None:
                return match.start(), match.end(), days
    return None


def _stands_apart(text: str, match: re.Match[str], pattern: re.Pattern[str]) -> bool:
    """Whether the match ends a run, or says by its last words that it restricts, or is a relative word before a few words."""
    if match.end() == len(text) or text[match.end()] == " ":
        return True
    if match.group()[-1] == "的" or match.group().endswith(("发布", "公布", "公开", "出台", "印发", "下发")):
        return True
    return pattern is _RELATIVE and len(text[match.end() :].strip()) <= _LONGEST_REST and "《" not in text


def _taken(draft: Draft, start: int, found: _Found) -> DateRange:
    _, end, days = found
    first = f"{days.first:%Y-%m-%d}" if days.first else ""
    last = f"{days.last:%Y-%m-%d}" if days.last else ""
    text = f"{first}至{last}" if first and last else f"{first}以后" if first else f"{last}以前"
    draft.say(ReadingKind.DATES, f"发布日期：{first if first == last else text}", start, end, drop=True)
    draft.take(start, end)
    return days


def _range(match: re.Match[str], today: date | None) -> DateRange | None:
    first = _point(match, "a")
    last = _point(match, "b")
    if last is None and first is not None:
        year, month = first[0].year, match["bm3"]
        day = match["bd3"] if month else match["bd4"]
        last = _days(year, int(month) if month else first[0].month, int(day) if day else None)
    if first is None or last is None:
        return None
    (start, _), (_, end) = sorted((first, last))
    return DateRange(start, end)


def _since(match: re.Match[str], today: date | None) -> DateRange | None:
    point = _point(match, "a")
    if point is None:
        return None
    if re.fullmatch(_UNTIL_WORDS, match["side"]):
        return DateRange(None, point[0] - timedelta(days=1)) if point[0] > date.min else None
    later = match["side"] in ("以后", "之后", "后")
    return DateRange(point[1] + timedelta(days=1) if later else point[0])


def _single(match: re.Match[str], today: date | None) -> DateRange | None:
    point = _point(match, "a")
    return DateRange(*point) if point else None


def _point(match: re.Match[str], name: str) -> tuple[date, date] | None:
    """First and last day of the point ``a`` or ``b``; ``None`` when it was not given or does not exist."""
    year, month, day = match[f"{name}y"] or match[f"{name}y2"], match[f"{name}m"], match[f"{name}d"]
    if year is None:
        return None
    return _days(int(year), int(month) if month else None, int(day) if day else None)


def _days(year: int, month: int | None, day: int | None) -> tuple[date, date] | None:
    if month is None:
        return date(year, 1, 1), date(year, 12, 31)
    longest = calendar.monthrange(year, month)[1]
    if day is None:
        return date(year, month, 1), date(year, month, longest)
    return (date(year, month, day), date(year, month, day)) if day <= longest else None


def _relative(match: re.Match[str], today: date | None) -> DateRange | None:
    if today is None:
        return None
    if match["word"]:
        return _named(match["word"], today)
    number = 0.5 if match["n"] == "半" else chinese_integer(match["n"])
    if not number:
        return None
    unit = match["unit"]
    if unit in ("天", "日", "周", "星期", "礼拜"):
        days = int(number * (1 if unit in ("天", "日") else 7))
        return DateRange(today - timedelta(days=max(1, days)), today)
    months = number * {"月": 1, "季度": 3, "年": 12}[unit]
    if months < 1:
        return DateRange(today - timedelta(days=15), today)
    return DateRange(add_months(today, -int(min(months, 1200))), today)


def _named(word: str, today: date) -> DateRange:
    year = today.year
    if word in ("今年", "本年", "本年度", "去年", "上年", "上年度", "前年"):
        year -= {"今": 0, "本": 0, "去": 1, "上": 1, "前": 2}[word[0]]
        return DateRange(date(year, 1, 1), date(year, 12, 31))
    if word in ("今天", "昨天"):
        day = today - timedelta(days=word == "昨天")
        return DateRange(day, day)
    back = word.startswith("上")
    if word.endswith("周"):
        monday = today - timedelta(days=today.weekday() + 7 * back)
        return DateRange(monday, monday + timedelta(days=6))
    months = 3 if word.endswith("季度") else 1
    first = today.replace(day=1)
    if months == 3:
        first = first.replace(month=(today.month - 1) // 3 * 3 + 1)
    first = add_months(first, -months) if back else first
    return DateRange(first, add_months(first, months) - timedelta(days=1))


_READERS: dict[re.Pattern[str], Callable[[re.Match[str], date | None], DateRange | None]] = {
    _RANGE: _range,
    _SINCE: _since,
    _SINGLE: _single,
    _RELATIVE: _relative,
}
