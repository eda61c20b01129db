"""修改意见 at places of the text, and the book of 三审三校: shown on an item's page, written from there."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from gongkai.disclosure import remarks as actions
from gongkai.disclosure import selectors
from gongkai.disclosure.models import Edition, Item
from gongkai.disclosure.steps import chain_of, subject_of, waiting_step
from gongkai.review import selectors as review
from gongkai.review.models import Remark, ReviewRecord
from gongkai.rules.access import Action, Actor, can
from gongkai.rules.publication import State
from gongkai.rules.reasons import Refused
from gongkai.rules.review_chain import review_steps
from gongkai.text.anchors import locate
from gongkai.text.checks.html_material import Mark
from gongkai.web.office.item_forms import RemarkForm
from gongkai.web.office.pages import office_page, saying_refusals, show
from gongkai.workflow.engine import require

_RESULT = ReviewRecord.Result


@dataclass(frozen=True, slots=True)
class Stop:
    """One step of the chain and where it stands."""

    label: str
    person: str = ""
    done: bool = False
    here: bool = False


@dataclass(frozen=True, slots=True)
class ReviewPanel:
    """What an item's page says of the chain and of the remarks."""

    stops: tuple[Stop, ...]
    """Empty for what is not under review."""
    remarks: tuple[Remark, ...]
    marks: tuple[Mark, ...]
    form: RemarkForm | None
    """For those who may make remarks now."""
    may_answer: bool
    actor_id: int


def review_of(actor: Actor, item: Item, edition: Edition, posted: RemarkForm | None = None) -> ReviewPanel:
    """The chain and the remarks of the edition in hand; `posted` is the form that came back with errors."""
    remarks = tuple(review.remarks_of(edition.pk))
    subject = subject_of(item, edition)
    state = State(edition.state)
    may_remark = state in actions.UNDER_REVIEW and bool(can(actor, Action.REMARK, subject))
    form = RemarkForm(parts=actions.parts_of(item, edition), auto_id="id_remark_%s") if may_remark else None
    return ReviewPanel(
        stops=_stops(edition) if state in (State.REVIEW, State.SIGN_OFF) else (),
        remarks=remarks,
        marks=tuple(_marks(edition, remarks)),
        form=posted or form,
        may_answer=state is State.DRAFT and bool(can(actor, Action.ANSWER_REMARK, subject)),
        actor_id=actor.user_id,
    )


def open_remarks_of(edition: Edition) -> list[Remark]:
    """What the writer has to do something about, for the editor."""
    return [one for one in review.remarks_of(edition.pk) if one.is_open]


def _marks(edition: Edition, remarks: tuple[Remark, ...]) -> list[Mark]:
    quoted = [one for one in remarks if one.is_open and one.part == "body" and one.quote]
    if not quoted:
        return []
    text = actions.text_of(edition, "body")
    places = ((one, locate(text, one.quote, one.start)) for one in quoted)
    return [
        Mark(place[0], place[1], f"remark-{one.pk}", "remark-mark", f"{one.author_name}：{one.text}")
        for one, place in places
        if place is not None
    ]


def _stops(edition: Edition) -> tuple[Stop, ...]:
    passed = {one.step: one for one in review.of_this_round(review.records_of(edition.pk))}
    here = waiting_step(edition) if edition.state == State.REVIEW else ""
    submitted = passed.get("submit")
    stops = [Stop("起草", submitted.person_name if submitted else str(edition.author or ""), done=True)]
    reached = False
    for code in chain_of(edition).steps:
        reached = reached or code == here
        record = passed.get(code)
        name = (
            f"{record.person_name}（代{record.for_name}）"
            if record and record.for_name
            else record and record.person_name
        )
        stops.append(Stop(review_steps()[code].label, name or "", done=not reached, here=code == here))
    stops.append(Stop("签发", here=edition.state == State.SIGN_OFF))
    return tuple(stops)


# --- pages -------------------------------------------------------------------------------------------------------------
@office_page("POST")
def add_remark(request: HttpRequest, actor: Actor, item_id: int) -> HttpResponse:
    """Say what is to be changed, and where."""
    from gongkai.web.office.items import render_item  # it shows this module's panel

    item = selectors.item_for(actor, item_id)
    edition = selectors.in_hand(item)
    require(actor, Action.REMARK, subject_of(item, edition))
    form = RemarkForm(request.POST, parts=actions.parts_of(item, edition), auto_id="id_remark_%s")
    if not form.is_valid():
        return render_item(request, actor, item, remark_form=form, status=422)
    try:
        actions.remark(actor=actor, item_id=item.pk, **form.cleaned_data)
    except Refused as refusal:
        form.add_reasons(refusal.reasons)
        return render_item(request, actor, item, remark_form=form, status=422)
    messages.success(request, "修改意见已标注，退回修改时一并送起草人。")
    return _back(item)


@office_page("POST")
def answer_remark(request: HttpRequest, actor: Actor, item_id: int, remark_id: int) -> HttpResponse:
    """Say that a remark was followed, or why it was not."""
    item = selectors.item_for(actor, item_id)
    with saying_refusals(request):
        actions.answer(actor=actor, item_id=item.pk, remark_id=remark_id, text=request.POST.get("text", ""))
        messages.success(request, "修改意见已办理。")
    return _back(item)


@office_page("POST")
def take_back_remark(request: HttpRequest, actor: Actor, item_id: int, remark_id: int) -> HttpResponse:
    """Take back a remark of one's own."""
    item = selectors.item_for(actor, item_id)
    with saying_refusals(request):
        actions.take_back(actor=actor, item_id=item.pk, remark_id=remark_id)
        messages.success(request, "修改意见已撤回。")
    return _back(item)


@office_page()
def review_record(request: HttpRequest, actor: Actor, item_id: int, number: int) -> HttpResponse:
    """三审三校登记表 of one edition, to be printed: every step, the secrecy review part by part, remarks and what became of them."""
    item = selectors.item_for(actor, item_id)
    edition = selectors.edition_for(item, number)
    context = {
        "item": item,
        "edition": edition,
        "records": review.records_of(edition.pk),
        "secrecy_reviews": review.secrecy_reviews_of(edition.pk),
        "remarks": sorted(review.remarks_of(edition.pk), key=lambda one: one.pk),
        "overridden": [one for one in review.findings_of(edition.pk) if one.reason],
        "section": "items",
    }
    return show(request, actor, "review_record.html", context)


def _back(item: Item) -> HttpResponse:
    response = redirect("office:item", item_id=item.pk)
    response["Location"] += "#remarks"
    return response
