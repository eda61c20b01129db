"""Tags of items: what the texts speak for, and what somebody has confirmed. Only what is confirmed is public."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from gongkai.disclosure.models import Edition, Item
from gongkai.disclosure.steps import audit, item_locked, subject_of
from gongkai.rules.access import Action, Actor
from gongkai.rules.reasons import Reason, Refused
from gongkai.rules.tags import Dimension, check_tags, in_order
from gongkai.rules.vocabulary import vocabulary
from gongkai.search import enqueue
from gongkai.text.life_stages import Suggestion, suggest
from gongkai.workflow.engine import NotVisible, require

NOTHING_SUGGESTED = Reason("no_suggestion", "标题和正文中没有可以提出建议的用语，请打开信息逐项选择标签。")


def suggestions(edition: Edition, kind: str) -> tuple[Suggestion, ...]:
    """The tags that title and text of an edition speak for, with their phrases; a form only for what explains a policy."""
    found = suggest(edition.title, edition.body_text)
    return tuple(one for one in found if not check_tags(kind, [one.tag]))


def put_tags(item: Item, tags: Iterable[str]) -> bool:
    """Give a locked item these tags, within the caller's transaction, and return whether they changed.

    Any tag at all counts as confirmed: a form that was saved without one has decided nothing. Raises `Refused`.
    """
    wanted = in_order(tags)
    if reasons := check_tags(item.kind, wanted, item.tags):
        raise Refused(reasons)
    changed = wanted != item.tags
    if not changed and not (item.tags_open and wanted):
        return False
    item.tags, item.tags_open = wanted, item.tags_open and not wanted
    item.save(update_fields=["tags", "tags_open"])
    if item.current_id is not None:
        enqueue([item.pk])
    return changed


@transaction.atomic
def confirm_tags(*, actor: Actor, item_id: int, tags: Iterable[str]) -> None:
    """Settle the tags of an item, none included; like its catalogue rows they need no new edition."""
    item = item_locked(item_id)
    require(actor, Action.RELATE, subject_of(item, item.working or item.current))
    before = list(item.tags)
    put_tags(item, tags)
    if item.tags_open:
        item.tags_open = False
        item.save(update_fields=["tags_open"])
    versions = "、".join(f"{one.label} {vocabulary(one.vocabulary_name).version}" for one in Dimension)
    detail = {"before": before, "after": item.tags, "vocabularies": versions}
    audit(actor, item, "tag", detail, public=item.current_id is not None)


def confirm_suggested(*, actor: Actor, item_id: int) -> None:
    """Settle the tags that are suggested, beside those the item has. Raises `Refused` where nothing is suggested."""
    item = Item.objects.filter(pk=item_id).select_related("working", "current").first()
    edition = item and (item.working or item.current)
    if item is None or edition is None:
        raise NotVisible
    require(actor, Action.RELATE, subject_of(item, edition))
    found = [one.tag for one in suggestions(edition, item.kind)]
    if not found:
        raise Refused([NOTHING_SUGGESTED])
    has_form = any(one.startswith(f"{Dimension.FORM}.") for one in item.tags)
    kept = [one for one in found if not (has_form and one.startswith(f"{Dimension.FORM}."))]
    confirm_tags(actor=actor, item_id=item_id, tags=[*item.tags, *kept])
