"""Cases for tests, made by the product's own intake and events. Days are pinned by `freeze`, so that periods are known."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Any
from unittest import mock
from zoneinfo import ZoneInfo

from django.utils import timezone

from gongkai.foi.answers import log_answer
from gongkai.foi.intake import Taken, take_in
from gongkai.foi.models import BodySettings, Case, CaseEvent
from gongkai.foi.recording import APPLICANT, Wanted, act
from gongkai.organisations.models import Organisation
from gongkai.rules.access import Actor, Role
from gongkai.rules.application import GivenApplicant, GivenContent
from gongkai.rules.case_events import CaseEvent as Event
from gongkai.rules.receipt import Channel
from tests import factories

SHANGHAI = ZoneInfo("Asia/Shanghai")


@contextmanager
def on(day: date, hour: int = 10) -> Iterator[None]:
    """The server's clock on a day, for everything that asks Django for the time."""
    moment = datetime.combine(day, time(hour), SHANGHAI)
    with mock.patch.object(timezone, "now", lambda: moment):
        yield


def applicant(**more: Any) -> GivenApplicant:
    """A natural person with a valid, made-up identity number."""
    given = {
        "category": "natural", "name": "示例申请人", "id_kind": "identity_card", "id_number": "11010519000101001X",
        "phone": "13800138000", "email": "shenqingren@example.invalid", "address": "亳州市谯城区示例路1号",
    }  # fmt: skip
    return GivenApplicant(**{**given, **more})


def content(**more: Any) -> GivenContent:
    """What is asked for."""
    given = {"title": "2025年度全区义务教育学区划分方案", "description": "2025年秋季学期适用的学区划分方案及说明"}
    return GivenContent(**{**given, **more})


def taken(body: Organisation, *, actor: Actor = APPLICANT, channel: Channel = Channel.ONLINE, **more: Any) -> Taken:
    """An application that was taken in."""
    given = more.pop("applicant", None) or applicant()
    wanted = more.pop("content", None) or content()
    token = more.pop("client_token", None) or secrets.token_hex(16)
    return take_in(
        actor=actor,
        organisation_id=body.pk,
        channel=channel,
        client_token=token,
        applicant=given,
        content=wanted,
        **more,
    )


DISCLOSED = {
    "outcome": "disclosed", "letter": "disclosed", "grounds": ["may_be_disclosed"], "findings": "经检索，本机关保存该信息。",
    "content": "学区划分方案见附件。", "delivery_way": "网上查询",
}  # fmt: skip
"""A decision that lacks nothing."""


class Desk:
    """A body with the people who handle its cases, and shortcuts for what they do."""

    def __init__(self, body: Organisation | None = None) -> None:
        self.body = body or factories.body(kind="department", phone="0558-0000000", address="示例路1号")
        BodySettings.objects.create(
            organisation=self.body, mark="谯测", online_reconsideration="行政复议网上申请入口（示例）"
        )
        self.clerk = factories.actor(self.body, Role.CLERK)
        self.reviewer = factories.actor(self.body, Role.REVIEWER)
        self.signer = factories.actor(self.body, Role.SIGNER)
        self.head = factories.actor(self.body, Role.HEAD)

    def online(self, **more: Any) -> Case:
        """A case that came by the form and waits for confirmation."""
        return Case.objects.get(pk=taken(self.body, **more).case_id)

    def registered(self, day: date, **more: Any) -> Case:
        """A case that was confirmed and registered on a day; the clock must stand on it or after it."""
        case = self.online(**more)
        self.do(case, Event.CONFIRM_RECEIPT, on=day, how="phone")
        self.do(case, Event.REGISTER)
        return case

    def do(
        self, case: Case, event: Event, *, by: Actor | None = None, on: date | None = None, **data: Any
    ) -> CaseEvent:
        """One event, by the clerk unless somebody else is named; the case is read anew."""
        done = act(actor=by or self.clerk, case_id=case.pk, wanted=Wanted(event, data, on))
        case.refresh_from_db()
        return done

    def drafted(self, case: Case, decision: dict[str, Any] | None = None) -> CaseEvent:
        """A draft that may be handed in: the information is given, unless told otherwise."""
        return self.do(case, Event.DRAFT, decision=decision or DISCLOSED)

    def logged(self, day: date, question: str, answer: str) -> CaseEvent:
        """A case that was answered, and its answer put before the public, all on one day."""
        with on(day):
            case = self.registered(day)
            self.answered(case)
            return log_answer(actor=self.signer, case_id=case.pk, question=question, answer=answer)

    def answered(self, case: Case, decision: dict[str, Any] | None = None, way: str = "online") -> None:
        """From the draft to the service, each step by whom it belongs to."""
        self.drafted(case, decision)
        self.do(case, Event.SEND_FOR_REVIEW)
        self.do(case, Event.APPROVE, by=self.reviewer)
        self.do(case, Event.SIGN, by=self.signer)
        self.do(case, Event.SERVE, way=way, proof="示例凭证")
