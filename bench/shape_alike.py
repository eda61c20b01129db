"""Which characters look alike: makes `text/data/wording/shape_alike.txt` from the glyphs of an open font.

Characters are alike when their pictures nearly agree (未 末), when one is a part of the other (则 测), or when they share the same
part in the same place (培 陪). Needs numpy and Pillow and a font under the SIL Open Font License; only the comparison is kept, no glyph.

    python -m bench.shape_alike NotoSansSC-Regular.otf > src/gongkai/text/data/wording/shape_alike.txt
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from gongkai.text.segment import frequency, is_word

Picture = Any  # an array of grey values
CHARACTERS = 4200
"""The most frequent characters of the dictionary; others are neither suspected nor proposed."""
MOST = 14
WHOLE, PART, SHARED = 0.74, 0.80, 0.95
"""Least agreement (cosine of blurred pictures) of two whole characters, of one with a part, and of two parts."""
INK = 60

HEADER = """\
# Characters that look alike: a character, then those like it, the likest first. The characters stand in order of frequency and are
# the ones the check for wrong characters knows. Made by bench/shape_alike.py from the pictures of the characters in an open font.
"""


def main(font_path: str) -> None:
    """Print the table."""
    common = [chr(code) for code in range(0x4E00, 0xA000) if is_word(chr(code))]
    common = sorted(common, key=lambda char: -frequency(char))[:CHARACTERS]
    pictures = [_draw(char, ImageFont.truetype(font_path, 64)) for char in common]
    alike: dict[int, dict[int, float]] = defaultdict(dict)
    whole = np.array([_vector(picture, crop=False) for picture in pictures])
    for one, row in enumerate(whole @ whole.T):
        for other in np.argsort(-row)[:11]:
            if row[other] >= WHOLE and other != one:
                alike[one][int(other)] = float(row[other])
    _add_parts(pictures, alike)
    sys.stdout.write(HEADER)
    for one, char in enumerate(common):
        likest = sorted(alike[one], key=lambda other: -alike[one][other])[:MOST]
        sys.stdout.write(f"{char}{''.join(common[other] for other in likest)}\n")


def _add_parts(pictures: list[Picture], alike: dict[int, dict[int, float]]) -> None:
    parts = [(index, side, part) for index, picture in enumerate(pictures) for side, part in _parts(picture)]
    owners = [index for index, _, _ in parts]
    vectors = np.array([_vector(part) for _, _, part in parts])
    cropped = np.array([_vector(picture) for picture in pictures])
    for one, row in enumerate(cropped @ vectors.T):
        for place in np.where(row >= PART)[0]:
            _note(alike, one, owners[place], float(row[place]))
    for side in "RB":  # the right and lower part carry the sound; sharing a radical on the left makes nothing alike
        places = [place for place, (_, its_side, _) in enumerate(parts) if its_side == side]
        for place in places:
            row = vectors[places] @ vectors[place]
            for hit in np.where(row >= SHARED)[0]:
                _note(alike, owners[place], owners[places[hit]], float(row[hit]) - 0.1)


def _note(alike: dict[int, dict[int, float]], one: int, other: int, agreement: float) -> None:
    if one != other:
        for first, second in ((one, other), (other, one)):
            alike[first][second] = max(agreement, alike[first].get(second, 0.0))


def _draw(char: str, font: Any) -> Picture:
    image = Image.new("L", (72, 76), 0)
    ImageDraw.Draw(image).text((4, -10), char, font=font, fill=255)
    return np.asarray(image)


def _box(picture: Picture) -> tuple[int, int, int, int]:
    rows, columns = np.where(picture > INK)
    return int(rows.min()), int(rows.max()) + 1, int(columns.min()), int(columns.max()) + 1


def _parts(picture: Picture) -> Iterator[tuple[str, Picture]]:
    """Left and right, upper and lower parts at each straight cut that crosses hardly any ink."""
    top, bottom, left, right = _box(picture)
    inside = picture[top:bottom, left:right]
    for sides, turned in (("LR", inside.T), ("TB", inside)):
        before = -9
        for cut in range(int(len(turned) * 0.2), int(len(turned) * 0.75)):
            if (turned[cut] > INK).mean() > 0.1:
                continue
            if cut != before + 1:
                for side, part in zip(sides, (turned[:cut], turned[cut:]), strict=True):
                    if (part > INK).sum() >= 20 and min(part.shape) >= 8:
                        yield side, part.T if sides == "LR" else part
            before = cut


def _vector(picture: Picture, *, crop: bool = True) -> Picture:
    if crop:
        top, bottom, left, right = _box(picture)
        picture = picture[top:bottom, left:right]
    image = Image.fromarray(np.ascontiguousarray(picture)).resize((32, 32)).filter(ImageFilter.GaussianBlur(1.6))
    values = np.asarray(image.resize((20, 20)), dtype=float).ravel()
    values = values - values.mean()
    return values / (np.linalg.norm(values) or 1.0)


if __name__ == "__main__":
    main(sys.argv[1])
