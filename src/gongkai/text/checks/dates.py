"""Dates that cannot be: days that do not exist, weekdays that do not fit, periods that end before they begin, events told as past that
lie after the publication, and years that slipped in from another report.

Nothing here can be mended without asking: a wrong weekday may be a wrong day. So there is no fix, only the place.
国办秘函〔2019〕19号 (严重表述错误; 弄虚作假: 伪造发稿日期).
"""

from __future__ import annotations

import re
from calendar import isleap, monthrange
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from gongkai.rules.findings import Finding, found
from gongkai.text.checks.material import Material
from gongkai.text.dates import FoundDate, chinese_integer, find_dates

IMPOSSIBLE, CONTRADICTION, REPORTED = "dates.impossible", "dates.contradiction", "dates.future-event-reported"
HALF_A_YEAR = 183
"""A day and month without a year that would lie further ahead than this, in days, belongs to the year before."""
LONG_BEFORE = 366
"""Days from which on it is odd that a document takes effect before it was made."""


def dates(
    material: Material, *, title: str = "", published_on: date | None = None, document_date: date | None = None
) -> Iterator[Finding]:
    """All findings about dates. ``title`` tells of which year a report is; without the two dates nothing is compared with them."""
    yield from impossible_dates(material)
    yield from wrong_weekdays(material, published_on or document_date)
    yield from reversed_periods(material)
    yield from years_of_another_report(material, title)
    if published_on is not None:
        yield from future_events(material, published_on)
    yield from against_document_date(material, document_date, published_on)


def _finding(material: Material, rule: str, start: int, end: int, message: str, suggestion: str = "") -> Finding:
    place = material.place(start)
    evidence = material.text[start:end]
    return found(rule, message=message, text=evidence, start=start, end=end, place=place, suggestion=suggestion)


