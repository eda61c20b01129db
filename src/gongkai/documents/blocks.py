"""Second pass over a body: which paragraphs are headings, signatures and attachment marks (GB/T 9704-2012 7.3).

Bodies come from Word or from an editor, where a heading is mostly a paragraph that starts 一、 or （一）. The patterns
are those of 7.3.3, the chapters and articles of normative documents besides.
"""

from __future__ import annotations

import re
from dataclasses import replace

from gongkai.documents.characters import tight, width
from gongkai.documents.html_reader import read_html
from gongkai.documents.model import (
    Align,
    AttachmentMark,
    Block,
    Heading,
    Paragraph,
    Run,
    Runs,
    Signature,
    runs_text,
)

_NUMERAL = "[〇零一二三四五六七八九十百千]"
_LEVELS = (
    (1, re.compile(rf"{_NUMERAL}{{1,5}}、")),
    (2, re.compile(rf"[（(]{_NUMERAL}{{1,5}}[）)]")),
    (3, re.compile(r"\d{1,3}[.．](?!\d)|\d{1,3}、")),
    (4, re.compile(r"[（(]\d{1,3}[）)]")),
)
_CHAPTER = re.compile(rf"第{_NUMERAL}{{1,6}}[编章节](?:[ \u3000]|(?=[^的和、，]))")
_ARTICLE = re.compile(rf"第{_NUMERAL}{{1,7}}条(?:之{_NUMERAL}{{1,2}})?")
_AFTER_REFERENCE = ("、", "的", "和", "至", "第", "，", "规")
_SENTENCE_END = re.compile(r"[。；！？]")
_DATE = re.compile(
    r"(?:\d{4}年\d{1,2}月\d{1,2}日|[一二][〇○零一二三四五六七八九]{3}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日)"
)
_DATE_AFTER_BLANK = re.compile(r"[ \u3000]+(?=\S+日$)")
_AGENCY_END = re.compile(
    r"(?:政府|办公室|办公厅|委员会|委|局|厅|院|部|处|所|中心|队|站|社|公司|集团|联合会|协会|指挥部|领导小组|学校)"
    r"(?:[（(].{1,8}[）)])?$"
)
_NOT_AGENCY = re.compile(r"[。，；：！？、《》]")
_ATTACHMENT = re.compile(r"附件(?:\d{1,2}|[一二三四五六七八九十]{1,2})?[：:]?")
LONGEST_HEADING = 60.0
"""Width in em beyond which a numbered paragraph without a full stop is text all the same."""

LONGEST_AGENCY = 40.0


def blocks(body_html: str) -> tuple[Block, ...]:
    """The structured model of a body, from which every edition is made."""
    return _recognise(read_html(body_html))


def _recognise(plain: list[Block]) -> tuple[Block, ...]:
    found: list[Block] = []
    for index, block in enumerate(plain):
        if isinstance(block, Heading):
            found.append(_leveled(block))
        elif not isinstance(block, Paragraph):
            found.append(block)
        elif isinstance(found[-1] if found else None, AttachmentMark) and _is_attachment_title(found[-1], block):
            found[-1] = AttachmentMark(_label(found[-1]), tight(runs_text(block.runs)))
        elif index and _ATTACHMENT.fullmatch(tight(runs_text(block.runs))):
            found.append(AttachmentMark(tight(runs_text(block.runs)).rstrip("：:"), ""))
        elif not _sign(found, block):
            found.append(_numbered(block))
    return tuple(found)


def _label(block: Block) -> str:
    return block.label if isinstance(block, AttachmentMark) else ""


def _is_attachment_title(mark: Block, block: Paragraph) -> bool:
    text = runs_text(block.runs)
    untitled = isinstance(mark, AttachmentMark) and not mark.title
    return untitled and width(text) <= LONGEST_HEADING and not re.search(r"[。；：:！？]", text) and not _level(text)


def _level(text: str) -> int:
    """Heading level by the number ``text`` starts with, 0 for none."""
    return next((level for level, pattern in _LEVELS if pattern.match(text)), 0)


def _leveled(heading: Heading) -> Heading:
    """A heading of the editor takes the level of its number when it has one, so that 一、 looks the same everywhere."""
    level = _level(runs_text(heading.runs)) or heading.level
    return replace(heading, level=level, runs=_in_face(heading.runs, level))


def _numbered(block: Paragraph) -> Block:
    """A numbered line as a heading, a numbered paragraph with its first sentence in that face, others as is."""
    text = runs_text(block.runs)
    if _CHAPTER.match(text) and width(text) <= LONGEST_HEADING and not _SENTENCE_END.search(text):
        return Heading(1, _in_face(block.runs, 1), Align.CENTER)
    article = _ARTICLE.match(text)
    if article and not text.startswith(_AFTER_REFERENCE, article.end()):
        return replace(block, runs=_lead(block.runs, article.end(), 1))
    level = _level(text)
    if not level or block.align is not Align.START:
        return block
    end = _SENTENCE_END.search(text)
    if end is None and "\n" not in text and width(text) <= LONGEST_HEADING and not text.endswith(("：", ":", "，")):
        return Heading(level, _in_face(block.runs, level))
    if end is not None and level <= 2 and width(text[: end.start()]) <= LONGEST_HEADING:
        if end.end() == len(text):
            return Heading(level, _in_face(block.runs, level)) if width(text) <= LONGEST_HEADING / 2 else block
        return replace(block, runs=_lead(block.runs, end.end(), level))
    return block


def _in_face(runs: Runs, level: int) -> Runs:
    return tuple(replace(run, level=level) for run in runs)


def _lead(runs: Runs, length: int, level: int) -> Runs:
    """The first ``length`` characters of ``runs`` in the face of ``level``."""
    result: list[Run] = []
    for run in runs:
        head, tail = run.text[: max(0, length)], run.text[max(0, length) :]
        length -= len(run.text)
        result += [replace(run, text=head, level=level)] if head else []
        result += [replace(run, text=tail)] if tail else []
    return tuple(result)


def _sign(found: list[Block], block: Paragraph) -> bool:
    """Turn a closing date, with the agencies on the lines before it, into a signature; False when it is none."""
    lines = _lines(_DATE_AFTER_BLANK.sub("\n", runs_text(block.runs)))
    if not lines or not _DATE.fullmatch(lines[-1]):
        return False
    *agencies, day = lines
    if not all(_is_agency(line, block.align) for line in agencies):
        return False
    while found and isinstance(before := found[-1], Paragraph):
        above = _lines(runs_text(before.runs))
        if not all(_is_agency(line, before.align) for line in above):
            break
        agencies[:0] = above
        found.pop()
    if not agencies and block.align is not Align.END:
        return False
    found.append(Signature(tuple(agencies), day))
    return True


def _lines(text: str) -> list[str]:
    return [line for line in map(tight, text.split("\n")) if line]


def _is_agency(line: str, align: Align) -> bool:
    """Whether a line may be a 发文机关署名: short, without punctuation, named like an agency or set to the right."""
    if width(line) > LONGEST_AGENCY or _NOT_AGENCY.search(line) or _level(line):
        return False
    return align is Align.END or _AGENCY_END.search(line) is not None
