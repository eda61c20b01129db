"""From the sealed file to the masked table, in the background and in bounded memory.

First all rows are checked and what the public will see of them goes to a temporary file; only when no row is wrong are they written,
in steps of a transaction each, so that nobody waits for the database. A task that dies leaves a table that belongs to nothing but its
upload; the next run throws it away and begins anew.
"""

from __future__ import annotations

import csv
import hashlib
import json
import logging
import tempfile
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from gongkai.files import sealed
from gongkai.rules.table_kinds import Exposure, table_kinds
from gongkai.tables import downloads, records
from gongkai.tables.models import PublicTable, TableRow, TableTerm, TableUpload
from gongkai.tables.ordering import ranks
from gongkai.text.csv_lines import BYTE_ORDER_MARK, harmless
from gongkai.text.extraction import Unreadable
from gongkai.text.normalise import fold
from gongkai.text.tables.cells import SourceCell, SourceRow
from gongkai.text.tables.checking import CheckedRow, ColumnPlan, Problem, TableChecker, column_plan
from gongkai.text.tables.headers import SEARCHED, SourceColumn, find_head, head_at
from gongkai.text.tables.masking import clear_of_personal_data, shown
from gongkai.text.tables.values import read_value, written

if TYPE_CHECKING:
    from gongkai.text.tables.reading import TableFile

STEP = 2000
"""Rows between two looks at the upload, and rows of one transaction."""
SHOWN_PROBLEMS = 200
PROBLEM_HEADS = ("工作表", "行", "列", "列名", "程度", "问题和处理办法")
SAMPLES = 8
FIRST_PAGE = 50
MOST_SHEETS = 30
logger = logging.getLogger(__name__)
_State = TableUpload.State


class Superseded(Exception):
    """Somebody asked for something else, or another run has taken over: this one stops without a word."""


# --- looking at the file -------------------------------------------------------------------------------------------------
def read(upload_id: int, token: str) -> None:
    """Keep the names of the sheets and their first rows, and guess the sheet and the head."""
    from gongkai.text.tables.reading import open_table  # here: only the background process reads files

    upload = _claim(upload_id, token)
    if upload is None or upload.state != _State.READING:
        return
    with _said_when_it_fails(upload):
        with sealed.unsealed(upload.source) as path, open_table(path) as file:
            found = [_sheet(file, name, upload.kind) for name in file.sheets[:MOST_SHEETS]]
        found = [sheet for sheet in found if sheet["rows"]]
        if not found:
            raise NothingToCheck("工作表中没有数据。请检查文件内容后重新上传。")
        best = max(found, key=lambda sheet: (sheet["score"], sheet["expected"]))
        _finish(
            upload,
            _write_json({"sheets": found}),
            state=_State.MAPPING,
            sheets=[sheet["name"] for sheet in found],
            sheet=best["name"],
            header_row=best["header_row"],
            header_depth=best["header_depth"],
        )


class NothingToCheck(Exception):
    """What cannot be gone on with, in a Chinese sentence that names the remedy."""


def _sheet(file: TableFile, name: str, kind: str) -> dict[str, Any]:
    rows = list(islice(file.rows(name), SEARCHED))
    head = find_head(rows, table_kinds()[kind])
    return {
        "name": name,
        "expected": file.expected_rows(name),
        "hidden": sorted(file.hidden_columns(name)),
        "rows": [[row.number, [cell.text for cell in row.cells]] for row in rows],
        "header_row": head.row if head else (rows[0].number if rows else 1),
        "header_depth": head.depth if head else 1,
        "score": len(head.columns) if head else 0,
    }


def head_of(upload: TableUpload, sheet: str = "", header: tuple[int, int] | None = None) -> tuple[SourceColumn, ...]:
    """The columns of the file as its head names them, by default where the upload says that it is; empty where none is."""
    found = next(
        (one for one in read_preview(upload).get("sheets", ()) if one["name"] == (sheet or upload.sheet)), None
    )
    if found is None:
        return ()
    rows = [SourceRow(number, tuple(map(SourceCell, texts))) for number, texts in found["rows"]]
    head = head_at(rows, *(header or (upload.header_row, upload.header_depth)))
    return head.columns if head else ()


