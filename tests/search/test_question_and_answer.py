"""What the query language finds, through the real engine: synonyms, exclusions, alternatives, dates, titles, variants."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from gongkai.search import Scope, SearchDocument, SearchQuery
from gongkai.search.synonyms import builtin
from gongkai.text.highlight import mark
from tests.search.conftest import Fill

DOCUMENTS = [
    SearchDocument(
        1, "notice", "最低生活保障标准公告", body="对困难群众按月发放。", index_number="11341602003166647K/202501-00064"
    ),
    SearchDocument(2, "notice", "低保公示名单", body="公示期七天。", index_number="11341602003166647K/202502-00065"),
    SearchDocument(
        3, "notice", "生育登记服务指南", body="到户籍地办理。", published_at=datetime(2025, 3, 2, tzinfo=UTC)
    ),
    SearchDocument(
        4, "notice", "医疗保险报销办法", body="住院费用按比例结算。", published_at=datetime(2026, 11, 1, tzinfo=UTC)
    ),
    SearchDocument(
        5, "notice", "峰会筹备", body="褚先生、著作权登记。", document_number="谯民〔2024〕3号", mark="谯民", year=2024
    ),
    SearchDocument(6, "notice", "醫療保險問答", body="繁體字正文"),
]
TODAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("text", "found", "reason"),
    [
        ("低保", {1, 2}, "the official name is found by the everyday one"),
        ("最低生活保障", {1, 2}, "and the other way round"),
        ("“低保”", {2}, "a quoted phrase is just that"),
        ("生孩子", {3}, "a life event"),
        ("低保 -公示", {1}, "an exclusion"),
        ("低保 不含公示", {1}, "an exclusion in words"),
        ("-公示", {1, 3, 4, 5, 6}, "only an exclusion"),
        ("生育 或 峰会", {3, 5}, "either"),
        ("标题：困难群众", set(), "the title alone"),
        ("登记 去年", {3}, "published last year"),
        ("报销 近三个月", {4}, "published of late"),
        ("医疗保险", {4, 6}, "Simplified finds Traditional"),
        ("醫療保險", {4, 6}, "Traditional finds Simplified"),
        ("峯會", {5}, "a variant and a traditional character"),
        ("禇先生", {5}, "a common slip in a name"),
        ("11341602003166647k/202501-00064", {1}, "an index number"),
        ("202502-00065", {2}, "the tail of an index number"),
        ("谯民2024", {5}, "a short mark with its year"),
        ("http://elsewhere.example/a.html", set(), "a foreign address finds nothing, and not everything"),
    ],
)
def test_what_is_found(fill: Fill, text: str, found: set[int], reason: str) -> None:
    results = fill(DOCUMENTS).search(SearchQuery(text, today=TODAY))
    assert set(results.ids) == found, reason


def test_a_title_pasted_with_the_name_of_its_site_comes_first(fill: Fill) -> None:
    assert fill(DOCUMENTS).search(SearchQuery("低保公示名单 - 谯城区人民政府", today=TODAY)).ids[0] == 2


def test_the_word_that_was_typed_is_before_what_stands_for_it(fill: Fill) -> None:
    equal = [replace(DOCUMENTS[0], title="最低生活保障公告", body=""), replace(DOCUMENTS[1], title="低保公告", body="")]
    assert fill(equal).search(SearchQuery("低保")).ids == (2, 1)


def test_many_synonyms_in_one_document_do_not_beat_the_word_itself(fill: Fill) -> None:
    documents = [
        SearchDocument(1, "notice", "生育政策", body="生育、生育登记、分娩。" * 3),
        SearchDocument(2, "notice", "生孩子政策", body="生孩子。" * 3),
        *(SearchDocument(n, "notice", f"其他公告{n}", body="供水、供电、道路。") for n in range(3, 30)),
    ]
    assert fill(documents).search(SearchQuery("生孩子")).ids == (2, 1)


def test_exact_leaves_synonyms_out(fill: Fill) -> None:
    assert fill(DOCUMENTS).search(SearchQuery("低保", exact=True)).ids == (2,)


def test_two_ways_of_reading_one_text_are_not_mixed_up_in_what_is_counted(fill: Fill) -> None:
    engine = fill(DOCUMENTS)
    assert engine.search(SearchQuery("低保")).total == 2
    assert engine.search(SearchQuery("低保", exact=True)).total == 1
    assert engine.search(SearchQuery("登记 去年", today=TODAY)).total == 1
    assert engine.search(SearchQuery("登记 去年", today=date(2030, 1, 1))).total == 0


def test_the_item_of_a_pasted_address_comes_first(fill: Fill) -> None:
    engine = fill(DOCUMENTS)
    assert engine.search(SearchQuery("http://here.example/items/3/", item=3)).ids == (3,)
    assert engine.search(SearchQuery("低保 http://here.example/items/3/", item=3)).ids[0] == 3


def test_a_mark_that_may_be_words_finds_both(fill: Fill) -> None:
    words = SearchDocument(9, "notice", "谯民服务热线")
    assert set(fill([*DOCUMENTS, words]).search(SearchQuery("谯民")).ids) == {5, 9}
    assert fill([*DOCUMENTS, words]).search(SearchQuery("谯民")).ids[0] == 5


def test_the_scope_of_the_text_beats_the_one_chosen(fill: Fill) -> None:
    engine = fill(DOCUMENTS)
    assert engine.search(SearchQuery("全文：困难群众", scope=Scope.TITLE)).ids == (1,)


@pytest.mark.parametrize(
    ("text", "terms", "marked"),
    [
        ("醫療保險問答", ("医疗保险",), ["醫療保險"]),
        ("医疗保险", ("醫療保險",), ["医疗保险"]),
        ("面積50㎡峯會", ("峰会",), ["峯會"]),
        ("最低生活保障公告", SearchQuery("低保", synonyms=builtin()).terms, ["最低生活保障"]),
    ],
)
def test_highlights_mark_the_characters_of_the_original(text: str, terms: tuple[str, ...], marked: list[str]) -> None:
    assert [piece for piece, hit in mark(text, terms) if hit] == marked
