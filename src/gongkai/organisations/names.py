"""Names of the bodies, which nearly every page needs: read once for each generation of public content."""

from __future__ import annotations

from collections.abc import Mapping

from gongkai.audit.generation import PerGeneration
from gongkai.organisations.models import Organisation


def _read() -> Mapping[int, tuple[str, bool]]:
    rows = Organisation.objects.order_by("position", "pk").values_list("pk", "name", "is_active")
    return {pk: (name, active) for pk, name, active in rows}


_all = PerGeneration(_read)


def name_of(organisation_id: int) -> str | None:
    """The name of a body, active or not; ``None`` when there is none."""
    found = _all().get(organisation_id)
    return found[0] if found else None


def _read_known() -> frozenset[str]:
    rows = Organisation.objects.values_list("name", "short_name", "aliases")
    return frozenset(
        name for full, short, aliases in rows for name in (full, short, *map(str, aliases)) if len(name) > 1
    )


_known = PerGeneration(_read_known)


def known_names() -> frozenset[str]:
    """Everything the bodies are or were called, in full, in short and formerly: what checks of wording take for right."""
    return _known()


def active_names() -> list[str]:
    """Names of the active bodies, in their order."""
    return [name for name, active in _all().values() if active]
