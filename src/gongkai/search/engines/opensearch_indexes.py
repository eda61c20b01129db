"""The indexes of one deployment in a cluster: versions side by side, and an alias that names the live one.

::

    gongkai-v1            alias: what is searched; moved in one step
    gongkai-v1-000007     an index of schema 1
    gongkai-v1-000008     one that is being built, or was left by a build that died
    gongkai-v1-000008-w   alias: what is written to. Writing to a name that is no alias is refused, so a missing index
                          is never made by accident, with a schema that the cluster has guessed

A program of another schema asks for another alias, so it never reads an index that it would misread.
"""

from __future__ import annotations

import logging
import re
import time
from typing import Any

from gongkai.search.documents import FORMAT_VERSION
from gongkai.search.engine import IndexingFailed
from gongkai.search.engines.opensearch_client import Client, Refused
from gongkai.search.fields import FIELDS, ID, FieldKind

SCHEMA_VERSION = FORMAT_VERSION
"""Part of every name: an index of another schema is never opened."""
COPYING_SECONDS = 300.0
"""How long a finished index waits for its copies before it takes its place all the same."""

LOST_SECONDS = 15.0
"""How long a shard may be away before the index is given up: some take a moment to start."""
LOOK_AGAIN = 0.2

_LOST = "重建期间检索集群有节点退出，新索引不完整，已放弃；原索引不受影响。请在节点恢复后再次运行“gongkai reindex”。"

logger = logging.getLogger("gongkai.search")


class Indexes:
    """The names below one prefix. Only the holder of the writing lock may call what changes them."""

    def __init__(self, client: Client, prefix: str) -> None:
        self._client = client
        self.prefix = prefix
        self._name = re.compile(rf"{re.escape(prefix)}-v(\d+)-(\d{{6,}})")

    @property
    def alias(self) -> str:
        """What a program of this schema searches."""
        return f"{self.prefix}-v{SCHEMA_VERSION}"

    def live(self) -> str | None:
        """The index behind the alias, or ``None`` when there is none."""
        found = self._named(self.alias)
        return max(found, key=self._serial) if found else None

    def other_schema(self) -> bool:
        """True when a program of another version left an index here."""
        return any(self._schema(name) != SCHEMA_VERSION for name in self.all())

    def all(self) -> list[str]:
        """Every index of ours, whatever its state."""
        found = self._client.ask("GET", f"/{self.prefix}-v*/_alias?expand_wildcards=all")
        return sorted(name for name in found if self._name.fullmatch(name))

    def create(self, *, live: bool, shards: int, replicas: int) -> str:
        """Make a new empty index beside the others; ``live``: it takes its place at once, and is copied from the start."""
        serial = max((self._serial(name) for name in self.all()), default=0)
        while True:
            serial += 1
            name = f"{self.alias}-{serial:06d}"
            aliases: dict[str, Any] = {f"{name}-w": {}, **({self.alias: {}} if live else {})}
            body = {"settings": _settings(shards, replicas if live else 0), "mappings": mapping(), "aliases": aliases}
            try:
                self._client.ask("PUT", f"/{name}", body, patient=True, seconds=60.0)
            except Refused as error:
                if error.kind != "resource_already_exists_exception":
                    raise
                continue  # an answer that was lost: this one is empty and will be tidied up
            return name

    def make_live(self, name: str, replicas: int) -> None:
        """Copy ``name`` to other nodes, then put it in the place of whatever is live, in one step."""
        wanted = {"index": {"auto_expand_replicas": f"0-{replicas}" if replicas else "false"}}
        self._client.ask("PUT", f"/{name}/_settings", wanted, patient=True)
        self._wait_for_copies(name)
        actions: list[dict[str, Any]] = [
            {"remove": {"index": old, "alias": self.alias}} for old in self._named(self.alias) if old != name
        ]
        actions.append({"add": {"index": name, "alias": self.alias}})
        try:
            self._client.ask("POST", "/_aliases", {"actions": actions}, patient=True, seconds=60.0)
        except Refused:
            if self._named(self.alias) != [name]:  # asked twice because the first answer was lost: done already
                raise

    def remove_leftovers(self) -> int:
        """Remove every index but the live one; return how many."""
        live = self.live()
        leftovers = [name for name in self.all() if name != live]
        self._remove(leftovers)
        return len(leftovers)

    def remove_all(self) -> None:
        """Remove the live one too."""
        self._remove(self.all())

    def _remove(self, names: list[str]) -> None:
        for name in names:
            try:
                self._client.ask("DELETE", f"/{name}", patient=True, seconds=60.0)
            except Refused as error:
                if error.status != 404:
                    raise

    def _wait_for_copies(self, name: str) -> None:
        """Until every shard is there, with its copies or at least once.

        Raises:
            IndexingFailed: a shard went with its node while it had no copy yet; such an index must not go live.
        """
        started = time.monotonic()
        while (passed := time.monotonic() - started) < COPYING_SECONDS:
            status = self._client.ask("GET", f"/_cluster/health/{name}?level=indices", patient=True)["status"]
            if status == "green":
                return
            if status == "red" and passed > LOST_SECONDS:
                raise IndexingFailed(_LOST)
            time.sleep(LOOK_AGAIN)
        logger.warning("index %s has not all its copies yet; the cluster goes on copying", name)

    def _named(self, alias: str) -> list[str]:
        try:
            found = self._client.ask("GET", f"/_alias/{alias}")
        except Refused as error:
            if error.status == 404:
                return []
            raise
        return sorted(name for name in found if self._name.fullmatch(name))

    def _schema(self, name: str) -> int:
        match = self._name.fullmatch(name)
        return int(match[1]) if match else -1

    def _serial(self, name: str) -> int:
        match = self._name.fullmatch(name)
        return int(match[2]) if match else 0


def _settings(shards: int, replicas: int) -> dict[str, Any]:
    return {
        "index": {
            "number_of_shards": shards,
            "number_of_replicas": 0,
            "auto_expand_replicas": f"0-{replicas}" if replicas else "false",
            "refresh_interval": "-1",  # changes show when they are committed, all at once
            "gc_deletes": "1h",  # how long a deletion is remembered, so that an older change that comes late finds it
            "max_result_window": 10_000,
        }
    }


def mapping() -> dict[str, Any]:
    """The schema. No text is stored, and nothing is indexed that is not in `FIELDS`."""
    keyword = {"type": "keyword"}
    types: dict[FieldKind, dict[str, Any]] = {
        FieldKind.TOKENS: {"type": "text", "analyzer": "whitespace", "index_options": "freqs"},
        FieldKind.MARKS: {"type": "text", "analyzer": "whitespace", "index_options": "docs", "norms": False},
        FieldKind.GRAMS: {"type": "text", "analyzer": "whitespace", "index_options": "positions"},
        FieldKind.KEY: {**keyword, "doc_values": False},
        FieldKind.FACET: keyword,
        FieldKind.NUMBER: {"type": "unsigned_long"},
    }
    return {
        "dynamic": "strict",
        "_source": {"enabled": False},
        "_meta": {"schema": SCHEMA_VERSION, "program": "gongkai"},
        "properties": {name: types[kind] for name, kind in FIELDS.items() if name != ID},  # the id is the cluster's _id
    }
