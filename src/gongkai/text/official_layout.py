"""一键排版: a body in the form of an official document, as far as text alone decides it (GB/T 9704-2012 7.3; indents are the stylesheet's).

What is done: blanks that are layout go, punctuation between Chinese characters becomes full-width, document numbers get 〔〕, lines that
are headings become headings of their level, lines parted by breaks become paragraphs, signature and date stand on lines of their own with
Arabic digits, names of attachments lose the stop at their end. Tables are not touched, nor is the text of links. No word is changed.
Doing it twice changes nothing more.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from lxml import etree
from lxml import html as lxml_html

from gongkai.rules.days import chinese_date
from gongkai.rules.document_number import find_all
from gongkai.text.dates import parse_date

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_FULL = "，。、；：？！“”‘’（）《》〈〉【】〔〕「」『』—…"
_WIDE = f"[{_HAN}{_FULL}]"
_SPACE = r"[ \t\r\n\u00a0\u2002\u2003\u3000]"
_NUMERAL = "[〇零一二三四五六七八九十百千]"
_ADDRESS = re.compile(
    r"(?:https?://|www\.)[!-~]+|(?<![\w.%+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}\.[!-~]+"
    r"|(?<![A-Za-z0-9.-])(?:[A-Za-z0-9-]{1,63}\.){1,8}(?:cn|com|net|org)(?![A-Za-z0-9])[!-~]*"
)
_CHAPTER = re.compile(rf"(第{_NUMERAL}{{1,7}}[编章节条])({_SPACE}*)(?=[{_HAN}])")
_LEVELS = (
    (2, re.compile(rf"{_NUMERAL}{{1,5}}、")),
    (3, re.compile(rf"（{_NUMERAL}{{1,5}}）")),
    (4, re.compile(r"\d{1,3}\.(?!\d)")),
)
_CHAPTER_HEAD = (
    (2, re.compile(rf"第{_NUMERAL}{{1,6}}[编章]\u3000")),
    (3, re.compile(rf"第{_NUMERAL}{{1,6}}节\u3000")),
)
_STOP = re.compile(r"[。；！？：，]")
LONGEST_HEADING = 50
"""Characters beyond which a numbered line is text."""
_DAY = r"(?:\d{4}年\d{1,2}月\d{1,2}日|[一二][〇○零一二三四五六七八九]{3}年[元一二三四五六七八九十]{1,2}月[一二三四五六七八九十廿]{1,3}日)"
_DATE_LINE = re.compile(rf"{_DAY}\Z")
_SIGNED_LINE = re.compile(rf"([{_HAN}（）()]{{4,40}}?){_SPACE}*({_DAY})\Z")
_AGENCY = re.compile(r"(?:政府|办公室|办公厅|委员会|局|厅|院|部|处|中心|公司|指挥部|领导小组|委|办)\Z")
_ATTACHMENT = re.compile(r"附件：\d{1,2}\.")
_BEFORE_NUMBER = re.compile(r"(?<=[^：\d.])(?=\d{1,2}\.(?!\d))")
_NEXT_ATTACHMENT = re.compile(r"\d{1,2}\.(?!\d)")
_KEPT = frozenset({"table", "ul", "ol", "hr", "blockquote", "img"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


@dataclass(frozen=True, slots=True)
class Change:
    """What was done, in words for people, and in how many places."""

    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Laid:
    """A body laid out, and what was changed."""

    html: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class _Edit:
    """A stretch of a paragraph's text to be written otherwise."""

    start: int
    end: int
    text: str


def official_layout(body: str) -> Laid:
    """`body` (sanitised simple HTML) laid out. Anything else than paragraphs, headings and lists is left as it is."""
    if not body.strip():
        return Laid(body, ())
    root = lxml_html.fragment_fromstring(body, create_parent="div")
    counts: dict[str, int] = {}
    _split_lines(root, counts)
    for block in list(_texts_to_set(root)):
        _set_text(block, counts)
    _split_signatures(root, counts)
    names = _split_attachments(root, counts)
    for block in [child for child in root if child.tag in ("p", *_HEADINGS) and child not in names]:
        _set_level(block, counts)
    for block in list(root):
        if block.tag in ("p", *_HEADINGS) and not _text(block) and block.find(".//img") is None:
            _count(counts, "删除空行", 1)
            root.remove(block)
    html = "".join(etree.tostring(child, encoding="unicode", method="html", with_tail=True) for child in root)
    lead = lxml_html.fragment_fromstring(f"<p>{root.text}</p>").text if (root.text or "").strip() else ""
    return Laid(f"<p>{lead}</p>{html}" if lead else html, tuple(Change(*pair) for pair in counts.items()))


