"""政策组合: series of interpretations, combinations of related policies, and the tracking of how a policy is carried out.

Reads for the office and the portal, and every write: one transaction, access checked, audited.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from gongkai.audit.generation import PerGeneration
from gongkai.audit.log import Entry, record
from gongkai.disclosure.models import Item
from gongkai.disclosure.public_cards import Card, cards
from gongkai.policies.models import PolicyGroup, PolicyGroupMember, PolicyMilestone
from gongkai.policies.personal_data import personal_data_reasons
from gongkai.rules.access import Action, Actor, Subject, visible_organisations
from gongkai.rules.document_number import normalise
from gongkai.rules.publication import State
from gongkai.rules.reasons import Reason, Refused
from gongkai.workflow.engine import NotVisible, require

LISTED = 200
"""Groups on the public list."""
MOST = 60
"""Members, and milestones, of one group."""
LONGEST_NOTE, LONGEST_TITLE, LONGEST_SUMMARY = 200, 200, 2000


@dataclass(frozen=True, slots=True)
class MemberLine:
    """An item of a group as the office names it."""

    number: str
    """Its 索引号 or 文号."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class MilestoneLine:
    """A milestone as the office writes it."""

    title: str
    due_on: date
    done_on: date | None = None
    evidence: str = ""
    """索引号 or 文号 of the public item that shows it was done."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Milestone:
    """A milestone on the page."""

    title: str
    due_on: date
    done_on: date | None
    evidence: Card | None
    note: str

    def overdue_days(self, today: date) -> int:
        """Calendar days by which it was, or still is, late; 0 when it is not."""
        return max(((self.done_on or today) - self.due_on).days, 0)


@dataclass(frozen=True, slots=True)
class GroupPage:
    """A group as the public sees it; members that are not public any more are left out."""

    id: int
    kind: PolicyGroup.Kind
    title: str
    summary: str
    organisation: str
    organisation_code: str
    members: tuple[tuple[Card, str], ...]
    milestones: tuple[Milestone, ...]


# --- reading -----------------------------------------------------------------------------------------------------------
def visible_to(actor: Actor) -> QuerySet[PolicyGroup]:
    """Groups of the bodies the actor may see."""
    bodies, groups = visible_organisations(actor), PolicyGroup.objects.all()
    return groups if bodies is None else groups.filter(organisation_id__in=bodies)


def group_for(actor: Actor, group_id: int) -> PolicyGroup:
    """One group with its body. Raises `NotVisible` when it is foreign or does not exist."""
    group = visible_to(actor).select_related("organisation").filter(pk=group_id).first()
    if group is None:
        raise NotVisible
    return group


def group_page(group_id: int) -> GroupPage | None:
    """A published group: four queries; None when there is none."""
    group = PolicyGroup.objects.select_related("organisation").filter(pk=group_id, state=PolicyGroup.State.PUBLISHED)
    found = group.first()
    if found is None:
        return None
    members = list(found.members.values_list("item_id", "note"))
    milestones = list(found.milestones.all())
    by_id = {card.id: card for card in cards([*(pk for pk, _ in members), *_evidence(milestones)])}
    return GroupPage(
        id=found.pk,
        kind=PolicyGroup.Kind(found.kind),
        title=found.title,
        summary=found.summary,
        organisation=found.organisation.name,
        organisation_code=found.organisation.code,
        members=tuple((by_id[pk], note) for pk, note in members if pk in by_id),
        milestones=tuple(
            Milestone(one.title, one.due_on, one.done_on, by_id.get(one.evidence_id or 0), one.note)
            for one in milestones
        ),
    )


def public_groups() -> list[PolicyGroup]:
    """The newest published groups with their bodies: one query."""
    found = PolicyGroup.objects.filter(state=PolicyGroup.State.PUBLISHED).select_related("organisation")
    return list(found.order_by("-published_at", "-pk")[:LISTED])


def _evidence(milestones: Iterable[PolicyMilestone]) -> Iterable[int]:
    return (one.evidence_id for one in milestones if one.evidence_id)


def groups_of(item_id: int) -> list[tuple[int, str, str]]:
    """(id, label of the kind, title) of the published groups an item is in; read once for all items while nothing public changes."""
    return _groups_by_item().get(item_id, [])


def _read_groups() -> dict[int, list[tuple[int, str, str]]]:
    rows = PolicyGroupMember.objects.filter(group__state=PolicyGroup.State.PUBLISHED).order_by("group_id")
    found: dict[int, list[tuple[int, str, str]]] = {}
    for item_id, pk, kind, title in rows.values_list("item_id", "group_id", "group__kind", "group__title"):
        found.setdefault(item_id, []).append((pk, PolicyGroup.Kind(kind).label, title))
    return found


_groups_by_item = PerGeneration(_read_groups)


# --- writing -----------------------------------------------------------------------------------------------------------
@transaction.atomic
def save_group(
    *,
    actor: Actor,
    organisation_id: int,
    group_id: int | None = None,
    kind: str,
    title: str,
    summary: str = "",
    members: Sequence[MemberLine] = (),
    milestones: Sequence[MilestoneLine] = (),
) -> PolicyGroup:
    """Write a group of a body of one's own. What is published stays as it is: the change becomes a draft of its own (修改稿) that somebody
    else publishes in its place.

    Returns the draft. Members and evidence are public items of any body. Raises `NotVisible`, or `Refused` with every reason.
    """
    group = _locked(group_id) if group_id else PolicyGroup(organisation_id=organisation_id)
    require(actor, Action.RELATE, Subject(group.organisation_id))
    if group_id and PolicyGroup.objects.filter(replaces=group_id).exists():
        raise Refused([Reason("revision", "已有修改稿，请打开修改稿继续修改。")])
    if group.state == PolicyGroup.State.PUBLISHED:
        group = PolicyGroup(organisation_id=group.organisation_id, replaces=group)
    numbers = [one.number for one in members] + [one.evidence for one in milestones]
    known = _public_items(numbers)
    reasons = [
        *_of_texts(kind, title, summary),
        *_of_lines(kind, members, milestones, known),
    ]
    if reasons:
        raise Refused(reasons)
    group.kind, group.title, group.summary = kind, title.strip(), summary.strip()
    group.saved_by_id, group.saved_at = actor.user_id or None, timezone.now()
    group.save()
    group.members.all().delete()
    group.milestones.all().delete()
    PolicyGroupMember.objects.bulk_create(
        PolicyGroupMember(group=group, item_id=known[one.number], position=place, note=one.note)
        for place, one in enumerate(members)
    )
    PolicyMilestone.objects.bulk_create(
        PolicyMilestone(
            group=group,
            position=place,
            title=one.title,
            due_on=one.due_on,
            done_on=one.done_on,
            evidence_id=known.get(one.evidence),
            note=one.note,
        )
        for place, one in enumerate(milestones)
    )
    _audit(actor, group, "save", public=False)
    return group


@transaction.atomic
def publish_group(*, actor: Actor, group_id: int) -> int:
    """Show it to the public, a 修改稿 in the place of what was public; by somebody else than who wrote it.

    Returns the id of the public group. Raises `NotVisible` or `Refused`.
    """
    group = _locked(group_id)
    require(actor, Action.SIGN, Subject(group.organisation_id))
    texts = [group.title, group.summary, *group.members.values_list("note", flat=True)]
    texts += [text for pair in group.milestones.values_list("title", "note") for text in pair]
    reasons = personal_data_reasons("\n".join(texts))
    if group.state == PolicyGroup.State.PUBLISHED:
        reasons.append(Reason("state", "已经发布，无需重复发布。"))
    if not group.members.exists():
        reasons.append(Reason("no_members", "还没有选入任何信息，请先编辑。", field="members"))
    if group.saved_by_id is not None and group.saved_by_id == actor.user_id:
        reasons.append(Reason("same_person", "应当由编辑人以外的人审核发布。", "国办发〔2018〕123号"))
    if reasons:
        raise Refused(reasons)
    if group.replaces_id is not None:
        group = _put_in_place(group)
    group.state, group.published_at = PolicyGroup.State.PUBLISHED, timezone.now()
    group.save()
    _audit(actor, group, "publish", public=True)
    return group.pk


def _put_in_place(draft: PolicyGroup) -> PolicyGroup:
    """Give what the draft says to the group it replaces, whose address stays; the draft is gone."""
    group = _locked(draft.replaces_id or 0)
    group.members.all().delete()
    group.milestones.all().delete()
    draft.members.update(group=group)
    draft.milestones.update(group=group)
    for name in ("kind", "title", "summary", "saved_by_id", "saved_at"):
        setattr(group, name, getattr(draft, name))
    draft.delete()
    return group


@transaction.atomic
def withdraw_group(*, actor: Actor, group_id: int) -> int:
    """Take it off the site; it stays in the office as a draft. Returns its id. Raises `NotVisible` or `Refused`."""
    group = _locked(group_id)
    require(actor, Action.SIGN, Subject(group.organisation_id))
    if group.state != PolicyGroup.State.PUBLISHED:
        raise Refused([Reason("state", "尚未发布，无需撤回。")])
    group.state = PolicyGroup.State.DRAFT
    group.save(update_fields=["state"])
    _audit(actor, group, "withdraw", public=True)
    return group.pk


def _locked(group_id: int) -> PolicyGroup:
    group = PolicyGroup.objects.select_for_update().filter(pk=group_id).first()
    if group is None:
        raise NotVisible
    return group


def _public_items(numbers: Iterable[str]) -> dict[str, int]:
    """Public items by the 索引号 or 文号 they are called by; a 文号 that several bear names none of them."""
    asked = {number for number in numbers if number}
    items = Item.objects.filter(current__state=State.PUBLISHED)
    known = dict(items.filter(index_number__in=asked).values_list("index_number", "pk"))
    normal = {normalise(number): number for number in asked - set(known)}
    by_number: dict[str, list[int]] = {}
    rows = items.filter(current__document_number__in=[number for number in normal if number])
    for number, pk in rows.values_list("current__document_number", "pk"):
        by_number.setdefault(normal[number], []).append(pk)
    return known | {number: found[0] for number, found in by_number.items() if len(found) == 1}


def _of_texts(kind: str, title: str, summary: str) -> Iterable[Reason]:
    if kind not in PolicyGroup.Kind.values:
        yield Reason("kind", "请选择类型。", field="kind")
    if not title.strip():
        yield Reason("title_missing", "请填写名称。", field="title")
    if len(title.strip()) > LONGEST_TITLE:
        yield Reason("title_long", f"名称不得超过{LONGEST_TITLE}字，请删减。", field="title")
    if len(summary.strip()) > LONGEST_SUMMARY:
        yield Reason("summary_long", f"说明不得超过{LONGEST_SUMMARY}字，请删减。", field="summary")


def _of_lines(
    kind: str, members: Sequence[MemberLine], milestones: Sequence[MilestoneLine], known: dict[str, int]
) -> Iterable[Reason]:
    seen: set[int] = set()
    for row, one in enumerate(members, 1):
        if one.number not in known:
            text = f"第{row}行：没有找到“{one.number}”对应的唯一一件已公开信息，请核对索引号或者文号。"
            yield Reason("member", text, field="members")
        elif known[one.number] in seen:
            yield Reason("member_twice", f"第{row}行：“{one.number}”重复，请删去一行。", field="members")
        else:
            seen.add(known[one.number])
        if len(one.note) > LONGEST_NOTE:
            yield Reason("note_long", f"第{row}行：说明不得超过{LONGEST_NOTE}字。", field="members")
    for row, step in enumerate(milestones, 1):
        if step.evidence and step.evidence not in known:
            text = f"第{row}行：没有找到佐证信息“{step.evidence}”，请核对索引号或者文号。"
            yield Reason("evidence", text, field="milestones")
        if not step.title or max(len(step.title), len(step.note)) > LONGEST_NOTE:
            text = f"第{row}行：请填写任务，任务和说明各不得超过{LONGEST_NOTE}字。"
            yield Reason("milestone_title", text, field="milestones")
        if step.done_on and step.done_on > timezone.localdate():
            yield Reason("done_later", f"第{row}行：实际完成日期不得晚于今天。", field="milestones")
    if milestones and kind != PolicyGroup.Kind.TRACKING:
        yield Reason("milestones", "只有“执行跟踪”可以填写任务，请改选类型或者删去任务。", field="milestones")
    if max(len(members), len(milestones)) > MOST:
        yield Reason("most", f"信息、任务各不得超过{MOST}行，请分成几组。", field="members")


def _audit(actor: Actor, group: PolicyGroup, what: str, *, public: bool) -> None:
    detail = {"kind": group.kind, "title": group.title}
    entry = Entry(f"policy-group.{what}", "policy_group", str(group.pk), group.organisation_id, detail)
    record(actor=actor, entries=[entry], public=public)


__all__ = [
    "GroupPage",
    "MemberLine",
    "Milestone",
    "MilestoneLine",
    "group_for",
    "group_page",
    "groups_of",
    "publish_group",
    "save_group",
    "visible_to",
    "withdraw_group",
]
