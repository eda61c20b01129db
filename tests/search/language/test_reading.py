"""How a typed text is read: the table of docs/domain/search-language.md."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.search import LONGEST_TEXT, Scope
from gongkai.search.language import read
from gongkai.search.parsed import DateRange, ParsedText, PartialNumber, ReadingKind
from gongkai.search.synonyms import MOST_FOR_A_WORD, MOST_IN_A_QUESTION, builtin

TODAY = date(2026, 11, 26)


def parsed(text: str, *, exact: bool = False) -> ParsedText:
    return read(text, None if exact else builtin(), TODAY)


@pytest.mark.parametrize(
    ("text", "parts", "reason"),
    [
        ("谯政办〔2024〕", [PartialNumber("谯政办", 2024)], "mark and year"),
        ("2024年谯政办", [PartialNumber("谯政办", 2024)], "the year in front"),
        ("谯政办", [PartialNumber("谯政办")], "what can only be a mark"),
        ("文号：谯民", [PartialNumber("谯民")], "said to be one"),
        ("〔2024〕12号", [PartialNumber("", 2024, 12)], "no mark"),
        ("谯政办12号", [PartialNumber("谯政办", None, 12)], "no year"),
        ("谯政办〔2024〕 低保", [PartialNumber("谯政办", 2024)], "beside words"),
        ("信访办", [], "a word is a word though it ends like a mark"),
        ("2024年政府工作报告", [], "a year and a title"),
        ("疫情防控 2020-2022", [], "years are no ordinal"),
        ("2024-2025学年", [], "a school year"),
        ("GB/T 9704-2012", [], "a standard"),
    ],
)
def test_parts_of_numbers(text: str, parts: list[PartialNumber], reason: str) -> None:
    read_ = parsed(text)
    assert list(read_.partial_numbers) == parts, reason
    assert read_.numbers == (), reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("11341602003166647K/202501-00064", "as printed"),
        ("１１３４１６０２００３１６６６４７ｋ／２０２５０１－０００６４", "full width and lower case"),
        ("11341602003166647K / 202501 - 00064", "blanks"),
        ("11341602003166647K 202501-00064", "no stroke"),
        ("索引号：11341602003166647K/202501-00064", "with its label"),
        ("11341602003166647K20250100064", "no strokes at all"),
    ],
)
def test_an_index_number_is_read_in_any_form(text: str, reason: str) -> None:
    read_ = parsed(text)
    assert read_.keys == ("i:11341602003166647k20250100064",), reason
    assert read_.words == (), reason


@pytest.mark.parametrize("text", ["202501-00064", "6647K/202501-00064", "索引号 202501-00064"])
def test_the_tail_of_an_index_number_is_enough(text: str) -> None:
    assert "i:20250100064" in parsed(text).keys


@pytest.mark.parametrize(
    ("text", "first", "last", "words"),
    [
        ("低保 2024年3月至5月", date(2024, 3, 1), date(2024, 5, 31), ("低保",)),
        ("低保 2024-03-01..2024-05-31", date(2024, 3, 1), date(2024, 5, 31), ("低保",)),
        ("2023年12月至2024年2月 低保", date(2023, 12, 1), date(2024, 2, 29), ("低保",)),
        ("2024年3月1日至5日 低保", date(2024, 3, 1), date(2024, 3, 5), ("低保",)),
        ("2024年5月至3月 低保", date(2024, 3, 1), date(2024, 5, 31), ("低保",)),
        ("低保 2024年3月以来", date(2024, 3, 1), None, ("低保",)),
        ("低保 2024年以前", None, date(2023, 12, 31), ("低保",)),
        ("日期：2024年 低保", date(2024, 1, 1), date(2024, 12, 31), ("低保",)),
        ("去年的低保标准", date(2025, 1, 1), date(2025, 12, 31), ("低保", "标准")),
        ("今年低保标准", date(2026, 1, 1), date(2026, 12, 31), ("低保", "标准")),
        ("低保 近三个月", date(2026, 8, 26), TODAY, ("低保",)),
        ("低保 最近30天", date(2026, 10, 27), TODAY, ("低保",)),
        ("近半年发布的低保政策", date(2026, 5, 26), TODAY, ("低保", "政策")),
        ("低保 上个月", date(2026, 10, 1), date(2026, 10, 31), ("低保",)),
        ("低保 本季度", date(2026, 10, 1), date(2026, 12, 31), ("低保",)),
        ("低保 上周", date(2026, 11, 16), date(2026, 11, 22), ("低保",)),
        ("2024年1月至6月财政收支情况", None, None, ("2024", "1", "6", "财政收支", "情况")),
        ("2024年低保标准", None, None, ("2024", "低保", "标准")),
        ("低保 2024年2月30日至3月1日", None, None, None),
    ],
)
def test_dates_restrict_only_where_they_stand_apart(
    text: str, first: date | None, last: date | None, words: tuple[str, ...] | None
) -> None:
    read_ = parsed(text)
    assert read_.dates == DateRange(first, last)
    assert words is None or read_.words == words


def test_relative_dates_are_words_when_no_day_is_given() -> None:
    assert read("去年 低保").dates == DateRange()


@pytest.mark.parametrize(
    ("text", "words", "excluded", "reason"),
    [
        ("低保 -公示", ("低保",), ("公示",), "a minus behind a blank"),
        ("低保 －公示", ("低保",), ("公示",), "full width"),
        ("低保 不含公示", ("低保",), ("公示",), "in words"),
        ("低保 不包含：公示", ("低保",), ("公示",), "in words with a colon"),
        ("-公示", (), ("公示",), "nothing else is sought"),
        ("不含税价格", ("不含税", "价格"), (), "at the head it is a word"),
        ("卫生-健康", ("卫生", "健康"), (), "a stroke between words"),
        ("卫生 - 健康", ("卫生", "健康"), (), "a stroke that stands alone"),
    ],
)
def test_exclusions(text: str, words: tuple[str, ...], excluded: tuple[str, ...], reason: str) -> None:
    read_ = parsed(text)
    assert (read_.words, read_.excluded) == (words, excluded), reason


@pytest.mark.parametrize("text", ["低保 或 医保", "低保|医保", "低保｜医保", "低保 OR 医保", "低保 或者 医保"])
def test_either_of_two_words_is_enough(text: str) -> None:
    read_ = parsed(text)
    assert read_.words == ("低保",)
    assert [(one.word, one.texts, one.weight) for one in read_.alternatives] == [("低保", ("医保",), 1.0)]


@pytest.mark.parametrize(
    ("text", "scope", "words"),
    [
        ("标题:低保", Scope.TITLE, ("低保",)),
        ("标题：低保 材料", Scope.TITLE, ("低保", "材料")),
        ("title:低保", Scope.TITLE, ("低保",)),
        ("全文：低保", Scope.ALL, ("低保",)),
        ("低保标题", None, ("低保", "标题")),
    ],
)
def test_scope(text: str, scope: Scope | None, words: tuple[str, ...]) -> None:
    assert (parsed(text).scope, parsed(text).words) == (scope, words)


@pytest.mark.parametrize(
    ("text", "addresses", "words"),
    [
        ("https://www.example.gov.cn/items/12/?v=elder#top", 1, ()),
        ("www.example.gov.cn/items/12/", 1, ()),
        ("xxgk.example.gov.cn", 1, ()),
        ("/items/12/", 1, ()),
        ("办事指南 http://example.com/a.html", 1, ("办事指南",)),
        ("http", 0, ("http",)),
    ],
)
def test_addresses_are_taken_out(text: str, addresses: int, words: tuple[str, ...]) -> None:
    assert (len(parsed(text).addresses), parsed(text).words) == (addresses, words)


@pytest.mark.parametrize(
    ("typed", "stands_for"),
    [
        ("低保", "最低生活保障"),
        ("最低生活保障", "低保"),
        ("医保", "医疗保险"),
        ("社保", "社会保险"),
        ("住房公积金", "公积金"),
        ("房产证", "不动产权证书"),
        ("准生证", "生育登记"),
        ("生孩子", "生育"),
        ("打工", "务工"),
        ("买房", "购房"),
        ("上学", "入学"),
        ("看病", "就医"),
        ("结婚", "婚姻登记"),
        ("养老", "养老服务"),
        ("创业", "创业担保贷款"),
        ("开店", "个体工商户"),
        ("发改委", "发展和改革委员会"),
        ("双随机", "双随机一公开"),
        ("身份证", "居民身份证"),
    ],
)
def test_everyday_words_and_short_names_stand_for_official_ones(typed: str, stands_for: str) -> None:
    """Either said so, or found anyway because the official word contains the one typed."""
    texts = [text for one in parsed(typed).alternatives for text in one.texts]
    assert stands_for in texts or typed in stands_for
    assert parsed(typed, exact=True).alternatives == ()


def test_an_official_word_does_not_stand_for_the_everyday_one() -> None:
    assert "打工" not in [text for one in parsed("务工").alternatives for text in one.texts]


def test_a_question_never_grows_beyond_its_cap() -> None:
    text = " ".join(group.head for group in builtin().groups[:40])
    found = parsed(text).alternatives
    assert sum(len(one.texts) for one in found) <= MOST_IN_A_QUESTION
    assert all(len(one.texts) <= MOST_FOR_A_WORD for one in found)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("孩子上小学需要什么材料？", ("孩子", "上小学", "材料")),
        ("您好，请问一下低保怎么申请？谢谢！", ("低保", "申请")),
        ("你好", ("你好",)),
        ("我想咨询一下医保报销的比例是多少？？？", ("医保报销", "比例")),
        ("醫療保險 ＡＢ１２", ("医疗保险", "ab12")),
        ("……！？", ()),
    ],
)
def test_a_whole_question_keeps_its_telling_words(text: str, words: tuple[str, ...]) -> None:
    assert parsed(text).words == words


@pytest.mark.parametrize(
    ("text", "kind", "said", "off"),
    [
        ("谯政办[2024]12号", ReadingKind.NUMBER, "按文号：谯政办〔2024〕12号", (("q", "“谯政办[2024]12号”"),)),
        ("谯政办", ReadingKind.NUMBER, "按机关代字：谯政办", (("q", "“谯政办”"),)),
        ("低保", ReadingKind.SYNONYMS, "含同义词：低保 = 最低生活保障", (("exact", "1"),)),
        ("通知 去年", ReadingKind.DATES, "发布日期：2025-01-01至2025-12-31", (("q", "通知"),)),
        ("去年", ReadingKind.DATES, "发布日期：2025-01-01至2025-12-31", (("q", "“去年”"),)),
        ("通知 -公示", ReadingKind.EXCLUDED, "不含：公示", (("q", "通知"),)),
        ("标题：通知", ReadingKind.SCOPE, "只在标题中检索", (("q", "通知"),)),
    ],
)
def test_what_was_understood_is_said_and_can_be_switched_off(
    text: str, kind: ReadingKind, said: str, off: tuple[tuple[str, str], ...]
) -> None:
    [reading] = [one for one in parsed(text).readings if one.kind is kind]
    assert (reading.text, reading.off) == (said, off)


@pytest.mark.parametrize("text", ["谯政办[2024]12号", "谯政办", "谯政办〔2024〕", "去年", "202501-00064"])
def test_a_reading_switched_off_is_gone(text: str) -> None:
    for reading in parsed(text).readings:
        assert reading.off[0][0] == "q"
        assert reading.kind not in {one.kind for one in parsed(reading.off[0][1] or "").readings}


def test_a_text_that_is_too_long_is_cut_and_that_is_said() -> None:
    long = parsed("医" * (LONGEST_TEXT + 1))
    assert [one.kind for one in long.readings] == [ReadingKind.CUT]
    assert not parsed("医" * LONGEST_TEXT).readings


PIECES = st.sampled_from(
    [
        "〔2024〕",
        "号",
        "谯政办",
        "12",
        "-",
        "至",
        "年",
        "月",
        "去年",
        "近三个月",
        "标题：",
        "“",
        "”",
        "《",
        "》",
        "|",
        "或",
        "不含",
        "http://a.gov.cn/",
        "11341602003166647K",
        "/",
        ".",
        "0",
        "第",
        "請問",
        "？",
        "\n\u3000",
    ]
)


@settings(max_examples=400, deadline=None)
@given(
    st.one_of(
        st.text(max_size=300), st.lists(PIECES, max_size=80).map("".join), st.lists(PIECES, max_size=60).map(" ".join)
    )
)
def test_no_text_whatever_breaks_the_reading(text: str) -> None:
    read_ = parsed(text)
    assert len(read_.keys) <= 60
    assert all(reading.text for reading in read_.readings)


@pytest.mark.parametrize(
    "piece", ["2024", "谯", " ", "〔", "-", "1 ", "年", "A", "谯2", "。", "a.", "谯政办〔2024〕", "我想", "“"]
)
def test_repetition_cannot_make_the_reading_slow(piece: str) -> None:
    """A pattern that backtracks without bound would not end on these."""
    assert parsed(piece * 2000) is not None
