"""Folding: spellings that mean the same become the same string.

`fold` is the first step of all analysis, for documents and questions alike. It works character by character, so that highlights
find their way back to the original; `simplify` (Traditional → Simplified for people to read) also replaces whole words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opencc import OpenCC

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
"""Han characters as the inside of a regular-expression class: 〇, the basic block, the extensions (after NFKC)."""


def fold(text: str) -> str:
    """Return ``text`` in NFKC and lower case, with the usual form of every Han character.

    Full-width and compatibility characters become the usual ones, Traditional and variant characters (醫, 峯, 禇) the Simplified and
    usual ones. The length may change (㎡ → m2, ① → 1), but not by the Han characters; :func:`fold_aligned` keeps the way back.
    """
    return fold_variants(unicodedata.normalize("NFKC", text).lower())


def fold_variants(text: str) -> str:
    """Return ``text`` with each Traditional or variant character in its usual form; as long as before.

    Most texts have none, and that is told by one scan in C.
    """
    pattern = _variant_pattern()
    return pattern.sub(_usual_form, text) if pattern.search(text) else text


def _usual_form(match: re.Match[str]) -> str:
    return _variants()[match[0]]


def simplify(text: str) -> str:
    """Return ``text`` in Simplified characters (mainland words kept): 醫療保險 → 医疗保险."""
    return str(_opencc().convert(text))


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text that knows where each of its characters came from."""

    text: str
    starts: tuple[int, ...] | None
    """For each folded character and for the end, the offset in the original; ``None`` when offsets are the same."""

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original that ``text[start:end]`` (not empty) came from; whole characters of it."""
        if self.starts is None:
            return start, end
        last = self.starts[end - 1]
        while end < len(self.text) and self.starts[end] == last:  # the rest of an expanded character: 1/2 of ½
            end += 1
        return self.starts[start], self.starts[end]


def fold_aligned(text: str) -> Folded:
    """Fold ``text`` and keep offsets. Each character is folded together with the combining marks that follow it.

    Most Chinese texts fold one character to one; that is told by one scan in C. In the others the stretches between
    the few characters that do not (… ① ㎡) are folded at once.
    """
    if _special(_misaligns).search(text) is None:
        folded = fold(text)
        if len(folded) == len(text):
            return Folded(folded, None)
    pieces: list[str] = []
    starts: list[int] = []
    position = 0
    for cluster in _clusters().finditer(text):
        _append(text, position, cluster.start(), pieces, starts)
        piece = fold(cluster.group())
        pieces.append(piece)
        starts += [cluster.start()] * len(piece)
        position = cluster.end()
    _append(text, position, len(text), pieces, starts)
    return Folded("".join(pieces), (*starts, len(text)))


def folds_plainly(text: str) -> bool:
    """True when folding ``text`` would only narrow full-width ASCII and blanks and lower ASCII letters."""
    return _special(_folds_oddly).search(text) is None and _variant_pattern().search(text) is None


def _append(text: str, start: int, end: int, pieces: list[str], starts: list[int]) -> None:
    """Add the folded ``text[start:end]``, which holds no character known to misalign."""
    piece = fold(text[start:end])
    if len(piece) == end - start:
        pieces.append(piece)
        starts += range(start, end)
        return
    for offset in range(start, end):  # neighbours joined that no table tells of: fold them apart
        char = fold(text[offset])
        pieces.append(char)
        starts += [offset] * len(char)


_JOINING = "\u0300-\u036f\u1160-\u11ff\u20d0-\u20ff\u3099\u309a\uff9e\uff9f\ufe00-\ufe0f"
_CANDIDATES = (range(0x80, 0x3400), range(0xA000, 0xAC00), range(0xF900, 0x10000))
"""Where special characters are looked for; Han characters, syllables and the private area never are, which keeps this
to milliseconds. Beyond the basic plane everything but Han characters counts as special."""
_BEYOND = "\U00010000-\U0001ffff\U0002f800-\U0002fa1f\U000e0000-\U0010ffff"


@cache
def _special(test: Callable[[str], bool]) -> re.Pattern[str]:
    """A class of the characters for which ``test`` is true."""
    found = "".join(char for codes in _CANDIDATES for char in map(chr, codes) if test(char))
    return re.compile(f"[{re.escape(found)}{_BEYOND}]")


@cache
def _clusters() -> re.Pattern[str]:
    """A character with the marks that join it, or one that does not fold to exactly one."""
    return re.compile(f".[{_JOINING}]+|{_special(_misaligns).pattern}", re.DOTALL)


def _misaligns(char: str) -> bool:
    return len(fold(char)) != 1 or unicodedata.combining(char) != 0 or unicodedata.category(char) in ("Mn", "Mc")


def _folds_oddly(char: str) -> bool:
    usual = char in "\u00a0\u3000" or 0xFF01 <= ord(char) <= 0xFF5E
    return _misaligns(char) or (fold(char) != char and not usual)


_HAN_BLOCKS = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000))
_NOT_FOLDED = frozenset("吒榘薹袷醣")
"""In daily use as they are, though OpenCC takes them for Traditional."""


@cache
def _variants() -> dict[str, str]:
    """Every Traditional or variant character of the basic plane and its usual form; no usual form is itself a key.

    OpenCC is asked character by character (its phrases would change the meaning of a character by its neighbours, and question and
    document have different neighbours); our own list comes on top.
    """
    chars = [chr(code) for block in _HAN_BLOCKS for code in block if chr(code) not in _NOT_FOLDED]
    simplified = _opencc().convert("\n".join(chars)).split("\n")
    found = {char: usual for char, usual in zip(chars, simplified, strict=True) if len(usual) == 1 and usual != char}
    found |= dict(variant_list()[0])
    for char, usual in found.items():  # a variant whose usual form is Traditional
        found[char] = found.get(usual, usual)
    return {char: usual for char, usual in found.items() if char != usual}


@cache
def variant_list() -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """Return our own list: pairs (variant, usual form), and words that must stay words after folding.

    Raises:
        ValueError: an entry is not two different characters.
    """
    pairs: list[tuple[str, str]] = []
    words: list[str] = []
    section = ""
    source = resources.files("gongkai.text") / "data" / "variants.txt"
    for line in source.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line
        elif line.startswith("#"):
            continue
        elif section.startswith("[words"):
            words += line.split()
        else:
            for entry in line.split():
                if len(entry) != 2 or entry[0] == entry[1]:
                    raise ValueError(f"variants.txt: not a variant and its usual form: {entry!r}")
                pairs.append((entry[0], entry[1]))
    return tuple(pairs), tuple(words)


@cache
def _variant_pattern() -> re.Pattern[str]:
    return re.compile(f"[{''.join(_variants())}]")


@cache
def _opencc() -> OpenCC:
    from opencc import OpenCC

    return OpenCC("t2s")
