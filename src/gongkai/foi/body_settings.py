"""依申请公开办理设置 of a body: what counts for its letters and fees, and the one action that changes it."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from gongkai.audit.log import Entry, record
from gongkai.foi.models import BodySettings
from gongkai.organisations.models import Organisation
from gongkai.organisations.selectors import organisation_for
from gongkai.rules.access import Action, Actor, Subject, can
from gongkai.rules.reasons import Reason, Refused
from gongkai.rules.remedies import RemedyBody, court_name, reconsideration_organ
from gongkai.rules.request_settings import (
    BODY_SETTINGS,
    Value,
    body_setting_reasons,
    body_settings,
    switch_setting,
    text_setting,
)


def settings_of(organisation_id: int) -> BodySettings:
    """What the body has settled; where it has settled nothing, an unsaved row that leaves everything to the rules."""
    found = BodySettings.objects.filter(organisation_id=organisation_id).first()
    return found or BodySettings(organisation_id=organisation_id, fee_enabled=switch_setting("fee_enabled"))


def inherited(organisation: Organisation) -> dict[str, str]:
    """What counts for each setting that the body leaves open, in words; empty where nothing does."""
    body = RemedyBody(organisation.kind, organisation.name)
    try:
        organ = reconsideration_organ(body, timezone.localdate())
    except Refused:
        organ = ""
    return {
        "mark": organisation.short_name,
        "reconsideration_organ": organ,
        "court": court_name(body),
        "online_reconsideration": text_setting("online_reconsideration_channel"),
        "fee_enabled": "收取" if switch_setting("fee_enabled") else "不收取",
        "fee_account": text_setting("fee_payment_method"),
    }


@transaction.atomic
def change_settings(*, actor: Actor, organisation_id: int, values: Mapping[str, Value]) -> BodySettings:
    """Settle `values`, one for each of `BODY_SETTINGS`. Raises `NotVisible` for a foreign body, `Refused` with every reason."""
    organisation = organisation_for(actor, organisation_id)
    decision = can(actor, Action.MANAGE_REQUEST_SETTINGS, Subject(organisation.pk))
    if not decision:
        raise Refused(decision.reasons)
    given = {code: value.strip() if isinstance(value := values[code], str) else value for code in BODY_SETTINGS}
    if reasons := [*body_setting_reasons(given, organisation.name), *_mark_in_use(organisation, str(given["mark"]))]:
        raise Refused(reasons)
    BodySettings.objects.get_or_create(organisation=organisation)
    row = BodySettings.objects.select_for_update().get(organisation=organisation)
    changes = []
    for code, value in given.items():
        if (before := getattr(row, code)) != value:
            changes.append(f"{body_settings()[code].label}：{_words(before)} → {_words(value)}")
            setattr(row, code, value)
    if changes:
        row.save()
        entry = Entry(
            "request_settings.change", "organisation", str(organisation.pk), organisation.pk, {"changes": changes}
        )
        record(actor=actor, entries=[entry])
    return row


def _mark_in_use(organisation: Organisation, mark: str) -> list[Reason]:
    """Two bodies with one mark would give out the same numbers."""
    other = BodySettings.objects.filter(mark=mark).exclude(organisation=organisation).select_related("organisation")
    if not mark or (taken := other.first()) is None:
        return []
    message = f"机关代字“{mark}”已由{taken.organisation.name}使用，请另定代字，以免文号相同。"
    return [Reason("mark_in_use", message, "GB/T 9704—2012", "mark")]


def _words(value: Value) -> str:
    return ("是" if value else "否") if isinstance(value, bool) else str(value) or "（空）"
