"""Office pages: CPU and queries of what people open all day, in this process.

`python -m bench.office` measures in the installation named by `GONGKAI_DATA_DIR` and prints JSON; the runner calls it so that the
measured process has imported nothing else.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

from bench.measurement import Measurement
from bench.pages import measure, signed_in
from bench.scratch import Scratch

if TYPE_CHECKING:
    from gongkai.organisations.models import Membership

OFFICE_MS, LIST_QUERIES, WORKLIST_QUERIES, ITEM_QUERIES = 60.0, 12, 20, 40
"""The worklist asks every kind of task for its own (docs/decisions/0029)."""
REPEATED = 20
LISTS = (
    "/office/items/",
    "/office/items/?state=published",
    "/office/items/?state=draft",
    "/office/items/?kind=policy_document",
    "/office/items/?kind=annual_report",
    "/office/items/?q=%E5%85%B3%E4%BA%8E",
)
"""The list as it opens, by states that are common and rare, by kinds that are common and rare, by the beginning of a title."""


def office_pages(scratch: Scratch) -> list[Measurement]:
    """CPU and queries of the list, the worklist, an item's page with its findings, and the editor."""
    return [Measurement(**row) for row in json.loads(scratch.run(module="bench.office"))]


def _pages() -> Iterator[Measurement]:
    for role in ("district_office", "clerk"):
        cookie = signed_in(_somebody(role).user)
        for name, address in (("worklist", "/office/"), *((f"list {path[14:]}", path) for path in LISTS)):
            most = WORKLIST_QUERIES if name == "worklist" else LIST_QUERIES
            yield from measure(
                f"office {name} as {role}", [address] * REPEATED, budget=OFFICE_MS, queries=most, cookie=cookie
            )
    with _draft() as (clerk, draft):
        cookie = signed_in(clerk.user)
        for name, address in (("item page", f"/office/items/{draft}/"), ("editor", f"/office/items/{draft}/edit/")):
            yield from measure(
                f"office {name}", [address] * REPEATED, budget=OFFICE_MS, queries=ITEM_QUERIES, cookie=cookie
            )


def _somebody(role: str) -> Membership:
    from gongkai.organisations.models import Membership

    return Membership.objects.filter(role=role).select_related("user").order_by("pk")[0]


@contextlib.contextmanager
def _draft() -> Iterator[tuple[Membership, int]]:
    """A clerk and a checked draft of his own with the text of a published document; thrown away afterwards."""
    from gongkai.disclosure import actions, findings
    from gongkai.disclosure.models import Item
    from gongkai.organisations.actors import actor_for

    clerk = _somebody("clerk")
    actor = actor_for(clerk.user)
    published = Item.objects.filter(organisation=clerk.organisation, state="published", kind="policy_document")
    made = actions.copy_as_new(actor=actor, item_id=published.order_by("-pk")[0].pk)
    try:
        findings.recheck(actor=actor, item_id=made.pk)
        yield clerk, made.pk
    finally:
        actions.discard(actor=actor, item_id=made.pk)


def main() -> None:
    """Print what was measured as JSON."""
    import django

    django.setup()
    print(json.dumps([asdict(measurement) for measurement in _pages()]))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.config.settings")
    main()
