"""Personal data in running text that a word announces: passports and permits, home addresses, dates of birth.

All patterns have bounded repeats, so that the time grows with the length of the text and no faster. They look at folded text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["find_addresses", "find_birth_dates", "find_passports", "has_house_number"]

_PASSPORT = re.compile(
    r"(?<![a-z0-9])(?:[degspk][a-z]?[0-9]{7,8}|[chwm][0-9]{8}(?:[0-9]{2})?|1[45][0-9]{7}|[0-9]{8})(?![a-z0-9*])"
)
_PERMIT_LABEL = re.compile(r"(?:护照|通行证|台胞证|回乡证)(?:号码|编号|号)?(?:是|为)?[ \t:：(（]{0,3}\Z")

_NUMBER = "[0-9一二三四五六七八九十]{1,5}"
_ROOM = rf"(?:[a-z]?{_NUMBER}(?:栋|幢|座|号楼|弄)[a-z]?(?:[ \-]?{_NUMBER}单元)?(?:[ \-]?{_NUMBER}楼)?[ \-]?{_NUMBER}(?:室|号|户|房))"
_PLOT = rf"(?:(?:{_NUMBER}|[\u4e00-\u9fff]{{1,4}})(?:村民小组|小组|组|队)[ \-]?{_NUMBER}号)"
_STRONG = re.compile(rf"(?:小区|花园|公寓|家园|新村|社区|苑|庄|村|府|城|里|路|街|道)(?:委会)?(?:{_ROOM}|{_PLOT})")
_HOUSE = re.compile(
    rf"{_ROOM}|{_NUMBER}(?:村民小组|小组|组|队)(?:[ \-]?{_NUMBER}(?:号|户))?|{_NUMBER}(?:号|室)|{_NUMBER}单元[ \-]?[0-9]{{3,4}}|村[\u4e00-\u9fff]{{1,4}}组"
)
_LABELLED = re.compile(
    r"(?:家庭住址|家庭地址|户籍地址|户籍所在地|户籍地|居住地址|居住地|现住址|住址|现住|家住)(?:是|为|在|于)?[ \t:：]{0,3}"
    r"([\u4e00-\u9fff][\u4e00-\u9fff0-9a-z\-]{2,40})"
)
_LEFT_PART = re.compile(r"[\u4e00-\u9fff]{1,16}\Z")
_OFFICE = re.compile(
    r"(?:办公地址|联系地址|通讯地址|单位地址|地址|注册地|住所地|办公室|办公场所|经营场所|服务大厅|窗口|位于|设在)[^。；;\n]{0,20}\Z"
)
_LEAD = re.compile(r".*(?:居住在|家住|住在|租住|我是|我家|现住|本人|业主|购买|投诉|认购|部门|位于|对|^日)")

_DATE = r"(?:19|20)[0-9]{2}(?:年[ ]?[0-9]{1,2}月(?:[ ]?[0-9]{1,2}日)?|[./\-][0-9]{1,2}(?:[./\-][0-9]{1,2})?)"
_BORN_BEFORE = re.compile(
    rf"(?:出生日期|出生年月日|出生年月|出生时间|出生于|出生|生日|生于)(?:是|为)?[ \t:：,，]{{0,3}}({_DATE})(?![0-9])"
)
_BORN_BEHIND = re.compile(rf"(?<![0-9—\-~至到])({_DATE})(?:出生|生(?=[,，。;；、)）\s]|\Z))")


def find_passports(text: str) -> Iterator[tuple[int, int]]:
    """Numbers right behind 护照, 通行证, 台胞证, 回乡证."""
    for match in _PASSPORT.finditer(text):
        if _PERMIT_LABEL.search(text[max(0, match.start() - 14) : match.start()]):
            yield match.span()


def find_addresses(text: str) -> Iterator[tuple[int, int]]:
    """Where somebody lives, down to group, house or room; not the address of a body (办公地址 …, 位于 …)."""
    end = 0
    for match in _LABELLED.finditer(text):
        houses = list(_HOUSE.finditer(match[1]))
        if houses:
            end = match.start(1) + houses[-1].end()
            yield match.start(1), end
    taken = bytearray(len(text)) if end else bytearray()
    for match in _LABELLED.finditer(text) if end else ():
        taken[match.start(1) : match.end(1)] = b"\1" * (match.end(1) - match.start(1))
    for match in _STRONG.finditer(text):
        left = _LEFT_PART.search(text[max(0, match.start() - 16) : match.start()])
        if left is None:
            continue
        start = match.start() - len(left.group())
        lead = _LEAD.match(left.group())
        start += lead.end() if lead else 0
        if start >= match.start() or _OFFICE.search(text[max(0, match.start() - 30) : match.start()]):
            continue
        if not any(taken[start : match.end()]):
            yield start, match.end()


def has_house_number(text: str) -> bool:
    """Whether an address goes down to group, house or room."""
    return _HOUSE.search(text) is not None


def find_birth_dates(text: str) -> Iterator[tuple[int, int]]:
    """Dates beside 出生, 生日, 生于."""
    for match in _BORN_BEFORE.finditer(text):
        yield match.span(1)
    for match in _BORN_BEHIND.finditer(text):
        if not _BORN_BEFORE.search(text[max(0, match.start() - 10) : match.end(1)]):
            yield match.span(1)
