"""Words: the general dictionary together with the government dictionary."""

import pytest

from gongkai.text.segment import dictionary_version, government_words, inner_words, segment, segment_for_search


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
