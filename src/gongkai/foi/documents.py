"""Files of a case: kept sealed, given out only to who may see the case, noted each time (《个人信息保护法》§51)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import count
from typing import BinaryIO

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from gongkai.audit.log import Entry, record
from gongkai.files import sealed
from gongkai.foi.models import Case, CaseDocument
from gongkai.foi.selectors import case_for, subject_of, works_in_unit
from gongkai.organisations.actors import NotVisible
from gongkai.rules.access import Actor
from gongkai.rules.case_events import DESK
from gongkai.rules.case_states import CaseState
from gongkai.rules.reasons import Reason, Refused

MAX_BYTES = 100 * 1024 * 1024
KINDS = {
    "responsive": "拟提供材料", "redacted": "遮盖件", "application": "申请材料", "authorisation": "授权委托材料", "identity": "身份证明",
    "correction": "补正材料", "opinion": "意见材料", "proof": "送达凭证", "other": "其他材料",
}  # fmt: skip
OF_PERSONS = frozenset({"identity", "authorisation"})
"""Kinds with papers of persons: for those who handle the case in the body that answers, nobody else."""
UPLOADED = ("responsive", "application", "opinion", "proof", "other")
"""Kinds somebody may upload on the page of the case."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that was checked and sealed, before it belongs to anything."""

    name: str
    storage_name: str
    size: int
    sha256: str
    media_type: str


def keep(name: str, stream: BinaryIO, field: str = "files") -> Kept:
    """Check and seal an upload. Raises `Refused` in Chinese at `field`."""
    found = sealed.seal_paper(name, stream, field, MAX_BYTES, kinds=sealed.OFFICE_PAPERS)
    return Kept(name[:200], found.storage_name, found.size, found.sha256, found.media_type)


def of_case(case: Case) -> QuerySet[CaseDocument]:
    """All files of a case, those of its submission among them."""
    own = Q(case=case) | Q(submission_id=case.submission_id, case=None)
    return CaseDocument.objects.filter(own, removed_at=None).order_by("id")


def document_for(actor: Actor, case_id: int, document_id: int) -> tuple[Case, CaseDocument]:
    """A file of a case the actor may see, that of its submission included. Raises `NotVisible`."""
    case = case_for(actor, case_id)
    document = of_case(case).filter(pk=document_id).first()
    if document is None or (document.kind in OF_PERSONS and not actor.roles_in(case.organisation_id) & DESK):
        raise NotVisible
    return case, document


def shown_to(actor: Actor, case: Case) -> QuerySet[CaseDocument]:
    """The files of a case as far as the actor may have them given."""
    found = of_case(case)
    return found if actor.roles_in(case.organisation_id) & DESK else found.exclude(kind__in=OF_PERSONS)


def attach(case: Case, kind: str, files: Iterable[Kept], by: int | None) -> list[CaseDocument]:
    """Put kept files to a case; inside the caller's transaction. No two of a case have one name: answers refer to them by it."""
    taken = set(of_case(case).values_list("name", flat=True))
    added = []
    for one in files:
        name = free_name(one.name, taken)
        taken.add(name)
        added.append(
            CaseDocument.objects.create(
                case=case, kind=kind, name=name, storage_name=one.storage_name, size=one.size, sha256=one.sha256,
                media_type=one.media_type, added_at=timezone.now(), added_by_id=by,
            )
        )  # fmt: skip
    if kind == "responsive":
        _have_screened(added)
    return added


def _have_screened(added: Iterable[CaseDocument]) -> None:
    from gongkai.foi.tasks import propose_boxes  # the task comes back to the redactions of these

    for one in added:
        propose_boxes.enqueue(one.pk)


def free_name(name: str, taken: Collection[str]) -> str:
    """The name, with a number before its ending when it is taken."""
    stem, dot, ending = name.rpartition(".")
    stem, ending = (stem, f".{ending}") if stem and dot else (name, "")
    numbered = (f"{stem}（{number}）{ending}" for number in count(2))
    return name if name not in taken else next(one for one in numbered if one not in taken)


