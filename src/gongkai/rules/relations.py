"""Typed relations between items, readable from both ends, and what they mean for validity.

A relation is stored once, in its forward direction (the later or dependent item → the other one); the other end shows
the inverse label. 修改、废止、替代、宣布失效 are also acts in the sense of :mod:`gongkai.rules.validity`
(国办发〔2017〕47号: 修改、废止、失效 must be marked on the file already published).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gongkai.rules.reasons import Reason
from gongkai.rules.validity import ActKind


class RelationKind(StrEnum):
    """The kinds of relation, named in the forward direction."""

    INTERPRETS = "interprets"
    IMPLEMENTS = "implements"
    AMENDS = "amends"
    REPEALS = "repeals"
    REPLACES = "replaces"
    DECLARES_INVALID = "declares_invalid"
    REPRINTS = "reprints"
    ANSWERS = "answers"
    RESULTS_OF = "results_of"
    FEEDBACK_TO = "feedback_to"
    SERIES = "series"
    COMBINATION = "combination"
    PROGRESS_OF = "progress_of"
    CITES = "cites"

    @property
    def type(self) -> RelationType:
        """Labels and properties of this kind."""
        return RELATION_TYPES[self]


@dataclass(frozen=True, slots=True)
class RelationType:
    """Labels and meaning of one kind of relation."""

    kind: RelationKind
    inverse: str
    """Identifier seen from the other end, e.g. ``interpreted_by``; equal to the kind when symmetric."""
    label: str
    """Heading on the page of the source item, above its targets."""
    inverse_label: str
    """Heading on the page of the target item, above its sources."""
    act: ActKind | None = None
    """The act it is on the target, when it changes the target's validity; such a relation needs a date."""

    @property
    def symmetric(self) -> bool:
        """Whether both ends read the same."""
        return self.inverse == self.kind.value


_TYPES = (
    RelationType(RelationKind.INTERPRETS, "interpreted_by", "解读的文件", "文件解读"),
    RelationType(RelationKind.IMPLEMENTS, "implemented_by", "上级依据", "落实文件"),
    RelationType(RelationKind.AMENDS, "amended_by", "修改的文件", "被修改", ActKind.AMENDS),
    RelationType(RelationKind.REPEALS, "repealed_by", "废止的文件", "被废止", ActKind.REPEALS),
    RelationType(RelationKind.REPLACES, "replaced_by", "替代的文件", "被替代", ActKind.REPLACES),
    RelationType(
        RelationKind.DECLARES_INVALID, "declared_invalid_by", "宣布失效的文件", "被宣布失效", ActKind.DECLARES_INVALID
    ),
    RelationType(RelationKind.REPRINTS, "reprinted_by", "转载自", "被转载"),
    RelationType(RelationKind.ANSWERS, "answered_by", "答复的事项", "答复"),
    RelationType(RelationKind.RESULTS_OF, "has_results", "对应公示", "结果公开"),
    RelationType(RelationKind.FEEDBACK_TO, "has_feedback", "对应意见征集", "意见反馈"),
    RelationType(RelationKind.SERIES, "series", "系列解读", "系列解读"),
    RelationType(RelationKind.COMBINATION, "combination", "关联政策组合", "关联政策组合"),
    RelationType(RelationKind.PROGRESS_OF, "has_progress", "跟踪的文件", "执行跟踪"),
    RelationType(RelationKind.CITES, "cited_by", "引用", "被引用"),
)

RELATION_TYPES: dict[RelationKind, RelationType] = {row.kind: row for row in _TYPES}
"""Every relation type by its kind."""

_BY_IDENTIFIER = {row.kind.value: (row, False) for row in _TYPES} | {
    row.inverse: (row, True) for row in _TYPES if not row.symmetric
}


def resolve(identifier: str) -> tuple[RelationType, bool]:
    """Return the type an ``identifier`` names and whether from the other end; raises ``KeyError``."""
    return _BY_IDENTIFIER[identifier]


def relation_for(act: ActKind) -> RelationType:
    """Return the relation type that records ``act``."""
    return next(row for row in _TYPES if row.act is act)


def check_relation(kind: RelationKind, source_id: int, target_id: int, *, has_date: bool) -> list[Reason]:
    """Check one relation: not to itself, and with a date when it changes validity (``has_date``)."""
    row = RELATION_TYPES[kind]
    reasons: list[Reason] = []
    if source_id == target_id:
        reasons.append(Reason("self_relation", "不能与自身建立关联，请另选一条信息。", field="target"))
    if row.act is not None and not has_date:
        message = f"请填写{row.act.label}的生效日期，有效性将自该日起自动变更。"
        reasons.append(Reason("act_date", message, "国办发〔2017〕47号", "on"))
    return reasons
