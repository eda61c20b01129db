"""What the proof looks for: the texts under the boxes, told from the pages by a rule of its own, not by that of the text layer."""

from __future__ import annotations

from collections.abc import Sequence

from gongkai.documents.redaction.covering import groups
from gongkai.documents.redaction.model import Character, PageSize, Rect

SHORTEST = 2
"""One character says nothing."""
WINDOW = 4
"""A part of this length of a longer hidden text must not be found either."""
_BREAK = "\x00"


class Withheld:
    """Grows page by page; knows what was hidden and what stands open."""

    def __init__(self) -> None:
        self._hidden: list[str] = []
        self._open: list[str] = []

    def add(self, page: PageSize, characters: Sequence[Character], boxes: Sequence[Rect], seen: Sequence[bool]) -> None:
        """Take one page into account: a character whose middle or half of whose shape lies in a box is hidden."""
        del page
        shown = [(one, is_seen) for one, is_seen in zip(characters, seen, strict=True) if not one.is_blank]
        under = [_under(one, boxes) for one, _ in shown]
        for run in groups(under):
            text = "".join(shown[place][0].text for place in run)
            if len(text) >= SHORTEST:
                self._hidden.append(text)
        for (one, is_seen), is_under in zip(shown, under, strict=True):
            if is_under or any(box.shared(one.ink) > 0 for box in boxes):
                self._open.append(_BREAK)
            elif is_seen:
                self._open.append(one.text)
        self._open.append(_BREAK)

    def texts(self) -> frozenset[str]:
        """What must not be found in the finished file: each hidden text and its parts, unless they also stand open somewhere."""
        visible = "".join(self._open)
        shown = _grams(visible, WINDOW)
        found: set[str] = set()
        for text in dict.fromkeys(self._hidden):
            if len(text) > WINDOW:
                found |= _grams(text, WINDOW) - shown
            if text not in visible:
                found.add(text)
        return frozenset(found)

    def still_visible(self) -> tuple[str, ...]:
        """Hidden names and numbers that also stand open somewhere, in the order in which they were hidden."""
        visible = "".join(self._open)
        return tuple(text for text in dict.fromkeys(self._hidden) if _tells(text) and text in visible)


def _tells(text: str) -> bool:
    """Whether a text is long enough to be found on purpose: two Chinese characters or five digits."""
    chinese = sum("\u4e00" <= char <= "\u9fff" for char in text)
    return chinese >= SHORTEST or sum(char.isalnum() for char in text) > WINDOW


def _under(one: Character, boxes: Sequence[Rect]) -> bool:
    return any(box.holds(one.frame.middle) or box.shared(one.ink) * 2 > one.ink.area > 0 for box in boxes)


def _grams(text: str, length: int) -> set[str]:
    return {text[at : at + length] for at in range(len(text) - length + 1)}
