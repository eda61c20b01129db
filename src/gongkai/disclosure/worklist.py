"""What waits for whom in the register: typed tasks with their deadline, for one person, and counted by body for the district office.

A few queries whatever the size of the register: each type is asked by an index and bounded (`COUNT_LIMIT`). Types, terms and words are
in `rules.tasks`; whose turn it is in a review is in `waiting_for_review`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from gongkai.calendars import selectors as calendars
from gongkai.catalogues.models import CatalogueRow
from gongkai.disclosure import ended_bases
from gongkai.disclosure.models import Edition, Item, Relation, WorkingCopy
from gongkai.disclosure.selectors import ORDER, of_bodies
from gongkai.organisations.selectors import bodies_where
from gongkai.review.selectors import open_findings, open_remarks_by_edition, returned_at_by_edition
from gongkai.rules import tasks
from gongkai.rules.access import Action, Actor
from gongkai.rules.catalogue import Operator, Unit, parse_time_limit
from gongkai.rules.publication import State
from gongkai.rules.relations import RelationKind
from gongkai.rules.review_chain import REVIEW, review_steps
from gongkai.rules.tasks import COUNT_LIMIT, BodyLoad, Task, TaskGroup, groups_of, task_types

EXPIRY_NOTICE = timedelta(days=30)
"""How long before its last day of validity a document is put on the worklist."""
INTERPRETED_SINCE = timedelta(days=365)
"""How far back normative documents without interpretation are put on the worklist; older ones are in the coverage report."""
LATE_AFTER = timedelta(minutes=10)
"""What is still not public so long after its time was refused, or nothing is running that publishes it."""
UNSAVED_AFTER = timedelta(days=1)


_Rows = Sequence[Mapping[str, Any]]


def worklist(actor: Actor, now: datetime, only: str = "") -> tuple[TaskGroup, ...]:
    """What waits for this actor, most pressing type first; empty groups are left out. `only` asks for one type."""
    today, own = timezone.localdate(now), frozenset(actor.roles)
    asked = [found for code, found in _PROVIDERS.items() if only in ("", code)]
    return groups_of(task for found in asked for task in found(actor, own, now, today))


# --- one provider for each type ----------------------------------------------------------------------------------------
def waiting_for_review(actor: Actor) -> QuerySet[Item]:
    """Items whose waiting review step the actor's roles may pass, each in the body where they are held (`rules.review_chain`)."""
    turns = Q()
    for step in review_steps().values():
        bodies = [body for body, roles in actor.roles.items() if roles & step.roles]
        codes = [step.code, ""] if step.code == REVIEW else [step.code]  # "": in review since before there were chains
        if bodies:
            turns |= Q(organisation_id__in=bodies, working__review_step__in=codes)
    waiting = of_bodies(frozenset(actor.roles)).filter(state=State.REVIEW.value)
    return waiting.filter(turns) if turns else waiting.none()


def _mine(actor: Actor) -> Q:
    return Q(working__author_id=actor.user_id)


def _waiting(actor: Actor, action: Action, state: State) -> QuerySet[Item]:
    """Items in `state` of the bodies in which the actor himself holds a role for `action`."""
    bodies = bodies_where(actor, action)
    held = frozenset(actor.roles) if bodies is None else bodies
    return of_bodies(held).filter(state=state.value)


def _findings(actor: Actor, own: frozenset[int], now: datetime, today: date) -> Iterable[Task]:
    serious = open_findings().filter(serious=True)
    rows = _read(
        of_bodies(own).filter(current_id__in=serious.values("edition_id"), current__state=State.PUBLISHED.value),
        "current_id",
    )
    since = dict(
        serious.filter(edition_id__in=[row["current_id"] for row in rows])
        .order_by()
        .values_list("edition_id")
        .annotate(Min("found_at"))
    )
    return [_task("findings", row, today, since.get(row["current_id"])) for row in rows]


def _refused(actor: Actor, own: frozenset[int], now: datetime, today: date) -> Iterable[Task]:
    late = _waiting(actor, Action.PUBLISH, State.SCHEDULED).filter(working__scheduled_for__lt=now - LATE_AFTER)
    return [
        _task("refused", row, today, at=row["working__scheduled_for"], due=row["working__scheduled_for"])
        for row in _read(late, "working__scheduled_for")
    ]


