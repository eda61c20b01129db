"""联想词: what a reader may be about to ask, from what he has typed so far (characters, pinyin, initials, mixed).

A suggestion is a query, not a title: the topic of a title, a word that several titles go on with, a name, a popular query.
The index is asked for the newest titles with a beginning that fits (`gongkai.search.title_fields`); whether a title really
fits, and where, is seen in the title itself. One lookup of 40 titles, rarely two; nothing big is kept in memory.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from gongkai.search.fields import LEAD_WORDS, SUGGEST, TITLE_SOUNDS
from gongkai.search.lexicon import lexicon
from gongkai.search.plan import Clause, Term, all_of, any_of
from gongkai.search.suggestion_sources import texts
from gongkai.search.title_fields import CHARACTERS, INITIALS, LONG_INITIALS
from gongkai.search.title_lookup import TitleLookup, deployed, scattered
from gongkai.text.highlight import Segments
from gongkai.text.pinyin import completions, fold_sound, sounds, whole
from gongkai.text.segment import is_word
from gongkai.text.titles import (
    Compact,
    abbreviations,
    boundaries,
    compact,
    compact_aligned,
    is_empty,
    shorten,
    starts,
    topic,
)
from gongkai.text.typed import Typed, initial_letters, read

LIMIT = 10
LONGEST_TYPED = 100
LOOKED_AT = 40
"""Titles looked at for one keystroke."""
LONGEST_SUGGESTION = 30
WHOLE_TOPIC = 18
"""A topic up to this length is suggested whole, even when the reader began inside it."""
MOST_NAMES, MOST_WORDS = 4, 3
"""Names and popular queries, and words that several titles go on with, before the topics of titles."""
LONGEST_WORD = 12
FEW, LOOKED_UP = 3, 5
"""So many suggestions or fewer are added to from the dictionary, of which so many terms are looked up in the index."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A query to suggest, in pieces with what was typed marked."""

    segments: Segments

    @property
    def text(self) -> str:
        """The query."""
        return "".join(piece for piece, _ in self.segments)


def suggest(text: str, limit: int = LIMIT, *, lookup: TitleLookup | None = None) -> tuple[Suggestion, ...]:
    """Suggest queries for a ``text`` typed so far, the best first; ``()`` for none.

    Several words: the last is completed, in titles that have the others. Raises `SearchUnavailable`.
    """
    *before, last = text[:LONGEST_TYPED].split() or [""]
    ways = read(last)
    if not ways:
        return ()
    found = _Found(text, limit)
    titles = lookup or deployed()
    given = [every for one in before if (every := _has(one))]
    fitting = _fitting_titles(titles, ways, given)
    if not before:
        found.add(_of_names(ways))
    if len(ways[0].units) <= INITIALS and not before:
        found.add(_words(fitting))
    found.add(one.suggestion() for one in sorted(fitting, key=lambda one: not one.at_topic))
    if len(found.suggestions) < limit:
        found.add(one.suggestion() for one in _further(titles, ways, given))
    if len(found.suggestions) <= FEW and not before:
        found.add(_terms(titles, ways))
    return tuple(found.suggestions)


def _terms(titles: TitleLookup, ways: Sequence[Typed]) -> Iterator[Suggestion]:
    """Terms of the government dictionary that begin as typed and stand in some text, though in no title; the shortest first."""
    fitting = [word for word in lexicon() if any(way.fits(word, 0) for way in ways)]
    for word in fitting[:LOOKED_UP]:
        if titles.any(Term(LEAD_WORDS, word)):
            length = min(len(word), len(ways[0].units))
            pieces = ((word[:length], True), (word[length:], False))
            yield Suggestion(tuple((piece, marked) for piece, marked in pieces if piece))


def _further(titles: TitleLookup, ways: Sequence[Typed], given: Sequence[Clause]) -> Iterator[_Fitting]:
    """Titles with the long form of a typed abbreviation; titles that have the typed characters inside a word."""
    short = [way for way in ways if len(way.units) == 2 and (way.plain or (all(way.sounded) and whole(way.units)))]
    if short:
        clause = any_of([Term(SUGGEST, f"~{('' if way.plain else '.').join(way.units)}") for way in short])
        for title in titles.best(all_of([clause, *given]), LOOKED_AT):
            for word, start in abbreviations(title):
                if any(way.fits(word, 0) for way in short):
                    yield _Fitting(_view(title), start, start + 4)
    if ways[0].plain and len(ways[0].units) > 1:
        elsewhere = titles.best(all_of([scattered("".join(ways[0].units)), *given]), LOOKED_AT)
        yield from (one for one in _fitting(elsewhere, ways, anywhere=True) if one.start >= one.view.topic[0])


