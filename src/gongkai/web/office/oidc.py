"""Single sign-on: away to the district's identity provider and back. No account is made here; who has none is refused."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gongkai.organisations import identity_provider
from gongkai.organisations.account_actions import link_identity
from gongkai.organisations.actors import in_effect
from gongkai.organisations.identity_provider import Attempt, ProviderError
from gongkai.organisations.logins import Kind, note
from gongkai.organisations.models import IdentityLink, User
from gongkai.rules.reasons import Reason, Refused
from gongkai.rules.single_sign_on import ProviderSettings, account_named, second_factor_proved, token_reasons
from gongkai.web.office.login_watch import origin
from gongkai.web.shared.templating import site

ATTEMPT = "gongkai_oidc"
LASTS = 600
"""Seconds somebody may take at the provider."""


@never_cache
@require_http_methods(["GET"])
def start(request: HttpRequest) -> HttpResponse:
    """Begin: remember the attempt in the session, go to the provider. A link, because a form may not lead off the site (CSP)."""
    provider = _provider()
    attempt = identity_provider.new_attempt()
    try:
        address = identity_provider.authorization_address(provider, attempt, _return_address())
    except ProviderError as error:
        return _refused(request, [str(error)], 502)
    wanted = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    request.session[ATTEMPT] = {**asdict(attempt), "next": wanted if safe else "", "at": time.time()}
    return redirect(address)


@never_cache
@require_http_methods(["GET"])
def callback(request: HttpRequest) -> HttpResponse:
    """Back from the provider: check everything, then sign in the account the token names."""
    provider = _provider()
    kept = request.session.pop(ATTEMPT, None)
    if not kept or not request.GET.get("state") or request.GET["state"] != kept["state"] or _too_old(kept):
        return _refused(request, ["本次登录已过期，或者不是从本页面发起的，请重新登录。"], 400)
    if request.GET.get("error") or not request.GET.get("code"):
        return _refused(request, ["身份认证系统没有确认您的身份，请重新登录；不能登录的，请联系系统管理员。"], 403)
    attempt = Attempt(kept["state"], kept["nonce"], kept["verifier"])
    try:
        claims = identity_provider.claims_of_code(provider, attempt, request.GET["code"], _return_address())
        issuer = identity_provider.endpoints(provider).issuer
        if wrong := token_reasons(claims, provider=provider, issuer=issuer, nonce=attempt.nonce, now=time.time()):
            raise Refused(wrong)
        user = account_of(claims, provider)
    except ProviderError as error:
        return _refused(request, [str(error)], 502)
    except Refused as refusal:
        note(None, Kind.REFUSED, origin(request), method="oidc", note=refusal.reasons[0].message.split("，")[0])
        return _refused(request, [reason.message for reason in refusal.reasons], 403)
    request._gongkai_by_provider = True  # type: ignore[attr-defined]
    request._gongkai_provider_second_factor = second_factor_proved(claims, provider.second_factor)  # type: ignore[attr-defined]
    record_authentication(request, user, method="oidc")
    return perform_login(request, Login(user=user, redirect_url=kept["next"] or None))


def account_of(claims: dict[str, Any], provider: ProviderSettings) -> User:
    """The account the token opens: the one bound to its subject, or, the first time, the one its claim names. Raises `Refused`."""
    subject = str(claims["sub"])[:255]
    link = IdentityLink.objects.select_related("user").filter(issuer=provider.issuer, subject=subject).first()
    user = link.user if link else _named(claims, provider)
    if provider.body_claim and not _of_body(user, claims.get(provider.body_claim)):
        raise Refused(
            [Reason("body", "您在身份认证系统中的单位与本系统不一致，请联系系统管理员核对统一社会信用代码。")]
        )
    if not link:
        if IdentityLink.objects.filter(user=user, issuer=provider.issuer).exists():
            message = "该账号已绑定身份认证系统中的另一人员，不能登录。人员有变动的，请联系系统管理员解除绑定。"
            raise Refused([Reason("bound", message)])
        if user.is_active:
            link_identity(user=user, issuer=provider.issuer, subject=subject)
    return user


def _named(claims: dict[str, Any], provider: ProviderSettings) -> User:
    value = account_named(claims, provider)
    if not value:
        raise Refused([Reason("claim", "身份认证系统没有提供可以核对账号的信息，请联系系统管理员。")])
    lookup = {"username": "username__iexact", "email": "email__iexact"}.get(provider.account_field, "staff_number")
    found = list(User.objects.filter(**{lookup: value})[:2])
    if len(found) != 1:
        raise Refused([Reason("unknown", "您在本系统没有账号，不能登录。需要使用的，请联系本单位系统管理员开通。")])
    return found[0]


def _of_body(user: User, code: Any) -> bool:
    return isinstance(code, str) and in_effect(user_id=user.pk, organisation__uscc=code.strip().upper()).exists()


def _provider() -> ProviderSettings:
    provider: ProviderSettings | None = settings.GONGKAI_OIDC
    if provider is None:
        raise Http404
    return provider


def _return_address() -> str:
    """The address registered with the provider: under the public address of the site, whatever a request says of its host."""
    return f"{site().url}{reverse('account_oidc_callback')}"


def _too_old(kept: dict[str, Any]) -> bool:
    return bool(time.time() - kept["at"] > LASTS)


def _refused(request: HttpRequest, reasons: list[str], status: int) -> HttpResponse:
    return render(request, "account/refused.html", {"reasons": reasons}, status=status)
