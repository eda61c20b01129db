"""Taking in an application, however it comes: from the applicant by the form, or typed in by staff from paper, post, fax or by word of mouth.

《条例》§29 (what it says), §31 (when it counts as received), §43 (help). What came is kept as it came; the same form sent twice is one
submission. There is no field for a purpose: the law asks for none (§27).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from gongkai.audit.log import Entry, record
from gongkai.foi import identity, notices, opening
from gongkai.foi.models import Applicant, Case, CaseDocument, RenewedCode, Submission
from gongkai.foi.selectors import case_for
from gongkai.organisations.models import Organisation
from gongkai.rules.access import Actor
from gongkai.rules.applicants import mask_number
from gongkai.rules.application import GivenApplicant, GivenContent, applicant_reasons, content_reasons
from gongkai.rules.case_events import DESK
from gongkai.rules.reasons import Reason, Refused
from gongkai.rules.receipt import Channel, receipt_reasons

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Of query codes: nothing that is taken for something else."""
CODE_LENGTH = 8
ALIKE_DAYS, MOST_ALIKE = 30, 5


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file that came along, already checked and sealed (`files.sealed`)."""

    kind: str
    name: str
    storage_name: str
    size: int
    sha256: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken in: the numbers the applicant is told, and the case. The code is the same when the form comes again."""

    tracking_number: str
    query_code: str
    case_id: int
    repeated: bool = False


def take_in(
    *,
    actor: Actor,
    organisation_id: int,
    channel: Channel,
    client_token: str,
    applicant: GivenApplicant,
    content: GivenContent,
    files: Sequence[GivenFile] = (),
    submitted_on: date | None = None,
    received_on: date | None = None,
    read_back: bool = False,
    at: datetime | None = None,
) -> Taken:
    """Keep an application and open its case. Raises `Refused` with all reasons; then nothing is kept. The same form sent
    again, or twice at once, is told what the first was told.

    By the public form (`Channel.ONLINE`) anybody may; everything else is entered by staff of the body. `submitted_on` is the day on the
    paper or postmark; `received_on` the day of receipt where the channel needs no confirmation (`rules.receipt.day_of_receipt`).
    `read_back`: what was said and written down for the applicant was read to them, and they agreed (§29). `at`: as `writing.Wanted.at`.
    """
    if not 16 <= len(client_token) <= 64:
        raise Refused([Reason("token", "表单已失效，请刷新页面后重新提交；已填写的内容请先保存。")])
    try:
        with transaction.atomic():
            if known := _known(client_token):
                return known
            body = Organisation.objects.filter(pk=organisation_id, is_active=True).first()
            today = timezone.localdate(at)
            submitted = submitted_on or today
            by_staff = bool(actor.user_id)
            reasons = [
                *applicant_reasons(applicant, as_given=by_staff),
                *content_reasons(content, applicant, as_given=by_staff),
            ]
            if body is None:
                reasons.append(Reason("organisation", "请选择受理机关。", "《条例》§29", "organisation"))
            if by_staff and body is not None and not actor.roles_in(body.pk) & DESK:
                reasons.append(Reason("role", "您的角色不能登记该机关的申请。", "《条例》§45", "organisation"))
            if not by_staff and channel is not Channel.ONLINE:
                reasons.append(Reason("channel", "该渠道的申请由工作人员登记。", "《条例》§29", "channel"))
            if not channel.rule.needs_confirmation:
                reasons += receipt_reasons(channel, received_on, submitted, today)
            if channel is Channel.ORAL and not read_back:
                message = "口头申请由工作人员代为填写，应当向申请人宣读并经其确认无误，再勾选登记。"
                reasons.append(Reason("read_back", message, "《条例》§29、§43", "read_back"))
            if submitted > today:
                reasons.append(Reason("submitted_on", "申请日期晚于今天，请核对。", "《条例》§31", "submitted_on"))
            if reasons or body is None:
                raise Refused(reasons)
            received = None if channel.rule.needs_confirmation else received_on
            submission = _keep(actor, body, channel, client_token, applicant, content, files, read_back, at)
            case = opening.open_case(
                actor,
                submission,
                _keep_applicant(submission, applicant),
                asdict(content),
                submitted_on=submitted,
                received_on=received,
                at=at,
            )
            entry = Entry(
                "case.submit",
                "case",
                str(case.pk),
                body.pk,
                {"channel": channel.value, "tracking": submission.tracking_number},
            )
            record(actor=actor, entries=[entry])
            notices.write(case, case.events.get(seq=1))
            return _taken(submission, case)
    except IntegrityError:  # the same form at the same moment: the other one was first
        if known := _known(client_token):
            return known
        raise


def _keep(
    actor: Actor,
    body: Organisation,
    channel: Channel,
    token: str,
    applicant: GivenApplicant,
    content: GivenContent,
    files: Sequence[GivenFile],
    read_back: bool,
    at: datetime | None,
) -> Submission:
    shown = asdict(applicant) | {
        "id_number": mask_number(applicant.id_number),
        "agent_id_number": mask_number(applicant.agent_id_number),
    }
    payload: dict[str, Any] = {"applicant": shown, "content": asdict(content), "files": [asdict(one) for one in files]}
    if read_back:
        payload["read_back"] = True
    canonical = json.dumps(payload, ensure_ascii=False, sort_keys=True)
    submission = _numbered(
        organisation=body,
        channel=channel.value,
        submitted_at=at or timezone.now(),
        client_token=token,
        payload=payload,
        digest=hashlib.sha256(canonical.encode()).hexdigest(),
        query_code_hash=identity.code_digest(query_code_of(token)),
        entered_by_id=actor.user_id or None,
    )
    CaseDocument.objects.bulk_create([CaseDocument(submission=submission, **asdict(one)) for one in files])
    return submission


