"""Makers of Office files from the XML in them, for what no library writes: deleted text, pivot caches, outside references."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field, replace
from html import unescape
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl
from openpyxl.comments import Comment
from tests.text.extraction import samples

from gongkai.text.extraction import DEFAULT
from gongkai.text.inspection import Inspection

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
MOBILE = "13900001907"
NAME = "钱秋实"


def _identity(front: str) -> str:
    """A made-up number with its check character (GB 11643)."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return front + "10X98765432"[sum(int(d) * w for d, w in zip(front, weights, strict=True)) % 11]


IDENTITY = _identity("11010519050307123")
"""Born in 1905: nobody's."""


@dataclass
class Part:
    """A part besides the document, tied to it by a relationship of this kind (the last word of its type)."""

    name: str
    kind: str
    data: str
    content_type: str = "application/xml"
    external: bool = False


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(*runs: str, properties: str = "") -> str:
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{''.join(runs)}</w:p>"


def said(text: str, properties: str = "") -> str:
    return paragraph(run(text, properties))


def deleted(text: str, author: str = NAME) -> str:
    return f'<w:del w:id="9" w:author="{author}" w:date="2025-01-01T00:00:00Z"><w:r><w:delText xml:space="preserve">{escape(text)}</w:delText></w:r></w:del>'


def inserted(text: str, author: str = NAME) -> str:
    return f'<w:ins w:id="8" w:author="{author}" w:date="2025-01-01T00:00:00Z">{run(text)}</w:ins>'


def table(*rows: tuple[str, ...], row_properties: str = "") -> str:
    cells = ["".join(f"<w:tc>{said(cell)}</w:tc>" for cell in row) for row in rows]
    return (
        "<w:tbl><w:tblPr/><w:tblGrid/>" + "".join(f"<w:tr>{row_properties}{row}</w:tr>" for row in cells) + "</w:tbl>"
    )


def part(name: str, kind: str, root: str, inner: str) -> Part:
    """A part of the document: comments, footnotes, header …"""
    data = f'<w:{root} xmlns:w="{W}" xmlns:r="{R}">{inner}</w:{root}>'
    return Part(name, kind, data, f"{WORD_TYPE}.{root}+xml")


def word(
    path: Path, body: str, *parts: Part, properties: str = "", main_type: str = f"{WORD_TYPE}.document.main+xml"
) -> Path:
    """A Word document with this body, these further parts, and (as XML) these core properties."""
    overrides, relations, members = [], [], {}
    for number, extra in enumerate(parts, start=1):
        target, mode = (extra.data, ' TargetMode="External"') if extra.external else (extra.name, "")
        relations.append(f'<Relationship Id="rId{number}" Type="{R}/{extra.kind}" Target="{escape(target)}"{mode}/>')
        if not extra.external:
            overrides.append(f'<Override PartName="/word/{extra.name}" ContentType="{extra.content_type}"/>')
            members[f"word/{extra.name}"] = extra.data.encode()
    core = (
        f'<Relationship Id="rId2" Type="{PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
    )
    everything = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/><Default Extension="bin" ContentType="application/x"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main_type}"/>{"".join(overrides)}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{R}/officeDocument" Target="word/document.xml"/>{core if properties else ""}</Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>{body}<w:sectPr/></w:body></w:document>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{"".join(relations)}</Relationships>',
    }
    if properties:
        everything["docProps/core.xml"] = (
            f'<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">{properties}</cp:coreProperties>'
        )
    return samples.zipped(path, {name: data.encode() for name, data in everything.items()} | members)


@dataclass
class Book:
    """What goes into a workbook: rows of sheets, then what is hidden of it."""

    rows: list[list[object]] = field(default_factory=lambda: [["姓名", "金额"], ["甲", 1]])
    hidden_sheet: list[list[object]] = field(default_factory=list)
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[str, ...] = ()
    comment: str = ""
    state: str = "hidden"


def workbook(path: Path, book: Book) -> Path:
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "名单"
    for row in book.rows:
        sheet.append(row)
    for number in book.hidden_rows:
        sheet.row_dimensions[number].hidden = True
    for letter in book.hidden_columns:
        sheet.column_dimensions[letter].hidden = True
    if book.comment:
        sheet["A1"].comment = Comment(book.comment, NAME)
    if book.hidden_sheet:
        other = made.create_sheet("底稿")
        for row in book.hidden_sheet:
            other.append(row)
        other.sheet_state = book.state
    made.save(path)
    return path