# --- checking it -----------------------------------------------------------------------------------------------------------
@dataclass(slots=True)
class _Outcome:
    """What the first pass gathers; rows and problems are in files."""

    counts: Counter[tuple[str, bool]] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)
    problems: list[list[Any]] = field(default_factory=list)
    samples: list[dict[str, Any]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    digest: Any = field(default_factory=hashlib.sha256)
    title: str = ""

    @property
    def errors(self) -> int:
        """Problems that have to be mended."""
        return sum(number for (_, serious), number in self.counts.items() if serious)


def check(upload_id: int, token: str) -> None:
    """Check every row and, when none is wrong, make the masked table and its downloads."""
    from gongkai.text.tables.reading import open_table

    upload = _claim(upload_id, token)
    if upload is None or upload.state != _State.CHECKING:
        return
    _drop_half_made(upload)
    with _said_when_it_fails(upload), tempfile.TemporaryDirectory(prefix="gongkai-upload-") as directory:
        spool, problem_path = Path(directory) / "rows.jsonl", Path(directory) / "problems.csv"
        with sealed.unsealed(upload.source) as path, open_table(path) as file:
            checker, outcome = _first_pass(upload, file, spool, problem_path)
        table = None if outcome.errors else _write_table(upload, checker, outcome, spool)
        preview = {**read_preview(upload), "samples": outcome.samples}
        _finish(
            upload,
            _write_json(preview),
            state=_State.CHECKED,
            table=table,
            problem_file=sealed.keep(problem_path, ".csv") if outcome.counts else "",
            row_count=checker.rows,
            skipped=checker.skipped,
            errors=outcome.errors,
            warnings=sum(outcome.counts.values()) - outcome.errors,
            counts=[[*key, number, outcome.examples[key[0]]] for key, number in outcome.counts.most_common()],
            problems=outcome.problems,
        )


def plans_of(upload: TableUpload, names: dict[int, str]) -> tuple[ColumnPlan, ...]:
    """The columns of the file that are used; `names` are those of its head by place."""
    kind = table_kinds()[upload.kind]
    plans = []
    for index, code in sorted((int(index), code) for index, code in upload.mapping.items()):
        column = kind.column(code)
        exposure = Exposure(upload.exposure.get(code, column.exposure))
        plans.append(column_plan(SourceColumn(index, names.get(index, column.label)), column, exposure))
    return tuple(plans)


def _first_pass(upload: TableUpload, file: TableFile, spool: Path, problem_path: Path) -> tuple[TableChecker, _Outcome]:
    if upload.sheet not in file.sheets:
        raise NothingToCheck(f"文件中没有名为“{upload.sheet}”的工作表。请重新选择工作表。")
    rows = file.rows(upload.sheet)
    top = list(islice(rows, SEARCHED))
    head = head_at(top, upload.header_row, upload.header_depth)
    if head is None:
        raise NothingToCheck(f"第 {upload.header_row} 行没有内容，不能作为表头。请重新选择表头所在行。")
    checker = TableChecker(
        table_kinds()[upload.kind], plans_of(upload, {column.index: column.name for column in head.columns})
    )
    outcome = _Outcome(title=clear_of_personal_data(head.title)[0])
    below = (row for row in top if row.number > head.row)
    with spool.open("w", encoding="utf-8") as kept, problem_path.open("w", encoding="utf-8", newline="") as said:
        writer = csv.writer(said)
        said.write(BYTE_ORDER_MARK)
        writer.writerow(PROBLEM_HEADS)
        for number, row in enumerate(_chained(below, rows), start=1):
            record = checker.feed(row)
            _say(checker.problems, outcome, writer, upload.sheet)
            if record is not None:
                _keep(record, kept, outcome)
                if len(outcome.samples) < SAMPLES:
                    outcome.samples.append(_sample(row, checker.plans, record, checker.public))
            if number % STEP == 0:
                _progress(upload, number)
        _say(list(checker.finish()), outcome, writer, upload.sheet)
    return checker, outcome


def _chained(first: Iterator[SourceRow], then: Iterator[SourceRow]) -> Iterator[SourceRow]:
    yield from first
    yield from then


def _say(problems: Sequence[Problem], outcome: _Outcome, writer: Any, sheet: str) -> None:
    for one in problems:
        outcome.counts[one.code, one.serious] += 1
        outcome.examples.setdefault(one.code, f"{one.place}：{one.message}")
        if len(outcome.problems) < SHOWN_PROBLEMS:
            outcome.problems.append([one.row, one.column, one.label, one.code, one.message, one.serious])
        degree = "必须改正" if one.serious else "请核对"
        writer.writerow([harmless(sheet), one.row or "全表", one.column, one.label, degree, harmless(one.message)])


def _keep(record: CheckedRow, kept: TextIO, outcome: _Outcome) -> None:
    """One line of the temporary file: what is stored of a record, and the digest that stands for all of them."""
    cells = json.dumps(record.cells, ensure_ascii=False)
    outcome.digest.update(cells.encode())
    outcome.digest.update(b"\n")
    outcome.names.add(record.name)
    outcome.places.add(record.place)
    figures = [
        int(record.amount * 100) if record.amount is not None else -1,
        int(record.quantity * 10_000) if record.quantity is not None else -1,
    ]
    kept.write(json.dumps([record.cells, record.name, record.place, *figures], ensure_ascii=False) + "\n")


def _sample(
    row: SourceRow, plans: Sequence[ColumnPlan], record: CheckedRow, public: Sequence[ColumnPlan]
) -> dict[str, Any]:
    """A row before and after, for the clerk to see what the masks do; kept sealed."""
    after = {plan.column.code: text for plan, text in zip(public, record.cells, strict=True)}
    before = {plan.column.code: read_value(row.cell(plan.source.index), plan.column).text for plan in plans}
    return {
        "row": row.number,
        "before": before,
        "after": {
            plan.column.code: after.get(plan.column.code, shown("", plan.column.type, Exposure.HIDDEN))
            for plan in plans
        },
    }


# --- writing the table -------------------------------------------------------------------------------------------------------
def _write_table(upload: TableUpload, checker: TableChecker, outcome: _Outcome, spool: Path) -> PublicTable:
    columns = records.public_columns((plan.column, plan.exposure) for plan in checker.public)
    totals = {
        column.code: _written(column.code, checker)
        for column in columns
        if column.totalled and column.code in checker.totals
    }
    as_json = records.as_json(columns)
    digest = hashlib.sha256(json.dumps(as_json, ensure_ascii=False).encode() + outcome.digest.digest()).hexdigest()
    with spool.open(encoding="utf-8") as file:
        first = [json.loads(line)[0] for line in islice(file, FIRST_PAGE)]
    with transaction.atomic():
        _still_ours(upload)
        table = PublicTable.objects.create(
            kind=upload.kind,
            title=outcome.title or table_kinds()[upload.kind].label,
            columns=as_json,
            row_count=checker.rows,
            totals=totals,
            first_rows=first,
            digest=digest,
            source_name=upload.name,
            source=upload.source,
            created_by_id=upload.created_by_id,
        )
        TableUpload.objects.filter(pk=upload.pk).update(table=table)
    name_ranks, place_ranks = ranks(outcome.names), ranks(outcome.places)
    _write_terms(table, name_ranks, place_ranks)
    with spool.open(encoding="utf-8") as file:
        numbered = enumerate(map(json.loads, file), start=1)
        while step := list(islice(numbered, STEP)):
            rows = [
                TableRow(
                    table_id=table.pk,
                    position=position,
                    cells=cells,
                    name=name_ranks[name],
                    place=place_ranks[place],
                    amount=amount,
                    quantity=quantity,
                )
                for position, (cells, name, place, amount, quantity) in step
            ]
            with transaction.atomic():
                _still_ours(upload)
                TableRow.objects.bulk_create(rows, batch_size=500)
    downloads.make(table, lambda: _spooled(spool))
    return table


def _written(code: str, checker: TableChecker) -> str:
    return written(Decimal(checker.totals[code]), checker.kind.column(code).type)


def _write_terms(table: PublicTable, names: dict[str, int], places: dict[str, int]) -> None:
    terms = [
        TableTerm(table=table, column=column, rank=rank, key=fold(text).replace(" ", "")[:200])
        for column, found in ((TableTerm.Column.NAME, names), (TableTerm.Column.PLACE, places))
        for text, rank in found.items()
        if text
    ]
    TableTerm.objects.bulk_create(terms, batch_size=1000)


def _spooled(spool: Path) -> Iterator[Sequence[str]]:
    with spool.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)[0]


