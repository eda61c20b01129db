"""Taking in a search or a reading, in the web process: who is nobody, who was here already, and one line to a file.

It runs for every answered search and every item that is read, also for those from the page cache, so it asks no database: a keyed hash or three, two
look-ups in memory and one write to the end of a file (`bench/search_counting.py`). What is written is in the hands of the
system at once: a killed process loses nothing, a power cut the last seconds.

A line holds no address and no time: ``network visitor`` and what was asked (``outcome place text``) or read (the id of the
item), separated by tabs.
"""

from __future__ import annotations

import ipaddress
import logging
import os
import secrets
import threading
import time
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as clock
from enum import StrEnum
from hashlib import blake2b
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils import timezone

from gongkai.rules import popularity
from gongkai.rules.popular_searches import parameters
from gongkai.search_log import agents, words
from gongkai.search_log.keys import day_key

logger = logging.getLogger(__name__)

MOST_BYTES = 16 * 1024 * 1024
"""Size of the file of one process and day; about 200,000 searches. After that nothing more is counted that day."""
MOST_REMEMBERED = 200_000
"""Entries of each look-up in memory (about 20 MB at the very most)."""


class Outcome(StrEnum):
    """How a search ended."""

    FOUND = "f"
    RELAXED = "r"
    """Nothing had all the words; what has some of them was shown."""
    NOTHING = "n"


@dataclass(frozen=True, slots=True)
class Asked:
    """What an answer says about the search it answers; kept with the page in the page cache."""

    text: str
    """Normal spelling; empty when it may not be written down."""
    outcome: Outcome
    in_library: bool = False

    @property
    def mark(self) -> str:
        """What counts once for a visitor and day."""
        return self.text

    @property
    def line(self) -> str:
        """What is written down of it."""
        return f"{self.outcome}\t{'l' if self.in_library else 's'}\t{self.text}"


@dataclass(frozen=True, slots=True)
class Read:
    """What an answer says about the item it shows; kept with the page in the page cache."""

    item_id: int

    @property
    def mark(self) -> str:
        """What counts once for a visitor and day."""
        return str(self.item_id)

    line = mark


class Limits(Protocol):
    """How much the intake takes in of one visitor and one network."""

    @property
    def per_minute(self) -> int:
        """Of one address in a minute."""

    @property
    def per_network_a_day(self) -> int:
        """Different things of one network segment on one day."""


def asked(
    text: str, total: int, *, relaxed: bool = False, narrowed: bool = False, in_library: bool = False
) -> Asked | None:
    """Judge a search once, when its page is made; None when there is nothing to count.

    `narrowed` (by facets or time) searches that found nothing say nothing about the words: they are left out.
    """
    normal = words.normal(text)
    if not normal or (narrowed and not total):
        return None
    outcome = Outcome.NOTHING if not total else Outcome.RELAXED if relaxed else Outcome.FOUND
    return Asked("" if words.is_private(normal) else normal, outcome, in_library)


class Intake:
    """The searches, or the readings, of one process, of one day at a time. Safe from many threads."""

    def __init__(self, directory: Path, figures: Limits, suffix: str = ".searches") -> None:
        self.directory = directory
        self.suffix = suffix
        self.figures = figures
        self._lock = threading.Lock()
        self._process = 0
        self._until = 0.0
        self._file = -1
        self._key = b""
        self._written = 0
        self._seen: set[bytes] = set()
        self._per_network: dict[str, int] = {}
        self._minute = 0
        self._pace: dict[bytes, int] = {}

    def take(self, seen: Asked | Read, *, address: str, agent: str, now: float | None = None) -> bool:
        """Count `seen`, unless a program asks, one address too fast, or somebody what he asked or read today already.

        Returns whether a line was written. Raises `OSError` when the directory cannot be written.
        """
        family = agents.family(agent)
        if family is None:
            return False
        moment = time.time() if now is None else now
        with self._lock:
            if moment >= self._until or self._process != os.getpid():
                self._begin_day(moment)
            if self._too_fast(self._hash(address), int(moment // 60)):
                return False
            network = self._hash(network_of(address)).hex()
            visitor = self._hash(f"{network} {family}").hex()
            return self._first(network, f"{visitor}{seen.mark}") and self._write(seen, network, visitor)

    def _begin_day(self, moment: float) -> None:
        """A new day, or a process newly split off: new key, new file, empty memory."""
        if self._file >= 0 and self._process == os.getpid():
            os.close(self._file)
        self._file = -1
        day = timezone.localdate(datetime.fromtimestamp(moment, tz=timezone.get_current_timezone()))
        self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._key = day_key(self.directory, day)
        name = f"{day.isoformat()}.{os.getpid()}-{secrets.token_hex(4)}{self.suffix}"
        self._file = os.open(self.directory / name, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL, 0o600)
        self._written = 0
        self._seen, self._per_network, self._pace = set(), {}, {}
        self._process, self._until = os.getpid(), _midnight_after(day)

    def _hash(self, value: str) -> bytes:
        return blake2b(value.encode("utf-8", "replace"), key=self._key, digest_size=8).digest()

    def _too_fast(self, address: bytes, minute: int) -> bool:
        if minute != self._minute:
            self._minute = minute
            self._pace.clear()
        count = self._pace.get(address, 0)
        if count >= self.figures.per_minute or len(self._pace) >= MOST_REMEMBERED:
            return True
        self._pace[address] = count + 1
        return False

    def _first(self, network: str, sighting: str) -> bool:
        """Whether this visitor asks this for the first time today, and the network has not used up its share."""
        mark = self._hash(sighting)
        count = self._per_network.get(network, 0)
        full = len(self._seen) >= MOST_REMEMBERED or len(self._per_network) >= MOST_REMEMBERED
        if mark in self._seen or count >= self.figures.per_network_a_day or full:
            return False
        self._seen.add(mark)
        self._per_network[network] = count + 1
        return True

    def _write(self, seen: Asked | Read, network: str, visitor: str) -> bool:
        line = f"{network}\t{visitor}\t{seen.line}\n".encode()
        if self._written + len(line) > MOST_BYTES:
            return False
        self._written += os.write(self._file, line)
        return True


SEARCHES, READS = ".searches", ".reads"
"""Endings of the files of both."""


def directory() -> Path:
    """Where the files of searches and their key of the day lie."""
    return Path(settings.GONGKAI_DATA_DIR) / "search_log"


def reads_directory() -> Path:
    """Where the files of readings lie, under a key of their own: what somebody sought and read cannot be brought together."""
    return Path(settings.GONGKAI_DATA_DIR) / "reading_log"


_intakes: dict[Path, Intake] = {}


def intake() -> Intake:
    """The intake of searches of this process; one for each directory, so that tests with their own get their own."""
    root = directory()
    return _intakes.get(root) or _intakes.setdefault(root, Intake(root, parameters()))


def reads_intake() -> Intake:
    """The intake of readings of this process."""
    root = reads_directory()
    return _intakes.get(root) or _intakes.setdefault(root, Intake(root, popularity.parameters(), READS))


def network_of(address: str) -> str:
    """The segment an address belongs to: /24 of IPv4, /48 of IPv6; what is no address is a segment of its own."""
    if ":" not in address:
        return address.rpartition(".")[0] or address
    try:
        parsed = ipaddress.IPv6Address(address.partition("%")[0])
    except ValueError:
        return address
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped).rpartition(".")[0]
    return parsed.packed[:6].hex()


def _midnight_after(day: date) -> float:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), clock.min)).timestamp()
