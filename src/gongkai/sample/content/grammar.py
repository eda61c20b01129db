"""A small grammar for sample texts: figures, dates and wording vary from document to document, sense does not.

In a text::

    {name}            value of a variable; the same everywhere in one document
    {name:a|b|c}      draws one wording, remembers it as ``name`` and shows it
    {name:200-400/10} draws a number between the two in steps of ten, remembers and shows it
    {a|b|c}           draws one wording

Lines starting with ``? `` are left out of about half of the documents; of consecutive lines starting with ``~ ``
at most one is left out. Numbered lines (第三条, （二）, 四、, 1.) are renumbered without gaps. Texts are compiled once; rendering is a join over the pieces.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

Environment = dict[str, str]
"""Variables of one document; drawn values are added to it."""

_SLOT = re.compile(r"\{([^{}]+)\}")
_NAMED = re.compile(r"([a-z]\w*):(.+)$")
_NUMBER = re.compile(r"(\d+)-(\d+)(?:/(\d+))?$")

_Piece = Callable[[Environment, Random], str]


@dataclass(frozen=True, slots=True)
class _Line:
    mark: str
    """``?`` optional, ``~`` one of a group, else empty."""
    style: str
    """How it is numbered: a format with one place for the number, or empty."""
    group: int
    pieces: tuple[str | _Piece, ...]


class Template:
    """A compiled text. `render` fills it from an environment and a source of chance."""

    __slots__ = ("_lines", "source")

    def __init__(self, source: str) -> None:
        """Compile `source`."""
        self.source = source
        self._lines = _lines(source.strip("\n").split("\n"))

    def render(self, environment: Environment, chance: Random, *, drop: float = 0.0, whole: bool = False) -> str:
        """Return the text, its numbered lines renumbered without gaps.

        `drop` leaves out that share of the numbered lines (earlier versions of a document say less); `whole` keeps even the
        optional lines. Raises `KeyError` when a variable is neither given nor drawn before its use.
        """
        shown: list[str] = []
        counts: dict[tuple[str, int], int] = {}
        dropped = False
        for line in self._lines:
            text = "".join([piece if isinstance(piece, str) else piece(environment, chance) for piece in line.pieces])
            if line.mark == "~":
                if not dropped and not whole and chance.random() < 0.3:
                    dropped = True
                    continue
            else:
                dropped = False
                if line.mark == "?" and not whole and chance.random() < 0.5:
                    continue
                if drop and line.style and len(text) > 30 and chance.random() < drop:
                    continue
            if line.style:
                slot = (line.style, line.group)
                counts[slot] = counts.get(slot, 0) + 1
                text = _numeral(line.style, counts[slot]) + text
            shown.append(text)
        return "\n".join(shown)


_ENUMERATED = (
    (re.compile(r"第([一二三四五六七八九十]+)条"), "第{}条"),
    (re.compile(r"第([一二三四五六七八九十]+)章"), "第{}章"),
    (re.compile(r"（([一二三四五六七八九十]+)）"), "（{}）"),
    (re.compile(r"([一二三四五六七八九十]+)、"), "{}、"),
    (re.compile(r"(\d+)\.(?!\d)"), "{}."),
)


def _lines(source: list[str]) -> tuple[_Line, ...]:
    found = []
    groups: dict[str, int] = {}
    for line in source:
        mark = line[0] if line[:2] in ("? ", "~ ") else ""
        text = line[2:] if mark else line
        style = ""
        for pattern, form in _ENUMERATED:
            match = pattern.match(text)
            if match:
                style, text = form, text[match.end() :]
                if match[1] in ("一", "1"):
                    groups[style] = groups.get(style, 0) + 1
                break
        found.append(_Line(mark, style, groups.get(style, 0), _pieces(text)))
    return tuple(found)


def _numeral(style: str, number: int) -> str:
    return style.format(number if style == "{}." else in_chinese(number))


_DIGITS = "〇一二三四五六七八九"


def in_chinese(number: int) -> str:
    """Write 1 to 99 in Chinese numerals."""
    tens, ones = divmod(number, 10)
    if not tens:
        return _DIGITS[ones]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")


def _pieces(text: str) -> tuple[str | _Piece, ...]:
    pieces: list[str | _Piece] = []
    position = 0
    for match in _SLOT.finditer(text):
        if match.start() > position:
            pieces.append(text[position : match.start()])
        pieces.append(_slot(match.group(1)))
        position = match.end()
    if position < len(text):
        pieces.append(text[position:])
    return tuple(pieces)


def _slot(body: str) -> _Piece:
    named = _NAMED.match(body)
    if named:
        name = named[1]
        draw = _draw(named[2])

        def remember(environment: Environment, chance: Random) -> str:
            value = environment.get(name)
            if value is None:
                value = environment[name] = draw(chance)
            return value

        return remember
    if "|" in body or _NUMBER.match(body):
        draw = _draw(body)
        return lambda _environment, chance: draw(chance)
    return lambda environment, _chance: environment[body]


def _draw(choices: str) -> Callable[[Random], str]:
    number = _NUMBER.match(choices)
    if number:
        low, high, step = int(number[1]), int(number[2]), int(number[3] or 1)
        count = (high - low) // step + 1
        return lambda chance: str(low + step * int(chance.random() * count))
    options = choices.split("|")
    return lambda chance: options[int(chance.random() * len(options))]
