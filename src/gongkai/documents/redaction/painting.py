"""Black boxes on the picture of a page, and the label of the ground in white where it fits."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from PIL import Image, ImageChops, ImageDraw, ImageFont

from gongkai.documents import fonts
from gongkai.documents.redaction.model import Painted, Rect

SMALLEST_TYPE, LARGEST_TYPE = 14, 40
"""Pixels at 200 dpi: 5 to 14 points."""
_SHARE = 0.62
"""Type size as a share of the height of the box."""
_GREY = 10
"""Levels (of 255) by which the colours of a grey page may differ."""
_SAMPLE_MARK = "示例数据"
_SAMPLE_COLOUR = (192, 0, 0)
_SAMPLE_SIZE = 0.022
"""Share of the longer side of the page."""


def in_pixels(rect: Rect, size: tuple[int, int], label: str = "") -> Painted:
    """A rectangle as whole pixels: every pixel it touches belongs to it."""
    width, height = size
    left, top = max(int(rect.x0 * width), 0), max(int(rect.y0 * height), 0)
    right = min(-int(-rect.x1 * width // 1), width)
    bottom = min(-int(-rect.y1 * height // 1), height)
    return Painted(left, top, max(right, left), max(bottom, top), label)


def paint(image: Image.Image, painted: Sequence[Painted]) -> None:
    """Paint all boxes, then the labels that fit; a label does not cover another."""
    pen = ImageDraw.Draw(image)
    for one in painted:
        pen.rectangle((one.left, one.top, one.right - 1, one.bottom - 1), fill=0 if image.mode == "L" else (0, 0, 0))
    for place, size, label in labels(painted):
        pen.text((place[0], place[1]), label, font=_font(size), fill=255 if image.mode == "L" else (255, 255, 255))


def labels(painted: Sequence[Painted]) -> list[tuple[tuple[int, int, int, int], int, str]]:
    """Where each label that fits goes: its box in pixels, its type size, its words."""
    found: list[tuple[tuple[int, int, int, int], int, str]] = []
    for one in painted:
        placed = _place(one)
        if placed is None or any(_overlap(placed[0], other[0]) for other in found):
            continue
        found.append((*placed, one.label))
    return found


def mark_sample(image: Image.Image) -> None:
    """示例数据 at the head of the page, so that a made-up file is not taken for a real one."""
    size = max(int(max(image.size) * _SAMPLE_SIZE), SMALLEST_TYPE)
    font = _font(size)
    pen = ImageDraw.Draw(image)
    left = (image.width - pen.textlength(_SAMPLE_MARK, font=font)) / 2
    pen.text((left, size // 2), _SAMPLE_MARK, font=font, fill=_SAMPLE_COLOUR)


def is_grey(image: Image.Image) -> bool:
    """Whether the picture, in RGB, has no colour to speak of."""
    red, green, blue = image.split()
    pairs = ((red, green), (green, blue), (red, blue))
    return all(max(ImageChops.difference(one, other).histogram()[_GREY + 1 :]) == 0 for one, other in pairs)


def _place(one: Painted) -> tuple[tuple[int, int, int, int], int] | None:
    if not one.label:
        return None
    width, height = one.right - one.left, one.bottom - one.top
    size = min(int(height * _SHARE), LARGEST_TYPE)
    while size >= SMALLEST_TYPE:
        needed = _font(size).getlength(one.label)
        if needed + size <= width:
            left = one.left + int((width - needed) / 2)
            top = one.top + int((height - size * 1.3) / 2)
            return (left, top, left + int(needed) + 1, top + int(size * 1.45)), size
        size -= 2
    return None


def _overlap(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@lru_cache(maxsize=16)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(fonts.font_directory() / fonts.SANS_FILE), size)
