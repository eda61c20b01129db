"""Addresses in links and in the text: of this machine or an internal network, outside the allowed sites, or malformed.

Whether an address answers is not asked here: that needs the network. 国办发〔2017〕47号 (链接管理), 《保密法实施条例》§42 (an internal
address tells strangers how a network is built).
"""

from __future__ import annotations

import ipaddress
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from gongkai.rules.findings import Finding, found
from gongkai.text.checks.material import Material

_WEB = frozenset({"http", "https", "ftp", "ftps"})
_HARMLESS = frozenset({"mailto", "tel", "sms"})
_LOCAL_NAMES = frozenset({"localhost", "localhost.localdomain", "ip6-localhost"})
_LOCAL_ENDINGS = (".local", ".localdomain", ".lan", ".internal", ".intranet", ".corp", ".home", ".localhost")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_WRONG_SCHEME = re.compile(r"(?:https?[:：;]?[/／\\]{1,3}|https?：|htt?ps?:?/+|http(?=www))", re.IGNORECASE)
_IN_TEXT = re.compile(
    r"(?:https?|ftp|file)[:：][/／\\]{1,3}[^\s\u3000-\u303f\u4e00-\u9fff\uff00-\uffef<>\"'“”‘’]+"
    r"|(?<![A-Za-z0-9\\])\\\\[A-Za-z0-9_.\-\u4e00-\u9fff]+\\[^\s<>|?*\"，。；、）]+"
    r"|(?<![A-Za-z0-9])[A-Za-z]:\\[^\s<>|?*\"，。；、）]+"
    r"|(?<![A-Za-z0-9.@/_-])www\.[A-Za-z0-9.-]+\.[A-Za-z]{2,}(?:/[^\s\u3000-\u303f\u4e00-\u9fff\uff00-\uffef<>\"'“”‘’]*)?"
)


@dataclass(frozen=True, slots=True)
class AllowList:
    """Sites that may be linked to: each stands for itself and everything below it (gov.cn for www.bozhou.gov.cn)."""

    sites: frozenset[str]

    @classmethod
    def of(cls, sites: Iterable[str]) -> AllowList:
        """Make the list of names as they are typed (`*.gov.cn`, `https://news.cn/`, upper case)."""
        return cls(frozenset(filter(None, map(_plain_site, sites))))

    def allows(self, host: str) -> bool:
        """Whether this name or one above it stands in the list."""
        labels = host.lower().rstrip(".").split(".")
        return any(".".join(labels[first:]) in self.sites for first in range(len(labels)))

    def with_sites(self, sites: Iterable[str]) -> AllowList:
        """The list with further sites: those a district adds."""
        return AllowList(self.sites | AllowList.of(sites).sites)


def _plain_site(site: str) -> str:
    site = site.strip().lower()
    host = urlsplit(site if "//" in site else f"//{site}").hostname or ""
    return host.removeprefix("*.").strip(".")


@cache
def shipped_allow_list() -> AllowList:
    """The allowed sites of `data/allowed_sites.toml`."""
    source = resources.files("gongkai.text") / "data" / "allowed_sites.toml"
    groups: list[dict[str, Any]] = tomllib.loads(source.read_text(encoding="utf-8"))["groups"]
    return AllowList.of(site for group in groups for site in group["sites"])


def links(material: Material, allowed: AllowList | None = None) -> Iterator[Finding]:
    """Findings about the links of the material and the addresses written out in its text, each address once, in their order.

    ``allowed`` defaults to the shipped list. Addresses within the site (`/a/b`, `#c`) are right. Yields `link.local` (this machine,
    internal networks, file shares), `link.outside` and, for what is no address, `link.malformed`.
    """
    sites = allowed or shipped_allow_list()
    seen: set[str] = set()
    for start, end, address in sorted(_addresses(material)):
        if address in seen:
            continue
        seen.add(address)
        if judged := judge(address, sites):
            code, message = judged
            yield found(
                code, message=message, text=material.text[start:end], start=start, end=end, place=material.place(start)
            )


def web_addresses(material: Material) -> Iterator[tuple[int, int, str]]:
    """(start, end, address) of the links to pages of other sites that anybody on the internet may open, in their order."""
    for start, end, address in sorted(_addresses(material)):
        parts = _split(address)
        host = (parts.hostname or "").rstrip(".") if parts else ""
        if parts and host and not _is_local(host) and _is_host(host):
            if address.lower().startswith("www."):
                yield start, end, f"http://{address}"
            elif parts.scheme in ("http", "https"):
                yield start, end, address


