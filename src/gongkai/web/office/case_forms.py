"""The form of an event of a case, made from its row in the table: every particular, the day it counts from, files, and what keeps it from
being sent twice or over somebody else's work."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any, cast

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.validators import MaxLengthValidator
from django.http import QueryDict
from django.utils import timezone

from gongkai.foi import messages
from gongkai.foi.body_settings import settings_of
from gongkai.foi.documents import Kept
from gongkai.foi.models import Case, CaseDocument
from gongkai.foi.recording import Wanted
from gongkai.organisations.models import Organisation
from gongkai.rules.case_events import TRANSITIONS, Field, Transition
from gongkai.rules.case_events import CaseEvent as Event
from gongkai.rules.case_facts import CaseFacts
from gongkai.rules.reasons import Refused
from gongkai.rules.request_settings import text_setting
from gongkai.web.shared.forms import DateField, Form, MultipleFileField

SALT = "case-files"
HOURS = 12 * 3600
"""Seconds for which files of a form that was refused are kept for it; well below the day after which leftovers are swept."""


class EventForm(Form):
    """One event."""

    token = forms.CharField(widget=forms.HiddenInput, max_length=64)
    expected_seq = forms.IntegerField(widget=forms.HiddenInput)
    kept = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, event: Event, case: Case, facts: CaseFacts, *args: Any, user_id: int = 0, **kwargs: Any) -> None:
        """`args` and `kwargs` as of a form; an answer that waits to be confirmed is filled in."""
        self.row: Transition = TRANSITIONS[event]
        self.whose = f"{case.pk}:{event.value}:{user_id}"
        today = timezone.localdate()
        initial = {"token": secrets.token_hex(16), "expected_seq": case.last_seq, "effective_on": today}
        if event is Event.SEND_FEE_NOTICE:
            initial["account"] = settings_of(case.organisation_id).fee_account or text_setting("fee_payment_method")
        kwargs.setdefault("initial", initial if args else {**initial, **messages.proposed(case, facts, event)})
        kwargs.setdefault("auto_id", f"id_{event.value}_%s")
        super().__init__(*args, **kwargs)
        own: dict[str, forms.Field] = {}
        if self.row.day:
            own["effective_on"] = DateField(label=self.row.day)
        for known in self.row.fields:
            own[known.name] = _field(known, event, case, facts)
        if self.row.files:
            own["files"] = MultipleFileField(
                label="材料", required=False, help_text="pdf、docx、xlsx、ofd、txt、jpg、png，可多选。"
            )
        for field in own.values():
            _say_in_chinese(field)
        self.fields = {**own, **self.fields}

    def wanted(self, extra: Mapping[str, Any] | None = None) -> Wanted:
        """The event as it is asked for; call it when the form is valid."""
        given = self.cleaned_data
        data = {known.name: _stored(given[known.name], known) for known in self.row.fields}
        data = {name: value for name, value in data.items() if value not in (None, "")}
        return Wanted(
            self.row.event, {**data, **(extra or {})}, given.get("effective_on"), given["token"], given["expected_seq"]
        )

    def kept_files(self) -> list[Kept]:
        """Files that came with an earlier try of this very form."""
        try:
            whose, until, rows = signing.loads(self.data.get("kept") or "", salt=SALT)
        except signing.BadSignature:
            return []
        if whose != self.whose or until < time.time():
            return []
        kept = [Kept(*row) for row in rows]
        return [one for one in kept if default_storage.exists(one.storage_name) and not _belongs(one)]

    def keep(self, files: list[Kept]) -> None:
        """Take files along into the next try; the first try counts, each one more does not keep them longer."""
        if files:
            until = time.time() + HOURS
            with suppress(signing.BadSignature):
                until = signing.loads(self.data.get("kept") or "", salt=SALT)[1]
            rows = [[one.name, one.storage_name, one.size, one.sha256, one.media_type] for one in files]
            self._set("kept", signing.dumps([self.whose, until, rows], salt=SALT))

    def _set(self, name: str, value: str) -> None:
        changed = cast(QueryDict, self.data).copy()
        changed[name] = value
        self.data = changed

    @property
    def kept_names(self) -> list[str]:
        """Names of the files that need not be chosen again."""
        return [one.name for one in self.kept_files()] if self.is_bound else []

    def is_changed_by_another(self, refusal: Refused) -> bool:
        """Whether somebody else has acted since; then the form goes on from where the case stands now."""
        return any(reason.code == "changed" for reason in refusal.reasons)

    def go_on_from(self, case: Case) -> None:
        """Let the next try know the last event."""
        self._set("expected_seq", str(case.last_seq))


def _belongs(one: Kept) -> bool:
    """Whether the file has come to belong to something in the meantime."""
    return CaseDocument.objects.filter(storage_name=one.storage_name).exists()


def _say_in_chinese(field: forms.Field) -> None:
    verb = "选择" if isinstance(field, forms.ChoiceField) else "填写"
    field.error_messages["required"] = f"请{verb}{field.label}。"
    if isinstance(field, forms.ChoiceField):
        field.error_messages["invalid_choice"] = f"请重新选择{field.label}。"
    if isinstance(field, forms.IntegerField):
        field.error_messages["invalid"] = f"{field.label}应当是不小于 1 的整数。"
        field.validators = [NumberRange(str(field.label))]
    if isinstance(field, forms.CharField) and field.max_length:
        field.validators = [one for one in field.validators if not isinstance(one, MaxLengthValidator)]
        field.validators.append(MaxLengthValidator(field.max_length, f"{field.label}不能超过 {field.max_length} 字。"))


class NumberRange:
    """A whole number of a case's particulars."""

    def __init__(self, label: str) -> None:
        self.label = label

    def __call__(self, value: int) -> None:
        """Raises `ValidationError` naming the field."""
        if not 1 <= value <= 100_000:
            raise ValidationError(f"{self.label}应当是 1 至 100000 的整数。")


