"""遮盖 of a case's documents: boxes with a ground each, kept until they are burnt into a copy, and open to change afterwards (《条例》§37).

The original stays as it is. A copy is made in the background by `documents.redaction`, which proves that nothing hidden can be got out of it.
"""

from __future__ import annotations

import hashlib
import logging
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from gongkai.audit.log import Entry, record
from gongkai.documents import redaction
from gongkai.documents.redaction import RedactionBox, check_boxes
from gongkai.files import sealed
from gongkai.foi.documents import free_name, of_case
from gongkai.foi.models import Case, CaseDocument
from gongkai.foi.recording import SYSTEM
from gongkai.foi.selectors import case_for
from gongkai.organisations.actors import NotVisible
from gongkai.rules.access import Actor
from gongkai.rules.case_events import DESK
from gongkai.rules.case_states import CaseState
from gongkai.rules.legal_grounds import legal_grounds
from gongkai.rules.reasons import Reason, Refused
from gongkai.text.extraction import Unreadable

if TYPE_CHECKING:
    from gongkai.documents.redaction import SourceDocument

logger = logging.getLogger(__name__)


def ground_labels() -> dict[str, str]:
    """What is written on the boxes of each ground: its article."""
    return {ground.code: ground.article for ground in legal_grounds().values() if ground.redaction}


def document_of(actor: Actor, case_id: int, document_id: int) -> tuple[Case, CaseDocument]:
    """A document of a case the actor may see. Raises `NotVisible` for any other."""
    case = case_for(actor, case_id)
    document = CaseDocument.objects.filter(pk=document_id, case=case, removed_at=None).first()
    if document is None:
        raise NotVisible
    return case, document


@contextmanager
def pages_of(document: CaseDocument) -> Iterator[SourceDocument]:
    """The document as pages. Raises `Refused` in Chinese where it cannot be shown."""
    with sealed.unsealed(document.storage_name) as path:
        try:
            source = redaction.open_source(path, name=document.name)
        except Unreadable as error:
            raise Refused([Reason(f"file_{error.code}", f"材料“{document.name}”：{error.message}")]) from error
        with source:
            yield source


_READ = ("proposals", "personal", "unscreened")
"""What was found out about the document itself: it stays whatever is drawn."""


def boxes_of(document: CaseDocument) -> list[RedactionBox]:
    """The boxes as they are kept."""
    return [
        RedactionBox(int(page), float(x0), float(y0), float(x1), float(y1), str(ground))
        for page, x0, y0, x1, y1, ground in document.layer.get("boxes", ())
    ]


def save_boxes(
    *, actor: Actor, case_id: int, document_id: int, boxes: Iterable[RedactionBox], revision: int, pages: int = 0
) -> int:
    """Keep the boxes of a found document in place of those before; returns the new revision.

    `pages`: their number, to check the places against; 0 leaves that to the burn. Raises `Refused` when somebody else changed them after
    `revision`, when the answer has been decided, or for boxes that cannot be.
    """
    kept = list(boxes)
    with transaction.atomic():
        case, document = _locked(actor, case_id, document_id)
        reasons = _may_change(actor, case, document)
        if document.layer.get("revision", 0) != revision:
            reasons.append(Reason("changed", "您打开页面之后，遮盖又被修改过，请核对后重新保存。"))
        known = ground_labels()
        for place, box in enumerate(kept, start=1):
            if box.ground not in known:
                reasons.append(Reason("no_ground", f"第 {place} 个遮盖框没有选择依据。", "《条例》§37", "boxes"))
            if pages and not 1 <= box.page <= pages:
                message = f"第 {place} 个遮盖框所在的第 {box.page} 页不存在，文件共 {pages} 页，请重新框选。"
                reasons.append(Reason("no_such_page", message, "", "boxes"))
        if reasons:
            raise Refused(reasons)
        read = {name: document.layer[name] for name in _READ if name in document.layer}
        document.layer = {**read, "boxes": _plain(kept), "revision": revision + 1}
        document.save(update_fields=["layer"])
        _audit(actor, case, "redaction_save", {"document": document.pk, "boxes": len(kept), "revision": revision + 1})
        return revision + 1


def request_proposals(*, actor: Actor, case_id: int, document_id: int) -> None:
    """Have the text of pictures read and looked at for personal data, in the background; what is found is kept with the document."""
    from gongkai.foi.tasks import propose_boxes  # the task comes back here

    with transaction.atomic():
        case, document = _locked(actor, case_id, document_id)
        if reasons := _may_change(actor, case, document):
            raise Refused(reasons)
        document.layer = {**document.layer, "reading": timezone.now().isoformat()}
        document.save(update_fields=["layer"])
        propose_boxes.enqueue(document.pk)


def keep_proposals(document_id: int) -> int:
    """Find what the detectors would hide, recognised pictures included; returns how many places.

    Their number is kept, and those read from pictures, which take long to read. A file that cannot be shown as pages keeps the reason.
    """
    document = CaseDocument.objects.filter(pk=document_id, removed_at=None).first()
    if document is None:
        return 0
    try:
        with pages_of(document) as source:
            found = source.proposals()
    except Refused as refusal:
        _keep_with(document, reading="", unscreened="；".join(reason.message for reason in refusal.reasons))
        return 0
    recognised = [
        [one.page, one.text, one.label, one.certain, [[r.x0, r.y0, r.x1, r.y1] for r in one.rects]]
        for one in found
        if one.recognised
    ]
    _keep_with(document, proposals=recognised, personal=len(found), reading="")
    return len(found)


def _keep_with(document: CaseDocument, **more: Any) -> None:
    with transaction.atomic():
        now = CaseDocument.objects.select_for_update().get(pk=document.pk)
        now.layer = {**now.layer, **more}
        now.save(update_fields=["layer"])