# --- days that do not exist --------------------------------------------------------------------------------------------
_NUMBER = r"(?:[0-9０-９]{1,2}|[〇零元正一二三四五六七八九十廿卅]{1,3})"
_YEAR = r"(?:(?:19|20)[0-9]{2}|[１２][０９][０-９]{2}|[一二][〇零○一二三四五六七八九]{3})"
_WITH_SIGNS = re.compile(
    rf"(?<![0-9０-９一二三四五六七八九十百])(?:(?P<year>{_YEAR})\s{{0,2}}年\s{{0,2}})?(?P<month>{_NUMBER})\s{{0,2}}月\s{{0,2}}(?P<day>{_NUMBER})\s{{0,2}}[日号](?![线楼院地文])"
)
_MONTH_ONLY = re.compile(rf"(?P<year>{_YEAR})年(?P<month>[0-9]{{1,2}})月")
_WITH_HYPHENS = re.compile(
    r"(?<![0-9.\-/])(?P<year>(?:19|20)[0-9]{2})(?P<sign>[-/])(?P<month>[0-9]{2})(?P=sign)(?P<day>[0-9]{2})(?![0-9\-/])"
)
_CHINESE_DIGITS = {sign: str(value) for value, sign in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0"}


def impossible_dates(material: Material) -> Iterator[Finding]:
    """Days and months that do not exist; 29 February only where the year is named (`dates.impossible`)."""
    end = 0
    for pattern in (_WITH_SIGNS, _WITH_HYPHENS):
        for match in pattern.finditer(material.text):
            year = _year(match["year"])
            month, day = chinese_integer(match["month"]), chinese_integer(match["day"])
            if month is None or day is None or (pattern is _WITH_HYPHENS and month > 12 and day > 12):
                continue
            if problem := _problem(year, month, day):
                end = match.end()
                yield _finding(material, IMPOSSIBLE, match.start(), match.end(), f"“{match.group()}”：{problem}。")
    for match in _MONTH_ONLY.finditer(material.text):
        if (
            match.end() > end
            and not 1 <= int(match["month"]) <= 12
            and not _WITH_SIGNS.match(material.text, match.start())
        ):
            yield _finding(
                material, IMPOSSIBLE, match.start(), match.end(), f"“{match.group()}”：没有{match['month']}月。"
            )


def _year(written: str | None) -> int | None:
    if not written:
        return None
    return int("".join(_CHINESE_DIGITS.get(char, char) for char in written))


def _problem(year: int | None, month: int, day: int) -> str:
    if not 1 <= month <= 12:
        return f"没有{month}月"
    last = 29 if year is None and month == 2 else monthrange(year or 2000, month)[1]
    if 1 <= day <= last:
        return ""
    if (month, day) == (2, 29) and year is not None and not isleap(year):
        return f"{year}年不是闰年，2月没有29日"
    return f"{month}月没有{day}日"


# --- weekdays ----------------------------------------------------------------------------------------------------------
_WEEKDAY = re.compile(r"\s{0,2}[（(]?\s{0,2}(?:星期|周|礼拜)(?P<day>[一二三四五六日天])(?![至到、—\-~年期岁])")
_MONTH_AND_DAY = re.compile(r"(?<![0-9年])(?P<month>1[0-2]|0?[1-9])月(?P<day>[12][0-9]|3[01]|0?[1-9])日")


def wrong_weekdays(material: Material, reference: date | None = None) -> Iterator[Finding]:
    """Weekdays that do not fit the date before them (`dates.contradiction`).

    A date without a year is taken to be of the ``reference``'s year, or of a neighbouring one where that fits; without a reference
    it is not looked at.
    """
    for full in find_dates(material.text):
        if (match := _WEEKDAY.match(material.text, full.end)) and _weekday(match["day"]) != full.value.weekday():
            yield _wrong_weekday(material, full.start, match, [full.value])
    if reference is None:
        return
    for short in _MONTH_AND_DAY.finditer(material.text):
        if match := _WEEKDAY.match(material.text, short.end()):
            possible = [
                day
                for year in (reference.year, reference.year - 1, reference.year + 1)
                if (day := _date(year, int(short["month"]), int(short["day"])))
                and abs((day - reference).days) <= HALF_A_YEAR
            ]
            if possible and all(day.weekday() != _weekday(match["day"]) for day in possible):
                yield _wrong_weekday(material, short.start(), match, possible)


def _wrong_weekday(material: Material, start: int, match: re.Match[str], possible: list[date]) -> Finding:
    right = "一二三四五六日"[possible[0].weekday()]
    day = possible[0]
    message = f"{day.year}年{day.month}月{day.day}日是星期{right}，不是星期{match['day']}。"
    return _finding(material, CONTRADICTION, start, match.end("day"), message, "请核对日期和星期。")


def _weekday(sign: str) -> int:
    return "一二三四五六日".index("日" if sign == "天" else sign)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


# --- periods -----------------------------------------------------------------------------------------------------------
_TO = re.compile(r"\s{0,2}(?:[（(][^（）()\n]{1,8}[）)])?\s{0,2}(?:起)?(?:至|到|—{1,2}|－|-|~|～)\s{0,2}")
_SAME_MONTH = re.compile(
    r"(?<![0-9])(?P<month>1[0-2]|0?[1-9])月(?P<first>[12][0-9]|3[01]|0?[1-9])日?(?:至|到|—{1,2}|－|-|~|～)(?:(?P<again>1[0-2]|0?[1-9])月)?(?P<last>[12][0-9]|3[01]|0?[1-9])日"
)


def reversed_periods(material: Material) -> Iterator[Finding]:
    """Periods whose end lies before their beginning (`dates.contradiction`): both ends with a year, or both in the same month.

    11月15日至3月15日 goes over the turn of the year and is right.
    """
    text = material.text
    whole = find_dates(text)
    for first, last in pairwise(whole):
        if last.value < first.value and _TO.fullmatch(text, first.end, last.start):
            yield _reversed(material, first.start, last.end)
    for match in _SAME_MONTH.finditer(text):
        if match["again"] not in (None, match["month"]) or int(match["last"]) >= int(match["first"]):
            continue
        yield _reversed(material, match.start(), match.end())


def _reversed(material: Material, start: int, end: int) -> Finding:
    message = f"“{material.text[start:end]}”的结束日期早于开始日期。"
    return _finding(material, CONTRADICTION, start, end, message, "请核对起止日期。")


# --- events told before they happen ------------------------------------------------------------------------------------
_SENTENCE = re.compile(r"[^。！？；\n]+")
_PLANNED = re.compile(
    r"将|拟|定于|计划|预计|届时|力争|确保|有望|前(?:完成|报送|提交)?|之前|截至|截止|不迟于|请|应当|须|需|自.{0,14}起|起(?:施行|执行|实施)|"
    r"有效期|期限|公示期|为期|到.{0,12}为止|以后|目标|规划|去年|上年|次年|明年"
)
_HAPPENED = re.compile(
    r"(?:召开|举行|举办|开展|组织|参加|完成|印发|发布|通过|下发|成立|启动|签订|签署|进行|听取|审议|研究|检查|慰问|走访|赴.{1,12}调研|主持)了|"
    r"(?:顺利|圆满|成功)(?:召开|举行|举办|完成|结束|落幕|闭幕)|主持召开|会议(?:指出|强调|要求|听取|审议|认为|传达|学习)|"
    r"(?:他|她)(?:指出|强调|要求|表示)|(?:一行|深入|先后).{0,16}(?:调研|检查|督导|走访|慰问)|已(?:于|经|在)"
)


def future_events(material: Material, published_on: date) -> Iterator[Finding]:
    """Events told as past whose day lies after the publication (`dates.future-event-reported`)."""
    text = material.text
    whole = {day.start: day for day in find_dates(text)}
    for sentence in _SENTENCE.finditer(text):
        following = text[sentence.end() : sentence.end() + 60].split("\n")[0]
        if _PLANNED.search(sentence.group()):
            continue
        if not (_HAPPENED.search(sentence.group()) or re.search(r"会议(?:指出|强调|要求|听取|审议)", following)):
            continue
        for start, end, day in _days_in(text, sentence, whole, published_on):
            if day > published_on:
                message = f"“{text[start:end]}”的活动在发布日期{published_on.isoformat()}之后，却写作已经发生。"
                yield _finding(material, REPORTED, start, end, message)


def _days_in(
    text: str, sentence: re.Match[str], whole: dict[int, FoundDate], published_on: date
) -> Iterator[tuple[int, int, date]]:
    inside = [day for day in whole.values() if sentence.start() <= day.start < sentence.end()]
    yield from ((day.start, day.end, day.value) for day in inside)
    paragraph = text.rfind("\n", 0, sentence.start()) + 1
    for match in _MONTH_AND_DAY.finditer(text, sentence.start(), sentence.end()):
        if any(day.start <= match.start() < day.end for day in inside):
            continue
        years = re.findall(r"(?<![0-9])((?:19|20)[0-9]{2})年", text[paragraph : match.start()])
        year = int(years[-1]) if years else published_on.year
        day = _date(year, int(match["month"]), int(match["day"]))
        if day is not None and (years or (day - published_on).days <= HALF_A_YEAR):
            yield match.start(), match.end(), day


# --- years -------------------------------------------------------------------------------------------------------------
_REPORT = re.compile(
    r"(?<![0-9])((?:19|20)[0-9]{2})年度?[^\n]{0,30}(?:报告|总结|年报|工作情况|落实情况|完成情况|执行情况)"
)
_SINCE = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})年度?(?:以来|全年)")


