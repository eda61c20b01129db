"""Kept files that nothing refers to: a process that died between keeping a file and recording it leaves one."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils.module_loading import import_string

from gongkai.files import sealed
from gongkai.tables import downloads
from gongkai.tables.models import PublicTable, TableUpload

UNUSED_AFTER = timedelta(days=1)
"""How long a file may lie without a record before it belongs to no living process."""


def remove_unreferenced(now: datetime) -> int:
    """Remove sealed files nobody refers to (`GONGKAI_SEALED_IN_USE` names who is asked), and downloads of tables that are no more.

    Returns how many.
    """
    known = {name for path in settings.GONGKAI_SEALED_IN_USE for name in import_string(path)()}
    lost = [name for name in _kept(sealed.FOLDER) if name not in known and _is_old(name, now)]
    sealed.remove(*lost)
    tables = set(PublicTable.objects.values_list("pk", flat=True))
    made = [name for name in _kept(downloads.FOLDER) if downloads.table_of(name) not in tables and _is_old(name, now)]
    downloads.remove(made)
    return len(lost) + len(made)


def in_use() -> set[str]:
    """Sealed files that subsidy tables refer to."""
    known = set(PublicTable.objects.values_list("source", flat=True))
    for files in TableUpload.objects.values_list("source", "problem_file", "preview_file"):
        known.update(files)
    return known


def _kept(folder: str) -> list[str]:
    return [f"{folder}/{name}" for name in default_storage.listdir(folder)[1]] if default_storage.exists(folder) else []


def _is_old(name: str, now: datetime) -> bool:
    return default_storage.get_modified_time(name) < now - UNUSED_AFTER
