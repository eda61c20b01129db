"""What the processes of the fault and concurrency tests do: `python -m tests.faults.work NAME JSON` prints the answer as JSON.

With `"wait": true` among the arguments the process says `ready` once it is set up and begins when it reads a line. `serve` answers
one question (`["NAME", {…}]`) a line until its input ends, which saves the start of a process for each.
"""

from __future__ import annotations

import io
import json
import sys
import traceback
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django

django.setup()

from django.db.models import Count  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from gongkai.audit.log import verify  # noqa: E402
from gongkai.audit.models import AuditRecord  # noqa: E402
from gongkai.disclosure import actions  # noqa: E402
from gongkai.disclosure.models import Attachment, ChangeNote, Edition, IndexNumberCounter, Item  # noqa: E402
from gongkai.files.models import StoredFile  # noqa: E402
from gongkai.importing.models import ImportedRecord  # noqa: E402
from gongkai.jobs.doctor import Check, examine  # noqa: E402
from gongkai.jobs.tick import tick  # noqa: E402
from gongkai.organisations.actors import actor_for  # noqa: E402
from gongkai.organisations.models import Organisation, User  # noqa: E402
from gongkai.rules.access import Actor, Role  # noqa: E402
from gongkai.rules.index_number import parse_index_number  # noqa: E402
from gongkai.rules.publication import State  # noqa: E402
from gongkai.rules.reasons import Refused  # noqa: E402
from gongkai.rules.relations import RelationKind  # noqa: E402
from gongkai.search import SearchQuery, SearchUnavailable, search  # noqa: E402
from gongkai.search.models import OutboxEntry  # noqa: E402
from gongkai.search.service import index_directory  # noqa: E402
from tests import factories  # noqa: E402
from tests.faults.case_work import (  # noqa: E402, F401 - called by name
    apply_at_once,
    apply_with_files,
    burn,
    case_facts,
    cases,
    many_clerks,
    redaction,
    run_tasks,
    sign_and_serve,
    work_on_shared,
)

STAFF = {"clerk": Role.CLERK, "reviewer": Role.REVIEWER, "signer": Role.SIGNER, "second_reviewer": Role.REVIEWER}


def actor(name: str) -> Actor:
    return actor_for(User.objects.get(username=name))


def body_id() -> int:
    return Organisation.objects.get(code="body").pk


def refusal(act: Callable[..., Any], **given: Any) -> tuple[str, ...]:
    """Codes of the reasons why an action was refused; empty when it was done."""
    try:
        act(**given)
    except Refused as refused:
        return refused.codes
    return ()


# --- preparing ---------------------------------------------------------------------------------------------------------
def staff() -> None:
    """One body and its people."""
    body = factories.body("测试单位", code="body")
    for name, role in STAFF.items():
        factories.member(body, role, name=name)


def drafts(count: int) -> list[int]:
    return [
        actions.create_item(
            actor=actor("clerk"), organisation_id=body_id(), kind="policy_document", values=factories.values()
        ).pk
        for _ in range(count)
    ]


def prepared(count: int, steps: list[str]) -> list[int]:
    """Drafts taken through `steps` (names of functions below)."""
    items = drafts(count)
    for step in steps:
        globals()[step](items=items, **({"by": "reviewer"} if step == "approve" else {}))
    return items


def due(count: int) -> list[int]:
    """Items signed for a moment that has just passed."""
    reviewed = {
        "author_id": actor("clerk").user_id,
        "approved_by_id": actor("reviewer").user_id,
        "signed_by_id": actor("signer").user_id,
        "secrecy_basis": "不涉密，可以公开",
        "scheduled_for": timezone.now() - timedelta(minutes=1),
    }
    body = Organisation.objects.get(code="body")
    return [item.pk for item in factories.published_many(body, count, state=State.SCHEDULED, life=reviewed)]