def _numbered(**fields: Any) -> Submission:
    """The submission with a tracking number: the day and six random digits, drawn again where another has them."""
    while True:
        number = f"{timezone.localdate():%Y%m%d}{secrets.randbelow(10**6):06d}"
        try:
            with transaction.atomic():
                return Submission.objects.create(tracking_number=number, **fields)
        except IntegrityError:
            if not Submission.objects.filter(tracking_number=number).exists():  # it is something else that clashes
                raise


def _keep_applicant(submission: Submission, given: GivenApplicant) -> Applicant:
    fields = asdict(given)
    number, agent_number = fields.pop("id_number"), fields.pop("agent_id_number")
    return Applicant.objects.create(
        submission=submission,
        id_encrypted=identity.encrypt(number),
        id_masked=mask_number(number),
        agent_id_encrypted=identity.encrypt(agent_number),
        agent_id_masked=mask_number(agent_number),
        same_person=_same_person(given),
        **fields,
    )


def _same_person(given: GivenApplicant) -> str:
    if given.id_number:
        return identity.same_person(given.id_kind, given.id_number)
    return identity.same_person(given.name, given.phone)


def alike(organisation_id: int, applicant: GivenApplicant, content: GivenContent) -> list[Case]:
    """Cases of the body that this application may already be, the newest first, `MOST_ALIKE` at most.

    They are of the same applicant, and ask for something of the same name or number or came within `ALIKE_DAYS`: the same application
    may come by post and by the form.
    """
    same = Q(title=content.title) | Q(opened_at__gte=timezone.now() - timedelta(days=ALIKE_DAYS))
    if content.wanted_number:
        same |= Q(wanted_number=content.wanted_number)
    found = Case.objects.filter(same, organisation_id=organisation_id, applicant__same_person=_same_person(applicant))
    return list(found.exclude(state="void").select_related("submission").order_by("-opened_at", "-id")[:MOST_ALIKE])


def _known(token: str) -> Taken | None:
    known = Submission.objects.filter(client_token=token).first()
    return _taken(known, known.cases.order_by("pk")[0], repeated=True) if known else None


def _taken(submission: Submission, case: Case, *, repeated: bool = False) -> Taken:
    return Taken(submission.tracking_number, query_code_of(submission.client_token), case.pk, repeated)


def query_code_of(token: str) -> str:
    """The query code of a form: derived from its token, so that the same form is told the same code; not to be guessed without our key."""
    digest = hmac.new(settings.SECRET_KEY.encode(), b"query-code" + token.encode(), hashlib.sha256).digest()
    number = int.from_bytes(digest, "big")
    letters = []
    for _ in range(CODE_LENGTH):
        number, place = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[place])
    return "".join(letters)


def find(tracking_number: str, query_code: str) -> Submission | None:
    """The submission both belong to; None for anything else, after the same work. A code given out anew makes the former ones void."""
    given = identity.code_digest(query_code.strip().upper())
    newest = RenewedCode.objects.filter(submission=OuterRef("pk")).order_by("-pk").values("code_hash")[:1]
    known = Submission.objects.annotate(code_in_force=Coalesce(Subquery(newest), "query_code_hash"))
    submission = known.filter(tracking_number=tracking_number.strip()).first()
    right = hmac.compare_digest(given, submission.code_in_force if submission else "")
    return submission if right else None


def code_to_show(submission: Submission) -> str:
    """The code the form was given; empty when another was given out since (that one nobody can read again)."""
    return "" if submission.renewed_codes.exists() else query_code_of(submission.client_token)


def renew_code(*, actor: Actor, case_id: int, checked: str) -> str:
    """Give out a new query code for a case whose applicant lost it; returns it, for it is kept only as a hash.

    `checked` says how the identity of the applicant was checked. Raises `Refused`, or `NotVisible` for a foreign case.
    """
    with transaction.atomic():
        case = case_for(actor, case_id)
        reasons = []
        if not actor.roles_in(case.organisation_id) & DESK:
            reasons.append(Reason("role", "只有答复机关的办理人员可以重新发放查询码。", "《条例》§45"))
        if not checked.strip():
            reasons.append(
                Reason("checked", "请填写核验申请人身份的方式，如“当面核对身份证件”。", "《条例》§29", "checked")
            )
        elif len(checked) > 200:
            reasons.append(Reason("checked", "核验方式不能超过 200 字。", "", "checked"))
        if reasons:
            raise Refused(reasons)
        code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
        RenewedCode.objects.create(
            submission=case.submission,
            code_hash=identity.code_digest(code),
            given_by_id=actor.user_id,
            checked=checked.strip(),
        )
        detail = {"checked": checked.strip()}
        record(actor=actor, entries=[Entry("case.code_renewed", "case", str(case.pk), case.organisation_id, detail)])
        return code
