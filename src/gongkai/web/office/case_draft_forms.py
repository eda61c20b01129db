"""The form of a decision: only the fields that its outcome and letter ask for or may use, made from `rules.decision`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from gongkai.rules.case_facts import CaseFacts
from gongkai.rules.decisions import LABELS, Decision, SearchRecord, SeveredPart, required_fields
from gongkai.rules.legal_grounds import LegalGround, legal_grounds
from gongkai.rules.letter_types import letter_types
from gongkai.rules.outcomes import Outcome, outcomes
from gongkai.web.shared.forms import DateField, Form, ListField

SPARE_PARTS = 2
"""Empty lines after the parts that are withheld; more come with each save."""
MOST_PARTS = 200
_LONG = frozenset(
    {
        "findings", "reasoning", "content", "third_party_opinion", "third_party_assessment", "third_party_not_asked",
        "public_interest", "channel", "publication_source",
    }
)  # fmt: skip
_DATES = frozenset({"available_on", "earlier_reply_date"})
_OWN = frozenset({"outcome", "letter", "grounds", "search_record", "severed", "attachments"})
_ALWAYS = ("findings", "reasoning")
_OF_GROUP: Mapping[str, tuple[str, ...]] = {
    "disclosed": ("content", "delivery_way", "available_on"),
    "partially_disclosed": ("content", "delivery_way", "available_on"),
}
_OF_LETTER: Mapping[str, tuple[str, ...]] = {
    "already_public": ("url", "venue"),
    "other_agency": ("competent_agency", "competent_agency_contact"),
    "requires_creation": ("url",),
    "petition_matter": ("channel",),
}
_OF_THIRD_PARTY = ("third_party_opinion", "third_party_assessment", "public_interest")
_HELP: Mapping[str, str] = {
    "findings": "检索、核查到的事实，写明信息的制作、保存情况。",
    "reasoning": "查明的事实为什么适用所选的条文。",
    "content": "直接写在答复书中的内容；较长的请作为附件提供。",
    "delivery_way": "按申请人要求的形式提供；不能按要求提供的说明原因（《条例》§40）。",
    "available_on": "随答复一并提供的不填。",
    "url": "该信息所在页面的完整网址。",
    "third_party_not_asked": "只在没有征求第三方意见时填写。",
    "attachments": "勾选随答复书提供的材料。",
}


def outcome_groups() -> list[tuple[str, list[tuple[str, str]]]]:
    """The outcomes under their headings, for the picker."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for outcome in outcomes().values():
        groups.setdefault(f"{outcome.group.number}{outcome.group.label}", []).append((outcome.code, outcome.label))
    return list(groups.items())


def grounds_for(outcome: Outcome, letter: str) -> list[LegalGround]:
    """The grounds a decision of this outcome and letter may rest on."""
    return [
        ground
        for ground in legal_grounds().values()
        if outcome.code in ground.outcomes and (not ground.letters or letter in ground.letters)
    ]


