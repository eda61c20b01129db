"""The fast way to the grams gives exactly what the plain way gives."""

from hypothesis import example, given
from hypothesis import strategies as st

from gongkai.text.analysis import gram_text, grams, prepare
from gongkai.text.gram_string import gram_string

ALPHABET = st.characters(max_codepoint=0xFFFF, exclude_categories=("Cs",)) | st.sampled_from(
    "医疗保险〇１2a。\n ，_ー·"
)


@given(st.text(ALPHABET, max_size=60))
@example("")
@example("医")
@example("医a1疗保")
@example("谯政办〔2024〕12号，GB/T9704")
@example("a_b 12.5％ ①")
def test_the_grams_of_any_text_are_those_of_the_plain_way(text):
    made = gram_string(prepare(text))
    assert made == " ".join(grams(text)) or (made is None and max(prepare(text)) > "\uffff")


@given(st.text(ALPHABET, max_size=120))
@example("谯城区" * 30 + "𠮷野")
def test_a_text_of_any_length_and_script_gives_its_grams(text):
    assert gram_text(text) == " ".join(grams(text))


def test_characters_beyond_the_basic_plane_are_left_to_the_plain_way():
    assert gram_string("古城𠮷野") is None
