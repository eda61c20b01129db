"""`SEARCH_URL`: which cluster, under which name, and how a new index is cut.

::

    https://user:password@host1:9200,host2:9200/gongkai?ca=/etc/gongkai/ca.pem&shards=3&replicas=1

Several hosts stand side by side, with one user and password for all. The path is the prefix of all names in the cluster
(``gongkai`` when empty). Special characters in user and password are percent-encoded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

DEFAULT_PORT = 9200
DEFAULT_PREFIX = "gongkai"
OPTIONS = frozenset({"ca", "shards", "replicas"})
MOST_SHARDS, MOST_REPLICAS = 100, 10
_HOST = re.compile(r"(?P<name>[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::(?P<port>\d{1,5}))?")
_PREFIX = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")


class BadAddress(ValueError):
    """`SEARCH_URL` cannot be read. The message is for people (Chinese) and names the remedy."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where the cluster is."""

    scheme: str
    hosts: tuple[tuple[str, int], ...]
    prefix: str = DEFAULT_PREFIX
    user: str = ""
    password: str = ""
    ca: str = ""
    """File of the authority that signed the nodes' certificates; empty: those the machine trusts."""
    shards: int = 1
    """Primary shards of an index that is made from now on."""
    replicas: int = 1
    """Copies of each shard, as far as there are nodes for them."""

    def __repr__(self) -> str:
        """Without the password, so that no log has it."""
        return f"<Address {self.scheme}://{','.join(f'{name}:{port}' for name, port in self.hosts)}/{self.prefix}>"

    @classmethod
    def read(cls, url: str) -> Address:
        """Read `SEARCH_URL`.

        Raises:
            BadAddress: it is not of the form above.
        """
        try:
            parts = urlsplit(url.strip())
        except ValueError as error:
            raise _bad("格式有误") from error
        if parts.scheme not in ("http", "https"):
            raise _bad("须以 http:// 或 https:// 开头")
        credentials, _, hosts = parts.netloc.rpartition("@")
        user, _, password = credentials.partition(":")
        prefix = parts.path.strip("/") or DEFAULT_PREFIX
        if not _PREFIX.fullmatch(prefix):
            raise _bad(f"索引名前缀“{prefix}”只能用小写字母、数字、连字符和下划线，且以字母或数字开头")
        options = dict(parse_qsl(parts.query, keep_blank_values=True))
        if unknown := sorted(set(options) - OPTIONS):
            raise _bad(f"参数“{unknown[0]}”无法识别，可用 ca、shards、replicas")
        ca = options.get("ca", "")
        if ca and (parts.scheme != "https" or not Path(ca).is_file()):
            raise _bad(f"证书文件“{ca}”不存在" if parts.scheme == "https" else "ca 只用于 https://")
        return cls(
            scheme=parts.scheme,
            hosts=tuple(dict.fromkeys(_host(text.strip()) for text in hosts.split(","))),
            prefix=prefix,
            user=unquote(user),
            password=unquote(password),
            ca=ca,
            shards=_number(options, "shards", 1, MOST_SHARDS),
            replicas=_number(options, "replicas", 0, MOST_REPLICAS),
        )


def _host(text: str) -> tuple[str, int]:
    match = _HOST.fullmatch(text)
    if match is None:
        raise _bad(f"主机“{text}”有误，应为“主机名:端口”，多台以逗号分隔")
    port = int(match["port"] or DEFAULT_PORT)
    if not 0 < port < 1 << 16:
        raise _bad(f"端口“{port}”有误，应在1至65535之间")
    return match["name"], port


def _number(options: dict[str, str], name: str, least: int, most: int) -> int:
    text = options.get(name, "1")
    if not (text.isascii() and text.isdecimal() and least <= int(text) <= most):
        raise _bad(f"{name} 应为{least}至{most}之间的整数，现为“{text}”")
    return int(text)


def _bad(reason: str) -> BadAddress:
    return BadAddress(
        f"SEARCH_URL 的值无法使用：{reason}。形如 https://用户:密码@主机1:9200,主机2:9200/gongkai；留空即使用内置检索。"
    )
