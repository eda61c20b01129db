"""Files of a form that is not sent in yet: sealed at once, so that whoever has to correct a field need not choose them again.

They belong to the token of the form and nobody else can name them. What is not sent in within a day is removed (《个人信息保护法》§19).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import BinaryIO, cast

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from gongkai.files import sealed
from gongkai.foi.intake import GivenFile
from gongkai.foi.models import CaseDocument, DraftFile
from gongkai.foi.tallies import digest
from gongkai.rules.reasons import Reason, Refused

MOST_FILES = 5
MAX_BYTES = 20 * 1024 * 1024
KEPT = timedelta(days=1)
KINDS = {"application": "附件", "authorisation": "授权委托书", "identity": "身份证明", "correction": "补正材料"}


def keep(token: str, kind: str, uploads: Iterable[UploadedFile], field: str) -> list[Reason]:
    """Check and keep the uploads with the form of `token`; what is wrong is returned for the form's `field`, the good ones stay.

    The same content twice is one file. At most `MOST_FILES` a form, `MAX_BYTES` each.
    """
    found: list[Reason] = []
    for upload in uploads:
        name = (upload.name or "文件")[-200:]
        if DraftFile.objects.filter(form=digest("form", token)).count() >= MOST_FILES:
            message = f"最多提交 {MOST_FILES} 个文件，“{name}”未保存；请合并后提交，或者先移除已上传的文件。"
            found.append(Reason("files_many", message, field=field))
            continue
        try:
            kept = sealed.seal_paper(name, cast("BinaryIO", upload), field, MAX_BYTES)
        except Refused as refusal:
            found += refusal.reasons
            continue
        if DraftFile.objects.filter(form=digest("form", token), kind=kind, sha256=kept.sha256).exists():
            sealed.remove(kept.storage_name)
            continue
        DraftFile.objects.create(
            form=digest("form", token), kind=kind, name=name, storage_name=kept.storage_name, size=kept.size,
            sha256=kept.sha256, media_type=kept.media_type,
        )  # fmt: skip
    return found


def of(token: str) -> list[DraftFile]:
    """The files kept with the form."""
    return list(DraftFile.objects.filter(form=digest("form", token)))


def given(files: Sequence[DraftFile]) -> list[GivenFile]:
    """The same as they are taken in."""
    return [
        GivenFile(one.kind, one.name, one.storage_name, one.size, one.sha256, one.media_type) for one in files
    ]  # fmt: skip


def remove(token: str, file_ids: Iterable[int]) -> None:
    """Remove some of the form's files; those of other forms are not touched."""
    for one in DraftFile.objects.filter(form=digest("form", token), pk__in=list(file_ids)):
        one.delete()
        sealed.remove(one.storage_name)


def release(token: str) -> None:
    """The files now belong to a case; call it in the transaction that says so."""
    DraftFile.objects.filter(form=digest("form", token)).delete()


def sweep(now: datetime) -> int:
    """Remove what was not sent in within a day; returns how many files."""
    old = list(DraftFile.objects.filter(added_at__lt=now - KEPT))
    with transaction.atomic():
        DraftFile.objects.filter(pk__in=[one.pk for one in old]).delete()
    taken = set(CaseDocument.objects.filter(storage_name__in=[one.storage_name for one in old]).values_list("storage_name", flat=True))  # fmt: skip
    lost = [one.storage_name for one in old if one.storage_name not in taken]
    sealed.remove(*lost)
    return len(lost)


def in_use() -> set[str]:
    """Sealed files that cases or forms refer to (`GONGKAI_SEALED_IN_USE`)."""
    cases = CaseDocument.objects.values_list("storage_name", flat=True)
    return {*cases, *DraftFile.objects.values_list("storage_name", flat=True)}
