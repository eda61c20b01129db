"""One writer: a file lock that the kernel releases when its holder ends, however it ends."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class AnotherIndexerRuns(Exception):
    """Another process is writing the index. The message is for people (Chinese) and names that process."""


@contextmanager
def writing(directory: Path, *, wait: float = 0.0) -> Iterator[None]:
    """Hold the right to write the index in ``directory``.

    Args:
        directory: the index directory, made when missing.
        wait: seconds to wait for another holder.

    Raises:
        AnotherIndexerRuns: another process still holds it after ``wait``.
    """
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / "writer.lock").open("a+", encoding="ascii") as file:
        deadline = time.monotonic() + wait
        while not _taken(file.fileno()):
            if time.monotonic() >= deadline:
                file.seek(0)
                holder = file.read().strip() or "未知"
                raise AnotherIndexerRuns(f"另一个进程（进程号 {holder}）正在写入搜索索引，请等它结束后再试。")
            time.sleep(0.05)
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
