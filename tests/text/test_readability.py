"""How easily a text reads: sentences, abbreviations, and the figure with its laws."""

from __future__ import annotations

import json
from pathlib import Path
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.rules.vocabulary import VocabularyError, data_file, set_override_directory
from gongkai.text.readability import Readability, figure, readability, sentences


def judged(text: str) -> Readability:
    found = readability(text)
    assert found is not None
    return found


EXAMPLES = [
    # text, band in words, why
    ("每月交一次水费。可以在手机上交。交晚了要补交滞纳金。", "易读", "short sentences in plain words"),
    ("问：谁能申请？答：本区户籍、年满60周岁的老人。问：去哪里办？答：到街道便民服务中心。", "易读", "questions and answers"),
    (
        "符合条件的家庭应当在每年三月底以前向户籍所在地的街道办事处提出申请，街道办事处在五个工作日内完成初步审查并且张榜公示。"
        "公示没有异议的，由区民政局核定补助金额，从批准的次月起按月发放。",
        "一般",
        "sentences of fifty characters",
    ),
    (
        "各有关单位应当进一步贯彻落实主体责任，切实加强统筹协调，会同相关部门依法依规履行监督管理职责，逐步健全完善常态化闭环工作机制，"
        "扎实推进各项工作任务有效衔接，并按照规定及时向牵头单位报送实施情况，不得擅自扩大范围内的审批权限和办理条件。",
        "难读",
        "one sentence of official words",
    ),
    (
        "本年度继续对“三公”、PPP、EPC、VOCs和“双减”情况开展监督检查，被检查的单位要配合做好资料准备工作并指定专人负责联络。"
        "检查的结果同时抄送区纪委监委，作为年终考核评价的重要参考依据之一。",
        "一般",
        "abbreviations nobody explains",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "band", "why"), EXAMPLES, ids=[row[2] for row in EXAMPLES])
def test_examples_in_words(text: str, band: str, why: str) -> None:
    assert judged(text).band.label == band, why


@pytest.mark.parametrize("text", ["", "\n \n", "。；", "——"])
def test_a_text_without_a_word_is_not_judged(text: str) -> None:
    assert readability(text) is None


SENTENCES = [
    ("一句话。两句话！", [3, 3], "two"),
    ("没有句号", [4], "no full stop"),
    ("标题\n正文。", [2, 2], "a line ends a sentence"),
    ("一；二", [1, 1], "so does a semicolon"),
    ("电话0558-5555555。", [4], "each row of digits is one"),
    ("。。\n\n", [], "no word"),
]


@pytest.mark.parametrize(("text", "lengths", "why"), SENTENCES, ids=[row[2] for row in SENTENCES])
def test_sentences_and_their_length(text: str, lengths: list[int], why: str) -> None:
    assert [one.length for one in sentences(text)] == lengths, why


def test_a_sentence_is_long_beyond_the_limit_and_has_its_place() -> None:
    text = f"短句。\n　{'长' * 81}。{'长' * 80}。"
    (one,) = judged(text).long_sentences
    assert text[one.start : one.end] == "长" * 81 + "。"
    assert one.length == 81


ABBREVIATIONS = [
    # text, unexplained, why
    ("利率不超过LPR加五十个基点。", ["LPR"], "nobody explains it"),
    ("利率不超过LPR（贷款市场报价利率）。", [], "explained behind it"),
    ("利率参照贷款市场报价利率（LPR）确定。LPR每月公布。", [], "explained before it"),
    ("LPR是每月公布的利率。", [], "said what it is"),
    ("以贷款市场报价利率计算，不高于同期LPR。", [], "its full name stands in the text"),
    ("继续压减“三公”经费。", ["三公"], "a number in quotation marks"),
    ("压减“三公”经费（因公出国、公务用车、公务接待）。", ["三公"], "explained after another word: not seen"),
    ("推进“两化”（标准化、规范化）工作。", [], "explained behind it"),
    ("深化放管服改革。", ["放管服"], "known to the glossary, without quotation marks"),
    ("深化简政放权、放管结合、优化服务（以下简称“放管服”）改革。", [], "introduced by 以下简称"),
    ("下载APP办理，可以加QQ咨询。", [], "everybody knows them"),
    ("登录https://www.ABC.gov.cn/PPP/list查询。", [], "an address is no abbreviation"),
    ("推行PPP。PPP项目公开。", ["PPP"], "once, where it first stands"),
    ("提供“一对一”服务。", [], "a saying, no abbreviation"),
]