def tie(path: Path, source: str, name: str, kind: str, data: str, content_type: str, *, external: bool = False) -> str:
    """Add a part to the Office file and a relationship from `source` to it; the id of the relationship."""
    with zipfile.ZipFile(path) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    folder, _, file = source.rpartition("/")
    listed = f"{folder}/_rels/{file}.rels".lstrip("/")
    empty = f'<Relationships xmlns="{PACKAGE}/relationships"></Relationships>'.encode()
    relations = (
        members.get(listed, empty).decode().replace(f'<Relationships xmlns="{PACKAGE}/relationships"/>', empty.decode())
    )
    identifier = f"rNew{len(members)}"
    mode = ' TargetMode="External"' if external else ""
    target = data if external else f"/{name}"
    row = f'<Relationship Id="{identifier}" Type="{R}/{kind}" Target="{escape(target)}"{mode}/>'
    members[listed] = relations.replace("</Relationships>", f"{row}</Relationships>").encode()
    if not external:
        members[name] = data.encode()
        types = members["[Content_Types].xml"].decode()
        override = f'<Override PartName="/{name}" ContentType="{content_type}"/>'
        members["[Content_Types].xml"] = types.replace("</Types>", f"{override}</Types>").encode()
    samples.zipped(path, members)
    return identifier


def edit(path: Path, name: str, old: str, new: str) -> Path:
    """Replace words in a part; they must be there."""
    with zipfile.ZipFile(path) as archive:
        data = archive.read(name).decode()
    assert old in data, data[:2000]
    return samples.rezip(path, {name: data.replace(old, new, 1).encode()})


def shared(path: Path, *more: str) -> Path:
    """The workbook as Excel writes it: strings in a table of their own, `more` in it that no cell refers to."""
    with zipfile.ZipFile(path) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    strings: list[str] = []

    def refer(found: re.Match[str]) -> str:
        strings.append(found.group(2))
        return f'{found.group(1)} t="s"><v>{len(strings) - 1}</v></c>'

    inline = re.compile(r'(<c [^>]*?) t="inlineStr"><is>(.*?)</is></c>')
    for name in [name for name in members if name.startswith("xl/worksheets/sheet")]:
        members[name] = inline.sub(refer, members[name].decode()).encode()
    samples.zipped(path, members)
    items = "".join(f"<si>{item}</si>" for item in [*strings, *(f"<t>{words}</t>" for words in more)])
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    tie(path, "xl/workbook.xml", "xl/sharedStrings.xml", "sharedStrings", f'<sst xmlns="{S}">{items}</sst>', kind)
    return path


def pivot(path: Path, secret: str, *, filled: bool = True) -> Path:
    """A workbook with a pivot table whose cache knows a row that no sheet shows."""
    workbook(path, Book(rows=[["姓名", "金额"], ["合计", 12]] if filled else []))
    cache = (
        f'<pivotCacheDefinition xmlns="{S}" xmlns:r="{R}" r:id="rId1" recordCount="1"><cacheSource type="worksheet">'
        '<worksheetSource ref="A1:B9" sheet="底稿"/></cacheSource><cacheFields count="2"><cacheField name="证件号码">'
        f'<sharedItems count="1"><s v="{secret}"/></sharedItems></cacheField><cacheField name="金额"><sharedItems/>'
        "</cacheField></cacheFields></pivotCacheDefinition>"
    )
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    identifier = tie(
        path,
        "xl/workbook.xml",
        "xl/pivotCache/c1.xml",
        "pivotCacheDefinition",
        cache,
        f"{kind}.pivotCacheDefinition+xml",
    )
    records = f'<pivotCacheRecords xmlns="{S}" count="1"><r><x v="0"/><n v="12"/></r></pivotCacheRecords>'
    tie(
        path,
        "xl/pivotCache/c1.xml",
        "xl/pivotCache/r1.xml",
        "pivotCacheRecords",
        records,
        f"{kind}.pivotCacheRecords+xml",
    )
    shown = f'<pivotTableDefinition xmlns="{S}" name="p" cacheId="1"><location ref="A1:B2" firstHeaderRow="1" firstDataRow="1" firstDataCol="1"/></pivotTableDefinition>'
    tie(path, "xl/worksheets/sheet1.xml", "xl/pivotTables/t1.xml", "pivotTable", shown, f"{kind}.pivotTable+xml")
    caches = f'<pivotCaches><pivotCache cacheId="1" r:id="{identifier}" xmlns:r="{R}"/></pivotCaches></workbook>'
    return edit(path, "xl/workbook.xml", "</workbook>", caches)


def part_of(inspection: Inspection, words: str) -> str:
    """The name of the place where these words stand."""
    at = inspection.material.text.find(words)
    assert at >= 0, f"“{words}” is not in: {inspection.material.text}"
    return inspection.material.place(at)


def codes(inspection: Inspection) -> set[str]:
    return {finding.rule for finding in inspection.findings}


def raw(path: Path) -> bytes:
    """All that stands in the file, unpacked."""
    if not zipfile.is_zipfile(path):
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        parts = [name.encode() + b"\n" + archive.read(name) for name in archive.namelist()]
    # openpyxl writes Chinese as numbers of characters.
    return b"\n".join([*parts, *(unescape(part.decode(errors="ignore")).encode() for part in parts)])


NO_OCR = replace(DEFAULT, ocr_pages=0)
