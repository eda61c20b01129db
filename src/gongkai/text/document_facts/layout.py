"""The parts of an official document in plain text: head, addressees, body, and closings (signature and date).

GB/T 9704-2012 puts red head, 发文字号, title and addressees (主送机关) before the body, and signature and date
(落款) after it, before attachments. Web pages keep the order but lose the layout: lines are joined with or without
blanks, portal furniture stands in front. So a *line* here is what a line break or a run of blanks sets apart, and the
head ends at the addressees' colon or at the first sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from gongkai.rules.document_number import Found, find_all, parse
from gongkai.text.dates import FoundDate, find_dates
from gongkai.text.document_facts.agency_names import is_agency, leading_agencies, split_agencies, squeeze

_HEAD_LIMIT = 3000
"""Characters searched for the head; a longer head is not a document's."""

_NEAR = 300
"""Characters looked at in front of a date on the same line, so that a text without line breaks costs no more."""

_BREAK = re.compile(r"(\n|[^\S\n]{2,})")
_GLUED = re.compile(
    r"(?:的(?:函|复函|公告|通告|决定|命令|公报|通知|意见|批复)|预公告|公示|启事)(?P<mark>[\u3400-\u9fff]{2,9}?)[〔（(\[【﹝［][^\S\n]?20[0-9]{2}[^\S\n]?[〕）)\]】﹞］][^\S\n]?[0-9]{1,5}[^\S\n]?号"
)
_ADDRESSEE_END = re.compile(
    r"(?:单位|部门|政府|机构|组织|机关|公司|集团|银行|中心|学校|大学|学院|医院|企业|管委会|委员会|办事处|办公室|处室|科室|街道办|"
    r"[局厅委办院署部社所站县市区省盟州旗村处厂行队会协联]|乡镇|镇|街道|社区|同志|委员|代表|先生|女士|群众|支部|派出所|法院|检察院)(?:[（(][^（）()]{1,40}[）)])?\Z"
)
_LABEL = re.compile(
    r"(?:责任|牵头|主办|承办|协办|配合|发布|制定|发文|制发|成文|公开|信息|所属|申报|建设|招标|联系|解释|起草|咨询|解读|来源|工作|用人|"
    r"推荐|填报|填表|实施|主管|监管|代理|采购|组|指导|支持|报送|参加|受理|施工|设计|监理)(?:单位|部门|机构|机关|企业|公司|社区|办公室|学校|街道|会)?\Z"
)
_TITLE_END = re.compile(
    r"的?\s*(?:通\s*知|通告|通报|公告|决定|批复|意见|函|办法|方案|公示|启事|预公告|规定|决议|命令|令|报告|请示|议案|纪要|公报)(?![》〉>”])"
)
_AFTER_DATE = re.compile(
    r"[\u200b-\u200d\ufeff]*(?:\s*\Z|[^\S\n]*\n|[^\S\n]{2}|\s*[（(]\s*(?:此件|联系|信息公开|公开|主动公开|依申请|有删减|本文|本件|附)|\s*(?:附件|附[:：]|抄送|主办|公开方式|信息公开))"
)
_CONTINUES = re.compile(
    r"\s*(?:[起前至到止以后内，、。；：,.;:的印发成之在始—–\-～~日时上下晚公发召通举完开为是决会批收审核研下报]|[（(]|\d)"
)
_SIGNED_BY_PERSON = re.compile(
    r"(?:省\s*长|市\s*长|县\s*长|区\s*长|州\s*长|盟\s*长|镇\s*长|乡\s*长|部\s*长|局\s*长|厅\s*长|署\s*长|行\s*长|主\s*任|主\s*席|总\s*理|院\s*长)[\s：:]*[\u3400-\u9fff·]{1,3}\s?[\u3400-\u9fff]{1,3}\Z"
)
_PUBLIC_MARK = re.compile(r"[\s\u200b]*[（(]\s*(?:此件|本件|信息公开|主动公开)")