class DraftForm(Form):
    """A decision. What may still be missing is said after saving, and stops only the handing on."""

    def __init__(
        self,
        outcome: Outcome,
        letter: str,
        facts: CaseFacts,
        files: Sequence[tuple[str, str]],
        data: QueryDict | None = None,
        decision: Decision | None = None,
    ) -> None:
        self.outcome, self.letter = outcome, letter
        self.required_names = required_fields(outcome, letter)
        self.with_search = letter == "nonexistent" or bool(decision and decision.search_record)
        self.with_parts = outcome.code == "partially_disclosed"
        super().__init__(data, initial=_initial(decision, facts), auto_id="id_%s")
        grounds = grounds_for(outcome, letter)
        self.fields["grounds"] = forms.MultipleChoiceField(
            label=LABELS["grounds"], required=False, widget=forms.CheckboxSelectMultiple,
            choices=[(ground.code, ground.box_label) for ground in grounds],
        )  # fmt: skip
        for name in self._names(facts):
            self.fields[name] = _field(name, name in self.required_names)
        if self.with_search:
            self.fields |= _search_fields()
        if files:
            self.fields["attachments"] = forms.MultipleChoiceField(
                label=LABELS["attachments"], required=False, widget=forms.CheckboxSelectMultiple, choices=list(files),
                help_text=_HELP["attachments"],
            )  # fmt: skip
        self.parts = _parts(data, decision) if self.with_parts else []

    def _names(self, facts: CaseFacts) -> list[str]:
        third_party: tuple[str, ...] = (
            _OF_THIRD_PARTY if any(one.party == "third_party" for one in facts.consultations) else ()
        )
        if self.outcome.code == "third_party_rights" and not third_party:
            third_party = ("third_party_not_asked", "public_interest")
        more = (*_OF_GROUP.get(self.outcome.group.code, ()), *_OF_LETTER.get(self.letter, ()))
        if self.letter == "already_public":
            more = ("url", "venue")
        names = dict.fromkeys((*_ALWAYS, *self.required_names, *more, *third_party))
        return [name for name in names if name not in _OWN]

    def decision(self) -> Decision:
        """The decision as it was typed; call it when the form is valid."""
        given = self.cleaned_data
        plain = {
            name: given[name] for name in given if name in LABELS and name not in _OWN and given[name] not in (None, "")
        }
        record = None
        if self.with_search and any(given.get(name) for name in _search_fields()):
            record = SearchRecord(
                given["search_scope"],
                given["search_method"],
                tuple(given["search_keywords"]),
                given["search_by"],
                given["search_on"],
            )
        return Decision(
            outcome=self.outcome.code,
            letter=self.letter,
            grounds=tuple(given["grounds"]),
            search_record=record,
            severed=tuple(SeveredPart(what, ground) for what, ground in self.parts if what or ground),
            attachments=tuple(given.get("attachments", ())),
            **plain,
        )


def severable() -> list[tuple[str, str]]:
    """Grounds on which a part may be withheld."""
    return [(ground.code, ground.box_label) for ground in legal_grounds().values() if ground.redaction]


def letter_choices(outcome: Outcome) -> list[tuple[str, str]]:
    """The letters the outcome may be told by."""
    return [(code, letter_types()[code].label) for code in outcome.letters]


def _field(name: str, needed: bool) -> forms.Field:
    label = LABELS[name] + ("（本结果必须写明）" if needed else "")
    more: dict[str, Any] = {"label": label, "required": False, "help_text": _HELP.get(name, "")}
    if name in _DATES:
        return DateField(**more)
    if name in _LONG:
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), **more)
    return forms.CharField(**more)


def _search_fields() -> dict[str, forms.Field]:
    return {
        "search_scope": forms.CharField(label="检索范围", required=False, help_text="检索了哪些档案、系统、单位。"),
        "search_method": forms.CharField(label="检索方式", required=False),
        "search_keywords": ListField(label="检索关键词", required=False),
        "search_by": forms.CharField(label="检索人", required=False),
        "search_on": DateField(label="检索日期", required=False),
    }


def _initial(decision: Decision | None, facts: CaseFacts) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if decision is not None:
        found = {name: getattr(decision, name) for name in LABELS if name not in ("search_record", "severed")}
        found["grounds"], found["attachments"] = list(decision.grounds), list(decision.attachments)
    record = decision.search_record if decision else None
    if record is not None:
        found |= {
            "search_scope": record.scope, "search_method": record.method, "search_keywords": list(record.keywords),
            "search_by": record.searched_by, "search_on": record.searched_on,
        }  # fmt: skip
    elif facts.searches:
        last = facts.searches[-1]
        found |= {
            "search_scope": last.get("scope"), "search_method": last.get("method"), "search_keywords": last.get("keywords"),
            "search_by": last.get("by"), "search_on": last.get("on"),
        }  # fmt: skip
    if decision is None and (opinions := [one for one in facts.consultations if one.party == "third_party"]):
        found["third_party_opinion"] = "；".join(f"{one.name}：{one.content}" for one in opinions if one.content)
    return found


def _parts(data: QueryDict | None, decision: Decision | None) -> list[tuple[str, str]]:
    if data is None:
        kept = [(part.what, part.ground) for part in decision.severed] if decision else []
        return [*kept, *[("", "")] * SPARE_PARTS]
    count = sum(name.startswith("part-what-") for name in data)
    found = []
    for number in range(min(count, MOST_PARTS)):
        found.append((data.get(f"part-what-{number}", "").strip(), data.get(f"part-ground-{number}", "")))
    return found
