"""Tags of the interpretation special (政策解读集成式发布专题): stages of a person and of a firm, form of interpretation, whom it benefits.

A tag is kept as ``<dimension>.<code>`` (``person.birth``); the codes of a dimension are a vocabulary, so that a district changes
them as data. A code never changes its meaning: one that is given up stays readable on what bears it.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from gongkai.rules.reasons import Reason
from gongkai.rules.vocabulary import vocabulary


class Dimension(StrEnum):
    """What is tagged."""

    PERSON = "person"
    """个人全生命周期 (出生 … 养老)."""
    ENTERPRISE = "enterprise"
    """企业全生命周期 (返乡就业 … 准入退出)."""
    FORM = "form"
    """解读形式; an interpretation has one."""
    BENEFIT = "benefit"
    """惠民、惠企: such a policy needs a policy card."""

    @property
    def vocabulary_name(self) -> str:
        """The vocabulary of the codes of this dimension."""
        return _VOCABULARIES[self]

    @property
    def label(self) -> str:
        """The Chinese name."""
        return _LABELS[self]


_VOCABULARIES = {
    Dimension.PERSON: "life_stage_person",
    Dimension.ENTERPRISE: "life_stage_enterprise",
    Dimension.FORM: "interpretation_forms",
    Dimension.BENEFIT: "benefits",
}
_LABELS = {
    Dimension.PERSON: "个人全生命周期",
    Dimension.ENTERPRISE: "企业全生命周期",
    Dimension.FORM: "解读形式",
    Dimension.BENEFIT: "惠及对象",
}
INTERPRETING_KINDS = frozenset({"interpretation", "policy_qa", "press_conference"})
"""Kinds of item that explain policies and so have a form."""
TAGGED_KINDS = INTERPRETING_KINDS | {"policy_document"}
"""Kinds whose tags somebody confirms when they enter; any other may bear stages too."""
KIND_FORMS = {"policy_qa": "questions", "press_conference": "press_conference"}
"""The form that follows from the kind."""


def tag(dimension: Dimension, code: str) -> str:
    """The tag as it is kept."""
    return f"{dimension}.{code}"


def codes(tags: Iterable[str], dimension: Dimension) -> tuple[str, ...]:
    """The codes of one dimension among ``tags``, in their order."""
    prefix = f"{dimension}."
    return tuple(one.removeprefix(prefix) for one in tags if one.startswith(prefix))


def labels(tags: Iterable[str], dimension: Dimension) -> tuple[str, ...]:
    """The labels of one dimension among ``tags``."""
    return tuple(vocabulary(dimension.vocabulary_name).label(code) for code in codes(tags, dimension))


def tag_label(one: str) -> str:
    """The label of a tag; the tag itself when it is of no dimension."""
    dimension, _, code = one.partition(".")
    return vocabulary(Dimension(dimension).vocabulary_name).label(code) if dimension in list(Dimension) else one


def form_of(kind: str, tags: Iterable[str]) -> str:
    """The form (code of ``interpretation_forms``) of an item that explains a policy; ``""`` for others and for untagged ones."""
    if kind not in INTERPRETING_KINDS:
        return ""
    return next(iter(codes(tags, Dimension.FORM)), KIND_FORMS.get(kind, ""))


def in_order(tags: Iterable[str]) -> list[str]:
    """Each tag once, by dimension and then as the vocabulary has them; codes that are in no vocabulary any more come last."""
    wanted = set(tags)
    known = [tag(one, term.code) for one in Dimension for term in vocabulary(one.vocabulary_name).terms]
    return [one for one in known if one in wanted] + sorted(wanted.difference(known))


def check_tags(kind: str, tags: Iterable[str], before: Iterable[str] = ()) -> list[Reason]:
    """What is wrong with the tags of an item of ``kind``; those it bore ``before`` may stay though their code was given up."""
    given, kept = list(tags), set(before)
    reasons = [
        Reason("unknown_tag", f"“{one}”不在标签词表中，请重新选择。", field="tags")
        for one in given
        if one not in kept and not _known(one)
    ]
    forms = codes(given, Dimension.FORM)
    if forms and kind not in INTERPRETING_KINDS:
        reasons.append(Reason("form_of_other", "只有解读类信息有解读形式，请不要选择。", field="interpretation_form"))
    if len(forms) > 1:
        reasons.append(Reason("one_form", "一篇解读只有一种解读形式，请只选一种。", field="interpretation_form"))
    return reasons


def _known(one: str) -> bool:
    dimension, _, code = one.partition(".")
    return dimension in list(Dimension) and code in vocabulary(Dimension(dimension).vocabulary_name)