def _addresses(material: Material) -> Iterator[tuple[int, int, str]]:
    spans = [(link.start, link.end) for link in material.links]
    yield from ((link.start, link.end, link.address.strip()) for link in material.links)
    for match in _IN_TEXT.finditer(material.text):
        if not any(start <= match.start() < end for start, end in spans):
            address = match.group().rstrip(".,;:!?)]}")
            yield match.start(), match.start() + len(address), address


def judge(address: str, allowed: AllowList) -> tuple[str, str] | None:
    """The code and a Chinese sentence for an address that must be looked at; ``None`` for one that may stay."""
    shown = address if len(address) <= 80 else f"{address[:77]}…"
    if not address:
        return "link.malformed", "链接没有地址。"
    if address.startswith(("\\\\", "file:", "FILE:")) or _DRIVE.match(address):
        return "link.local", f"“{shown}”是本机或者共享文件夹的路径，公众无法打开。"
    if address[0] in "#?/" and not address.startswith("//"):
        return None
    parts = _split(address)
    if parts is None:
        return "link.malformed", f"“{shown}”不是有效的网址。"
    if parts.scheme in _HARMLESS or (not parts.scheme and not parts.netloc):
        return None  # to write, to call, or a page beside this one
    if parts.scheme not in _WEB and parts.scheme:
        return "link.malformed", f"“{shown}”不是网页地址（{parts.scheme}）。"
    host = (parts.hostname or "").rstrip(".")
    if _is_local(host):
        return "link.local", f"“{shown}”指向本机或者内部网络，公众无法打开。"
    if not _is_host(host):
        return "link.malformed", f"“{shown}”的域名有误。"
    if allowed.allows(host) or allowed.allows(_readable(host)):
        return None
    return "link.outside", f"“{host}”不在允许链接的网站范围内。"


def _split(address: str) -> SplitResult | None:
    """The parts of an address, a bare www. name taken for one; ``None`` when it cannot be read."""
    if re.search(r"\s", address) or (
        _WRONG_SCHEME.match(address) and not re.match(r"https?://[^/\\]", address, re.IGNORECASE)
    ):
        return None
    if address.lower().startswith("www."):
        address = f"http://{address}"
    try:
        parts = urlsplit(address)
        _ = parts.port  # raises for what is no number
    except ValueError:
        return None
    if _SCHEME.match(address) and parts.scheme in _WEB and not parts.hostname:
        return None
    return parts


def _is_local(host: str) -> bool:
    if host in _LOCAL_NAMES or host.endswith(_LOCAL_ENDINGS):
        return True
    number = _address(host)
    if number is not None:
        mapped = getattr(number, "ipv4_mapped", None) or number
        return not mapped.is_global
    return bool(host) and "." not in host and _LABEL.fullmatch(host) is not None  # http://oa/


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The number a host stands for, also written in the odd ways browsers accept (2130706433, 0x7f.1, 127.1)."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    parts = host.split(".")
    if not 1 <= len(parts) <= 4 or not all(re.fullmatch(r"0x[0-9a-f]+|[0-9]+", part, re.IGNORECASE) for part in parts):
        return None
    try:
        numbers = [
            int(part, 16 if part[:2].lower() == "0x" else 8 if len(part) > 1 and part[0] == "0" else 10)
            for part in parts
        ]
        *leading, last = numbers
        value = last + sum(number << (24 - 8 * place) for place, number in enumerate(leading))
        return ipaddress.IPv4Address(value)
    except ValueError:
        return None


def _is_host(host: str) -> bool:
    if _address(host) is not None:
        return True
    try:
        plain = unquote(host).encode("idna").decode("ascii").lower()
    except UnicodeError:
        return False
    labels = plain.split(".")
    return len(labels) > 1 and len(plain) <= 253 and all(map(_LABEL.fullmatch, labels)) and not labels[-1].isdecimal()


def _readable(host: str) -> str:
    """A name in punycode as people read it: xn--…cn is 谯城.政务.cn."""
    try:
        return host.encode("ascii").decode("idna")
    except UnicodeError:
        return host