_CITED_AFTER = re.compile(
    r"[\s）)]*(?:文件|文(?!化)|的|精神|要求|规定|收悉|同时|等|、|，|和|及|号|[）)]?发布|[）)]?公布|[）)]?印发|[）)]?批准)"
)
_CITED_BEFORE = re.compile(r"(?:》|根据|依据|按照|依照|参照|贯彻|落实|执行|废止|原|以|对|和|及|、|，|日)\Z")


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of text set apart by line breaks or runs of blanks: ``source[start:end] == text``."""

    text: str
    start: int
    end: int
    number: int
    """Counting from 1, for the ``source`` shown to people."""


@dataclass(frozen=True, slots=True)
class Closing:
    """A signature, a date, or both (落款)."""

    agencies: tuple[str, ...]
    date: FoundDate
    start: int
    """Where the signature (or the date, when there is no signature) begins."""
    rank: int
    """How surely it is a closing: 3 with a signature, 1 for a bare date, more before （此件公开发布） or the end."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A document taken apart. Offsets are into :attr:`text`."""

    text: str
    lines: tuple[Line, ...]
    head_end: int
    """Where the addressees or the first sentence begins: what stands before it is head."""
    body_start: int
    has_addressees: bool
    closings: tuple[Closing, ...]
    """In order of the text, only those after the head."""
    numbers: tuple[Found, ...]
    """Every 发文字号 of the head and of the text right after it."""

    @property
    def head(self) -> tuple[Line, ...]:
        """Lines of the head; the last may be cut where the addressees begin on the same line."""
        lines = []
        for line in self.lines:
            if line.start >= self.head_end:
                break
            end = min(line.end, self.head_end)
            lines.append(Line(self.text[line.start : end].rstrip(), line.start, end, line.number))
        return tuple(lines)

    @property
    def closing(self) -> Closing | None:
        """The closing of the document itself: the first of the surest ones, as attachments follow it."""
        best = max((closing.rank for closing in self.closings), default=0)
        surest = min(best, 3)
        return next((closing for closing in self.closings if closing.rank >= surest), None)


def layout(text: str, title: str = "") -> Layout:
    """Take ``text`` apart; ``title``, when known, tells the names to look for in front of a date."""
    lines = tuple(_lines(text))
    numbers = tuple(_numbers(text[: _HEAD_LIMIT + 200]))
    head_end, body_start, has_addressees = _head(text, lines, numbers)
    known = leading_agencies(squeeze(text[:head_end][-400:])) or leading_agencies(squeeze(title))
    closings = tuple(_closings(text, lines, head_end, tuple(known)))
    return Layout(text, lines, head_end, body_start, has_addressees, closings, numbers)


def _numbers(start: str) -> Iterator[Found]:
    """The numbers of ``start``; in a text without line breaks (…的函甲政〔2024〕1号) the title ends before the mark."""
    glued = {match.start("mark"): match.end() for match in _GLUED.finditer(start)}
    ends = set(glued.values())
    for begin, end in glued.items():
        if number := parse(start[begin:end]):
            yield Found(number, begin, end, start[begin:end])
        else:
            ends.discard(end)
    for found in find_all(start):
        if found.end not in ends:
            yield found


def _lines(text: str) -> Iterator[Line]:
    number = 0
    position = 0
    for part in _BREAK.split(text):
        stripped = part.strip().strip("\u200b\u200c\u200d\ufeff# ").strip()
        if stripped:
            number += 1
            start = position + part.index(stripped)
            yield Line(stripped, start, start + len(stripped), number)
        position += len(part)