# --- what goes out with the answer -------------------------------------------------------------------------------------
def providable(case: Case) -> list[CaseDocument]:
    """What may go out with the answer: found documents in which nothing is to be hidden, and of the others the newest redacted copy."""
    found = list(case.documents.filter(kind__in=("responsive", "redacted"), removed_at=None).order_by("id"))
    newest = {one.source_id: one.pk for one in found if one.kind == "redacted"}
    return [
        one
        for one in found
        if (one.kind == "responsive" and not one.layer.get("boxes"))
        or (one.kind == "redacted" and newest[one.source_id] == one.pk)
    ]


def providing_reasons(case: Case, names: Iterable[str]) -> list[Reason]:
    """Why documents of these names cannot go out with the answer as they stand (《条例》§37)."""
    known = {one.name: one for one in providable(case)}
    reasons = []
    for name in names:
        one = known.get(name)
        source = one.source if one else None
        if one is None:
            message = f"附件“{name}”已经移除，或者须先遮盖，请重新选择附件。"
            reasons.append(Reason("attachment", message, "《条例》§37", "attachments"))
        elif source and source.layer.get("revision") != source.layer.get("burnt"):
            message = f"附件“{name}”的遮盖框在生成之后又有修改，请重新生成遮盖件。"
            reasons.append(Reason("attachment_stale", message, "《条例》§37", "attachments"))
    return reasons


def provide(case: Case, names: Iterable[str]) -> int:
    """Let the applicant have these documents; inside the caller's transaction, after `providing_reasons`. Returns how many."""
    wanted = [one.pk for one in providable(case) if one.name in set(names)]
    return CaseDocument.objects.filter(pk__in=wanted).update(release="applicant")


def require_adding(actor: Actor, case: Case) -> None:
    """Let through who handles the case or works on it in a unit; raises `Refused` for anybody else who sees it."""
    if not (actor.roles_in(case.organisation_id) & DESK or works_in_unit(actor, subject_of(case))):
        raise Refused([Reason("role", "只有答复机关和承办单位的办理人员可以上传材料。", "《条例》§45")])
    if not CaseState(case.state).open:
        raise Refused([Reason("state", "办件已经办结，不能再上传材料。", "《条例》§45")])


@transaction.atomic
def add(*, actor: Actor, case_id: int, kind: str, files: Iterable[Kept]) -> list[CaseDocument]:
    """Put files to a case. Raises `Refused` for who neither handles it nor works on it, and for a kind that is not uploaded."""
    case = case_for(actor, case_id)
    require_adding(actor, case)
    if kind not in UPLOADED:
        raise Refused([Reason("kind", "请选择材料的类别。", field="kind")])
    added = attach(case, kind, files, actor.user_id or None)
    _note(actor, case, "document_add", {"documents": [one.pk for one in added], "kind": kind})
    return added


@transaction.atomic
def take_off(*, actor: Actor, case_id: int, document_id: int) -> None:
    """Take a file off an open case; it is kept, but no longer shown. What the applicant sent, and what went out, stays."""
    Case.objects.select_for_update().filter(pk=case_id).first()  # waits for a step that somebody takes at this moment
    case, document = document_for(actor, case_id, document_id)
    reasons = []
    if any(document.pk in (event.data.get("documents") or ()) for event in case.events.all()):
        reasons.append(Reason("event", "该材料是办理记录的一部分，不能移除。", "《条例》§45"))
    if not actor.roles_in(case.organisation_id) & DESK:
        reasons.append(Reason("role", "只有答复机关的办理人员可以移除材料。", "《条例》§45"))
    if document.case_id is None:
        reasons.append(Reason("submitted", "申请人提交的材料不能移除。", "《条例》§45"))
    if not CaseState(case.state).undecided:
        reasons.append(Reason("state", "答复已经签发，材料不能移除。", "《条例》§45"))
    if reasons:
        raise Refused(reasons)
    document.removed_at = timezone.now()
    document.save(update_fields=["removed_at"])
    _note(actor, case, "document_remove", {"document": document.pk})


@transaction.atomic
def note_reading(actor: Actor, case: Case, document: CaseDocument) -> None:
    """Note that somebody had a file given."""
    _note(actor, case, "document_read", {"document": document.pk})


def _note(actor: Actor, case: Case, what: str, detail: dict[str, object]) -> None:
    record(actor=actor, entries=[Entry(f"case.{what}", "case", str(case.pk), case.organisation_id, detail)])
