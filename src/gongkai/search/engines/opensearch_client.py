"""Asking a cluster over HTTP: several nodes, of which any may be gone, slow or busy at any moment.

A request goes to one node. When that cannot be reached, does not answer in time or says that it cannot do it now (429, 5xx),
the next one is asked. Only what may be repeated is sent through here: every change carries a version (see
`gongkai.search.engines.opensearch_writer`), so the same change arriving twice, or late, does no harm.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import urllib3

from gongkai.search.engine import SearchUnavailable
from gongkai.search.engines.opensearch_address import Address

logger = logging.getLogger("gongkai.search")

CONNECT_SECONDS = 2.0
READ_SECONDS = 5.0
"""Seconds a node has for an answer before the next one is asked."""
AVOIDED_SECONDS = 5.0
"""Seconds for which a node that failed is asked only when no other is left."""
PATIENCE = 20.0
"""Seconds for which a writer goes on asking before it gives up."""
PAUSE = 0.25
"""Seconds between two rounds of asking all nodes."""
BUSY = frozenset({429, 500, 502, 503, 504})

UNAVAILABLE = "检索服务暂时连接不上，请系统管理员检查 SEARCH_URL 所指的检索集群是否正常运行。"
DENIED = "检索集群拒绝访问，请系统管理员检查 SEARCH_URL 中的用户、密码及其权限。"


class Refused(SearchUnavailable):
    """The cluster answered that it will not do this: a status below 500 other than 429."""

    def __init__(self, status: int, kind: str, reason: str) -> None:
        super().__init__(f"检索集群没有执行请求（{status} {kind}：{reason[:500]}），请系统管理员检查检索集群。")
        self.status, self.kind, self.reason = status, kind, reason


class Busy(Exception):
    """A part of an answer says that it could not be had now; the whole is asked again."""


class _Node:
    """One node and what is known of its health."""

    def __init__(self, pool: urllib3.HTTPConnectionPool) -> None:
        self.pool = pool
        self.avoided_until = float("-inf")

    @property
    def avoided(self) -> bool:
        return time.monotonic() < self.avoided_until


class Client:
    """Connections to all nodes; safe for use from many threads. Nothing is connected before the first question."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self._nodes = [_Node(_pool(address, name, port)) for name, port in address.hosts]
        self._headers = {"Content-Type": "application/json"}
        if address.user:
            basic = f"{address.user}:{address.password}"
            self._headers |= urllib3.make_headers(basic_auth=basic)
        self._turn = 0
        self._lock = threading.Lock()

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        lines: Sequence[object] | None = None,
        seconds: float = READ_SECONDS,
        patient: bool = False,
        check: Callable[[Any], None] = lambda answer: None,
    ) -> Any:
        """Send one request and return the answer (read JSON; ``None`` when it is empty).

        Args:
            method: of HTTP.
            path: with the query string, beginning with a stroke.
            body: sent as JSON; ``None``: nothing is sent.
            lines: sent as JSON lines instead; a `str` is sent as it is.
            seconds: how long a node may take.
            check: looks at an answer and raises `Busy` when a part of it could not be had, so that it is asked for again.
            patient: ask again for `PATIENCE` seconds; else each node once, and at once an error when all failed just now.

        Raises:
            Refused: the cluster understood and said no.
            SearchUnavailable: no node answered.
        """
        data = _encode(body, lines)
        deadline = time.monotonic() + PATIENCE
        last: object = "all nodes failed just now"
        while True:
            for node in self._order(desperate=patient):
                try:
                    answer = self._ask_node(node, method, path, data, seconds)
                    check(answer)
                    return answer
                except (urllib3.exceptions.HTTPError, Busy) as error:
                    last = error
                    if not isinstance(error, Busy):
                        node.avoided_until = time.monotonic() + AVOIDED_SECONDS
            if not patient or time.monotonic() > deadline:
                logger.warning("%s %s: no node of %r answered: %s", method, path, self.address, last)
                raise SearchUnavailable(UNAVAILABLE)
            time.sleep(PAUSE)

    def _order(self, *, desperate: bool) -> list[_Node]:
        """The nodes to ask, in turn; those that just failed come last, and not at all when nobody waits for a miracle."""
        with self._lock:
            self._turn += 1
            turn = self._turn
        nodes = [self._nodes[(turn + offset) % len(self._nodes)] for offset in range(len(self._nodes))]
        well = [node for node in nodes if not node.avoided]
        return [*well, *(node for node in nodes if node.avoided)] if well or desperate else []

    def _ask_node(self, node: _Node, method: str, path: str, data: bytes | None, seconds: float) -> Any:
        answer = node.pool.request(
            method,
            path,
            body=data,
            headers=self._headers,
            timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=seconds),
            retries=False,
        )
        node.avoided_until = float("-inf")
        if answer.status in BUSY:
            raise Busy(f"{answer.status} {answer.data[:500]!r}")
        if answer.status in (401, 403):
            logger.error("%s %s: %s %s", method, path, answer.status, answer.data[:500])
            if not _is_block(answer.data):
                raise SearchUnavailable(DENIED)
            raise Busy(f"{answer.status} {answer.data[:500]!r}")
        try:
            read = json.loads(answer.data) if answer.data else None
        except ValueError as error:
            raise Busy(f"no JSON: {answer.data[:200]!r}") from error
        if answer.status >= 400:
            raise _refused(answer.status, read)
        return read


def _pool(address: Address, name: str, port: int) -> urllib3.HTTPConnectionPool:
    if address.scheme == "http":
        return urllib3.HTTPConnectionPool(name, port, maxsize=8)
    return urllib3.HTTPSConnectionPool(name, port, maxsize=8, ca_certs=address.ca or None, cert_reqs="CERT_REQUIRED")


def _encode(body: object, lines: Sequence[object] | None) -> bytes | None:
    if lines is not None:
        return "".join(f"{line if isinstance(line, str) else compact(line)}\n" for line in lines).encode(
            errors="replace"
        )
    return None if body is None else compact(body).encode(errors="replace")


def compact(value: object) -> str:
    """``value`` as JSON on one line."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _is_block(data: bytes) -> bool:
    """True when 403 means that the cluster takes no writes now (disk full, no leader), not that we may not write."""
    return b"cluster_block_exception" in data


def _refused(status: int, answer: object) -> Refused:
    error = answer.get("error") if isinstance(answer, dict) else None
    if isinstance(error, dict):
        return Refused(status, str(error.get("type")), str(error.get("reason")))
    return Refused(status, "", str(error))
