"""The interface every search engine implements, and what all of them share: cursors and errors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from gongkai.search.documents import SearchDocument
from gongkai.search.plan import Clause
from gongkai.search.query import InvalidQuery, SearchQuery, Sort
from gongkai.search.results import SearchResults


class SearchUnavailable(Exception):
    """The engine cannot answer now. The message is for people (Chinese) and names the remedy."""


class IndexingFailed(SearchUnavailable):
    """A change could not be written; it stays in the outbox. The message says which and why (Chinese)."""


class Writer(Protocol):
    """Changes to an index; they show after `commit`, all at once.

    Not committed, they are dropped, or show with the next commit of another writer: what is written is always the present
    state of an item, so neither does harm.
    """

    def put(self, documents: Iterable[SearchDocument]) -> int:
        """Add documents or replace those with the same id; return how many."""

    def delete(self, ids: Iterable[int]) -> None:
        """Remove documents; an id that is not there is no error."""

    def commit(self) -> None:
        """Make all changes so far durable and visible."""


class Rebuild(Writer, Protocol):
    """A complete new index that is made beside the live one."""

    def publish(self) -> None:
        """Commit, put the new index in the place of the live one in one step, remove the old one."""


class Engine(Protocol):
    """A search engine. Reading is safe from many threads and processes; writing is for one process at a time.

    Hits of equal score come newest first (by sort key), on every page.
    """

    def search(self, query: SearchQuery) -> SearchResults:
        """Answer one question. Raises `SearchUnavailable`, `InvalidQuery`."""

    def top(self, clause: Clause, *, limit: int, by: str = "") -> tuple[int, ...]:
        """Ids of the best documents for ``clause``: by a number ``by`` that ends with the id, highest first, or by score.

        For help while searching: no counts, no facets, no second page. Raises `SearchUnavailable`.
        """

    def writer(self, *, bulk: bool = False) -> AbstractContextManager[Writer]:
        """Open the live index for changes, making it when there is none; ``bulk`` takes more memory and is faster."""

    def readable(self) -> bool:
        """True when questions are answered from a live index; cheap, asked whenever nothing was found."""

    def writable(self) -> bool:
        """True when there is a live index that this program can write. Raises `SearchUnavailable` when that is unknown."""

    def tidy(self) -> int:
        """Remove what builds that died left behind; return how many. For the one writer, and not while it builds."""

    def rebuild(self) -> AbstractContextManager[Rebuild]:
        """Begin a new index; leaving the context without `publish` drops it. Leftovers of earlier ones are removed."""

    def digests(self) -> Iterator[tuple[int, int]]:
        """Return ``(id, digest)`` of every document in the live index, by sort key."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a list of hits: after a sort key, or for relevance after a number of hits."""

    sort: Sort
    value: int

    def __str__(self) -> str:
        return f"{self.sort.value[0]}{self.value:x}"

    @classmethod
    def read(cls, text: str, sort: Sort) -> Cursor:
        """Read a cursor given to `SearchQuery.after`.

        Raises:
            InvalidQuery: it is not a cursor, or one of another sorting.
        """
        try:
            value = int(text[1:], 16)
        except ValueError:
            value = -1
        if text[:1] != sort.value[0] or not 0 <= value < 1 << 64:
            raise InvalidQuery("the cursor does not belong to this query")
        return cls(sort, value)
