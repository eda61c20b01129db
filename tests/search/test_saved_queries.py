"""Questions that are kept come back as they were, and nothing else is taken for one."""

from datetime import date

import pytest

from gongkai.search import DateRange, InvalidQuery, Scope, SearchQuery, Sort, saved_queries

pytestmark = pytest.mark.django_db

QUERIES = [
    SearchQuery(),
    SearchQuery(text="医保 报销", exact=True),
    SearchQuery(scope=Scope.TITLE, text="低保", sort=Sort.OLDEST),
    SearchQuery(filters={"kind": ("policy_document",), "subjects": ("b", "a")}, sort=Sort.NEWEST),
    SearchQuery(document_date=DateRange(date(2024, 1, 1), None)),
    SearchQuery(document_date=DateRange(None, date(2024, 12, 31))),
]


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: str(saved_queries.to_json(query)) or "everything")
def test_what_is_kept_asks_the_same(query: SearchQuery) -> None:
    again = saved_queries.from_json(saved_queries.to_json(query))
    assert saved_queries.to_json(again) == saved_queries.to_json(query)
    for name in ("text", "scope", "exact", "document_date", "sort"):
        assert getattr(again, name) == getattr(query, name)
    assert {name: set(values) for name, values in again.filters.items()} == {
        name: set(values) for name, values in query.filters.items()
    }


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {"offset": 5},
        {"text": 5},
        {"text": "字" * 2000},
        {"exact": "1"},
        {"filters": {"price": ["1"]}},
        {"filters": {"kind": "policy_document"}},
        {"filters": {"kind": []}},
        {"filters": {"kind": [""]}},
        {"filters": {"kind": [str(n) for n in range(51)]}},
        {"written": ["2024-13-01", None]},
        {"written": ["2024-01-01"]},
        {"written": 5},
        {"sort": "price"},
        {"scope": "body"},
    ],
    ids=str,
)
def test_nothing_else_is_taken_for_a_query(data: object) -> None:
    with pytest.raises(InvalidQuery):
        saved_queries.from_json(data)


def test_equal_questions_have_equal_keys() -> None:
    one = saved_queries.to_json(SearchQuery(filters={"kind": ("a", "b"), "year": ("2024",)}))
    two = saved_queries.to_json(SearchQuery(filters={"year": ("2024",), "kind": ("b", "a")}))
    assert saved_queries.key(one) == saved_queries.key(two)
    assert saved_queries.key(one) != saved_queries.key(saved_queries.to_json(SearchQuery(filters={"kind": ("a",)})))
