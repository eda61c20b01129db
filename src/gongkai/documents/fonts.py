"""The fonts the PDF is set in: Noto Serif SC and Noto Sans SC (OFL), from the package that carries them.

A licensed 仿宋 or 小标宋 cannot be shipped, so these stand in for them; 黑体 is the sans face. What no font can show
is found here, before it would vanish from the page.
"""

from __future__ import annotations

import struct
import unicodedata
from functools import cache
from importlib import resources
from pathlib import Path

SERIF_FILE, SANS_FILE = "NotoSerifSC-Regular.otf", "NotoSansSC-Regular.otf"
MISSING = "〓"
"""The printer's mark for a character there is no type for."""

_EXTRA = "☐☑☒☓✔✕✖✗✘"
"""Tick boxes and marks that DejaVu Sans Mono, part of the typesetter, shows where Noto has none."""


@cache
def font_directory() -> Path:
    """Directory of the two font files.

    Raises:
        FileNotFoundError: the font package is incomplete.
    """
    directory = Path(str(resources.files("pylopdf_fonts_zh_cn")))
    for name in (SERIF_FILE, SANS_FILE):
        if not (directory / name).is_file():
            raise FileNotFoundError(f"font file {name} is missing from the package pylopdf-fonts-zh-cn")
    return directory


@cache
def covered() -> frozenset[int]:
    """Code points every face can show."""
    serif = character_map((font_directory() / SERIF_FILE).read_bytes())
    sans = character_map((font_directory() / SANS_FILE).read_bytes())
    return frozenset(serif & sans) | frozenset(map(ord, _EXTRA))


def character_map(font: bytes) -> set[int]:
    """Code points in the full Unicode character map (``cmap`` format 12) of an OpenType file.

    Raises:
        ValueError: the font has no such map.
    """
    tables = struct.unpack_from(">H", font, 4)[0]
    directory = (struct.unpack_from(">4sLLL", font, 12 + 16 * index) for index in range(tables))
    start = next((offset for tag, _, offset, _ in directory if tag == b"cmap"), None)
    if start is None:
        raise ValueError("the font has no character map")
    count = struct.unpack_from(">H", font, start + 2)[0]
    for index in range(count):
        offset = start + struct.unpack_from(">HHL", font, start + 4 + 8 * index)[2]
        if struct.unpack_from(">H", font, offset)[0] == 12:
            groups = struct.unpack_from(">L", font, offset + 12)[0]
            bounds = (struct.unpack_from(">LLL", font, offset + 16 + 12 * group) for group in range(groups))
            return {code for first, last, _ in bounds for code in range(first, last + 1)}
    raise ValueError("the font has no full Unicode character map")


def printable(text: str) -> tuple[str, str]:
    """``text`` as the fonts can show it, and the characters that had to give way to 〓.

    A character with a plain equivalent (compatibility form) is printed as that instead.
    """
    known = covered()
    if all(ord(character) in known or character == "\n" for character in text):
        return text, ""
    shown: list[str] = []
    missing: list[str] = []
    for character in unicodedata.normalize("NFC", text):
        plain = unicodedata.normalize("NFKC", character)
        if ord(character) in known or character == "\n":
            shown.append(character)
        elif plain and all(ord(part) in known for part in plain):
            shown.append(plain)
        else:
            shown.append(MISSING)
            missing.append(character)
    return "".join(shown), "".join(dict.fromkeys(missing))
