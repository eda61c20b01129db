"""The real policies and made-up applicants of ``data/``: read, and the sentences of the policies fetched from the material.

The repository holds no text of the material. Of every clause it holds where its sentence stands (``start`` and ``length`` in
characters of the document's text), how it begins (``first``) and the characters that state the value (``says``).
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from gongkai.rules.eligibility import PolicyConditions
from gongkai.rules.eligibility_fields import eligibility_fields
from gongkai.rules.eligibility_reading import read_conditions

Row = dict[str, Any]
DATA = Path(__file__).parent / "data"
ENTRIES: list[Row] = json.loads((DATA / "real_policies.json").read_text("utf-8"))["policies"]
APPLICANTS: list[Row] = json.loads((DATA / "real_applicants.json").read_text("utf-8"))["applicants"]


@cache
def texts(shared_data: Path) -> dict[tuple[str, str], str]:
    """The texts of the documents that hold the policies, by set (folder and file) and id of the document."""
    wanted = {(one["set"], one["document"]) for one in ENTRIES}
    found: dict[tuple[str, str], str] = {}
    for name in sorted({one for one, _ in wanted}):
        with (shared_data / f"{name}.jsonl").open(encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                if (name, row["id"]) in wanted:
                    found[name, row["id"]] = row["text"]
    return found


def sentence(entry: Row, clause: Row, shared_data: Path) -> str:
    """What stands in the document at the place the clause names."""
    start = clause["source"]["start"]
    return texts(shared_data)[entry["set"], entry["document"]][start : start + clause["source"]["length"]]


def conditions(shared_data: Path) -> dict[str, PolicyConditions]:
    """The conditions of every policy by its key, each clause with its real sentence. Raises `Refused` for faulty ones."""
    fields = eligibility_fields()
    return {one["key"]: read_conditions(_as_json(one, shared_data), fields) for one in ENTRIES}


def _as_json(entry: Row, shared_data: Path) -> Row:
    clauses = [{**one, "source": sentence(entry, one, shared_data)} for one in entry["clauses"]]
    return {"policy": entry["key"], "party": entry["party"], "clauses": clauses}
