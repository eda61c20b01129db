"""有效性 (validity): whether a document is in force on a given day, and why.

The status is never typed in and never stored: it follows from the document's own dates and from the acts of other
documents on it, so it changes by itself as time passes. Sources: 国办发〔2018〕115号 (规范性文件有效期与清理) and
国办发〔2017〕47号 (已发布文件须标注修改、废止、失效).

Conventions, all by calendar day:

* an act takes effect *on* ``act.on``;
* ``expires_on`` is the last day of validity, so the document is expired from the day after;
* when several things are true at once the strongest is shown:
  废止、宣布失效 > 失效 > 尚未生效 > 已修改 > 现行有效.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from gongkai.rules.days import chinese_date

_ONE_DAY = timedelta(days=1)


class Status(StrEnum):
    """The validity statuses shown to the public."""

    IN_FORCE = "in_force"
    AMENDED = "amended"
    EXPIRED = "expired"
    REPEALED = "repealed"
    DECLARED_INVALID = "declared_invalid"
    NOT_YET_EFFECTIVE = "not_yet_effective"

    @property
    def label(self) -> str:
        """The Chinese word shown to the public."""
        return _STATUS_LABELS[self]

    @property
    def valid(self) -> bool:
        """Whether a document with this status binds anybody: 现行有效 and 已修改 do."""
        return self in (Status.IN_FORCE, Status.AMENDED)

    @property
    def ended(self) -> bool:
        """Whether a document with this status has ceased to bind: 失效, 废止 and 宣布失效 have."""
        return self in (Status.EXPIRED, Status.REPEALED, Status.DECLARED_INVALID)


_STATUS_LABELS = {
    Status.IN_FORCE: "现行有效",
    Status.AMENDED: "已修改",
    Status.EXPIRED: "失效",
    Status.REPEALED: "废止",
    Status.DECLARED_INVALID: "宣布失效",
    Status.NOT_YET_EFFECTIVE: "尚未生效",
}


class ActKind(StrEnum):
    """What a later document can do to this one."""

    AMENDS = "amends"
    REPEALS = "repeals"
    REPLACES = "replaces"
    DECLARES_INVALID = "declares_invalid"

    @property
    def label(self) -> str:
        """The Chinese verb, as in 「被……废止」."""
        return _ACT_LABELS[self]


_ACT_LABELS = {
    ActKind.AMENDS: "修改",
    ActKind.REPEALS: "废止",
    ActKind.REPLACES: "替代",
    ActKind.DECLARES_INVALID: "宣布失效",
}

_ENDING = {
    ActKind.REPEALS: Status.REPEALED,
    ActKind.REPLACES: Status.REPEALED,
    ActKind.DECLARES_INVALID: Status.DECLARED_INVALID,
}
"""Acts that end a document and the status they leave. 替代 ends the old text as 废止 does; the explanation differs."""

_ENDING_ORDER = tuple(_ENDING)


@dataclass(frozen=True, slots=True)
class Act:
    """An act of another document on this one."""

    kind: ActKind
    on: date
    """First day on which the act has effect."""
    by: str
    """The acting document as people name it: its number or 《title》."""
    by_id: int | None = None
    """Identifier of the acting document in the register, when it is one of ours."""


@dataclass(frozen=True, slots=True)
class ValidityFacts:
    """All that validity depends on."""

    effective_from: date | None
    """生效日期, first day in force; ``None`` when the text states none (in force since it was issued)."""
    expires_on: date | None
    """失效日期, the last day of validity; ``None`` when no term was set."""
    acts: tuple[Act, ...] = ()
    """Acts on the document, in any order."""


@dataclass(frozen=True, slots=True)
class Validity:
    """The answer for one day."""

    status: Status
    since: date | None
    """First day of the present unbroken status; ``None`` when it reaches back without a known beginning."""
    until: date | None
    """Last day of the present status as far as the facts go; ``None`` when nothing known will end it."""
    act: Act | None
    """The act that gave the status, if one did (for 已修改 the latest)."""
    explanation: str
    """Chinese sentence naming the act or the date."""

    @property
    def valid(self) -> bool:
        """Whether the document binds on that day (现行有效 or 已修改)."""
        return self.status.valid


@lru_cache(maxsize=2048)  # lists ask about many documents with the same few facts
def validity_on(day: date, facts: ValidityFacts) -> Validity:
    """Return the validity on ``day``, with its first and last day, the act behind it and an explanation."""
    status, act = _status_and_act(day, facts)
    change = next_change(facts, day)
    until = change - _ONE_DAY if change else None
    return Validity(status, _since(day, facts), until, act, _explain(status, act, facts, until))


def next_change(facts: ValidityFacts, after: date) -> date | None:
    """Return the first day after ``after`` whose status differs from that of ``after``; ``None`` if none does."""
    status, _ = _status_and_act(after, facts)
    for boundary in _boundaries(facts):
        if boundary > after and _status_and_act(boundary, facts)[0] is not status:
            return boundary
    return None


def _status_and_act(day: date, facts: ValidityFacts) -> tuple[Status, Act | None]:
    acts = [act for act in facts.acts if act.on <= day]
    ending = min(
        (act for act in acts if act.kind in _ENDING),
        key=lambda act: (act.on, _ENDING_ORDER.index(act.kind)),
        default=None,
    )
    if ending is not None:
        return _ENDING[ending.kind], ending
    if facts.expires_on is not None and day > facts.expires_on:
        return Status.EXPIRED, None
    if facts.effective_from is not None and day < facts.effective_from:
        return Status.NOT_YET_EFFECTIVE, None
    amending = max((act for act in acts if act.kind is ActKind.AMENDS), key=lambda act: act.on, default=None)
    return (Status.AMENDED, amending) if amending else (Status.IN_FORCE, None)


def _boundaries(facts: ValidityFacts) -> list[date]:
    """The days on which the status may change, ascending."""
    days = {act.on for act in facts.acts}
    if facts.effective_from is not None:
        days.add(facts.effective_from)
    if facts.expires_on is not None and facts.expires_on < date.max:
        days.add(facts.expires_on + _ONE_DAY)
    return sorted(days)


def _since(day: date, facts: ValidityFacts) -> date | None:
    status, _ = _status_and_act(day, facts)
    since: date | None = None
    for boundary in reversed([b for b in _boundaries(facts) if b <= day]):
        if _status_and_act(boundary, facts)[0] is not status:
            return since
        since = boundary
    if since is None or since == date.min or _status_and_act(since - _ONE_DAY, facts)[0] is not status:
        return since
    return None


def _explain(status: Status, act: Act | None, facts: ValidityFacts, until: date | None) -> str:
    if status is Status.EXPIRED and facts.expires_on is not None:
        return f"有效期至{chinese_date(facts.expires_on)}，已届满，自动失效。"
    if status is Status.NOT_YET_EFFECTIVE and facts.effective_from is not None:
        return f"自{chinese_date(facts.effective_from)}起施行，目前尚未生效。"
    if act is None:
        start = f"自{chinese_date(facts.effective_from)}起施行，" if facts.effective_from else ""
        return f"{start}现行有效{_ending_clause(facts, until)}。"
    if act.kind is ActKind.AMENDS:
        return f"自{chinese_date(act.on)}起被{act.by}修改，按修改后的内容执行{_ending_clause(facts, until)}。"
    verb = "宣布失效" if act.kind is ActKind.DECLARES_INVALID else act.kind.label
    tail = "，同时废止" if act.kind is ActKind.REPLACES else ""
    return f"自{chinese_date(act.on)}起被{act.by}{verb}{tail}。"


def _ending_clause(facts: ValidityFacts, until: date | None) -> str:
    return f"，有效期至{chinese_date(until)}" if until is not None and until == facts.expires_on else ""
