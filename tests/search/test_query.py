"""Reading what people type."""

from datetime import UTC, datetime

import pytest

from gongkai.search import InvalidQuery, SearchDocument, SearchQuery, Sort
from gongkai.search.documents import id_of, sort_key
from gongkai.search.engine import Cursor
from gongkai.search.query import LONGEST_TEXT, parse


@pytest.mark.parametrize(
    ("text", "phrases", "words", "reason"),
    [
        ("医疗保险", (), ("医疗保险",), "a word"),
        ("医保 报销", (), ("医保", "报销"), "words"),
        ("“参保登记” 材料", ("参保登记",), ("材料",), "Chinese quotation marks"),
        ('"参保登记"', ("参保登记",), (), "straight quotation marks"),
        ("＂参保登记＂", ("参保登记",), (), "full-width quotation marks"),
        ("「参保登记」", ("参保登记",), (), "corner brackets"),
        ("“。”医保", (), ("医保",), "a phrase of punctuation seeks nothing"),
        ("“医保", (), ("医保",), "an open quotation mark is punctuation"),
        ("低保怎么申请", (), ("低保", "申请"), "a question word need not be in the document"),
        ("如何", (), ("如何",), "unless there is nothing else"),
        ("医保 医保", (), ("医保",), "once is enough"),
        ("，。！", (), (), "punctuation alone seeks nothing"),
        ("", (), (), "nothing"),
    ],
)
def test_parse(text: str, phrases: tuple[str, ...], words: tuple[str, ...], reason: str) -> None:
    parsed = parse(text)
    assert (parsed.phrases, parsed.words) == (phrases, words), reason


@pytest.mark.parametrize(
    "text",
    [
        "谯政办〔2024〕12号",
        "谯政办[2024]12号",
        "谯政办（２０２４）第012号",
        "谯政办 〔2024〕 12 号",
        "谯政办【2024】12",
    ],
)
def test_a_document_number_is_read_in_every_spelling(text: str) -> None:
    assert [number.text for number in parse(text).numbers] == ["谯政办〔2024〕12号"]


def test_a_number_among_words_is_taken_out_of_them() -> None:
    parsed = parse("谯政办〔2024〕12号 医保通知")
    assert [number.text for number in parsed.numbers] == ["谯政办〔2024〕12号"]
    assert parsed.words == ("医保", "通知")


def test_terms_are_what_is_highlighted() -> None:
    query = SearchQuery("“参保登记”低保 谯政办[2024]12号")
    assert query.terms == ("谯政办〔2024〕12号", "参保登记", "低保", "最低生活保障"), "also what stands for a word"
    assert SearchQuery("低保", exact=True).terms == ("低保",)


def test_a_very_long_text_is_cut() -> None:
    assert len(parse("医" * 1000).ranking_text) == LONGEST_TEXT


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"filters": {"colour": ("red",)}}, "unknown facet to filter"),
        ({"facets": {"colour": 5}}, "unknown facet to count"),
        ({"limit": -1}, "negative limit"),
        ({"offset": 1000, "limit": 10}, "deeper than anybody reads"),
    ],
)
def test_an_impossible_query_is_refused(arguments: dict[str, object], reason: str) -> None:
    with pytest.raises(InvalidQuery):
        SearchQuery(**arguments)  # type: ignore[arg-type]
        pytest.fail(reason)


@pytest.mark.parametrize("text", ["", "n", "nzz", "r1", "n-1", "n1" + "0" * 16])
def test_a_cursor_that_is_not_one_is_refused(text: str) -> None:
    with pytest.raises(InvalidQuery):
        Cursor.read(text, Sort.NEWEST)


def test_a_cursor_survives_its_text() -> None:
    cursor = Cursor(Sort.OLDEST, (1 << 64) - 1)
    assert Cursor.read(str(cursor), Sort.OLDEST) == cursor


def test_sort_keys_order_by_time_then_id_and_give_the_id_back() -> None:
    earlier, later = datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 1, 1, 0, 0, 1, tzinfo=UTC)
    keys = [sort_key(None, 9), sort_key(earlier, 1), sort_key(earlier, 2), sort_key(later, 1)]
    assert keys == sorted(keys)
    assert [id_of(key) for key in keys] == [9, 1, 2, 1]
    assert sort_key(datetime(9999, 1, 1, tzinfo=UTC), 7) < 1 << 64


@pytest.mark.parametrize(("time", "item_id"), [(None, 1 << 30), (None, -1), (datetime(2024, 1, 1), 1)])
def test_a_sort_key_that_would_lie_is_refused(time: datetime | None, item_id: int) -> None:
    with pytest.raises(ValueError, match=r"id|time zone"):
        sort_key(time, item_id)


def test_the_digest_changes_with_any_content() -> None:
    document = SearchDocument(1, "policy", "标题", body="正文")
    assert document.digest == SearchDocument(1, "policy", "标题", body="正文").digest
    assert document.digest != SearchDocument(1, "policy", "标题", body="正文。").digest
    assert document.digest != SearchDocument(1, "policy", "标题", body="正文", normative=True).digest
