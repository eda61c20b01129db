"""`gongkai worker`: everything that runs in the background, in one command."""

import logging
import signal
import subprocess
import threading
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django_tasks_db.models import DBTaskResult

from gongkai.jobs.processes import command
from gongkai.jobs.tick import beat, tick
from gongkai.search.indexer import index_forever

TICK_SECONDS = 30
logger = logging.getLogger("gongkai.worker")


class Command(BaseCommand):
    """Index, tick and run tasks until stopped."""

    help = "后台进程：更新检索索引、到点发布、执行后台任务（一直运行，Ctrl+C 停止）\n\n示例：gongkai worker"

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until SIGTERM or SIGINT; the work in hand is finished first."""
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        threads = [
            threading.Thread(target=_guarded, args=(loop, stop), name=name, daemon=True)
            for name, loop in (("index", _index), ("tick", _tick), ("tasks", _tasks))
        ]
        for thread in threads:
            thread.start()
        while not stop.wait(0.5):
            pass
        for thread in threads:
            thread.join(timeout=8)


def _guarded(loop: Any, stop: threading.Event) -> None:
    """Run a loop again when it fails: one bad moment (database away, disk full) must not end background work."""
    while not stop.is_set():
        try:
            loop(stop)
        except Exception:
            logger.exception("background loop %s failed; it goes on in 5 seconds", threading.current_thread().name)
            stop.wait(5)
        finally:
            close_old_connections()


def _index(stop: threading.Event) -> None:
    index_forever(stop.is_set)


def _tick(stop: threading.Event) -> None:
    while not stop.is_set():
        tick()
        beat("worker")
        stop.wait(TICK_SECONDS)


def _tasks(stop: threading.Event) -> None:
    """Work off queued tasks in a process of their own, which ends when the queue is empty: character recognition takes a
    gigabyte while it runs, and none of it stays."""
    while not stop.wait(1.0):
        if not DBTaskResult.objects.ready().exists():
            continue
        child = subprocess.Popen(command("db_worker", "--batch", "--no-startup-delay", "--no-reload"))  # noqa: S603
        while child.poll() is None:
            if stop.wait(0.5):
                child.terminate()
                child.wait(timeout=8)