def years_of_another_report(material: Material, title: str = "") -> Iterator[Finding]:
    """A report on one year whose body tells of what has happened since a later one (`dates.contradiction`)."""
    report = _REPORT.search(title or material.text.lstrip()[:60].split("\n")[0])
    if report is None:
        return
    year = int(report[1])
    for match in _SINCE.finditer(material.text):
        if int(match[1]) > year:
            message = f"标题为{year}年的情况，正文却写“{match.group()}”。"
            yield _finding(material, CONTRADICTION, match.start(), match.end(), message, "请核对年份。")


# --- the document's own dates ------------------------------------------------------------------------------------------
_TAKES_EFFECT = re.compile(r"自\s{0,2}\Z")
_IN_FORCE = re.compile(r"\s{0,2}起(?:施行|执行|实施|生效)")
_EXPIRES = re.compile(r"有效期(?:截?至|到|截止)\s{0,2}\Z")


def against_document_date(
    material: Material, document_date: date | None, published_on: date | None = None
) -> Iterator[Finding]:
    """A document date after the publication, an effect long before the document, an end of validity before it (`dates.contradiction`).

    Taking effect a while before the date of the document is allowed (起执行 with back pay and the like) and not reported.
    """
    if document_date is None:
        return
    if published_on is not None and document_date > published_on:
        message = f"成文日期{document_date.isoformat()}晚于发布日期{published_on.isoformat()}。"
        yield found(CONTRADICTION, message=message, text=document_date.isoformat(), place="成文日期")
    text = material.text
    for day in find_dates(text):
        before = text[max(0, day.start - 12) : day.start]
        around = text[max(0, day.start - 24) : day.end + 24]
        if "本" not in around[:24] or re.search("失效|废止|清理", around):
            continue  # a list that tells of other documents
        if _TAKES_EFFECT.search(before) and _IN_FORCE.match(text, day.end):
            if (document_date - day.value).days > LONG_BEFORE:
                message = f"施行日期“{day.raw}”比成文日期{document_date.isoformat()}早一年以上。"
                yield _finding(material, CONTRADICTION, day.start, day.end, message)
        elif _EXPIRES.search(before) and day.value < document_date:
            message = f"有效期截止日“{day.raw}”早于成文日期{document_date.isoformat()}。"
            yield _finding(material, CONTRADICTION, day.start, day.end, message)
