"""政策卡片: prepared by one person of the body, published by another, read by pages and by 政策匹配.

A document that gives several things has a card for each of these matters, numbered from 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from gongkai.disclosure.models import Item
from gongkai.disclosure.prepared import Prepared
from gongkai.disclosure.steps import audit, item_locked, subject_of
from gongkai.policies.conditions import text_reasons
from gongkai.policies.kept_links import let_go
from gongkai.policies.models import CardState, PolicyCard
from gongkai.policies.personal_data import personal_data_reasons
from gongkai.review import links
from gongkai.rules.access import Action, Actor
from gongkai.rules.eligibility import PolicyConditions
from gongkai.rules.eligibility_fields import eligibility_fields
from gongkai.rules.eligibility_reading import read_conditions, to_json
from gongkai.rules.policy_card import CARD_FIELDS, check_card, check_matters, check_number
from gongkai.rules.publication import State
from gongkai.rules.reasons import Reason, Refused
from gongkai.rules.tags import Dimension, codes
from gongkai.search import enqueue
from gongkai.text.checks.links import judge, shipped_allow_list
from gongkai.text.clause_mentions import article_key
from gongkai.workflow.engine import require

ANSWERS = tuple(field.name for field in CARD_FIELDS)
TYPED = ("matter_name", "basis", *ANSWERS, "service_url")
"""What is typed of a card besides its last day and its conditions."""
_NEVER_KEPT = ("card_long", "card_address")
"""Codes of reasons that even a draft is refused for; what is missing may come later."""


@dataclass(frozen=True, slots=True)
class CardView:
    """A public card."""

    item_id: int
    who_may_benefit: str
    what_is_given: str
    how_to_apply: str
    until: date | None
    until_note: str
    contact: str
    phone: str
    service_url: str = ""
    service_dead: bool | None = None
    """Whether the site did not answer when it was visited, several days in a row; None: it is not visited."""
    matter: int = 1
    matter_name: str = ""
    basis: str = ""

    @property
    def key(self) -> str:
        """What the card is called among all cards."""
        return f"{self.item_id}-{self.matter}"

    @property
    def basis_anchor(self) -> str:
        """Where the part it rests on stands on the page of its document; empty when it rests on the whole."""
        return f"article-{key}" if (key := article_key(self.basis)) else ""

    def closed(self, today: date) -> bool:
        """Whether the last day to apply is over."""
        return self.until is not None and self.until < today

    @property
    def text(self) -> str:
        """All that is read of it, for the time that takes."""
        return "".join(getattr(self, name) for name in ANSWERS)

    @property
    def service_host(self) -> str:
        """The site on which the matter is handled; empty when that is this site, or when nothing is handled online."""
        host = urlsplit(self.service_url).hostname or ""
        return "" if host == urlsplit(settings.ENVIRONMENT.site_url).hostname else host


_VIEW = (
    "item_id", "who_may_benefit", "what_is_given", "how_to_apply", "until", "until_note", "contact", "phone",
    "service_url", "service_link__dead", "matter", "matter_name", "basis",
)  # fmt: skip
STEP = 20
"""The number of items the query of cards is compiled for is rounded up to."""


# --- reading -----------------------------------------------------------------------------------------------------------
def cards_of(item_ids: Iterable[int]) -> dict[int, list[CardView]]:
    """The public cards of these items that have any, by matter: one query, none without items."""
    wanted = list(item_ids)
    if not wanted:
        return {}
    padded = [*wanted, *[wanted[-1]] * (-len(wanted) % STEP)]
    found: dict[int, list[CardView]] = {}
    for row in _public_cards(*padded):
        found.setdefault(row[0], []).append(CardView(*row))
    return found


_public_cards = Prepared(
    lambda *ids: (
        PolicyCard.objects.filter(item_id__in=ids, state=CardState.PUBLISHED.value)
        .order_by("item_id", "matter")
        .values_list(*_VIEW)
    )
)


def matchable(party: str, limit: int = 500) -> list[tuple[CardView, PolicyConditions]]:
    """Public cards of public policies with conditions for a party (``person``, ``enterprise``): one query.

    What can no longer be read under the questions in force is left out; the office sees it on the card.
    """
    rows = PolicyCard.objects.filter(
        state=CardState.PUBLISHED, conditions__party=party, item__current__state=State.PUBLISHED
    )
    found = []
    for *view, conditions in rows.order_by("item_id", "matter").values_list(*_VIEW, "conditions")[:limit]:
        card = CardView(*view)
        try:
            found.append((card, _read(card.key, conditions)))
        except Refused:
            continue
    return found


def _read(key: str, conditions: Mapping[str, Any]) -> PolicyConditions:
    """The conditions of a card under the questions in force. Raises `Refused`."""
    return read_conditions({**conditions, "policy": key}, eligibility_fields())


def versions_of(item: Item) -> list[PolicyCard]:
    """All versions of all matters, by matter and of each the newest first, with the people."""
    return list(item.policy_cards.select_related("prepared_by", "published_by", "service_link"))


def wants_card(tags: Iterable[str]) -> bool:
    """Whether a policy with these tags needs a card: every 惠民 and 惠企 policy does."""
    return bool(codes(tags, Dimension.BENEFIT))


# --- writing -----------------------------------------------------------------------------------------------------------
@transaction.atomic
def save_card(
    *,
    actor: Actor,
    item_id: int,
    matter: int = 1,
    values: Mapping[str, str],
    until: date | None,
    conditions: Mapping[str, Any] | None,
) -> PolicyCard:
    """Write the draft of the card of a matter (a new version when there is none); it may be incomplete.

    ``conditions`` as `rules.eligibility_reading` reads them without ``policy``, None for none. A matter follows on those there are.
    Raises `Refused`.
    """
    item = item_locked(item_id)
    require(actor, Action.PREPARE_CARD, subject_of(item, item.working or item.current))
    if reasons := check_number(matter, item.policy_cards.aggregate(last=Max("matter"))["last"] or 0):
        raise Refused(reasons)
    card = _draft(item, matter)
    if card is None:
        last = item.policy_cards.filter(matter=matter).aggregate(last=Max("number"))["last"] or 0
        card = PolicyCard(item=item, matter=matter, number=last + 1)
    for name in TYPED:
        setattr(card, name, str(values.get(name, "")).replace("\x00", "").strip())
    reasons = [one for one in check_card(values, until) if one.code in _NEVER_KEPT]
    if reasons := reasons or _unreachable(card.service_url):
        raise Refused(reasons)
    card.until, card.conditions = until, _kept(item, conditions)
    card.prepared_by_id, card.prepared_at = actor.user_id or None, timezone.now()
    card.save()
    audit(actor, item, "card-save", {"matter": matter, "number": card.number})
    return card


def _draft(item: Item, matter: int) -> PolicyCard | None:
    return item.policy_cards.filter(matter=matter, state=CardState.DRAFT).first()


def _unreachable(address: str) -> list[Reason]:
    """What nobody outside could open. Sites that are on no list are no fault: a service may be anywhere, and a second person looks."""
    found = judge(address, shipped_allow_list()) if address else None
    return [Reason("card_address", found[1], field="service_url")] if found and found[0] != "link.outside" else []


def _kept(item: Item, conditions: Mapping[str, Any] | None) -> dict[str, Any]:
    if not conditions:
        return {}
    kept = to_json(_read(str(item.pk), conditions))
    del kept["policy"]
    return kept


@transaction.atomic
def publish_card(*, actor: Actor, item_id: int, matter: int = 1) -> PolicyCard:
    """Make the draft public in the place of the former version; by somebody else than who prepared it. Raises `Refused`."""
    item = item_locked(item_id)
    require(actor, Action.PUBLISH_CARD, subject_of(item, item.working or item.current))
    card = _draft(item, matter)
    if card is None:
        raise Refused([Reason("no_card", "没有待发布的政策卡片，请先填写并保存。")])
    if reasons := _standing_in_the_way(actor, item, card):
        raise Refused(reasons)
    _take_down(item, matter)
    card.service_link = links.keep(card.service_url) if card.service_url else None
    card.state, card.published_by_id, card.published_at = CardState.PUBLISHED, actor.user_id or None, timezone.now()
    card.save(update_fields=["state", "published_by", "published_at", "service_link"])
    enqueue([item.pk])
    audit(actor, item, "card-publish", {"matter": matter, "number": card.number}, public=True)
    return card


@transaction.atomic
def discard_card(*, actor: Actor, item_id: int, matter: int = 1) -> None:
    """Throw away the draft; what is public stays so, and a matter of which there was no more is gone. Raises `Refused`."""
    item = item_locked(item_id)
    require(actor, Action.PREPARE_CARD, subject_of(item, item.working or item.current))
    card = _draft(item, matter)
    if card is None:
        raise Refused([Reason("no_card", "没有可以放弃的政策卡片草稿。")])
    audit(actor, item, "card-discard", {"matter": matter, "number": card.number})
    card.delete()


def _take_down(item: Item, matter: int) -> bool:
    """Whether there was a public card; its 办理入口 is visited no longer, unless the next version or another list has it."""
    card = item.policy_cards.filter(matter=matter, state=CardState.PUBLISHED).first()
    if card is None:
        return False
    card.state = CardState.SUPERSEDED
    card.save(update_fields=["state"])
    let_go(card.service_link_id)
    return True


def _standing_in_the_way(actor: Actor, item: Item, card: PolicyCard) -> list[Reason]:
    values = {name: getattr(card, name) for name in TYPED}
    reasons = check_card(values, card.until)
    if item.current is None or item.current.state != State.PUBLISHED:
        reasons.append(Reason("card_first", "政策文件尚未公开，请先发布文件，再发布政策卡片。"))
    if not wants_card(item.tags):
        message = "请先在专题标签中确认惠及对象（惠民或者惠企），政策卡片才会显示在文件页面和专题中。"
        reasons.append(Reason("card_benefit", message))
    if card.prepared_by_id is not None and card.prepared_by_id == actor.user_id:
        reasons.append(Reason("same_person", "政策卡片应当由填写人以外的人审核发布。", "国办发〔2018〕123号"))
    for name in ("matter_name", *ANSWERS):
        reasons += personal_data_reasons(values[name], name)
    others = item.policy_cards.filter(state=CardState.PUBLISHED).exclude(matter=card.matter)
    reasons += check_matters(card.matter, card.matter_name, dict(others.values_list("matter", "matter_name")))
    if item.current is not None:
        reasons += text_reasons(item.current, card.basis, card.conditions)
    return reasons


@transaction.atomic
def withdraw_card(*, actor: Actor, item_id: int, matter: int = 1) -> None:
    """Take the public card off the site; the version stays in the office. Raises `Refused`."""
    item = item_locked(item_id)
    require(actor, Action.PUBLISH_CARD, subject_of(item, item.working or item.current))
    if not _take_down(item, matter):
        raise Refused([Reason("no_card", "没有公开的政策卡片。")])
    enqueue([item.pk])
    audit(actor, item, "card-withdraw", {"matter": matter}, public=True)


__all__ = [
    "CardView",
    "cards_of",
    "discard_card",
    "matchable",
    "publish_card",
    "save_card",
    "versions_of",
    "wants_card",
    "withdraw_card",
]
