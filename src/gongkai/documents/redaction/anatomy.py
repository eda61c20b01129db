"""Taking a finished file apart, strictly: whatever is not exactly as `writing` writes it makes it a file of another form.

A search for what is forbidden can only find what somebody has thought of; here everything that is not expected is refused.
"""

from __future__ import annotations

import io
import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image

from gongkai.documents.redaction.writing import CATALOG, GLYPHS, PAGES, TO_UNICODE, PdfFile, codes_of, to_unicode

_NUMBER = rb"-?(?:\d+(?:\.\d{1,3})?|\.\d{1,3})"
_IMAGE = re.compile(
    rb"(\d+) 0 obj\n<< /Type /XObject /Subtype /Image /Width (\d+) /Height (\d+) /BitsPerComponent 8 /ColorSpace /Device(Gray|RGB)"
    rb"(?: /Filter /(DCTDecode)| /Filter /FlateDecode /DecodeParms << /Predictor 15 /Colors (\d) /BitsPerComponent 8 /Columns (\d+) >>)"
    rb" /Length (\d+) >>\nstream\n"
)
_CONTENT = re.compile(rb"(\d+) 0 obj\n<< /Filter /FlateDecode /Length (\d+) >>\nstream\n")
_END = b"\nendstream\nendobj\n"
_PAGE = re.compile(
    rb"(\d+) 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox \[0 0 (%b) (%b)\] /Contents (\d+) 0 R"
    rb" /Resources << /XObject << /I (\d+) 0 R >> /Font << /F 3 0 R >> >> >>\nendobj\n" % (_NUMBER, _NUMBER)
)
_OPERATORS = re.compile(
    rb"q %b 0 0 %b 0 0 cm /I Do Q(?:\nBT\n3 Tr(?:\n(?:(?:1 0 0 1|-1 0 0 -1|0 -1 1 0|0 1 -1 0) %b %b Tm\n/F %b Tf %b Tz\n"
    rb"<[0-9A-F]+> Tj))+\nET)?" % ((_NUMBER,) * 6)
)
_JPEG_SEGMENTS = frozenset({0xC0, 0xC4, 0xDB, 0xDD, 0xE0})
"""SOF0, DHT, DQT, DRI, JFIF: no comment, no EXIF, XMP, profile or preview (ISO 10918-1 B.1)."""
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)


class FileOfAnotherForm(Exception):
    """The file holds something that no finished file holds."""


@dataclass(frozen=True, slots=True)
class Part:
    """The picture of one page as found in the file."""

    width: int
    height: int
    channels: int
    data: memoryview
    lossless: bool

    def picture(self) -> Image.Image:
        """The pixels. Raises `FileOfAnotherForm` when they cannot be unpacked."""
        try:
            image = Image.open(io.BytesIO(_as_png(self) if self.lossless else bytes(self.data)))
            image.load()
        except (OSError, ValueError, SyntaxError) as error:
            raise FileOfAnotherForm("a picture cannot be unpacked") from error
        return image


@dataclass(frozen=True, slots=True)
class Anatomy:
    """The pages' pictures, and the bytes of the file besides them."""

    pages: tuple[Part, ...]
    contents: tuple[bytes, ...]
    frame: bytes
    """Everything outside the pictures and contents."""

    def other_bytes(self) -> Iterator[bytes]:
        """All that is not pixels, contents unpacked."""
        yield self.frame
        yield from self.contents


def dissect(content: bytes) -> Anatomy:
    """The parts of a finished file.

    Raises `FileOfAnotherForm` at the first byte that does not belong there.
    """
    start = _prefix()
    if not content.startswith(start):
        raise FileOfAnotherForm("the head of the file differs")
    at, following = len(start), GLYPHS + 1
    pages: list[Part] = []
    contents: list[bytes] = []
    frame = [start]
    leaves: list[int] = []
    while found := _IMAGE.match(content, at):
        part, end = _picture(found, content)
        stream = _CONTENT.match(content, end)
        if stream is None:
            raise FileOfAnotherForm("a picture is not followed by its page's content")
        operators, after = _stream(content, stream.end(), int(stream[2]))
        page = _PAGE.match(content, after)
        ids = [int(found[1]), int(stream[1]), int(page[1])] if page else []
        if page is None or ids != list(range(following, following + 3)) or [int(page[5]), int(page[4])] != ids[:2]:
            raise FileOfAnotherForm("a page is not as it is written")
        unpacked = _inflate(operators)
        if not _OPERATORS.fullmatch(unpacked):
            raise FileOfAnotherForm("the content of a page holds other operators")
        pages.append(part)
        contents.append(unpacked)
        frame += [found[0], stream[0], page[0]]
        leaves.append(ids[2])
        at, following = page.end(), following + 3
    tail = content[at:]
    _check_tail(content, tail, leaves, {code for one in contents for code in codes_of(one)})
    return Anatomy(tuple(pages), tuple(contents), b"".join([*frame, tail]))


