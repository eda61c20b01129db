"""政策匹配 without login: questions answered in the browser and judged there; without script in one request that nobody keeps.

Nothing that is answered is stored, logged or sent on. With script the answers do not even leave the browser.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from gongkai.disclosure.public_cards import Card, cards
from gongkai.policies.cards import CardView, matchable
from gongkai.rules.eligibility import Answer, PolicyConditions, Verdict, judge, questions
from gongkai.rules.eligibility_fields import Field, FieldType, Party, eligibility_fields
from gongkai.rules.eligibility_reading import read_answers, to_json
from gongkai.rules.eligibility_words import deciding_words
from gongkai.rules.reasons import Reason, Refused
from gongkai.web.portal.pages import render
from gongkai.web.shared.templating import address_of

NONE = "-"
"""The box 以上都不是 of a question with several choices: nothing ticked at all is no answer."""
ORDER = (Verdict.MET, Verdict.NEARLY, Verdict.OPEN, Verdict.NOT_MET)


@dataclass(frozen=True, slots=True)
class Matched:
    """A policy with its card and, once judged, how it stands, the clause that decides and the address of its sentence."""

    card: Card
    answers: CardView
    verdict: Verdict | None = None
    deciding: str = ""
    source: str = ""
    source_url: str = ""


@require_safe
def policy_matching(request: HttpRequest) -> HttpResponse:
    """Who asks: a person or an enterprise."""
    return render(request, "policy_matching.html", title="政策匹配", section="topic", parties=list(Party))


@require_http_methods(["GET", "HEAD", "POST"])
def policy_questions(request: HttpRequest, party: str) -> HttpResponse:
    """The questions of one party; POST judges the answers for browsers without script, and its answer is kept nowhere."""
    if party not in list(Party):
        raise Http404
    found = matchable(party)
    shown = {card.id: card for card in cards(view.item_id for view, _ in found)}
    known = [(view, conditions) for view, conditions in found if view.item_id in shown]
    asked = questions([conditions for _, conditions in known], eligibility_fields())
    typed, answers, reasons = _answers(request.POST, asked) if request.method == "POST" else ({}, {}, [])
    judged = request.method == "POST" and not reasons
    matched = [
        _matched(shown[view.item_id], view, conditions, answers if judged else None) for view, conditions in known
    ]
    response = render(
        request,
        "policy_questions.html",
        status=422 if reasons else 200,
        title=f"政策匹配（{Party(party).label}）",
        section="topic",
        party=Party(party),
        fields=asked,
        typed=typed,
        reasons={reason.field: reason.message for reason in reasons},
        matched=matched,
        groups=[(one, [m for m in matched if m.verdict is one]) for one in ORDER] if judged else [],
        judged=judged,
        today=timezone.localdate(),
        data=_data(asked, known),
    )
    if request.method == "POST":
        response["Cache-Control"] = "no-store"
    return response


def _answers(data: QueryDict, asked: Sequence[Field]) -> tuple[dict[str, Any], Mapping[str, Answer], list[Reason]]:
    """What was typed by field, the answers read from it, and what could not be read."""
    typed: dict[str, Any] = {
        one.code: data.getlist(one.code) if one.multiple else data.get(one.code, "").strip()[:40] for one in asked
    }
    given: dict[str, Any] = {}
    for one in asked:
        text = typed[one.code]
        if one.multiple and text:
            given[one.code] = [code for code in text if code != NONE]
        elif not one.multiple and text != "":
            given[one.code] = _value(one, text)
    try:
        return typed, read_answers(given, eligibility_fields()), []
    except Refused as refusal:
        return typed, {}, list(refusal.reasons)


def _value(field: Field, text: Any) -> Any:
    if field.type is FieldType.FLAG:
        return {"true": True, "false": False}.get(text, text)
    if field.type is FieldType.NUMBER:
        try:
            number = float(text)
        except ValueError:
            return text
        return int(number) if number.is_integer() else number
    return text


def _matched(card: Card, view: CardView, conditions: PolicyConditions, answers: Mapping[str, Answer] | None) -> Matched:
    if answers is None:
        return Matched(card, view)
    judgement = judge(conditions, answers)
    clause = judgement.deciding.clause
    field = eligibility_fields()[clause.field]
    words = deciding_words(judgement.deciding, field, answers.get(clause.field))
    return Matched(card, view, judgement.verdict, words, clause.source, _place(card.id, clause.source))


def _place(item_id: int, sentence: str) -> str:
    """The address of a sentence in a text: browsers that know text fragments go there, all others to the text."""
    return f"{address_of('portal:item', item_id)}#full-text:~:text={quote(sentence, safe='')}"


def _data(asked: Sequence[Field], known: Sequence[tuple[CardView, PolicyConditions]]) -> str:
    """What the script needs to judge: the fields that clauses use, and the conditions, as JSON that is safe in an attribute."""
    used = {clause.field for _, conditions in known for clause in conditions.clauses}
    fields = {
        code: {
            "label": field.label,
            "type": field.type.value,
            "multiple": field.multiple,
            "unit": field.unit,
            "choices": dict(field.choices),
        }
        for code, field in eligibility_fields().items()
        if code in used or field in asked
    }
    policies = [{**to_json(conditions), "place": address_of("portal:item", view.item_id)} for view, conditions in known]
    return json.dumps({"fields": fields, "policies": policies}, ensure_ascii=False)
