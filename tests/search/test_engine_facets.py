"""Filters, facet counts, totals and paging against a plain Python search of the same documents."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.search import InvalidQuery, SearchDocument, SearchQuery, Sort
from gongkai.search.engine import Engine
from gongkai.search.engines import relevance
from gongkai.search.fields import index_fields
from tests.search.conftest import Fill, NewEngine

COUNT = 300
WORDS = ["医保", "低保", "公积金", "教育", "养老", "土地"]


def _documents() -> list[SearchDocument]:
    rng = random.Random(7)
    return [
        SearchDocument(
            id=n,
            kind=rng.choice(["policy", "notice", "plan"]),
            title=rng.choice(WORDS),
            body="，".join(rng.choices(WORDS, k=3)),
            organisation=rng.randrange(5),
            subjects=tuple(rng.sample(["01", "0101", "0102", "02"], rng.randrange(4))),
            validity=rng.choice(["in_force", "expired", ""]),
            year=rng.choice([2022, 2023, 2024, None]),
            normative=rng.random() < 0.3,
            # several documents a second, so that the id has to decide
            published_at=datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=rng.randrange(60)),
        )
        for n in range(1, COUNT + 1)
    ]


DOCUMENTS = _documents()
VALUES = {document.id: index_fields(document).keywords for document in DOCUMENTS}
FACETS = ("kind", "organisation", "subjects", "validity", "year", "normative")
OPTIONS = {name: sorted({value for found in VALUES.values() for value in found.get(name, [])}) for name in FACETS}


@pytest.fixture(scope="module")
def engine(new_engine: NewEngine) -> Iterator[Engine]:
    """In several commits, so that there are several segments."""
    with new_engine() as made:
        for start in range(0, COUNT, 100):
            with made.writer() as writer:
                writer.put(DOCUMENTS[start : start + 100])
                writer.commit()
        yield made


def matches(document: SearchDocument, word: str, filters: dict[str, tuple[str, ...]]) -> bool:
    """The rule in one line each: the word occurs; any value of a facet, all facets."""
    if word and word not in document.title and word not in document.body:
        return False
    return all(set(values) & set(VALUES[document.id].get(name, [])) for name, values in filters.items() if values)


FILTERS = st.fixed_dictionaries(
    {}, optional={name: st.lists(st.sampled_from(OPTIONS[name]), max_size=3).map(tuple) for name in FACETS}
)


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(["", *WORDS]), FILTERS)
def test_hits_totals_and_counts_equal_a_plain_search(
    engine: Engine, word: str, filters: dict[str, tuple[str, ...]]
) -> None:
    results = engine.search(SearchQuery(word, filters=filters, limit=COUNT, facets=dict.fromkeys(FACETS, 100)))
    expected = [document for document in DOCUMENTS if matches(document, word, filters)]
    assert set(results.ids) == {document.id for document in expected}
    assert results.total == len(expected) == len(results.hits)
    for facet in FACETS:
        others = {name: values for name, values in filters.items() if name != facet}
        counts = Counter(
            value
            for document in DOCUMENTS
            if matches(document, word, others)
            for value in VALUES[document.id].get(facet, [])
        )
        assert {found.value: found.count for found in results.facets[facet]} == dict(counts)


def test_facet_values_come_by_count_then_by_value_and_no_more_than_asked(engine: Engine) -> None:
    full = engine.search(SearchQuery(facets={"subjects": 100})).facets["subjects"]
    assert [(found.count, found.value) for found in full] == sorted(
        ((found.count, found.value) for found in full), key=lambda pair: (-pair[0], pair[1])
    )
    assert engine.search(SearchQuery(facets={"subjects": 2})).facets["subjects"] == full[:2]


@pytest.mark.parametrize("sort", [Sort.NEWEST, Sort.OLDEST, Sort.RELEVANCE])
@pytest.mark.parametrize("limit", [1, 7, 100])
def test_a_walk_by_cursor_gives_every_document_once_and_in_order(engine: Engine, sort: Sort, limit: int) -> None:
    word = "医保"
    seen: list[int] = []
    cursor: str | None = None
    while True:
        page = engine.search(SearchQuery(word, sort=sort, limit=limit, after=cursor))
        seen += page.ids
        cursor = page.next_cursor
        if cursor is None:
            break
    expected = sorted((d.sort_key, d.id) for d in DOCUMENTS if matches(d, word, {}))
    assert page.total == len(expected)
    assert sorted(seen) == sorted(item_id for _, item_id in expected)
    if sort is not Sort.RELEVANCE:
        ordered = [item_id for _, item_id in expected]
        assert seen == (ordered if sort is Sort.OLDEST else ordered[::-1])


def test_a_page_that_ends_with_the_last_document_has_no_next(engine: Engine) -> None:
    assert engine.search(SearchQuery(limit=COUNT)).next_cursor is None
    assert engine.search(SearchQuery(limit=COUNT - 1)).next_cursor is not None


def test_a_cursor_of_another_order_is_refused(engine: Engine) -> None:
    cursor = engine.search(SearchQuery(limit=5, sort=Sort.NEWEST)).next_cursor
    with pytest.raises(InvalidQuery):
        engine.search(SearchQuery(limit=5, sort=Sort.OLDEST, after=cursor))


def test_paging_by_relevance_ends_where_nobody_reads_on(fill: Fill, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relevance, "DEEPEST", 20)
    many = fill(SearchDocument(n, "policy", "医保") for n in range(1, 31))
    first = many.search(SearchQuery("医保", limit=15))
    second = many.search(SearchQuery("医保", limit=15, after=first.next_cursor))
    assert (len(first.hits), len(second.hits), second.total) == (15, 5, 30)
    assert second.next_cursor is None


def test_counts_only(engine: Engine) -> None:
    results = engine.search(SearchQuery("医保", limit=0, facets={"kind": 5}))
    assert (results.hits, results.next_cursor) == ((), None)
    assert results.total == sum(found.count for found in results.facets["kind"])


ODD = ('谯"政', "a\\b", "皖 政", "x OR y", "谯政〔2020〕", "*", "(a)", "a:b", "-1", "", "'")


@pytest.mark.parametrize(
    "chosen", [*((value,) for value in ODD if value), ODD[:2], ("nothing",), ("x OR y", "nothing")]
)
def test_a_chosen_value_is_taken_as_it_is_written(fill: Fill, chosen: tuple[str, ...]) -> None:
    documents = [
        SearchDocument(n, "policy" if n % 3 else "notice", "医保", mark=ODD[n % len(ODD)]) for n in range(1, 67)
    ]
    found = fill(documents).search(SearchQuery("医保", filters={"mark": chosen}, facets={"mark": 20, "kind": 5}))
    wanted = Counter(document.kind for document in documents if document.mark in chosen)
    assert {one.value: one.count for one in found.facets["kind"]} == wanted
    assert {one.value: one.count for one in found.facets["mark"]} == {
        value: count for value, count in Counter(document.mark for document in documents).items() if value
    }
    assert found.total == wanted.total()
