"""An index of titles and nothing else, with the titles at hand."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from gongkai.search.documents import SearchDocument
from gongkai.search.engines.embedded import EmbeddedEngine
from gongkai.search.title_lookup import TitleLookup

SINCE = datetime(2020, 1, 1, tzinfo=UTC)


def lookup_over(root: Path, titles: Iterable[str | tuple[str, str]]) -> TitleLookup:
    """Index ``titles`` (or pairs of title and body), later ones newer."""
    engine = EmbeddedEngine(root)
    pairs = [one if isinstance(one, tuple) else (one, "") for one in titles]
    known = dict(enumerate((title for title, _ in pairs), start=1))
    with engine.writer() as writer:
        writer.put(
            SearchDocument(number, "notice", title, body=body, published_at=SINCE + timedelta(hours=number))
            for number, (title, body) in enumerate(pairs, start=1)
        )
        writer.commit()

    def of(ids: Sequence[int]) -> dict[int, str]:
        return {one: known[one] for one in ids if one in known}

    return TitleLookup(engine, of)


def real_titles(shared_data: Path) -> list[str]:
    """Titles of laws, policy documents and a district's policies, each once."""
    files = (*sorted((shared_data / "laws_docs").glob("*.jsonl")),)
    files += tuple(shared_data / name / "policies.dev.jsonl" for name in ("policy_docs", "tianhe_policies"))
    lines = (line for path in files for line in path.read_text(encoding="utf-8").splitlines())
    return list(dict.fromkeys(json.loads(line)["title"].strip() for line in lines))
