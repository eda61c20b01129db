"""From a `SearchQuery` to a plan every engine can carry out: what must match, and what adds to the score.

A plan is a small tree of frozen clauses over the fields of `gongkai.search.fields`. Engines translate each kind of clause to
their own query and do nothing else, so that they find and rank alike. Two parts are kept apart: *matching* decides which
documents are found (and counted), *ranking* adds to their scores and never adds a document. Ranking is done in two steps: by the pairs
of the question, all documents; by everything else, the best of them (`RERANKED`). Nothing that is added is negative, so those stay
before the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from gongkai.rules.document_number import DocumentNumber
from gongkai.rules.validity import Status
from gongkai.search.documents import ID_BITS, day_number, sort_key
from gongkai.search.fields import (
    DOCUMENT_DATE,
    ID,
    KEY,
    LEAD_GRAMS,
    NUMBER_KEY,
    SORT_KEY,
    TEXT_GRAMS,
    TITLE_GRAMS,
    number_key,
)
from gongkai.search.keys import partial_key
from gongkai.search.parsed import Alternatives, ParsedText, PartialNumber, Scope
from gongkai.search.query import DEEPEST, SearchQuery, Sort
from gongkai.search.ranking import ALL_NEEDED, ENOUGH, RANKING, RERANKED, Weighed, is_question, weighed
from gongkai.text.analysis import pairs

LARGEST_KEY = (1 << 64) - 1
WHOLLY_NAMED, PARTLY_NAMED = 0.9, 0.5
"""What a document's own title or index number, and its own mark or year, count beside its own document number."""
PAIRS_RELAXED = 3
"""Pairs from which a single word is looked for in parts when no document has the whole (停水通知 in a 停水公告)."""