# --- the upload meanwhile ------------------------------------------------------------------------------------------------------
def _claim(upload_id: int, token: str) -> TableUpload | None:
    """Take the upload in hand; None when something else has been asked for since, or it is gone."""
    run = uuid.uuid4().hex
    if not TableUpload.objects.filter(pk=upload_id, token=token).update(run=run, updated_at=timezone.now()):
        return None
    return TableUpload.objects.filter(pk=upload_id, run=run).first()


def _still_ours(upload: TableUpload) -> None:
    if not TableUpload.objects.select_for_update().filter(pk=upload.pk, run=upload.run, token=upload.token).exists():
        raise Superseded


def _progress(upload: TableUpload, rows_done: int) -> None:
    ours = TableUpload.objects.filter(pk=upload.pk, run=upload.run, token=upload.token)
    if not ours.update(rows_done=rows_done, updated_at=timezone.now()):
        raise Superseded


def _drop_half_made(upload: TableUpload) -> None:
    """What a run before this one left when it died."""
    with transaction.atomic():
        table_id, upload.table = upload.table_id, None
        if table_id is not None and TableUpload.objects.filter(pk=upload.pk, run=upload.run).update(table=None):
            records.drop_if_unused(table_id)


def _finish(upload: TableUpload, preview_file: str, **values: Any) -> None:
    """Put down what came out, unless something else was asked for meanwhile."""
    with transaction.atomic():
        _still_ours(upload)
        before = [upload.preview_file, upload.problem_file if "problem_file" in values else ""]
        TableUpload.objects.filter(pk=upload.pk).update(
            **values, preview_file=preview_file, rows_done=0, updated_at=timezone.now()
        )
        transaction.on_commit(lambda: sealed.remove(*filter(None, before)))


