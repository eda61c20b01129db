"""The fixed parts of a Word package: styles, fonts with their stand-ins, settings, footers, and the package itself.

Written out here instead of taken from a library's template, which brings 430 KB of foreign styles, a picture of
somebody's page and the name of somebody's program into every file.
"""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from html import escape

from gongkai.documents import measures

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"

TITLE_FACE, BODY_FACE, HEI_FACE, KAI_FACE, SONG_FACE = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体"
LATIN_FACE = "Times New Roman"
_STAND_INS = {TITLE_FACE: "华文中宋", BODY_FACE: "仿宋", HEI_FACE: "SimHei", KAI_FACE: "楷体", SONG_FACE: "SimSun"}
_FIRST_MOMENT = (1980, 1, 1, 0, 0, 0)

_NO_TRACKING = '<w:spacing w:val="0"/>'

FLUSH = '<w:ind w:firstLineChars="0" w:firstLine="0"/>'
"""No indent of the first line."""

FACE_OF_LEVEL = {1: HEI_FACE, 2: KAI_FACE, 3: BODY_FACE, 4: BODY_FACE}


@dataclass(frozen=True, slots=True)
class Relationship:
    """A link from the main part to another part or to an address outside."""

    id: str
    kind: str
    target: str
    external: bool = False


def twips(points: float) -> int:
    """Points in twentieths, Word's unit of length."""
    return round(points * 20)


def face(name: str) -> str:
    """``w:rFonts`` for a Chinese face; figures and Latin letters are set in Times New Roman."""
    latin = f'w:ascii="{LATIN_FACE}" w:hAnsi="{LATIN_FACE}" w:cs="{LATIN_FACE}"'
    return f'<w:rFonts w:hint="eastAsia" w:eastAsia="{name}" {latin}/>'


def size(points: float) -> str:
    """``w:sz`` in half points."""
    return f'<w:sz w:val="{round(points * 2)}"/><w:szCs w:val="{round(points * 2)}"/>'


def exactly(points: float) -> str:
    """``w:spacing`` of a fixed line pitch."""
    return f'<w:spacing w:before="0" w:after="0" w:line="{twips(points)}" w:lineRule="exact"/>'


def _paragraph_style(key: str, name: str, paragraph: str, run: str, *, default: bool = False) -> str:
    """One paragraph style; all but the default one are based on it."""
    mark = ' w:default="1"' if default else ""
    base = "" if default else '<w:basedOn w:val="Normal"/><w:next w:val="Normal"/>'
    return (
        f'<w:style w:type="paragraph"{mark} w:styleId="{key}"><w:name w:val="{name}"/>{base}<w:qFormat/>'
        f"<w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


def styles() -> str:
    """Text, title, four levels of headings and tables."""
    indent = f'<w:ind w:firstLineChars="200" w:firstLine="{twips(2 * measures.BODY_SIZE)}"/>'
    tracking = f'<w:spacing w:val="{math.floor(20 * measures.TRACKING)}"/>'
    plain = '<w:widowControl w:val="0"/><w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/><w:snapToGrid w:val="0"/>'
    cell_pitch = '<w:spacing w:before="20" w:after="20" w:line="252" w:lineRule="auto"/>'
    look = f"{face(TITLE_FACE)}{_NO_TRACKING}{size(measures.TITLE_SIZE)}"
    text = f'{plain}{exactly(measures.LINE_PITCH)}{indent}<w:jc w:val="both"/>'
    paragraph_styles = [
        _paragraph_style("Normal", "Normal", text, tracking, default=True),
        _paragraph_style("Title", "Title", f'{exactly(measures.TITLE_PITCH)}{FLUSH}<w:jc w:val="center"/>', look),
        _paragraph_style("TableText", "表格文字", f'{cell_pitch}{FLUSH}<w:jc w:val="left"/>', _NO_TRACKING),
    ]
    for level, name in FACE_OF_LEVEL.items():
        outline = f'<w:keepNext/><w:outlineLvl w:val="{level - 1}"/>'
        paragraph_styles.append(_paragraph_style(f"Heading{level}", f"heading {level}", outline, face(name)))
    language = '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
    defaults = f'<w:rPr>{face(BODY_FACE)}<w:kern w:val="0"/>{size(measures.BODY_SIZE)}{language}</w:rPr>'
    return (
        f'{_HEAD}<w:styles xmlns:w="{W}">'
        f"<w:docDefaults><w:rPrDefault>{defaults}</w:rPrDefault><w:pPrDefault/></w:docDefaults>"
        f"{''.join(paragraph_styles)}"
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:semiHidden/>'
        '<w:tblPr><w:tblInd w:w="0" w:type="dxa"/></w:tblPr></w:style></w:styles>'
    )


def font_table() -> str:
    """The faces of the standard, each with one that comes with Windows or Office where the first is not installed."""
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/><w:family w:val="auto"/></w:font>'
        for name, other in _STAND_INS.items()
    )
    return f'{_HEAD}<w:fonts xmlns:w="{W}">{fonts}</w:fonts>'


