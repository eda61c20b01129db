"""What protects the form of 依申请公开, since the portal has no session: a signed token of the form, a sign of a person, limits by address.

The sign of a person is a proof of work in the format of ALTCHA (v1), reckoned by a worker of ours in the browser, or, without script, the
answer to a question in words. Either counts for one form only. Nothing is asked of anybody outside (docs/decisions/0035).
"""

from __future__ import annotations

import base64
import json
import re
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from altcha import v1 as altcha
from django.core import signing
from django.http import HttpRequest
from django.utils import timezone

from gongkai.foi import tallies
from gongkai.rules.reasons import Reason
from gongkai.web.shared.addresses import client_address

FORM_SECONDS = 6 * 3600
"""How long a form may lie before it is sent; afterwards it is shown again with everything in it."""
LEAST_SECONDS = 4
"""Nobody fills in the form faster."""
HARDEST = 60_000
"""Greatest number of the proof: under a second of work for a phone."""
HOUR = 3600
MOST_TRIES = 120
"""Forms one address may post in an hour, good or bad."""
MOST_SENT = {"proof": 30, "question": 6}
"""Applications from one address in an hour, by how it was shown that a person sends them. Offices share one address."""
_FORM = signing.TimestampSigner(salt="information-request-form")
_PERSON = signing.Signer(salt="information-request-person")
_QUESTION = "information-request-question"
_DIGITS = "零一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class FormToken:
    """The token of one form: the same form sent twice is one submission."""

    client_token: str
    signed: str
    """As it stands in the page."""
    age: float
    """Seconds since the form was made."""

    @property
    def expired(self) -> bool:
        """Whether it lay too long."""
        return self.age > FORM_SECONDS

    @property
    def digest(self) -> str:
        """What stands for the form where it is counted."""
        return tallies.digest("form", self.client_token)


def new_form(client_token: str = "") -> FormToken:
    """A form, or an expired one made valid again."""
    token = client_token or secrets.token_hex(16)
    return FormToken(token, _FORM.sign(token), 0.0)


def read_form(signed: str) -> FormToken | None:
    """The token of a posted form; None when it is not one of ours."""
    try:
        token = _FORM.unsign(signed)
        stamp = signing.b62_decode(signed.rsplit(":", 2)[1])
    except (signing.BadSignature, ValueError, IndexError):
        return None
    return FormToken(token, signed, max(timezone.now().timestamp() - stamp, 0.0))


def reasons_against(request: HttpRequest, form: FormToken | None) -> list[Reason]:
    """Why a posted form is not taken for one that somebody filled in here, in time."""
    if form is None:
        return [Reason("form", "表单已经失效，请核对以下内容后重新提交；此前上传的文件请重新选择。")]
    if form.expired:
        return [Reason("form_old", "页面停留时间较长，请核对以下内容后再次提交；已填写的内容和已上传的文件都已保留。")]
    if form.age < LEAST_SECONDS:
        return [Reason("too_fast", "提交得太快，请核对以下内容后再次提交。")]
    if str(request.POST.get("website", "")).strip():
        return [Reason("trap", "请将“网址”一栏留空后再次提交。", field="")]
    return []


def too_many_tries(request: HttpRequest) -> bool:
    """Count a posted form; True when its address has posted too many."""
    return tallies.count("request-try", client_address(request), seconds=HOUR) > MOST_TRIES


def too_many_sent(request: HttpRequest, how: str) -> Reason | None:
    """Why no more applications are taken from this address for now; None: they are. Counts nothing."""
    address = client_address(request)
    until = tallies.until("request-sent", how, address)
    if until is None or tallies.counted("request-sent", how, address) < MOST_SENT[how]:
        return None
    message = (
        f"同一网络地址一小时内最多在线提交 {MOST_SENT[how]} 件申请，请在{clock(until)}后提交，或者当面、邮寄提交。"
    )
    return Reason("limit", message)