def _count(counts: dict[str, int], label: str, number: int) -> None:
    if number:
        counts[label] = counts.get(label, 0) + number


def _text(block: lxml_html.HtmlElement) -> str:
    return str(block.text_content()).strip()


def _texts_to_set(root: lxml_html.HtmlElement) -> Iterator[lxml_html.HtmlElement]:
    """Paragraphs, headings and list items, those in tables left out."""
    stack = list(reversed(root))
    while stack:
        element = stack.pop()
        if not isinstance(element.tag, str) or element.tag == "table":
            continue
        if element.tag in ("p", "li", *_HEADINGS):
            yield element
        stack.extend(
            child for child in reversed(element) if child.tag in ("p", "li", "ul", "ol", "blockquote", *_HEADINGS)
        )


# --- lines -------------------------------------------------------------------------------------------------------------
def _split_lines(root: lxml_html.HtmlElement, counts: dict[str, int]) -> None:
    """A paragraph with line breaks becomes as many paragraphs."""
    for block in [child for child in root if child.tag == "p" and any(inner.tag == "br" for inner in child)]:
        parts = [lxml_html.Element("p")]
        parts[0].text = block.text
        for child in list(block):
            tail, child.tail = child.tail, None
            if child.tag == "br":
                parts.append(lxml_html.Element("p"))
                parts[-1].text = tail
            else:
                parts[-1].append(child)
                child.tail = tail
        full = [part for part in parts if _text(part) or part.find(".//img") is not None]
        _replace(block, full)
        _count(counts, "将换行改为分段", max(0, len(full) - 1))


def _replace(block: lxml_html.HtmlElement, parts: Sequence[lxml_html.HtmlElement]) -> None:
    parent, tail = block.getparent(), block.tail
    place = parent.index(block)
    for part in reversed(parts):
        parent.insert(place, part)
    parent.remove(block)
    if parts:
        parts[-1].tail = tail


def _split_signatures(root: lxml_html.HtmlElement, counts: dict[str, int]) -> None:
    """Name and date on one line are the signature on two; the date has Arabic digits without leading zeros (7.3.5.4)."""
    for block in [child for child in root if child.tag == "p" and not len(child)]:
        text = _text(block)
        joined = _SIGNED_LINE.fullmatch(text)
        if joined and _AGENCY.search(joined[1]):
            name, day = lxml_html.Element("p"), lxml_html.Element("p")
            name.text, day.text = joined[1], _day(joined[2])
            _replace(block, [name, day])
            _count(counts, "落款分行", 1)
        elif _DATE_LINE.fullmatch(text) and _day(text) != text:
            block.text = _day(text)
            _count(counts, "落款日期规范", 1)


def _day(text: str) -> str:
    day = parse_date(text)
    return chinese_date(day) if day else text


def _split_attachments(root: lxml_html.HtmlElement, counts: dict[str, int]) -> set[lxml_html.HtmlElement]:
    """附件说明: each name on a line of its own, without a stop at its end (7.3.4). Returns the lines, which are no headings."""
    following = False
    lines: set[lxml_html.HtmlElement] = set()
    for block in list(root):
        text = _text(block) if block.tag == "p" and not len(block) else ""
        if not text or not (_ATTACHMENT.match(text) or (following and _NEXT_ATTACHMENT.match(text))):
            following = False
            continue
        following = True
        names = [name.strip().rstrip("。；;，,") for name in _BEFORE_NUMBER.split(text)]
        if names == [text]:
            lines.add(block)
            continue
        parts = []
        for name in filter(None, names):
            parts.append(lxml_html.Element("p"))
            parts[-1].text = name
        _replace(block, parts)
        lines.update(parts)
        _count(counts, "附件说明规范", len(parts))
    return lines


# --- headings ----------------------------------------------------------------------------------------------------------
def _set_level(block: lxml_html.HtmlElement, counts: dict[str, int]) -> None:
    text = _text(block)
    level = _level(text)
    if level and block.tag != f"h{level}" and (block.tag in _HEADINGS or _stands_alone(text)):
        block.tag = f"h{level}"
        _count(counts, "标题层级", 1)
    if block.tag in _HEADINGS:
        for strong in list(block.iter("strong")):
            strong.drop_tag()


def _level(text: str) -> int:
    chapter = next((level for level, pattern in _CHAPTER_HEAD if pattern.match(text)), 0)
    return chapter or next((level for level, pattern in _LEVELS if pattern.match(text)), 0)


