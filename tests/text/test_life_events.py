"""Stages are found by what people call them, and not where the word only happens to stand."""

import pytest

from gongkai.text.life_events import stages_meant

FOUND = [
    ("生孩子", ["person.birth"], "birth"),
    ("生孩子 补贴", ["person.birth"], "a blank between"),
    ("买房", ["person.home"], "home"),
    ("买房补贴", ["person.home"], "with what is sought"),
    ("上学", ["person.schooling"], "school"),
    ("看病", ["person.medical_care"], "illness"),
    ("看病报销", ["person.medical_care"], "the longer word"),
    ("养老", ["person.old_age"], "the official name"),
    ("结婚", ["person.marriage"], "marriage"),
    ("找工作", ["person.employment"], "work"),
    ("企业贷款", ["enterprise.finance"], "a loan"),
    ("注册公司", ["enterprise.entry_exit"], "a company"),
    ("退税", ["enterprise.tax"], "tax"),
    ("返乡创业", ["enterprise.returning"], "not also 创业, which stands within it"),
    ("", [], "nothing"),
    ("谯政办〔2025〕1号", [], "a number"),
    ("防汛抗旱应急预案", [], "no stage"),
    ("关于做好2026年义务教育阶段学校招生入学工作的通知", [], "a whole title asks for that document"),
]


@pytest.mark.parametrize(("text", "stages", "why"), FOUND, ids=[row[-1] for row in FOUND])
def test_what_is_typed_names_a_stage_or_none(text, stages, why):
    assert [f"{one.dimension}.{one.code}" for one in stages_meant(text)] == stages