class _Found:
    """Suggestions in order, each text once and never the typed text itself."""

    def __init__(self, typed: str, limit: int) -> None:
        self._limit = limit
        self._seen = {compact(typed)}
        self.suggestions: list[Suggestion] = []

    def add(self, suggestions: Iterable[Suggestion]) -> None:
        """Take over what is new, up to the limit."""
        for suggestion in suggestions:
            key = compact(suggestion.text)
            if len(self.suggestions) < self._limit and key and key not in self._seen:
                self._seen.add(key)
                self.suggestions.append(suggestion)


# --- asking the index --------------------------------------------------------------------------------------------------
def _fitting_titles(titles: TitleLookup, ways: Sequence[Typed], given: Sequence[Clause]) -> list[_Fitting]:
    """Titles with a beginning as typed. Titles that share six initials may be hundreds (亳州市谯城区): for longer initials
    those that share more are asked for first."""
    for exactly in (True, False) if any(_long_initials(way) for way in ways) else (False,):
        clause = any_of([_clause(way, long=exactly) for way in ways])
        if found := list(_fitting(titles.best(all_of([clause, *given]), LOOKED_AT), ways)):
            return found
    return []


def _clause(typed: Typed, *, long: bool) -> Clause:
    """Titles that may have a beginning as typed; `Typed.fits` is the judge."""
    units, count = typed.units, len(typed.units)
    if typed.plain:
        opening: Clause = Term(SUGGEST, "".join(units[:CHARACTERS]))
        return all_of([opening, *_sounds(typed)]) if count > CHARACTERS else opening
    if not any(typed.sounded):
        return scattered("".join(units))
    if count == 1:
        return any_of([Term(SUGGEST, f"{syllable}'") for syllable in completions(units[0])])
    if long and (ahead := _long_initials(typed)):
        beginnings = [Term(SUGGEST, f"={letters}") for letters in ahead]
    else:
        letters = initial_letters(units, typed.sounded)
        beginnings = [Term(SUGGEST, one) for one in dict.fromkeys(one[:INITIALS] for one in letters)]
    return all_of([*([any_of(list(beginnings))] if beginnings else []), *_sounds(typed), *_characters(typed)])


def _long_initials(typed: Typed) -> tuple[str, ...]:
    if not any(typed.sounded):
        return ()
    letters = initial_letters(typed.units, typed.sounded)
    longest = max((length for length in LONG_INITIALS if letters and length <= len(letters[0])), default=0)
    return tuple(dict.fromkeys(one[:longest] for one in letters)) if longest else ()


def _sounds(typed: Typed) -> Iterator[Clause]:
    """Each two neighbouring units of which both sounds are known."""
    count = len(typed.units)
    known = [
        _unit_sounds(unit, sounded=sounded, last=position == count - 1)
        for position, (unit, sounded) in enumerate(zip(typed.units, typed.sounded, strict=True))
    ]
    for firsts, seconds in itertools.pairwise(known):
        pairs = [Term(TITLE_SOUNDS, f"{first}.{second}") for first in firsts for second in seconds]
        if pairs:
            yield any_of(list(pairs))


def _unit_sounds(unit: str, *, sounded: bool, last: bool) -> tuple[str, ...]:
    """Folded sounds a unit stands for; ``()`` when any would do."""
    if not sounded:
        return sounds(unit)
    if len(unit) == 1 or unit in ("zh", "ch", "sh"):
        return ()
    meant = completions(unit) if last else (unit,)
    return tuple(dict.fromkeys(fold_sound(syllable) for syllable in meant))


def _characters(typed: Typed) -> Iterator[Clause]:
    """The characters typed as such; neighbouring ones together."""
    run = ""
    for unit, sounded in (*zip(typed.units, typed.sounded, strict=True), ("", True)):
        if not sounded:
            run += unit
        elif run:
            yield scattered(run)
            run = ""


def _has(word: str) -> Clause | None:
    """Titles with an earlier word of the typed text."""
    clauses: list[Clause] = []
    for typed in read(word):
        if any(typed.sounded):
            clauses += [all_of(heard)] if (heard := list(_sounds(typed))) else []
        else:
            clauses.append(scattered(word))
    return any_of(clauses) if clauses else None


