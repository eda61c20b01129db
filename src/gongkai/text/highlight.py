"""Highlights: the passage of a text that answers a question, as pieces with and without a mark.

Made in Python from the text in the database (no index stores it), so every engine shows the same. The result is never
HTML: a template marks the pieces, and text from outside stays text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from gongkai.text.normalise import HAN, Folded, fold, fold_aligned, folds_plainly

PASSAGE_LENGTH = 160
"""Characters of a passage, about three lines on a page."""
LONGEST_TEXT = 50_000
"""Characters looked at; a longer text is searched in its beginning only, so that one document cannot hold up a page."""

Segments = tuple[tuple[str, bool], ...]
"""Pieces of a text in order, each with whether it is a hit; joined they are the text again."""

_BREAKS = "\n。！？!?；;"
_OPENING, _CLOSING = "〔[(【﹝", "〕])】﹞"
_LEAD = 24
"""A passage may begin this many characters before its first hit to start with a sentence."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a text: ``text[start:end]``, cut into pieces."""

    segments: Segments
    start: int
    end: int
    cut_before: bool
    """True when text was left out before it (show an ellipsis)."""
    cut_after: bool

    @property
    def text(self) -> str:
        """The passage without marks."""
        return "".join(piece for piece, _ in self.segments)


def mark(text: str, terms: Iterable[str]) -> Segments:
    """Cut the whole ``text`` (a title) into pieces, those that match a term marked.

    Terms are compared folded (full width, case) and blanks between Han characters do not count. Neighbouring and
    overlapping hits are one piece. An empty text gives no pieces.
    """
    return _segments(text, _hits(text, terms), 0, len(text))


def passage(text: str, terms: Iterable[str], length: int = PASSAGE_LENGTH) -> Passage:
    """Return the best passage of ``text``: the most different terms (long ones count more), then the most hits.

    Without any hit it is the beginning of the text. The passage has at most ``length`` characters.
    """
    if len(text) > LONGEST_TEXT:
        text = text[:LONGEST_TEXT]
    hits = _hits(text, terms)
    start = _beginning(text, _best_window(hits, length), length) if hits else 0
    end = _ending(text, start, length, hits)
    return Passage(_segments(text, hits, start, end), start, end, bool(text[:start].strip()), bool(text[end:].strip()))


@dataclass(frozen=True, slots=True)
class _Hit:
    start: int
    end: int
    term: str


def _hits(text: str, terms: Iterable[str]) -> list[_Hit]:
    """All places of ``terms`` in ``text``, in order, overlaps joined into the longer span."""
    wanted = {folded for term in terms if (folded := fold(term).strip())}
    if not wanted or not text:
        return []
    # Patterns know full-width and capital forms, so most texts need not be folded, which would take most of the time.
    aligned = Folded(text, None) if folds_plainly(text) else fold_aligned(text)
    hits = [
        _Hit(*aligned.original(match.start(), match.end()), term)
        for term in wanted
        for match in _pattern(term).finditer(aligned.text)
    ]
    hits.sort(key=lambda hit: (hit.start, -hit.end))
    return _joined(hits)


@lru_cache(maxsize=2048)
def _pattern(term: str) -> re.Pattern[str]:
    """A pattern for one folded term; letters and digits match whole runs only, as they do in the index.

    It begins with the first character itself, looking back after it: searching is many times faster that way.
    """
    first = _char_pattern(term[0])
    body = f"{first}(?<!{_run_of(term[0])}{first})"
    for before, char in pairwise(term):
        body += (f"{_BLANK}*" if _is_han(before) and _is_han(char) else "") + _char_pattern(char)
    return re.compile(f"{body}(?!{_run_of(term[-1])})")


_BLANK = r"[ \t\u00a0\u3000]"


def _run_of(char: str) -> str:
    """What may not stand beside ``char`` at the end of a term: another digit or letter; else it never is."""
    if char.isdecimal():
        return r"\d"
    return rf"[^\W\d_{HAN}]" if char.isalpha() and not _is_han(char) else r"[^\s\S]"


def _char_pattern(char: str) -> str:
    """The spellings of a folded character: capital, full width; brackets of any kind are alike (〔2024〕, [2024])."""
    if char == " ":
        return _BLANK
    group = next((group for group in (_OPENING, _CLOSING) if char in group), char)
    forms = {form for each in group for form in (each, each.upper()) if len(form) == 1}
    forms |= {chr(ord(form) + 0xFEE0) for form in forms if "!" <= form <= "~"}
    return re.escape(char) if forms == {char} else f"[{re.escape(''.join(sorted(forms)))}]"


def _is_han(char: str) -> bool:
    return re.match(f"[{HAN}]", char) is not None


def _joined(hits: list[_Hit]) -> list[_Hit]:
    joined: list[_Hit] = []
    for hit in hits:
        if joined and hit.start < joined[-1].end:
            last = joined[-1]
            if hit.end > last.end:
                joined[-1] = _Hit(last.start, hit.end, max(last.term, hit.term, key=len))
        else:
            joined.append(hit)
    return joined


def _best_window(hits: list[_Hit], length: int) -> int:
    """Offset of the first hit of the best stretch of ``length`` characters; hits are in order."""
    inside: Counter[str] = Counter()
    best, best_start, following = (-1, -1), 0, 0
    for index, first in enumerate(hits):
        while following < len(hits) and hits[following].end <= first.start + length:
            inside[hits[following].term] += 1
            following += 1
        score = (sum(len(term) ** 2 for term in inside), following - index)
        if score > best:
            best, best_start = score, first.start
        if following > index:
            inside[first.term] -= 1
            if not inside[first.term]:
                del inside[first.term]
        else:
            following = index + 1  # a hit longer than the stretch
    return best_start


def _beginning(text: str, first_hit: int, length: int) -> int:
    """Where the passage begins: at the sentence of the hit if that is near, else a little before the hit."""
    lead = min(_LEAD, length // 4)
    earliest = max(0, first_hit - lead)
    sentence = max((text.rfind(char, earliest, first_hit) for char in _BREAKS), default=-1)
    start = sentence + 1 if sentence >= 0 else earliest
    while start < first_hit and text[start].isspace():
        start += 1
    return start


def _ending(text: str, start: int, length: int, hits: list[_Hit]) -> int:
    """Where the passage ends: within ``length``, not inside a hit unless that hit alone is longer."""
    end = min(len(text), start + length)
    for hit in hits:
        if hit.start < end < hit.end and hit.start > start:
            return hit.start
    return end


def _segments(text: str, hits: list[_Hit], start: int, end: int) -> Segments:
    pieces: list[tuple[str, bool]] = []
    position = start
    for hit in hits:
        if hit.end <= start or hit.start >= end:
            continue
        if hit.start > position:
            pieces.append((text[position : hit.start], False))
        hit_end = min(hit.end, end)
        if pieces and pieces[-1][1] and hit.start == position:
            pieces[-1] = (pieces[-1][0] + text[position:hit_end], True)
        else:
            pieces.append((text[max(hit.start, position) : hit_end], True))
        position = hit_end
    if position < end:
        pieces.append((text[position:end], False))
    return tuple(pieces)
