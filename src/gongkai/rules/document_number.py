"""发文字号 (document number): read, normalise, check and find it in running text.

GB/T 9704-2012, 7.2.5: 机关代字 + 〔YYYY〕 + N号, with the brackets U+3014/U+3015, the full year, neither 第 nor leading
zeros. Orders and announcements have forms of their own: 国务院令第711号, 交通运输部令2019年第17号.

Where a mark (机关代字) begins in running text is not marked; :mod:`gongkai.rules.number_context` decides it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from gongkai.rules.number_context import LONGEST_MARK, trim_mark
from gongkai.rules.reasons import Reason

ARTICLE = "GB/T 9704—2012 7.2.5"
"""The standard every check of this module rests on."""


class Form(StrEnum):
    """How a number is written."""

    BRACKETS = "brackets"
    """谯政办〔2024〕12号"""
    YEAR_ORDINAL = "year_ordinal"
    """交通运输部令2019年第17号"""
    ORDINAL = "ordinal"
    """国务院令第711号"""


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """A document number taken apart. Equal when mark, year and number are, however written."""

    mark: str
    """机关代字, e.g. 谯政办; for orders including 令, e.g. 国务院令. 1 to 16 Han characters."""
    year: int | None
    """Four digits; ``None`` for a running number without a year (令)."""
    number: int
    form: Form = field(default=Form.BRACKETS, compare=False)
    """The written form to keep in :attr:`text`; without a year always ``ORDINAL``."""

    @property
    def text(self) -> str:
        """The canonical text."""
        if self.year is None:
            return f"{self.mark}第{self.number}号"
        if self.form is Form.YEAR_ORDINAL:
            return f"{self.mark}{self.year}年第{self.number}号"
        return f"{self.mark}〔{self.year}〕{self.number}号"

    @property
    def key(self) -> tuple[str, int | None, int]:
        """Identity across usual variants: 中华人民共和国国务院令, 国务院令 and 国令 第711号 are one document."""
        mark = self.mark.removeprefix("中华人民共和国")
        return ("国令" if mark == "国务院令" else mark, self.year, self.number)

    def __str__(self) -> str:
        """The canonical text."""
        return self.text


@dataclass(frozen=True, slots=True)
class Found:
    """A number found in running text: ``text[start:end] == raw``."""

    value: DocumentNumber
    start: int
    end: int
    raw: str


_HAN = r"\u3400-\u4dbf\u4e00-\u9fff"
_DIGIT = "0-9０-９"
_GAP = r"[ \t\u00a0\u3000\u200b-\u200d\ufeff]{0,8}"
_OPEN, _CLOSE = r"[〔\[(（【﹝［〈「]", r"[〕\])）】﹞］〉」]"
_YEAR = rf"(?:[1１][9９]|[2２][0０])[{_DIGIT}]{{2}}"
_CHINESE_DIGITS = "〇零一二三四五六七八九十百千"
_INTEGER = rf"(?:[{_DIGIT}]{{1,7}}|[{_CHINESE_DIGITS}]{{1,9}})"

_BRACKETED_YEAR = rf"{_OPEN}{_GAP}(?P<year>{_YEAR}){_GAP}年?{_GAP}{_CLOSE}"
_BRACKET_TAIL = rf"{_BRACKETED_YEAR}{_GAP}第?{_GAP}(?P<number>[{_DIGIT}]{{1,7}}){_GAP}号"
_YEAR_TAIL = rf"[令告]{_GAP}{_OPEN}?{_GAP}(?P<year>{_YEAR}){_GAP}年{_GAP}第{_GAP}(?P<number>{_INTEGER}){_GAP}号"
_ORDINAL_TAIL = rf"(?:[令告]{_GAP}{_OPEN}?{_GAP}第|令){_GAP}(?P<number>{_INTEGER}){_GAP}号"

_TAILS = tuple(
    (form, re.compile(pattern))
    for form, pattern in (
        (Form.BRACKETS, _BRACKET_TAIL),
        (Form.YEAR_ORDINAL, _YEAR_TAIL),
        (Form.ORDINAL, _ORDINAL_TAIL),
    )
)
_RUN_BEFORE = re.compile(rf"([{_HAN}]+){_GAP}\Z")
_ORDER_MARK = re.compile(r".+(?:令|公告|通告)\Z")
_INVISIBLE = re.compile(r"[\s\u200b-\u200d\ufeff]+")
_CANONICAL = re.compile(rf"[{_HAN}]{{1,{LONGEST_MARK}}}〔(?:19|20)[0-9]{{2}}〕[1-9][0-9]*号")
_CANONICAL_ORDER = re.compile(
    rf"(?=[{_HAN}]{{2,{LONGEST_MARK}}}[第0-9])[{_HAN}]+(?:令|公告|通告)(?:(?:19|20)[0-9]{{2}}年)?第[1-9][0-9]*号"
)


def parse(text: str) -> DocumentNumber | None:
    """Read ``text`` as one document number, leniently; ``None`` when it is not one.

    Accepted beside the canonical form: any bracket pair, full-width digits, blanks and zero-width characters, 第,
    leading zeros, a missing 号, Chinese numerals in orders (主席令第七十二号).
    """
    squeezed = _INVISIBLE.sub("", text)
    if squeezed and not squeezed.endswith("号"):
        squeezed += "号"
    for form, tail in _TAILS:
        match = tail.search(squeezed)
        if match is None or match.end() != len(squeezed):
            continue
        mark = squeezed[: _mark_end(form, match)]
        if _acceptable_mark(mark, form):
            return _number(mark, form, match)
    return None


def normalise(text: str) -> str:
    """Return the canonical text of ``text``, or ``text`` stripped when it is not a document number."""
    number = parse(text)
    return number.text if number else text.strip()


def find_all(text: str) -> list[Found]:
    """Return every document number in running ``text``, in order, without overlaps.

    Words before the mark (根据、现将、…的通知) are left out; a candidate without a plausible mark is not reported.
    """
    return list(_find_all(text))


@lru_cache(maxsize=16)  # several readers ask about the same text in turn: facts, citations, the check of a draft
def _find_all(text: str) -> tuple[Found, ...]:
    found: list[Found] = []
    for form, tail in _TAILS:
        for match in tail.finditer(text):
            end = _mark_end(form, match)
            run = _RUN_BEFORE.search(text, max(0, end - 60), end)
            if run is None:
                continue
            mark = trim_mark(run[1], before=text[run.start() - 1 : run.start()])
            if _acceptable_mark(mark, form) and (number := _number(mark, form, match)):
                start = run.end(1) - len(mark)
                found.append(Found(number, start, match.end(), text[start : match.end()]))
    return tuple(_without_overlaps(found))


def _mark_end(form: Form, match: re.Match[str]) -> int:
    """Where the mark, and blanks after it, end: the bracket is not part of it, 令 and 告 are.

    A pattern that begins with a character it consumes is found many times faster than one that looks behind.
    """
    return match.start() if form is Form.BRACKETS else match.start() + 1


def check(text: str) -> list[Reason]:
    """Check ``text`` strictly against GB/T 9704-2012 7.2.5; an empty list means it is well formed."""
    stripped = text.strip()
    if not stripped:
        return [_reason("empty", "请填写发文字号；文件确无字号的，请选择“无文号”。")]
    if text == stripped and (_CANONICAL.fullmatch(text) or _CANONICAL_ORDER.fullmatch(text)):
        return []
    reasons = [_reason(code, message) for code, pattern, message in _FAULTS if pattern.search(text)]
    number = parse(text)
    if number is not None and number.text != text:
        reasons.append(_reason("not_canonical", f"发文字号应写作“{number.text}”。"))
    if not reasons or (number is None and all(reason.code != "year" for reason in reasons)):
        reasons.append(_reason("unreadable", "发文字号应由机关代字、年份、发文顺序号组成，如“谯政办〔2024〕12号”。"))
    return reasons


_FAULTS = tuple(
    (code, re.compile(pattern), message)
    for code, pattern, message in (
        ("brackets", r"[\[\]()（）【】﹝﹞［］〈〉「」]", "年份应当用六角括号“〔〕”括起。"),
        ("year", rf"{_OPEN}(?!{_GAP}{_YEAR}{_GAP}年?{_GAP}{_CLOSE})", "年份应当标全称，用4位数字，如“〔2024〕”。"),
        ("ordinal", rf"{_CLOSE}{_GAP}第", "发文顺序号不加“第”字。"),
        ("leading_zero", rf"(?:{_CLOSE}{_GAP}第?|第){_GAP}[0０]", "发文顺序号不编虚位，1不编为01。"),
        ("hao", r"[^号\s]\s*\Z", "发文顺序号后应当加“号”字。"),
        ("mark", rf"\A\s*(?![{_HAN}]{{1,{LONGEST_MARK}}}(?![{_HAN}]))", f"机关代字应当为1至{LONGEST_MARK}个汉字。"),
        ("blank", r"\s|[\u200b-\u200d\ufeff]", "发文字号中不能有空格或不可见字符。"),
        ("full_width", r"[０-９]", "数字应当用半角阿拉伯数字。"),
    )
)


def _reason(code: str, message: str) -> Reason:
    return Reason(code, message, ARTICLE, "document_number")


def _acceptable_mark(mark: str, form: Form) -> bool:
    if not re.fullmatch(rf"[{_HAN}]{{1,{LONGEST_MARK}}}", mark):
        return False
    return form is Form.BRACKETS or _ORDER_MARK.fullmatch(mark) is not None


def _number(mark: str, form: Form, match: re.Match[str]) -> DocumentNumber | None:
    number = _integer(match["number"])
    if number < 1:
        return None
    year = int(match["year"]) if form is not Form.ORDINAL else None
    return DocumentNumber(mark, year, number, form)


def _integer(text: str) -> int:
    """Value of Arabic (half or full width) or Chinese digits; 0 for Chinese digits in no sensible order."""
    if text[0] not in _CHINESE_DIGITS:
        return int(text)
    digits, units = "零一二三四五六七八九", {"十": 10, "百": 100, "千": 1000}
    text = text.replace("〇", "零")
    if not any(unit in text for unit in units):
        return int("".join(str(digits.index(char)) for char in text))
    total, digit = 0, 0
    for char in text:
        if char in units:
            total += (digit or 1) * units[char]
            digit = 0
        else:
            digit = digits.index(char)
    return total + digit


def _without_overlaps(found: list[Found]) -> list[Found]:
    kept: list[Found] = []
    for item in sorted(found, key=lambda item: (item.start, -item.end)):
        if not kept or item.start >= kept[-1].end:
            kept.append(item)
    return kept
