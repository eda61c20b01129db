"""Reading a standard catalogue (xlsx, CSV, JSON Lines) into entries: where each stands in the tree, and its ten columns.

Two layouts are in use: 基层政务公开标准目录 (领域, 一级事项, 二级事项; 国办发〔2019〕54号), usually a sheet or a file for each
field, and the catalogues of departments (一级, 二级, 三级分类, 内容要求, 责任单位). A branch is never a row of its own: it is what
the entries below it share.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

from gongkai.rules.catalogue import StandardRow, field_of, parse_time_limit, read_row, same_as_above
from gongkai.rules.reasons import Reason
from gongkai.rules.vocabulary import Term, vocabulary
from gongkai.text.extraction import Code, Kind, Unreadable, read_table, sniff

_LEVELS = {"一级分类": "一级", "二级分类": "二级"}
_LEVEL_3 = frozenset(
    {"三级分类", "分类三级", "三级", "三级目录", "三级事项", "三级公开事项", "公开事项-三级事项", "item_l3", "l3"}
)
_TICK = re.compile(r"^[√✓✔☑■是]\s*")
_NOTE = re.compile(r"^(?:备?注|说明|填表)")
_GENERIC_SHEET = re.compile(r"(?:sheet|工作表|表)\s*\d*", re.IGNORECASE)
_TEXT_COLUMNS = tuple(one.name for one in fields(StandardRow) if one.name not in ("serial", "disclosure_field"))


@dataclass(frozen=True, slots=True)
class Entry:
    """One matter of a catalogue as read."""

    place: str
    """Where it was found, for people: file, sheet and row."""
    steps: tuple[str, ...]
    """Labels from the top of the tree down to this matter; the first is the 试点领域 when there is one."""
    row: StandardRow
    in_field: bool
    """Whether the first step is a 试点领域."""
    department: bool
    """Whether it comes from a catalogue in the departments' layout."""

    @property
    def label(self) -> str:
        """The name of the matter itself."""
        return self.steps[-1]


@dataclass(slots=True)
class Reading:
    """What was read: the entries that are sound, what is wrong with the others, and what a person should look at."""

    entries: list[Entry] = field(default_factory=list)
    problems: list[Reason] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Source:
    """One list: a sheet, a CSV file or a JSON Lines file. `hints` are texts that may name its 试点领域, best first."""

    name: str
    unit: str
    rows: Sequence[tuple[int, Mapping[str, object]]]
    hints: tuple[str, ...] = ()
    sheet: str = ""

    @property
    def department(self) -> bool:
        """Whether it has the third level that only the departments' layout has."""
        return any(_is_level_3(header) for _, row in self.rows[:1] for header in row)


def read_catalogue(paths: Sequence[Path], *, disclosure_field: str = "") -> Reading:
    """Read the files of one catalogue, in order. `disclosure_field` is the 试点领域 of rows that name none themselves.

    Whatever is wrong is gathered, not raised: the catalogue is sound when there are no `problems`.
    """
    reading = Reading()
    for path in paths:
        try:
            for source in _sources(path):
                _read_source(source, disclosure_field, reading)
        except Unreadable as error:
            reading.problems.append(Reason(error.code, f"{path.name}：{error.message}"))
        except OSError as error:
            reading.problems.append(Reason("missing", f"{path}：无法打开文件（{error.strerror}），请检查路径。"))
    _reject_doubles(reading)
    local = dict.fromkeys(entry.steps[0] for entry in reading.entries if entry.in_field)
    reading.warnings += [
        f"“{label}”不在试点领域词表中，作为本地领域保留。" for label in local if field_term(label) is None
    ]
    return reading


# --- one list ----------------------------------------------------------------------------------------------------------
def _read_source(source: _Source, given: str, reading: Reading) -> None:
    """Add the entries of one list; cells merged or left out under the same matter take the value above them."""
    if not source.rows:
        return
    known = {name for _, row in source.rows[:20] for header in row if (name := field_of(_plain(header)))}
    missing = [
        label
        for name, label in (("matter_level_1", "一级事项"), ("content_elements", "公开内容（要素）"))
        if name not in known
    ]
    if missing:
        message = f"{source.name}：没有认出“{'”“'.join(missing)}”列。请按国办发〔2019〕54号的十栏核对表头。"
        reading.problems.append(Reason("columns", message))
        return
    department = source.department
    default = "" if department else given or _field_in(source, reading)
    above: StandardRow | None = None
    above_3 = ""
    for number, cells in source.rows:
        place = f"{source.name}第{number}{source.unit}"
        if note := _note(cells):
            reading.warnings.append(f"{place}：按说明文字略过“{note[:30]}”。")
            continue
        row, level_3 = _columns(cells)
        try:
            row, level_3 = _resolved(row, level_3, above, above_3)
        except LookupError as error:
            reading.problems.append(Reason("same_as_above", f"{place}：“{error}”写“同上”，但上面没有内容，请写明。"))
            continue
        row = replace(row, disclosure_field=_official(row.disclosure_field or default))
        above, above_3 = row, level_3
        _add(Entry(place, _steps(row, level_3), row, bool(row.disclosure_field), department), reading)