def unpack(content: bytes) -> Iterator[bytes]:
    """Every stream of any PDF that can be unpacked, current or not, for the search in files of another form."""
    for found in _STREAM.finditer(content):
        unpacker = zlib.decompressobj()
        try:
            yield unpacker.decompress(found[1], 200 * 1024 * 1024)
        except zlib.error:
            continue


def _prefix() -> bytes:
    buffer = io.BytesIO()
    PdfFile(buffer, text=True)
    return buffer.getvalue()


def _stream(content: bytes, start: int, length: int) -> tuple[memoryview, int]:
    end = start + length
    if content[end : end + len(_END)] != _END:
        raise FileOfAnotherForm("a stream has another length than it says")
    return memoryview(content)[start:end], end + len(_END)


def _picture(found: re.Match[bytes], content: bytes) -> tuple[Part, int]:
    width, height = int(found[2]), int(found[3])
    channels = 1 if found[4] == b"Gray" else 3
    data, end = _stream(content, found.end(), int(found[8]))
    part = Part(width, height, channels, data, found[5] is None)
    if part.lossless:
        if (int(found[6]), int(found[7])) != (channels, width):
            raise FileOfAnotherForm("a picture is not laid out as it says")
        if len(_inflate(data)) != height * (1 + width * channels):
            raise FileOfAnotherForm("a picture holds more or less than its pixels")
    else:
        _check_jpeg(data)
    return part, end


def _inflate(data: bytes | memoryview) -> bytes:
    unpacker = zlib.decompressobj()
    try:
        plain = unpacker.decompress(data)
    except zlib.error as error:
        raise FileOfAnotherForm("a stream cannot be unpacked") from error
    if not unpacker.eof or unpacker.unused_data:
        raise FileOfAnotherForm("a stream goes on behind its end")
    return plain


def _check_jpeg(data: memoryview) -> None:
    """Only the segments a picture needs, and nothing behind its end."""
    at = 2
    while data[:2] == b"\xff\xd8" and at + 4 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], struct.unpack_from(">H", data, at + 2)[0]
        at += 2 + length
        if marker == 0xDA:
            break
        if marker not in _JPEG_SEGMENTS or (marker == 0xE0 and length != 16):
            raise FileOfAnotherForm("a picture carries more than its pixels")
    else:
        raise FileOfAnotherForm("a picture is not as it is written")
    # In the compressed pixels FF is followed by 00 or a restart mark; the first other mark is the end.
    end = re.compile(rb"\xff[^\x00\xd0-\xd7]").search(data, at)
    if end is None or bytes(end[0]) != b"\xff\xd9" or end.end() != len(data):
        raise FileOfAnotherForm("a picture goes on behind its end")


def _as_png(part: Part) -> bytes:
    colour = 0 if part.channels == 1 else 2
    head = struct.pack(">IIBBBBB", part.width, part.height, 8, colour, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", bytes(part.data)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def _check_tail(content: bytes, tail: bytes, leaves: list[int], codes: set[int]) -> None:
    """The map of characters, the page tree, the catalog, the table of objects, the trailer, the end of the file: all as it must be."""
    kids = b" ".join(b"%d 0 R" % leaf for leaf in leaves)
    data = zlib.compress(to_unicode(codes), 6)
    form = b"%d 0 obj\n<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream\nendobj\n"
    names = form % (TO_UNICODE, len(data), data)
    tree = b"%d 0 obj\n<< /Type /Pages /Count %d /Kids [%s] >>\nendobj\n" % (PAGES, len(leaves), kids)
    catalog = b"%d 0 obj\n<< /Type /Catalog /Pages %d 0 R /Lang (zh-CN) >>\nendobj\n" % (CATALOG, PAGES)
    size = GLYPHS + 1 + 3 * len(leaves)
    place = len(content) - len(tail) + len(names) + len(tree) + len(catalog)
    wanted = names + tree + catalog + b"xref\n0 %d\n0000000000 65535 f \n" % size
    end = b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, CATALOG, place)
    table = tail[len(wanted) : len(tail) - len(end)]
    offsets = re.fullmatch(rb"(?:\d{10} 00000 n \n)*", table)
    if not (tail.startswith(wanted) and tail.endswith(end)) or offsets is None or len(table) != 20 * (size - 1):
        raise FileOfAnotherForm("the end of the file differs")
    for at in range(1, size):
        offset = int(table[20 * (at - 1) : 20 * (at - 1) + 10])
        if not content.startswith(b"%d 0 obj\n" % at, offset):
            raise FileOfAnotherForm("the table of objects points elsewhere")
