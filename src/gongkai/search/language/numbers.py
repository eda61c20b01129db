"""Document numbers and index numbers as people type them: whole, in parts, with and without brackets, year in front or behind.

`gongkai.rules.document_number` reads what is written in documents; here is what is only typed: a missing 号, no brackets at all
(谯政办2024年12号, 谯政办202412号), the year first (2024年谯政办12号), the mark and the year alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from gongkai.rules import document_number
from gongkai.rules.document_number import DocumentNumber
from gongkai.rules.number_context import LONGEST_MARK, trim_mark
from gongkai.search.keys import index_number_keys, partial_key
from gongkai.search.language.draft import Draft
from gongkai.search.parsed import PartialNumber, ReadingKind
from gongkai.text.analysis import plain_words

_HAN = r"\u3400-\u4dbf\u4e00-\u9fff"
_MARK = rf"(?P<mark>(?![年第号])[{_HAN}]{{1,30}})"
_YEAR = r"(?P<year>(?:19|20)[0-9]{2})"
_OPEN, _CLOSE = r"[〔\[(【﹝［〈「]", r"[〕\])】﹞］〉」]"
_G = r"[ \u200b-\u200d\ufeff]{0,4}"
_ORDINAL = rf"{_G}第?{_G}0{{0,6}}(?P<number>[1-9][0-9]{{0,5}})"
_YEAR_IN_BRACKETS = rf"{_G}{_OPEN}{_G}{_YEAR}{_G}年?{_G}{_CLOSE}"
_LINK = r"[ ,，.。·、:/—－_-]{0,3}"

_WHOLE = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_MARK}{_YEAR_IN_BRACKETS}{_ORDINAL}(?![0-9年月])(?:{_G}号)?",  # 谯政办〔2024〕12
        rf"(?<![0-9]){_YEAR}{_G}年?{_LINK}{_MARK}{_LINK}{_ORDINAL}{_G}号",  # 2024年谯政办12号
        rf"{_OPEN}{_G}{_YEAR}{_G}年?{_G}{_CLOSE}{_G}{_MARK}{_ORDINAL}{_G}号",  # 〔2024〕谯政办12号
        rf"{_MARK}{_LINK}{_YEAR}{_G}年{_LINK}{_ORDINAL}{_G}号",  # 谯政办2024年12号
        rf"{_MARK}{_LINK}{_YEAR}(?![0-9])[ ,，.·、:/—－_-]{{1,3}}第?{_G}0{{0,6}}(?P<number>[1-9][0-9]{{0,4}}){_G}号",
        rf"{_MARK}{_G}{_YEAR}第?0{{0,3}}(?P<number>[1-9][0-9]{{0,3}})号",  # 谯政办202412号
    )
)
_PARTS_ANYWHERE = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_MARK}{_YEAR_IN_BRACKETS}(?:{_G}号)?",  # 谯政办〔2024〕
        rf"{_YEAR_IN_BRACKETS}{_ORDINAL}{_G}号?",  # 〔2024〕12号
    )
)
_PARTS_ALONE = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_MARK}{_LINK}{_YEAR}(?![0-9])[ ,，.·、:/—－_年-]{{1,3}}第?{_G}0{{0,6}}(?P<number>[1-9][0-9]{{0,4}})",  # 谯政办 2024 12
        rf"(?:{_OPEN}{_G})?{_YEAR}{_G}年?(?:{_G}{_CLOSE})?{_LINK}{_MARK}{_LINK}第?{_G}0{{0,6}}(?P<number>[1-9][0-9]{{0,4}})",
        rf"{_MARK}{_LINK}{_YEAR}{_G}年?",  # 谯政办2024, 谯政办2024年
        rf"(?:{_OPEN}{_G})?{_YEAR}{_G}年?(?:{_G}{_CLOSE})?{_LINK}{_MARK}",  # 2024年谯政办
        rf"{_MARK}{_G}第?{_G}0{{0,6}}(?P<number>[1-9][0-9]{{0,4}}){_G}号",  # 谯政办12号
    )
)
_MARK_ALONE = re.compile(rf"[{_HAN}]{{2,{LONGEST_MARK}}}")
_SURELY_A_MARK = re.compile(
    rf"[{_HAN}]{{0,6}}(?:政办|政秘|政发|政函|政规|府办|府函|府规|府发|办发|办函|办秘|办规|国发|政字|办字|函字|发字)[{_HAN}]{{0,2}}"
)
_ENDS_LIKE_A_MARK = re.compile(rf"[{_HAN}]{{1,7}}[发函秘规令字办政府]")
_LONGEST_DOUBTFUL = 8
_ASKED = re.compile(
    rf"(?:请问|想问|咨询|查询|查找|查看|下载|一下|有没有|哪里有|关于|查|找|看|要|想)(?=[{_HAN}]{{1,{LONGEST_MARK}}} ?(?:{_OPEN}|(?:19|20)[0-9]{{2}}))"
)
"""Verbs of a question right before a number; no mark begins with them."""
_INDEX_NUMBER = re.compile(
    r"(?<![0-9A-Za-z])(?P<code>[0-9A-Za-z](?:[ ]?[0-9A-Za-z]){8,17})[ ]?[-/]?[ ]?"
    r"(?P<period>[12][0-9]{3}(?:[01][0-9])?)[ ]?[-_][ ]?(?P<serial>[0-9]{5,6})(?![0-9])"
)
_INDEX_TAIL = re.compile(
    r"(?<![0-9])(?:[0-9A-Za-z]{1,17}[ ]?/[ ]?)?(?P<period>20[0-9]{2}(?:0[1-9]|1[0-2]))[ ]?[-_][ ]?(?P<serial>[0-9]{5,6})(?![0-9])"
)
_INDEX_RUN = re.compile(r"[0-9A-Za-z]{9,18}20[0-9]{2}(?:0[1-9]|1[0-2])[0-9]{5,6}")
_INDEX_RUN_TAIL = re.compile(r"([0-9]{6})([0-9]{5,6})\Z")


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of one text."""

    whole: tuple[DocumentNumber, ...]
    parts: tuple[PartialNumber, ...]
    keys: tuple[str, ...]
    """Keys of index numbers, and of a text that may be nothing but a mark."""


