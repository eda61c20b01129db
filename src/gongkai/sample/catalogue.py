"""The catalogues of the sample district: 法定主动公开内容 and the grassroots standard catalogue with its 26 fields.

The rows are data (``data/statutory.toml``, ``data/grassroots.toml``), compactly written: what a section or field says once
holds for its rows unless a row says otherwise. Codes are resolved against the vocabularies when the rows are built, so a
label that a vocabulary does not know fails at once.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from gongkai.sample.bodies import DATA, of_kind
from gongkai.sample.codes import code_of, statutory_class
from gongkai.sample.records import SampleCatalogueRow

STATUTORY = "statutory"
GRASSROOTS = "grassroots"

_KINDS = {
    "G": "district_government",
    "D": "department",
    "T": "township",
    "P": "park",
    "E": "public_enterprise_institution",
}


@cache
def catalogue() -> tuple[SampleCatalogueRow, ...]:
    """Return all rows of both catalogues, parents before children."""
    return (*_statutory(), *_grassroots())


@cache
def rows_by_code() -> dict[str, SampleCatalogueRow]:
    """Return the rows by their code."""
    return {row.code: row for row in catalogue()}


def _statutory() -> Iterator[SampleCatalogueRow]:
    data = _read("statutory")
    for order, section in enumerate(data["section"], start=1):
        common = {**data["defaults"], **section}
        yield SampleCatalogueRow(
            STATUTORY, section["code"], None, section["label"], statutory_class(section["item"]), "",
            _kinds(section["kinds"]), order,
        )  # fmt: skip
        for number, (code, label, elements, *rest) in enumerate(section["rows"], start=1):
            own = {**common, **(rest[0] if rest else {})}
            kinds = _kinds(own.get("k", section["kinds"]))
            yield SampleCatalogueRow(
                catalogue=STATUTORY,
                code=code,
                parent_code=section["code"],
                label=label,
                statutory_class=statutory_class(own["item"]),
                disclosure_field="",
                applies_to=kinds,
                order=number,
                sequence=f"{order}.{number}",
                level1_matter=section["label"],
                level2_matter=label,
                content_elements=elements,
                disclosing_body="、".join(_DISCLOSING[kind] for kind in kinds),
                disclosure_tier="乡级" if kinds == ("township",) else "县级、乡级" if "township" in kinds else "县级",
                **_columns(own),
            )


_DISCLOSING = {
    "district_government": "区人民政府（办公室）",
    "department": "区政府各部门",
    "township": "各乡镇人民政府（街道办事处）",
    "park": "各园区管委会",
    "public_enterprise_institution": "公共企事业单位",
}


def _grassroots() -> Iterator[SampleCatalogueRow]:
    data = _read("grassroots")
    towns = tuple(body.code for body in of_kind("township"))
    for order, entry in enumerate(data["field"], start=1):
        common = {**data["defaults"], **entry}
        field_code = code_of("disclosure_fields", entry["label"])
        owing = (*entry["bodies"], *(towns if entry.get("towns") else ()))
        kinds = _kinds(("G" if "qzfb" in owing else "") + "D" + ("T" if entry.get("towns") else ""))
        branch = f"lh-{entry['code']}"
        yield SampleCatalogueRow(
            GRASSROOTS, branch, None, entry["label"], "", field_code, kinds, order, applies_to_bodies=owing
        )
        for number, (matter1, matter2, elements, *rest) in enumerate(entry["rows"], start=1):
            own = {**common, **(rest[0] if rest else {})}
            yield SampleCatalogueRow(
                catalogue=GRASSROOTS,
                code=f"{branch}-{number:02d}",
                parent_code=branch,
                label=matter2,
                statutory_class="",
                disclosure_field=field_code,
                applies_to=kinds,
                order=number,
                applies_to_bodies=owing,
                sequence=f"{order}.{number}",
                level1_matter=matter1,
                level2_matter=matter2,
                content_elements=elements,
                disclosing_body=own["body"],
                disclosure_tier=own["tier"],
                **_columns(own),
            )


def _columns(own: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "disclosure_basis": own["basis"],
        "disclosure_time_limit": own["limit"],
        "disclosure_channels": tuple(code_of("disclosure_channels", label) for label in own["channels"]),
        "disclosure_target": own["target"],
        "disclosure_method": own["method"],
    }


def _kinds(letters: str) -> tuple[str, ...]:
    return tuple(_KINDS[letter] for letter in letters)


def _read(name: str) -> dict[str, Any]:
    with (DATA / f"{name}.toml").open("rb") as stream:
        return tomllib.load(stream)