def interpreted(count: int) -> list[list[int]]:
    """Two interpretations for each of `count` public normative documents, all of them signed for a later day: the first ones, the
    second ones."""
    body, now = Organisation.objects.get(code="body"), timezone.now()
    documents = factories.published_many(body, count, normative=True, life={"signed_at": now})
    waiting = {"signed_at": now, "scheduled_for": now + timedelta(days=1)}
    made = factories.published_many(body, 2 * count, kind="interpretation", state=State.SCHEDULED, life=waiting)
    for place, one in enumerate(made):
        factories.relation(one, RelationKind.INTERPRETS, documents[place % count])
    ids = [one.pk for one in made]
    return [ids[:count], ids[count:]]


def published(count: int) -> list[int]:
    return [item.pk for item in factories.published_many(Organisation.objects.get(code="body"), count)]


# --- what processes do at the same time, or are killed at ----------------------------------------------------------------
def create(count: int) -> int:
    """Open `count` items, one action after another."""
    return len(drafts(count))


def save(title: str, items: list[int]) -> dict[str, int]:
    """Save each draft as one who read revision 0."""
    clerk = actor("clerk")
    codes = Counter(
        ",".join(refusal(actions.save_draft, actor=clerk, item_id=pk, values={"title": title}, revision=0))
        for pk in items
    )
    return dict(codes)


def submit(items: list[int]) -> dict[str, int]:
    clerk = actor("clerk")
    return dict(Counter(",".join(refusal(actions.submit, actor=clerk, item_id=pk)) for pk in items))


def approve(by: str, items: list[int]) -> dict[str, int]:
    who = actor(by)
    return dict(
        Counter(
            ",".join(refusal(actions.approve, actor=who, item_id=pk, secrecy_basis=f"{by}：可以公开")) for pk in items
        )
    )


def sign(items: list[int]) -> dict[str, int]:
    who = actor("signer")
    return dict(Counter(",".join(refusal(actions.sign, actor=who, item_id=pk)) for pk in items))


def take_back(items: list[int]) -> dict[str, int]:
    who = actor("clerk")
    return dict(Counter(",".join(refusal(actions.return_to_draft, actor=who, item_id=pk)) for pk in items))


def correct(items: list[int]) -> dict[str, int]:
    who = actor("clerk")
    return dict(
        Counter(",".join(refusal(actions.correct, actor=who, item_id=pk, change_note="更正笔误")) for pk in items)
    )


def tick_once() -> int:
    """One tick; the number it published."""
    return tick().published


def publish_all() -> int:
    """Take every item through attachment, submission, approval and signature, from wherever an earlier run left it."""
    clerk, reviewer, signer = actor("clerk"), actor("reviewer"), actor("signer")
    done = 0
    for item in Item.objects.exclude(working=None).order_by("pk"):
        if item.state == State.DRAFT:
            if not Attachment.objects.filter(edition=item.working_id).exists():
                content = f"第{item.pk}号附件\n" * 2000
                actions.attach(
                    actor=clerk, item_id=item.pk, name=f"附件{item.pk}.txt", stream=io.BytesIO(content.encode())
                )
            actions.submit(actor=clerk, item_id=item.pk)
            item.refresh_from_db()
        if item.state == State.REVIEW:
            actions.approve(actor=reviewer, item_id=item.pk, secrecy_basis="不涉密，可以公开")
            item.refresh_from_db()
        if item.state == State.SIGN_OFF:
            actions.sign(actor=signer, item_id=item.pk)
            done += 1
    return done


def change(seconds: float) -> dict[str, int]:
    """Correct, publish and withdraw published items for some seconds, as an office does while an index is being built."""
    clerk, reviewer, signer = actor("clerk"), actor("reviewer"), actor("signer")
    until = timezone.now() + timedelta(seconds=seconds)
    counts: Counter[str] = Counter()
    for item in Item.objects.filter(state=State.PUBLISHED).order_by("?").iterator():
        if timezone.now() > until:
            break
        if item.pk % 3 == 0:
            actions.withdraw(actor=reviewer, item_id=item.pk, reason="published_in_error", note="内容有误")
            counts["withdrawn"] += 1
            continue
        actions.correct(actor=clerk, item_id=item.pk, change_note="更正笔误")
        actions.save_draft(actor=clerk, item_id=item.pk, values=factories.values(title=f"更正后的第{item.pk}号通知"))
        actions.submit(actor=clerk, item_id=item.pk)
        actions.approve(actor=reviewer, item_id=item.pk, secrecy_basis="可以公开")
        actions.sign(actor=signer, item_id=item.pk)
        counts["corrected"] += 1
    return dict(counts)