class _said_when_it_fails:
    """Puts a failure down where the clerk sees it. What a person can mend is said; anything else is logged and said to be ours."""

    def __init__(self, upload: TableUpload) -> None:
        self._upload = upload

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> bool:
        if error is None:
            return False
        if isinstance(error, Superseded):
            return True
        if isinstance(error, Unreadable):
            return self._fail(error.message)
        if isinstance(error, NothingToCheck):
            return self._fail(str(error))
        if isinstance(error, Exception):
            logger.error("table upload %s failed", self._upload.pk, exc_info=error)
            return self._fail("系统处理该文件时出错，已记入日志。请稍后重试；仍然不行的，请联系系统管理员。")
        return False

    def _fail(self, message: str) -> bool:
        ours = TableUpload.objects.filter(pk=self._upload.pk, run=self._upload.run)
        ours.update(state=_State.FAILED, failure=message[:500], updated_at=timezone.now())
        return True


# --- the sealed preview --------------------------------------------------------------------------------------------------------
def _write_json(content: dict[str, Any]) -> str:
    with tempfile.TemporaryDirectory(prefix="gongkai-upload-") as directory:
        path = Path(directory) / "preview.json"
        path.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
        return sealed.keep(path, ".json")


def read_preview(upload: TableUpload) -> dict[str, Any]:
    """Sheets with their first rows, and once checked the samples; empty when the file is not there."""
    if not upload.preview_file:
        return {}
    with suppress(FileNotFoundError), default_storage.open(upload.preview_file, "rb") as file:
        found: dict[str, Any] = json.load(file)
        return found
    return {}
