"""Tables three and four of the annual report: their rows and columns, and the arithmetic that ties the cells together.

国办公开办函〔2021〕30号: applications received and handled (25 rows × 7 columns) and reconsiderations and suits (15 numbers). Which row an
outcome is stands in ``data/outcomes.toml``. The rules R1–R5 and R8–R10 are those of the form and of its reading (rules.md 2.4); a cell that does not
apply is None (“/”), never 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from gongkai.rules.applicants import Category
from gongkai.rules.findings import Severity
from gongkai.rules.outcomes import outcomes

TOTAL = "total"
COLUMNS: tuple[str, ...] = tuple(one.value for one in Category)
"""The six kinds of applicants, in the order of the table."""
ALL_COLUMNS = (*COLUMNS, TOTAL)
NEW, CARRIED_IN, HANDLED, CARRIED_OUT = "r01", "r02", "r24", "r25"
OTHER_ROW = "r23"
"""Whatever is no other row: withdrawn applications, for one (rules.md 2.5)."""
FEE_ROW = "r22"
CORNER = "本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和"

Cells = Mapping[str, Mapping[str, int | None]]
"""Row → column → number; None: does not apply."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its code, the heading it stands under, its number and words."""

    code: str
    group: str
    label: str

    @property
    def full_label(self) -> str:
        """The heading and the words."""
        return f"{self.group}　{self.label}" if self.group else self.label


def rows() -> tuple[Row, ...]:
    """The 25 rows in their order."""
    leaves = []
    last, place = "", 0
    for one in outcomes().values():
        place = place + 1 if one.group.code == last else 1
        last = one.group.code
        single = one.group.code in ("disclosed", "partially_disclosed")
        label = one.label if single else f"{place}.{one.label}"
        heading = one.group.number if single else f"{one.group.number}{one.group.label}"
        leaves.append(Row(one.row, heading, label))
    return (
        Row(NEW, "", "一、本年新收政府信息公开申请数量"),
        Row(CARRIED_IN, "", "二、上年结转政府信息公开申请数量"),
        *leaves,
        Row(HANDLED, "（七）", "总计"),
        Row(CARRIED_OUT, "", "四、结转下年度继续办理"),
    )


def outcome_rows() -> tuple[str, ...]:
    """r03 to r23."""
    return tuple(one.row for one in outcomes().values())


def row_of(outcome: str) -> str:
    """The row of an outcome; what has no row of its own (withdrawn applications) is 其他."""
    known = outcomes().get(outcome)
    return known.row if known else OTHER_ROW


def column_label(column: str) -> str:
    """The head of a column."""
    return "总计" if column == TOTAL else Category(column).label


@dataclass(frozen=True, slots=True)
class RequestTable:
    """Table three of a body, or of several together, for a year as it stood on a day."""

    year: int
    as_of: date
    cells: Cells
    applications: int | None = None
    """Applications that were counted apart from the cells: each of them once (R10); None: not known."""

    def cell(self, row: str, column: str) -> int | None:
        """One number."""
        return self.cells[row][column]


def made(
    year: int,
    as_of: date,
    leaves: Mapping[tuple[str, str], int],
    applications: int | None = None,
) -> RequestTable:
    """The table of counted `leaves`: (row, column) → number for r01, r02, r03–r23 and r25; sums are added, what is missing is 0."""
    cells: dict[str, dict[str, int | None]] = {}
    for row in (NEW, CARRIED_IN, *outcome_rows(), CARRIED_OUT):
        counted = [leaves.get((row, column), 0) for column in COLUMNS]
        cells[row] = {**dict(zip(COLUMNS, counted, strict=True)), TOTAL: sum(counted)}
    cells[HANDLED] = {column: sum(cells[row][column] or 0 for row in outcome_rows()) for column in ALL_COLUMNS}
    ordered = {row.code: cells[row.code] for row in rows()}
    return RequestTable(year, as_of, ordered, applications)


def added_up(tables: Iterable[RequestTable]) -> RequestTable:
    """The table of several bodies together, each once. Raises `ValueError` for none, or for tables of several years or days."""
    found = list(tables)
    if len({(one.year, one.as_of) for one in found}) != 1:
        raise ValueError("tables of one year and one day are added up")
    cells = {
        row.code: {column: _sum(one.cell(row.code, column) for one in found) for column in ALL_COLUMNS}
        for row in rows()
    }
    counts = [one.applications for one in found]
    together = None if None in counts else sum(one or 0 for one in counts)
    return RequestTable(found[0].year, found[0].as_of, cells, together)


