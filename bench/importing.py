"""Import with index on one core, and how soon a change is found."""

from __future__ import annotations

import json
import os
import resource
import time
from collections.abc import Callable
from datetime import date
from itertools import cycle
from pathlib import Path
from typing import Any

from bench.measurement import Measurement, quantile
from bench.scratch import Scratch
from bench.search_documents import documents
from gongkai.search import SearchDocument

LENGTH = 3000
RATE = 250.0
VISIBLE_SECONDS = 2.0
CHANGES = 20
SET_UP = "from gongkai.sample.load import load_bodies; load_bodies()"


def import_rates(directory: Path, count: int) -> list[Measurement]:
    """Documents a second of the whole `gongkai import` and `gongkai index`, pinned to one core, with and without metadata.

    CPU seconds count, for other work on the machine must not; seconds by the clock are shown beside them.
    """
    kinds: dict[str, Callable[[SearchDocument], dict[str, Any]]] = {"with metadata": _described, "text only": _bare}
    return [_import_rate(directory / name.replace(" ", "-"), name, make, count) for name, make in kinds.items()]


def _import_rate(
    directory: Path, name: str, make: Callable[[SearchDocument], dict[str, Any]], count: int
) -> Measurement:
    scratch = Scratch(directory / "data")
    scratch.data.mkdir(parents=True)
    scratch.run("migrate", "--verbosity", "0")
    scratch.run("shell", "--command", SET_UP)
    material = directory / "material.jsonl"
    with material.open("w", encoding="utf-8") as lines:
        for document in documents(count, length=LENGTH):
            lines.write(json.dumps(make(document), ensure_ascii=False) + "\n")
    core = min(os.sched_getaffinity(0))
    clock, cpu = time.monotonic(), _children_cpu()
    said = scratch.run("import", str(material), core=core)
    scratch.run("index", "--once", core=core)
    clock, cpu = time.monotonic() - clock, _children_cpu() - cpu
    if f"新增 {count}" not in said:
        raise RuntimeError(f"not everything was taken in: {said}")
    scratch.run("doctor")
    return Measurement(
        f"import with index, {name}",
        count / cpu,
        "documents/s",
        RATE,
        "at least",
        f"by the clock {count / clock:.0f}/s",
    )


def _described(document: SearchDocument) -> dict[str, Any]:
    """As a list of an old site has it: facts and text."""
    assert document.document_date is not None
    return {
        "id": str(document.id),
        "title": f"{document.title}（{document.id}）",
        "document_number": document.document_number,
        "document_date": document.document_date.isoformat(),
        "issuing_agencies": "、".join(document.issuing_agencies),
        "subject": "农业、林业、水利",
        "genre": "通知",
        "text": document.body,
    }


def _bare(document: SearchDocument) -> dict[str, Any]:
    """As text alone, with the head and the tail that a document has."""
    day = document.document_date
    assert day is not None
    head = f"亳州市谯城区人民政府办公室文件\n{document.document_number}\n\n{document.title}（{document.id}）\n\n各乡镇人民政府，区直各部门：\n"
    tail = f"\n\n亳州市谯城区人民政府办公室\n{day.year}年{day.month}月{day.day}日\n"
    return {"id": str(document.id), "text": head + document.body + tail}


def _children_cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def seconds_until_found(scratch: Scratch, count: int = CHANGES) -> list[Measurement]:
    """Seconds from the commit of a publication until search finds it, while a real worker runs."""
    with scratch.process("gongkai", "worker"):
        times = json.loads(scratch.run("visible", str(count), module="bench.importing"))
    return [
        Measurement("published until found, p50", quantile(times, 0.5), "s", VISIBLE_SECONDS),
        Measurement("published until found, longest", max(times), "s", VISIBLE_SECONDS),
    ]


def _times_until_found(count: int) -> list[float]:
    """Publish items one by one through the actions and ask until each is found; pauses vary, so that no rhythm is hit."""
    import django

    django.setup()
    from gongkai.disclosure import actions
    from gongkai.organisations.actors import actor_for
    from gongkai.organisations.models import Membership
    from gongkai.search import SearchQuery, search

    clerk = Membership.objects.filter(role="clerk").select_related("user").order_by("pk").first()
    assert clerk is not None
    staff = {
        role: actor_for(Membership.objects.filter(role=role, organisation=clerk.organisation_id).first().user)  # type: ignore[union-attr]
        for role in ("clerk", "reviewer", "signer")
    }
    time.sleep(4)  # the worker starts, and works off what it finds
    times = []
    for number, pause in zip(range(count), cycle((0.0, 0.13, 0.29, 0.41, 0.57))):
        word = f"QZ{os.getpid()}N{number}"
        item = actions.create_item(
            actor=staff["clerk"],
            organisation_id=clerk.organisation_id,
            kind="policy_document",
            values={
                "title": f"关于第{number}次测量的通知 {word}",
                "body": f"<p>编号{word}。</p>",
                "issuing_agencies": ["谯城区人民政府办公室"],
                "document_number": f"谯政办〔2026〕{9000 + number}号",
                "document_date": date.today(),
                "subjects": ["0201"],
                "genre": "notice",
                "enquiry_agency": "区政府办公室",
                "enquiry_phone": "0558-0000001",
            },
        )
        actions.submit(actor=staff["clerk"], item_id=item.pk)
        actions.approve(actor=staff["reviewer"], item_id=item.pk, secrecy_basis="可以公开")
        actions.sign(actor=staff["signer"], item_id=item.pk)
        committed = time.monotonic()
        while search(SearchQuery(word)).total == 0:
            if time.monotonic() - committed > 60:
                raise TimeoutError(f"{word} is not found a minute after its publication")
            time.sleep(0.01)
        times.append(time.monotonic() - committed)
        time.sleep(pause)
    return times


if __name__ == "__main__":
    import sys

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.config.settings")
    print(json.dumps(_times_until_found(int(sys.argv[2]))))