def _add(entry: Entry, reading: Reading) -> None:
    """Take the entry, or say all that is wrong with it."""
    row = entry.row
    wrong = []
    if not row.matter_level_1:
        wrong.append(Reason("matter", f"{entry.place}：没有事项名称，请填写一级事项（或二级事项）。"))
    if not row.content_elements:
        name = f"“{'／'.join(entry.steps)}”" if entry.steps else ""
        wrong.append(Reason("content", f"{entry.place}：{name}没有公开内容（要素），请填写。"))
    if wrong:
        reading.problems += wrong
        return
    reading.entries.append(entry)
    limit = row.disclosure_time_limit
    if limit and parse_time_limit(limit) is None:
        reading.warnings.append(f"{entry.place}：公开时限“{limit[:40]}”不能用于计算，原文照录。")


def _reject_doubles(reading: Reading) -> None:
    """A matter stands in a catalogue once; the second is a problem that names both places."""
    first: dict[tuple[str, ...], Entry] = {}
    kept = []
    for entry in reading.entries:
        if (other := first.setdefault(entry.steps, entry)) is entry:
            kept.append(entry)
        else:
            message = f"{entry.place}：“{'／'.join(entry.steps)}”与{other.place}重复，请合并或者改名。"
            reading.problems.append(Reason("duplicate", message))
    reading.entries = kept


def _steps(row: StandardRow, level_3: str) -> tuple[str, ...]:
    return tuple(filter(None, (row.disclosure_field, row.matter_level_1, row.matter_level_2, level_3)))


# --- cells -------------------------------------------------------------------------------------------------------------
def _columns(cells: Mapping[str, object]) -> tuple[StandardRow, str]:
    """The ten columns and the third level.

    A column may be split by answer (公开层级 over 县级 and 乡级): then a tick stands for the answer above it, and words
    beside or instead of the tick are kept in brackets.
    """
    plain: dict[str, object] = {}
    answers: dict[str, list[str]] = {}
    level_3 = ""
    for header, cell in cells.items():
        group, _, answer = header.rpartition("-")
        if _is_level_3(header):
            level_3 = "" if cell is None else str(cell).strip()
        elif group and field_of(header) is None and field_of(group):
            if text := "" if cell is None else str(cell).strip():
                answer = re.sub(r"[（(].*", "", answer).strip()
                words = _TICK.sub("", text)
                answers.setdefault(group, []).append(f"{answer}（{words}）" if words and words != answer else answer)
        else:
            plain[_plain(header)] = cell
    return read_row({**plain, **answers}), level_3


def _resolved(row: StandardRow, level_3: str, above: StandardRow | None, above_3: str) -> tuple[StandardRow, str]:
    """Replace 同上 by the cell above, and give a matter below a merged one its upper level.

    Raises `LookupError` with the column's value when there is nothing above.
    """
    changes: dict[str, str] = {}
    for name in _TEXT_COLUMNS:
        text = getattr(row, name)
        if same_as_above(text):
            changes[name] = getattr(above, name) if above else ""
            if not changes[name]:
                raise LookupError(text)
    if same_as_above(level_3):
        if not above_3:
            raise LookupError(level_3)
        level_3 = above_3
    if above is not None:
        if not row.disclosure_field:
            changes["disclosure_field"] = above.disclosure_field
        if not row.matter_level_1 and (row.matter_level_2 or level_3):
            changes["matter_level_1"] = above.matter_level_1
            if not row.matter_level_2:
                changes["matter_level_2"] = above.matter_level_2
        elif level_3 and not row.matter_level_2 and row.matter_level_1 == above.matter_level_1:
            changes["matter_level_2"] = above.matter_level_2
    return replace(row, **changes), level_3


def _note(cells: Mapping[str, object]) -> str:
    """The text of a line that is no row: one remark, alone or merged across the table."""
    filled = [str(cell).strip() for cell in cells.values() if cell is not None and str(cell).strip()]
    if len(set(filled)) == 1 and (len(filled) > 2 or _NOTE.match(filled[0])):
        return filled[0]
    return ""


