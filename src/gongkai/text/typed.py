"""What somebody has typed so far: characters, pinyin or initials, mixed at will, read into units of one character each.

``医bao`` is 医 and a character that sounds bao; ``ylbx`` four characters with these initials; ``2025nian`` 2, 0, 2, 5 and nian.
Pinyin can be read in several ways, so the answer is a list of readings, the likeliest first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from gongkai.text.normalise import HAN
from gongkai.text.pinyin import readings, spellings, unit_fits
from gongkai.text.titles import compact

MOST_READINGS = 4
_PIECE = re.compile(r"[a-z']+|[^a-z']")
_HAN_CHAR = re.compile(f"[{HAN}]")


@dataclass(frozen=True, slots=True)
class Typed:
    """One reading of a typed text. A unit stands for one character: itself, or (in ``sounded``) a syllable or an initial."""

    units: tuple[str, ...]
    sounded: tuple[bool, ...]

    @property
    def plain(self) -> bool:
        """True when every unit is a Han character."""
        return not any(self.sounded) and all(_HAN_CHAR.match(unit) for unit in self.units)

    def fits(self, text: str, start: int) -> bool:
        """True when ``text`` (compact) goes on at ``start`` as typed."""
        count = len(self.units)
        if start + count > len(text):
            return False
        for position, (unit, sounded) in enumerate(zip(self.units, self.sounded, strict=True)):
            char = text[start + position]
            if sounded:
                if not unit_fits(unit, char, last=position == count - 1):
                    return False
            elif unit != char:
                return False
        return True

    def find(self, text: str) -> int:
        """The first place of ``text`` (compact) that fits, wherever it is; -1 for none."""
        return next((start for start in range(len(text) - len(self.units) + 1) if self.fits(text, start)), -1)


@lru_cache(maxsize=256)
def read(text: str) -> tuple[Typed, ...]:
    """Read a typed text without blanks; ``()`` when nothing of it can be sought."""
    pieces: list[list[tuple[tuple[str, ...], bool]]] = []
    for piece in _PIECE.findall(compact(text, keep="'")):
        if "a" <= piece[0] <= "z" or piece[0] == "'":
            ways: list[tuple[tuple[str, ...], bool]] = [(units, True) for units in spellings(piece)]
            pieces.append([*ways[: MOST_READINGS - 1], (tuple(piece.replace("'", "")), False)])
        else:
            pieces.append([((piece,), False)])
    found = []
    for chosen, _ in zip(product(*pieces), range(MOST_READINGS), strict=False):
        units = tuple(unit for part, _ in chosen for unit in part)
        sounded = tuple(by_sound for part, by_sound in chosen for _ in part)
        if units:
            found.append(Typed(units, sounded))
    return tuple(found)


def initial_letters(units: tuple[str, ...], sounded: tuple[bool, ...], most: int = 4) -> tuple[str, ...]:
    """The initials a title must have to fit, up to the first unit that has none (a digit), in all usual readings."""
    letters: list[str] = []
    for unit, by_sound in zip(units, sounded, strict=True):
        of_unit = unit[0] if by_sound else char_initials(unit)
        if not of_unit:
            break
        letters.append(of_unit)
    if not letters:
        return ()
    return tuple("".join(one) for one, _ in zip(product(*letters), range(most), strict=False))


@lru_cache(maxsize=4096)
def char_initials(char: str) -> str:
    """The possible first letters of one character; ``""`` when it has no reading."""
    return "".join(dict.fromkeys(reading[0] for reading in readings(char)))
