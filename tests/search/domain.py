"""A tiny domain to try search on: a provider over a JSON file, which several processes can share."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings

from gongkai.search import SearchDocument, enqueue

after_index_calls: list[None] = []


def _path() -> Path:
    return Path(settings.GONGKAI_DATA_DIR) / "domain.json"


def read() -> dict[int, str]:
    """Titles of all public items."""
    return {int(key): title for key, title in json.loads(_path().read_text()).items()} if _path().exists() else {}


def save(items: dict[int, str | None]) -> None:
    """Set titles (``None`` withdraws) and note the change, as a domain action would."""
    titles = read()
    for item_id, title in items.items():
        titles.pop(item_id, None)
        if title is not None:
            titles[item_id] = title
    _path().write_text(json.dumps(titles))
    enqueue(items)


def load(ids: Sequence[int]) -> dict[int, SearchDocument]:
    """The provider."""
    titles = read()
    return {n: SearchDocument(n, "notice", titles[n], body=f"正文{n}") for n in ids if n in titles}


def all_ids(after: int, limit: int) -> list[int]:
    """The list of everything."""
    return sorted(n for n in read() if n > after)[:limit]


def after_index() -> None:
    """The hook."""
    after_index_calls.append(None)
