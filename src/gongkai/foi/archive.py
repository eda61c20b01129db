"""The archive pack of a case (归档, 《条例》§45): one zip with everything, a list of it with digests, and the letters as they were issued."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from gongkai.audit.log import Entry, record
from gongkai.foi import chain, documents
from gongkai.foi.models import Case
from gongkai.foi.selectors import case_for, subject_of
from gongkai.rules.access import Actor
from gongkai.rules.case_events import DESK
from gongkai.rules.case_events import CaseEvent as Event
from gongkai.rules.case_states import CaseState
from gongkai.rules.reasons import Reason, Refused
from gongkai.text.csv_lines import BYTE_ORDER_MARK, line

CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Piece:
    """One file of the pack: its name, and what gives its bytes in parts."""

    name: str
    parts: Callable[[], Iterator[bytes]]


def pack(*, actor: Actor, case_id: int, target: IO[bytes], letters: Callable[[Case], list[tuple[str, bytes]]]) -> str:
    """Write the pack of an ended case into `target`; returns its name. `letters` renders what was issued. The reading is noted.

    Raises `Refused` while the case is open, or for who does not handle it.
    """
    case = case_for(actor, case_id)
    reasons = []
    if CaseState(case.state).open:
        reasons.append(Reason("open", "办件尚未办结，不能生成归档材料。", "《条例》§45"))
    if not actor.roles_in(subject_of(case).organisation_id) & DESK:
        reasons.append(Reason("role", "只有答复机关的办理人员可以导出归档材料。", "《条例》§45"))
    if reasons:
        raise Refused(reasons)
    listed = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, piece in enumerate(_pieces(case, letters(case)), start=1):
            name = f"{number:02d}-{piece.name}"
            digest, size = hashlib.sha256(), 0
            entry = zipfile.ZipInfo(name, timezone.localtime(case.changed_at).timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(entry, "w") as out:
                for part in piece.parts():
                    out.write(part)
                    digest.update(part)
                    size += len(part)
            listed.append((name, size, digest.hexdigest()))
        archive.writestr("00-卷内目录.csv", _contents(case, listed))
    with transaction.atomic():
        entry_ = Entry("case.archive_pack", "case", str(case.pk), case.organisation_id, {"files": len(listed)})
        record(actor=actor, entries=[entry_])
    return f"{case.number or case.pk}-归档材料.zip"


def _contents(case: Case, listed: list[tuple[str, int, str]]) -> str:
    rows = [line(["文件", "字节数", "SHA-256"]), *(line([name, str(size), digest]) for name, size, digest in listed)]
    last = case.events.order_by("-seq").values_list("hash", flat=True).first() or chain.GENESIS
    rows.append(line(["办理记录链尾", str(case.last_seq), last]))
    return BYTE_ORDER_MARK + "".join(rows)


def _pieces(case: Case, letters: list[tuple[str, bytes]]) -> Iterator[Piece]:
    payload = json.dumps(case.submission.payload, ensure_ascii=False, indent=2).encode()
    yield Piece("申请内容.json", lambda: iter([payload]))
    yield Piece("办理记录.csv", lambda: iter([_events(case).encode()]))
    for name, content in letters:
        yield Piece(name, lambda content=content: iter([content]))  # type: ignore[misc]
    for document in documents.of_case(case):
        yield Piece(_safe(document.name), lambda stored=document.storage_name: _read(stored))  # type: ignore[misc]


def _events(case: Case) -> str:
    head = line(["序号", "事项", "发生日期", "记录时间", "经办人", "代理", "状态", "内容", "哈希"])
    rows = [
        line(
            [
                str(event.seq),
                Event(event.name).label,
                event.effective_on.isoformat(),
                f"{timezone.localtime(event.at):%Y-%m-%d %H:%M:%S}",
                event.actor_name,
                event.acting_for,
                CaseState(event.to_state).label,
                json.dumps(event.data, ensure_ascii=False),
                event.hash,
            ]
        )
        for event in case.events.order_by("seq")
    ]
    return BYTE_ORDER_MARK + head + "".join(rows)


def _safe(name: str) -> str:
    return "".join("_" if char in '/\\:*?"<>|' or ord(char) < 32 else char for char in name)[:120] or "材料"


def _read(storage_name: str) -> Iterator[bytes]:
    with default_storage.open(storage_name, "rb") as source:
        while part := source.read(CHUNK):
            yield part