def _sum(values: Iterable[int | None]) -> int | None:
    """The sum; None where no value applies."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None


# --- table four --------------------------------------------------------------------------------------------------------
KINDS = {
    "reconsideration": "行政复议",
    "direct_litigation": "行政诉讼：未经复议直接起诉",
    "litigation_after_reconsideration": "行政诉讼：复议后起诉",
}
RESULTS = {"upheld": "结果维持", "corrected": "结果纠正", "other": "其他结果", "pending": "尚未审结"}


@dataclass(frozen=True, slots=True)
class RemedyTable:
    """Table four: kind → result (and `total`) → number."""

    year: int
    as_of: date
    cells: Cells


def remedies_made(year: int, as_of: date, counted: Mapping[tuple[str, str], int]) -> RemedyTable:
    """The table of (kind, result) → number, with its sums."""
    cells: dict[str, dict[str, int | None]] = {}
    for kind in KINDS:
        found = [counted.get((kind, result), 0) for result in RESULTS]
        cells[kind] = {**dict(zip(RESULTS, found, strict=True)), TOTAL: sum(found)}
    return RemedyTable(year, as_of, cells)


# --- arithmetic --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Imbalance:
    """A rule that does not hold: which, where, what stands there and what should."""

    rule: str
    """R1 … R10."""
    row: str
    column: str
    message: str
    severity: Severity = field(default=Severity.SERIOUS)


def cross_footing(
    table: RequestTable,
    *,
    last_year: RequestTable | None = None,
    parts: Iterable[RequestTable] | None = None,
) -> list[Imbalance]:
    """Every rule of table three that does not hold; empty: the table is right.

    `last_year`: the table of the year before, for R5. `parts`: the tables of the bodies a district's table is made of, for R9.
    """
    found = [*_numbers(table), *_columns(table), *_rows(table), *_once(table)]
    if last_year is not None:
        found += _carried(table, last_year)
    if parts is not None:
        found += _parts(table, list(parts))
    return found


def _value(table: RequestTable, row: str, column: str) -> int:
    return table.cells[row][column] or 0


def _label(code: str) -> str:
    return next(row.full_label for row in rows() if row.code == code)


def _numbers(table: RequestTable) -> Iterator[Imbalance]:
    for row in rows():
        for column in ALL_COLUMNS:
            value = table.cells[row.code][column]
            if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
                message = (
                    f"“{row.full_label}”{column_label(column)}应当是不小于 0 的整数，现为 {value}；不适用的填“/”。"
                )
                yield Imbalance("R9", row.code, column, message)


def _columns(table: RequestTable) -> Iterator[Imbalance]:
    for column in ALL_COLUMNS:
        name = column_label(column)
        received = _value(table, NEW, column) + _value(table, CARRIED_IN, column)
        settled = _value(table, HANDLED, column) + _value(table, CARRIED_OUT, column)
        if received != settled:
            message = f"{name}：第一项加第二项为 {received}，第三项加第四项为 {settled}，应当相等。"
            yield Imbalance("R1", CARRIED_OUT, column, message)
        leaves = sum(_value(table, row, column) for row in outcome_rows())
        if leaves != _value(table, HANDLED, column):
            message = f"{name}：（七）总计为 {_value(table, HANDLED, column)}，各项办理结果之和为 {leaves}，应当相等。"
            yield Imbalance("R2", HANDLED, column, message)


def _rows(table: RequestTable) -> Iterator[Imbalance]:
    for row in rows():
        whole, parts = _value(table, row.code, TOTAL), sum(_value(table, row.code, column) for column in COLUMNS)
        if whole != parts:
            message = f"“{row.full_label}”总计为 {whole}，各类申请人之和为 {parts}，应当相等。"
            yield Imbalance("R3", row.code, TOTAL, message)


def _once(table: RequestTable) -> Iterator[Imbalance]:
    settled = _value(table, HANDLED, TOTAL) + _value(table, CARRIED_OUT, TOTAL)
    if table.applications is not None and table.applications != settled:
        message = (
            f"共有申请 {table.applications} 件，表中办结和结转合计 {settled} 件；每件申请只计一次，只归入一项办理结果。"
        )
        yield Imbalance("R10", HANDLED, TOTAL, message)


def _carried(table: RequestTable, last_year: RequestTable) -> Iterator[Imbalance]:
    for column in ALL_COLUMNS:
        now, then = _value(table, CARRIED_IN, column), _value(last_year, CARRIED_OUT, column)
        if now != then:
            message = f"{column_label(column)}：上年结转为 {now}，{last_year.year}年度报告的“结转下年度继续办理”为 {then}，应当相等。"
            yield Imbalance("R5", CARRIED_IN, column, message)


def _parts(table: RequestTable, parts: list[RequestTable]) -> Iterator[Imbalance]:
    for row in rows():
        for column in ALL_COLUMNS:
            whole, together = _value(table, row.code, column), sum(_value(one, row.code, column) for one in parts)
            if whole != together:
                message = f"“{row.full_label}”{column_label(column)}：汇总为 {whole}，各单位之和为 {together}，应当相等，每个单位只计一次。"
                yield Imbalance("R9", row.code, column, message)


def remedy_footing(table: RemedyTable) -> list[Imbalance]:
    """R4 and R9 of table four: each total is the sum of its four results, and all are numbers."""
    found = []
    for kind, label in KINDS.items():
        cells = table.cells[kind]
        for result, value in cells.items():
            if value is not None and value < 0:
                found.append(Imbalance("R9", kind, result, f"{label}应当填写不小于 0 的整数，现为 {value}。"))
        parts = sum(cells[result] or 0 for result in RESULTS)
        if (cells[TOTAL] or 0) != parts:
            message = f"{label}：总计为 {cells[TOTAL] or 0}，各项结果之和为 {parts}，应当相等。"
            found.append(Imbalance("R4", kind, TOTAL, message))
    return found


def fee_footing(table: RequestTable, collected: int, part_six: str) -> list[Imbalance]:
    """R8: where fees were asked for or paid, part six of the report says so. `collected`: 元."""
    if (_value(table, FEE_ROW, TOTAL) or collected) and "信息处理费" not in part_six:
        message = (
            "本年有收取信息处理费的情况，请在“六、其他需要报告的事项”中写明发出收费通知的件数、金额和实际收取的金额。"
        )
        return [Imbalance("R8", FEE_ROW, TOTAL, message, Severity.WARNING)]
    return []


def read_number(text: str) -> int | None:
    """A cell as it is typed: a number, or “/”, “-” and nothing for what does not apply. Raises `ValueError` in Chinese."""
    plain = text.strip().replace(",", "").replace("，", "")
    if plain in ("", "/", "-", "—", "／"):
        return None
    if not plain.isdecimal():
        raise ValueError(f"“{text.strip()[:20]}”应当是不小于 0 的整数；不适用的填“/”。")
    return int(plain)
