"""Whose request it is, as far as the network tells."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address of the visitor: of the connection, or, behind `GONGKAI_PROXIES` proxies of ours, the one the outermost of them saw.

    Only what our own proxies wrote is believed; whatever a visitor sent in front of it is not.
    """
    proxies = settings.GONGKAI_PROXIES
    seen = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    if proxies > 0 and len(seen) >= proxies:
        return seen[-proxies][:64]
    return str(request.META.get("REMOTE_ADDR", ""))


def login_address(request: HttpRequest) -> str | None:
    """The address a login attempt is counted under (`AXES_CLIENT_IP_CALLABLE`): as `client_address`, but a real address or None.

    The lock-out keeps it in an address column, which takes nothing else: a connection through a socket file has none, and a
    proxy that writes a port, or a word, behind the header must not make the login page fail.
    """
    try:
        return str(ipaddress.ip_address(client_address(request)))
    except ValueError:
        return None