def hold_database(seconds: float) -> None:
    """Sit in a writing transaction."""
    import time

    from django.db import transaction

    with transaction.atomic():
        Organisation.objects.filter(code="body").update(fax="")
        print("held", file=sys.stderr, flush=True)
        time.sleep(seconds)


def create_until_full() -> int:
    """Open items until the file system lets no file grow any further; the number that were opened."""
    import resource
    import signal

    from django.conf import settings
    from django.db import OperationalError

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limit = (settings.GONGKAI_DATA_DIR / "gongkai.sqlite3").stat().st_size + 200_000
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    done = 0
    while done < 5000:
        try:
            create(1)
        except OperationalError as error:
            print(f"full after {done}: {error}")
            return done
        done += 1
    raise AssertionError("the disk never became full")


def attach_again(item: int) -> str:
    """Attach one and the same file; where it is stored."""
    content = "同一份附件\n" * 5000
    made = actions.attach(actor=actor("clerk"), item_id=item, name="附件.txt", stream=io.BytesIO(content.encode()))
    return made.file.storage_name


def forget_files() -> None:
    """As when the process died between writing the file and recording it."""
    Attachment.objects.all().delete()
    StoredFile.objects.all().delete()


# --- subsidy tables ----------------------------------------------------------------------------------------------------
def table_draft(rows: int) -> None:
    """A draft with a list of `rows` records that waits to be checked."""
    from bench import subsidy_list

    from gongkai.disclosure import tables
    from gongkai.rules.table_kinds import table_kinds
    from gongkai.tables import preparing
    from gongkai.text.tables.headers import propose

    values = {"title": "补贴发放情况"}
    item = actions.create_item(actor=actor("clerk"), organisation_id=body_id(), kind="benefit_subsidy", values=values)
    lines = [",".join(subsidy_list.HEADS), *(",".join(map(str, row)) for row in subsidy_list.people(rows))]
    stream = io.BytesIO("\n".join(lines).encode())
    begun = tables.upload(actor=actor("clerk"), item_id=item.pk, kind="land_fertility", name="表.csv", stream=stream)
    preparing.read(begun.pk, begun.token)
    begun.refresh_from_db()
    tables.choose_columns(
        actor=actor("clerk"),
        item_id=item.pk,
        sheet=begun.sheet,
        header=(begun.header_row, begun.header_depth),
        mapping=propose(preparing.head_of(begun), table_kinds()[begun.kind], {}),
        exposure={},
    )


def check_table() -> None:
    """What the background task does."""
    from gongkai.tables import preparing
    from gongkai.tables.models import TableUpload

    begun = TableUpload.objects.get()
    preparing.check(begun.pk, begun.token)


def accept_table() -> tuple[str, ...]:
    """Into the draft; the codes of what refuses it."""
    from gongkai.disclosure import tables

    return refusal(tables.accept, actor=actor("clerk"), item_id=Item.objects.get().pk, warnings_seen=True)


def table_facts() -> dict[str, Any]:
    """How far the table is."""
    from django.core.files.storage import default_storage

    from gongkai.tables.models import EditionTable, PublicTable, TableRow, TableUpload

    positions = list(TableRow.objects.order_by("table_id", "position").values_list("position", flat=True))
    made = default_storage.listdir("tables")[1] if default_storage.exists("tables") else []
    return {
        "state": TableUpload.objects.values_list("state", flat=True).first(),
        "rows": len(positions),
        "in_order": positions == list(range(1, len(positions) + 1)),
        "tables": PublicTable.objects.count(),
        "accepted": EditionTable.objects.count(),
        "downloads": len(made),
    }


# --- followed lists ----------------------------------------------------------------------------------------------------
def subscribers(count: int) -> None:
    """Readers of everything, due for a letter about one item."""
    from gongkai.participation.models import Subscription
    from gongkai.search.indexer import reindex
    from tests.participation.makers import row

    now = timezone.localtime().replace(minute=0, second=0, microsecond=0)
    body = Organisation.objects.get(code="body")
    factories.published_many(body, 1, at=now - timedelta(hours=1))
    reindex()
    since = now - timedelta(hours=2)
    Subscription.objects.bulk_create(row(f"reader{n}@example.cn", since, frequency="immediate") for n in range(count))