def _head(text: str, lines: tuple[Line, ...], numbers: tuple[Found, ...]) -> tuple[int, int, bool]:
    """Where the head ends, where the body begins, and whether there are addressees between."""
    limit = text[:_HEAD_LIMIT]
    first_stop = re.search(r"[。；;]", limit)
    stop = first_stop.start() if first_stop else len(limit)
    for colon in re.finditer(r"[：:]", limit[:stop]):
        begin = _line_start(lines, colon.start())
        begin = max(begin, limit.rfind("：", begin, colon.start()) + 1, limit.rfind(":", begin, colon.start()) + 1)
        run = text[begin : colon.start()].strip()
        last = re.split(r"\s", run)[-1]
        if not _ADDRESSEE_END.search(run) or (_LABEL.search(last) and len(last) <= 8) or not 2 <= len(run) <= 600:
            continue
        begin = _addressees_start(text, begin, colon.start(), numbers)
        return _first_of_addressee_lines(lines, begin), colon.end(), True
    begin = _line_start(lines, stop)
    for number in numbers:
        if begin <= number.start < min(stop, 400) and not is_cited(text, number):
            return number.end, number.end, False
    for line in lines:
        if line.start >= begin:
            break
        if len(line.text) > 70 and "，" in line.text and not _TITLE_END.search(line.text[-4:]):
            begin = line.start
            break
    return begin, begin, False


def is_cited(text: str, number: Found) -> bool:
    """Whether the words around a number show that it belongs to another document.

    It does inside 《》, in brackets after 》 or with other words (（2009年…令第105号发布）), after 根据, 废止 … and
    before 文件, 精神, 收悉 …; standing at the beginning of a line it does not.
    """
    before = text[max(0, number.start - 120) : number.start]
    opening = before.rfind("《")
    if opening >= 0 and "》" not in before[opening:]:
        return True
    if _CITED_AFTER.match(text[number.end : number.end + 8]):
        return True
    bracket = max(before.rfind("（"), before.rfind("("))
    if bracket >= 0 and not re.search(r"[）)\n]", before[bracket:]) and before[bracket + 1 :].strip():
        return True
    outside = before.rstrip(" \t\u3000（(〔[")
    return not (not outside or outside.endswith("\n")) and _CITED_BEFORE.search(outside) is not None


def _line_start(lines: tuple[Line, ...], position: int) -> int:
    """Start of the line that holds ``position``."""
    start = 0
    for line in lines:
        if line.start > position:
            break
        start = line.start
    return start


def _addressees_start(text: str, begin: int, colon: int, numbers: tuple[Found, ...]) -> int:
    """Where the addressees begin on a line that may hold number and title in front of them."""
    for number in reversed(numbers):
        if begin <= number.start and number.end < colon:
            rest = re.compile(r"[\s）)】\]]*").match(text, number.end)
            end = rest.end() if rest else number.end
            if _TITLE_END.search(text, end, colon) is None:
                return end
            break
    for match in _TITLE_END.finditer(text, begin, colon):
        inside = text.count("《", begin, match.start()) > text.count("》", begin, match.start())
        rest_text = text[match.end() : colon].strip()
        if (
            not inside
            and len(rest_text) >= 2
            and match.start() - begin >= 4
            and not re.match(r"[，、》）)”]", rest_text)
        ):
            blank = re.compile(r"\s*").match(text, match.end())
            return blank.end() if blank else match.end()
    return begin


def _first_of_addressee_lines(lines: tuple[Line, ...], begin: int) -> int:
    """Addressees can run over several lines: go back while the line before ends in 、 or ，."""
    starts = [line for line in lines if line.start < begin]
    while starts and starts[-1].text.endswith(("，", "、", ",")):
        begin = starts.pop().start
    return begin


def _closings(text: str, lines: tuple[Line, ...], after: int, known: tuple[str, ...]) -> Iterator[Closing]:
    index = 0
    for found in find_dates(text):
        if found.start < after or "." in found.raw or "/" in found.raw or "-" in found.raw:
            continue
        while index + 1 < len(lines) and lines[index + 1].start <= found.start:
            index += 1
        closing = _closing(text, lines, index, found, known)
        if closing is not None:
            yield closing