def count_sent(request: HttpRequest, how: str) -> None:
    """One more application came from this address."""
    tallies.count("request-sent", how, client_address(request), seconds=HOUR)


def clock(moment: datetime) -> str:
    """10时30分."""
    local = timezone.localtime(moment)
    return f"{local.hour}时{local.minute:02d}分"


# --- the sign of a person ----------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Person:
    """Whether it was shown that a person sends the form."""

    how: str = ""
    """proof or question; empty: it was not."""
    wrong: bool = False
    """A question was answered, and wrongly."""

    def kept(self, form: FormToken) -> str:
        """For the page that comes again, so that nobody is asked twice."""
        return _PERSON.sign(f"{form.digest}.{self.how}") if self.how else ""


def person(data: Mapping[str, str], form: FormToken) -> Person:
    """What the posted form shows."""
    try:
        digest, _, how = _PERSON.unsign(data.get("person", "")).partition(".")
        if digest == form.digest and how in MOST_SENT:
            return Person(how)
    except signing.BadSignature:
        pass
    if _proved(data.get("proof", ""), form):
        return Person("proof")
    if data.get("answer", "").strip():
        right = _answered(data.get("question", ""), data["answer"], form)
        return Person("question") if right else Person(wrong=True)
    return Person()


def challenge(form: FormToken) -> str:
    """The challenge of the proof as JSON: algorithm, challenge, maxnumber, salt, signature; for this form only."""
    made = altcha.create_challenge(
        altcha.ChallengeOptions(
            algorithm="SHA-256",
            max_number=HARDEST,
            hmac_key=_key(),
            expires=timezone.now() + timedelta(seconds=FORM_SECONDS),
            params={"form": form.digest[:24]},
        )
    )
    return json.dumps(
        {"algorithm": made.algorithm, "challenge": made.challenge, "maxnumber": made.max_number, "salt": made.salt, "signature": made.signature}
    )  # fmt: skip


def _proved(payload: str, form: FormToken) -> bool:
    if not payload or len(payload) > 2000:
        return False
    try:
        good, _ = altcha.verify_solution(payload, _key(), check_expires=True)
        return bool(good) and f"form={form.digest[:24]}&" in json.loads(base64.b64decode(payload))["salt"]
    except (ValueError, TypeError, KeyError, AttributeError):
        return False


def _key() -> str:
    return tallies.digest("altcha-key")


@dataclass(frozen=True, slots=True)
class Question:
    """A question in words for those without script; anybody can hear it read."""

    text: str
    signed: str


def question(form: FormToken) -> Question:
    """A new question; the answer is in the page only as a keyed digest."""
    one, two = 1 + secrets.randbelow(9), 1 + secrets.randbelow(9)
    nonce = secrets.token_hex(8)
    signed = signing.dumps({"f": form.digest, "n": nonce, "a": tallies.digest("answer", nonce, str(one + two))}, salt=_QUESTION)  # fmt: skip
    return Question(f"{_DIGITS[one]}加{_DIGITS[two]}等于几？", signed)


def _answered(signed: str, answer: str, form: FormToken) -> bool:
    """Whether the answer is right; a question is good for one try."""
    try:
        asked = signing.loads(signed, salt=_QUESTION, max_age=FORM_SECONDS)
    except signing.BadSignature:
        return False
    if asked["f"] != form.digest or tallies.count("question", asked["n"], seconds=FORM_SECONDS) > 1:
        return False
    return tallies.digest("answer", asked["n"], _number(answer)) == asked["a"]


def _number(text: str) -> str:
    """What people write for a number under twenty: 12, １２, 十二."""
    tidy = unicodedata.normalize("NFKC", text).strip().rstrip("。.")
    if re.fullmatch(r"十?[一二三四五六七八九]?", tidy) and tidy:
        return str((10 if tidy[0] == "十" else 0) + (_DIGITS.index(tidy[-1]) if tidy[-1] != "十" else 0))
    return tidy.lstrip("0") or "0"