def _returned(actor: Actor, own: frozenset[int], now: datetime, today: date) -> Iterable[Task]:
    drafts = of_bodies(own).filter(_mine(actor), state=State.DRAFT.value)
    rows = _read(
        drafts.exclude(working__send_back_remark="", working__submitted_at=None),
        "working_id",
        "working__send_back_remark",
        "working__updated_at",
    )
    editions = [row["working_id"] for row in rows]
    remarks, returned = open_remarks_by_edition(editions), returned_at_by_edition(editions)
    made = []
    for row in rows:
        note = row["working__send_back_remark"]
        if left := remarks.get(row["working_id"]):
            note = f"{note}{'；' if note else ''}正文中有 {left} 条修改意见待办理"
        since = returned.get(row["working_id"], row["working__updated_at"])  # each save moves updated_at, not the term
        made.append(_task("returned", row, today, since, note=note))
    return made


def _review(actor: Actor, own: frozenset[int], now: datetime, today: date) -> Iterable[Task]:
    rows = _read(waiting_for_review(actor).exclude(_mine(actor)), "working__updated_at", "working__review_step")
    steps = review_steps()
    return [
        _task(
            "review",
            row,
            today,
            row["working__updated_at"],
            note=""
            if row["working__review_step"] in ("", REVIEW)
            else f"环节：{steps[row['working__review_step']].label}",
        )
        for row in rows
    ]


def _sign(actor: Actor, own: frozenset[int], now: datetime, today: date) -> Iterable[Task]:
    rows = _read(_waiting(actor, Action.SIGN, State.SIGN_OFF).exclude(_mine(actor)), "working__updated_at")
    return [_task("sign", row, today, row["working__updated_at"]) for row in rows]


def _drafts(actor: Actor, own: frozenset[int], now: datetime, today: date) -> Iterable[Task]:
    drafts = of_bodies(own).filter(_mine(actor), state=State.DRAFT.value, working__send_back_remark="")
    rows = _read(drafts.filter(working__submitted_at=None), "working__formed_on", "working__document_date")
    terms = _terms([row["pk"] for row in rows])
    statutory = task_types()["drafts"].days or 0
    return [
        _task(
            "drafts",
            row,
            today,
            row["working__formed_on"] or row["working__document_date"],
            days=min(statutory, terms.get(row["pk"], statutory)),
        )
        for row in rows
    ]


def _terms(item_ids: list[int]) -> dict[int, int]:
    """The shortest term in working days that the catalogue rows of each item state; one query."""
    stated = CatalogueRow.objects.filter(items__in=item_ids).exclude(disclosure_time_limit="")
    found: dict[int, int] = {}
    for item_id, text in stated.values_list("items", "disclosure_time_limit"):
        limit = parse_time_limit(text)
        if limit and limit.op is Operator.WITHIN and limit.unit is Unit.WORKING_DAY and limit.n:
            found[item_id] = min(limit.n, found.get(item_id, limit.n))
    return found


def _uninterpreted(actor: Actor, own: frozenset[int], now: datetime, today: date) -> Iterable[Task]:
    writes = bodies_where(actor, Action.RELATE)
    bare = _of(without_interpretation(now), own if writes is None else writes)
    rows = bare.order_by("published_at").values(
        "title",
        "published_at",
        pk=F("item_id"),
        organisation_name=F("item__organisation__short_name"),
        kind=F("item__kind"),
    )
    return [_task("uninterpreted", row, today, row["published_at"]) for row in rows[:COUNT_LIMIT]]


def without_interpretation(now: datetime) -> QuerySet[Edition, Any]:
    """Public normative documents of the last year that nothing interprets; `body_id` is their body's. They have an index of their own.

    Body and kind are asked as computed values: left to their indexes, databases read every policy document instead of these few.
    """
    interpreted = Relation.objects.filter(target_id=OuterRef("item_id"), kind=RelationKind.INTERPRETS.value)
    return Edition.objects.annotate(
        body_id=F("item__organisation_id") + 0, item_kind=Coalesce("item__kind", Value(""))
    ).filter(
        ~Exists(interpreted),
        normative=True,
        published_at__gte=now - INTERPRETED_SINCE,
        state=State.PUBLISHED.value,
        item__current_id=F("pk"),
        item_kind="policy_document",
    )


