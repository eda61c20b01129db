"""A small identity provider, real as far as it goes: HTTP on this machine, discovery, keys, codes used once, PKCE, signed ID tokens.

Signs with RSA or on a curve, by `cryptography`. What it says of people, and what it does wrong, each test decides.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

CLIENT, SECRET = "gongkai-test", "ein-Geheimnis/+ :"
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@cache
def first_key() -> rsa.RSAPrivateKey:
    """The key providers begin with; making one takes long."""
    return rsa.generate_private_key(65537, 2048)


@dataclass
class Provider:
    """The provider and what it says."""

    claims: dict[str, Any] = field(default_factory=dict)
    """Added to, or put in place of, what every token says."""
    key: Key = field(default_factory=lambda: first_key())
    algorithm: str = "RS256"
    published: list[Key] = field(default_factory=list)
    """Keys shown at the address of the keys; the signing one when empty."""
    discovery: dict[str, Any] = field(default_factory=dict)
    forge: Callable[[str], Any] = field(default_factory=lambda: str)
    """What becomes of the token on its way."""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    issuer: str = ""

    def __enter__(self) -> Provider:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider._answer(self, None)

            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                provider._answer(self, self.rfile.read(length).decode())

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self._server.server_address[1]}"
        Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def consent(self, address: str) -> str:
        """The person says yes on the provider's page; returns the address he is sent back to."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert address.startswith(f"{self.issuer}/authorize?") and asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256" and "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(12)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def _answer(self, handler: BaseHTTPRequestHandler, body: str | None) -> None:
        path = urlsplit(handler.path).path
        self.asked.append(path)
        found = {
            "/.well-known/openid-configuration": self._discovery,
            "/keys": lambda: {"keys": [public(key) for key in self.published or [self.key]]},
            "/token": lambda: self._token(handler, body or ""),
        }.get(path)
        said = found() if found else None
        content = json.dumps(said or {"error": "invalid_grant"}).encode()
        handler.send_response(200 if said else 400)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    def _discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
            **self.discovery,
        }

    def _token(self, handler: BaseHTTPRequestHandler, body: str) -> dict[str, Any] | None:
        sent = {name: values[0] for name, values in parse_qs(body).items()}
        asked = self.codes.pop(sent.get("code", ""), None)
        if asked is None or not self._knows(handler, sent):
            return None
        digest = hashlib.sha256(sent["code_verifier"].encode()).digest()
        if _text(digest) != asked["code_challenge"] or sent["redirect_uri"] != asked["redirect_uri"]:
            return None
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            **self.claims,
        }
        token = signed(claims, self.key, self.algorithm)
        return {"access_token": "none", "token_type": "Bearer", "id_token": self.forge(token)}

    def _knows(self, handler: BaseHTTPRequestHandler, sent: dict[str, str]) -> bool:
        if self.discovery.get("token_endpoint_auth_methods_supported") == ["client_secret_basic"]:
            from urllib.parse import quote

            pair = f"{quote(CLIENT, safe='')}:{quote(SECRET, safe='')}".encode()
            return handler.headers.get("Authorization") == f"Basic {base64.b64encode(pair).decode()}"
        return (sent.get("client_id"), sent.get("client_secret")) == (CLIENT, SECRET)


def signed(claims: dict[str, Any], key: Key, algorithm: str) -> str:
    """A JSON Web Token (RFC 7515)."""
    head = {"alg": algorithm, "typ": "JWT", "kid": public(key)["kid"]}
    content = ".".join(_text(json.dumps(part).encode()) for part in (head, claims))
    if isinstance(key, rsa.RSAPrivateKey):
        made = hashes.SHA256()
        pad = padding.PSS(padding.MGF1(made), 32) if algorithm.startswith("PS") else padding.PKCS1v15()
        signature = key.sign(content.encode(), pad, made)
    else:
        pair = decode_dss_signature(key.sign(content.encode(), ec.ECDSA(hashes.SHA256())))
        signature = b"".join(number.to_bytes(32) for number in pair)
    return f"{content}.{_text(signature)}"


def public(key: Key) -> dict[str, Any]:
    """The key as the provider shows it (RFC 7517)."""
    numbers = key.public_key().public_numbers()
    if isinstance(numbers, rsa.RSAPublicNumbers):
        parts = {"kty": "RSA", "n": _number(numbers.n), "e": _number(numbers.e)}
    else:
        parts = {"kty": "EC", "crv": "P-256", "x": _number(numbers.x, 32), "y": _number(numbers.y, 32)}
    kid = hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:12]
    return {**parts, "use": "sig", "kid": kid}


def _number(value: int, size: int = 0) -> str:
    return _text(value.to_bytes(size or (value.bit_length() + 7) // 8))


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
