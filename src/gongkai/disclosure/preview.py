"""An edition as its public page will show it, for those who work on it. The page itself is the portal's."""

from __future__ import annotations

from django.utils import timezone

from gongkai.disclosure import selectors
from gongkai.disclosure.models import Edition, Item
from gongkai.disclosure.public import CONTENT, File, ItemPage
from gongkai.disclosure.public_cards import cards
from gongkai.disclosure.public_ties import ends_of, grouped, relation_rows, validity


def preview_page(item: Item, edition: Edition) -> ItemPage:
    """`edition` as the page of `item` if it were published at its scheduled time, or now. `item` comes from `selectors.item_for`."""
    content = {name: getattr(edition, name) for name in CONTENT}
    at = edition.published_at or edition.scheduled_for or timezone.now()
    relations = relation_rows(item.pk)
    by_id = {card.id: card for card in cards(ends_of(relations))}
    body = item.organisation
    return ItemPage(
        id=item.pk,
        kind=item.kind,
        index_number=item.index_number,
        organisation_id=body.pk,
        organisation_code=body.code,
        organisation=body.name,
        edition=content,
        editor=str(edition.author or ""),
        reviewer=str(edition.approved_by or ""),
        published_at=at,
        shown_on=edition.source_published_on or timezone.localdate(at),
        files=tuple(
            File(file.pk, file.title, file.name, file.file.kind, file.file.size, file.file.pages)
            for file in selectors.attachments_of(edition)
        ),
        relations=grouped(relations, by_id),
        validity=validity(content, relations, by_id, None) if item.kind == "policy_document" else None,
    )