@dataclass(frozen=True, slots=True)
class Term:
    """Documents with ``token`` in ``field``; scored by BM25 in a text field."""

    field: str
    token: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Documents with the tokens at these relative positions, each ``(position, token)``; scored by BM25."""

    field: str
    tokens: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every clause must match; scores add up. Without clauses everything matches."""

    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least ``needed`` of the clauses must match; scores of those that do add up."""

    clauses: tuple[Clause, ...]
    needed: int = 1


@dataclass(frozen=True, slots=True)
class BestOf:
    """At least one of the clauses must match; the highest score of those that do counts, and only that."""

    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Boost:
    """The clause with its score multiplied."""

    clause: Clause
    by: float


@dataclass(frozen=True, slots=True)
class Constant:
    """The clause with this score for each document, whatever its own."""

    clause: Clause
    score: float


@dataclass(frozen=True, slots=True)
class Range:
    """Documents whose number in ``field`` is from ``first`` to ``last``, both included."""

    field: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Without:
    """Documents of the clause that none of ``excluded`` matches; scored by the clause."""

    clause: Clause
    excluded: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Among:
    """The documents with these ids; scored 0."""

    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Also:
    """Documents of the clause; the scores of those of ``adding`` that match are added to its own."""

    clause: Clause
    adding: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Nothing:
    """No document."""


Clause = Term | Phrase | AllOf | AnyOf | BestOf | Boost | Constant | Range | Without | Among | Also | Nothing
EVERYTHING = AllOf(())


@dataclass(frozen=True, slots=True)
class Plan:
    """A query taken apart, to be put together in several ways (hits, counts of each facet)."""

    text: Clause | None
    """Matching; scored with the pairs of characters by which it matches. ``None``: everything matches."""
    pairs: tuple[Clause, ...]
    """The other pairs of the question, which add to the score."""
    ranking: tuple[Clause, ...]
    """What adds to the scores of the best documents."""
    best: int
    """How many of them."""
    ranges: tuple[Clause, ...]
    filters: Mapping[str, Clause]

    def counting(self, *, without: str = "") -> Clause:
        """What must match, without the filter of one facet; scores mean nothing."""
        required = [clause for name, clause in self.filters.items() if name != without]
        return all_of([*([self.text] if self.text else []), *self.ranges, *required])

    def matching(self) -> Clause:
        """The same documents as :meth:`counting`, scored by all pairs of the question."""
        unscored = [Constant(clause, 0.0) for clause in (*self.ranges, *self.filters.values())]
        return also(all_of([*([self.text] if self.text else []), *unscored]), self.pairs)

    def ranked(self, ids: tuple[int, ...]) -> Clause:
        """What is added to the scores of the documents with these ids."""
        return also(Among(ids), self.ranking)


def plan(query: SearchQuery, words_needed: Callable[[int], int]) -> Plan:
    """Plan ``query``; ``words_needed`` tells how many of n words a document must have."""
    parsed = query.parsed
    scope, tokens = query.effective_scope, weighed(parsed.ranking_text)
    field, needed = _field(scope), words_needed(len(parsed.words))
    required: list[Clause] = [_phrase(field, phrase) for phrase in parsed.phrases]
    required += [_number(field, number) for number in parsed.numbers]
    required += [_partial_number(field, number) for number in parsed.partial_numbers]
    some = needed < len(parsed.words) and query.effective_sort is Sort.RELEVANCE and bool(tokens.pairs)
    if some:
        required.append(_some_pairs(field, tokens, parsed))
    elif parsed.words:
        words = [_word_or_alternatives(field, word, parsed) for word in parsed.words]
        required.append(any_of(words, max(1, needed)))
    matched = tokens.pairs if some else [token for word in parsed.words for _, token in pairs(word)]
    return Plan(
        text=_without(field, parsed, _named_or(query, required)),
        pairs=tuple(Boost(Term(field, token), RANKING.pairs) for token in tokens.pairs if token not in matched),
        ranking=(
            _NOT_ENDED,
            *_ranking(scope, tokens),
            *(() if some else _alternatives_ranking(scope, parsed)),
        ),
        best=DEEPEST if some else RERANKED,
        ranges=tuple(_ranges(query)),
        filters={name: _any_value(name, values) for name, values in query.filters.items() if values},
    )


def relaxes(query: SearchQuery, total: int) -> bool:
    """True when so few documents have all the words that ``query`` is planned again with `words_needed_relaxed`.

    Words that somebody lists are taken at their word while any document has them all. A question wants an answer, so one
    that few documents answer word for word is answered by others too, below those; not in a list by time, which has no
    below.
    """
    words = query.parsed.words
    if not words or (len(words) == 1 and len(weighed(query.parsed.ranking_text).pairs) < PAIRS_RELAXED):
        return False
    asks = query.effective_sort is Sort.RELEVANCE and len(words) <= ALL_NEEDED and is_question(query.text)
    return total < (ENOUGH if asks else 1)


def after(key: int, *, newest: bool) -> Clause:
    """The documents beyond the sort key in the order of the list."""
    if newest:
        return Range(SORT_KEY, 0, key - 1) if key > 0 else Nothing()
    return Range(SORT_KEY, key + 1, LARGEST_KEY) if key < LARGEST_KEY else Nothing()


def all_of(clauses: list[Clause]) -> Clause:
    """Everything when there is nothing to match."""
    return clauses[0] if len(clauses) == 1 else AllOf(tuple(clauses))


def also(clause: Clause, adding: tuple[Clause, ...]) -> Clause:
    """The clause itself when nothing adds to it."""
    return Also(clause, adding) if adding else clause


def any_of(clauses: list[Clause], needed: int = 1) -> Clause:
    """The clause itself when there is only one."""
    return clauses[0] if len(clauses) == 1 else AnyOf(tuple(clauses), needed)


def _phrase(field: str, text: str) -> Clause:
    """``text`` as it is: its pairs at their places."""
    terms = pairs(text)
    return Term(field, terms[0][1]) if len(terms) == 1 else Phrase(field, tuple(terms))


def _word(field: str, word: str) -> Clause:
    """A word: all its pairs. A text that contains the word has them, wherever a segmenter would cut that text."""
    return all_of([Term(field, pair) for pair in dict.fromkeys(token for _, token in pairs(word))])


def _number(field: str, number: DocumentNumber) -> Clause:
    """The document's own number, far ahead of documents that only mention it."""
    own = Constant(Term(NUMBER_KEY, number_key(number)), RANKING.own_number)
    return AnyOf((own, _phrase(field, number.text)))


def _partial_number(field: str, number: PartialNumber) -> Clause:
    """Documents whose own number has these parts, far ahead of documents that only mention them."""
    key = partial_key(number.mark, number.year, number.number)
    own = Constant(Term(KEY, key), RANKING.own_number * PARTLY_NAMED)
    mentioned = [_phrase(field, number.text)] if pairs(number.text) else []
    return any_of([own, *mentioned])