def _field(known: Field, event: Event, case: Case, facts: CaseFacts) -> forms.Field:
    common: dict[str, Any] = {"label": known.label, "required": known.required, "help_text": known.help}
    match known.kind:
        case "long":
            return forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), **common)
        case "date":
            return DateField(**common)
        case "days" | "count":
            return forms.IntegerField(widget=forms.NumberInput(attrs={"min": 1}), **common)
        case "flag":
            return forms.BooleanField(label=known.label, required=False, help_text=known.help)
        case "text":
            return forms.CharField(max_length=200, **common)
    choices = [("", "请选择"), *_choices(known, event, case, facts)]
    return forms.ChoiceField(choices=choices, **common)


def _choices(known: Field, event: Event, case: Case, facts: CaseFacts) -> list[tuple[str, str]]:
    match known.kind:
        case "choice":
            return list(known.choices)
        case "consultation":
            asked = [one for one in facts.consultations if one.replied_on is None]
            if event is Event.SERVE_CONSULTATION:
                asked = [one for one in asked if one.served_on is None]
            return [(str(one.seq), f"{one.name}（{one.sent_on:%m月%d日}发出）") for one in asked]
        case "remedy":
            waiting = case.remedies.filter(result="").order_by("id")
            return [(str(one.pk), f"{one.authority} {one.number}（{one.filed_on:%Y-%m-%d}）") for one in waiting]
        case "body":
            others = Organisation.objects.filter(is_active=True).exclude(pk=case.organisation_id)
            return [(str(pk), name) for pk, name in others.values_list("pk", "name")]
    raise ValueError(f"a field of kind {known.kind} needs a page of its own")


def _stored(value: Any, known: Field) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if known.kind in ("consultation", "remedy", "body"):
        return int(value) if value else None
    return value.strip() if isinstance(value, str) else value
