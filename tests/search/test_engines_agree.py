"""Both engines give the same answers: hits, order, scores, totals, facets, pages.

The rule for order: by score, and where scores are equal the newest first. The engines compute scores in another order of
additions, so scores count as equal when they differ by less than one part in ten thousand.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from bench.search_documents import documents as made_documents
from bench.search_documents import questions as made_questions
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.rules.document_number import parse
from gongkai.search import DateRange, Scope, SearchDocument, SearchQuery, SearchResults, Sort
from gongkai.search.corrections import correction
from gongkai.search.engine import Engine
from gongkai.search.engines.embedded import EmbeddedEngine
from gongkai.search.engines.opensearch import temporary_engine
from gongkai.search.suggestions import suggest
from gongkai.search.title_lookup import TitleLookup
from gongkai.text.analysis import words
from tests.search import test_portal_questions
from tests.search.opensearch_nodes import Cluster

pytestmark = pytest.mark.xdist_group("opensearch")
FACETS = {"kind": 20, "year": 20, "subjects": 20, "issuing_agencies": 5, "validity": 9, "mark": 20}
CLOSE = 1e-4
Pair = tuple[Engine, Engine]


def real_documents(folder: Path) -> list[SearchDocument]:
    """Published documents of other governments, with the facts their pages state."""
    found = []
    for name in ("policy_docs/policies.dev.jsonl", "tianhe_policies/policies.dev.jsonl"):
        for line in (folder / name).read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            found.append(_document(len(found) + 1, record))
    return found


def _document(item_id: int, record: dict[str, str]) -> SearchDocument:
    number = parse(record.get("doc_number") or "")
    written = record.get("date_written") or record.get("date_published") or ""
    day = date.fromisoformat(written[:10]) if written[:4].isdecimal() and len(written) >= 10 else None
    return SearchDocument(
        id=item_id,
        kind="policy_document" if number else "notice",
        title=record["title"],
        body=record.get("text") or "",
        document_number=record.get("doc_number") or "",
        mark=number.mark if number else "",
        year=day.year if day else None,
        issuing_agencies=tuple(filter(None, [record.get("issuer")])),
        subjects=tuple(filter(None, [record.get("subject"), (record.get("subject") or "")[:5]])),
        validity=record.get("validity") or "",
        document_date=day,
        published_at=datetime(day.year, day.month, day.day, tzinfo=UTC) if day else None,
    )


def questions(found: list[SearchDocument], count: int) -> list[str]:
    """What people ask for such documents: words of a title or a text, phrases, sentences, numbers."""
    rng = random.Random(11)
    asked: list[str] = []
    while len(asked) < count:
        document = rng.choice(found)
        known = [word for word in words(rng.choice([document.title, document.body[:3000]])) if len(word) > 1]
        start = rng.randrange(max(1, len(document.body) - 12))
        asked.append(
            rng.choice(
                [
                    " ".join(rng.sample(known, min(len(known), rng.randrange(1, 5)))),
                    document.title,
                    f"“{document.body[start : start + rng.randrange(2, 9)]}”",
                    f"{rng.choice(known) if known else '通知'}怎么申请",
                    document.document_number or document.title[:6],
                    f"{document.document_number} {rng.choice(known) if known else ''}",
                    document.body[start : start + 12].replace("\n", ""),
                ]
            )
        )
    return [*dict.fromkeys(text for text in asked if text.strip()), "", "的", "人人人人", "？"]


def comparable(results: SearchResults) -> tuple[object, ...]:
    return results.total, results.relaxed, dict(results.facets), bool(results.next_cursor)


def assert_same_order(mine: SearchResults, other: SearchResults, why: str) -> None:
    """The same scores at the same places; the same documents, but for changes of place between scores that are close."""
    assert len(mine.hits) == len(other.hits), why
    known = {hit.id: hit.score for hit in other.hits}
    for here, there in zip(mine.hits, other.hits, strict=True):
        assert here.score == pytest.approx(there.score, rel=CLOSE), why
        if here.id != there.id:
            assert known.get(here.id, here.score) == pytest.approx(here.score, rel=CLOSE), why


@pytest.fixture(scope="module", params=["made", "real"])
def corpus(request: pytest.FixtureRequest) -> list[SearchDocument]:
    if request.param == "real":
        return real_documents(request.getfixturevalue("shared_data"))
    return list(made_documents(400, length=500))


@pytest.fixture(scope="module")
def engines(
    corpus: list[SearchDocument], opensearch: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Pair]:
    """The same documents in both; the cluster has them on two shards, so that scores must be those of the whole."""
    with ExitStack() as stack:
        embedded = EmbeddedEngine(tmp_path_factory.mktemp("agree"))
        cluster = stack.enter_context(temporary_engine(f"{opensearch.url}/any?shards=2", "agree"))
        for engine in (embedded, cluster):
            with engine.rebuild() as new:
                new.put(corpus)
                new.publish()
        yield embedded, cluster


def test_the_same_questions_have_the_same_answers(engines: Pair, corpus: list[SearchDocument]) -> None:
    asked = questions(corpus, 200) + (made_questions(60) if corpus[0].kind != "policy_document" else [])
    assert len(asked) >= 150
    found_something = 0
    for text in asked:
        query = SearchQuery(text, limit=20, facets=FACETS)
        mine, other = (engine.search(query) for engine in engines)
        assert comparable(mine) == comparable(other), text
        assert_same_order(mine, other, text)
        found_something += bool(mine.hits)
    assert found_something > len(asked) * 0.8


FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.sampled_from([("policy_document",), ("notice",), ("policy", "notice"), ("nothing",)]),
        "year": st.sampled_from([("2019",), ("2020", "2021"), ("2015", "2022", "2024")]),
        "validity": st.sampled_from([("有效",), ("in_force", "expired")]),
    },
)
QUERIES = st.builds(
    SearchQuery,
    text=st.sampled_from(
        ["", "通知", "实施办法", "“管理办法”", "补贴 申请 材料", "资金", "谯政办〔2020〕12号", "浙江 标准"]
    ),
    scope=st.sampled_from(Scope),
    filters=FILTERS,
    document_date=st.sampled_from(
        [DateRange(), DateRange(date(2018, 1, 1)), DateRange(date(2015, 1, 1), date(2021, 6, 1))]
    ),
    sort=st.sampled_from(Sort),
    limit=st.sampled_from([0, 1, 10, 200]),
    offset=st.sampled_from([0, 3]),
    facets=st.just(FACETS),
)


@settings(max_examples=60, deadline=None)
@given(QUERIES)
def test_so_have_filters_ranges_orders_and_pages(engines: Pair, query: SearchQuery) -> None:
    for _ in range(3):
        mine, other = (engine.search(query) for engine in engines)
        assert comparable(mine) == comparable(other)
        assert_same_order(mine, other, repr(query))
        if query.effective_sort is not Sort.RELEVANCE:
            assert mine.hits == other.hits
            assert mine.next_cursor == other.next_cursor
        if mine.next_cursor is None:
            return
        query = replace(query, after=mine.next_cursor)


def test_both_hold_the_same_fingerprints(engines: Pair, corpus: list[SearchDocument]) -> None:
    mine, other = (list(engine.digests()) for engine in engines)
    assert mine == other
    assert dict(mine) == {document.id: document.digest for document in corpus}


# --- the portal's own questions, and help while searching ---------------------------------------------------------------
@pytest.fixture(scope="module", params=["sample", "real"])
def portal(request: pytest.FixtureRequest, opensearch: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator:
    """Both engines over the documents that the portal's judged questions are about, and those questions."""
    if request.param == "sample":
        named = test_portal_questions.sample_documents()
    else:
        named = test_portal_questions.real_documents(request.getfixturevalue("shared_data"))
    corpus = [document for _, document in named]
    with temporary_engine(f"{opensearch.url}/any", "portal") as cluster:
        embedded = EmbeddedEngine(tmp_path_factory.mktemp("portal"))
        for engine in (embedded, cluster):
            with engine.rebuild() as new:
                new.put(corpus)
                new.publish()
        asked = [str(question["question"]) for question in test_portal_questions.questions(request.param)]
        yield (embedded, cluster), corpus, asked


def test_the_questions_of_the_portal_have_the_same_ten_answers_and_counts(portal: Any) -> None:
    engines, _, asked = portal
    assert len(asked) >= 70
    for text in asked:
        mine, other = (engine.search(SearchQuery(text, limit=10, facets=FACETS)) for engine in engines)
        assert comparable(mine) == comparable(other), text
        assert_same_order(mine, other, text)


def test_suggestions_and_corrections_are_the_same(portal: Any, settings: Any) -> None:
    settings.GONGKAI_SUGGESTION_SOURCES = ()
    engines, corpus, asked = portal
    titles = {document.id: document.title for document in corpus}
    lookups = [TitleLookup(engine, lambda ids: {n: titles[n] for n in ids if n in titles}) for engine in engines]
    for text in (*asked[:25], "yiliao", "ylbx", "低b", "居民衣疗保险", "公共租凭住房", "gongjijin"):
        mine, other = (suggest(text, lookup=lookup) for lookup in lookups)
        assert mine == other, text
        query = SearchQuery(text)
        first, second = (
            correction(query, engine.search(query), lookup=lookup)
            for engine, lookup in zip(engines, lookups, strict=True)
        )
        assert (first and first.text) == (second and second.text), text
