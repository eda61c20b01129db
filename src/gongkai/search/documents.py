"""What is put into the index: one `SearchDocument` for each public item."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from datetime import date, datetime
from operator import attrgetter

from gongkai.text.analysis import ANALYSIS_VERSION

FORMAT_VERSION = 3
"""Raise it when the same document is written to the index in another way."""

ID_BITS = 30
"""Bits of the item id in a sort key: ids up to 1,073,741,823."""


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """A public item as search sees it; codes are those of `gongkai.rules.vocabulary`, ids those of the database.

    A field that does not apply is empty (``""``, ``()`` or ``None``) and then is in no facet.
    """

    id: int
    kind: str
    """Item kind (policy document, interpretation, notice …)."""
    title: str
    group: str = ""
    """Group of the results page (vocabulary ``search_groups``)."""
    body: str = ""
    """Plain text; newlines separate paragraphs, attachments included as wanted."""
    summary: str = ""
    document_number: str = ""
    """发文字号 in canonical form."""
    mark: str = ""
    """机关代字."""
    year: int | None = None
    number: int | None = None
    index_number: str = ""
    """索引号."""
    organisation: int | None = None
    """Publishing body."""
    organisation_path: tuple[int, ...] = ()
    """The publishing body and those above it."""
    issuing_agencies: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    """Subject codes with their parents, so that a filter on the parent finds the children."""
    genre: str = ""
    audiences: tuple[str, ...] = ()
    life_cycle: tuple[str, ...] = ()
    life_stage_person: tuple[str, ...] = ()
    """Tags of the interpretation special, by dimension (`rules.tags`)."""
    life_stage_enterprise: tuple[str, ...] = ()
    interpretation_form: str = ""
    benefit: tuple[str, ...] = ()
    catalogue_rows: tuple[int, ...] = ()
    """Catalogue rows with their ancestors."""
    validity: str = ""
    """Validity status on the day of indexing; a change by the calendar is a reason to index again."""
    region: str = ""
    """Area code of the issuer."""
    level: str = ""
    """Level of the issuer (国家, 省, 市, 县, 乡) as a code."""
    normative: bool = False
    """True for 行政规范性文件."""
    document_date: date | None = None
    """成文日期."""
    published_at: datetime | None = None
    """Time of publication, with time zone; ``None`` sorts as the oldest."""

    @property
    def sort_key(self) -> int:
        """A unique number that orders by time of publication, then id; the id can be read back from it."""
        return sort_key(self.published_at, self.id)

    @property
    def digest(self) -> int:
        """Fingerprint (63 bits) of the content and of everything that decides how it is analysed."""
        content = repr((FORMAT_VERSION, ANALYSIS_VERSION, *_content(self)))
        return int.from_bytes(hashlib.blake2b(content.encode(), digest_size=8).digest()) >> 1


_content = attrgetter(*(field.name for field in fields(SearchDocument)))
"""All fields of a document; unlike `dataclasses.astuple` it does not copy them one by one."""


def sort_key(published_at: datetime | None, item_id: int = 0) -> int:
    """Pack seconds since 1970 and the id into one number below 2**64.

    Raises:
        ValueError: the id does not fit, or the time has no time zone.
    """
    if not 0 <= item_id < 1 << ID_BITS:
        raise ValueError(f"item id {item_id} does not fit into {ID_BITS} bits")
    if published_at is None:
        return item_id
    if published_at.tzinfo is None:
        raise ValueError("published_at needs a time zone")
    seconds = min(max(0, int(published_at.timestamp())), (1 << (64 - ID_BITS)) - 1)
    return (seconds << ID_BITS) | item_id


def day_number(day: date) -> int:
    """Return ``day`` as a number that reads like it: 2024-03-05 is 20240305."""
    return day.year * 10_000 + day.month * 100 + day.day


def id_of(key: int) -> int:
    """Return the item id in a sort key."""
    return key & ((1 << ID_BITS) - 1)
