"""The gate: every check over title, body and files. What it finds is returned; nothing of the content is changed.

A file is examined once for each version of the checks; scans wait for the background task, for reading one takes seconds a page.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage

from gongkai.files.models import StoredFile
from gongkai.files.store import store
from gongkai.organisations.names import known_names
from gongkai.review.content import Circumstances, Content, FilePart, Placed
from gongkai.review.models import FileExamination
from gongkai.rules.findings import Finding, Fix, FixKind, Severity, found, review_rule
from gongkai.rules.reasons import Refused
from gongkai.text.checks import Material
from gongkai.text.checks.html_material import html_material
from gongkai.text.extraction import Kind, Unreadable

VERSION = 2
"""To be raised when the checks of files change, so that files are examined anew."""
SUFFIXES = {Kind.TEXT: ".txt", Kind.CSV: ".csv", Kind.HTML: ".html", Kind.IMAGE: ".png"}


def examine(content: Content) -> list[Placed]:
    """Everything found in title, body, further words and examined files; a file not examined yet is a finding itself."""
    texts = [
        ("title", "标题", Material(content.title)),
        ("body", "正文", html_material(content.body).material),
        *((part, label, Material(text)) for part, label, text in content.words),
    ]
    placed = [
        Placed(part, label, finding)
        for part, label, material in texts
        for finding in text_findings(material, content.circumstances)
    ]
    return placed + [placed_one for file in content.files for placed_one in _of_file(file)]


def text_findings(material: Material, circumstances: Circumstances = Circumstances()) -> Iterator[Finding]:  # noqa: B008
    """The checks of a text."""
    from gongkai.review.checks import (
        TEXT_CHECKS,  # here: their dictionaries are large, and most processes check nothing
    )

    for check in TEXT_CHECKS:
        yield from check(material, circumstances)


def file_findings(path: Path, circumstances: Circumstances = Circumstances()) -> Iterator[Finding]:  # noqa: B008
    """The checks of a file: what it hides, and the checks of a text over all that is in it."""
    from gongkai.text.inspection import inspect_file

    inspection = inspect_file(path)
    yield from inspection.findings
    yield from text_findings(inspection.material, circumstances)


def examine_files(files: Iterable[StoredFile], *, scans: bool = False) -> None:
    """Examine those that have not been by this version of the checks; scans and pictures only when `scans`."""
    wanted = {file.pk: file for file in files}
    circumstances = Circumstances(names=known_names())
    done = FileExamination.objects.filter(file__in=wanted, version=VERSION).values_list("file_id", flat=True)
    for file_id in set(wanted) - set(done):
        file = wanted[file_id]
        if file.needs_reading and not scans:
            continue
        with _on_disk(file) as path:
            found_in_file = list(file_findings(path, circumstances))
            copy, refusal = _public_copy(path)
        findings = [asdict(finding) for finding in [*found_in_file, *refusal]]
        FileExamination.objects.update_or_create(
            file=file, defaults={"version": VERSION, "findings": findings, "public_file": copy}
        )


def public_copies(file_ids: Iterable[int]) -> dict[int, int]:
    """Ids of the public's copies by ids of the originals, as far as there are such."""
    made = FileExamination.objects.filter(file__in=list(file_ids), version=VERSION, public_file__isnull=False)
    return dict(made.values_list("file_id", "public_file_id"))


def _public_copy(path: Path) -> tuple[StoredFile | None, list[Finding]]:
    """The stored copy without properties and hidden parts, or the finding that none can be made."""
    from gongkai.text.inspection import strip

    target = path.with_name(f"public{path.suffix}")
    try:
        strip(path, target)
        with target.open("rb") as stream:
            return store(f"公开文件{path.suffix}", stream), []
    except Unreadable as error:
        return None, [found("file.no-public-copy", message=error.message)]
    except Refused as refusal:
        return None, [found("file.no-public-copy", message=refusal.reasons[0].message)]


@contextmanager
def _on_disk(file: StoredFile) -> Iterator[Path]:
    """A copy of a stored file that has a path, for readers that need one; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="gongkai-examine-") as directory:
        path = Path(directory) / f"file{_suffix(file)}"
        with default_storage.open(file.storage_name, "rb") as source, path.open("wb") as target:
            shutil.copyfileobj(source, target)
        yield path


def _suffix(file: StoredFile) -> str:
    kind = Kind(file.kind)
    return SUFFIXES.get(kind, f".{kind.value}")


def _of_file(file: FilePart) -> Iterator[Placed]:
    examination = FileExamination.objects.filter(file_id=file.file_id, version=VERSION).first()
    if examination is None:
        yield Placed(file.part, file.label, found("file.not-examined"))
        return
    for row in examination.findings:
        yield Placed(file.part, file.label, _from_json(row))


def _from_json(row: dict[str, Any]) -> Finding:
    """The finding as kept; how serious it is says the rule as it is now."""
    fix = Fix(FixKind(row["fix"]["kind"]), row["fix"]["replacement"]) if row["fix"] else None
    try:
        severity = review_rule(row["rule"]).severity
    except KeyError:
        severity = Severity(row["severity"])
    return Finding(**{**row, "severity": severity, "fix": fix})