def _of(editions: QuerySet[Edition, Any], bodies: frozenset[int] | None) -> QuerySet[Edition, Any]:
    return editions if bodies is None else editions.filter(body_id__in=bodies)


def _ended_basis(actor: Actor, own: frozenset[int], now: datetime, today: date) -> Iterable[Task]:
    flagged = open_findings().filter(rule=ended_bases.RULE)
    rows = _of(
        Edition.objects.annotate(body_id=F("item__organisation_id") + 0).filter(
            pk__in=flagged.values("edition_id"), state=State.PUBLISHED.value, item__current_id=F("pk")
        ),
        own,
    ).annotate(since=Subquery(flagged.filter(edition_id=OuterRef("pk")).order_by("found_at").values("found_at")[:1]))
    told = rows.order_by("since", "item_id").values(
        "title", "since", pk=F("item_id"), organisation_name=F("item__organisation__short_name"), kind=F("item__kind")
    )
    return [_task("ended_basis", row, today, row["since"]) for row in told[:COUNT_LIMIT]]


def _expiring(actor: Actor, own: frozenset[int], now: datetime, today: date) -> Iterable[Task]:
    rows = (
        _of(near_expiry(today), own)
        .order_by("expires_on", "item_id")
        .values(
            "title",
            "expires_on",
            pk=F("item_id"),
            organisation_name=F("item__organisation__short_name"),
            kind=F("item__kind"),
        )
    )
    return [_task("expiring", row, today, due=row["expires_on"]) for row in rows[:COUNT_LIMIT]]


def near_expiry(today: date) -> QuerySet[Edition, Any]:
    """Public editions whose last day is near; asked from the editions, where the day is indexed.

    Which of them are public is asked by way of the item, and the body as a computed value (`body_id`): left to their indexes of states
    and bodies, databases read every published edition, or every item of the body, instead of the few that are near their end.
    """
    return Edition.objects.annotate(body_id=F("item__organisation_id") + 0).filter(
        expires_on__range=(today, today + EXPIRY_NOTICE), item__current_id=F("pk"), withdrawn_at__isnull=True
    )


def _unsaved(actor: Actor, own: frozenset[int], now: datetime, today: date) -> Iterable[Task]:
    copies = WorkingCopy.objects.filter(
        user_id=actor.user_id, saved_at__lt=now - UNSAVED_AFTER, edition__state=State.DRAFT.value
    ).filter(edition__item__organisation_id__in=own)
    rows = copies.order_by("saved_at").values(
        "saved_at",
        pk=F("edition__item_id"),
        title=F("edition__title"),
        organisation_name=F("edition__item__organisation__short_name"),
        kind=F("edition__item__kind"),
    )
    return [_task("unsaved", row, today, at=row["saved_at"]) for row in rows[:COUNT_LIMIT]]


def _scheduled(actor: Actor, own: frozenset[int], now: datetime, today: date) -> Iterable[Task]:
    waiting = _waiting(actor, Action.PUBLISH, State.SCHEDULED).exclude(working__scheduled_for__lt=now - LATE_AFTER)
    return [
        _task("scheduled", row, today, at=row["working__scheduled_for"])
        for row in _read(waiting, "working__scheduled_for")
    ]


_PROVIDERS: Mapping[str, Callable[[Actor, frozenset[int], datetime, date], Iterable[Task]]] = {
    "findings": _findings,
    "refused": _refused,
    "returned": _returned,
    "review": _review,
    "sign": _sign,
    "drafts": _drafts,
    "uninterpreted": _uninterpreted,
    "ended_basis": _ended_basis,
    "expiring": _expiring,
    "unsaved": _unsaved,
    "scheduled": _scheduled,
}


