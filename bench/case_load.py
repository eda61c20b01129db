"""Many information requests at once: `python -m bench.case_load 20000` writes them into the installation of `GONGKAI_DATA_DIR`.

Five years of cases of sixty bodies, with their submissions, applicants, assignments, remedies and events. They are written in bulk, not by
20,000 actions, but hold what the actions would have left: each event is allowed in its state, the chains are whole, and the columns are
what the facts of the rules say. Letters and files are left out: nothing that is measured reads them.
"""

from __future__ import annotations

import hashlib
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gongkai.foi.models import Case, CaseEvent
    from gongkai.rules.calendar import WorkingDays

YEARS, BODIES, CHUNK = 5, 60, 1000
UNSWEPT_DAYS = 90
"""Days before today in which what lapsed is not recorded, so that the sweep has something to do."""
_OUTCOMES = (
    ("disclosed", 40), ("partially_disclosed", 12), ("not_held", 14), ("requires_creation", 4), ("third_party_rights", 4),
    ("internal_affairs", 3), ("deliberative_information", 3), ("petition_matter", 5), ("repeated_request", 3), ("registry_enquiry", 4),
    ("other", 2), ("state_secret", 1),
)  # fmt: skip
_CATEGORIES = (
    ("natural", 78),
    ("enterprise", 14),
    ("research", 2),
    ("charity", 2),
    ("legal_services", 3),
    ("other", 1),
)
_TITLES = (
    "征地补偿安置方案",
    "学区划分方案",
    "老旧小区改造资金使用情况",
    "行政处罚决定书",
    "医疗机构设置规划",
    "道路施工许可",
    "低保评审结果",
)
_WAYS = (
    ("plain", 55), ("correction", 9), ("uncorrected", 5), ("consultation", 9), ("silent", 5), ("extension", 8), ("assigned", 6),
    ("withdrawn", 3),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """One event, so many working days after the day of receipt, and what it says."""

    event: str
    after: int
    data: dict[str, Any] = field(default_factory=dict)


def _drawn(rng: random.Random, weighted: tuple[tuple[str, int], ...]) -> str:
    return rng.choices([name for name, _ in weighted], [weight for _, weight in weighted])[0]


def story(way: str, outcome: str, took: int, day: dict[int, date], unit: int) -> Iterator[Step]:
    """What happens to one case; `day` gives the day that lies so many working days after receipt, `took` the days to the answer."""
    yield Step("confirm_receipt", 0, {"how": "phone"})
    yield Step("register", 0)
    yield Step("claim", 1)
    begin = 2
    if way == "withdrawn":
        yield Step("withdraw", 3, {"statement": "电话撤回"})
        return
    if way in ("correction", "uncorrected"):
        yield Step("send_correction_notice", 3, {"items": "请写明年份", "reply_by": day[13].isoformat()})
        begin = 14
        yield (
            Step("receive_correction", 9, {"content": "2023年"})
            if way == "correction"
            else Step("correction_lapsed", 13)
        )
    if way in ("consultation", "silent"):
        yield Step("send_consultation", 2, {"party": "third_party", "name": "示例公司", "asked": "是否同意公开"})
        seq = 5
        yield Step("serve_consultation", 4, {"consultation": seq})
        given = {"consultation": seq, "opinion": "agrees", "content": "同意"}
        lapsed = {"consultation": seq, "effect": "body_decides"}
        yield Step("receive_opinion", 12, given) if way == "consultation" else Step("opinion_lapsed", 19, lapsed)
        begin = 20
    if way == "extension":
        yield Step("request_extension", 10, {"days": 20, "reason": "材料较多"})
        yield Step("approve_extension", 11)
        yield Step("serve_extension", 12)
        begin = 22
    if way == "assigned":
        yield Step("assign", 2, {"body": unit, "lead": "lead", "due_on": day[7].isoformat()})
        yield Step("give_opinion", 6, {"opinion": "可以公开"})
        begin = 7
    end = begin + took
    code = "uncorrected" if way == "uncorrected" else outcome
    yield Step("draft", end - 2, {"decision": {"outcome": code, "letter": code, "content": "示例"}})
    yield Step("send_for_review", end - 2)
    yield Step("approve", end - 1)
    yield Step("sign", end)
    yield Step("serve", end + 1, {"way": "online", "proof": "示例"})


class _Writer:
    """Makes the cases of one body after the other and writes them in chunks."""

    def __init__(self, count: int, today: date) -> None:
        from gongkai.calendars import selectors as calendars

        self.rng, self.today, self.count = random.Random(2026), today, count
        self.calendar: WorkingDays = calendars.current()
        first = date(today.year - YEARS, today.month, 1)
        self.days = [
            day
            for n in range((today - first).days + 1)
            if self.calendar.is_working_day(day := first + timedelta(days=n))
        ]
        self.numbers: dict[tuple[int, int], int] = {}

    def write(self, bodies: list[tuple[int, int]]) -> None:
        """`bodies`: (organisation, its clerk)."""
        from django.db import transaction

        from gongkai.foi.models import Serial

        for start in range(0, self.count, CHUNK):
            with transaction.atomic():
                self._chunk(range(start, min(start + CHUNK, self.count)), bodies)
        Serial.objects.bulk_create(
            Serial(organisation_id=body, series="case", year=year, last=last)
            for (body, year), last in self.numbers.items()
        )

    def _chunk(self, places: range, bodies: list[tuple[int, int]]) -> None:
        from gongkai.foi.models import Applicant, Case, CaseEvent, Remedy, Submission

        placed = [(n, *bodies[n % len(bodies)], self.days[self.rng.randrange(len(self.days))]) for n in places]
        submissions = Submission.objects.bulk_create(_submission(n, body, day) for n, body, _, day in placed)
        applicants = Applicant.objects.bulk_create(
            _applicant(n, one, _drawn(self.rng, _CATEGORIES)) for (n, *_), one in zip(placed, submissions, strict=True)
        )
        made = [
            self._case(n, body, clerk, day, applicant, bodies)
            for (n, body, clerk, day), applicant in zip(placed, applicants, strict=True)
        ]
        Case.objects.bulk_create(case for case, _ in made)
        for case, events in made:
            _chain(case, events)
        CaseEvent.objects.bulk_create((event for _, events in made for event in events), batch_size=500)
        _assignments(made)
        Remedy.objects.bulk_create(
            Remedy(case=case, kind="reconsideration", authority="示例人民政府", filed_on=case.closed_on)
            for case, _ in made if case.state == "closed" and case.pk % 40 == 0
        )  # fmt: skip

    def _case(self, n: int, body: int, clerk: int, received: date, applicant: Any, bodies: list[tuple[int, int]]) -> tuple[Case, list[CaseEvent]]:  # fmt: skip
        """A case with its columns filled, and its events that are not chained yet."""
        from gongkai.foi.models import Case
        from gongkai.foi.selectors import happened
        from gongkai.foi.writing import refresh
        from gongkai.rules.case_facts import fold

        case = Case(
            organisation_id=body, submission_id=applicant.submission_id, applicant=applicant, category=applicant.category, channel="online",
            title=f"{2020 + n % 7}年{_TITLES[n % len(_TITLES)]}", description="示例", medium="electronic", delivery="online",
            opened_at=_moment(received),
        )  # fmt: skip
        took = max(3, min(19, round(self.rng.gauss(12, 5)))) + (self.rng.random() < 0.01) * 30
        ahead = _Ahead(self.calendar, received)
        steps = story(
            _drawn(self.rng, _WAYS), _drawn(self.rng, _OUTCOMES), took, ahead, bodies[(n + 1) % len(bodies)][0]
        )
        events = self._events(case, clerk, received, ahead, steps)
        refresh(case, fold(happened(events)), self.calendar, self.today)
        case.last_seq = len(events)
        if any(event.name == "register" for event in events):
            key = (body, received.year)
            self.numbers[key] = self.numbers.get(key, 0) + 1
            case.number = f"{received.year}年第{self.numbers[key]}号"
        return case, events

    def _events(self, case: Case, clerk: int, received: date, ahead: _Ahead, steps: Iterator[Step]) -> list[CaseEvent]:
        from gongkai.rules.case_events import TRANSITIONS, state_reasons
        from gongkai.rules.case_events import CaseEvent as Event
        from gongkai.rules.case_states import CaseState

        state = CaseState.AWAITING_CONFIRMATION
        events = [_event(case, 1, Event.SUBMIT, received, state, state, {"received_on": None}, None)]
        for seq, step in enumerate(steps, start=2):
            name, day = Event(step.event), ahead[step.after]
            system = TRANSITIONS[name].by_system
            if day > self.today or (system and day > self.today - timedelta(days=UNSWEPT_DAYS)):
                break
            if reasons := state_reasons(name, state):
                raise ValueError(f"{name} cannot follow: {reasons[0].message}")
            target = TRANSITIONS[name].target or state
            events.append(_event(case, seq, name, day, state, target, step.data, None if system else clerk))
            state = target
        return events


class _Ahead(dict[int, date]):
    """The days that lie so many working days after one, reckoned when they are asked for."""

    def __init__(self, calendar: WorkingDays, first: date) -> None:
        super().__init__()
        self._calendar, self._first = calendar, first

    def __missing__(self, count: int) -> date:
        self[count] = self._calendar.add(self._first, count).day if count else self._first
        return self[count]


def _submission(n: int, body: int, day: date) -> Any:
    from gongkai.foi.models import Submission

    token = hashlib.sha256(f"bench {n}".encode()).hexdigest()
    return Submission(
        organisation_id=body, channel="online", submitted_at=_moment(day), client_token=token, payload={"applicant": {}, "content": {}},
        digest=token, tracking_number=f"{day:%Y%m%d}{n:06d}", query_code_hash="!",
    )  # fmt: skip


def _applicant(n: int, submission: Any, category: str) -> Any:
    from gongkai.foi.models import Applicant

    same = hashlib.sha256(f"person {n * 7919 % 9000}".encode()).hexdigest()
    return Applicant(
        submission=submission, category=category, name=f"示例申请人{n % 9000}", id_kind="other", id_masked="S****", same_person=same,
        phone="0558-0000000",
    )  # fmt: skip


def _event(
    case: Case, seq: int, name: Any, day: date, source: Any, target: Any, data: dict[str, Any], clerk: int | None
) -> CaseEvent:
    from gongkai.foi.models import CaseEvent

    return CaseEvent(
        seq=seq, name=name.value, at=_moment(day), effective_on=day, actor_id=clerk, actor_name="示例经办人" if clerk else "系统（期限）",
        organisation_id=case.organisation_id if clerk else None, from_state=source.value, to_state=target.value, data=data,
    )  # fmt: skip


def _chain(case: Case, events: list[CaseEvent]) -> None:
    from gongkai.foi import chain

    previous = chain.GENESIS
    for event in events:
        event.case, event.previous_hash = case, previous
        previous = event.hash = chain.hash_of(event)


def _assignments(made: list[tuple[Case, list[CaseEvent]]]) -> None:
    from gongkai.foi.models import Assignment

    found = []
    for case, events in made:
        given = next((event for event in events if event.name == "assign"), None)
        ended = next((event.seq for event in events if event.name == "give_opinion"), None)
        if given:
            found.append(
                Assignment(
                    case=case, organisation_id=given.data["body"], due_on=date.fromisoformat(given.data["due_on"]), seq=given.seq,
                    ended_seq=ended,
                )
            )  # fmt: skip
    Assignment.objects.bulk_create(found)


def _moment(day: date) -> datetime:
    from django.utils import timezone

    return datetime.combine(day, time(9), timezone.get_current_timezone())


def district(bodies: int = BODIES) -> list[tuple[int, int]]:
    """Bodies with a clerk each, and the district office: made once, (organisation, clerk) of each."""
    from gongkai.organisations.models import Membership, Organisation, User
    from gongkai.rules.uscc import make_uscc

    found = []
    for n in range(bodies):
        body, _ = Organisation.objects.get_or_create(
            code=f"bench{n}",
            defaults={
                "name": f"示例单位{n}", "short_name": f"单位{n}", "kind": "district_government" if n == 0 else "department",
                "uscc": make_uscc(f"11341602{n:09d}"), "phone": "0558-0000000", "address": "示例路1号", "position": n,
            },
        )  # fmt: skip
        role = "district_office" if n == 0 else "clerk"
        user, _ = User.objects.get_or_create(username=f"{role}{n}", defaults={"display_name": f"示例经办人{n}"})
        Membership.objects.get_or_create(user=user, organisation=body, role=role)
        found.append((body.pk, user.pk))
    return found


def load(count: int, today: date | None = None, bodies: int = BODIES) -> int:
    """Write `count` cases that end on `today`; returns how many events they have."""
    from django.utils import timezone

    from gongkai.foi.models import CaseEvent

    _Writer(count, today or timezone.localdate()).write(district(bodies))
    return CaseEvent.objects.count()


if __name__ == "__main__":
    import django

    django.setup()
    print(load(int(sys.argv[1])))