def read_numbers(draft: Draft, *, labelled: bool = False) -> Numbers:
    """Take all numbers out of the text. ``labelled``: the text says itself that it is a number (文号：…)."""
    keys = _index_numbers(draft)
    draft.rest = _ASKED.sub(lambda match: " " * len(match.group()), draft.rest)
    whole = [*_whole_text(draft), *_written(draft), *_typed(draft)]
    parts = _parts(draft, _PARTS_ANYWHERE)
    if not (whole or parts or keys) and (part := _alone(draft)):
        if labelled or _surely(part.mark):
            whole, parts = ([_complete(part)], []) if part.year and part.number else ([], [part])
            said = f"按机关代字：{part.mark}" if part.text == part.mark else f"按文号：{part.text}"
            draft.say(ReadingKind.NUMBER, said, 0, len(draft.rest))
            draft.take(0, len(draft.rest))
        elif len(part.mark) <= _LONGEST_DOUBTFUL:  # it may be words as well: both count
            keys = [partial_key(part.mark, part.year, part.number)]
    return Numbers(tuple(dict.fromkeys(whole)), tuple(dict.fromkeys(parts)), tuple(dict.fromkeys(keys)))


def _complete(part: PartialNumber) -> DocumentNumber:
    return DocumentNumber(part.mark, part.year, part.number or 0)


def _surely(mark: str) -> bool:
    """Whether this is a mark and no word: by its usual parts, or by its ending after a character that stands alone (谯|政秘)."""
    if _SURELY_A_MARK.fullmatch(mark):
        return True
    return _ENDS_LIKE_A_MARK.fullmatch(mark) is not None and len(plain_words(mark)[0]) == 1


