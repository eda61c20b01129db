"""The Word edition (.docx): GB/T 9704-2012 layout in the faces of the standard, clean properties."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape

from gongkai.documents import measures
from gongkai.documents.characters import clean, has_long_word, width
from gongkai.documents.composition import SAMPLE_MARK, Composition, compose, signature_indents
from gongkai.documents.grid import fit, is_tall
from gongkai.documents.images import Bitmap, load
from gongkai.documents.model import (
    Align,
    AttachmentMark,
    AttachmentNote,
    Block,
    Cell,
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
from gongkai.documents.pdf import UNDATED
from gongkai.documents.title_lines import break_title
from gongkai.documents.word_parts import (
    BODY_FACE,
    FACE_OF_LEVEL,
    FLUSH,
    HEI_FACE,
    TITLE_FACE,
    R,
    Relationship,
    W,
    exactly,
    face,
    package,
    section,
    size,
    twips,
)
from gongkai.rules.days import chinese_date

_JC = {Align.START: "both", Align.CENTER: "center", Align.END: "right"}
_VERTICAL = {
    Script.NORMAL: "",
    Script.SUB: '<w:vertAlign w:val="subscript"/>',
    Script.SUP: '<w:vertAlign w:val="superscript"/>',
}
_NAMESPACES = (
    f'xmlns:w="{W}" xmlns:r="{R}"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
_EMU = 12700
"""English Metric Units in a point."""

_ENDS_IN_PARAGRAPH = re.compile(r"<w:p>(?:(?!</?w:p>|</?w:tbl>).)*</w:p>$", re.DOTALL)


def to_docx(document: OfficialDocument) -> bytes:
    """The Word edition."""
    return render_docx(document).content


def render_docx(document: OfficialDocument) -> Rendered:
    """The Word edition with warnings on pictures that could not be shown."""
    composed = compose(document)
    writer = _Writer(document.images, seal=composed.seal)
    xml = f"<w:document {_NAMESPACES}><w:body>{writer.document(composed)}</w:body></w:document>"
    mark = SAMPLE_MARK if composed.sample else ""
    day = document.document_date or UNDATED
    content = package(xml, writer.links, writer.media, mark=mark, title=composed.title, day=day)
    return Rendered(content, tuple(writer.warnings))


def _paragraph(content: str, *properties: str) -> str:
    """A paragraph; its properties come in the order the schema wants."""
    given = "".join(properties)
    return f"<w:p>{f'<w:pPr>{given}</w:pPr>' if given else ''}{content}</w:p>"


def _style(name: str) -> str:
    return f'<w:pStyle w:val="{name}"/>'


def _jc(value: str) -> str:
    return f'<w:jc w:val="{value}"/>'


def _text(text: str, properties: str = "") -> str:
    """A run; line feeds become line breaks."""
    lines = (f'<w:t xml:space="preserve">{escape(line)}</w:t>' if line else "" for line in text.split("\n"))
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}{'<w:br/>'.join(lines)}</w:r>"


def _look(run: Run, points: float = 0.0, chinese_face: str = "") -> str:
    """Run properties, in the order the schema wants."""
    name = FACE_OF_LEVEL.get(run.level, chinese_face)
    return "".join(
        (
            face(name) if name else "",
            "<w:b/><w:bCs/>" if run.strong else "",
            "<w:strike/>" if run.strike else "",
            size(points) if points else "",
            '<w:u w:val="single"/>' if run.underline else "",
            _VERTICAL[run.script],
            '<w:em w:val="underDot"/>' if run.emphasis else "",
        )
    )


def _keep_next(xml: str) -> str:
    """Paragraphs without a style or a table around them, kept on one page with what follows."""
    if "<w:tbl>" in xml or "<w:pStyle" in xml:
        return xml
    bare = xml.replace("<w:keepNext/>", "").replace("<w:p><w:r>", "<w:p><w:pPr></w:pPr><w:r>")
    return bare.replace("<w:p><w:pPr>", "<w:p><w:pPr><w:keepNext/>")


def _blank(lines: float = 1.0) -> str:
    return _paragraph("", exactly(measures.LINE_PITCH * lines), FLUSH)


class _Writer:
    """Writes the body and gathers links and pictures on the way."""

    def __init__(self, images: Mapping[str, bytes], *, seal: bool) -> None:
        self.images = images
        self.seal = seal
        self.links: list[Relationship] = []
        self.media: dict[str, bytes] = {}
        self.warnings: list[str] = []
        self._addresses: dict[str, str] = {}

    def document(self, composed: Composition) -> str:
        """Everything inside ``w:body``; a stretch of landscape pages is a section of its own."""
        parts = composed.stretches or [(False, [])]
        if parts[0][0]:
            parts.insert(0, (False, []))
        if parts[-1][0] and (composed.imprint or composed.provenance):
            parts.append((False, []))
        written = []
        for index, (landscape, part) in enumerate(parts):
            xml = self.head(composed) if index == 0 else ""
            xml += "".join(self.kept(part))
            if index < len(parts) - 1:
                written.append(_close(xml, section(landscape=landscape or composed.landscape)))
                continue
            xml += self.imprint(composed.imprint) + self.provenance(composed.provenance)
            if not _ENDS_IN_PARAGRAPH.search(xml[-4000:]):
                xml += _paragraph("", exactly(1), FLUSH)
            written.append(xml + section(landscape=landscape or composed.landscape))
        return "".join(written)

    def head(self, composed: Composition) -> str:
        """Red head or number, title and recipients."""
        lines = [_red_head(composed.heads)] if composed.heads else []
        number = _paragraph(_text(composed.number), FLUSH, _jc("center")) if composed.number else ""
        if composed.heads:
            edge = f'<w:pBdr><w:bottom w:val="single" w:sz="14" w:space="11" w:color="{measures.RED}"/></w:pBdr>'
            lines.append(_paragraph(_text(composed.number), edge, FLUSH, _jc("center")))
            lines.append(_blank(2))
        lines.append(_paragraph(_text("\n".join(composed.title_lines)), _style("Title")))
        if number and not composed.heads:
            lines += [_blank(0.4), number]
        lines.append(_blank())
        if composed.recipients:
            lines.append(_paragraph(_text(composed.recipients), FLUSH))
        return "".join(lines)

    def kept(self, part: Sequence[Block]) -> Iterable[str]:
        """The blocks of a stretch; where a seal is to be set, the text before 署名 goes over the page with it (7.3.5.4)."""
        for index, block in enumerate(part):
            xml = self.block(block)
            follows = part[index + 1] if index + 1 < len(part) else None
            if self.seal and isinstance(follows, AttachmentNote | Signature | SignatureNote):
                xml = _keep_next(xml)
            yield xml

    def block(self, block: Block) -> str:
        """One block of the body."""
        match block:
            case Paragraph():
                flush = FLUSH if block.align is not Align.START or not block.indent else ""
                stretched = block.align is Align.START and not has_long_word(runs_text(block.runs))
                jc = "" if stretched else _jc("left" if block.align is Align.START else _JC[block.align])
                return _paragraph(self.runs(block.runs), flush, jc)
            case Heading():
                centred = (FLUSH, _jc("center")) if block.align is Align.CENTER else ()
                return _paragraph(self.runs(block.runs), _style(f"Heading{block.level}"), *centred)
            case ListBlock():
                return "".join(self.list_items(block, 1))
            case Table():
                return self.table(block)
            case Picture():
                return self.picture(block)
            case AttachmentNote():
                return _blank() + "".join(_note_lines(block.names))
            case AttachmentMark():
                return _attachment_mark(block)
            case Signature():
                return self.signature(block)
            case SignatureNote():
                return _paragraph(_text(f"（{block.text}）"), _jc("left"))

    def list_items(self, block: ListBlock, depth: int) -> Iterable[str]:
        """Items with a hanging mark; the marks are text, so that no counter runs on from one list to the next."""
        step = twips(measures.BODY_SIZE)
        for index, item in enumerate(block.items):
            mark = f"{block.start + index}." if block.ordered else "·"
            left = (2 * depth + 1) * step
            hanging = f'<w:ind w:left="{left}" w:hangingChars="0" w:hanging="{step}"/>'
            tab = f'<w:tabs><w:tab w:val="left" w:pos="{left}"/></w:tabs>'
            follow = f'<w:ind w:left="{left}" w:firstLineChars="0" w:firstLine="0"/>'
            for number, child in enumerate(item):
                if isinstance(child, Paragraph):
                    lead = f"<w:r><w:t>{mark}</w:t><w:tab/></w:r>" if number == 0 else ""
                    properties = (tab, hanging) if number == 0 else (follow,)
                    yield _paragraph(lead + self.runs(child.runs), *properties)
                    continue
                if number == 0:
                    yield _paragraph(f"<w:r><w:t>{mark}</w:t></w:r>", tab, hanging)
                if isinstance(child, ListBlock):
                    yield from self.list_items(child, depth + 1)
                else:
                    yield self.block(child)

    def table(self, table: Table) -> str:
        """A table with fixed columns; spans down are restarts and continuations, as Word has them."""
        chosen = fit(table)
        widths = [twips(points) for points in chosen.widths]
        grid = "".join(f'<w:gridCol w:w="{points}"/>' for points in widths)
        edges = "".join(
            f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
            for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
        )
        padding = twips(chosen.size * measures.CELL_PADDING)
        margins = f'<w:left w:w="{padding}" w:type="dxa"/><w:right w:w="{padding}" w:type="dxa"/>'
        covering = {
            (row, cell.column): cell for cell in table.cells for row in range(cell.row, cell.row + cell.rowspan)
        }
        rows = []
        for row in range(table.rows):
            cells = [covering[row, column] for column in range(table.columns) if (row, column) in covering]
            tall = any(is_tall(cell, chosen) for cell in cells)
            properties = ("" if tall else "<w:cantSplit/>") + ("<w:tblHeader/>" if row < table.header_rows else "")
            inner = "".join(self.cell(cell, row, widths, chosen.size, chosen.aligns) for cell in cells)
            rows.append(f"<w:tr>{f'<w:trPr>{properties}</w:trPr>' if properties else ''}{inner}</w:tr>")
        caption = ""
        if table.caption:
            look = face(HEI_FACE) + size(measures.NUMBER_SIZE)
            caption = _paragraph(_text(table.caption, look), "<w:keepNext/>", FLUSH, _jc("center"))
        return (
            f'{caption}<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
            f'<w:tblBorders>{edges}</w:tblBorders><w:tblLayout w:type="fixed"/>'
            f"<w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>"
            f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
        )

    def cell(self, cell: Cell, row: int, widths: Sequence[int], points: float, aligns: Sequence[Align]) -> str:
        """A cell as one row sees it: in the rows below its first it is an empty continuation."""
        span = f'<w:gridSpan w:val="{cell.colspan}"/>' if cell.colspan > 1 else ""
        merge = ""
        if cell.rowspan > 1:
            merge = '<w:vMerge w:val="restart"/>' if row == cell.row else "<w:vMerge/>"
        across = sum(widths[cell.column : cell.column + cell.colspan])
        align = cell.align or (Align.CENTER if cell.header or cell.colspan > 1 else aligns[cell.column])
        jc = _jc("left" if align is Align.START else _JC[align])
        look = HEI_FACE if cell.header else BODY_FACE
        shown = cell.paragraphs if row == cell.row else ()
        paragraphs = [_paragraph(self.runs(runs, points, look), _style("TableText"), jc) for runs in shown]
        empty = _paragraph("", _style("TableText"), jc)
        return (
            f'<w:tc><w:tcPr><w:tcW w:w="{across}" w:type="dxa"/>{span}{merge}<w:vAlign w:val="center"/></w:tcPr>'
            f"{''.join(paragraphs) or empty}</w:tc>"
        )

    def picture(self, picture: Picture) -> str:
        """A picture on a line of its own, or its description in its place."""
        alt = picture.alt or "图片"
        bitmap = load(picture, self.images)
        if bitmap is None:
            self.warnings.append(f"图片未能显示，请重新上传：{alt}。")
            return _paragraph(_text(f"〔图片：{alt}〕"), FLUSH, _jc("center"))
        number = len(self.media) + 1
        name = f"image{number:03}.{bitmap.format}"
        self.media[name] = bitmap.data
        self.links.append(Relationship(f"rIdImage{number}", f"{R}/image", f"media/{name}"))
        single = '<w:spacing w:before="60" w:after="60" w:line="240" w:lineRule="auto"/>'
        return _paragraph(_drawing(bitmap, number, alt), single, FLUSH, _jc("center"))

    def signature(self, signature: Signature) -> str:
        """署名 and date from the right, kept together and with the line before."""
        lines = [*signature.agencies, *([signature.date] if signature.date else [])]
        gaps = signature_indents(signature, seal=self.seal)
        written = [_blank(3 if self.seal else 1)]
        for index, (line, gap) in enumerate(zip(lines, gaps, strict=True)):
            keep = "<w:keepNext/>" if index < len(lines) - 1 else ""
            chars, right = round(gap * 100), twips(gap * measures.BODY_SIZE)
            indent = f'<w:ind w:rightChars="{chars}" w:right="{right}" w:firstLineChars="0" w:firstLine="0"/>'
            written.append(_paragraph(_text(line), keep, indent, _jc("right")))
        return "".join(written)

    def imprint(self, imprint: Imprint | None) -> str:
        """版记 between rules, after the text."""
        if imprint is None:
            return ""
        copies = clean(imprint.copies_to).strip().rstrip("。")
        on = f"{chinese_date(imprint.printed_on)}印发" if imprint.printed_on else ""
        rows = [(f"抄送：{copies}。", "")] if copies else []
        rows.append((clean(imprint.printed_by).strip(), on))
        look, end = size(measures.NUMBER_SIZE), twips(measures.TEXT_WIDTH)
        written = [_blank()]
        for index, (left, right) in enumerate(rows):
            top = f'<w:top w:val="single" w:sz="{8 if index == 0 else 6}" w:space="1" w:color="000000"/>'
            last = index == len(rows) - 1
            bottom = '<w:bottom w:val="single" w:sz="8" w:space="1" w:color="000000"/>' if last else ""
            tabs = f'<w:tabs><w:tab w:val="right" w:pos="{end}"/></w:tabs>'
            content = _text(left, look) + (f"<w:r><w:tab/></w:r>{_text(right, look)}" if right else "")
            single = '<w:spacing w:before="40" w:after="40" w:line="300" w:lineRule="auto"/>'
            edge = f"<w:pBdr>{top}{bottom}</w:pBdr>"
            written.append(_paragraph(content, "<w:keepLines/>", edge, tabs, single, FLUSH))
        return "".join(written)

    def provenance(self, facts: Sequence[tuple[str, str]]) -> str:
        """Footer facts in small type at the end."""
        look = f'<w:color w:val="555555"/>{size(measures.NOTE_SIZE)}'
        single = '<w:spacing w:before="20" w:after="20" w:line="240" w:lineRule="auto"/>'
        lines = [_paragraph(_text(f"{label}：{value}", look), single, FLUSH, _jc("left")) for label, value in facts]
        return (_blank(0.5) + "".join(lines)) if lines else ""

    def runs(self, runs: Runs, points: float = 0.0, chinese_face: str = "") -> str:
        """Runs with their looks; a link becomes a link."""
        written = []
        for run in runs:
            xml = _text(run.text, _look(run, points, chinese_face))
            written.append(f'<w:hyperlink r:id="{self._link(run.href)}">{xml}</w:hyperlink>' if run.href else xml)
        return "".join(written)

    def _link(self, address: str) -> str:
        if address not in self._addresses:
            self._addresses[address] = f"rIdLink{len(self._addresses) + 1}"
            self.links.append(Relationship(self._addresses[address], f"{R}/hyperlink", address, external=True))
        return self._addresses[address]


def _close(xml: str, properties: str) -> str:
    """End a section: its properties live in the last paragraph, or in a tiny one of their own after a table."""
    return xml + f"<w:p><w:pPr>{exactly(1)}{FLUSH}{properties}</w:pPr></w:p>"


def _note_lines(names: Sequence[str]) -> Iterable[str]:
    """附件说明, two characters in; the names of several attachments hang under one another."""
    for index, name in enumerate(names):
        label = "附件：" if index == 0 else ""
        number = f"{index + 1}." if len(names) > 1 else ""
        lead = 5.0 + (0.75 if number else 0.0)
        left, hanging = twips(lead * measures.BODY_SIZE), twips((lead - (2 if label else 5)) * measures.BODY_SIZE)
        yield _paragraph(
            _text(f"{label}{number}{name}"),
            f'<w:ind w:left="{left}" w:hangingChars="0" w:hanging="{hanging}"/>',
            _jc("left"),
        )


def _attachment_mark(mark: AttachmentMark) -> str:
    label = _paragraph(_text(mark.label, face(HEI_FACE)), "<w:keepNext/>", "<w:pageBreakBefore/>", FLUSH)
    if not mark.title:
        return label
    lines = "\n".join(break_title(mark.title, measures.TITLE_CHARACTERS))
    title = _paragraph(_text(lines), _style("Title"), "<w:keepNext/>", '<w:outlineLvl w:val="0"/>')
    return label + _blank() + title + _blank()


def _red_head(agencies: tuple[str, ...]) -> str:
    """发文机关标志 35 mm below the upper edge; the agencies of a joint document stand in a column left of 文件."""
    longest = max(width(name) for name in agencies)
    points = min(measures.RED_HEAD_LARGEST, measures.TEXT_WIDTH / (longest + 2.6) * 0.98)
    look = f'{face(TITLE_FACE)}<w:color w:val="{measures.RED}"/>{size(points)}'
    drop = exactly(measures.RED_HEAD_DROP)
    above = _paragraph("", drop, FLUSH)
    pitch = exactly(points * 1.3)
    if len(agencies) == 1:
        mark = _paragraph(_text(f"{agencies[0]}文件", look), pitch, FLUSH, _jc("center"))
        return above + mark + _blank(2)
    left, right = twips((longest + 0.4) * points), twips(2.15 * points)
    names = "".join(_paragraph(_text(name, look), pitch, FLUSH, _jc("distribute")) for name in agencies)
    word = _paragraph(_text("文件", look), pitch, FLUSH, _jc("center"))
    return (
        f'{above}<w:tbl><w:tblPr><w:tblW w:w="{left + right}" w:type="dxa"/><w:jc w:val="center"/>'
        '<w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar>'
        f'</w:tblPr><w:tblGrid><w:gridCol w:w="{left}"/><w:gridCol w:w="{right}"/></w:tblGrid><w:tr>'
        f'<w:tc><w:tcPr><w:tcW w:w="{left}" w:type="dxa"/></w:tcPr>{names}</w:tc>'
        f'<w:tc><w:tcPr><w:tcW w:w="{right}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>{word}</w:tc>'
        f"</w:tr></w:tbl>{_blank(2)}"
    )


def _drawing(bitmap: Bitmap, number: int, alt: str) -> str:
    """An inline picture, at most as wide as the text and as high as two thirds of the page."""
    scale = min(0.75, measures.TEXT_WIDTH / bitmap.width, measures.TEXT_HEIGHT * 2 / 3 / bitmap.height)
    across, down = round(bitmap.width * scale * _EMU), round(bitmap.height * scale * _EMU)
    return (
        f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{across}" cy="{down}"/>'
        f'<wp:docPr id="{number}" name="图片{number}" descr="{escape(alt)}"/><a:graphic>'
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr>'
        f'<pic:cNvPr id="{number}" name="图片{number}"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>'
        f'<a:blip r:embed="rIdImage{number}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm>'
        f'<a:off x="0" y="0"/><a:ext cx="{across}" cy="{down}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        "</pic:spPr>"
        "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )
