"""A PDF written from nothing: pictures of pages, and over each an invisible text layer in a font of one and the same shape.

Nothing is copied from the original, so nothing of it can stay behind. There is no information dictionary, no XMP, no identifier, no date:
equal pages give equal bytes. Each code of the font stands for the character of that number; the map that says so names the characters
of the text layer and no others, and the font itself is the same in every file (ISO 32000-2: 9.7.4 CIDFontType2, 9.10.3 ToUnicode, 9.3.6 rendering mode 3).
"""

from __future__ import annotations

import io
import re
import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import BinaryIO

from PIL import Image

HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
CATALOG, PAGES, FONT, DESCENDANT, DESCRIPTOR, FONT_FILE, TO_UNICODE, GLYPHS = range(1, 9)
NARROW = 500
"""Width of the codes below U+0370 in thousandths of the type size; all others are 1000."""
JPEG_QUALITY = 85
_PNG_HEAD = 8
_ENTRIES = 100
"""Entries in one block of a map (Adobe Technical Note 5014)."""
_SHOWN = re.compile(rb"<([0-9A-F]+)> Tj")


@dataclass(frozen=True, slots=True)
class Encoded:
    """The picture of a page as it stands in the file; `lossless` is Flate with PNG predictors, else JPEG."""

    width: int
    height: int
    channels: int
    data: bytes
    lossless: bool

    def dictionary(self) -> bytes:
        """The entries of the stream dictionary that say how to read it."""
        space = b"/DeviceGray" if self.channels == 1 else b"/DeviceRGB"
        head = b"/Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 8 /ColorSpace %s"
        found = head % (self.width, self.height, space)
        if not self.lossless:
            return found + b" /Filter /DCTDecode"
        form = b" /Filter /FlateDecode /DecodeParms << /Predictor 15 /Colors %d /BitsPerComponent 8 /Columns %d >>"
        return found + form % (self.channels, self.width)


def encode(image: Image.Image, quality: int = JPEG_QUALITY) -> Encoded:
    """The picture, grey or RGB, as JPEG or without loss, whichever is smaller."""
    channels = 1 if image.mode == "L" else 3
    jpeg = io.BytesIO()
    image.save(jpeg, "JPEG", quality=quality, subsampling=0)
    png = io.BytesIO()
    image.save(png, "PNG", compress_level=6)
    flate = _image_data(png.getvalue())
    lossless = len(flate) <= jpeg.tell()
    return Encoded(image.width, image.height, channels, flate if lossless else jpeg.getvalue(), lossless)


def _image_data(png: bytes) -> bytes:
    """The compressed pixels of a PNG file, which PDF reads as they are (ISO 32000-2, 7.4.4.4)."""
    parts, at = [], _PNG_HEAD
    while at < len(png):
        length, kind = struct.unpack_from(">I4s", png, at)
        if kind == b"IDAT":
            parts.append(png[at + 8 : at + 8 + length])
        at += 12 + length
    return b"".join(parts)


class PdfFile:
    """Writes to `file` page by page, so that no more than one page is in memory."""

    def __init__(self, file: BinaryIO, *, text: bool = False) -> None:
        """`text`: the pages get a text layer, whose font is put into the file."""
        self._file = file
        self._offsets: dict[int, int] = {}
        self._at = 0
        self._next = GLYPHS + 1 if text else FONT
        self._text = text
        self._codes: set[int] = set()
        self._pages: list[int] = []
        self._write(HEADER)
        if text:
            self._font()

    def page(self, width: float, height: float, picture: Encoded, content: bytes) -> None:
        """A page of `width` × `height` points that shows `picture`; `content` are the operators of its text layer."""
        shown = self._stream(picture.dictionary(), picture.data)
        self._codes |= codes_of(content)
        paint = b"q %s 0 0 %s 0 0 cm /I Do Q" % (number(width), number(height))
        stream = self._packed(b"", b"\n".join(filter(None, (paint, content))))
        font = b" /Font << /F %d 0 R >>" % FONT if self._text else b""
        self._pages.append(
            self._object(
                b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 %s %s] /Contents %d 0 R"
                b" /Resources << /XObject << /I %d 0 R >>%s >> >>"
                % (PAGES, number(width), number(height), stream, shown, font)
            )
        )

    def finish(self) -> None:
        """Write the page tree and the table of objects."""
        if self._text:
            self._packed(b"", to_unicode(self._codes), TO_UNICODE)
        kids = b" ".join(b"%d 0 R" % page for page in self._pages)
        self._object(b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(self._pages), kids), PAGES)
        self._object(b"<< /Type /Catalog /Pages %d 0 R /Lang (zh-CN) >>" % PAGES, CATALOG)
        start, size = self._at, max(self._offsets) + 1
        table = b"".join(b"%010d 00000 n \n" % self._offsets[at] for at in range(1, size))
        self._write(b"xref\n0 %d\n0000000000 65535 f \n" % size + table)
        self._write(b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, CATALOG, start))

    def _font(self) -> None:
        self._object(
            b"<< /Type /Font /Subtype /Type0 /BaseFont /Blank /Encoding /Identity-H"
            b" /DescendantFonts [%d 0 R] /ToUnicode %d 0 R >>" % (DESCENDANT, TO_UNICODE),
            FONT,
        )
        self._object(
            b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Blank /DW 1000 /W [0 879 %d] /CIDToGIDMap %d 0 R"
            b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor %d 0 R >>"
            % (NARROW, GLYPHS, DESCRIPTOR),
            DESCENDANT,
        )
        self._object(
            b"<< /Type /FontDescriptor /FontName /Blank /Flags 4 /FontBBox [0 -120 1000 880] /ItalicAngle 0"
            b" /Ascent 880 /Descent -120 /CapHeight 880 /StemV 80 /FontFile2 %d 0 R >>" % FONT_FILE,
            DESCRIPTOR,
        )
        font = blank_font()
        self._packed(b"/Length1 %d" % len(font), font, FONT_FILE)
        self._packed(b"", bytes(2 * 65536), GLYPHS)

    def _packed(self, entries: bytes, data: bytes, at: int = 0) -> int:
        return self._stream(entries + b" /Filter /FlateDecode", zlib.compress(data, 6), at)

    def _stream(self, entries: bytes, data: bytes, at: int = 0) -> int:
        body = b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries.strip(), len(data), data)
        return self._object(body, at)

    def _object(self, body: bytes, at: int = 0) -> int:
        if not at:
            at, self._next = self._next, self._next + 1
        self._offsets[at] = self._at
        self._write(b"%d 0 obj\n%s\nendobj\n" % (at, body))
        return at

    def _write(self, data: bytes) -> None:
        self._file.write(data)
        self._at += len(data)


