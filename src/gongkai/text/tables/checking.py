"""Judging a table row by row: what is wrong, where, and what to do about it; and what the public will see of each row.

Besides single cells (`values`): amount = standard × quantity, the same identity twice, rows of totals against the sum of the rows, hidden
rows, personal data in free text. Memory grows with the number of rows by one digest each, and with nothing else.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from gongkai.rules.table_kinds import Exposure, TableColumn, TableKind, ValueType
from gongkai.text.tables.cells import SourceRow, column_letters
from gongkai.text.tables.headers import SourceColumn, unit_factor
from gongkai.text.tables.masking import clear_of_personal_data, shown
from gongkai.text.tables.values import Fault, Value, read_value

__all__ = ["CheckedRow", "ColumnPlan", "Problem", "TableChecker", "column_plan"]

_TOTAL = re.compile(r"(?:本页|全村|全镇|全乡|全组|[\u4e00-\u9fff]{0,8})(?:合计|小计|总计|共计|累计)[:：]?")
_FOOT = re.compile(r"制表|填报|填表|审核|复核|负责人|经办|盖章|单位[:：]|说明|备注[:：]|注[:：]|日期[:：]|第.{1,4}页")
_ROUNDING = Decimal("0.05")
"""元 by which an amount may differ from standard × quantity: each may have been rounded."""


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """One column of the file, which column of the kind it is, and what the public sees of it."""

    source: SourceColumn
    column: TableColumn
    exposure: Exposure
    factor: Decimal = Decimal(1)
    """How many 元 or 亩 one of its units is."""


def column_plan(source: SourceColumn, column: TableColumn, exposure: Exposure) -> ColumnPlan:
    """The plan of a column, its unit taken from its head."""
    return ColumnPlan(source, column, exposure, Decimal(unit_factor(source.name, column)))


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in one row, or in the table as a whole (`row` 0)."""

    row: int
    column: str
    """Letters of the column; empty when the whole row is meant."""
    label: str
    code: str
    message: str
    serious: bool

    @property
    def place(self) -> str:
        """第 12 行 E 列（身份证号）."""
        if not self.row:
            return "全表"
        place = f"第 {self.row} 行"
        if self.column:
            place += f" {self.column} 列"
        return f"{place}（{self.label}）" if self.label else place


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """One record: what the public will see of it, in the order of the public columns, and what it is sorted by."""

    number: int
    cells: tuple[str, ...]
    name: str
    """As the public sees it."""
    place: str
    amount: Decimal | None
    quantity: Decimal | None


@dataclass(slots=True)
class _Sums:
    figures: dict[str, Decimal] = field(default_factory=dict)
    rows: int = 0


