"""Kinds of subsidy table (惠民惠农、涉农补贴): which columns they have, what stands in each, and what of it the public may see.

The kinds are data (`data/table_kinds.toml`): 财办〔2020〕37号, 国办发〔2019〕54号; 《个人信息保护法》§4, §25, §28 for what is masked or left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from gongkai.rules.vocabulary import VocabularyError, cached_data, data_file, read_toml

__all__ = ["Exposure", "TableColumn", "TableKind", "ValueType", "exposures", "table_kinds"]


class ValueType(StrEnum):
    """What the cells of a column hold."""

    SERIAL = "serial"
    NAME = "name"
    IDENTITY = "identity"
    ACCOUNT = "account"
    PHONE = "phone"
    ADDRESS = "address"
    PLACE = "place"
    AMOUNT = "amount"
    """元, at most two decimals."""
    AREA = "area"
    """亩, at most four decimals."""
    COUNT = "count"
    DATE = "date"
    TEXT = "text"

    @property
    def is_figure(self) -> bool:
        """Whether it can be added up."""
        return self in (ValueType.AMOUNT, ValueType.AREA, ValueType.COUNT)


class Exposure(StrEnum):
    """What the public sees of a column, from most to least."""

    SHOWN = "shown"
    MASKED = "masked"
    HIDDEN = "hidden"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return _EXPOSURE_LABELS[self]


_EXPOSURE_LABELS = {Exposure.SHOWN: "公开", Exposure.MASKED: "脱敏后公开", Exposure.HIDDEN: "不公开"}
_PERSONAL = frozenset({ValueType.IDENTITY, ValueType.ACCOUNT, ValueType.PHONE, ValueType.ADDRESS})
"""What is never shown as it is."""
_MASKABLE = _PERSONAL | {ValueType.NAME}


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One column of a kind of table."""

    code: str
    label: str
    aliases: tuple[str, ...]
    """How files head it."""
    type: ValueType
    exposure: Exposure
    required: bool = False
    totalled: bool = False

    @property
    def unit(self) -> str:
        """元, 亩 or nothing."""
        return {ValueType.AMOUNT: "元", ValueType.AREA: "亩"}.get(self.type, "")


@dataclass(frozen=True, slots=True)
class TableKind:
    """One kind of table with its columns in the order in which the public sees them."""

    code: str
    label: str
    basis: str
    columns: tuple[TableColumn, ...]
    product: tuple[str, str, str] | None = None
    """Codes of standard, quantity and amount, where the third is the product of the others."""

    def column(self, code: str) -> TableColumn:
        """The column with `code`. Raises `KeyError`."""
        for column in self.columns:
            if column.code == code:
                return column
        raise KeyError(code)

    @property
    def required(self) -> tuple[TableColumn, ...]:
        """The columns that a file must have."""
        return tuple(column for column in self.columns if column.required)


def exposures(column: TableColumn) -> tuple[Exposure, ...]:
    """What a clerk may choose for `column`: as the rules say, or stricter (《个人信息保护法》§6: 限于最小范围)."""
    order = list(Exposure)
    allowed = order[order.index(column.exposure) :]
    return tuple(one for one in allowed if one is not Exposure.MASKED or column.type in _MASKABLE)


def table_kinds() -> Mapping[str, TableKind]:
    """All kinds by code. Raises `VocabularyError` when the file is faulty."""
    return _load("table_kinds")


@cached_data
def _load(name: str) -> dict[str, TableKind]:
    path = data_file(name)
    data = read_toml(path)
    columns, kinds = data.get("columns"), data.get("kinds")
    if not isinstance(columns, dict) or not isinstance(kinds, list) or not kinds:
        raise VocabularyError(f"{path.name}：缺少 columns 或者 kinds。")
    known = {code: _column(f"{path.name}：列“{code}”", code, row) for code, row in columns.items()}
    found: dict[str, TableKind] = {}
    for position, row in enumerate(kinds, start=1):
        kind = _kind(f"{path.name}：第{position}个种类", row, known)
        if kind.code in found:
            raise VocabularyError(f"{path.name}：种类代码“{kind.code}”重复。")
        found[kind.code] = kind
    return found


def _column(where: str, code: str, row: object) -> TableColumn:
    if not isinstance(row, dict) or not all(isinstance(row.get(key), str) for key in ("label", "type", "exposure")):
        raise VocabularyError(f"{where}缺少 label、type 或者 exposure。")
    try:
        kind, exposure = ValueType(row["type"]), Exposure(row["exposure"])
    except ValueError as error:
        raise VocabularyError(f"{where}的 type 或者 exposure 不是规定的取值：{error}。") from error
    aliases = tuple(alias.strip() for alias in str(row.get("aliases", "")).split("、") if alias.strip())
    column = TableColumn(code, row["label"], aliases, kind, exposure, totalled=row.get("totalled") is True)
    _check(where, column)
    return column


def _check(where: str, column: TableColumn) -> None:
    if column.type in _PERSONAL and column.exposure is Exposure.SHOWN:
        raise VocabularyError(f"{where}属于个人敏感信息，exposure 不得为 shown（《个人信息保护法》第二十五条）。")
    if column.exposure is Exposure.MASKED and column.type not in _MASKABLE:
        raise VocabularyError(f"{where}的类型“{column.type}”没有脱敏办法，exposure 应当为 shown 或者 hidden。")
    if column.totalled and not column.type.is_figure:
        raise VocabularyError(f"{where}不是数字，不能合计。")


def _kind(where: str, row: object, known: Mapping[str, TableColumn]) -> TableKind:
    if not isinstance(row, dict) or not all(isinstance(row.get(key), str) for key in ("code", "label")):
        raise VocabularyError(f"{where}缺少 code 或者 label。")
    own = row.get("exposure", {})
    columns: list[TableColumn] = []
    for word in row.get("columns", ()):
        code = word.rstrip("!")
        if code not in known or any(column.code == code for column in columns):
            raise VocabularyError(f"{where}（{row['code']}）的列“{code}”没有定义或者重复。")
        try:
            exposure = Exposure(own.get(code, known[code].exposure))
        except ValueError as error:
            raise VocabularyError(f"{where}（{row['code']}）的列“{code}”：{error}。") from error
        columns.append(replace(known[code], required=word.endswith("!"), exposure=exposure))
        _check(f"{where}（{row['code']}）的列“{code}”", columns[-1])
    if not any(column.required for column in columns):
        raise VocabularyError(f"{where}（{row['code']}）没有任何必备的列。")
    return TableKind(
        row["code"], row["label"], str(row.get("basis", "")), tuple(columns), _product(where, row, columns)
    )


def _product(where: str, row: Mapping[str, object], columns: list[TableColumn]) -> tuple[str, str, str] | None:
    product = row.get("product")
    if product is None:
        return None
    figures = {column.code for column in columns if column.type.is_figure}
    if not isinstance(product, list) or len(product) != 3 or not figures.issuperset(product):
        raise VocabularyError(f"{where}的 product 应当为三个数字列：标准、数量、金额。")
    return product[0], product[1], product[2]