@pytest.mark.parametrize(("text", "names", "why"), ABBREVIATIONS, ids=[row[2] for row in ABBREVIATIONS])
def test_abbreviations_the_text_does_not_explain(text: str, names: list[str], why: str) -> None:
    found = judged(text).unexplained
    assert [one.words for one in found] == names, why
    for one in found:
        assert text[one.start : one.end] == one.words
        assert text.index(one.words) == one.start


def test_what_would_improve_a_text_is_said_and_what_costs_most_comes_first() -> None:
    advice = judged(EXAMPLES[3][0]).improvements
    assert "公文用语占" in advice[0] or "平均每句" in advice[0]
    assert any("“进一步”→“更”" in one or "“应当”→“要”" in one for one in advice)
    assert judged(EXAMPLES[0][0]).improvements == ()


LENGTH = st.floats(0, 500)
PERCENT = st.floats(0, 100)
COUNT = st.integers(0, 50)
MORE = st.floats(0, 100)


@given(LENGTH, PERCENT, COUNT, MORE, MORE, COUNT)
def test_the_figure_never_rises_with_length_official_words_or_unexplained_abbreviations(
    length: float, percent: float, count: int, longer: float, wordier: float, more: int
) -> None:
    before = figure(length, percent, count)
    assert 0 <= before <= 100
    assert figure(length + longer, percent, count) <= before
    assert figure(length, percent + wordier, count) <= before
    assert figure(length, percent, count + more) <= before


WORDS = st.lists(st.text(alphabet="天地人你我他水火山田", min_size=1, max_size=60), min_size=2, max_size=12)


@given(WORDS)
def test_joining_sentences_never_makes_a_text_easier(words: list[str]) -> None:
    assert judged("，".join(words) + "。").figure <= judged("。".join(words) + "。").figure


@given(WORDS, st.sampled_from(["PPP", "EPC", "CPI", "ETC"]))
def test_explaining_an_abbreviation_in_a_sentence_of_its_own_never_makes_a_text_harder(
    words: list[str], name: str
) -> None:
    text = "。".join(words) + f"。推行{name}。"
    assert judged(f"{text}{name}是指好办法。").figure >= judged(text).figure


@pytest.mark.parametrize(
    ("before", "after", "named"),
    [
        ("long_sentence = 80", "", "long_sentence"),
        ("sentence_weight = 1.2", "sentence_weight = -1", "权重"),
        ("easy = 75", "easy = 10", "fair"),
        ("fair = 50", 'fair = "中"', "中"),
    ],
    ids=["a figure is absent", "a weight below zero", "bands upside down", "a number in words"],
)
def test_a_faulty_data_file_is_refused_with_what_to_mend(tmp_path: Path, before: str, after: str, named: str) -> None:
    whole = data_file("readability").read_text("utf-8")
    assert before in whole
    (tmp_path / "readability.toml").write_text(whole.replace(before, after), encoding="utf-8")
    set_override_directory(tmp_path)
    try:
        with pytest.raises(VocabularyError, match=rf"readability\.toml.*{named}"):
            readability("文")
    finally:
        set_override_directory(None)


def test_plain_answers_read_easier_than_the_documents_they_explain(shared_data: Path) -> None:
    folder = shared_data / "tianhe_policies"
    documents = {row["id"]: judged(row["text"]).figure for row in _rows(folder / "policies.dev.jsonl")}
    pairs = [
        (judged(row["plain_answer"]).figure, documents[one])
        for row in _rows(folder / "interpretations.dev.jsonl")
        for one in row["policy_ids"]
    ]
    assert median(answer for answer, _ in pairs) > median(document for _, document in pairs)


def _rows(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
