"""Keeping what was found and reviewed. The caller holds the transaction, checks access and audits."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator

from django.utils import timezone

from gongkai.review.content import Content, Placed
from gongkai.review.models import Checked, EditionLink, RecordedFinding, Remark, ReviewRecord, SecrecyReview
from gongkai.rules.access import Actor
from gongkai.rules.findings import Severity, found

_STATE = RecordedFinding.State
MOST = 200
"""Findings of one rule in one part that are kept one by one; of a list with thousands nobody would settle each."""
_SHOWN = ("part_label", "message", "text", "start", "end", "place", "suggestion", "fix", "replacement", "serious")


def record(content: Content, placed: Iterable[Placed]) -> None:
    """Keep what was found in this edition now: what is new is open, what was set aside stays so, what is gone was mended."""
    before = {one.key: one for one in RecordedFinding.objects.filter(edition_id=content.edition_id)}
    now = {one.key: one for one in _rows(content.edition_id, _bounded(placed))}
    RecordedFinding.objects.bulk_create([one for key, one in now.items() if key not in before])
    changed = []
    for key, kept in before.items():
        again = now.get(key)
        if again is None:
            if kept.state == _STATE.OPEN:
                kept.state, kept.settled_at = _STATE.MENDED, timezone.now()
                _forget_evidence(kept)
                changed.append(kept)
            continue
        if kept.state != _STATE.MENDED and all(getattr(kept, name) == getattr(again, name) for name in _SHOWN):
            continue
        if kept.state == _STATE.MENDED:
            kept.state, kept.settled_at = _STATE.OPEN, None
        for name in _SHOWN:
            setattr(kept, name, getattr(again, name))
        changed.append(kept)
    RecordedFinding.objects.bulk_update(changed, [*_SHOWN, "state", "settled_at"])
    Checked.objects.update_or_create(
        edition_id=content.edition_id, defaults={"revision": content.revision, "at": timezone.now()}
    )


def _forget_evidence(finding: RecordedFinding) -> None:
    """What was personal and is out of the text is not kept here either (《个人信息保护法》§19); the masked form says enough."""
    if finding.rule.startswith("personal-data."):
        finding.text, finding.suggestion = finding.replacement, ""
        finding.start = finding.end = None


def _bounded(placed: Iterable[Placed]) -> Iterator[Placed]:
    """The first `MOST` of a rule in a part, then one finding that says how many there are in all."""
    seen: Counter[tuple[str, str]] = Counter()
    beyond: dict[tuple[str, str], Placed] = {}
    for one in placed:
        kind = (one.part, one.finding.rule)
        seen[kind] += 1
        if seen[kind] <= MOST:
            yield one
        else:
            beyond.setdefault(kind, one)
    for kind, one in beyond.items():
        message = f"同类问题共 {seen[kind]} 处，只列出前 {MOST} 处；请整体处理后重新上传或者保存。"
        yield Placed(one.part, one.label, found(one.finding.rule, message=message))


def _rows(edition_id: int, placed: Iterable[Placed]) -> Iterable[RecordedFinding]:
    """Rows with keys: the same evidence of the same rule in the same part is told apart by its turn, not by its place, which moves."""
    turns: Counter[tuple[str, str, str]] = Counter()
    for one in placed:
        finding = one.finding
        evidence = finding.text or finding.message
        turn = (one.part, finding.rule, evidence)
        turns[turn] += 1
        key = hashlib.sha1("\x1f".join((*turn, str(turns[turn]))).encode(), usedforsecurity=False).hexdigest()
        yield RecordedFinding(
            edition_id=edition_id,
            part=one.part,
            part_label=one.label[:220],
            key=key,
            rule=finding.rule,
            message=finding.message[:500],
            text=finding.text[:500],
            start=finding.start,
            end=finding.end,
            place=finding.place[:200],
            suggestion=finding.suggestion[:500],
            fix=finding.fix.kind.value if finding.fix and len(finding.text) <= 500 else "",
            replacement=finding.fix.replacement[:500] if finding.fix else "",
            serious=finding.severity is Severity.SERIOUS,
        )


def settle(finding: RecordedFinding, *, actor: Actor, state: str, reason: str = "") -> None:
    """Settle one finding."""
    finding.state, finding.reason = state, reason.strip()[:300]
    finding.settled_by_id, finding.settled_at = actor.user_id or None, timezone.now()
    if state == _STATE.STRIPPED:
        _forget_evidence(finding)
    finding.save(update_fields=["state", "reason", "settled_by", "settled_at", *_SHOWN])


def inherit(source_edition: int, target_edition: int) -> None:
    """Let a new edition begin with what was set aside in the one it is made from: the same words need no second decision."""
    settled = RecordedFinding.objects.filter(edition_id=source_edition, state__in=[_STATE.SET_ASIDE, _STATE.STRIPPED])
    copies = list(settled)
    for copy in copies:
        copy.pk, copy.edition_id = None, target_edition
    RecordedFinding.objects.bulk_create(copies)


def forget(edition_id: int) -> None:
    """The edition was thrown away."""
    for table in (RecordedFinding, SecrecyReview, Checked, ReviewRecord, Remark, EditionLink):
        table.objects.filter(edition_id=edition_id).delete()


def record_secrecy(content: Content, *, actor: Actor, cleared: frozenset[str], basis: str) -> None:
    """Keep the secrecy review of every part: cleared for disclosure or not, on one basis."""
    SecrecyReview.objects.bulk_create(
        SecrecyReview(
            edition_id=content.edition_id,
            part=part,
            part_label=label[:220],
            digest=digest,
            cleared=part in cleared,
            basis=basis[:300],
            reviewer_id=actor.user_id or None,
            reviewer_name=actor.name[:80],
        )
        for part, label, digest in content.parts
    )


def record_step(
    content: Content,
    *,
    actor: Actor,
    step: str,
    label: str,
    result: str,
    opinion: str = "",
    gates: Iterable[str] = (),
    proof: str = "",
    for_name: str = "",
) -> None:
    """Keep one step of the chain with the text it was about."""
    whole = hashlib.sha256("".join(digest for _, _, digest in content.parts).encode()).hexdigest()
    ReviewRecord.objects.create(
        edition_id=content.edition_id,
        step=step,
        label=label,
        result=result,
        opinion=opinion.strip()[:2000],
        gates=list(gates),
        proof=proof,
        person_id=actor.user_id or None,
        person_name=actor.name[:80],
        for_name=for_name[:80],
        digest=whole,
    )
