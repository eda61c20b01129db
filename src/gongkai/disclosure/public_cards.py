"""Cards: one line of a list of public items, read by id in one statement; and what lists are ordered by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone

from gongkai.disclosure.models import Edition, Item
from gongkai.disclosure.prepared import Prepared
from gongkai.rules.publication import State
from gongkai.rules.tags import form_of

CARDS_AT_ONCE, CARD_STEP = 200, 10
"""Cards read in one statement, and the step its length is rounded up to, so that few statements are ever compiled."""


@dataclass(frozen=True, slots=True)
class Card:
    """One line of a list."""

    id: int
    title: str
    kind: str
    index_number: str
    organisation_id: int
    organisation_code: str
    organisation: str
    document_number: str
    issuing_agencies: tuple[str, ...]
    document_date: date | None
    shown_on: date | None
    summary: str
    normative: bool
    expires_on: date | None
    effective_from: date | None = None
    tags: tuple[str, ...] = ()
    """Of the interpretation special (`rules.tags`)."""

    @property
    def form(self) -> str:
        """Code of the form of an interpretation; ``""`` for anything else."""
        return form_of(self.kind, self.tags)


_CARD = (
    "pk", "kind", "index_number", "organisation_id", "organisation__code", "organisation__name", "current__title",
    "current__document_number", "current__issuing_agencies", "current__document_date", "current__published_at",
    "current__source_published_on", "current__summary", "current__normative", "current__expires_on",
    "current__effective_from",
    "tags",
)  # fmt: skip


def cards(ids: Iterable[int]) -> list[Card]:
    """Cards of those of `ids` that are public, in the order given: one query."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return []
    found: dict[int, Card] = {}
    for start in range(0, len(wanted), CARDS_AT_ONCE):
        batch = wanted[start : start + CARDS_AT_ONCE]
        padded = [*batch, *[batch[-1]] * (-len(batch) % CARD_STEP)]
        found.update((row[0], _card(row)) for row in _card_rows(*padded))
    return [found[pk] for pk in wanted if pk in found]


_card_rows = Prepared(
    lambda *ids: Item.objects.filter(current__state=State.PUBLISHED, pk__in=ids).order_by().values_list(*_CARD)
)


def _card(row: Sequence[Any]) -> Card:
    (
        pk,
        kind,
        index,
        organisation,
        code,
        name,
        title,
        number,
        agencies,
        written,
        published,
        source,
        summary,
        normative,
        end,
        start,
        tags,
    ) = row
    return Card(
        id=pk,
        title=title,
        kind=kind,
        index_number=index,
        organisation_id=organisation,
        organisation_code=code,
        organisation=name,
        document_number=number,
        issuing_agencies=tuple(agencies),
        document_date=written,
        shown_on=shown_on(published, source),
        summary=summary,
        normative=normative,
        expires_on=end,
        effective_from=start,
        tags=tuple(tags),
    )


def shown_on(published_at: datetime | None, source_published_on: date | None) -> date | None:
    """The publication date the public sees: the first one, for what was brought in from an older site."""
    if source_published_on:
        return source_published_on
    return timezone.localdate(published_at) if published_at else None


def shown_at(published_at: datetime | None, source_published_on: date | None) -> datetime | None:
    """The moment by which lists order an item; the index uses the same."""
    if source_published_on:
        return timezone.make_aware(datetime.combine(source_published_on, time.min))
    return published_at


def texts(ids: Iterable[int]) -> dict[int, str]:
    """Plain text of the published editions of these items, to find passages in: one query."""
    wanted = list(ids)
    return dict(_text_rows(*wanted)) if wanted else {}


_text_rows = Prepared(
    lambda *ids: (
        Edition.objects.filter(item_id__in=ids, state=State.PUBLISHED).order_by().values_list("item_id", "body_text")
    )
)
