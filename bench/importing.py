"""Import with index on one core."""

from __future__ import annotations

import json
import os
import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.measurement import Measurement
from bench.scratch import Scratch
from bench.search_documents import documents
from gongkai.search import SearchDocument

LENGTH = 3000
RATE = 250.0
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
