"""Words: the general dictionary together with the government dictionary."""

from collections.abc import Iterator

import pytest

from gongkai.text.normalise import fold
from gongkai.text.segment import (
    Words,
    cutter,
    dictionary_version,
    government_words,
    inner_words,
    segment,
    segment_for_search,
    use,
    using,
)


def test_the_government_dictionary_has_each_word_once() -> None:
    words = government_words()
    assert len(words) > 600
    assert len(words) == len(set(words))


@pytest.mark.parametrize("word", government_words()[::20])
def test_a_government_word_is_kept_whole_between_others(word: str) -> None:
    assert word in segment_for_search(f"关于{word}的通知")


@pytest.mark.parametrize(
    ("text", "expected", "reason"),
    [
        ("最低生活保障", ["最低生活保障"], "an official term, not three words"),
        ("关于规范性文件的通知", ["关于", "规范性文件", "的", "通知"], "inside a title"),
        ("亳州市谯城区", ["亳州市谯城区"], "the model district"),
    ],
)
def test_segment_covers_the_text_once(text: str, expected: list[str], reason: str) -> None:
    assert segment(text) == expected, reason


def test_search_mode_adds_every_word_inside_a_long_word() -> None:
    words = segment_for_search("城乡居民基本医疗保险")
    assert {"城乡居民基本医疗保险", "基本医疗保险", "医疗保险", "城乡居民", "医疗", "保险", "居民"} <= set(words)


def test_inner_words_leave_out_the_word_itself() -> None:
    assert "医疗保险" in inner_words("基本医疗保险")
    assert "基本医疗保险" not in inner_words("基本医疗保险")


def test_no_word_is_guessed() -> None:
    """With the hidden Markov model on, an unknown name would become one word here and two elsewhere."""
    assert segment("栾屺璆") == ["栾", "屺", "璆"]


def test_the_dictionary_has_a_version() -> None:
    assert len(dictionary_version()) == 12


@pytest.fixture
def _as_before() -> Iterator[None]:
    yield
    use(cutter(Words()))


def test_a_word_that_folding_changed_is_still_a_word() -> None:
    assert fold("著作权") in segment(fold("关于著作权登记"))


@pytest.mark.parametrize(
    ("words", "text", "expected", "reason"),
    [
        (Words(), "魏武王路改造", ["魏武王", "路", "改造"], "what the dictionaries know"),
        (Words.of(["魏武王路"], []), "魏武王路改造", ["魏武王路", "改造"], "a word the district added"),
        (Words.of([], ["政务公开"]), "政务公开工作", ["政务", "公开", "工作"], "a government word switched off"),
        (
            Words.of([], ["社保卡"]),
            "社保卡办理",
            ["社保", "卡", "办理"],
            "a word of the general dictionary switched off",
        ),
        (Words.of(["社保卡"], ["社保卡"]), "社保卡办理", ["社保", "卡", "办理"], "off wins"),
    ],
)
def test_words_can_be_added_and_switched_off(
    _as_before: None, words: Words, text: str, expected: list[str], reason: str
) -> None:
    use(cutter(words))
    assert segment(text) == expected, reason
    use(cutter(Words()))
    assert segment("政务公开工作") == ["政务公开", "工作"], "and everything is as before without the change"


def test_a_word_switched_off_is_no_part_of_a_longer_word_either(_as_before: None) -> None:
    use(cutter(Words.of([], ["医疗保险", "共和国"])))
    assert not {"医疗保险", "共和国"} & set(segment_for_search("城乡居民基本医疗保险中华人民共和国"))


def test_using_is_for_a_while(_as_before: None) -> None:
    before = dictionary_version()
    with using(cutter(Words.of(["魏武王路"], []))):
        assert dictionary_version() != before
        assert segment("魏武王路") == ["魏武王路"]
    assert dictionary_version() == before


def test_what_is_no_word_is_refused() -> None:
    with pytest.raises(ValueError, match="Han"):
        Words.of(["A"], [])
