"""Writing to a cluster so that nothing is lost and nothing older overwrites anything newer.

Every change carries a version: the turn of the writer (a number that each new writer takes from the database, see
`gongkai.search.turns`) and the number of the batch within it. The cluster refuses a change with a lower version than the
document has. So a batch may be sent again when its answer was lost, may arrive late, or may come from a writer that lost its
turn without knowing: the newest content stays.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from itertools import count
from typing import Any

from gongkai.search.documents import SearchDocument
from gongkai.search.engine import IndexingFailed
from gongkai.search.engines.opensearch_client import BUSY, PATIENCE, PAUSE, Busy, Client, Refused, compact
from gongkai.search.fields import ID, index_values

BATCH_DOCUMENTS, BATCH_BYTES = 500, 4_000_000
"""A batch is sent when it has so many documents, or so many characters."""
BULK_SECONDS = 60.0
TURN_BITS = 32
"""Batches a writer can send are below 2**32, and so are turns halved: a version fits into 63 bits."""


class OpenSearchWriter:
    """`gongkai.search.engine.Writer` on one index. What was sent but not committed shows with the next commit of anybody."""

    def __init__(self, client: Client, index: str, turn: int) -> None:
        self._client = client
        self._index = index
        self._versions = count(turn << TURN_BITS)
        self._waiting: list[tuple[str, str | None]] = []
        self._bytes = 0

    def put(self, documents: Iterable[SearchDocument]) -> int:
        """Add or replace documents."""
        number = 0
        for document in documents:
            values = index_values(document)
            self._add(str(values.pop(ID)), compact(values))
            number += 1
        return number

    def delete(self, ids: Iterable[int]) -> None:
        """Remove documents."""
        for item_id in ids:
            self._add(str(item_id), None)

    def commit(self) -> None:
        """Send what waits, make everything visible; it is durable by then on every copy that counts."""
        self._send()
        self._client.ask(
            "POST", f"/{self._index}/_refresh", seconds=BULK_SECONDS, patient=True, check=_all_copies_refreshed
        )

    def _add(self, item_id: str, source: str | None) -> None:
        self._waiting.append((item_id, source))
        self._bytes += len(source or "")
        if len(self._waiting) >= BATCH_DOCUMENTS or self._bytes >= BATCH_BYTES:
            self._send()

    def _send(self) -> None:
        """Send one batch; what the cluster was too busy for is sent again, whatever else it did not do is an error."""
        changes, version = self._waiting, next(self._versions)
        self._waiting, self._bytes = [], 0
        deadline = time.monotonic() + PATIENCE
        while changes:
            answer = self._bulk(changes, version)
            again = []
            for change, item in zip(changes, answer["items"], strict=True):
                status, error = _outcome(item)
                if error is None:
                    continue
                if status not in BUSY or time.monotonic() > deadline:
                    raise _failure(change[0], status, error)
                again.append(change)
            changes = again
            if changes:
                time.sleep(PAUSE)

    def _bulk(self, changes: list[tuple[str, str | None]], version: int) -> Any:
        lines: list[object] = []
        for item_id, source in changes:
            address = {"_id": item_id, "version": version, "version_type": "external_gte"}
            lines.append({"delete" if source is None else "index": address})
            if source is not None:
                lines.append(source)
        path = f"/{self._index}-w/_bulk?require_alias=true&timeout=30s"
        try:
            return self._client.ask("POST", path, lines=lines, seconds=BULK_SECONDS, patient=True)
        except Refused as error:
            raise IndexingFailed(_GONE if error.status == 404 else f"写入检索集群失败：{error.reason}") from error


class OpenSearchRebuild(OpenSearchWriter):
    """`gongkai.search.engine.Rebuild`: a new index beside the live one."""

    def __init__(self, client: Client, index: str, turn: int, make_live: Callable[[str], None]) -> None:
        super().__init__(client, index, turn)
        self._make_live = make_live

    def publish(self) -> None:
        """Commit, and put the new index in the place of the live one."""
        self.commit()
        self._make_live(self._index)


_GONE = "正在写入的检索索引已被删除，请系统管理员运行“gongkai reindex”重建索引。"
_TOO_BUSY = "检索集群中有分片暂时不可用或者写入过于繁忙，变更未能写入，请在集群恢复后重试。"
_OVERTAKEN = (
    "检索索引中条目 {id} 的内容比本次写入的更新：可能有另一进程同时写入，稍后会自动重试；"
    "如果刚恢复过数据库备份，请系统管理员运行“gongkai reindex”重建索引。"
)


def _outcome(item: dict[str, Any]) -> tuple[int, dict[str, Any] | None]:
    """Status and error of one change. That a document to be removed is not there is no error."""
    (result,) = item.values()
    return int(result["status"]), result.get("error")


def _failure(item_id: str, status: int, error: dict[str, Any]) -> IndexingFailed:
    if status == 409:
        return IndexingFailed(_OVERTAKEN.format(id=item_id))
    if status == 404:
        return IndexingFailed(_GONE)
    if status in BUSY:
        return IndexingFailed(_TOO_BUSY)
    return IndexingFailed(f"条目 {item_id} 未能写入检索索引：{error.get('type')} {error.get('reason')}")


def _all_copies_refreshed(answer: dict[str, Any]) -> None:
    if answer["_shards"]["failed"]:
        raise Busy(str(answer["_shards"])[:500])
