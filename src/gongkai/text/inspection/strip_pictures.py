"""Pictures without what the camera wrote; the pixels are not touched."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PIL import Image, ImageSequence

from gongkai.text.extraction import ocr
from gongkai.text.extraction.contract import Code, Unreadable
from gongkai.text.extraction.limits import Limits

_ORIENTATION = 274
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"pHYs", b"bKGD",
     b"hIST", b"acTL", b"fcTL", b"fdAT", b"cICP", b"mDCV", b"cLLI"}
)  # fmt: skip
_DAMAGED = "图片已损坏，无法打开。请重新扫描或导出后再提交。"


def strip_picture(path: Path, target: Path, limits: Limits) -> tuple[str, ...]:
    """Write the picture without EXIF, XMP, comments and what hangs on behind its end. Raises `Unreadable` (damaged, huge)."""
    with ocr.open_image(path, limits) as image:
        kind = image.format
    data = path.read_bytes()
    clean = _tiff(path, limits) if kind == "TIFF" else strip_picture_bytes(data)
    if kind == "TIFF" and len(_tiff_tags(path)) == 0:
        clean = data
    target.write_bytes(clean)
    return ("图片属性",) if clean != data else ()


def strip_picture_bytes(data: bytes) -> bytes:
    """The same for bytes; kinds that are not known are returned as they are. Raises `Unreadable` for a damaged one."""
    try:
        if data.startswith(b"\xff\xd8\xff"):
            return _jpeg(data)
        if data.startswith(_PNG):
            return _png(data)
        if data.startswith((b"GIF87a", b"GIF89a")):
            return _gif(data)
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return _webp(data)
    except (IndexError, struct.error) as error:
        raise Unreadable(Code.DAMAGED, _DAMAGED) from error
    return data


def _orientation(data: bytes) -> int:
    """How the picture is to be turned (EXIF 274); it must stay, or the picture lies on its side."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            turned = image.getexif().get(_ORIENTATION, 1)
    except (OSError, ValueError, SyntaxError):
        return 1
    return turned if isinstance(turned, int) and 1 < turned <= 8 else 1


def _exif(turned: int) -> bytes:
    """An EXIF block that says nothing but the orientation."""
    return b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, _ORIENTATION, 3, 1, turned, 0, 0)


def _jpeg(data: bytes) -> bytes:
    """Without APP1–APP15 and COM; JFIF, colour profile and Adobe's colour transform stay (ISO 10918-1 B.1)."""
    out = bytearray(data[:2])
    turned = _orientation(data)
    at, placed = 2, turned == 1
    while True:
        while data[at] == 0xFF and data[at + 1] == 0xFF:
            at += 1
        if data[at] != 0xFF:
            raise IndexError
        marker = data[at + 1]
        if marker == 0xD9:
            return bytes(out + b"\xff\xd9")
        length = struct.unpack_from(">H", data, at + 2)[0]
        segment = data[at : at + 2 + length]
        if len(segment) < 2 + length:
            raise IndexError
        if not placed and marker != 0xE0:
            block = b"Exif\0\0" + _exif(turned)
            out += b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block
            placed = True
        body = segment[4:]
        colour = (marker == 0xE2 and body.startswith(b"ICC_PROFILE")) or (marker == 0xEE and body.startswith(b"Adobe"))
        plain = marker == 0xE0 and body.startswith(b"JFIF")
        if colour or plain or not (0xE0 <= marker <= 0xEF or marker == 0xFE):
            out += segment
        at += 2 + length
        if marker == 0xDA:
            end = _scan_end(data, at)
            out += data[at:end]
            at = end


