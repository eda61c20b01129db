"""Tags suggested for the interpretation special: single cases, and how often they are right on labelled real documents.

``data/life_stage_labels.tsv`` names real documents (file and key, no text) with the tags a reader gave them from title
and beginning, before any rule was written. Every fourth is held out: the phrases were never tuned to it.
"""

from __future__ import annotations

import csv
import json
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from gongkai.rules.tags import Dimension
from gongkai.rules.vocabulary import VocabularyError, data_file, set_override_directory, vocabulary
from gongkai.text.life_stages import SUGGESTED, suggest

LABELS = Path(__file__).parent / "data" / "life_stage_labels.tsv"
LEAST_PRECISION = 0.85


def labelled() -> list[dict[str, str]]:
    with LABELS.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle, delimiter="\t"))


class Tally:
    """Tags of one dimension: suggested and right, suggested and wrong, missed."""

    def __init__(self) -> None:
        self.right, self.wrong, self.missed = 0, 0, 0
        self.errors: list[str] = []

    def add(self, name: str, expected: set[str], found: set[str]) -> None:
        self.right += len(expected & found)
        self.wrong += len(found - expected)
        self.missed += len(expected - found)
        if found != expected:
            self.errors.append(f"{name}: expected {sorted(expected)}, found {sorted(found)}")

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed)


def tallies(shared_data: Path, *, held_out: bool) -> dict[Dimension, Tally]:
    documents = {}
    for file in {row["file"] for row in labelled()}:
        for line in (shared_data / file).read_text("utf-8").splitlines():
            document = json.loads(line)
            documents[file, document.get("id") or document["url"]] = document
    result = {dimension: Tally() for dimension in SUGGESTED}
    for row in labelled():
        if (row["held_out"] == "yes") != held_out:
            continue
        document = documents[row["file"], row["key"]]
        text = document.get("text") or document.get("plain_answer") or document.get("excerpt") or ""
        suggestions = suggest(document["title"], text)
        for dimension, tally in result.items():
            found = {one.code for one in suggestions if one.dimension is dimension}
            tally.add(f"{row['key']} {row['why']}", set(filter(None, row[dimension].split(","))), found)
    return result


def test_every_code_of_the_three_vocabularies_has_its_phrases() -> None:
    for dimension in SUGGESTED:
        for term in vocabulary(dimension.vocabulary_name).terms:
            phrase = next(iter(_phrases(dimension, term.code)))
            assert phrase, f"{dimension}.{term.code}"


def _phrases(dimension: Dimension, code: str) -> dict[str, float]:
    with data_file("life_stage_phrases").open("rb") as handle:
        phrases: dict[str, float] = tomllib.load(handle)[dimension][code]["phrases"]
    return phrases


SPEAKING = [
    # title, beginning of the text, codes expected, why
    ("关于做好孕产妇保健服务工作的通知", "", {"birth"}, "birth"),
    ("谯城区2026年义务教育阶段学校招生入学工作方案", "", {"schooling"}, "school places"),
    ("关于进一步保障农民工工资支付的通知", "", {"employment"}, "wages"),
    ("谯城区公共租赁住房保障实施细则", "", {"home"}, "a home that is rented"),
    ("关于婚姻登记全省通办的通告", "", {"marriage"}, "marriage"),
    ("关于兑现大学生创业补贴的通知", "", {"start_up"}, "founders"),
    ("谯城区城市居民最低生活保障实施细则", "", {"daily_life"}, "relief"),
    ("关于调整城乡居民基本医疗保险待遇的通知", "", {"medical_care"}, "medical insurance"),
    ("谯城区居家养老服务补贴办法", "", {"old_age"}, "care of the elderly"),
    ("支持农民工返乡创业若干措施", "", {"returning", "start_up"}, "both a person's and a firm's stage"),
    ("政府投资项目审批流程优化方案", "", {"project_approval"}, "approval of projects"),
    ("谯城区招商引资优惠政策", "", {"investment"}, "investors"),
    ("谯城区科技创新奖补办法", "", {"innovation"}, "innovation"),
    ("关于房地产开发企业资质延续有关事项的通知", "", {"qualification"}, "qualification, and no home"),
    ("关于开展企业职业技能培训补贴的通知", "", {"training", "employment"}, "training"),
    ("谯城区高层次人才引进实施办法", "", {"recruitment"}, "talent"),
    ("小微企业融资担保降费办法", "", {"finance"}, "loans"),
    ("关于小规模纳税人增值税减免的通告", "", {"tax"}, "taxes"),
    ("关于推行“一窗受理”的通知", "政务服务大厅设综合窗口。", {"services"}, "one window"),
    ("关于企业注销便利化的通知", "", {"entry_exit"}, "firms leave the market"),
    ("关于《谯城区供热办法》的政策解读", "", {"department"}, "a department explains"),
    ("一图读懂谯城区供热办法", "", {"infographic"}, "a picture"),
    ("区住建局局长解读供热办法", "", {"official"}, "the head explains"),
    ("专家解读：供热办法新在哪里", "", {"expert"}, "a scholar explains"),
    ("媒体解读：供热办法十大看点", "", {"media"}, "a newspaper explains"),
    ("供热办法动画解读", "", {"animation"}, "a cartoon"),
    ("【视频】供热办法这样看", "", {"video"}, "a film"),
    ("供热办法新闻发布会实录", "", {"press_conference"}, "a press conference"),
    ("供热办法常见问题解答", "", {"questions"}, "questions and answers"),
    (
        "区供热办法",
        "问：何时供热？答：十一月。问：谁来收费？答：供热单位。",
        {"questions"},
        "asked and answered in the text alone",
    ),
]

