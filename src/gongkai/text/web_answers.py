"""Whether an address on the web answers (国办秘函〔2019〕19号: 链接打不开 is counted by inspections).

Only public addresses are asked, before each redirection too: a text must not be able to make the server look into its own network.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

TIMEOUT = 10.0
"""Seconds for the connection and for the answer."""
MOST_REDIRECTS = 5
_GONE = frozenset({404, 410})
_NOT_FOR_PROGRAMS = frozenset({401, 403, 405, 406, 412, 418, 429, 451, 501, 521})
"""Answers of sites that are there and want no programs."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of asking."""

    alive: bool
    words: str
    """In Chinese: 正常, 页面不存在（404）, 没有回应 …"""
    gone: bool = False
    """The site is there and says that the page is not."""
    asked: bool = True
    """False for an address that is not public: it was not asked."""


def is_public(host: str) -> bool:
    """Whether every address of the name is one of the public internet. False for a name that has none."""
    try:
        found = {entry[4][0] for entry in socket.getaddrinfo(host, None)}
    except (OSError, UnicodeError):
        return False
    return bool(found) and all(ipaddress.ip_address(str(one).partition("%")[0]).is_global for one in found)


def answer_of(address: str, *, may_ask: Callable[[str], bool] = is_public, timeout: float = TIMEOUT) -> Answer:
    """Ask for the head of the page, and for the page where heads are not given; nothing of it is read.

    `may_ask` is asked for each host, also of redirections. Never raises.
    """
    for _ in range(MOST_REDIRECTS + 1):
        try:
            parts = urlsplit(address)
            host = parts.hostname or ""
        except ValueError:
            return Answer(False, "不是有效的网址", asked=False)
        if parts.scheme not in ("http", "https") or not host:
            return Answer(False, "不是网页地址", asked=False)
        if not may_ask(host):
            return Answer(False, "域名不存在，或者不是公众可以访问的地址", asked=False)
        import urllib3  # here: only the process that visits links needs it

        try:
            status, target = _ask(address, timeout)
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            return Answer(False, _words(error))
        if target:
            address = urljoin(address, target)
            continue
        return _judged(status)
    return Answer(False, "反复跳转")


def _ask(address: str, timeout: float) -> tuple[int, str]:
    """Status and, for a redirection, its target. Whether a certificate is good is not asked: many public sites have theirs from
    authorities that only browsers here know, and nothing that is answered is believed."""
    import urllib3

    with urllib3.PoolManager(
        num_pools=1, cert_reqs="CERT_NONE", headers={"User-Agent": "gongkai-link-check/1.0", "Accept": "*/*"}
    ) as pool:
        for method in ("HEAD", "GET"):
            answer = pool.request(
                method,
                address,
                timeout=urllib3.Timeout(timeout),
                retries=False,
                redirect=False,
                preload_content=False,
            )
            status, target = answer.status, answer.headers.get("Location", "")
            answer.close()
            if method == "HEAD" and (status in _NOT_FOR_PROGRAMS or status in _GONE or status >= 500):
                continue  # many sites know no HEAD
            break
    return status, target if 300 <= status < 400 else ""


def _judged(status: int) -> Answer:
    if status < 400 or status in _NOT_FOR_PROGRAMS:
        return Answer(True, "正常")
    if status in _GONE:
        return Answer(False, f"页面不存在（{status}）", gone=True)
    return Answer(False, f"网站出错（{status}）")


def _words(error: Exception) -> str:
    import urllib3

    if isinstance(error, urllib3.exceptions.TimeoutError) and not isinstance(
        error, urllib3.exceptions.NewConnectionError
    ):
        return "没有回应"
    if isinstance(error, urllib3.exceptions.SSLError):
        return "安全连接失败"
    return "无法连接"
