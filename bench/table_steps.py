"""The steps of `bench.tables`, each a process of its own in the installation named by `GONGKAI_DATA_DIR`."""

from __future__ import annotations

import gzip
import json
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bench.measurement import Measurement, quantile

PAGE_MS, PAGE_KB, ITEM_KB = 30.0, 40.0, 60.0
SAMPLES = 40


def main() -> None:
    """Do the step named on the command line."""
    import django

    django.setup()
    {"upload": upload, "columns": columns, "accept": accept, "pages": pages}[sys.argv[1]](*sys.argv[2:])


def actor(role: str) -> Any:
    """Somebody with this role in the one body."""
    from gongkai.organisations.models import Membership, Organisation, User
    from gongkai.rules.access import Actor, Role
    from gongkai.rules.uscc import make_uscc

    body, _ = Organisation.objects.get_or_create(
        code="nyj", defaults={"name": "谯城区农业农村局", "short_name": "区农业农村局", "kind": "department", "uscc": make_uscc("11341602000000001")}
    )  # fmt: skip
    user, _ = User.objects.get_or_create(username=role, defaults={"display_name": role})
    Membership.objects.get_or_create(user=user, organisation=body, role=role)
    return Actor(user.pk, role, {body.pk: frozenset({Role(role)})})


def upload(path: str) -> None:
    """A draft, and the file for it."""
    from gongkai.disclosure import actions, tables

    clerk = actor("clerk")
    [body] = clerk.roles
    item = actions.create_item(
        actor=clerk, organisation_id=body, kind="benefit_subsidy", values={"title": "2026年耕地地力保护补贴发放情况"}
    )
    with Path(path).open("rb") as stream:
        tables.upload(actor=clerk, item_id=item.pk, kind="land_fertility", name="发放表.xlsx", stream=stream)


def columns() -> None:
    """The columns as proposed."""
    from gongkai.disclosure import tables
    from gongkai.disclosure.models import Item
    from gongkai.rules.table_kinds import table_kinds
    from gongkai.tables import preparing
    from gongkai.tables.models import TableUpload
    from gongkai.text.tables.headers import propose

    begun = TableUpload.objects.get()
    tables.choose_columns(
        actor=actor("clerk"),
        item_id=Item.objects.get().pk,
        sheet=begun.sheet,
        header=(begun.header_row, begun.header_depth),
        mapping=propose(preparing.head_of(begun), table_kinds()[begun.kind], {}),
        exposure={},
    )


def accept() -> None:
    """Into the draft, reviewed, signed, published; says how long that took and how large things are."""
    from django.conf import settings

    from gongkai.disclosure import actions, tables
    from gongkai.disclosure.models import Item
    from gongkai.tables import downloads

    started = time.perf_counter()
    item_id = Item.objects.get().pk
    clerk, reviewer, signer = actor("clerk"), actor("reviewer"), actor("signer")
    table = tables.accept(actor=clerk, item_id=item_id, warnings_seen=True)
    actions.submit(actor=clerk, item_id=item_id)
    actions.approve(actor=reviewer, item_id=item_id, secrecy_basis="不涉密，可以公开")
    actions.sign(actor=signer, item_id=item_id)
    seconds = time.perf_counter() - started
    size = Path(settings.DATABASES["default"]["NAME"]).stat().st_size
    print(json.dumps({"seconds": seconds, "database": size, "downloads": downloads.sizes(table)}))


def pages() -> None:
    """CPU and weight of the pages, asked for without the page cache."""
    from django.conf import settings
    from django.test import Client

    settings.GONGKAI_PAGE_CACHE = False
    settings.ALLOWED_HOSTS = ["*"]
    from gongkai.disclosure.models import Item

    item, client = Item.objects.get().pk, Client()
    table = f"/items/{item}/editions/1/table/"
    middle = _after(client, f"{table}?sort=-amount")
    asked = {
        "item page": [f"/items/{item}/"],
        "first page": [table],
        "sorted by amount": [f"{table}?sort=-amount"],
        "a page in the middle": [middle],
        "search for a village": [f"{table}?q={quote('前王村')}"],
        "search for name and village": [f"{table}?q={quote('大李村 张伟')}"],
        "search for nothing there": [f"{table}?q={quote('没有的村')}"],
    }
    found = []
    for name, paths in asked.items():
        times, body = [], b""
        for _ in range(SAMPLES):
            started = time.process_time()
            body = client.get(paths[0]).content
            times.append((time.process_time() - started) * 1000)
        packed = len(gzip.compress(body, 5))
        found.append(
            Measurement(
                f"table: {name}, p95", quantile(times, 0.95), "ms CPU", PAGE_MS, peer=f"p50 {quantile(times, 0.5):.1f}"
            )
        )
        found.append(
            Measurement(
                f"table: {name}, weight",
                len(body) / 1000,
                "kB",
                ITEM_KB if name == "item page" else PAGE_KB,
                peer=f"{packed / 1000:.1f} kB compressed",
            )
        )
    print(json.dumps([{name: getattr(one, name) for name in one.__slots__} for one in found], ensure_ascii=False))


def _after(client: Any, path: str) -> str:
    """The 20th page of the list at `path`."""
    for _ in range(20):
        text = client.get(path).content.decode()
        path = text.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    return path


if __name__ == "__main__":
    main()