def number(value: float) -> bytes:
    """A number as PDF writes it, to a thousandth."""
    return f"{value:.3f}".rstrip("0").rstrip(".").encode() if value else b"0"


def to_unicode(codes: Iterable[int]) -> bytes:
    """The map that says each of `codes` stands for the character of that number; rare characters are two UTF-16 halves."""
    lines = [f"<{code:04X}> <{code:04X}>" for code in sorted(codes)]
    blocks = [lines[at : at + _ENTRIES] for at in range(0, len(lines), _ENTRIES)]
    body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        f"{body}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode()


def codes_of(content: bytes) -> set[int]:
    """The codes shown by the operators of a page."""
    return {
        int(found[1][at : at + 4], 16) for found in _SHOWN.finditer(content) for at in range(0, len(found[1]) - 3, 4)
    }


@cache
def blank_font() -> bytes:
    """A TrueType font of one glyph, a plain rectangle (OpenType 1.9: the tables a CIDFontType2 needs).

    Nothing draws it. Without any extent PDFium takes a character standing alone for empty and leaves it out.
    """
    box = (0, -120, 400, 880)
    glyph = struct.pack(">hhhhhHH4B", 1, *box, 3, 0, 1, 1, 1, 1)
    glyph += struct.pack(">8h", 0, 0, 400, 0, -120, 1000, 0, -1000)
    glyph += bytes(-len(glyph) % 4)
    head = struct.pack(">IIIIHHQQhhhhHHhhh", 0x00010000, 0x00010000, 0, 0x5F0F3CF5, 0, 1000, 0, 0, *box, 0, 8, 2, 0, 0)
    hhea = struct.pack(">IhhhHhhhhhhhhhhhH", 0x00010000, 880, -120, 0, 1000, 0, 0, 400, 1, 0, 0, 0, 0, 0, 0, 0, 1)
    maxp = struct.pack(">IHHHHHHHHHHHHHH", 0x00010000, 1, 4, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0)
    cmap = struct.pack(">HHHHI", 0, 1, 3, 1, 12) + struct.pack(
        ">HHHHHHHHHHHH", 4, 24, 0, 2, 2, 0, 0, 0xFFFF, 0, 0xFFFF, 1, 0
    )
    tables = {
        b"cmap": cmap,
        b"glyf": glyph,
        b"head": head,
        b"hhea": hhea,
        b"hmtx": struct.pack(">Hh", 1000, 0),
        b"loca": struct.pack(">HH", 0, len(glyph) // 2),
        b"maxp": maxp,
        b"post": struct.pack(">IIhhIIIII", 0x00030000, 0, 0, 0, 0, 0, 0, 0, 0),
    }
    offset = 12 + 16 * len(tables)
    directory, body = b"", b""
    for tag, data in tables.items():
        padded = data + bytes(-len(data) % 4)
        total = sum(struct.unpack(f">{len(padded) // 4}I", padded)) & 0xFFFFFFFF
        directory += struct.pack(">4sIII", tag, total, offset + len(body), len(data))
        body += padded
    return struct.pack(">IHHHH", 0x00010000, len(tables), 128, 3, 0) + directory + body