def _closing(
    text: str, lines: tuple[Line, ...], index: int, found: FoundDate, known: tuple[str, ...]
) -> Closing | None:
    """The closing whose date is ``found``, on ``lines[index]``; ``None`` when it is a date in a sentence."""
    following = text[found.end : found.end + 24]
    stands_alone = _AFTER_DATE.match(following) is not None
    if not stands_alone and _CONTINUES.match(following):
        return None
    before = text[max(lines[index].start, found.start - _NEAR) : found.start].strip()
    bonus = 2 if _PUBLIC_MARK.match(following) else 1 if not text[found.end :].strip() else 0
    if not before or _SIGNED_BY_PERSON.search(before):
        person = bool(before) or (index > 0 and _SIGNED_BY_PERSON.search(lines[index - 1].text[-40:]) is not None)
        agencies, start = _signature_lines(lines, index - 1) if stands_alone else ((), 0)
        if not person and not stands_alone:
            return None
        if not agencies and not person and text[found.end :].strip() and not _ends_a_paragraph(lines, index - 1):
            return None
        return Closing(agencies, found, start if agencies else found.start, (3 if agencies or person else 1) + bonus)
    same_line = _agencies_at_end(before, known)
    if not same_line:
        return Closing((), found, found.start, 1 + bonus) if stands_alone and before.endswith("。") else None
    earlier, start = (
        _signature_lines(lines, index - 1) if squeeze(before) == "".join(same_line) else ((), lines[index].start)
    )
    return Closing((*earlier, *same_line), found, start if earlier else found.start - len(before), 3 + bonus)


def _signature_lines(lines: tuple[Line, ...], index: int) -> tuple[tuple[str, ...], int]:
    """The lines of names right above a date, and where they begin."""
    names: list[str] = []
    start = 0
    while index >= 0 and len(names) < 40:
        here = split_agencies(re.sub(r"[（(](?:盖章|印章|公章|代章|章)[）)]", "", lines[index].text))
        if not here and not names:
            here = _after_last_sentence(lines[index].text)
            names, start = here, lines[index].start
            break
        if not here:
            break
        names = here + names
        start = lines[index].start
        index -= 1
    return tuple(names), start


def _after_last_sentence(line: str) -> list[str]:
    """Names behind the last full stop of a line, as in a text that lost its line breaks."""
    match = re.search(r"[。！](?:[^。！]*\s)?\s*([^。！，；：\s]{4,40})\Z", line[-_NEAR:])
    return split_agencies(match[1]) if match else []


def _agencies_at_end(before: str, known: tuple[str, ...]) -> list[str]:
    """Names that stand directly in front of a date, where the rest of the line may be a sentence or a list."""
    whole = split_agencies(before)
    if whole:
        return whole
    tail = re.split(r"[。；;！!？?：:，,\n]", before)[-1].strip()
    if tail != before and (names := split_agencies(tail)):
        return names
    pieces = tail.split()
    for count in range(len(pieces) - 1, 0, -1):
        if names := split_agencies(" ".join(pieces[-count:])):
            return names
    return [name for name in known[:1] if squeeze(before).endswith(name)]


def _ends_a_paragraph(lines: tuple[Line, ...], index: int) -> bool:
    """Whether a date standing alone after this line can be a closing: a sentence or an attachment list has ended."""
    if index < 0:
        return False
    text = lines[index].text
    return (
        text.endswith(("。", "！", "》", "）", "此复", "通知", "批复", "函复", "公告", "通告", "此令"))
        or is_attachment_item(text)
        or is_agency(text)
    )


def is_attachment_item(text: str) -> bool:
    """Whether a line belongs to the list of attachments (附件说明)."""
    return re.match(r"附\s*件|附[:：]|[0-9０-９]{1,2}\s*[.．、]|（[一二三四五六七八九十]+）", text) is not None
