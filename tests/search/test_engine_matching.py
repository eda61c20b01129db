"""Which documents an engine finds, and in which order."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.search import DateRange, Scope, SearchDocument, SearchQuery, Sort, TimeRange
from gongkai.search.engine import Engine
from gongkai.text.analysis import prepare
from tests.search.conftest import Fill, NewEngine

MEDICAL = SearchDocument(
    1,
    "policy",
    "城乡居民基本医疗保险实施办法",
    body="参保居民住院报销比例为七成。",
    document_number="谯政办〔2024〕12号",
)
ALLOWANCE = SearchDocument(
    2,
    "notice",
    "最低生活保障标准公告",
    body="根据谯政办[2024]12号，低保标准提高。参保、登记分别办理。",
    document_number="谯民〔2023〕3号",
)
ORDER = SearchDocument(
    3, "policy", "住房公积金管理规定", body="2024年修订，适用ＧＢ／Ｔ9704标准。", document_number="国务院令第350号"
)
DOCUMENTS = [MEDICAL, ALLOWANCE, ORDER]


@pytest.mark.parametrize(
    ("text", "found", "reason"),
    [
        ("医疗保险", {1}, "a word inside a longer word of the dictionary"),
        ("居民基本", {1}, "words the segmenter of the document never saw apart"),
        ("低保", {2}, "a word of the body"),
        ("“参保登记”", set(), "a phrase is not found across punctuation"),
        ("“参保”", {1, 2}, "a phrase is found as it is"),
        ("“居民住院报销”", {1}, "a phrase across several words"),
        ("“法参保”", set(), "no phrase reaches from the title into the body"),
        ("医疗 报销比例", {1}, "words of title and body together"),
        ("医疗 公积金", set(), "all of a few words are needed"),
        ("gb/t 9704", {3}, "half width finds full width"),
        ("2024年", {1, 2, 3}, "digits; a document has the words of a number too"),
        ("“9704标准”", {3}, "a phrase of digits and characters"),
        ("谯政办〔2024〕12号", {1, 2}, "its own number, and a document that mentions it in other brackets"),
        ("国令第350号", {3}, "an order under its short name"),
        ("谯政办〔2024〕1号", set(), "a number is not found by its beginning"),
        ("登记怎么办理", {2}, "a question"),
        ("", {1, 2, 3}, "no text finds everything"),
        ("？！", {1, 2, 3}, "neither does punctuation restrict"),
    ],
)
def test_what_is_found(fill: Fill, text: str, found: set[int], reason: str) -> None:
    results = fill(DOCUMENTS).search(SearchQuery(text))
    assert results.relaxed or set(results.ids) == found, reason
    if results.relaxed:
        assert not found, reason


def test_when_no_document_has_all_words_some_are_enough_and_it_is_said(fill: Fill) -> None:
    results = fill(DOCUMENTS).search(SearchQuery("医疗保险 公积金"))
    assert results.relaxed
    assert set(results.ids) == {1, 3}
    assert results.total == 2


def test_the_own_number_comes_first_whatever_mentions_it(fill: Fill) -> None:
    mentioning = [
        SearchDocument(n, "notice", "谯政办〔2024〕12号" * 3, body="谯政办〔2024〕12号。" * 20) for n in range(10, 40)
    ]
    assert fill([*mentioning, *DOCUMENTS]).search(SearchQuery("谯政办 [2024] 第012号")).ids[0] == 1


def test_title_scope_leaves_the_body_out(fill: Fill) -> None:
    engine = fill(DOCUMENTS)
    assert engine.search(SearchQuery("报销", scope=Scope.TITLE)).total == 0
    assert engine.search(SearchQuery("医疗保险", scope=Scope.TITLE)).ids == (1,)


def test_a_document_about_the_words_is_before_one_that_only_contains_them(fill: Fill) -> None:
    passing = SearchDocument(4, "notice", "区政府工作要点", body="做好医疗保险等工作。" + "推进各项重点任务落实。" * 50)
    assert fill([passing, MEDICAL]).search(SearchQuery("医疗保险")).ids == (1, 4)


def test_a_topic_told_in_the_body_beats_one_mention_in_a_title(fill: Fill) -> None:
    """A strong title boost wrecks topical search."""
    titled = SearchDocument(5, "notice", "关于报销等事项的通知", body="各单位按时上报材料。" * 20)
    topical = SearchDocument(
        6, "policy", "居民医保待遇", body="住院报销比例。门诊报销比例。异地报销比例。报销比例提高。"
    )
    assert fill([titled, topical]).search(SearchQuery("报销比例")).ids[0] == 6


@pytest.mark.parametrize(
    ("days", "found"),
    [
        (DateRange(date(2024, 1, 2)), {2, 3}),
        (DateRange(None, date(2024, 1, 2)), {1, 2}),
        (DateRange(date(2024, 1, 2), date(2024, 1, 2)), {2}),
        (DateRange(date(2025, 1, 1)), set()),
    ],
)
def test_document_date_includes_both_ends_and_leaves_out_undated(fill: Fill, days: DateRange, found: set[int]) -> None:
    dated = [SearchDocument(n, "policy", "标题", document_date=date(2024, 1, n)) for n in (1, 2, 3)]
    undated = SearchDocument(9, "policy", "标题")
    assert set(fill([*dated, undated]).search(SearchQuery(document_date=days)).ids) == found


def test_published_at_includes_its_first_moment_only(fill: Fill) -> None:
    moments = [datetime(2024, 1, 1, 0, 0, second, tzinfo=UTC) for second in range(3)]
    documents = [SearchDocument(n, "policy", "标题", published_at=moment) for n, moment in enumerate(moments, start=1)]
    engine = fill([*documents, SearchDocument(9, "policy", "未发布")])
    assert set(engine.search(SearchQuery(published_at=TimeRange(moments[1], moments[2]))).ids) == {2}
    assert set(engine.search(SearchQuery(published_at=TimeRange(None, moments[1]))).ids) == {1}
    assert engine.search(SearchQuery(published_at=TimeRange(moments[1], moments[1]))).total == 0


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="医疗保险居民低", min_size=1, max_size=6))
def test_a_phrase_finds_exactly_the_documents_that_contain_it(phrase_engine: Engine, phrase: str) -> None:
    expected = {n for n, body in enumerate(PHRASE_BODIES, start=1) if phrase in prepare(body)}
    assert set(phrase_engine.search(SearchQuery(f"“{phrase}”", sort=Sort.NEWEST, limit=500)).ids) == expected


PHRASE_BODIES = [
    "".join(
        "医疗保险居民低，\n 　"[(n * n * 7 + position * position * (n + 3) + position // 3) % 11]
        for position in range(25)
    )
    for n in range(200)
]


@pytest.fixture(scope="module")
def phrase_engine(new_engine: NewEngine) -> Iterator[Engine]:
    with new_engine() as engine:
        with engine.writer() as writer:
            writer.put(SearchDocument(n, "policy", "无", body=body) for n, body in enumerate(PHRASE_BODIES, start=1))
            writer.commit()
        yield engine


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=30), st.sampled_from(Scope))
def test_no_text_that_can_be_typed_breaks_the_search(phrase_engine: Engine, text: str, scope: Scope) -> None:
    results = phrase_engine.search(SearchQuery(text, scope=scope))
    assert results.total >= len(results.hits)
