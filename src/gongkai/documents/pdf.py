"""The PDF edition: GB/T 9704-2012 layout, tagged and archivable (PDF/A-2a, PDF/UA-1), equal bytes for equal documents.

Text reaches the typesetter as JSON and is only ever printed, so no text can act as markup. Compiler and fonts are
loaded once in a process and shared under a lock; the work itself runs outside Python's own lock.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from functools import cache
from importlib import resources
from threading import Lock
from typing import TYPE_CHECKING, Any

from gongkai.documents import fonts, measures
from gongkai.documents.characters import clean, has_long_word, width
from gongkai.documents.composition import SAMPLE_MARK, Composition, compose, signature_indents
from gongkai.documents.grid import LONGEST_TOKEN, fit, is_tall
from gongkai.documents.images import load
from gongkai.documents.model import (
    AttachmentMark,
    AttachmentNote,
    Block,
    Heading,
    Imprint,
    ListBlock,
    OfficialDocument,
    Paragraph,
    Picture,
    Rendered,
    Run,
    Runs,
    Script,
    Signature,
    SignatureNote,
    Table,
    runs_text,
)
from gongkai.documents.title_lines import break_title
from gongkai.rules.days import chinese_date

if TYPE_CHECKING:
    import typst

STANDARDS: list[Any] = ["a-2a", "ua-1"]
UNDATED = date(2000, 1, 1)
"""Creation date in the file of a document without one: the clock must not show in the bytes."""

_LONG = re.compile(rf"[!-~]{{{LONGEST_TOKEN + 1},}}")
_PIECE = 6
_lock = Lock()


class TypesettingError(RuntimeError):
    """The typesetter refused a document; a fault of ours, since no input may bring it about."""


def to_pdf(document: OfficialDocument) -> bytes:
    """The PDF edition.

    Raises:
        TypesettingError: the typesetter failed.
    """
    return render_pdf(document).content


def render_pdf(document: OfficialDocument) -> Rendered:
    """The PDF edition with warnings on characters and pictures that could not be shown.

    Raises:
        TypesettingError: the typesetter failed.
    """
    import typst  # by those who print only: a web process that does not is smaller

    data = _Data(document)
    day = document.document_date or UNDATED
    stamp = datetime(day.year, day.month, day.day, tzinfo=UTC)
    inputs = {"document": json.dumps(data.document(compose(document)), ensure_ascii=False)}
    try:
        with _lock:
            content = _compiler().compile(
                _template(), sys_inputs=inputs, format="pdf", pdf_standards=STANDARDS, timestamp=stamp
            )
    except typst.TypstError as error:
        raise TypesettingError(error.diagnostic or str(error)) from error
    if not isinstance(content, bytes):
        raise TypesettingError("the typesetter returned no file")
    return Rendered(content, data.warnings())


def warm_up() -> None:
    """Load fonts and compiler now, so that the first document of a process is as fast as the others."""
    to_pdf(OfficialDocument(title="准备", body_html="<p>准备</p>"))


@cache
def _compiler() -> typst.Compiler:
    import typst

    loaded = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(fonts.font_directory())]
    )
    return typst.Compiler(font_paths=loaded, ignore_system_fonts=True)


@cache
def _template() -> bytes:
    return resources.files("gongkai.documents").joinpath("official.typ").read_bytes()


class _Data:
    """Turns a composition into the JSON the template reads, noting what cannot be shown."""

    def __init__(self, document: OfficialDocument) -> None:
        self.images: Mapping[str, bytes] = document.images
        self.missing: dict[str, None] = {}
        self.lost_pictures: list[str] = []
        self.outline: list[int] = []

    def warnings(self) -> tuple[str, ...]:
        """Sentences on what is not shown as it was."""
        signs = "、".join(f"“{sign}”（U+{ord(sign):04X}）" for sign in self.missing)
        lacking = (f"以下字符没有可用字形，已以“{fonts.MISSING}”代替，请核对原文：{signs}。",) if signs else ()
        return lacking + tuple(f"图片未能显示，请重新上传：{name}。" for name in self.lost_pictures)

    def text(self, text: str) -> str:
        """``text`` as the fonts can show it."""
        shown, missing = fonts.printable(text)
        self.missing.update(dict.fromkeys(missing))
        return shown

    def document(self, composed: Composition) -> dict[str, Any]:
        """The whole input of the template."""
        addresses = [value for label, value in composed.provenance if label == "网址" and value.startswith("http")]
        return {
            "measures": _measures(),
            "title": self.text(composed.title),
            "lines": [self.runs((Run(line),)) for line in composed.title_lines],
            "number": self.text(composed.number),
            "recipients": self.text(composed.recipients),
            "landscape": composed.landscape,
            "sample": SAMPLE_MARK if composed.sample else "",
            "head": self.head(composed.heads),
            "body": [
                {"landscape": landscape, "blocks": self.stretch(part, landscape, seal=composed.seal)}
                for landscape, part in composed.stretches
            ],
            "imprint": self.imprint(composed.imprint),
            "provenance": [[label, self.text(value), value in addresses] for label, value in composed.provenance],
            "pieces": {value: self.runs((Run(value),)) for value in addresses},
        }

    def stretch(self, part: Iterable[Block], landscape: bool, *, seal: bool) -> list[dict[str, Any]]:
        """The blocks of one stretch; an attachment that opens a landscape page needs no further page break."""
        written = [self.block(block, seal=seal) for block in part]
        if seal:
            _keep_with_signature(written)
        if landscape and written[0]["k"] == "mark":
            written[0]["at-top"] = True
        return written

    def head(self, agencies: tuple[str, ...]) -> dict[str, Any]:
        """发文机关标志: as large as the line allows, the agencies of a joint document stretched to one width."""
        longest = max((width(name) for name in agencies), default=1.0)
        gap = 2.0 if len(agencies) == 1 else 2.6
        size = min(measures.RED_HEAD_LARGEST, measures.TEXT_WIDTH / (longest + gap) * 0.98)
        names = [self.text(name) for name in agencies]
        return {"agencies": names, "size": size, "width": longest * size * 1.01}

    def imprint(self, imprint: Imprint | None) -> dict[str, str] | None:
        """版记 as three strings."""
        if imprint is None:
            return None
        on = f"{chinese_date(imprint.printed_on)}印发" if imprint.printed_on else ""
        by, copies = clean(imprint.printed_by).strip(), clean(imprint.copies_to).strip().rstrip("。")
        return {"copies": self.text(f"{copies}。" if copies else ""), "by": self.text(by), "on": on}

    def block(self, block: Block, *, seal: bool = False, depth: int = 0) -> dict[str, Any]:
        """One block of the body."""
        match block:
            case Paragraph():
                runs = self.runs(block.runs)
                even = not has_long_word(runs_text(block.runs))
                return {"k": "p", "runs": runs, "align": block.align, "indent": block.indent, "justify": even}
            case Heading():
                return self.heading(block)
            case ListBlock():
                items = [[self.block(child, depth=depth + 1) for child in item] for item in block.items]
                inset = 2 if depth == 0 else 0
                return {"k": "list", "ordered": block.ordered, "start": block.start, "items": items, "inset": inset}
            case Table():
                return self.table(block)
            case Picture():
                return self.picture(block)
            case AttachmentNote():
                return {"k": "note", "label": "附件：", "names": [self.text(name) for name in block.names]}
            case AttachmentMark():
                self.outline = [1] if block.title else []
                lines = [self.runs((Run(line),)) for line in break_title(block.title, measures.TITLE_CHARACTERS)]
                return {
                    "k": "mark",
                    "at-top": False,
                    "label": self.text(block.label),
                    "title": block.title,
                    "lines": lines,
                }
            case Signature():
                return self.signature(block, seal=seal)
            case SignatureNote():
                return {"k": "sign-note", "runs": [self.text(f"（{block.text}）")]}

    def heading(self, block: Heading) -> dict[str, Any]:
        """A heading; its place in the outline skips no level, as PDF/UA demands."""
        while self.outline and self.outline[-1] >= block.level:
            self.outline.pop()
        self.outline.append(block.level)
        room = measures.CHARACTERS - 2
        return {
            "k": "h",
            "outline": len(self.outline),
            "runs": self.runs(block.runs),
            "align": block.align,
            "long": width(runs_text(block.runs)) > room,
        }

    def table(self, table: Table) -> dict[str, Any]:
        """A table with its type size, page direction and widths chosen."""
        chosen = fit(table)
        cells = [
            {
                "x": cell.column,
                "y": cell.row,
                "w": cell.colspan,
                "h": cell.rowspan,
                "header": cell.header,
                "align": cell.align or ("center" if cell.header or cell.colspan > 1 else chosen.aligns[cell.column]),
                "paragraphs": [self.runs(runs) for runs in cell.paragraphs],
                "long": is_tall(cell, chosen),
            }
            for cell in table.cells
        ]
        return {
            "k": "table",
            "size": chosen.size,
            "widths": chosen.widths,
            "padding": round(chosen.size * measures.CELL_PADDING, 2),
            "header": table.header_rows,
            "caption": self.text(table.caption),
            "cells": cells,
        }

    def picture(self, picture: Picture) -> dict[str, Any]:
        """A picture, or its description in its place."""
        bitmap = load(picture, self.images)
        alt = picture.alt or "图片"
        if bitmap is None:
            self.lost_pictures.append(alt)
            return {"k": "p", "runs": [self.text(f"〔图片：{alt}〕")], "align": "center"}
        return {"k": "picture", "format": bitmap.format, "data": list(bitmap.data), "alt": alt, "width": bitmap.width}

    def signature(self, signature: Signature, *, seal: bool) -> dict[str, Any]:
        """Signature lines with the blank to the right of each."""
        lines = [*signature.agencies, *([signature.date] if signature.date else [])]
        gaps = signature_indents(signature, seal=seal)
        pairs = [[self.text(line), gap] for line, gap in zip(lines, gaps, strict=True)]
        return {"k": "sign", "lines": pairs, "seal": seal}

    def runs(self, runs: Runs) -> list[str | dict[str, Any]]:
        """Runs for the template: plain strings where there is no look, line breaks and break places marked."""
        return [part for run in runs for part in self._parts(run)]

    def _parts(self, run: Run) -> Iterable[str | dict[str, Any]]:
        look: dict[str, Any] = {}
        if run.strong:
            look["s"] = True
        if run.emphasis:
            look["e"] = True
        if run.underline:
            look["u"] = True
        if run.strike:
            look["x"] = True
        if run.script is not Script.NORMAL:
            look["p"] = run.script
        if run.href:
            look["h"] = run.href
        if run.level == 1:
            look["l"] = 1
        for index, line in enumerate(self.text(run.text).split("\n")):
            if index:
                yield {"br": True}
            for number, piece in enumerate(_breakable(line)):
                if number:
                    yield {"b": True}
                yield {"t": piece, **look} if look else piece


def _keep_with_signature(written: list[dict[str, Any]]) -> None:
    """No page holds a signature and its seal alone (GB/T 9704-2012 7.3.5.4): what stands before it comes along."""
    for index, item in enumerate(written):
        if item["k"] != "sign":
            continue
        item["keep"] = index + 1 < len(written) and written[index + 1]["k"] == "sign-note"
        before = index - 1
        while before >= 0 and written[before]["k"] == "note":
            written[before]["keep"] = True
            before -= 1
        if before >= 0 and written[before]["k"] == "p":
            written[before]["keep"] = True


def _breakable(line: str) -> list[str]:
    """``line`` in pieces between which it may be broken: a long number or address must not run out of its cell."""
    pieces, start = [], 0
    for found in _LONG.finditer(line):
        cuts = range(found.start() + _PIECE, found.end() - 3, _PIECE)
        for cut in cuts:
            pieces.append(line[start:cut])
            start = cut
    return [*pieces, line[start:]] if line[start:] or pieces else []


@cache
def _measures() -> dict[str, float | str]:
    return {
        "top": measures.MARGIN_TOP,
        "bottom": measures.MARGIN_BOTTOM,
        "left": measures.MARGIN_LEFT,
        "right": measures.MARGIN_RIGHT,
        "width": measures.TEXT_WIDTH,
        "pitch": measures.LINE_PITCH,
        "body": measures.BODY_SIZE,
        "title": measures.TITLE_SIZE,
        "title-pitch": measures.TITLE_PITCH,
        "number": measures.NUMBER_SIZE,
        "note": measures.NOTE_SIZE,
        "tracking": measures.TRACKING,
        "drop": measures.RED_HEAD_DROP,
        "red": f"#{measures.RED}",
    }
