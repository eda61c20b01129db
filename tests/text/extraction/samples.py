"""Makers of sample files: small, in our own words, each written anew where a test needs it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import docx
import openpyxl
import pylopdf_fonts_zh_cn
import pypdf
import typst
from PIL import Image, ImageDraw, ImageFont

FONTS = Path(pylopdf_fonts_zh_cn.__file__).parent
TITLE = "明湖区人民政府关于做好秋季防火工作的通知"
PARAGRAPHS = (
    "各镇人民政府，各街道办事处，区政府有关部门：",
    "秋季天干物燥，风力较大，山林和农田容易起火。为保护群众生命财产安全，经区政府研究，现就做好秋季防火工作通知如下。",
    "一、落实责任。各单位主要负责人是本单位防火工作第一责任人，要把任务分到岗、落到人，做到山有人管、林有人护、火有人防。",
    "二、加强巡查。护林员每天上下午各巡查一次，发现火情立即报告区应急管理局，电话0558-1234567，不得迟报、漏报、瞒报。",
    "明湖区人民政府",
    "2025年9月18日",
)
OLE_HEAD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


def ole(path: Path, stream: str) -> Path:
    """An OLE file whose directory names one stream; enough to be recognised, as the reader looks no further."""
    path.write_bytes(OLE_HEAD + stream.encode("utf-16-le").ljust(64, b"\0") + b"\0" * 448)
    return path


def word(path: Path, *, title: str = TITLE, paragraphs: Iterable[str] = PARAGRAPHS) -> Path:
    document = docx.Document()
    document.add_heading(title, level=0)
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.save(str(path))
    return path


def rezip(path: Path, change: dict[str, bytes]) -> Path:
    """The zip at `path` with some members replaced or added."""
    with zipfile.ZipFile(path) as old:
        members = {info.filename: old.read(info) for info in old.infolist()} | change
    return zipped(path, members)


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def locked_zip(path: Path, members: dict[str, bytes]) -> Path:
    """A zip whose members are marked as encrypted, in the local headers and in the directory."""
    data = bytearray(zipped(path, members).read_bytes())
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(magic)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(magic, at + 4)
    path.write_bytes(data)
    return path


def gbk_zip(path: Path, name: str, data: bytes) -> Path:
    """A zip as Chinese Windows writes it: the name in GBK, without the flag for UTF-8."""
    stand_in = "x" * len(name.encode("gbk"))
    raw = zipped(path, {stand_in: data}).read_bytes()
    path.write_bytes(raw.replace(stand_in.encode(), name.encode("gbk")))
    return path


def pdf(
    path: Path, *, title: str = TITLE, paragraphs: Sequence[str] = PARAGRAPHS, copies: int = 1, markup: bool = False
) -> Path:
    """A PDF with a text layer, set like an official document: indented paragraphs, page numbers, a running header."""
    body = "\n\n".join(paragraph if markup else paragraph.replace("#", "\\#") for paragraph in paragraphs * copies)
    source = f"""
#set text(font: ("Noto Serif SC", "Noto Serif CJK SC"), size: 16pt, lang: "zh")
#set page(paper: "a4", header: [明湖区人民政府公报], footer: context [— #counter(page).display() —])
#set par(first-line-indent: (amount: 2em, all: true), justify: true)
#align(center)[#text(size: 22pt)[{title}]]

{body}
"""
    path.write_bytes(typst.compile(source.encode(), font_paths=[str(FONTS)]))
    return path


def locked_pdf(path: Path) -> Path:
    writer = pypdf.PdfWriter(clone_from=str(pdf(path)))
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(str(path))
    return path


def picture(lines: Sequence[str], *, size: int = 36, width: int = 1240) -> Image.Image:
    """A clean page of text, as a scanner at 150 dpi would give it."""
    font = ImageFont.truetype(str(FONTS / "NotoSerifSC-Regular.otf"), size)
    image = Image.new("RGB", (width, 200 + len(lines) * size * 2), "white")
    draw = ImageDraw.Draw(image)
    for index, line in enumerate(lines):
        draw.text((100, 100 + index * size * 2), line, fill="black", font=font)
    return image


def scanned_pdf(path: Path, lines: Sequence[str]) -> Path:
    picture(lines).save(path, "PDF", resolution=150)
    return path


def workbook(path: Path, rows: Iterable[Sequence[object]], merges: Iterable[str] = ()) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    for merge in merges:
        book.active.merge_cells(merge)
    book.save(path)
    return path


OFD_NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def ofd_text(text: str, x: float, y: float, size: float = 5.6) -> str:
    """One line of text as a text object whose characters stand `size` millimetres apart."""
    step = f"g {len(text) - 1} {size}" if len(text) > 1 else ""
    return (
        f'<ofd:TextObject ID="1" Boundary="{x} {y} 170 {size}" Font="1" Size="{size}">'
        f'<ofd:TextCode X="0" Y="{size}" DeltaX="{step}">{text}</ofd:TextCode></ofd:TextObject>'
    )


def ofd(
    path: Path, pages: Sequence[str], *, template: str = "", media: bytes = b"", extra: dict[str, bytes] | None = None
) -> Path:
    """An OFD file; each page is the XML of its objects, `template` that of a template used by every page."""

    def content(objects: str, uses: str = "") -> bytes:
        layer = f'<ofd:Layer ID="9">{objects}</ofd:Layer>'
        return f"<ofd:Page {OFD_NAMESPACE}>{uses}<ofd:Content>{layer}</ofd:Content></ofd:Page>".encode()

    uses = '<ofd:Template TemplateID="T1"/>' if template else ""
    listed = "".join(f'<ofd:Page ID="{i}" BaseLoc="Pages/Page_{i}/Content.xml"/>' for i in range(len(pages)))
    common = '<ofd:TemplatePage ID="T1" BaseLoc="Tpls/Content.xml"/>' if template else ""
    resource = "<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>" if media else ""
    members = {
        "OFD.xml": f"<ofd:OFD {OFD_NAMESPACE}><ofd:DocBody><ofd:DocInfo><ofd:Title>示例标题</ofd:Title>"
        "<ofd:CreationDate>2025-09-18</ofd:CreationDate></ofd:DocInfo>"
        "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>".encode(),
        "Doc_0/Document.xml": f"<ofd:Document {OFD_NAMESPACE}><ofd:CommonData>{resource}{common}</ofd:CommonData>"
        f"<ofd:Pages>{listed}</ofd:Pages></ofd:Document>".encode(),
    }
    for index, page in enumerate(pages):
        members[f"Doc_0/Pages/Page_{index}/Content.xml"] = content(page, uses)
    if template:
        members["Doc_0/Tpls/Content.xml"] = content(template)
    if media:
        members["Doc_0/Res/scan.png"] = media
        members["Doc_0/DocumentRes.xml"] = (
            f'<ofd:Res {OFD_NAMESPACE} BaseLoc="Res"><ofd:MultiMedias><ofd:MultiMedia ID="5" Type="Image">'
            "<ofd:MediaFile>scan.png</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias></ofd:Res>"
        ).encode()
    return zipped(path, members | (extra or {}))


def png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()