def settings() -> str:
    """Odd and even footers, full Chinese typography; nothing about who wrote it or where."""
    return (
        f'{_HEAD}<w:settings xmlns:w="{W}"><w:zoom w:percent="100"/><w:evenAndOddHeaders/>'
        '<w:drawingGridHorizontalSpacing w:val="158"/><w:characterSpacingControl w:val="compressPunctuation"/>'
        '<w:compat><w:compatSetting w:name="compatibilityMode" w:val="15"'
        ' w:uri="http://schemas.microsoft.com/office/word"/></w:compat>'
        '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>'
    )


def footer(*, even: bool) -> str:
    """Page number 「— 1 —」 in 4号, a character from the right on odd pages, from the left on even ones (7.5)."""
    side = "left" if even else "right"
    look = f"<w:rPr>{face(SONG_FACE)}{size(measures.NUMBER_SIZE)}</w:rPr>"
    return (
        f'{_HEAD}<w:ftr xmlns:w="{W}"><w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/>'
        f'<w:ind w:{side}Chars="100" w:{side}="{twips(measures.NUMBER_SIZE)}" w:firstLineChars="0" w:firstLine="0"/>'
        f'<w:jc w:val="{side}"/></w:pPr>'
        f'<w:r>{look}<w:t xml:space="preserve">— </w:t></w:r><w:r>{look}<w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r>{look}<w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
        f'<w:r>{look}<w:fldChar w:fldCharType="separate"/></w:r>'
        f'<w:r>{look}<w:t>1</w:t></w:r><w:r>{look}<w:fldChar w:fldCharType="end"/></w:r>'
        f'<w:r>{look}<w:t xml:space="preserve"> —</w:t></w:r></w:p></w:ftr>'
    )


def header(text: str) -> str:
    """A mark at the upper right of every page, or an empty header."""
    box = f'<w:bdr w:val="single" w:sz="6" w:space="0" w:color="{measures.RED}"/>'
    look = f'<w:rPr>{face(HEI_FACE)}<w:color w:val="{measures.RED}"/>{size(10.5)}{box}</w:rPr>'
    run = f'<w:r>{look}<w:t xml:space="preserve"> {escape(text)} </w:t></w:r>' if text else ""
    return (
        f'{_HEAD}<w:hdr xmlns:w="{W}"><w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/>'
        f'{FLUSH}<w:jc w:val="right"/></w:pPr>{run}</w:p></w:hdr>'
    )


def section(*, landscape: bool) -> str:
    """``w:sectPr``: A4 and the margins of the standard.

    The 28 characters come from tighter spacing in the style, not from a grid of characters: programs other than Word
    give a character that is a hair too wide for its place two places.
    """
    across, down = twips(measures.PAGE_WIDTH), twips(measures.PAGE_HEIGHT)
    top, right = twips(measures.MARGIN_TOP), twips(measures.MARGIN_RIGHT)
    bottom, left = twips(measures.MARGIN_BOTTOM), twips(measures.MARGIN_LEFT)
    turned = ""
    if landscape:
        across, down, turned = down, across, ' w:orient="landscape"'
        top, right, bottom, left = left, top, right, bottom
    number = max(0, bottom - twips(7 * measures.MM + measures.NUMBER_SIZE * 1.2))
    grid = f'<w:docGrid w:type="lines" w:linePitch="{twips(measures.LINE_PITCH)}"/>'
    return (
        '<w:sectPr><w:headerReference w:type="default" r:id="rIdHeader"/>'
        '<w:headerReference w:type="even" r:id="rIdHeader"/>'
        '<w:footerReference w:type="default" r:id="rIdOdd"/><w:footerReference w:type="even" r:id="rIdEven"/>'
        f'<w:type w:val="nextPage"/><w:pgSz w:w="{across}" w:h="{down}"{turned}/>'
        f'<w:pgMar w:top="{top}" w:right="{right}" w:bottom="{bottom}" w:left="{left}" w:header="{top * 5 // 9}"'
        f' w:footer="{number}" w:gutter="0"/>{grid}</w:sectPr>'
    )


