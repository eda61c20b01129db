"""From a `SearchQuery` to queries of the embedded engine.

Two parts are kept apart: *matching* decides which documents are found (and counted), *ranking* adds to the score of
those found and never adds a document.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from tantivy import FieldType, Occur, Query, Schema

from gongkai.rules.document_number import DocumentNumber
from gongkai.search.documents import ID_BITS, day_number, sort_key
from gongkai.search.fields import (
    DOCUMENT_DATE,
    NUMBER_KEY,
    SORT_KEY,
    TEXT_GRAMS,
    TEXT_WORDS,
    TITLE_GRAMS,
    TITLE_WORDS,
    number_key,
)
from gongkai.search.query import ParsedText, Scope, SearchQuery
from gongkai.search.ranking import RANKING
from gongkai.text.analysis import pairs

LARGEST_KEY = (1 << 64) - 1


@dataclass(frozen=True, slots=True)
class Parts:
    """A query taken apart, to be put together in several ways (hits, counts of each facet)."""

    text: Query | None
    """Matching; scored with the pairs of characters. ``None``: everything matches."""
    ranking: tuple[Query, ...]
    ranges: tuple[Query, ...]
    filters: Mapping[str, Query]

    def counting(self, *, without: str = "") -> Query:
        """What must match, without the filter of one facet; scores mean nothing."""
        required = [query for name, query in self.filters.items() if name != without]
        return all_of([*([self.text] if self.text else []), *self.ranges, *required])

    def ranked(self) -> Query:
        """The same documents as :meth:`counting`, scored."""
        unscored = [Query.const_score_query(query, 0.0) for query in (*self.ranges, *self.filters.values())]
        required = all_of([*([self.text] if self.text else []), *unscored])
        if not self.ranking:
            return required
        return Query.boolean_query([(Occur.Must, required), *((Occur.Should, query) for query in self.ranking)])


def build(schema: Schema, query: SearchQuery, words_needed: Callable[[int], int]) -> Parts:
    """Build the parts of ``query``; ``words_needed`` tells how many of n words a document must have."""
    parsed = query.parsed
    field = TITLE_GRAMS if query.scope is Scope.TITLE else TEXT_GRAMS
    required = [_phrase(schema, field, phrase) for phrase in parsed.phrases]
    required += [_number(schema, field, number) for number in parsed.numbers]
    if parsed.words:
        clauses = [(Occur.Should, _word(schema, field, word)) for word in parsed.words]
        needed = words_needed(len(clauses))
        required.append(
            clauses[0][1] if len(clauses) == 1 else Query.boolean_query(clauses, minimum_number_should_match=needed)
        )
    return Parts(
        text=all_of(required) if required else None,
        ranking=tuple(_ranking(schema, query.scope, parsed)),
        ranges=tuple(_ranges(schema, query)),
        filters={name: _any_value(schema, name, values) for name, values in query.filters.items() if values},
    )


def after(schema: Schema, key: int, *, newest: bool) -> Query:
    """The documents beyond ``key`` in the order of the list."""
    if newest:
        return _key_range(schema, 0, key - 1) if key > 0 else Query.empty_query()
    return _key_range(schema, key + 1, LARGEST_KEY) if key < LARGEST_KEY else Query.empty_query()


def all_of(queries: list[Query]) -> Query:
    """Everything when there is nothing to match."""
    if not queries:
        return Query.all_query()
    return queries[0] if len(queries) == 1 else Query.boolean_query([(Occur.Must, query) for query in queries])


def _phrase(schema: Schema, field: str, text: str) -> Query:
    """``text`` as it is: its pairs at their places."""
    terms = pairs(text)
    if len(terms) == 1:
        return Query.term_query(schema, field, terms[0][1])
    return Query.phrase_query(schema, field, [(position, token) for position, token in terms])


def _word(schema: Schema, field: str, word: str) -> Query:
    """A word: all its pairs. A text that contains the word has them, wherever a segmenter would cut that text."""
    return all_of([Query.term_query(schema, field, pair) for pair in dict.fromkeys(token for _, token in pairs(word))])


def _number(schema: Schema, field: str, number: DocumentNumber) -> Query:
    """The document's own number, far ahead of documents that only mention it."""
    own = Query.term_query(schema, NUMBER_KEY, number_key(number), index_option="basic")
    mentioned = _phrase(schema, field, number.text)
    return Query.boolean_query(
        [(Occur.Should, Query.const_score_query(own, RANKING.own_number)), (Occur.Should, mentioned)]
    )


def _ranking(schema: Schema, scope: Scope, parsed: ParsedText) -> Iterable[Query]:
    everywhere = 1.0 if scope is Scope.ALL else 0.0
    all_pairs = dict.fromkeys(token for _, token in pairs(parsed.ranking_text) if len(token) > 1)
    all_words = [word for word in parsed.ranking_words if len(word) > 1]
    matched = {token for word in parsed.words for _, token in pairs(word)}  # scored where they match
    for field, tokens, weight in (
        (TEXT_GRAMS, [token for token in all_pairs if token not in matched], RANKING.text_pairs * everywhere),
        (TEXT_WORDS, all_words, RANKING.text_words * everywhere),
        (TITLE_GRAMS, list(all_pairs), RANKING.title_pairs),
        (TITLE_WORDS, all_words, RANKING.title_words),
    ):
        if weight and tokens:
            terms = [(Occur.Should, Query.term_query(schema, field, token)) for token in tokens]
            yield Query.boost_query(Query.boolean_query(terms), weight)


def _ranges(schema: Schema, query: SearchQuery) -> Iterable[Query]:
    days = query.document_date
    if days.first is not None or days.last is not None:
        yield Query.range_query(
            schema,
            DOCUMENT_DATE,
            FieldType.Unsigned,
            day_number(days.first) if days.first else 0,
            day_number(days.last) if days.last else day_number(date.max),
        )
    times = query.published_at
    if times.first is not None or times.before is not None:
        first = sort_key(times.first) if times.first else 0
        before = sort_key(times.before) if times.before else LARGEST_KEY
        yield _key_range(schema, max(first, 1 << ID_BITS), before - 1) if before > first else Query.empty_query()


def _key_range(schema: Schema, first: int, last: int) -> Query:
    return Query.range_query(schema, SORT_KEY, FieldType.Unsigned, first, last)


def _any_value(schema: Schema, name: str, values: tuple[str, ...]) -> Query:
    terms = [Query.term_query(schema, name, value, index_option="basic") for value in dict.fromkeys(values)]
    return terms[0] if len(terms) == 1 else Query.boolean_query([(Occur.Should, term) for term in terms])