def _read(items: QuerySet[Item], *more: str) -> _Rows:
    """The longest untouched first: what is bounded away is what came last."""
    return list(
        items.order_by(*(name.removeprefix("-") for name in ORDER)).values(
            "pk",
            "kind",
            *more,
            title=Coalesce("working__title", "current__title"),
            organisation_name=F("organisation__short_name"),
        )[:COUNT_LIMIT]
    )


def _task(
    code: str,
    row: Mapping[str, Any],
    today: date,
    since: date | datetime | None = None,
    *,
    due: date | datetime | None = None,
    days: int | None = None,
    note: str = "",
    at: date | datetime | None = None,
) -> Task:
    task_type, calendar = task_types()[code], calendars.current()
    if due is not None:
        deadline = tasks.until(_day(due), today, calendar)
    else:
        deadline = tasks.after(_day(since) if since else None, days or task_type.days, today, calendar)
    title = row["title"] or "（未填写标题）"
    return Task(task_type, row["pk"], title, row["organisation_name"], row["kind"], deadline, note or "", at)


def _day(moment: date | datetime) -> date:
    return timezone.localdate(moment) if isinstance(moment, datetime) else moment


# --- counted by body ---------------------------------------------------------------------------------------------------
OVERVIEW = ("findings", "drafts", "review", "sign", "scheduled", "uninterpreted", "expiring")
"""The types that are counted by body; `drafts` are all drafts of the body, whoever writes them."""
_STATES = {State.DRAFT: "drafts", State.REVIEW: "review", State.SIGN_OFF: "sign", State.SCHEDULED: "scheduled"}


def loads(actor: Actor, now: datetime) -> dict[int, BodyLoad]:
    """What waits in each body the actor oversees (`view_audit`: head, district office, administrator): four queries."""
    bodies = bodies_where(actor, Action.VIEW_AUDIT)
    today, calendar, types = timezone.localdate(now), calendars.current(), task_types()
    counts: defaultdict[int, dict[str, int]] = defaultdict(dict)
    late: defaultdict[int, dict[str, int]] = defaultdict(dict)

    def ends(code: str) -> datetime:
        """Begun before this moment means late."""
        last = tasks.overdue_since(today, types[code].days or 1, calendar)
        return timezone.make_aware(datetime.combine(last + timedelta(days=1), datetime.min.time()))

    overdue = (
        Q(state=State.REVIEW.value, working__updated_at__lt=ends("review"))
        | Q(state=State.SIGN_OFF.value, working__updated_at__lt=ends("sign"))
        | Q(state=State.SCHEDULED.value, working__scheduled_for__lt=now - LATE_AFTER)
        | Q(state=State.DRAFT.value, working__formed_on__lt=ends("drafts").date())
        | Q(state=State.DRAFT.value, working__formed_on=None, working__document_date__lt=ends("drafts").date())
    )
    waiting = of_bodies(bodies).filter(state__in=[state.value for state in _STATES])
    by_state = waiting.order_by().values_list("organisation_id", "state")
    for body, state, all_, some in by_state.annotate(all=Count("pk"), late=Count("pk", filter=overdue)):
        counts[body][_STATES[State(state)]], late[body][_STATES[State(state)]] = all_, some
    serious = open_findings().filter(serious=True)
    found = of_bodies(bodies).filter(current_id__in=serious.values("edition_id"), current__state=State.PUBLISHED.value)
    old = serious.values("edition_id").annotate(first=Min("found_at")).filter(first__lt=ends("findings"))
    near, bare = _of(near_expiry(today), bodies), _of(without_interpretation(now), bodies)
    for code, rows, is_late in (
        ("findings", found.order_by().values_list("organisation_id"), Q(current_id__in=old.values("edition_id"))),
        ("uninterpreted", bare.order_by().values_list("body_id"), Q(published_at__lt=ends("uninterpreted"))),
        ("expiring", near.order_by().values_list("body_id"), Q(expires_on__lt=today)),
    ):
        for body, all_, some in rows.annotate(all=Count("pk"), late=Count("pk", filter=is_late)):
            counts[body][code], late[body][code] = all_, some
    return {body: BodyLoad(body, of_body, late[body]) for body, of_body in counts.items()}