def _scan_end(data: bytes, at: int) -> int:
    """Where the entropy-coded data end: at a marker that is neither a stuffed byte nor a restart."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            raise IndexError
        following = data[at + 1]
        if following == 0xFF:
            at += 1
        elif following == 0 or 0xD0 <= following <= 0xD7:
            at += 2
        else:
            return at


def _png(data: bytes) -> bytes:
    out = bytearray(_PNG)
    turned = _orientation(data)
    at = len(_PNG)
    while True:
        length = struct.unpack_from(">I", data, at)[0]
        kind, chunk = data[at + 4 : at + 8], data[at : at + 12 + length]
        if len(chunk) < 12 + length:
            raise IndexError
        if kind in _PNG_KEPT:
            out += chunk
        if kind == b"IHDR" and turned != 1:
            body = _exif(turned)
            out += struct.pack(">I", len(body)) + b"eXIf" + body + struct.pack(">I", zlib.crc32(b"eXIf" + body))
        if kind == b"IEND":
            return bytes(out)
        at += 12 + length


def _gif(data: bytes) -> bytes:
    """Without comments and programs' own blocks; the one that makes it repeat stays."""
    at = 13 + (3 << ((data[10] & 7) + 1) if data[10] & 0x80 else 0)
    out = bytearray(data[:at])
    while True:
        start = at
        kind = data[at]
        if kind == 0x3B:
            return bytes(out + b"\x3b")
        if kind == 0x21:
            label = data[at + 1]
            application = data[at + 3 : at + 14]
            at = _blocks_end(data, at + 2)
            if label in (0xF9, 0x01) or (label == 0xFF and application in (b"NETSCAPE2.0", b"ANIMEXTS1.0")):
                out += data[start:at]
        elif kind == 0x2C:
            flags = data[at + 9]
            at += 10 + (3 << ((flags & 7) + 1) if flags & 0x80 else 0)
            at = _blocks_end(data, at + 1)
            out += data[start:at]
        else:
            raise IndexError


def _blocks_end(data: bytes, at: int) -> int:
    while data[at]:
        at += data[at] + 1
    return at + 1


def _webp(data: bytes) -> bytes:
    """Without the EXIF and XMP chunks, and without the flags that promise them; the orientation is kept."""
    turned = _orientation(data)
    chunks: list[bytes] = []
    at, end = 12, min(len(data), 8 + struct.unpack_from("<I", data, 4)[0])
    while at + 8 <= end:
        kind, length = data[at : at + 4], struct.unpack_from("<I", data, at + 4)[0]
        chunk = data[at : at + 8 + length + (length & 1)]
        if len(chunk) < 8 + length:
            raise IndexError
        if kind == b"VP8X":
            flags = chunk[8] & ~0x0C | (0x08 if turned != 1 else 0)
            chunk = chunk[:8] + bytes([flags]) + chunk[9:]
        if kind in (b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"):
            chunks.append(chunk)
        at += 8 + length + (length & 1)
    if turned != 1:
        body = _exif(turned)
        chunks.append(b"EXIF" + struct.pack("<I", len(body)) + body)
    body = b"WEBP" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


_TIFF_NEEDED = frozenset(
    {254, 255, 256, 257, 258, 259, 262, 266, 273, 274, 277, 278, 279, 280, 281, 282, 283, 284, 292, 293, 296, 297,
     317, 318, 319, 320, 322, 323, 324, 325, 338, 339, 347, 513, 514, 529, 530, 531, 532, 34675}
)  # fmt: skip


def _pages(image: Image.Image) -> Iterator[Any]:
    """The pages of a TIFF; PIL's types do not know their tags."""
    yield from ImageSequence.Iterator(image)


def _tiff_tags(path: Path) -> set[int]:
    """The tags of all pages that a picture does not need to be shown."""
    with Image.open(path) as image:
        return {tag for frame in _pages(image) for tag in frame.tag_v2 if tag not in _TIFF_NEEDED}


def _tiff(path: Path, limits: Limits) -> bytes:
    """A TIFF written anew, page by page, without loss; pages in colour that were JPEG inside grow somewhat."""
    with Image.open(path) as image:
        count = getattr(image, "n_frames", 1)
        if count > limits.ocr_pages and limits.ocr_pages:
            raise Unreadable(Code.HUGE, f"图片页数为 {count} 页，超过上限 {limits.ocr_pages} 页。请拆分后分别提交。")
        try:
            pages, resolution = [], image.info.get("dpi")
            for frame in _pages(image):
                page = Image.frombytes(frame.mode, frame.size, frame.tobytes())
                if frame.mode == "P" and (palette := frame.getpalette()):
                    page.putpalette(palette)
                turned = frame.tag_v2.get(_ORIENTATION, 1)
                pages.append((page, turned))
        except (OSError, ValueError, SyntaxError, EOFError) as error:
            raise Unreadable(Code.DAMAGED, _DAMAGED) from error
    buffer = io.BytesIO()
    black = all(page.mode == "1" for page, _ in pages)
    options = {"dpi": resolution} if resolution else {}
    pages[0][0].save(
        buffer, "TIFF", save_all=True, append_images=[page for page, _ in pages[1:]],
        compression="group4" if black else "tiff_lzw", tiffinfo={_ORIENTATION: pages[0][1]} if pages[0][1] != 1 else {},
        **options,
    )  # fmt: skip
    return buffer.getvalue()