def core_properties(title: str, day: date) -> str:
    """Title, language and a date that does not depend on the clock; no author."""
    stamp = f"{day.isoformat()}T00:00:00Z"
    return (
        f'{_HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(title)}</dc:title><dc:creator></dc:creator><dc:language>zh-CN</dc:language>"
        "<cp:lastModifiedBy></cp:lastModifiedBy><cp:revision>1</cp:revision>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{stamp}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{stamp}</dcterms:modified></cp:coreProperties>'
    )


def _content_types(pictures: Iterable[str]) -> str:
    kinds = {"png": "image/png", "jpg": "image/jpeg"}
    used = sorted({name.rpartition(".")[2] for name in pictures})
    defaults = "".join(f'<Default Extension="{kind}" ContentType="{kinds[kind]}"/>' for kind in used)
    parts = {"document": "document.main", "styles": "styles", "settings": "settings", "fontTable": "fontTable"}
    parts |= {"header1": "header", "footer1": "footer", "footer2": "footer"}
    overrides = "".join(
        f'<Override PartName="/word/{part}.xml" ContentType="{_MAIN_TYPE}.{kind}+xml"/>' for part, kind in parts.items()
    )
    return (
        f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{defaults}{overrides}'
        '<Override PartName="/docProps/core.xml"'
        ' ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
    )


def _relationships(links: Iterable[Relationship]) -> str:
    mode = {True: ' TargetMode="External"', False: ""}
    entries = "".join(
        f'<Relationship Id="{link.id}" Type="{link.kind}" Target="{escape(link.target)}"{mode[link.external]}/>'
        for link in links
    )
    return f'{_HEAD}<Relationships xmlns="{_RELATIONSHIPS}">{entries}</Relationships>'


def package(
    document: str, links: Iterable[Relationship], media: dict[str, bytes], *, mark: str, title: str, day: date
) -> bytes:
    """The whole file, its entries in a fixed order and of a fixed date, so that equal content gives equal bytes."""
    fixed = (("rIdStyles", "styles"), ("rIdSettings", "settings"), ("rIdFonts", "fontTable"))
    own = [Relationship(key, f"{R}/{part}", f"{part}.xml") for key, part in fixed]
    own += [
        Relationship("rIdHeader", f"{R}/header", "header1.xml"),
        Relationship("rIdOdd", f"{R}/footer", "footer1.xml"),
        Relationship("rIdEven", f"{R}/footer", "footer2.xml"),
    ]
    core = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
    roots = (
        Relationship("rId1", f"{R}/officeDocument", "word/document.xml"),
        Relationship("rId2", core, "docProps/core.xml"),
    )
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": _content_types(media),
        "_rels/.rels": _relationships(roots),
        "docProps/core.xml": core_properties(title, day),
        "word/_rels/document.xml.rels": _relationships([*own, *links]),
        "word/document.xml": _HEAD + document,
        "word/fontTable.xml": font_table(),
        "word/footer1.xml": footer(even=False),
        "word/footer2.xml": footer(even=True),
        "word/header1.xml": header(mark),
        "word/settings.xml": settings(),
        "word/styles.xml": styles(),
    }
    parts |= {f"word/media/{name}": data for name, data in media.items()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(parts.items()):
            entry = zipfile.ZipInfo(name, _FIRST_MOMENT)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 0, 0
            archive.writestr(entry, data)
    return buffer.getvalue()
