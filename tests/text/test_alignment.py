"""Where a mistyped text differs from the piece of a title that is most like it."""

import pytest

from gongkai.text.alignment import HOMOPHONE, Edit, align
from gongkai.text.titles import boundaries

TITLE = "谯城区城乡居民基本医疗保险实施办法"
CASES = (
    ("医疗宝险", [(2, 3, "保")], "a character that sounds the same"),
    ("医疗宴险", [(2, 3, "保")], "a wrong character"),
    ("居民基医疗保险", [(3, 3, "本")], "a missing character"),
    ("居民基本本医疗", [(4, 5, "")], "a character too many"),
    ("基本疗医保险", [(2, 4, "医疗")], "two characters exchanged"),
    ("民民基本医疗", [(0, 1, "居")], "a wrong first character is replaced, not left out"),
    ("医疗保险", [], "no mistake"),
)


@pytest.mark.parametrize(("typed", "expected", "why"), CASES)
def test_one_mistake_is_found(typed, expected, why):
    found = align(typed, TITLE, 1, boundaries(TITLE))
    assert found is not None, why
    assert [(edit.start, edit.end, edit.right) for edit in found.edits] == expected, why


def test_two_mistakes_are_found_where_two_may_be():
    typed = "城乡居民基本医了保险实失办法"
    assert align(typed, TITLE, 1, boundaries(TITLE)) is None
    found = align(typed, TITLE, 2, boundaries(TITLE))
    assert found is not None
    assert [edit.right for edit in found.edits] == ["疗", "施"]


def test_what_sounds_right_costs_least():
    found = align("医疗宝险", TITLE, 1, boundaries(TITLE))
    assert found is not None
    assert found.edits == (Edit(2, 3, "保", HOMOPHONE),)


@pytest.mark.parametrize(
    ("typed", "text", "why"),
    [
        ("第二批补贴名单公示", "第三批补贴名单公示", "another numeral is another document"),
        ("2024年补贴名单公示", "2025年补贴名单公示", "another digit is another document"),
        ("养老", "医疗保险", "nothing alike"),
    ],
)
def test_different_texts_are_not_mistakes(typed, text, why):
    assert align(typed, text, 2, boundaries(text)) is None, why
