"""What the processes of the fault tests do with cases of 依申请公开; `tests.faults.work` calls them by name."""

from __future__ import annotations

import random
import secrets
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection, transaction

from gongkai.audit.models import AuditRecord
from gongkai.documents.redaction import RedactionBox
from gongkai.foi import documents, drafts, intake, redactions
from gongkai.foi.models import BodySettings, Case, CaseDocument, CaseEvent, Letter, Submission
from gongkai.foi.recording import APPLICANT, Wanted, act
from gongkai.organisations.actors import actor_for
from gongkai.organisations.models import Organisation, User
from gongkai.rules.access import Actor, Role
from gongkai.rules.case_events import CaseEvent as Event
from gongkai.rules.reasons import Refused
from gongkai.rules.receipt import Channel
from tests import factories
from tests.foi.makers import DISCLOSED, applicant, content


def _actor(name: str) -> Actor:
    return actor_for(User.objects.get(username=name))


def _body() -> Organisation:
    return Organisation.objects.get(code="body")


def _do(name: str, case: Case, event: Event, **data: Any) -> None:
    """One event with a token of its own: done again, it is the same."""
    token = f"{case.pk}-{event.value}"
    act(actor=_actor(name), case_id=case.pk, wanted=Wanted(event, data, token=token))
    case.refresh_from_db()


def cases(count: int) -> int:
    """Cases that wait for the signature."""
    BodySettings.objects.get_or_create(
        organisation=_body(), defaults={"mark": "谯测", "online_reconsideration": "示例入口"}
    )
    for number in range(count):
        taken = intake.take_in(
            actor=APPLICANT, organisation_id=_body().pk, channel=Channel.ONLINE, client_token=f"{number:032d}",
            applicant=applicant(), content=content(),
        )  # fmt: skip
        case = Case.objects.get(pk=taken.case_id)
        _do("clerk", case, Event.CONFIRM_RECEIPT, how="phone")
        _do("clerk", case, Event.REGISTER)
        _do("clerk", case, Event.DRAFT, decision=DISCLOSED)
        _do("clerk", case, Event.SEND_FOR_REVIEW)
        _do("reviewer", case, Event.APPROVE)
    return count


def sign_and_serve() -> int:
    """Each case from wherever an earlier run left it to its end."""
    for case in Case.objects.order_by("pk"):
        if case.state == "awaiting_sign_off":
            _do("signer", case, Event.SIGN)
        if case.state == "awaiting_service":
            _do("clerk", case, Event.SERVE, way="online", proof="示例凭证")
    return Case.objects.filter(state="closed").count()


def apply_with_files(count: int) -> int:
    """`count` applications with a file each, forms whose tokens are known: sent again, each is the same application."""
    for number in range(count):
        token = f"form{number:028d}"
        if Submission.objects.filter(client_token=token).exists():
            continue
        upload = SimpleUploadedFile("说明.png", factories.picture(number))
        assert drafts.keep(token, "application", [upload], "files") == []
        with transaction.atomic():  # as the page does it
            intake.take_in(
                actor=APPLICANT, organisation_id=_body().pk, channel=Channel.ONLINE, client_token=token, applicant=applicant(),
                content=content(), files=drafts.given(drafts.of(token)),
            )  # fmt: skip
            drafts.release(token)
    return Submission.objects.count()


def redaction(path: str) -> int:
    """A case with a found document and a box on it; the copy is asked for."""
    case = Case.objects.order_by("pk")[0]
    with Path(path).open("rb") as stream:
        kept = documents.keep("名单.pdf", stream)
    found = documents.add(actor=_actor("clerk"), case_id=case.pk, kind="responsive", files=[kept])[0]
    box = RedactionBox(1, 0.05, 0.28, 0.6, 0.40, "personal_privacy")
    redactions.save_boxes(
        actor=_actor("clerk"), case_id=case.pk, document_id=found.pk, boxes=[box], revision=0, pages=1
    )
    redactions.request_burn(actor=_actor("clerk"), case_id=case.pk, document_id=found.pk)
    return found.pk


def burn() -> int:
    """What the worker does for the document that waits, by the same function; how many copies there are."""
    for document in CaseDocument.objects.filter(kind="responsive"):
        redactions.make_copy(document.pk, document.layer.get("revision", 0), None)
    return CaseDocument.objects.filter(kind="redacted").count()