NOT_SUGGESTED = [
    ("关于张某某等同志任职的通知", "免去其区人力资源和社会保障局就业科科长职务，就业、就业、就业。", "appointments"),
    ("关于成立区就业工作领导小组的通知", "", "a body of officials"),
    ("关于表彰全区养老服务工作先进集体的通报", "", "commendation"),
    ("关于下达学校安全经费投资预算的通知", "", "money between offices"),
    ("谯城区河道采砂管理办法", "经营者应当依法纳税，取得营业执照。", "mentioned by the way, not what it is about"),
    ("区气象灾害应急预案", "各学校、医疗机构、养老机构、税务局做好准备。", "bodies named, nobody's stage"),
    ("关于新设医疗器械网络销售备案点的函", "", "医疗器械 shields 医疗"),
    ("政策解读工作制度", "", "rules about explaining explain nothing"),
    ("", "", "nothing to read"),
]


@pytest.mark.parametrize(("title", "text", "codes", "why"), SPEAKING, ids=[row[3] for row in SPEAKING])
def test_tags_a_title_speaks_for(title: str, text: str, codes: set[str], why: str) -> None:
    assert {one.code for one in suggest(title, text)} == codes, why


@pytest.mark.parametrize(("title", "text", "why"), NOT_SUGGESTED, ids=[row[2] for row in NOT_SUGGESTED])
def test_nothing_is_suggested_for_what_concerns_nobodys_stage(title: str, text: str, why: str) -> None:
    assert suggest(title, text) == (), why


def test_a_suggestion_shows_the_phrases_it_rests_on_and_where() -> None:
    title, text = "谯城区居家养老服务办法", "第一条 为了发展养老服务，让老年人安心，制定本办法。"
    (one,) = suggest(title, text)
    assert (one.dimension, one.code, one.label) == (Dimension.PERSON, "old_age", "养老")
    assert [phrase.words for phrase in one.phrases] == ["居家养老", "养老服务", "老年人"]
    for phrase in one.phrases:
        assert (title if phrase.in_title else text)[phrase.start : phrase.end] == phrase.words


def test_a_longer_phrase_keeps_its_characters_from_a_shorter_one() -> None:
    (one,) = suggest("城乡居民基本医疗保险办法", "")
    assert [phrase.words for phrase in one.phrases] == ["基本医疗保险"]


def test_what_stands_far_from_the_beginning_does_not_count() -> None:
    said = "养老服务、养老保险、养老金，"
    assert suggest("区政府工作安排", said * 3)
    assert suggest("区政府工作安排", "　" * 600 + said * 3) == ()


def test_a_document_has_one_form_at_most() -> None:
    forms = [
        one
        for one in suggest("《供热办法》政策解读（政策问答、图解、视频解读）", "")
        if one.dimension is Dimension.FORM
    ]
    assert len(forms) == 1


WHOLE = "threshold = 3.0\nwithout_title = 4.0\nin_title = 3.0\nbeginning = 9\nmost_counted = 3\n[silent]\n[enterprise]\n[form]\n"


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("threshold = 3.0", "without_title"),
        (WHOLE, "person"),
        (WHOLE + '[person.birth]\nphrases = { "生育" = "多" }\nagainst = {}\n', "多"),
        (WHOLE + '[person.birth]\nphrases = { "生育" = 1 }\n', "against"),
        (WHOLE + '[person.flying]\nphrases = { "飞" = 1 }\nagainst = {}\n', "person.flying"),
    ],
    ids=["a figure is absent", "a dimension is absent", "a weight is a word", "no list against", "an unknown code"],
)
def test_a_faulty_data_file_is_refused_with_what_to_mend(tmp_path: Path, content: str, named: str) -> None:
    (tmp_path / "life_stage_phrases.toml").write_text(content, encoding="utf-8")
    set_override_directory(tmp_path)
    try:
        with pytest.raises(VocabularyError, match=rf"life_stage_phrases\.toml.*{named}"):
            suggest("题", "文")
    finally:
        set_override_directory(None)


def test_the_labelled_set_is_large_and_says_which_documents_are_held_out() -> None:
    rows = labelled()
    assert len(rows) >= 120
    assert all((row["held_out"] == "yes") == (place % 4 == 0) for place, row in enumerate(rows, start=1))
    assert max(Counter((row["file"], row["key"]) for row in rows).values()) == 1
    for dimension in SUGGESTED:
        codes = {code for row in rows for code in row[dimension].split(",") if code}
        assert codes <= {term.code for term in vocabulary(dimension.vocabulary_name).terms}


def test_suggestions_for_documents_held_out_are_nearly_always_right(
    shared_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    held_out, others = tallies(shared_data, held_out=True), tallies(shared_data, held_out=False)
    with capsys.disabled():
        for dimension in SUGGESTED:
            for name, tally in (("held out", held_out[dimension]), ("others", others[dimension])):
                print(
                    f"\n{dimension}, {name}: precision {tally.precision:.3f}, recall {tally.recall:.3f} "
                    f"({tally.right} right, {tally.wrong} wrong, {tally.missed} missed)",
                    end="",
                )
    for dimension, tally in held_out.items():
        assert tally.right >= 5, f"{dimension}: too few to say anything"
        assert tally.precision >= LEAST_PRECISION, f"{dimension}: {tally.precision:.3f}"
        assert others[dimension].precision >= LEAST_PRECISION, "\n".join(others[dimension].errors)
