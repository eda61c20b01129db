"""Pictures of a body: found, checked and stripped of what they carry besides the picture (place, camera, author)."""

from __future__ import annotations

import base64
import binascii
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from gongkai.documents.model import Picture

if TYPE_CHECKING:
    from PIL import Image

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 40_000_000
LARGEST_SIDE = 2000
"""Pixels of the longer side after scaling down: 300 dpi over the width of the text."""

_DATA_URI = re.compile(r"data:image/[a-z.+-]+(?:;[a-z]+=[^;,]*)*(;base64)?,(.*)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Bitmap:
    """A clean PNG or JPEG file with its size in pixels."""

    data: bytes
    format: str
    width: int
    height: int


def load(picture: Picture, images: Mapping[str, bytes]) -> Bitmap | None:
    """The picture as a clean bitmap, or None when it is missing, no picture, or too large.

    Nothing is read from disk or the network: a ``src`` is a ``data:`` URI or a key of ``images``.
    """
    data = images.get(picture.source) or _from_uri(picture.source)
    if not data or len(data) > MAX_BYTES:
        return None
    from PIL import (  # by documents with pictures only: a web process without is smaller
        Image,
        ImageOps,
        UnidentifiedImageError,
    )

    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF")) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                return None
            photograph = opened.format == "JPEG"
            upright = ImageOps.exif_transpose(opened)
            return _encode(upright.convert("RGB" if photograph else "RGBA"), photograph=photograph)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def _from_uri(source: str) -> bytes | None:
    found = _DATA_URI.fullmatch(source)
    if found is None:
        return None
    try:
        return base64.b64decode(found[2], validate=False) if found[1] else unquote_to_bytes(found[2])
    except (binascii.Error, ValueError):
        return None


def _encode(image: Image.Image, *, photograph: bool) -> Bitmap:
    """Only the pixels: photographs as JPEG, others as PNG on white."""
    from PIL import Image

    image.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    if not photograph:
        paper = Image.new("RGB", image.size, "white")
        paper.paste(image, mask=image.getchannel("A"))
        image = paper
    image.info.clear()
    buffer = io.BytesIO()
    if photograph:
        image.save(buffer, "JPEG", quality=88, exif=b"")
    else:
        image.save(buffer, "PNG")
    return Bitmap(buffer.getvalue(), "jpg" if photograph else "png", image.width, image.height)
