"""What search may know of a table: its title and the places in it, so that a village finds the lists it stands in. Never a person."""

from __future__ import annotations

from collections.abc import Iterable

from gongkai.tables.models import EditionTable, TableTerm

MOST_CHARACTERS = 6_000


def search_texts(edition_ids: Iterable[int]) -> dict[int, str]:
    """Text by edition: one query, and one more when any of them has a table."""
    links = EditionTable.objects.filter(edition_id__in=list(edition_ids))
    tables = {
        edition: (table, title) for edition, table, title in links.values_list("edition_id", "table_id", "table__title")
    }
    if not tables:
        return {}
    places: dict[int, dict[str, None]] = {}
    terms = TableTerm.objects.filter(
        table_id__in={table for table, _ in tables.values()}, column=TableTerm.Column.PLACE
    )
    for table_id, key in terms.order_by("table_id", "rank").values_list("table_id", "key"):
        places.setdefault(table_id, {})[_without_group(key)] = None
    return {
        edition: f"{title}\n{chr(10).join(places.get(table, ()))}"[:MOST_CHARACTERS]
        for edition, (table, title) in tables.items()
    }


def _without_group(key: str) -> str:
    """华佗镇大李村3组 → 华佗镇大李村: a group is nothing anybody searches the whole site for."""
    village, sign, group = key.rpartition("村")
    return f"{village}{sign}" if village and len(group) <= 4 else key
