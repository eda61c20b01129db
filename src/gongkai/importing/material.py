"""Reading the paths given to the import into pieces of material, one for each document, or a rejection with its reason."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from gongkai.importing.columns import canonical
from gongkai.text.extraction import Kind, Unreadable, extract, iter_archive, read_table, sniff
from gongkai.text.html_text import html_to_text, text_to_html

LISTS = frozenset({Kind.XLSX, Kind.CSV})
IGNORED_NAMES = ("readme", "license", "thumbs.db", "desktop.ini")
MAX_LINE = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Material:
    """One document as it was found."""

    key: str
    """Stable name of the piece of material: folder, file and record id, or the digest of the file."""
    id: str
    """What a person would call it: the record's id, or the file's name."""
    origin: str
    """Where it was found, for the rejects file and the audit: file and line."""
    text: str
    html: str
    facts: dict[str, Any] = field(default_factory=dict)
    """What the import needs of its row or page, under the names of `columns`."""
    metadata: dict[str, str] = field(default_factory=dict)
    """Everything the row or page says of it, as it stands there."""
    scanned: bool = False
    """True when the text was read from pictures, so that a person should look at it."""

    @property
    def digest(self) -> str:
        """SHA-256 of what it says, to know the same document under another name."""
        return _digest(str(self.facts.get("title", "")), self.text)


@lru_cache(maxsize=1000)  # asked several times for each piece of a batch
def _digest(title: str, text: str) -> str:
    return hashlib.sha256("\n".join([title, "".join(text.split())]).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Rejection:
    """A piece that cannot be taken in, and why: `code` for programs, `reason` a sentence with the remedy."""

    id: str
    origin: str
    code: str
    reason: str


def read(paths: list[Path]) -> Iterator[Material | Rejection]:
    """Walk files and directories in order of their names. Whatever is wrong with one piece, the rest goes on."""
    for path in paths:
        if not path.exists():
            yield Rejection(path.name, str(path), "missing", "没有找到该文件或目录，请检查路径。")
        elif path.is_dir():
            files = (child for child in sorted(path.rglob("*")) if child.is_file() and not _ignored(child))
            for child in files:
                yield from _file(child, child.relative_to(path.parent).as_posix())
        else:
            yield from _file(path, f"{path.resolve().parent.name}/{path.name}")


def _ignored(path: Path) -> bool:
    return path.name.startswith((".", "~$")) or path.name.lower().startswith(IGNORED_NAMES)


def _file(path: Path, origin: str) -> Iterator[Material | Rejection]:
    """The documents of one file: one, or as many as a list or an archive holds."""
    try:
        if path.suffix.lower() in (".jsonl", ".json", ".ndjson"):
            yield from _json_lines(path, origin)
            return
        kind = sniff(path)
        if kind in LISTS:
            yield from _table(path, origin)
        elif kind is Kind.ARCHIVE:
            for member in iter_archive(path):
                if member.problem is not None:
                    yield _rejected(f"{origin}!{member.name}", member.problem)
                else:
                    yield from _file(member.path, f"{origin}!{member.name}")
        else:
            yield _document(path, origin)
    except Unreadable as error:
        yield _rejected(origin, error)


def _rejected(origin: str, error: Unreadable) -> Rejection:
    return Rejection(Path(origin.rpartition("!")[2]).name, origin, error.code, error.message)


def _document(path: Path, origin: str) -> Material:
    """A whole file that is one document."""
    extracted = extract(path)
    facts = canonical(extracted.metadata)
    if extracted.title:
        facts.setdefault("title", extracted.title)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Material(
        key=f"file:{digest[:40]}",
        id=Path(origin.rpartition("!")[2]).name,
        origin=origin,
        text=extracted.text,
        html=extracted.html,
        facts=facts,
        metadata=extracted.metadata,
        scanned=extracted.ocr,
    )


def _json_lines(path: Path, origin: str) -> Iterator[Material | Rejection]:
    """JSON Lines, or one JSON array; a broken line is rejected by its number and the rest goes on."""
    with path.open("rb") as lines:
        if lines.read(1) == b"[":
            yield from _json_array(path, origin)
            return
        lines.seek(0)
        for number, raw in enumerate(lines, start=1):
            if not raw.strip():
                continue
            place = f"{origin}:{number}"
            try:
                row = json.loads(raw.decode("utf-8-sig"))
            except (UnicodeDecodeError, json.JSONDecodeError) as error:
                yield Rejection(
                    place, place, "damaged", f"第 {number} 行不是有效的 JSON（{_short(error)}），请修正后重新导入。"
                )
                continue
            yield _record(row, origin, place) if isinstance(row, dict) else _no_record(place)


def _json_array(path: Path, origin: str) -> Iterator[Material | Rejection]:
    try:
        rows = json.loads(path.read_text("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        yield Rejection(origin, origin, "damaged", f"文件不是有效的 JSON（{_short(error)}），请修正后重新导入。")
        return
    for number, row in enumerate(rows, start=1):
        place = f"{origin}:{number}"
        yield _record(row, origin, place) if isinstance(row, dict) else _no_record(place)


def _no_record(place: str) -> Rejection:
    return Rejection(place, place, "no_record", "该行不是一条记录（应为 {…} 形式的 JSON 对象）。")


def _table(path: Path, origin: str) -> Iterator[Material | Rejection]:
    """A list in a spreadsheet or CSV file: a row is a document."""
    table = read_table(path)
    for number, cells in enumerate(table.rows, start=1):
        row = {header: cell for header, cell in zip(table.headers, cells, strict=False) if str(cell).strip()}
        if row:
            yield _record(row, origin, f"{origin}:第{number}行")


def _record(row: dict[str, Any], origin: str, place: str) -> Material | Rejection:
    """One row of a list. It is a document when it has a title or a text of its own."""
    facts = canonical(row)
    text, markup = str(facts.pop("text", "") or ""), str(facts.pop("html", "") or "")
    identity = str(facts.get("id") or "")
    if not text.strip() and not markup.strip() and not facts.get("title"):
        return Rejection(identity or place, place, "no_record", "既没有标题也没有正文，不是文件记录。")
    if not text.strip() and markup.strip():
        text = html_to_text(markup)
    content = hashlib.sha256(json.dumps(row, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()
    return Material(
        key=f"{origin[-150:]}:{identity[-48:] or content[:40]}",
        id=identity or place,
        origin=place,
        text=text,
        html=_fuller(markup, text),
        facts=facts,
        metadata={
            str(name): _string(value) for name, value in row.items() if isinstance(value, str | int | float | list)
        },
    )


def _string(value: Any) -> str:
    return "、".join(str(part) for part in value) if isinstance(value, list) else str(value)


def _fuller(markup: str, text: str) -> str:
    """The page's own markup when it holds the text (it has the tables), else the text as paragraphs."""
    if markup.strip() and len(html_to_text(markup)) >= 0.8 * len(text):
        return markup
    return text_to_html(text)


def _short(error: Exception) -> str:
    return str(error).split("\n")[0][:80]