class TableChecker:
    """Checks the rows of one table in their order, given `kind` and the plan of its columns."""

    def __init__(self, kind: TableKind, plans: tuple[ColumnPlan, ...]) -> None:
        self.kind, self.plans = kind, plans
        order = {column.code: place for place, column in enumerate(kind.columns)}
        self.public = tuple(
            sorted(
                (plan for plan in plans if plan.exposure is not Exposure.HIDDEN),
                key=lambda plan: order[plan.column.code],
            )
        )
        self.problems: list[Problem] = []
        """Of the row fed last; emptied with each row."""
        self.rows = 0
        self.skipped = 0
        """Rows of totals, repeated heads and notes."""
        self._heads = {plan.column.code: plan.source for plan in plans}
        name = self._heads["name"].name if "name" in self._heads else ""
        self._head_of_names = {re.sub(r"\s", "", text) for text in (name, name.rpartition("-")[2]) if text}
        needed = {
            *(kind.product or ()),
            *(column.code for column in kind.columns if column.required or column.totalled),
        }
        self._read_plans = tuple(
            plan for plan in plans if plan.exposure is not Exposure.HIDDEN or plan.column.code in needed
        )
        """A column that nobody will see and that nothing is reckoned from is not even read."""
        self._seen: dict[bytes, int] = {}
        self._sums = _Sums({plan.column.code: Decimal(0) for plan in plans if plan.column.totalled})
        self._stated: list[tuple[int, dict[str, Decimal]]] = []

    @property
    def totals(self) -> Mapping[str, Decimal]:
        """Sums of the totalled columns by code, of the rows so far."""
        return self._sums.figures

    def feed(self, row: SourceRow) -> CheckedRow | None:
        """Check one row; None for one that is no record (totals, a repeated head, a note). `problems` holds what is wrong."""
        self.problems = []
        if self._is_no_record(row):
            self.skipped += 1
            return None
        self.rows += 1
        if row.hidden:
            message = "这一行在表格中是隐藏的。请取消隐藏（包括筛选）核对后保存；不发放的请删除该行。"
            self._note(row, None, Fault("hidden", message))
        values = {plan.column.code: self._read(row, plan) for plan in self._read_plans}
        self._check_product(row, values)
        self._check_identity(row, values)
        for code in self._sums.figures:
            if (figure := values[code].figure) is not None:
                self._sums.figures[code] += figure
        return self._record(row, values)

    def finish(self) -> Iterator[Problem]:
        """After the last row: stated totals that differ from the sum, and that there is anything at all."""
        if not self.rows:
            message = "表头下面没有可以发布的数据行。请检查表头所在行是否选对。"
            yield Problem(0, "", "", "no_rows", message, serious=True)
        if not self._stated:
            return
        number, stated = self._stated[-1]  # above it may be sums of villages and pages
        for code, figure in stated.items():
            if abs(figure - self._sums.figures[code]) > _ROUNDING and self._is_grand_total(code):
                column = self.kind.column(code)
                message = f"“合计”行的{column.label}为 {figure:,f}，逐行相加为 {self._sums.figures[code]:,f}。请核对是否漏行或者错数。"
                yield Problem(number, "", column.label, "total", message, serious=False)

    # --- a row ---------------------------------------------------------------------------------------------------------
    def _is_no_record(self, row: SourceRow) -> bool:
        name = self._of(row, "name")
        if name and name in self._head_of_names:
            return True  # the head again, at the top of a printed page
        said = [text for text in (name, self._of(row, "identity")) if text]
        if said and not any(_TOTAL.fullmatch(text) for text in said) and len(set(said)) == len(said):
            return False  # somebody is named, so it is a record whatever a remark says
        words = [re.sub(r"\s", "", cell.text) for cell in row.cells if cell.text]
        if len(words) > 2 and len(set(words)) == 1 and not _TOTAL.fullmatch(words[0]):
            return True  # one text merged over the whole row: the name of a village, a note
        if any(_TOTAL.fullmatch(word) for word in words):
            self._remember_total(row)
            return True
        required = (self._heads[column.code] for column in self.kind.required if column.code in self._heads)
        return not any(row.text(source.index) for source in required) and any(_FOOT.search(word) for word in words)

    def _of(self, row: SourceRow, code: str) -> str:
        source = self._heads.get(code)
        return re.sub(r"\s", "", row.text(source.index)) if source else ""

    def _remember_total(self, row: SourceRow) -> None:
        stated = {}
        for plan in self.plans:
            if plan.column.totalled:
                value = read_value(row.cell(plan.source.index), plan.column, plan.factor)
                if value.figure is not None:
                    stated[plan.column.code] = value.figure
        if stated:
            self._stated.append((row.number, stated))

    def _is_grand_total(self, code: str) -> bool:
        """Whether the last stated total can be that of the whole: it is not less than every one before it."""
        last = self._stated[-1][1][code]
        return all(last >= stated.get(code, Decimal(0)) for _, stated in self._stated)

    def _read(self, row: SourceRow, plan: ColumnPlan) -> Value:
        value = read_value(row.cell(plan.source.index), plan.column, plan.factor)
        if plan.exposure is Exposure.HIDDEN:  # a column nobody will see stops nothing, unless the kind asks for it
            faults = value.faults if plan.column.required else ()
            value = Value(value.text, value.figure, faults)
        for fault in value.faults:
            self._note(row, plan, fault)
        return value

    def _check_product(self, row: SourceRow, values: Mapping[str, Value]) -> None:
        if self.kind.product is None:
            return
        figures = [values[code].figure if code in values else None for code in self.kind.product]
        standard, quantity, amount = figures
        if standard is None or quantity is None or amount is None or not standard or not quantity or amount < 0:
            return
        product = standard * quantity
        if abs(product - amount) > max(_ROUNDING, quantity * Decimal("0.005")):
            labels = [self.kind.column(code).label for code in self.kind.product]
            message = f"{labels[2]} {amount:,f} 不等于{labels[0]} {standard:,f} × {labels[1]} {quantity:,f} = {product:,.2f}。请核对。"
            plan = next(plan for plan in self.plans if plan.column.code == self.kind.product[2])
            self._note(row, plan, Fault("product", message, serious=False))

    def _check_identity(self, row: SourceRow, values: Mapping[str, Value]) -> None:
        value = values.get("identity")
        if value is None or not value.text or "*" in value.text:
            return
        item = values["item"].text if "item" in values else ""
        key = hashlib.blake2b(f"{value.text}\x1f{item}".encode(), digest_size=12).digest()
        first = self._seen.setdefault(key, row.number)
        if first != row.number:
            plan = next(plan for plan in self.plans if plan.column.code == "identity")
            message = f"与第 {first} 行是同一个身份证号。重复发放的请删除；确有两笔的请核对后保留。"
            self._note(row, plan, Fault("duplicate", message, serious=False))

    def _record(self, row: SourceRow, values: Mapping[str, Value]) -> CheckedRow:
        cells, places, name = [], [], ""
        for plan in self.public:
            text = shown(values[plan.column.code].text, plan.column.type, plan.exposure)
            if plan.column.type in (ValueType.TEXT, ValueType.PLACE, ValueType.NAME):
                text, found = clear_of_personal_data(text)
                if found:
                    message = f"{plan.column.label}中含有{'、'.join(found)}，公开时将脱敏。请核对该列是否应当公开。"
                    self._note(row, plan, Fault("personal", message, serious=False))
            if plan.column.type is ValueType.PLACE:
                places.append(text)
            elif plan.column.code == "name":
                name = text
            cells.append(text)
        return CheckedRow(
            row.number,
            tuple(cells),
            name,
            "".join(places),
            self._sorting(values, "amount"),
            self._sorting(values, "area") or self._sorting(values, "count"),
        )

    def _sorting(self, values: Mapping[str, Value], code: str) -> Decimal | None:
        """The figure of a public column; what is not public must not show in the order either."""
        if any(plan.column.code == code for plan in self.public):
            return values[code].figure
        return None

    def _note(self, row: SourceRow, plan: ColumnPlan | None, fault: Fault) -> None:
        letters = column_letters(plan.source.index + 1) if plan else ""
        label = plan.column.label if plan else ""
        self.problems.append(Problem(row.number, letters, label, fault.code, fault.message, fault.serious))