def _stands_alone(text: str) -> bool:
    """Whether a numbered line is a heading and no sentence: short, without a stop."""
    return len(text) <= LONGEST_HEADING and not _STOP.search(text)


# --- signs and blanks --------------------------------------------------------------------------------------------------
MOST_ROUNDS = 6
"""One sign set lets the next be seen (…:: becomes ……：：), so the rules are asked again until nothing is left to do."""


def _set_text(block: lxml_html.HtmlElement, counts: dict[str, int]) -> None:
    for _ in range(MOST_ROUNDS):
        if not sum([_apply(block, label, rule, counts) for label, rule in _RULES]):
            return


def _apply(
    block: lxml_html.HtmlElement, label: str, rule: Callable[[str], Iterator[_Edit]], counts: dict[str, int]
) -> int:
    places = list(_nodes(block))
    text = "".join(part for _, _, part, _ in places)
    kept = sorted(
        [(found.start(), found.end(), True) for found in _ADDRESS.finditer(text)]
        + [(*link, False) for link in _links(places)]
    )
    edits = [edit for edit in rule(text) if not _is_kept(edit, kept)]
    _write(places, edits)
    _count(counts, label, len(edits))
    return len(edits)


def _is_kept(edit: _Edit, kept: list[tuple[int, int, bool]]) -> bool:
    """Whether an edit reaches into a link or an address; a blank beside an address also stays, for it says where the address ends."""
    at = bisect_left(kept, (edit.start, 0, False))
    for start, end, is_address in kept[max(0, at - 1) : at + 2]:
        if start < edit.end and edit.start < end:
            return True
        if is_address and not edit.text and start <= edit.end and edit.start <= end:
            return True
    return False


def _links(places: Sequence[_Place]) -> Iterator[tuple[int, int]]:
    at = 0
    for _, _, part, linked in places:
        if linked and part:
            yield at, at + len(part)
        at += len(part)


_Place = tuple[lxml_html.HtmlElement, str, str, bool]
"""An element, which of its texts ("text" or "tail"), that text, and whether it belongs to a link."""


def _nodes(block: lxml_html.HtmlElement, linked: bool = False) -> Iterator[_Place]:
    """The texts of a paragraph in order; blocks within (lists in items) are their own."""
    yield block, "text", block.text or "", linked
    for child in block:
        if isinstance(child.tag, str) and child.tag not in ("p", "li", "table", *_KEPT):
            yield from _nodes(child, linked or child.tag == "a")
        # what follows a break or picture begins anew: a sign keeps rules from joining across it
        yield child, "tail", child.tail or "", linked


def _write(places: Sequence[_Place], edits: Sequence[_Edit]) -> None:
    """Write `edits`, given in order without overlaps, into the texts they lie in; the replacement goes where the stretch begins."""
    at, first, written = 0, 0, -1
    for element, name, part, _ in places:
        end_of_part = at + len(part)
        made, since = [], 0
        while first < len(edits) and edits[first].start < max(end_of_part, at + 1):
            edit = edits[first]
            start, end = max(edit.start - at, 0), min(edit.end - at, len(part))
            if start > len(part):
                break
            made.append(part[since:start])
            made.append(edit.text if first != written else "")
            written = first
            since = max(end, since)
            if edit.end > end_of_part:  # the rest of it lies in the next text
                break
            first += 1
        if made:
            setattr(element, name, "".join(made) + part[since:])
        at = end_of_part


def _numbers(text: str) -> Iterator[_Edit]:
    """谯政办[2026] 12 号 as 谯政办〔2026〕12号."""
    for found in find_all(text):
        if found.value.text != found.raw and re.sub(r"[\W_]", "", found.value.text) == re.sub(r"[\W_]", "", found.raw):
            yield _Edit(found.start, found.end, found.value.text)


_HALF = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！"}
_HALF_SIGN = re.compile(rf"(?<={_WIDE})({_SPACE}*)([,;:?!])(?![0-9]{{2}}\b)")
_BEFORE_WIDE = re.compile(rf"(?<=[A-Za-z0-9%％]){_SPACE}*([,;:?!])(?={_SPACE}*[{_HAN}])")
_HALF_STOP = re.compile(rf"(?<=[{_HAN}）》”]){_SPACE}*\.(?={_SPACE}*(?:[{_HAN}]|\Z))")
_BRACKETS = re.compile(r"\(([^()（）]{0,200})\)")
_QUOTES = re.compile(r'"([^"“”]{1,200})"')
_DOTS = re.compile(r"\.{3,}|。{3,}|·{3,}|…(?!…)(?<!……)")
_DASHES = re.compile(rf"(?<={_WIDE})-{{2,}}(?={_WIDE})")
_ANY_WIDE = re.compile(_WIDE)


