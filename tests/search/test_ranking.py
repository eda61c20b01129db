"""What hits are ranked by, and which documents a whole question reaches."""

import pytest

from gongkai.search import Scope, SearchDocument, SearchQuery, Sort, plan
from gongkai.search.query import parse
from gongkai.search.ranking import is_question, weighed
from tests.search.conftest import Fill


@pytest.mark.parametrize(
    ("text", "pairs", "characters", "figures", "reason"),
    [
        ("低保标准", ("低保", "保标", "标准"), ("低", "保", "标", "准"), (), "pairs reach across words"),
        ("低保怎么申请", ("低保", "申请"), ("低", "保", "申", "请"), (), "a question word ranks nothing"),
        (
            "医保的报销",
            ("医保", "保的", "的报", "报销"),
            ("医", "保", "报", "销"),
            (),
            "a small word may be part of one",
        ),
        ("咨询低保", ("低保",), ("低", "保"), (), "what a request is wrapped in ranks nothing"),
        ("咨询", ("咨询",), ("咨", "询"), (), "unless it is all that is sought"),
        ("怎么", ("怎么",), ("怎", "么"), (), "and so with question words"),
        ("2026年5G", (), ("年",), ("2026", "5", "g"), "numbers and letters whole"),
        ("低保 低保", ("低保",), ("低", "保"), (), "each once"),
        ("？！", (), (), (), "nothing"),
    ],
)
def test_tokens_that_rank(
    text: str, pairs: tuple[str, ...], characters: tuple[str, ...], figures: tuple[str, ...], reason: str
) -> None:
    found = weighed(parse(text).ranking_text)
    assert (found.pairs, found.characters, found.figures) == (pairs, characters, figures), reason


@pytest.mark.parametrize(
    ("text", "asks"),
    [("低保怎么申请", True), ("低保申请？", True), ("哪些人能享受", True), ("低保申请", False), ("如东县 规划", False)],
)
def test_a_question_is_known_by_its_words(text: str, asks: bool) -> None:
    assert is_question(text) is asks


ALLOWANCE = SearchDocument(1, "policy", "城乡居民最低生活保障实施细则", body="低保对象应当向乡镇提出申请。")
NOTICE = SearchDocument(2, "notice", "关于印发申请表的通知", body="请各单位填写申请表。")
OTHER = SearchDocument(3, "notice", "道路养护公告", body="施工期间请绕行。")
DOCUMENTS = [ALLOWANCE, NOTICE, OTHER]


def test_listed_words_are_all_needed_while_a_document_has_them(fill: Fill) -> None:
    results = fill(DOCUMENTS).search(SearchQuery("低保 申请"))
    assert (results.ids, results.relaxed) == ((1,), False)


def test_a_short_question_that_few_answer_is_widened_and_says_so(fill: Fill) -> None:
    results = fill(DOCUMENTS).search(SearchQuery("低保怎么申请"))
    assert (results.ids, results.total, results.relaxed) == ((1, 2), 2, True)


def test_a_list_by_time_is_not_widened_while_a_document_answers(fill: Fill) -> None:
    assert fill(DOCUMENTS).search(SearchQuery("低保怎么申请", sort=Sort.NEWEST)).ids == (1,)


def test_a_whole_question_is_answered_though_most_of_its_words_are_nowhere(fill: Fill) -> None:
    question = "我妈妈今年退休金很少，想问问低保到底应该去哪里申请"
    results = fill(DOCUMENTS).search(SearchQuery(question))
    assert results.ids[0] == 1
    assert 3 not in results.ids


def test_quotation_marks_in_a_whole_question_name_something(fill: Fill) -> None:
    assert fill(DOCUMENTS).search(SearchQuery("乡镇对象享受“最低生活补助”应当提出什么申请")).ids[0] == 1
    assert fill(DOCUMENTS).search(SearchQuery("“最低生活补助” 申请")).total == 0


def test_a_long_word_nobody_wrote_is_looked_for_in_parts(fill: Fill) -> None:
    results = fill([SearchDocument(1, "notice", "临时停水公告"), OTHER]).search(SearchQuery("停水通知"))
    assert (results.ids, results.relaxed) == ((1,), True)


def test_a_question_to_titles_is_answered_by_titles(fill: Fill) -> None:
    assert fill(DOCUMENTS).search(SearchQuery("低保怎么申请", scope=Scope.TITLE, exact=True)).ids == (2,)


def test_only_the_best_by_pairs_are_ranked_by_everything_and_no_document_is_lost(
    fill: Fill, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The fewer other words, the better by the pair alone; what has not ended counts one more.
    documents = [
        SearchDocument(
            n, "policy", "低保", body="其他内容" * n * n, validity="repealed" if n in (1, 3, 5) else "in_force"
        )
        for n in range(1, 7)
    ]
    engine = fill(documents)
    monkeypatch.setattr(plan, "RERANKED", 6)
    assert engine.search(SearchQuery("低保")).ids[:1] == (2,)
    for best, order in ((1, (1, 2, 3, 4, 5, 6)), (2, (2, 1, 3, 4, 5, 6)), (4, (2, 4, 1, 3, 5, 6))):
        monkeypatch.setattr(plan, "RERANKED", best)
        assert engine.search(SearchQuery("低保")).ids == order, f"the best {best} are ranked by everything"
        query, pages = SearchQuery("低保", limit=1), []
        while True:
            page = engine.search(query)
            pages += page.ids
            if page.next_cursor is None:
                break
            query = SearchQuery("低保", limit=1, after=page.next_cursor)
        assert tuple(pages) == order, "the same document by document"


def test_pairs_between_the_words_count_before_anything_is_left_behind(
    fill: Fill, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = [SearchDocument(n, "policy", "合同", body="合同合同合同") for n in range(1, 40)]
    engine = fill(
        [*documents, SearchDocument(99, "policy", "解释", body="其他内容" * 20 + "保理合同是转让应收账款的合同")]
    )
    monkeypatch.setattr(plan, "RERANKED", 1)
    assert engine.search(SearchQuery("什么是保理合同？")).ids[0] == 99


def test_a_question_of_a_thousand_different_characters_is_answered(fill: Fill) -> None:
    text = "".join(chr(0x4E00 + n) for n in range(1000))
    engine = fill([SearchDocument(1, "policy", "低保", body=text), OTHER])
    assert engine.search(SearchQuery(text)).ids[:1] == (1,)
