"""One writer at a time, however the one before it ended.

On one machine a file lock, which the kernel releases with its holder. With a search cluster workers may run on several machines:
then also a lock of the database server, which it releases with the connection of its holder. A holder that lost its connection
without noticing is stopped by its *turn*: see `gongkai.search.turns`.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection

ADVISORY_KEY = 0x676F6E676B6169
"""Number of our lock in PostgreSQL; locks count within one database."""
LOOK_AGAIN = 0.05
"""Seconds between two attempts to take a lock."""


class AnotherIndexerRuns(Exception):
    """Another process is writing the index. The message is for people (Chinese) and names that process."""


@contextmanager
def writing(directory: Path, *, wait: float = 0.0) -> Iterator[None]:
    """Hold the right to write the index.

    Args:
        directory: the index directory of this machine, made when missing.
        wait: seconds to wait for another holder.

    Raises:
        AnotherIndexerRuns: another process still holds it after ``wait``.
    """
    directory.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + wait
    with (directory / "writer.lock").open("a+", encoding="ascii") as file:
        if not _by(deadline, lambda: _file_taken(file.fileno())):
            file.seek(0)
            holder = file.read().strip() or "未知"
            raise AnotherIndexerRuns(f"另一个进程（进程号 {holder}）正在写入搜索索引，请等它结束后再试。")
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        if settings.GONGKAI_SEARCH_URL and connection.vendor == "postgresql":
            with _database_lock(deadline):
                yield
        else:
            yield  # SQLite is a file of this machine, so nobody elsewhere writes


@contextmanager
def _database_lock(deadline: float) -> Iterator[None]:
    if not _by(deadline, lambda: _says_yes("SELECT pg_try_advisory_lock(%s)")):
        raise AnotherIndexerRuns("另一台服务器上的进程正在写入搜索索引，请等它结束后再试。")
    try:
        yield
    finally:
        with suppress(DatabaseError):  # a broken connection has given the lock back already
            _says_yes("SELECT pg_advisory_unlock(%s)")


def _says_yes(statement: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, [ADVISORY_KEY])
        return bool(cursor.fetchone()[0])


def _by(deadline: float, taken: Callable[[], bool]) -> bool:
    """Try at least once, and until ``deadline``."""
    while not taken():
        if time.monotonic() >= deadline:
            return False
        time.sleep(LOOK_AGAIN)
    return True


def _file_taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
