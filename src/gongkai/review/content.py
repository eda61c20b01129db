"""What the gate is given: the parts of something that is to be published."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from gongkai.rules.findings import Finding


@dataclass(frozen=True, slots=True)
class FilePart:
    """A file that goes with the text."""

    file_id: int
    name: str
    sha256: str

    @property
    def part(self) -> str:
        """Its name as a part."""
        return f"file:{self.file_id}"

    @property
    def label(self) -> str:
        """Its name for people."""
        return f"附件“{self.name}”"


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What some checks compare a text with."""

    title: str = ""
    """Of the whole, which tells of which year a report is."""
    published_on: date | None = None
    """The day on which the public (will) see it."""
    document_date: date | None = None
    names: frozenset[str] = frozenset()
    """What the bodies of the district are called: right as they are, and looked for where they are one character off."""


@dataclass(frozen=True, slots=True)
class TablePart:
    """A masked table that goes with the text; its rows were checked when it was made."""

    table_id: int
    title: str
    row_count: int
    digest: str

    @property
    def part(self) -> str:
        """Its name as a part."""
        return f"table:{self.table_id}"

    @property
    def label(self) -> str:
        """Its name for people."""
        return f"补贴表“{self.title}”（{self.row_count:,} 行，已脱敏）"


@dataclass(frozen=True, slots=True)
class Content:
    """Title, sanitised HTML, further words and files of one edition, with the circumstances it appears in."""

    edition_id: int
    revision: int
    title: str
    body: str
    words: tuple[tuple[str, str, str], ...] = ()
    """(part, label, text) of what else its page says: summary, note of the correction, further elements."""
    files: tuple[FilePart, ...] = ()
    table: TablePart | None = None
    circumstances: Circumstances = Circumstances()

    @property
    def parts(self) -> tuple[tuple[str, str, str], ...]:
        """(part, label, SHA-256) of everything that a secrecy review has to look at, one by one."""
        said = "\n".join([self.title, self.body, *(text for _, _, text in self.words)])
        text = hashlib.sha256(said.encode()).hexdigest()
        tables = ((self.table.part, self.table.label, self.table.digest),) if self.table else ()
        return (("body", "标题和正文", text), *((file.part, file.label, file.sha256) for file in self.files), *tables)


@dataclass(frozen=True, slots=True)
class Placed:
    """A finding and the part in which it was made: `title`, `body`, one of `Content.words`, `item` (of the whole) or a file."""

    part: str
    label: str
    finding: Finding