# --- many at the same time ---------------------------------------------------------------------------------------------
def _at_once(jobs: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run the jobs in a thread each, begun together, each with a connection of its own."""
    together = Barrier(len(jobs))

    def run(job: Callable[[], Any]) -> Any:
        connection.ensure_connection()
        together.wait()
        try:
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def apply_at_once(first: int, count: int) -> list[tuple[str, bool, float]]:
    """`count` applications at the same moment, forms `first` and on: tracking number, whether it was there already, seconds."""
    body = _body().pk

    def send(number: int) -> tuple[str, bool, float]:
        began = time.monotonic()
        taken = intake.take_in(
            actor=APPLICANT, organisation_id=body, channel=Channel.ONLINE, client_token=f"load{number:028d}",
            applicant=applicant(), content=content(),
        )  # fmt: skip
        return taken.tracking_number, taken.repeated, time.monotonic() - began

    return _at_once([lambda number=number: send(number) for number in range(first, first + count)])


def many_clerks(count: int) -> None:
    """Clerks of the body, named `clerk1` and on."""
    for number in range(1, count + 1):
        factories.member(_body(), Role.CLERK, name=f"clerk{number}")


_NEXT: dict[str, tuple[Event, dict[str, Any]]] = {
    "awaiting_confirmation": (Event.CONFIRM_RECEIPT, {"how": "phone"}),
    "awaiting_registration": (Event.REGISTER, {}),
    "in_progress": (Event.CLAIM, {}),
}
"""What a clerk does with a case in a state; all want the same."""


def work_on_shared(first: int, count: int) -> dict[str, Any]:
    """`count` clerks go through all cases, each in an order of his own: the next step as the page knew the case, and a note sent twice.

    How many steps were taken and notes written, why others were refused, and the seconds each act took.
    """
    keys = list(Case.objects.order_by("pk").values_list("pk", flat=True))
    people = {number: _actor(f"clerk{number}") for number in range(first, first + count)}

    def work(number: int) -> tuple[Counter[str], list[float]]:
        said: Counter[str] = Counter()
        seconds = []
        for pk in random.Random(number).sample(keys, len(keys)):
            case = Case.objects.get(pk=pk)
            event, data = _NEXT[case.state]
            note = Wanted(Event.NOTE, {"text": "电话联系申请人"}, token=secrets.token_hex(16))
            step = Wanted(event, data, token=secrets.token_hex(16), expected_seq=case.last_seq)
            for wanted in (step, note, note):
                began = time.monotonic()
                try:
                    act(actor=people[number], case_id=pk, wanted=wanted)
                    said[wanted.event.value] += 1
                except Refused as refused:
                    said.update(refused.codes)
                seconds.append(time.monotonic() - began)
        return said, seconds

    found = _at_once([lambda number=number: work(number) for number in people])
    return {
        "said": dict(sum((said for said, _ in found), Counter())),
        "seconds": [second for _, seconds in found for second in seconds],
    }


def case_facts() -> dict[str, Any]:
    """What the tests count."""
    twice = Counter(CaseEvent.objects.values_list("case_id", "name"))
    return {
        "states": dict(Counter(Case.objects.values_list("state", flat=True))),
        "twice": sorted(f"{case} {name}" for (case, name), n in twice.items() if n > 1),
        "letters": dict(Counter(Letter.objects.values_list("type", flat=True))),
        "numbers": len(set(Letter.objects.filter(number__gt="").values_list("number", flat=True))),
        "numbered": Letter.objects.filter(number__gt="").count(),
        "events": dict(Counter(CaseEvent.objects.values_list("name", flat=True))),
        "audited": AuditRecord.objects.filter(action__startswith="case.").count(),
        "registered": sorted(Case.objects.exclude(number="").values_list("number", flat=True)),
        "tracking": sorted(Submission.objects.values_list("tracking_number", flat=True)),
        "submissions": Submission.objects.count(),
        "cases": Case.objects.count(),
        "application_files": CaseDocument.objects.filter(kind="application").count(),
        "copies": CaseDocument.objects.filter(kind="redacted").count(),
    }


def run_tasks() -> None:
    """The background work that waits."""
    call_command("db_worker", "--batch", "--no-startup-delay", "--no-reload", verbosity=0)
