"""Forms of subsidy tables: the upload, and which column is which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from gongkai.rules.table_kinds import Exposure, TableColumn, TableKind, exposures, table_kinds
from gongkai.text.tables.cells import column_letters
from gongkai.text.tables.headers import SourceColumn
from gongkai.text.tables.masking import describe
from gongkai.web.shared.forms import Form

LEFT_OUT = "（不使用）"


class TableUploadForm(Form):
    """A file and what it is."""

    kind = forms.ChoiceField(label="补贴表种类")
    file = forms.FileField(
        label="表格文件",
        help_text="xlsx 或者 CSV。旧版 xls、et 请先另存为 xlsx。原始文件只留在后台，不会公开；公开的是脱敏后的表。",
        error_messages={"empty": "文件是空的，请检查后重新上传。"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].error_messages["required"] = "请选择表格文件。"
        kinds = [(kind.code, kind.label) for kind in table_kinds().values()]
        self.fields["kind"].choices = [("", "请选择"), *kinds]  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """A column of the file with what it may be."""

    index: int
    name: str
    letters: str
    hidden: bool
    samples: tuple[str, ...]
    chosen: str


@dataclass(frozen=True, slots=True)
class ExposureLine:
    """A column of the kind with what the public may see of it."""

    column: TableColumn
    choices: tuple[tuple[str, str], ...]
    chosen: str
    policy: str


def column_lines(
    columns: Sequence[SourceColumn],
    mapping: Mapping[int, str],
    rows: Sequence[Sequence[str]],
    hidden: frozenset[int],
) -> list[ColumnLine]:
    """The columns of the file; a hidden one is not chosen by itself."""
    lines = []
    for column in columns:
        samples = tuple(row[column.index] for row in rows if column.index < len(row) and row[column.index])
        lines.append(
            ColumnLine(
                column.index,
                column.name,
                column_letters(column.index + 1),
                column.index in hidden,
                samples[:3],
                mapping.get(column.index, ""),
            )
        )
    return lines


def exposure_lines(kind: TableKind, chosen: Mapping[str, str]) -> list[ExposureLine]:
    """The columns of the kind and how they are published, as chosen or as the rules say."""
    lines = []
    for column in kind.columns:
        value = chosen.get(column.code, column.exposure.value)
        choices = tuple((one.value, one.label) for one in exposures(column))
        lines.append(ExposureLine(column, choices, value, describe(column.type, Exposure(value))))
    return lines


def posted_mapping(data: QueryDict) -> dict[int, str]:
    """Place of the file's column → code, of the columns that are used."""
    mapping = {}
    for name, value in data.items():
        place = name.removeprefix("column-")
        if place != name and place.isdecimal() and len(place) < 4 and value:
            mapping[int(place)] = str(value)[:40]
    return mapping


def posted_exposure(data: QueryDict) -> dict[str, str]:
    """Code of the column → exposure, as posted."""
    return {
        name.removeprefix("exposure-"): str(value)[:20] for name, value in data.items() if name.startswith("exposure-")
    }


def whole_number(text: str | None, otherwise: int, most: int) -> int:
    """A number from 1 to `most` of an address or form; `otherwise` when it is none."""
    return int(text) if text and text.isdecimal() and len(text) < 8 and 1 <= int(text) <= most else otherwise
