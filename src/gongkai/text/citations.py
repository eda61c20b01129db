"""Citations: the documents a running text names, by 文号 or by 《title》, with exact offsets.

* ``《A》（浙政发〔2013〕47号）`` is one citation with both title and number, offsets from 《 to the end of the number.
* Inner marks 〈〉, <> and nested 《》 belong to the outer title.
* An abbreviation introduced by 以下简称《…》 or 以下简称“…” is resolved to the document it stands for.
* ``本办法``, 《通知》 and other bare kinds of document without a known antecedent are not citations.

One pass over the text; the time grows linearly with its length.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from gongkai.rules.document_number import DocumentNumber, Found, find_all

Kind = Literal["number", "title"]

_NEAR = 40
"""Characters at most between a document's mention and 以下简称《…》, which may follow a number and a date of issue."""

LONGEST_TITLE = 200
"""Longest title accepted between 《 and 》, in characters; more means a mark was left open."""


@dataclass(frozen=True, slots=True)
class Citation:
    """One mention of another document: ``source[start:end] == text``."""

    kind: Kind
    """``title`` when the mention has a 《title》 (with or without a number), else ``number``."""
    text: str
    start: int
    end: int
    number: DocumentNumber | None
    """The number named with it, or that of the document an abbreviation stands for."""
    title: str
    """Title without its outer marks, blanks and line breaks removed, inner marks as 〈〉; empty for a bare number."""


@dataclass(frozen=True, slots=True)
class _Quoted:
    start: int
    end: int
    title: str


_MARK = re.compile("[《》]")
_INNER = str.maketrans({"《": "〈", "》": "〉", "<": "〈", ">": "〉", "＜": "〈", "＞": "〉"})
_BETWEEN = re.compile(r"[\s\u200b-\u200d\ufeff]*[（(〔\[]?[^《》。；\n]{0,12}?\Z")
_ABBREVIATION = re.compile(r"以下(?:统?简|统|简|均)?称(?:为|作|：|:)?\s*[“\"「]?\Z")
_QUOTED_ABBREVIATION = re.compile(
    r"以下(?:统?简|统|简|均)?称(?:为|作|：|:)?\s*[“\"「](?P<word>[^“”\"「」《》\n]{2,20})[”\"」]"
)
_QUOTED_WORD = re.compile(r"[“\"「](?P<word>[^“”\"「」《》\n]{2,20})[”\"」]")
_APPOSITION = 4
"""Characters between the end of a document's mention and 以下简称."""
_BARE_KIND = re.compile(
    r"(?:本|该|此|新|原|上述)?(?:实施|暂行|管理|指导|若干|工作|处理)?"
    r"(?:通知|通告|通报|公告|公报|意见|办法|方案|决定|决议|规定|细则|条例|规则|批复|报告|请示|函|令|规划|计划|纲要|目录|清单|标准|规范|指南|措施|预案|纪要|制度|协议|合同|附件)"
    r"(?:[（(](?:试行|暂行|修订|修正|征求意见稿|草案|送审稿)[）)])?"
)


def find_citations(text: str) -> list[Citation]:
    """Return every citation in ``text``, in order of its beginning, without overlaps."""
    quoted = list(_quoted_titles(text))
    numbers = find_all(text)
    paired = _pair(text, quoted, numbers)
    abbreviations: dict[str, Citation] = {}
    found: list[Citation] = []
    for item in quoted:
        number = paired.get(item.start)
        citation = _title_citation(text, item, number)
        if _ABBREVIATION.search(text, max(0, item.start - 12), item.start):
            if found and item.start - found[-1].end <= _NEAR:
                abbreviations[item.title] = found[-1]
            continue
        antecedent = abbreviations.get(item.title)
        if antecedent is not None and number is None:
            found.append(Citation("title", citation.text, item.start, item.end, antecedent.number, antecedent.title))
        elif antecedent is None and number is None and _BARE_KIND.fullmatch(item.title):
            continue
        else:
            found.append(citation)
    taken = {number.start for number in paired.values()}
    inside = _Spans(quoted)
    found += [
        Citation("number", number.raw, number.start, number.end, number.value, "")
        for number in numbers
        if number.start not in taken and not inside.contains(number.start)
    ]
    found += _abbreviated_words(text, found, inside)
    return sorted(found, key=lambda citation: citation.start)


def _quoted_titles(text: str) -> Iterator[_Quoted]:
    """The outermost 《…》 pairs. A mark left open is given up at an empty line or after :data:`LONGEST_TITLE`."""
    depth, start = 0, 0
    for match in _MARK.finditer(text):
        position = match.start()
        if depth and (position - start > LONGEST_TITLE or "\n\n" in text[start:position]):
            depth = 0
        if match.group() == "《":
            if depth == 0:
                start = position
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0 and (title := clean_title(text[start + 1 : position])):
                yield _Quoted(start, position + 1, title)


def clean_title(raw: str) -> str:
    """Return a title without blanks, line breaks and zero-width characters, with inner marks written 〈〉."""
    return re.sub(r"[\s\u200b-\u200d\ufeff]+", "", raw).translate(_INNER)


def _title_citation(text: str, item: _Quoted, number: Found | None) -> Citation:
    end = item.end
    if number is not None:
        end = number.end + (1 if text[number.end : number.end + 1] in ("）", ")", "〕", "]") else 0)
    return Citation("title", text[item.start : end], item.start, end, number.value if number else None, item.title)


def _pair(text: str, quoted: list[_Quoted], numbers: list[Found]) -> dict[int, Found]:
    """Numbers that belong to the title right before them, by the title's beginning: 《A》（N） or 《A》(印发稿，N)."""
    paired: dict[int, Found] = {}
    index = 0
    for item in quoted:
        while index < len(numbers) and numbers[index].start < item.end:
            index += 1
        if index == len(numbers):
            break
        between = text[item.end : numbers[index].start]
        if len(between) <= 16 and re.match(r"[\s\u200b]*[（(]", between) and _BETWEEN.fullmatch(between):
            paired[item.start] = numbers[index]
    return paired


def _abbreviated_words(text: str, found: list[Citation], inside: _Spans) -> list[Citation]:
    """Later mentions, in quotation marks, of an abbreviation introduced in them (以下简称“三项制度”)."""
    introduced = list(_QUOTED_ABBREVIATION.finditer(text))
    if not introduced:
        return []
    ordered = sorted(found, key=lambda citation: citation.start)
    ends = [citation.end for citation in ordered]
    antecedents: dict[str, tuple[int, Citation]] = {}
    for match in introduced:
        index = bisect_right(ends, match.start()) - 1
        if index >= 0 and match.start() - ends[index] <= _APPOSITION and ordered[index].title:
            antecedents.setdefault(match["word"], (match.end(), ordered[index]))
    later: list[Citation] = []
    for mention in _QUOTED_WORD.finditer(text):
        known = antecedents.get(mention["word"])
        if known is not None and mention.start() >= known[0] and not inside.contains(mention.start()):
            stands_for = known[1]
            span = (mention.group(), mention.start(), mention.end())
            later.append(Citation("title", *span, stands_for.number, stands_for.title))
    return later


class _Spans:
    """Whether a position lies within one of several ordered spans; asked in any order, answered by bisection."""

    def __init__(self, items: list[_Quoted]) -> None:
        self._starts = [item.start for item in items]
        self._ends = [item.end for item in items]

    def contains(self, position: int) -> bool:
        index = bisect_right(self._starts, position) - 1
        return index >= 0 and position < self._ends[index]