# --- what fits, and what to make of it ---------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _View:
    """A text made ready to be compared with what is typed."""

    text: str
    compact: Compact
    starts: tuple[int, ...]
    """Places in the compact text where a reader may begin."""
    topic: tuple[int, int]


@lru_cache(maxsize=256)
def _view(text: str) -> _View:
    ready = compact_aligned(text)
    places = {offset: place for place, offset in reversed(list(enumerate(ready.offsets)))}
    found = topic(text)
    begins = tuple(places[start] for start in starts(text) if start in places)
    return _View(text, ready, begins or (0,), (found.start, found.end))


@dataclass(frozen=True, slots=True)
class _Fitting:
    """A text that goes on from ``start`` as typed, to ``end`` (offsets in the text)."""

    view: _View
    start: int
    end: int

    @property
    def at_topic(self) -> bool:
        """True when the reader began with the topic."""
        return self.start == self.view.topic[0]

    def suggestion(self) -> Suggestion:
        """The topic, or the part of it that begins as typed; all of a title that is typed from its beginning."""
        text, (begins, ends) = self.view.text, self.view.topic
        if self.start < begins or self.end > ends:
            begins, ends = (0, len(text)) if self.start < begins else (begins, len(text))
        if self.start > begins and ends - begins > WHOLE_TOPIC:
            begins = self.start - (text[self.start - 1] in "“《（")
        ends = shorten(text, begins, ends, max(LONGEST_SUGGESTION, self.end - begins))
        return self.marked(begins, ends)

    def marked(self, begins: int, ends: int) -> Suggestion:
        """``text[begins:ends]`` with what was typed marked."""
        pieces = (
            (self.view.text[begins : self.start], False),
            (self.view.text[self.start : self.end], True),
            (self.view.text[self.end : ends], False),
        )
        return Suggestion(tuple((piece, marked) for piece, marked in pieces if piece))


def _fitting(found: Iterable[str], ways: Sequence[Typed], *, anywhere: bool = False) -> Iterator[_Fitting]:
    """Those of the texts that fit, with the place: of the topic if it fits there, or else the first."""
    for text in found:
        view = _view(text)
        if not view.compact.text:
            continue
        for typed in ways:
            place = typed.find(view.compact.text) if anywhere else _place(view, typed)
            if place >= 0:
                yield _Fitting(view, *view.compact.original(place, place + len(typed.units)))
                break


def _place(view: _View, typed: Typed) -> int:
    fit = [start for start in view.starts if typed.fits(view.compact.text, start)]
    return next((start for start in fit if view.compact.offsets[start] == view.topic[0]), fit[0] if fit else -1)


def _words(fitting: Sequence[_Fitting]) -> Iterator[Suggestion]:
    """Words that at least two different topics go on with, the most frequent first: 医 → 医疗保险, 医疗机构."""
    counted: Counter[str] = Counter()
    sample: dict[str, tuple[_Fitting, int]] = {}
    for one in {fit.suggestion().text: fit for fit in fitting}.values():
        for ends in _word_ends(one) if one.start >= one.view.topic[0] else ():
            word = one.view.text[one.start : ends]
            if is_empty(word):
                continue
            counted[word] += 1
            sample.setdefault(word, (one, ends))
    chosen: list[str] = []
    for word, count in counted.most_common():
        longer = any(other != word and other.startswith(word) and counted[other] == count for other in counted)
        if count > 1 and not longer:  # of 医疗 and 医疗保险, equally frequent, the longer one says more
            chosen.append(word)
    for word in chosen[:MOST_WORDS]:
        one, ends = sample[word]
        yield one.marked(one.start, ends)


def _word_ends(one: _Fitting) -> Iterator[int]:
    """Where the word ends that the reader is typing, and the longer words that begin with it."""
    rest = one.view.text[one.start : min(one.view.topic[1], one.start + LONGEST_WORD)]
    finished = False
    for end in sorted(boundaries(rest))[1:]:
        if one.start + end <= one.end or rest[0].isdigit():
            continue
        if is_word(rest[:end]) or not finished:
            yield one.start + end
        finished = True


def _of_names(ways: Sequence[Typed]) -> Iterator[Suggestion]:
    """Names and popular queries that begin as typed, then those with a word that does, sources in their order."""
    inside: list[Suggestion] = []
    given = 0
    for source in texts():
        for one in _fitting(source, ways):
            suggestion = one.marked(0, len(one.view.text))
            if one.start:
                inside.append(suggestion)
            elif given < MOST_NAMES:
                given += 1
                yield suggestion
    yield from inside[: MOST_NAMES - given]
