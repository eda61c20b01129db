"""修改意见 at places of the text: who reviews says where and what; who writes mends it or says why not. Audited with the item."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from gongkai.disclosure import gate
from gongkai.disclosure.models import Edition, Item
from gongkai.disclosure.steps import audit, in_hand, subject_of
from gongkai.review.models import Remark
from gongkai.rules.access import Action, Actor
from gongkai.rules.publication import State
from gongkai.rules.reasons import Reason, Refused
from gongkai.text.anchors import LONGEST, locate
from gongkai.text.checks.html_material import html_material
from gongkai.workflow.engine import NotVisible, require

__all__ = ["answer", "parts_of", "remark", "take_back", "text_of"]

UNDER_REVIEW = frozenset({State.REVIEW, State.SIGN_OFF})


def parts_of(item: Item, edition: Edition) -> list[tuple[str, str]]:
    """(part, label) of everything a remark may be about."""
    content = gate.content_of(item, edition)
    files = [(file.part, file.label) for file in content.files]
    words = [(part, label) for part, label, _ in content.words]
    return [("body", "正文"), ("title", "标题"), *words, *files]


def text_of(edition: Edition, part: str) -> str:
    """The text in which the quotes of a part are sought; empty for files, whose text has no place on the page."""
    if part == "body":
        return html_material(edition.body).material.text
    return {"title": edition.title, "summary": edition.summary, "change_note": edition.change_note}.get(part, "")


@transaction.atomic
def remark(*, actor: Actor, item_id: int, part: str, text: str, quote: str = "", near: int | None = None) -> Remark:
    """Say what is to be changed, at the words `quote` (near the character `near`) or about a whole part.

    Raises `Refused` when it is not under review, for an empty text, an unknown part, or words that do not stand there.
    """
    item, edition = in_hand(item_id)
    require(actor, Action.REMARK, subject_of(item, edition))
    if State(edition.state) not in UNDER_REVIEW:
        raise Refused([Reason("state", "只有审核中、待签发的信息可以提出修改意见。", "《条例》§17")])
    labels = dict(parts_of(item, edition))
    reasons, start = [], None
    quote = " ".join(quote.split())
    if not text.strip():
        reasons.append(Reason("text", "请写明修改意见。", field="text"))
    if part not in labels:
        reasons.append(Reason("part", "请选择修改意见针对的内容。", field="part"))
    elif len(quote) > LONGEST:
        reasons.append(Reason("quote", f"引用的原文超过 {LONGEST} 字，请只引用需要修改的词句。", field="quote"))
    elif quote and (source := text_of(edition, part)):
        found = locate(source, quote, near)
        if found is None:
            message = f"{labels[part]}中没有“{quote[:40]}”，请从页面上复制原文；针对全文的不必填写。"
            reasons.append(Reason("quote", message, field="quote"))
        else:
            start, end = found
            quote = " ".join(source[start:end].split())
    if reasons:
        raise Refused(reasons)
    made = Remark.objects.create(
        edition_id=edition.pk,
        part=part,
        part_label=labels[part][:220],
        quote=quote,
        start=start,
        text=text.strip()[:1000],
        author_id=actor.user_id or None,
        author_name=actor.name[:80],
    )
    audit(actor, item, "remark", {"part": made.part_label, "quote": quote, "remark": made.text})
    return made


@transaction.atomic
def answer(*, actor: Actor, item_id: int, remark_id: int, text: str = "") -> None:
    """Say that a remark was followed (no text), or why it was not; only in the draft, where something can be changed."""
    item, edition = in_hand(item_id)
    require(actor, Action.ANSWER_REMARK, subject_of(item, edition))
    if edition.state != State.DRAFT:
        raise Refused([Reason("state", "退回修改后才能办理修改意见。")])
    found = _remark(edition, remark_id)
    found.answer = text.strip()[:1000] or "已修改"
    found.answered_by_id, found.answered_name = actor.user_id or None, actor.name[:80]
    found.answered_at = timezone.now()
    found.save(update_fields=["answer", "answered_by", "answered_name", "answered_at"])
    audit(actor, item, "remark-answer", {"remark": found.text, "answer": found.answer})


@transaction.atomic
def take_back(*, actor: Actor, item_id: int, remark_id: int) -> None:
    """Take back a remark of one's own that nobody has answered."""
    item, edition = in_hand(item_id)
    require(actor, Action.REMARK, subject_of(item, edition))
    found = _remark(edition, remark_id)
    if found.author_id != actor.user_id:
        raise Refused([Reason("not_own", "只能撤回自己提出的修改意见。")])
    audit(actor, item, "remark-take-back", {"remark": found.text})
    found.delete()


def _remark(edition: Edition, remark_id: int) -> Remark:
    found = Remark.objects.filter(pk=remark_id, edition_id=edition.pk).first()
    if found is None:
        raise NotVisible
    if not found.is_open:
        raise Refused([Reason("answered", "这条修改意见已经办理，无需再办理。")])
    return found
