"""Talking to the identity provider: its addresses, its keys, the exchange of a code for a token, the signature of the token.

OpenID Connect Core 1.0, authorisation code flow with PKCE (RFC 7636). Signatures are checked always, also of a token that came straight
from the provider. Of the algorithms of RFC 7518 those are known that a provider of keys uses: RS256/384/512, PS256/384/512,
ES256/384; never `none`, and never one with the client's secret. `requests` and `cryptography` are loaded when they are needed.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import secrets
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from gongkai.rules.single_sign_on import ProviderSettings

TIMEOUT = (4, 8)
"""Seconds to connect and to answer."""
LARGEST = 256 * 1024
KEPT = 600
"""Seconds for which addresses and keys are remembered."""
_HASHES = {"256": "SHA256", "384": "SHA384", "512": "SHA512"}
_CURVES = {"ES256": ("P-256", "SECP256R1", 32), "ES384": ("P-384", "SECP384R1", 48)}
FEWEST_BITS = 2048


class ProviderError(Exception):
    """The provider cannot be reached, or says something that must not be believed; the text is for people, in Chinese."""


@dataclass(frozen=True, slots=True)
class Endpoints:
    """What the provider says of itself (OpenID Connect Discovery 1.0)."""

    issuer: str
    authorization: str
    token: str
    keys: str
    basic_auth: bool


@dataclass(frozen=True, slots=True)
class Attempt:
    """One sign-on under way; kept in the session until the provider sends the person back."""

    state: str
    nonce: str
    verifier: str
    """Secret of this attempt (PKCE): whoever stole the code cannot use it."""


_remembered: dict[str, tuple[float, Any]] = {}


def forget() -> None:
    """Ask for addresses and keys anew."""
    _remembered.clear()


def new_attempt() -> Attempt:
    """Begin a sign-on."""
    return Attempt(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48))


def endpoints(provider: ProviderSettings) -> Endpoints:
    """Where the provider wants to be asked. Raises `ProviderError`."""
    found = _json(f"{provider.issuer}/.well-known/openid-configuration")
    names = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
    if any(not isinstance(found.get(name), str) for name in names) or found["issuer"].rstrip("/") != provider.issuer:
        raise ProviderError("身份认证系统的配置与本系统登记的不一致，请联系系统管理员。")
    for name in names[1:]:
        if not _same_safety(found[name], provider.issuer):
            raise ProviderError("身份认证系统提供了不安全的地址，请联系系统管理员。")
    methods = found.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    return Endpoints(
        issuer=found["issuer"],
        authorization=found["authorization_endpoint"],
        token=found["token_endpoint"],
        keys=found["jwks_uri"],
        basic_auth="client_secret_basic" in methods,
    )


def authorization_address(provider: ProviderSettings, attempt: Attempt, redirect_uri: str) -> str:
    """Where to send the person."""
    base = endpoints(provider).authorization
    challenge = base64.urlsafe_b64encode(hashlib.sha256(attempt.verifier.encode()).digest()).decode().rstrip("=")
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": redirect_uri,
        "scope": provider.scopes,
        "state": attempt.state,
        "nonce": attempt.nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return f"{base}{'&' if '?' in base else '?'}{urlencode(asked)}"


def claims_of_code(provider: ProviderSettings, attempt: Attempt, code: str, redirect_uri: str) -> dict[str, Any]:
    """Exchange the code; returns the claims of an ID token whose signature is good. Raises `ProviderError`."""
    where = endpoints(provider)
    data = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": attempt.verifier,
    }
    auth = None
    if where.basic_auth:
        from urllib.parse import quote

        auth = (quote(provider.client_id, safe=""), quote(provider.client_secret, safe=""))  # RFC 6749 2.3.1
    else:
        data |= {"client_id": provider.client_id, "client_secret": provider.client_secret}
    answer = _ask("POST", where.token, data=data, auth=auth)
    token = answer.get("id_token")
    if not isinstance(token, str):
        raise ProviderError("身份认证系统没有返回登录凭证，请重新登录。")
    return verified(token, where.keys)


def verified(token: str, keys_address: str) -> dict[str, Any]:
    """The claims of a signed token. Raises `ProviderError` when no key of the provider signed it."""
    parts = token.split(".")
    try:
        header, claims = (json.loads(_bytes(part)) for part in parts[:2])
        signature, signed = _bytes(parts[2]), ".".join(parts[:2]).encode()
        if len(parts) != 3 or not isinstance(header, dict) or not isinstance(claims, dict):
            raise ValueError("not a token")
        if "crit" in header:  # what must be understood and is not (RFC 7515 4.1.11)
            raise ValueError("an extension we do not know")
    except (ValueError, IndexError) as error:
        raise ProviderError("登录凭证的格式不正确，请重新登录。") from error
    algorithm = str(header.get("alg"))
    for fresh in (False, True):  # keys change: one that is not known is asked for once more
        for key in _keys(keys_address, fresh=fresh):
            if header.get("kid") in (None, key.get("kid")) and _signed_by(key, algorithm, signed, signature):
                return claims
    raise ProviderError("登录凭证的签名不正确，不能登录。")


def _signed_by(key: dict[str, Any], algorithm: str, signed: bytes, signature: bytes) -> bool:
    """Whether this key made the signature with this algorithm; a key that cannot be used made none."""
    if key.get("use", "sig") != "sig" or key.get("alg", algorithm) != algorithm:
        return False
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

    try:
        if algorithm in _CURVES and key.get("kty") == "EC":
            _verify_ec(key, algorithm, signed, signature)
        elif algorithm[:2] in ("RS", "PS") and algorithm[2:] in _HASHES and key.get("kty") == "RSA":
            _verify_rsa(key, algorithm, signed, signature)
        else:
            return False
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, KeyError, TypeError):
        return False
    return True


def _verify_rsa(key: dict[str, Any], algorithm: str, signed: bytes, signature: bytes) -> None:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding, rsa

    public = rsa.RSAPublicNumbers(_number(key["e"]), _number(key["n"])).public_key()
    if public.key_size < FEWEST_BITS:
        raise ValueError("the key is too short (RFC 7518 3.3)")
    made = getattr(hashes, _HASHES[algorithm[2:]])()
    if algorithm[0] == "P":
        public.verify(signature, signed, padding.PSS(padding.MGF1(made), made.digest_size), made)
    else:
        public.verify(signature, signed, padding.PKCS1v15(), made)


def _verify_ec(key: dict[str, Any], algorithm: str, signed: bytes, signature: bytes) -> None:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    name, curve, size = _CURVES[algorithm]
    if key.get("crv") != name or len(signature) != 2 * size:
        raise ValueError("not a key or signature of this curve (RFC 7518 3.4)")
    numbers = ec.EllipticCurvePublicNumbers(_number(key["x"]), _number(key["y"]), getattr(ec, curve)())
    pair = encode_dss_signature(int.from_bytes(signature[:size]), int.from_bytes(signature[size:]))
    numbers.public_key().verify(pair, signed, ec.ECDSA(getattr(hashes, _HASHES[algorithm[2:]])()))


def _keys(address: str, *, fresh: bool) -> list[dict[str, Any]]:
    found = _json(address, fresh=fresh).get("keys")
    return [key for key in found if isinstance(key, dict)] if isinstance(found, list) else []


def _json(address: str, *, fresh: bool = False) -> dict[str, Any]:
    """What stands at an address of the provider, remembered for `KEPT` seconds; a failure is not remembered."""
    kept = _remembered.get(address)
    if kept and not fresh and time.monotonic() - kept[0] < KEPT:
        return dict(kept[1])
    found = _ask("GET", address)
    _remembered[address] = (time.monotonic(), found)
    return found


def _ask(method: str, address: str, **options: Any) -> dict[str, Any]:
    """One request, never led elsewhere, of bounded time and size; its JSON object."""
    import requests

    headers = {"Accept": "application/json"}
    try:
        with requests.request(
            method, address, timeout=TIMEOUT, allow_redirects=False, stream=True, headers=headers, **options
        ) as answer:
            content = answer.raw.read(LARGEST + 1, decode_content=True)
            status = answer.status_code
    except (requests.RequestException, OSError) as error:
        raise ProviderError("暂时无法连接身份认证系统，请稍后再试，或者用密码登录。") from error
    except Exception as error:
        if error.__class__.__module__.startswith("urllib3"):
            raise ProviderError("暂时无法连接身份认证系统，请稍后再试，或者用密码登录。") from error
        raise
    if status != 200 or len(content) > LARGEST:
        raise ProviderError("身份认证系统拒绝了本次登录，请重新登录。")
    try:
        found = json.loads(content)
    except ValueError as error:
        raise ProviderError("身份认证系统的答复无法识别，请联系系统管理员。") from error
    if not isinstance(found, dict):
        raise ProviderError("身份认证系统的答复无法识别，请联系系统管理员。")
    return found


def _same_safety(address: str, issuer: str) -> bool:
    """HTTPS, or plain HTTP only where the issuer itself is a plain one on this machine."""
    scheme = urlsplit(address).scheme
    return scheme == "https" or (scheme == "http" and urlsplit(issuer).scheme == "http")


def _bytes(part: str) -> bytes:
    try:
        return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64url") from error


def _number(text: str) -> int:
    return int.from_bytes(_bytes(text))