def _plain(header: str) -> str:
    """The header under a name that `field_of` knows."""
    return _LEVELS.get(header.strip(), header)


def _is_level_3(header: str) -> bool:
    return header.strip().lower() in _LEVEL_3


# --- the field of a list -----------------------------------------------------------------------------------------------
def _field_in(source: _Source, reading: Reading) -> str:
    """The 试点领域 that the title, the sheet or the file names; the sheet's own name when none is known; else empty."""
    for _, row in source.rows:
        if any(field_of(header) == "disclosure_field" and cell for header, cell in row.items()):
            return ""
    for hint in source.hints:
        if term := field_term(hint) or _named_in(hint):
            return term.label
    if source.sheet and not _GENERIC_SHEET.fullmatch(source.sheet):
        return source.sheet
    message = f"{source.name}：没有试点领域，一级事项直接作为第一级；如属某一领域，请加参数 --field 领域名称。"
    reading.warnings.append(message)
    return ""


def field_term(label: str) -> Term | None:
    """The 试点领域 with this label or alias, with or without 领域 at its end."""
    known = vocabulary("disclosure_fields")
    return known.by_label(label) or known.by_label(re.sub(r"领域$", "", label.strip()))


def _official(label: str) -> str:
    """The label of the vocabulary for a 试点领域 it knows, so that one field has one branch; others as they are."""
    term = field_term(label)
    return term.label if term else label


def _named_in(text: str) -> Term | None:
    """The one 试点领域 whose label or alias stands in a title; None when it could be several."""
    names = {name: term for term in vocabulary("disclosure_fields").terms for name in (term.label, *term.aliases)}
    found = [name for name in names if name in text]
    whole = [name for name in found if not any(name != other and name in other for other in found)]
    terms = {names[name].code: names[name] for name in whole}
    return next(iter(terms.values())) if len(terms) == 1 else None


# --- files -------------------------------------------------------------------------------------------------------------
def _sources(path: Path) -> Iterator[_Source]:
    """The lists in a file. Raises `Unreadable`, `OSError`."""
    if path.suffix.lower() in (".jsonl", ".ndjson"):
        yield _Source(path.name, "行", list(_json_rows(path)), (path.stem,))
        return
    if sniff(path) is Kind.XLSX:
        with tempfile.TemporaryDirectory() as folder:
            for sheet, alone in _sheets(path, Path(folder)):
                yield _table(alone, f"{path.name}“{sheet}”" if sheet else path.name, sheet, path.stem)
    else:
        yield _table(path, path.name, "", path.stem)


def _table(path: Path, name: str, sheet: str, stem: str) -> _Source:
    try:
        table = read_table(path)
    except Unreadable as error:
        raise Unreadable(Code(error.code), f"{f'工作表“{sheet}”：' if sheet else ''}{error.message}") from error
    rows = [(n, dict(zip(table.headers, cells, strict=True))) for n, cells in enumerate(table.rows, start=1)]
    return _Source(name, "条", rows, tuple(filter(None, (table.title, sheet, stem))), sheet)


def _sheets(path: Path, folder: Path) -> Iterator[tuple[str, Path]]:
    """Each visible sheet with content and a file in which it alone is visible, as `read_table` reads one list a file.

    The name is empty when the book has only one.
    """
    import openpyxl  # a large library

    read_table(path)  # refuses a damaged, unsafe or huge book before it is opened as a whole
    book = openpyxl.load_workbook(path, data_only=True, keep_links=False)
    filled = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible" and sheet.max_row > 1]
    if len(filled) < 2:
        yield "", path
        return
    for sheet in filled:
        for other in book.worksheets:
            other.sheet_state = "visible" if other is sheet else "hidden"
        book.active = sheet
        alone = folder / f"{book.index(sheet)}.xlsx"
        book.save(alone)
        yield sheet.title, alone


def _json_rows(path: Path) -> Iterator[tuple[int, Mapping[str, object]]]:
    for number, raw in enumerate(path.read_bytes().splitlines(), start=1):
        if not raw.strip():
            continue
        try:
            row = json.loads(raw.decode("utf-8-sig"))
        except ValueError as error:
            raise Unreadable(Code.DAMAGED, f"第{number}行不是有效的 JSON，请修正后重新运行。") from error
        if not isinstance(row, dict):
            raise Unreadable(Code.DAMAGED, f"第{number}行不是一条记录（应为 {{…}} 形式的 JSON 对象）。")
        yield number, row
