"""Single sign-on: what an ID token must say before anybody is let in (OpenID Connect Core 1.0, 3.1.3.7).

Signatures, keys and the network are elsewhere; here are plain claims and plain answers. There is no sign-up: a token opens an
account that an administrator made, or nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gongkai.rules.reasons import Reason

ACCOUNT_FIELDS = ("username", "staff_number", "email")
"""What of an account a claim may name: 用户名, 工号, 电子邮箱."""
LEEWAY = 60
"""Seconds by which the clocks of provider and office may differ."""
LONGEST_AGE = 600
"""Seconds after its issue in which a token can be used: it was asked for a moment ago."""


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """The identity provider of the district, as its operator configured it."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str = "统一身份认证"
    scopes: str = "openid profile email"
    claim: str = "preferred_username"
    account_field: str = "username"
    body_claim: str = ""
    second_factor: frozenset[str] = frozenset()


def token_reasons(
    claims: Mapping[str, Any], *, provider: ProviderSettings, issuer: str, nonce: str, now: float
) -> list[Reason]:
    """Why these claims of a token with a good signature let nobody in; empty when they may. `now` in seconds since 1970."""
    reasons = []
    if claims.get("iss") != issuer:
        reasons.append(Reason("issuer", "登录凭证不是由已配置的身份认证系统签发的。"))
    if not _meant_for(claims, provider.client_id):
        reasons.append(Reason("audience", "登录凭证不是签发给本系统的。"))
    expires, issued = _number(claims.get("exp")), _number(claims.get("iat"))
    if expires is None or issued is None:
        reasons.append(Reason("times", "登录凭证没有写明有效期。"))
    elif now > expires + LEEWAY or now > issued + LONGEST_AGE:
        reasons.append(Reason("expired", "登录凭证已过期，请重新登录。"))
    elif issued > now + LEEWAY or (_number(claims.get("nbf")) or 0) > now + LEEWAY:
        reasons.append(Reason("not_yet", "登录凭证尚未生效，请联系管理员核对两个系统的时间。"))
    if not nonce or claims.get("nonce") != nonce:
        reasons.append(Reason("nonce", "登录凭证不属于本次登录，请重新登录。"))
    if not isinstance(claims.get("sub"), str) or not claims["sub"]:
        reasons.append(Reason("subject", "登录凭证没有写明人员。"))
    return reasons


def account_named(claims: Mapping[str, Any], provider: ProviderSettings) -> str:
    """The value of the claim that names the account; empty when there is none, or an e-mail address nobody verified."""
    value = claims.get(provider.claim)
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return ""
    if provider.account_field == "email" and claims.get("email_verified") is not True:
        return ""
    return str(value).strip()


def second_factor_proved(claims: Mapping[str, Any], accepted: frozenset[str]) -> bool:
    """Whether the provider says, by `amr` or `acr`, that it asked for a second factor."""
    methods = claims.get("amr")
    said = {str(one) for one in methods} if isinstance(methods, list) else set()
    if isinstance(claims.get("acr"), str):
        said.add(claims["acr"])
    return bool(said & accepted)


def _meant_for(claims: Mapping[str, Any], client_id: str) -> bool:
    """`aud` names us; where it names others too, `azp` must be us."""
    audience = claims.get("aud")
    named = [audience] if isinstance(audience, str) else audience
    if not isinstance(named, list) or client_id not in named:
        return False
    party = claims.get("azp")
    return party == client_id if party is not None or len(named) > 1 else True


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None
