"""What an inspection would deduct; the figures are data, and those that nobody published are marked as settings."""

from __future__ import annotations

import pytest

from gongkai.rules.completeness import completeness, fields_of
from gongkai.rules.inspection_points import deductions
from gongkai.rules.vocabulary import VocabularyError, set_override_directory, vocabulary

HEAD = """name = "inspection_points"
source = "测试"
[limits]
most = 3.0
[otherwise]
block = 2.0
warn = 0.5
"""


@pytest.fixture
def written(tmp_path):
    """Put another table in force."""

    def write(text: str) -> None:
        (tmp_path / "inspection_points.toml").write_text(text, encoding="utf-8")
        set_override_directory(tmp_path)

    yield write
    set_override_directory(None)


def _missing(kind: str, *present: str):
    return completeness(kind, frozenset(present)).missing


def test_nothing_missing_costs_nothing():
    found = deductions("notice", ())
    assert (found.total, found.lines, found.has_settings, found.capped) == (0, (), False, False)


def test_every_missing_element_of_every_kind_costs_something_and_no_item_more_than_the_limit():
    for kind in (term.code for term in vocabulary("item_kinds").terms):
        missing = _missing(kind)
        found = deductions(kind, missing)
        assert [line.field for line in found.lines] == list(missing)
        assert all(line.points > 0 and line.source for line in found.lines)
        assert 0 < found.total <= 10


def test_published_figures_are_no_settings_and_all_others_are():
    lines = {line.field.name: line for line in deductions("public_consultation", _missing("public_consultation")).lines}
    assert (lines["drafting_note"].points, lines["drafting_note"].setting) == (2.0, False)
    assert (lines["consultation_period"].points, lines["consultation_period"].setting) == (1.0, False)
    assert lines["summary"].setting and lines["keywords"].setting


def test_a_figure_for_a_kind_goes_before_that_for_all_and_both_before_the_usual(written):
    written(
        HEAD
        + '[[points]]\nkind = "any"\nfield = "keywords"\npoints = 0.1\n'
        + '[[points]]\nkind = "notice"\nfield = "keywords"\npoints = 0.2\n'
    )
    keywords = next(field for field in fields_of("notice") if field.name == "keywords")
    summary = next(field for field in fields_of("notice") if field.name == "summary")
    assert deductions("notice", [keywords]).total == 0.2
    assert deductions("reprint", [keywords]).total == 0.1
    assert deductions("notice", [summary]).total == 0.5


def test_the_limit_of_an_item_holds_and_is_told(written):
    written(HEAD)
    found = deductions("notice", fields_of("notice"))
    assert (found.total, found.capped) == (3.0, True)


FAULTY = [
    ("[limits]\nmost = 1.0\n", "缺少", "no usual figures"),
    (HEAD + '[[points]]\nkind = "any"\npoints = 1.0\n', "缺少 field", "no element"),
    (HEAD + '[[points]]\nkind = "nonsense"\nfield = "title"\npoints = 1.0\n', "nonsense", "no such kind"),
    (HEAD + '[[points]]\nkind = "any"\nfield = "title"\npoints = "二"\n', "分值", "no number"),
    (HEAD + '[[points]]\nkind = "any"\nfield = "title"\npoints = -1\n', "分值", "less than nothing"),
    (HEAD + '[[points]]\nkind = "any"\nfield = "title"\npoints = true\n', "分值", "a truth is no number"),
    (HEAD + '[[points]]\nkind = "any"\nfield = "title"\npoints = 1.0\nsetting = false\n', "source", "published, but where"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words", "reason"), FAULTY, ids=[case[2] for case in FAULTY])
def test_a_faulty_table_is_refused_with_what_to_mend(written, text, words, reason):
    written(text)
    with pytest.raises(VocabularyError, match=words):
        deductions("notice", fields_of("notice"))
