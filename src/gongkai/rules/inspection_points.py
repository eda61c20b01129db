"""What an inspection would deduct for the elements an item lacks.

The figures are data (``data/inspection_points.toml``). Published inspection reports name the elements that are looked at; few name
the points. Those that are not published are marked as settings, and pages say so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gongkai.rules.completeness import RequiredField
from gongkai.rules.vocabulary import VocabularyError, cached_data, data_file, read_toml, vocabulary

_ANY_KIND = "any"


@dataclass(frozen=True, slots=True)
class Deduction:
    """Points for one missing element."""

    field: RequiredField
    points: float
    setting: bool
    """Whether the figure is the installation's own and not a published one."""
    source: str


@dataclass(frozen=True, slots=True)
class Deductions:
    """All of an item."""

    lines: tuple[Deduction, ...]
    total: float
    """Never more than the limit of an item, so it may be less than the sum of the lines."""

    @property
    def has_settings(self) -> bool:
        """Whether any figure is the installation's own."""
        return any(line.setting for line in self.lines)

    @property
    def capped(self) -> bool:
        """Whether the limit was reached."""
        return self.total < sum(line.points for line in self.lines)


@dataclass(frozen=True, slots=True)
class _Points:
    points: float
    setting: bool
    source: str


@dataclass(frozen=True, slots=True)
class _Table:
    most: float
    otherwise: Mapping[bool, float]
    rows: Mapping[tuple[str, str], _Points]
    source: str


def deductions(kind: str, missing: Iterable[RequiredField]) -> Deductions:
    """What the `missing` elements of an item of ``kind`` would cost, in their order.

    Raises :class:`gongkai.rules.vocabulary.VocabularyError` when the data file is faulty.
    """
    table = _load("inspection_points")
    lines = []
    for field in missing:
        row = table.rows.get((kind, field.name)) or table.rows.get((_ANY_KIND, field.name))
        row = row or _Points(table.otherwise[field.required], True, table.source)
        lines.append(Deduction(field, row.points, row.setting, row.source))
    return Deductions(tuple(lines), min(table.most, sum(line.points for line in lines)))


@cached_data
def _load(name: str) -> _Table:
    path = data_file(name)
    data = read_toml(path)
    otherwise = data.get("otherwise")
    limits = data.get("limits")
    if not isinstance(otherwise, dict) or not isinstance(limits, dict):
        raise VocabularyError(f"{path.name}：缺少 [limits] 或者 [otherwise]。")
    rows = data.get("points", [])
    if not isinstance(rows, list):
        raise VocabularyError(f"{path.name}：points 应当是若干条目。")
    kinds = vocabulary("item_kinds")
    table: dict[tuple[str, str], _Points] = {}
    for position, row in enumerate(rows, start=1):
        where = f"{path.name}：第{position}个 points 条目"
        if not isinstance(row, dict) or not row.get("field"):
            raise VocabularyError(f"{where}缺少 field。")
        kind = str(row.get("kind", ""))
        if kind != _ANY_KIND and kind not in kinds:
            raise VocabularyError(f"{where}的 kind“{kind}”不在信息类型词表中。")
        setting = row.get("setting", True)
        source = str(row.get("source", "")).strip()
        if not isinstance(setting, bool) or (not setting and not source):
            raise VocabularyError(f"{where}：setting 应当为 true 或 false，为 false 的必须写明 source。")
        table[kind, str(row["field"])] = _Points(_number(where, row.get("points")), setting, source)
    where = f"{path.name}："
    usual = {True: _number(where, otherwise.get("block")), False: _number(where, otherwise.get("warn"))}
    return _Table(_number(where, limits.get("most")), usual, table, str(data.get("source", "")))


def _number(where: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0:
        raise VocabularyError(f"{where}分值应当是不小于 0 的数，现为“{value}”。")
    return float(value)