def send_letters() -> None:
    """One pass, up to the hour."""
    from gongkai.participation import digest

    digest.run(timezone.localtime().replace(minute=2, second=0, microsecond=0))


def letters_begun() -> dict[str, int]:
    """How many letters are due still, and how many are claimed."""
    from gongkai.participation.models import Subscription

    hour = timezone.localtime().replace(minute=0, second=0, microsecond=0)
    rows = Subscription.objects
    return {
        "due": rows.filter(last_at__lt=hour, claimed_at=None).count(),
        "claimed": rows.exclude(claimed_at=None).count(),
    }


def age_claims() -> list[int]:
    """Set claims back by an hour and let the next run settle them; the subscriptions the doctor names then."""
    from gongkai.participation import digest
    from gongkai.participation.models import Subscription
    from gongkai.participation.selectors import interrupted

    Subscription.objects.exclude(claimed_at=None).update(claimed_at=timezone.now() - timedelta(hours=1))
    digest.run(timezone.now())
    return list(interrupted(timezone.now()).values_list("pk", flat=True))


# --- what is there -----------------------------------------------------------------------------------------------------
def facts() -> dict[str, Any]:
    """Everything the tests count, read from database and index."""
    numbers = list(Item.objects.values_list("index_number", flat=True))
    serials = sorted(parsed.serial for number in numbers if (parsed := parse_index_number(number)))
    per_item = ChangeNote.objects.filter(what="发布").values("item").annotate(n=Count("id"))
    return {
        "items": len(numbers),
        "distinct_numbers": len(set(numbers)),
        "gapless": serials == list(range(1, len(serials) + 1)),
        "counter": sum(IndexNumberCounter.objects.values_list("last", flat=True)),
        "states": dict(Counter(Item.objects.values_list("state", flat=True))),
        "editions": Edition.objects.count(),
        "titles": sorted(Edition.objects.filter(state=State.PUBLISHED).values_list("title", flat=True)),
        "attachments": Attachment.objects.count(),
        "imported": ImportedRecord.objects.count(),
        "published_twice": [row["item"] for row in per_item if row["n"] > 1],
        "audited": dict(Counter(AuditRecord.objects.values_list("action", flat=True))),
        "audit_broken_at": verify().broken_at,
        "inconsistent": {check.name: check.problems for check in _register_checks() if check.problems},
        "waiting": OutboxEntry.objects.count(),
        "index_versions": len(list(index_directory().glob("v*"))),
    }


def _register_checks() -> list[Check]:
    """The doctor's checks of the register itself; the index may lag behind while processes are being killed."""
    return [check for check in examine(files=True) if check.name != "检索索引"]


def revisions() -> dict[str, int]:
    """How many working drafts have been saved how often."""
    return dict(Counter(str(n) for n in Item.objects.exclude(working=None).values_list("working__revision", flat=True)))


def found(text: str = "") -> int | str:
    """How many items search finds; the sentence for people when it cannot search."""
    try:
        return search(SearchQuery(text)).total
    except SearchUnavailable as error:
        return str(error)


def page(address: str) -> dict[str, Any]:
    """A page of the site as a visitor gets it."""
    response = Client(raise_request_exception=False).get(address)
    return {"status": response.status_code, "text": response.content.decode()}


def serve() -> None:
    for line in sys.stdin:
        name, given = json.loads(line)
        try:
            answer = {"answer": globals()[name](**given)}
        except Exception:
            answer = {"error": traceback.format_exc()}
        print(json.dumps(answer, ensure_ascii=False), flush=True)


def main() -> None:
    if sys.argv[1] == "serve":
        serve()
        return
    name, given = sys.argv[1], json.loads(sys.argv[2])
    if given.pop("wait", False):
        print("ready", flush=True)
        sys.stdin.readline()
    print(json.dumps(globals()[name](**given), ensure_ascii=False))


if __name__ == "__main__":
    main()
