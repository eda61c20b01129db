"""三审三校: which reviews an edition passes between the draft and the sign-off, and who may do each.

国办发〔2018〕123号 (分级分类审核、先审后发, five gates), 《条例》§17; a 规范性文件 is reviewed for legality (国办发〔2018〕115号). The steps are data
(``data/review_steps.toml``); which of them a body and a kind of item need is a setting, chosen by :func:`chain_for`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gongkai.rules.access import Role
from gongkai.rules.reasons import Reason
from gongkai.rules.vocabulary import VocabularyError, cached_data, data_file, read_toml

REVIEW = "review"
"""The step every chain has: it records the secrecy review (《保密法实施条例》§42)."""
LEGALITY = "legality_review"
DEFAULT = (REVIEW,)
_ARTICLE = "国办发〔2018〕123号"


@dataclass(frozen=True, slots=True)
class ReviewStep:
    """One kind of review."""

    code: str
    label: str
    roles: frozenset[Role]
    gates: tuple[str, ...]
    """Which of the 五关 it answers for, in Chinese."""
    proof: str
    """校次, or empty for a review that reads no proofs."""
    article: str
    note: str
    """What is looked at."""

    @property
    def records_secrecy(self) -> bool:
        """Whether the secrecy review is recorded with it."""
        return self.code == REVIEW


@dataclass(frozen=True, slots=True)
class ChainSetting:
    """A chain as somebody set it: for one body or all (None), one kind of item or all (empty)."""

    organisation_id: int | None
    kind: str
    steps: tuple[str, ...]
    distinct: bool
    """Whether nobody may do two steps of it, the sign-off included."""


@dataclass(frozen=True, slots=True)
class Chain:
    """The steps an edition has to pass, in order."""

    steps: tuple[str, ...] = DEFAULT
    distinct: bool = False

    def after(self, code: str) -> str:
        """The step that follows `code` ("" begins); "" when the sign-off follows."""
        steps = self.steps or DEFAULT
        place = steps.index(code) + 1 if code in steps else 0
        return steps[place] if place < len(steps) else ""

    def gates_of(self, code: str) -> tuple[str, ...]:
        """The gates the step answers for: its own, and for the last step those that no step of the chain has."""
        known = review_steps()
        own = known[code].gates
        if code != (self.steps or DEFAULT)[-1]:
            return own
        covered = {gate for step in self.steps or DEFAULT for gate in known[step].gates}
        return (*own, *(gate for gate in all_gates() if gate not in covered))


def chain_for(settings: Iterable[ChainSetting], organisation_id: int, kind: str, *, normative: bool) -> Chain:
    """The chain for an item: the most particular setting counts (body and kind, body, kind, all), or review alone when there is none.

    A 规范性文件 always passes the legality review, whatever was set (国办发〔2018〕115号).
    """
    fitting = [
        setting
        for setting in settings
        if setting.organisation_id in (None, organisation_id) and setting.kind in ("", kind)
    ]
    best = max(fitting, key=lambda one: (one.organisation_id is not None, one.kind != ""), default=None)
    steps = set(best.steps) if best else set(DEFAULT)
    steps.add(REVIEW)
    if normative:
        steps.add(LEGALITY)
    return Chain(in_order(steps), best.distinct if best else False)


def in_order(codes: Iterable[str]) -> tuple[str, ...]:
    """Steps in the order in which they are done, each once; unknown ones are left out."""
    chosen = set(codes)
    return tuple(code for code in review_steps() if code in chosen)


def chain_refusals(steps: Sequence[str]) -> list[Reason]:
    """What is wrong with a chain somebody wants to set."""
    known = review_steps()
    reasons = [
        Reason("review_step", f"没有名为“{code}”的审核环节，请重新选择。", field="steps")
        for code in steps
        if code not in known
    ]
    if REVIEW not in steps:
        message = "每个流程都必须有“审核”环节，保密审查在该环节登记。"
        reasons.append(Reason("review_missing", message, "《保密法实施条例》§42", "steps"))
    return reasons


def described(chain: Chain) -> str:
    """起草 → 审核 → 合法性审核 → 签发."""
    known = review_steps()
    return " → ".join(["起草", *(known[code].label for code in chain.steps if code in known), "签发"])


def review_steps() -> Mapping[str, ReviewStep]:
    """All steps by code, in the order in which they are done. Raises `VocabularyError` when the data file is faulty."""
    return _load("review_steps")[0]


def all_gates() -> tuple[str, ...]:
    """The 五关 in Chinese."""
    return _load("review_steps")[1]


@cached_data
def _load(name: str) -> tuple[Mapping[str, ReviewStep], tuple[str, ...]]:
    path = data_file(name)
    data = read_toml(path)
    gates, rows = data.get("gates"), data.get("steps")
    if not isinstance(gates, dict) or not isinstance(rows, list):
        raise VocabularyError(f"{path.name}：缺少 [gates] 或者 [[steps]]。")
    steps: dict[str, ReviewStep] = {}
    for position, row in enumerate(rows, start=1):
        where = f"{path.name}：第{position}个环节"
        try:
            step = ReviewStep(
                row["code"],
                row["label"],
                frozenset(Role(role) for role in row["roles"]),
                tuple(gates[gate] for gate in row["gates"]),
                row["proof"],
                row["article"],
                row["note"],
            )
        except (KeyError, TypeError, ValueError) as error:
            raise VocabularyError(f"{where}有误：{error}。") from error
        if step.code in steps or not step.roles:
            raise VocabularyError(f"{where}“{step.code}”重复，或者没有角色可以办理。")
        steps[step.code] = step
    if REVIEW not in steps or LEGALITY not in steps:
        raise VocabularyError(f"{path.name}：缺少“审核”或者“合法性审核”环节。")
    return steps, tuple(gates.values())
