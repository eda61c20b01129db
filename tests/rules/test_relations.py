"""Typed relations: both ends, and what they mean for validity."""

from __future__ import annotations

import pytest

from gongkai.rules.relations import RELATION_TYPES, RelationKind, check_relation, relation_for, resolve
from gongkai.rules.validity import ActKind

LABELS = [
    (RelationKind.INTERPRETS, "interpreted_by", "解读的文件", "文件解读"),
    (RelationKind.IMPLEMENTS, "implemented_by", "上级依据", "落实文件"),
    (RelationKind.AMENDS, "amended_by", "修改的文件", "被修改"),
    (RelationKind.REPEALS, "repealed_by", "废止的文件", "被废止"),
    (RelationKind.REPLACES, "replaced_by", "替代的文件", "被替代"),
    (RelationKind.DECLARES_INVALID, "declared_invalid_by", "宣布失效的文件", "被宣布失效"),
    (RelationKind.REPRINTS, "reprinted_by", "转载自", "被转载"),
    (RelationKind.ANSWERS, "answered_by", "答复的事项", "答复"),
    (RelationKind.RESULTS_OF, "has_results", "对应公示", "结果公开"),
    (RelationKind.FEEDBACK_TO, "has_feedback", "对应意见征集", "意见反馈"),
    (RelationKind.SERIES, "series", "系列解读", "系列解读"),
    (RelationKind.COMBINATION, "combination", "关联政策组合", "关联政策组合"),
    (RelationKind.PROGRESS_OF, "has_progress", "跟踪的文件", "执行跟踪"),
    (RelationKind.CITES, "cited_by", "引用", "被引用"),
]


@pytest.mark.parametrize(("kind", "inverse", "label", "inverse_label"), LABELS, ids=[row[0] for row in LABELS])
def test_a_relation_reads_in_both_directions(kind: RelationKind, inverse: str, label: str, inverse_label: str) -> None:
    row = kind.type
    assert (row.label, row.inverse_label) == (label, inverse_label)
    assert resolve(kind.value) == (row, False)
    assert resolve(inverse) == (row, not row.symmetric)


def test_every_kind_is_listed_and_no_identifier_means_two_things() -> None:
    assert {row[0] for row in LABELS} == set(RelationKind) == set(RELATION_TYPES)
    identifiers = [name for row in RELATION_TYPES.values() for name in {row.kind.value, row.inverse}]
    assert len(identifiers) == len(set(identifiers))
    with pytest.raises(KeyError):
        resolve("likes")


@pytest.mark.parametrize("act", ActKind)
def test_every_act_on_validity_has_its_relation(act: ActKind) -> None:
    assert relation_for(act).act is act
    assert relation_for(act).kind.value == act.value


CHECKS = [
    (RelationKind.REPEALS, 1, 2, True, [], "dated"),
    (RelationKind.REPEALS, 1, 2, False, ["act_date"], "an act without a date cannot be computed with"),
    (RelationKind.INTERPRETS, 1, 2, False, [], "an interpretation needs no date"),
    (RelationKind.CITES, 1, 1, False, ["self_relation"], "a document citing itself"),
    (RelationKind.AMENDS, 1, 1, False, ["self_relation", "act_date"], "both at once"),
]


@pytest.mark.parametrize(("kind", "source", "target", "dated", "codes", "why"), CHECKS, ids=[row[5] for row in CHECKS])
def test_a_relation_is_checked(
    kind: RelationKind, source: int, target: int, dated: bool, codes: list[str], why: str
) -> None:
    assert [reason.code for reason in check_relation(kind, source, target, has_date=dated)] == codes, why
