"""相关搜索: what else a reader of these results may want to ask.

Made of what is at hand: popular queries that share a word with the question, words of the government dictionary that stand in
the titles found and not in the question, and the topics of those titles when they are short enough to be typed. Only titles with
a word of the question count: what merely mentions it in its text is about something else. No further question is put to the index.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from gongkai.search.query import SearchQuery
from gongkai.search.results import SearchResults
from gongkai.search.suggestion_sources import texts
from gongkai.search.title_lookup import TitleLookup, deployed
from gongkai.text.segment import dictionary_words, segment
from gongkai.text.titles import compact, is_empty, is_genre, topic

LIMIT = 8
LOOKED_AT = 20
"""Titles of the results that are looked at."""
SHORTEST_WORD, LONGEST_TOPIC = 3, 18
MOST_NAMES, MOST_WORDS = 3, 4
_BODY = re.compile(r".+(?:省|市|区|县|镇|乡|街道|村|政府|办公室|局|委|委员会|中心)")
"""Places and bodies: nearly every title has one, and it says nothing about the subject."""


def related(
    query: SearchQuery,
    results: SearchResults,
    titles: Sequence[str] | None = None,
    *,
    lookup: TitleLookup | None = None,
) -> tuple[str, ...]:
    """Return at most `LIMIT` queries related to ``query``; ``()`` when nothing was asked or found.

    Args:
        titles: titles of ``results`` when the page has them already; otherwise they are read (one query).
    """
    if query.parsed.empty or not results.hits:
        return ()
    if titles is None:
        known = (lookup or deployed()).titles(results.ids[:LOOKED_AT])
        titles = [known[one] for one in results.ids[:LOOKED_AT] if one in known]
    asked = compact(query.text)
    words = [word for word in query.parsed.words if len(word) > 1] or [asked]
    near = [title for title in titles[:LOOKED_AT] if any(word in compact(title) for word in words)]
    offered = (*_names(asked, words), *_words(asked, near), *_topics(near))
    chosen: dict[str, str] = {}
    for text in offered:
        key = compact(text)
        if key != asked and not any(key in one or one in key for one in chosen):
            chosen[key] = text
    return tuple(chosen.values())[:LIMIT]


def _names(asked: str, words: Sequence[str]) -> list[str]:
    """Popular queries and names with a word of the question."""
    found = (text for source in texts() for text in source if any(word in text for word in words))
    return [
        text for text, _ in zip((text for text in found if compact(text) != asked), range(MOST_NAMES), strict=False)
    ]


def _words(asked: str, titles: Sequence[str]) -> list[str]:
    """Terms of the titles' topics that the question does not have, those of most titles first."""
    known = dictionary_words()
    counted = Counter(
        word
        for title in titles
        for word in set(_terms(title))
        if word in known
        and word not in asked
        and asked not in word
        and not is_genre(word)
        and not _BODY.fullmatch(word)
    )
    return [word for word, _ in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))][:MOST_WORDS]


def _terms(title: str) -> Iterator[str]:
    """Words of the topic, and each two neighbours together."""
    found = topic(title)
    words = segment(title[found.start : found.end])
    yield from (word for word in words if len(word) >= SHORTEST_WORD)
    for first, second in pairwise(words):
        if not (is_empty(first) or is_empty(second)):
            yield first + second


def _topics(titles: Sequence[str]) -> Iterator[str]:
    """Topics of the titles that are no longer than what people type."""
    for title in titles:
        found = topic(title)
        if found.end - found.start <= LONGEST_TOPIC:
            yield title[found.start : found.end]