def _named_or(query: SearchQuery, required: list[Clause]) -> Clause | None:
    """What the text asks for by name is found whatever else it says; everything else needs all that is ``required``."""
    parsed = query.parsed
    named: list[Clause] = [Constant(Term(KEY, key), RANKING.own_number * WHOLLY_NAMED) for key in parsed.keys]
    if query.item is not None:
        named.append(Constant(Term(ID, str(query.item)), RANKING.own_number * 2))
    if len(required) > 1:  # with a single one it is there already
        named += [Constant(Term(NUMBER_KEY, number_key(number)), RANKING.own_number) for number in parsed.numbers]
    if not named:
        nothing_known = bool(parsed.addresses) and not required
        return Nothing() if nothing_known else all_of(required) if required else None
    return any_of([*named, all_of(required)] if required else named)


def _without(field: str, parsed: ParsedText, text: Clause | None) -> Clause | None:
    if not parsed.excluded:
        return text
    return Without(text or EVERYTHING, tuple(_phrase(field, word) for word in parsed.excluded))


def _word_or_alternatives(field: str, word: str, parsed: ParsedText) -> Clause:
    """A word, or what may stand for it: the best of them counts, or a document with many synonyms would be before one with the word."""
    clauses = [_word(field, word)]
    for alternatives in parsed.alternatives:
        if alternatives.word == word:
            clauses += [_alternative(field, alternatives, text) for text in alternatives.texts]
    return clauses[0] if len(clauses) == 1 else BestOf(tuple(clauses))


def _alternative(field: str, alternatives: Alternatives, text: str) -> Clause:
    """What may stand for a word; a long text has more pairs that add up, so it is brought to the word's measure."""
    measure = min(1.0, len(pairs(alternatives.word)) / max(1, len(pairs(text))))
    return Boost(_word(field, text), alternatives.weight * measure)


def _some_pairs(field: str, tokens: Weighed, parsed: ParsedText) -> Clause:
    """A few pairs of a whole question, where the best come first: ranking knows better than any rule which of its words
    matter. A list by time has no such second judge, so there most of the words are needed.
    """
    clauses = [_repeated(Term(field, token), times) for token, times in zip(tokens.pairs, tokens.times, strict=True)]
    clauses += [Term(field, token) for token in tokens.figures]
    for alternatives in parsed.alternatives:
        texts = tuple(_alternative(field, alternatives, text) for text in alternatives.texts)
        clauses.append(Boost(BestOf(texts), RANKING.synonyms_of_a_question))
    return any_of(clauses, tokens.pairs_needed)


def _repeated(term: Term, times: int) -> Clause:
    return term if times == 1 else Boost(term, times**0.5)


def _alternatives_ranking(scope: Scope, parsed: ParsedText) -> Iterable[Clause]:
    """What stands for a word counts in the beginning too, as the word itself does."""
    for alternatives in parsed.alternatives:
        if scope is Scope.ALL:
            texts = tuple(_alternative(LEAD_GRAMS, alternatives, text) for text in alternatives.texts)
            yield Boost(BestOf(texts), RANKING.lead)


_ENDED = AnyOf(tuple(Term("validity", status.value) for status in Status if status.ended))
_NOT_ENDED = Constant(Without(EVERYTHING, (_ENDED,)), RANKING.not_ended)


def _ranking(scope: Scope, tokens: Weighed) -> Iterable[Clause]:
    """What adds to the score beside the pairs."""
    field = _field(scope)
    for where, found, weight in (
        (field, tokens.characters, RANKING.characters),
        (field, tokens.figures, RANKING.figures - 1.0),
        (LEAD_GRAMS, tokens.pairs if scope is Scope.ALL else (), RANKING.lead),
        (LEAD_GRAMS, tokens.figures if scope is Scope.ALL else (), RANKING.lead * RANKING.figures),
    ):
        if weight:
            yield from (Boost(Term(where, token), weight) for token in found)


def _field(scope: Scope) -> str:
    return TITLE_GRAMS if scope is Scope.TITLE else TEXT_GRAMS


def _ranges(query: SearchQuery) -> Iterable[Clause]:
    days = query.document_date
    if days.first is not None or days.last is not None:
        first = day_number(days.first) if days.first else 0
        yield Range(DOCUMENT_DATE, first, day_number(days.last) if days.last else day_number(date.max))
    times = query.effective_published_at
    if times.first is not None or times.before is not None:
        since = sort_key(times.first) if times.first else 0
        before = sort_key(times.before) if times.before else LARGEST_KEY
        yield Range(SORT_KEY, max(since, 1 << ID_BITS), before - 1) if before > since else Nothing()


def _any_value(name: str, values: tuple[str, ...]) -> Clause:
    return any_of([Term(name, value) for value in dict.fromkeys(values)])