def request_burn(*, actor: Actor, case_id: int, document_id: int) -> None:
    """Have a copy made with the boxes burnt in; it is made in the background. Raises `Refused` where there is nothing to hide."""
    from gongkai.foi.tasks import burn_boxes  # the task comes back here

    with transaction.atomic():
        case, document = _locked(actor, case_id, document_id)
        reasons = _may_change(actor, case, document)
        if not boxes_of(document):
            reasons.append(
                Reason("nothing_hidden", "没有遮盖任何内容，请先框选需要遮盖的位置。", "《条例》§37", "boxes")
            )
        if document.layer.get("burning"):
            reasons.append(Reason("burning", "遮盖件正在生成，请稍候。"))
        if reasons:
            raise Refused(reasons)
        document.layer = {**document.layer, "burning": timezone.now().isoformat(), "failed": ""}
        document.save(update_fields=["layer"])
        _audit(actor, case, "redaction_request", {"document": document.pk, "boxes": len(boxes_of(document))})
        burn_boxes.enqueue(document.pk, document.layer["revision"], actor.user_id)


def make_copy(document_id: int, revision: int, by: int | None) -> CaseDocument | None:
    """Burn the boxes of that revision into a copy; None when they have changed since, or a copy of them is there already."""
    from gongkai.foi.tasks import propose_boxes  # the task comes back here

    document = CaseDocument.objects.filter(pk=document_id, removed_at=None).select_related("case").first()
    if document is None or not _waits(document, revision):
        return None
    boxes = boxes_of(document)
    try:
        with pages_of(document) as source:
            made = redaction.burn(source, boxes, ground_labels())
    except Refused as refusal:
        _fail(document, revision, "；".join(reason.message for reason in refusal.reasons))
        return None
    except redaction.Leaked as leaked:
        logger.error("document %s: the redacted copy failed its proof: %s", document.pk, leaked.leaks)
        message = "遮盖件没有通过防泄漏检验，没有生成。请将遮盖框稍微放大后重新生成；仍不能通过的，请打印后扫描再遮盖。"
        _fail(document, revision, message)
        return None
    with tempfile.TemporaryDirectory(prefix="gongkai-burn-") as directory:
        path = Path(directory) / "copy.pdf"
        path.write_bytes(made.content)
        stored = sealed.keep(path, ".pdf")
    with transaction.atomic():
        document = CaseDocument.objects.select_for_update().get(pk=document_id)
        if document.case is None or not _waits(document, revision):
            sealed.remove(stored)
            return None
        copy = _copy_of(document, made.content, stored, boxes, by)
        copy.layer = {
            "boxes": _plain(boxes),
            "hidden": made.hidden_characters,
            "still_visible": list(made.still_visible)[:50],
        }
        copy.save()
        propose_boxes.enqueue(copy.pk)
        document.layer = {**document.layer, "burning": "", "burnt": revision}
        document.save(update_fields=["layer"])
        _audit(
            SYSTEM, document.case, "redaction_burnt", {"document": document.pk, "copy": copy.pk, "sha256": copy.sha256}
        )
        return copy


def _copy_of(
    document: CaseDocument, content: bytes, stored: str, boxes: list[RedactionBox], by: int | None
) -> CaseDocument:
    assert document.case is not None, "documents of a submission are not redacted"
    earlier = document.copies.count()
    name = f"{Path(document.name).stem}（部分公开{f'，第{earlier + 1}版' if earlier else ''}）.pdf"
    return CaseDocument(
        case=document.case,
        kind="redacted",
        name=free_name(name, set(of_case(document.case).values_list("name", flat=True))),
        storage_name=stored,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        media_type="application/pdf",
        source=document,
        version=earlier + 1,
        added_by_id=by,
    )


def _waits(document: CaseDocument, revision: int) -> bool:
    return bool(document.layer.get("burning")) and document.layer.get("revision") == revision


def _fail(document: CaseDocument, revision: int, message: str) -> None:
    with transaction.atomic():
        document = CaseDocument.objects.select_for_update().get(pk=document.pk)
        if _waits(document, revision):
            document.layer = {**document.layer, "burning": "", "failed": message}
            document.save(update_fields=["layer"])


def _locked(actor: Actor, case_id: int, document_id: int) -> tuple[Case, CaseDocument]:
    case, _ = document_of(actor, case_id, document_id)
    return case, CaseDocument.objects.select_for_update().get(pk=document_id)


def _may_change(actor: Actor, case: Case, document: CaseDocument) -> list[Reason]:
    reasons = []
    if not actor.roles_in(case.organisation_id) & DESK:
        reasons.append(Reason("role", "只有答复机关的办理人员可以遮盖材料。", "《条例》§37"))
    if document.kind != "responsive":
        reasons.append(
            Reason("kind", "只有拟提供的材料可以遮盖；请先将该材料的类别登记为“拟提供材料”。", "《条例》§37")
        )
    if not CaseState(case.state).undecided:
        reasons.append(Reason("state", "答复已经签发，不能再修改遮盖。", "《条例》§37"))
    return reasons


def reasons_against(source: SourceDocument, boxes: list[RedactionBox]) -> tuple[Reason, ...]:
    """Why these boxes cannot be burnt into the document."""
    return check_boxes(boxes, source.pages, ground_labels())


def _plain(boxes: Iterable[RedactionBox]) -> list[list[Any]]:
    return [[box.page, *(round(side, 5) for side in (box.x0, box.y0, box.x1, box.y1)), box.ground] for box in boxes]


def _audit(actor: Actor, case: Case, what: str, detail: Mapping[str, Any]) -> None:
    record(actor=actor, entries=[Entry(f"case.{what}", "case", str(case.pk), case.organisation_id, detail)])
