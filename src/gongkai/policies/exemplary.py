"""省市优秀解读: the list for the public and the office, adding, removing. Links are visited by the sweep of `review.links`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from gongkai.audit.log import Entry, record
from gongkai.disclosure.models import Item
from gongkai.disclosure.public_cards import cards, shown_on
from gongkai.organisations.actors import NotVisible
from gongkai.policies.kept_links import let_go
from gongkai.policies.models import ExemplaryInterpretation
from gongkai.policies.topics import public_items
from gongkai.review import links
from gongkai.review.models import Link
from gongkai.rules.access import Action, Actor, Subject
from gongkai.rules.exemplary import HIDDEN_AFTER, Level, check_exemplary
from gongkai.rules.publication import State
from gongkai.rules.reasons import Reason, Refused
from gongkai.rules.vocabulary import vocabulary
from gongkai.text.checks.links import judge, shipped_allow_list
from gongkai.workflow.engine import require

ORDER = ("-published_on", "-pk")
FORMS = "interpretation_forms"


@dataclass(frozen=True, slots=True)
class Exemplary:
    """One line of the list; `item_id` for an interpretation of this site, else `address` of another one."""

    id: int
    level: Level
    title: str
    source: str
    published_on: date
    form: str
    address: str = ""
    item_id: int | None = None
    link: Link | None = None

    @property
    def hidden(self) -> bool:
        """Whether the public does not see it for now, because its page did not answer on several days."""
        return self.link is not None and self.link.failures >= HIDDEN_AFTER


def exemplary(level: Level | None = None) -> QuerySet[ExemplaryInterpretation]:
    """What the public sees of a level, in `ORDER`; for all levels with what is hidden: what the office sees."""
    found = ExemplaryInterpretation.objects.select_related("link")
    if level is None:
        return found
    answering = Q(item__current__state=State.PUBLISHED) | Q(link__failures__lt=HIDDEN_AFTER)
    return found.filter(answering, level=level)


def lines(rows: Sequence[ExemplaryInterpretation]) -> list[Exemplary]:
    """Rows with title and source; an own item that is no longer public says so (only the office asks for such): one query."""
    own = {card.id: card for card in cards(row.item_id for row in rows if row.item_id)}
    found = []
    for row in rows:
        level = Level(row.level)
        if row.link is not None:
            words = (row.title, row.source, row.published_on, row.form, row.link.address)
            found.append(Exemplary(row.pk, level, *words, link=row.link))
        elif card := own.get(row.item_id or 0):
            day = card.shown_on or row.published_on
            found.append(
                Exemplary(row.pk, level, card.title, card.organisation, day, card.form, item_id=card.id)
            )  # fmt: skip
        else:
            found.append(Exemplary(row.pk, level, "（该信息已不公开）", "", row.published_on, ""))
    return found


@transaction.atomic
def add_exemplary(
    *, actor: Actor, level: str, address: str, title: str = "", source: str = "", published_on: date | None = None,
    form: str = "",
) -> ExemplaryInterpretation:  # fmt: skip
    """Take an interpretation into the list. ``address`` is that of a page of another site, or 索引号 or address of a public interpretation
    of this one, which needs nothing more said. Raises `Refused` with every reason.
    """
    require(actor, Action.MANAGE_EXEMPLARY, Subject(None))
    address, title, source = (text.replace("\x00", "").strip() for text in (address, title, source))
    if level not in set(Level):
        raise Refused([Reason("level", "请选择层级。", field="level")])
    made = ExemplaryInterpretation(level=level, added_at=timezone.now())
    if (item_id := _own_item(address)) is not None:
        item = Item.objects.select_related("current").get(pk=item_id)
        if item.kind != "interpretation" or item.current is None:
            raise Refused([Reason("no_interpretation", "该信息不是政策解读，请核对索引号或者网址。", field="address")])
        day = shown_on(item.current.published_at, item.current.source_published_on)
        made.item, made.published_on = item, day or timezone.localdate()
    else:
        reasons = check_exemplary(title, source, published_on, form, timezone.localdate())
        reasons += _address_reasons(address)
        if form and form not in vocabulary(FORMS):
            reasons.append(Reason("form", "所选解读形式不在可选范围内，请重新选择。", field="form"))
        if reasons or published_on is None:
            raise Refused(reasons)
        made.title, made.source, made.published_on, made.form = title, source, published_on, form
        made.link = links.keep(address)
    if ExemplaryInterpretation.objects.filter(level=level, link=made.link, item=made.item).exists():
        raise Refused([Reason("known", "该解读已在本层级的列表中，无需重复添加。", field="address")])
    made.save()
    _audit(actor, "exemplary.add", made)
    return made


def _own_item(address: str) -> int | None:
    """The public item of this site with this 索引号 or address. Another site may have addresses that look like ours."""
    try:
        host = urlsplit(address).hostname
    except ValueError:
        return None
    ours = host is None or host == urlsplit(settings.ENVIRONMENT.site_url).hostname
    return public_items([address]).get(address) if ours and address else None


def _address_reasons(address: str) -> list[Reason]:
    if not address:
        return [Reason("missing", "请填写网址；本站的解读填写索引号或者网址。", field="address")]
    if not address.startswith(("http://", "https://")):
        text = "请填写以 http:// 或者 https:// 开头的完整网址；本站的解读填写已公开解读的索引号。"
        return [Reason("address", text, field="address")]
    if len(address) > links.LONGEST:
        return [Reason("address", f"网址不得超过 {links.LONGEST} 个字符，请核对。", field="address")]
    found = judge(address, shipped_allow_list())
    return [Reason("address", found[1], field="address")] if found else []


@transaction.atomic
def remove_exemplary(*, actor: Actor, exemplary_id: int) -> None:
    """Take one out of the list. Raises `NotVisible` when it is not there (any more)."""
    require(actor, Action.MANAGE_EXEMPLARY, Subject(None))
    found = ExemplaryInterpretation.objects.select_for_update(of=("self",)).filter(pk=exemplary_id).first()
    if found is None:
        raise NotVisible
    _audit(actor, "exemplary.remove", found)
    link_id = found.link_id
    found.delete()
    let_go(link_id)


def _audit(actor: Actor, action: str, one: ExemplaryInterpretation) -> None:
    detail = {"title": one.title or (one.item.index_number if one.item else ""), "source": one.source}
    record(actor=actor, entries=[Entry(action, "exemplary", str(one.pk), None, detail)], public=True)
