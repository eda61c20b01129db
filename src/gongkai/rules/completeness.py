"""Completeness: which elements an item of a kind must or should have, and how many it has.

The elements are data (``data/required_fields.toml``): those marked ``block`` stop submission, those marked ``warn``
only count towards the percentage shown to the clerk. Sources: 《条例》§12 (目录要素) and the page elements the yearly
inspection scores (文号, 成文日期, 有效性, 关键词, 咨询电话 …).
"""

from __future__ import annotations

from dataclasses import dataclass

from gongkai.rules.vocabulary import VocabularyError, cached_data, data_file, read_toml, vocabulary

_ANY_KIND = "any"
_NORMATIVE = "normative_document"


@dataclass(frozen=True, slots=True)
class RequiredField:
    """One element an item must or should have."""

    name: str
    """Field name; alternatives of which one suffices are joined by ``|`` (``body|attachments``)."""
    label: str
    required: bool
    """``True``: without it the item cannot be submitted; ``False``: it only lowers the percentage."""
    article: str

    def satisfied_by(self, present: frozenset[str]) -> bool:
        """Whether one of the alternatives is among the fields present."""
        return any(name in present for name in self.name.split("|"))


@dataclass(frozen=True, slots=True)
class Completeness:
    """How complete an item is."""

    percent: int
    """Share of the expected elements that are there, 0 to 100, rounded down so that 100 means all."""
    missing: tuple[RequiredField, ...]
    """Elements not there, required ones first."""

    @property
    def blocked(self) -> bool:
        """Whether a required element is missing."""
        return any(field.required for field in self.missing)


def completeness(kind: str, present_fields: frozenset[str], *, normative: bool = False) -> Completeness:
    """Measure an item of ``kind`` by the names of its filled-in fields; a 规范性文件 (``normative``) must have more.

    Raises :class:`gongkai.rules.vocabulary.VocabularyError` when the data file is faulty.
    """
    expected = fields_of(kind, normative=normative)
    missing = [field for field in expected if not field.satisfied_by(present_fields)]
    percent = 100 * (len(expected) - len(missing)) // len(expected)
    return Completeness(percent, tuple(sorted(missing, key=lambda field: not field.required)))


def fields_of(kind: str, *, normative: bool = False) -> tuple[RequiredField, ...]:
    """Return the elements expected of ``kind``: of every item, then its own; the later entry wins."""
    table = _load("required_fields")
    layers = (_ANY_KIND, kind, _NORMATIVE) if normative else (_ANY_KIND, kind)
    merged = {field.name: field for layer in layers for field in table.get(layer, ())}
    return tuple(merged.values())


@cached_data
def _load(name: str) -> dict[str, tuple[RequiredField, ...]]:
    path = data_file(name)
    rows = read_toml(path).get("fields")
    if not isinstance(rows, list) or not rows:
        raise VocabularyError(f"{path.name}：没有任何 fields 条目。")
    kinds = vocabulary("item_kinds")
    table: dict[str, list[RequiredField]] = {}
    for position, row in enumerate(rows, start=1):
        kind, entry = _field(f"{path.name}：第{position}个条目", row)
        if kind not in (_ANY_KIND, _NORMATIVE) and kind not in kinds:
            raise VocabularyError(f"{path.name}：第{position}个条目的 kind“{kind}”不在信息类型词表中。")
        if any(other.name == entry.name for other in table.setdefault(kind, [])):
            raise VocabularyError(f"{path.name}：{kind} 的要素“{entry.name}”重复。")
        table[kind].append(entry)
    if _ANY_KIND not in table:
        raise VocabularyError(f'{path.name}：缺少适用于所有类型的要素（kind = "any"）。')
    return {kind: tuple(entries) for kind, entries in table.items()}


def _field(where: str, row: object) -> tuple[str, RequiredField]:
    if not isinstance(row, dict):
        raise VocabularyError(f"{where}不是一张表。")
    columns = {key: str(value).strip() for key, value in row.items()}
    for key in ("kind", "field", "label", "level"):
        if not columns.get(key):
            raise VocabularyError(f"{where}缺少 {key}。")
    if columns["level"] not in ("block", "warn"):
        raise VocabularyError(f"{where}的 level 应当为 block 或 warn，现为“{columns['level']}”。")
    entry = RequiredField(columns["field"], columns["label"], columns["level"] == "block", columns.get("article", ""))
    return columns["kind"], entry