def _whole_text(draft: Draft) -> list[DocumentNumber]:
    """The text is a number and nothing else."""
    number = document_number.parse(draft.rest)
    words = [piece for piece in re.findall(rf"[{_HAN}]+", draft.rest.partition("20")[0]) if len(piece) > 1]
    if number is None or trim_mark(number.mark) != number.mark or len(words) > 1:
        return []  # the number stands behind other words
    _said(draft, number.text, 0, len(draft.rest))
    return [number]


def _written(draft: Draft) -> list[DocumentNumber]:
    """Numbers as documents write them."""
    found = document_number.find_all(draft.rest)
    for one in found:
        _said(draft, one.value.text, one.start, one.end)
    return [one.value for one in found]


def _typed(draft: Draft) -> list[DocumentNumber]:
    found = []
    for pattern in _WHOLE:
        for match in pattern.finditer(draft.rest):
            start, mark = _mark(draft, match)
            if mark:
                number = DocumentNumber(mark, int(match["year"]), int(match["number"]))
                found.append(number)
                _said(draft, number.text, start, match.end())
    return found


def _parts(draft: Draft, patterns: tuple[re.Pattern[str], ...]) -> list[PartialNumber]:
    found = []
    for pattern in patterns:
        for match in pattern.finditer(draft.rest):
            groups = match.groupdict()
            start, mark = _mark(draft, match) if "mark" in groups else (match.start(), "")
            if "mark" in groups and not mark:
                continue
            number = groups.get("number")
            part = PartialNumber(
                mark, int(groups["year"]) if groups.get("year") else None, int(number) if number else None
            )
            found.append(part)
            _said(draft, part.text, start, match.end())
    return found


def _mark(draft: Draft, match: re.Match[str]) -> tuple[int, str]:
    """Where the mark of a match begins, and the mark; empty when the words in front of the year are no mark.

    With the mark in front of the year, words before it are cut off; behind the year it is taken as it stands.
    """
    run = match["mark"]
    if match.start("mark") > match.start("year"):
        return match.start(), run if len(run) <= LONGEST_MARK and trim_mark(run) == run else ""
    mark = trim_mark(
        run, before=draft.rest[match.start("mark") - 1 : match.start("mark")] if match.start("mark") else ""
    )
    return match.end("mark") - len(mark), mark if len(mark) <= LONGEST_MARK else ""


def _alone(draft: Draft) -> PartialNumber | None:
    """The whole text as a number without brackets, or a part of one; ``None`` when it has another shape."""
    text = draft.rest.strip()
    if _MARK_ALONE.fullmatch(text):
        return PartialNumber(text)
    for pattern in _PARTS_ALONE:
        match = pattern.fullmatch(text)
        if match is not None and len(match["mark"]) <= LONGEST_MARK:
            groups = match.groupdict()
            number, year = groups.get("number"), groups.get("year")
            return PartialNumber(match["mark"], int(year) if year else None, int(number) if number else None)
    return None


def _index_numbers(draft: Draft) -> list[str]:
    keys: list[str] = []
    for match in _INDEX_NUMBER.finditer(draft.rest):
        code = "".join(match["code"].split())
        keys += index_number_keys(f"{code}/{match['period']}-{match['serial']}")[:1]
        _index_said(draft, f"{code.upper()}/{match['period']}-{match['serial']}", match)
    for match in _INDEX_TAIL.finditer(draft.rest):
        keys += index_number_keys(f"{match['period']}-{match['serial']}")[:1]
        _index_said(draft, f"{match['period']}-{match['serial']}", match)
    for match in _INDEX_RUN.finditer(draft.rest):  # copied without its strokes
        keys += index_number_keys(match.group())[:1]
        _index_said(draft, match.group().upper(), match)
    return keys


def _index_said(draft: Draft, text: str, match: re.Match[str]) -> None:
    draft.say(ReadingKind.INDEX_NUMBER, f"按索引号：{text}", match.start(), match.end())
    draft.take(match.start(), match.end())


def _said(draft: Draft, text: str, start: int, end: int) -> None:
    draft.say(ReadingKind.NUMBER, f"按文号：{text}", start, end)
    draft.take(start, end)
