"""Elements of interpretations: single cases, and how often they are found on labelled real texts.

``data/interpretation_labels.tsv`` names real texts (file and key, no text) with the elements a reader saw in their first 1,500
characters, before any rule was written. Every second is apart: the phrases were never tuned to it.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from gongkai.rules.vocabulary import VocabularyError, data_file, set_override_directory
from gongkai.text.interpretation import elements, elements_of, text_alternative

LABELS = Path(__file__).parent / "data" / "interpretation_labels.tsv"
BEGINNING = 1500


def labelled() -> list[dict[str, str]]:
    with LABELS.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle, delimiter="\t"))


def texts(shared_data: Path) -> dict[tuple[str, str], str]:
    found = {}
    for file in {row["file"] for row in labelled()}:
        for line in (shared_data / file).read_text("utf-8").splitlines():
            row = json.loads(line)
            text = row.get("text") or row.get("plain_answer") or row.get("excerpt") or ""
            found[file, row.get("id") or row.get("_id") or row["url"]] = text[:BEGINNING]
    return found


def codes_in(text: str) -> set[str]:
    return {one.element.code for one in elements_of(text) if one.place}


TOLD = [
    # text, element, why
    ("一、制定背景\n略", "background", "a heading"),
    ("根据《安徽省供热条例》有关规定，制定本办法。", "background", "a phrase with a gap"),
    ("二、起草过程\n略", "background", "a heading of other words"),
    ("问：请局长介绍一下这份文件出台的背景。\n答：略", "background", "a question, full stop or not"),
    ("本办法旨在规范供热行为。", "goal", "an aim in the text"),
    ("三、主要内容\n略", "content", "a heading"),
    ("谁能办：本区户籍居民。", "scope", "a heading within the line"),
    ("本办法适用于区内供热单位。", "scope", "a phrase"),
    ("补助每人每月500元。", "standard", "a sum"),
    ("受理后５个工作日内办结。", "standard", "full-width digits"),
    ("温馨提示：逾期不再受理。", "notes", "a hint"),
    ("本办法所称供热单位，是指取得许可的企业。", "terms", "a definition"),
    ("困难家庭免收采暖费。", "benefits", "something for people"),
    ("标准由每月1825元调整为2274元。", "differences", "from one to another"),
    ("五、新旧政策差异\n略", "differences", "a heading"),
]
NOT_TOLD = [
    ("区住建局召开供热工作会议。", set(), "news"),
    ("", set(), "nothing"),
    ("会议指出，有关背景资料另行印发，请各单位领会。", set(), "背景 in a sentence is no heading"),
]


@pytest.mark.parametrize(("text", "code", "why"), TOLD, ids=[row[2] + " " + row[1] for row in TOLD])
def test_an_element_is_known_by_heading_or_phrase(text: str, code: str, why: str) -> None:
    assert code in codes_in(text), why


@pytest.mark.parametrize(("text", "codes", "why"), NOT_TOLD, ids=[row[2] for row in NOT_TOLD])
def test_what_tells_nothing_has_no_element(text: str, codes: set[str], why: str) -> None:
    assert codes_in(text) == codes, why


def test_the_place_is_that_of_the_original_text() -> None:
    text = "① 引言。\n（二）适用范围\n全区。"
    (scope,) = [one for one in elements_of(text) if one.element.code == "scope"]
    assert scope.place is not None
    assert text[scope.place.start : scope.place.end] == scope.place.words == "范围"


NEEDED = [
    # form, replaces, element, needed, why
    ("department", False, "background", True, "a written interpretation tells why"),
    ("infographic", False, "background", False, "a picture tells what is in for whom"),
    ("infographic", False, "standard", True, "… and how much"),
    ("video", False, "terms", False, "a film explains no words"),
    ("questions", False, "notes", False, "questions of the month are about many documents"),
    ("questions", False, "standard", True, "… and answered with figures"),
    ("", False, "background", True, "without a form it is read as 部门解读"),
    ("department", False, "differences", False, "a new document differs from nothing"),
    ("department", True, "differences", True, "one that replaces another does"),
    ("infographic", True, "differences", True, "in every form"),
]


@pytest.mark.parametrize(("form", "replaces", "code", "needed", "why"), NEEDED, ids=[row[4] for row in NEEDED])
def test_which_form_needs_which_element(form: str, replaces: bool, code: str, needed: bool, why: str) -> None:
    (one,) = [one for one in elements_of("", form, replaces=replaces) if one.element.code == code]
    assert one.missing is needed, why


def test_pictures_and_films_need_words_beside_them() -> None:
    assert text_alternative().forms == {"infographic", "animation", "video"}
    assert text_alternative().least > 0


@pytest.mark.parametrize(
    ("before", "after", "named"),
    [
        ("longest_heading = 30", "", "longest_heading"),
        ('forms = ["infographic", "animation", "video"], least', 'forms = ["film"], least', "film"),
        ('headings = ["目标", "目的", "任务", "意义"]', "headings = []", "headings"),
        ("least = 100", 'least = "多"', "多"),
    ],
    ids=["a figure is absent", "an unknown form", "no headings", "a number in words"],
)
def test_a_faulty_data_file_is_refused_with_what_to_mend(tmp_path: Path, before: str, after: str, named: str) -> None:
    whole = data_file("interpretation_elements").read_text("utf-8")
    assert before in whole
    (tmp_path / "interpretation_elements.toml").write_text(whole.replace(before, after), encoding="utf-8")
    set_override_directory(tmp_path)
    try:
        with pytest.raises(VocabularyError, match=rf"interpretation_elements\.toml.*{named}"):
            elements_of("文")
    finally:
        set_override_directory(None)


def test_elements_are_found_in_real_texts_that_were_not_looked_at(
    shared_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    documents, rows = texts(shared_data), labelled()
    assert len(rows) >= 40
    tallies = {apart: [0, 0, 0] for apart in ("yes", "")}
    with capsys.disabled():
        for apart, total in tallies.items():
            print(f"\ninterpretation elements, {'apart' if apart else 'tuned on'}:")
            for element in elements():
                right = wrong = missed = 0
                for row in rows:
                    if row["apart"] != apart:
                        continue
                    expected = element.code in row["elements"].split(",")
                    found = element.code in codes_in(documents[row["file"], row["key"]])
                    right, wrong, missed = (
                        right + (found and expected),
                        wrong + (found > expected),
                        missed + (found < expected),
                    )
                total[0], total[1], total[2] = total[0] + right, total[1] + wrong, total[2] + missed
                print(f"  {element.code:12} right {right:3} wrong {wrong:3} missed {missed:3}")
            right, wrong, missed = total
            print(f"  precision {right / (right + wrong):.2f} recall {right / (right + missed):.2f}")
    right, wrong, missed = tallies["yes"]
    assert right / (right + wrong) >= 0.8
    assert right / (right + missed) >= 0.8