def _signs(text: str) -> Iterator[_Edit]:
    """Half-width signs between Chinese characters as full-width ones; those of numbers, times and addresses stay."""
    found: list[_Edit] = []
    for pattern in (_HALF_SIGN, _BEFORE_WIDE):
        found += [
            _Edit(match.start(), match.end(), _HALF[match[match.lastindex or 1]]) for match in pattern.finditer(text)
        ]
    found += [_Edit(match.start(), match.end(), "。") for match in _HALF_STOP.finditer(text)]
    for match in _BRACKETS.finditer(text):
        if _ANY_WIDE.search(match[1]) or _ANY_WIDE.match(text[max(0, match.start() - 1) : match.start()]):
            found += [_Edit(match.start(), match.start() + 1, "（"), _Edit(match.end() - 1, match.end(), "）")]
    for match in _QUOTES.finditer(text):
        if _ANY_WIDE.search(match[1]):
            found += [_Edit(match.start(), match.start() + 1, "“"), _Edit(match.end() - 1, match.end(), "”")]
    found += [_Edit(match.start(), match.end(), "……") for match in _DOTS.finditer(text) if match[0] != "……"]
    found += [_Edit(match.start(), match.end(), "——") for match in _DASHES.finditer(text)]
    yield from _apart(found)


_BLANKS = re.compile(rf"{_SPACE}+")
_NARROW = re.compile(r"[!-~％‰℃]")


def _spaces(text: str) -> Iterator[_Edit]:
    """Blanks stay between words of other languages, and after 第一章; elsewhere they are layout."""
    chapters = {match.start(2) for match in _CHAPTER.finditer(text) if match.start() == len(text) - len(text.lstrip())}
    for match in _BLANKS.finditer(text):
        before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        wanted = " " if before and after and _NARROW.match(before) and _NARROW.match(after) else ""
        if match.start() in chapters:
            wanted = "\u3000"
        if (len(match[0]) > 1 or match[0] == "\u3000") and before and _YEAR.match(text, match.end()):
            wanted = "\u3000"  # 某某办公室　2026年3月1日印发
        if before and after and not _known(before) and not _known(after):
            wanted = " "
        if match[0] != wanted:
            yield _Edit(match.start(), match.end(), wanted)


_YEAR = re.compile(r"\d{4}年")


def _known(sign: str) -> bool:
    return bool(_ANY_WIDE.match(sign) or _NARROW.match(sign))


_NUMBER_SIGNS = (
    (re.compile(rf"{_SPACE}*({_NUMERAL}{{1,5}}){_SPACE}*[.．]{_SPACE}*(?={_WIDE})"), "{}、"),
    (
        re.compile(
            rf"{_SPACE}*[(（]{_SPACE}*({_NUMERAL}{{1,5}}|\d{{1,3}}){_SPACE}*[)）]{_SPACE}*[、.．]?{_SPACE}*(?={_WIDE})"
        ),
        "（{}）",
    ),
    (re.compile(rf"{_SPACE}*(\d{{1,3}}){_SPACE}*[．、.]{_SPACE}*(?={_WIDE})"), "{}."),
)


def _number_signs(text: str) -> Iterator[_Edit]:
    """一、（一）1.（1）with the sign each level has (7.3.3), and a blank after 第一章."""
    for pattern, form in _NUMBER_SIGNS:
        match = pattern.match(text)
        if match:
            if match[0] != (wanted := form.format(match[1])):
                yield _Edit(0, match.end(), wanted)
            return
    chapter = _CHAPTER.match(text)
    if (
        chapter
        and not chapter[2]
        and chapter[1][-1] != "条"
        and len(text) <= LONGEST_HEADING
        and not _STOP.search(text)
    ):
        yield _Edit(chapter.end(1), chapter.end(1), "\u3000")


def _apart(edits: list[_Edit]) -> Iterator[_Edit]:
    """In order, the first of those that overlap."""
    end = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if edit.start >= end:
            yield edit
            end = edit.end


_RULES: tuple[tuple[str, Callable[[str], Iterator[_Edit]]], ...] = (
    ("发文字号规范", _numbers),
    ("序号标点规范", _number_signs),
    ("标点改为全角", _signs),
    ("删除多余空格", _spaces),
)
