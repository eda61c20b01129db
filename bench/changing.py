"""Changes and search together: how soon a change is found, and what searching costs while others write.

`python -m bench.changing visible 20` and `… change 20 5` publish in the installation named by `GONGKAI_DATA_DIR` and print JSON; the
runner calls them so that the writer is a process of its own, as it is in life.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import cycle
from urllib.parse import quote

from bench.load import Connection
from bench.measurement import Measurement, quantile
from bench.scratch import ROOT, Scratch
from bench.search_documents import questions

VISIBLE_SECONDS = 2.0
CHANGES = 20
READERS = 16
CHANGES_A_SECOND = 5.0
SECONDS = 20.0
WARM_UP = 4.0
"""Seconds a worker takes to start and to work off what it finds."""


def seconds_until_found(scratch: Scratch, count: int = CHANGES) -> list[Measurement]:
    """Seconds from the commit of a publication until search finds it, while a real worker runs."""
    with scratch.process("gongkai", "worker"):
        time.sleep(WARM_UP)
        times = json.loads(scratch.run("visible", str(count), module="bench.changing"))
    return [
        Measurement("published until found, p50", quantile(times, 0.5), "s", VISIBLE_SECONDS),
        Measurement("published until found, longest", max(times), "s", VISIBLE_SECONDS),
    ]


def reading_while_writing(scratch: Scratch) -> list[Measurement]:
    """Results pages for `READERS` readers at once, by the clock: first undisturbed, then while `CHANGES_A_SECOND` are published and
    a real worker indexes them. Readers ask as fast as they are answered, every one something else, so that the processors are
    always full: what counts is how much slower the same readers become, that nobody gets an error, and that every change is found."""
    asked = [f"/search/?q={quote(text)}" for text in questions(2000)]
    with scratch.server("gongkai.config.wsgi:application") as (port, _), scratch.process("gongkai", "worker"):
        time.sleep(WARM_UP)
        _read(port, asked, SECONDS / 4)
        alone = _read(port, asked, SECONDS)
        with _writer(scratch) as writer:
            disturbed = _read(port, asked, SECONDS)
            said, _ = writer.communicate()
    if writer.returncode:
        raise RuntimeError("the writer failed")
    found = json.loads(said)
    return [
        Measurement(
            f"search, {READERS} readers, while changing, p50",
            quantile(disturbed.times, 0.5) * 1000,
            "ms clock",
            peer=f"undisturbed {quantile(alone.times, 0.5) * 1000:.0f} ms",
        ),
        Measurement(
            f"search, {READERS} readers, while changing, p95",
            quantile(disturbed.times, 0.95) * 1000,
            "ms clock",
            peer=f"undisturbed {quantile(alone.times, 0.95) * 1000:.0f} ms",
        ),
        Measurement(
            "searches a second while changing",
            len(disturbed.times) / SECONDS,
            "/s",
            peer=f"undisturbed {len(alone.times) / SECONDS:.0f}/s; {len(found) / SECONDS:.1f} changes a second",
        ),
        Measurement("searches that failed", len(disturbed.errors) + len(alone.errors), "searches", 0),
        Measurement("found while 16 read, p50", quantile(found, 0.5), "s", VISIBLE_SECONDS),
        Measurement("found while 16 read, longest", max(found), "s"),
    ]


@dataclass
class _Reading:
    times: list[float] = field(default_factory=list)
    """Seconds of each answer."""
    errors: list[str] = field(default_factory=list)


def _read(port: int, paths: list[str], seconds: float) -> _Reading:
    reading, until = _Reading(), time.monotonic() + seconds

    def read(position: int) -> None:
        try:
            with Connection(port) as connection:
                for path in cycle(paths[position::READERS]):
                    started = time.monotonic()
                    if started > until:
                        return
                    connection.get(path)
                    reading.times.append(time.monotonic() - started)
        except (OSError, RuntimeError) as error:
            reading.errors.append(str(error))

    readers = [threading.Thread(target=read, args=(position,)) for position in range(READERS)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    return reading


def _writer(scratch: Scratch) -> subprocess.Popen[str]:
    changes = ["change", str(int(SECONDS * CHANGES_A_SECOND)), str(CHANGES_A_SECOND)]
    return subprocess.Popen(
        [sys.executable, "-m", "bench.changing", *changes],
        env=scratch.environment,
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
    )


# --- in the writing process -----------------------------------------------------------------------------------------------
class _Publisher:
    """Publishes through the actions, by the clerk, the reviewer and the signer of one body."""

    def __init__(self) -> None:
        from gongkai.organisations.actors import actor_for
        from gongkai.organisations.models import Membership

        clerk = Membership.objects.filter(role="clerk").order_by("pk").first()
        assert clerk is not None
        self._organisation = clerk.organisation_id
        of_body = Membership.objects.filter(organisation=self._organisation).select_related("user").order_by("pk")
        self._staff = {role: actor_for(of_body.filter(role=role)[0].user) for role in ("clerk", "reviewer", "signer")}
        self._count = 0

    def draft(self) -> tuple[int, str]:
        """Write one and bring it before the signer; its id, and the word by which only it is found."""
        from gongkai.disclosure import actions

        self._count += 1
        word = f"QZ{os.getpid()}N{self._count}"
        item = actions.create_item(
            actor=self._staff["clerk"],
            organisation_id=self._organisation,
            kind="policy_document",
            values={
                "title": f"关于第{self._count}次测量的通知 {word}",
                "body": f"<p>编号{word}。</p>",
                "issuing_agencies": ["谯城区人民政府办公室"],
                "document_number": f"谯政办〔2026〕{9000 + self._count}号",
                "document_date": date.today(),
                "subjects": ["0201"],
                "genre": "notice",
                "enquiry_agency": "区政府办公室",
                "enquiry_phone": "0558-0000001",
            },
        )
        actions.submit(actor=self._staff["clerk"], item_id=item.pk)
        actions.approve(actor=self._staff["reviewer"], item_id=item.pk, secrecy_basis="可以公开")
        return item.pk, word

    def sign(self, item_id: int) -> float:
        """Publish it; the moment of the commit."""
        from gongkai.disclosure import actions

        actions.sign(actor=self._staff["signer"], item_id=item_id)
        return time.monotonic()


def _seconds(word: str, committed: float, pause: float = 0.01) -> float:
    """Seconds from the commit until the word is found, asked for every `pause` seconds. Raises `TimeoutError` after a minute."""
    from gongkai.search import SearchQuery, search

    while search(SearchQuery(word)).total == 0:
        if time.monotonic() - committed > 60:
            raise TimeoutError(f"{word} is not found a minute after its publication")
        time.sleep(pause)
    return time.monotonic() - committed


def _visible(count: int) -> Iterator[float]:
    """Publish one by one and ask until each is found; pauses vary, so that no rhythm is hit."""
    publisher = _Publisher()
    for _, pause in zip(range(count), cycle((0.0, 0.13, 0.29, 0.41, 0.57)), strict=False):
        item_id, word = publisher.draft()
        yield _seconds(word, publisher.sign(item_id))
        time.sleep(pause)


def _change(count: int, a_second: float) -> list[float]:
    """Publish `count` at an even pace; each is awaited in a thread of its own."""
    from django.db import connection

    publisher = _Publisher()
    found: list[float] = []
    threads: list[threading.Thread] = []

    def wait_for(word: str, committed: float) -> None:
        found.append(_seconds(word, committed, 0.05))
        connection.close()

    started = time.monotonic()
    for position in range(count):
        time.sleep(max(0.0, started + position / a_second - time.monotonic()))
        item_id, word = publisher.draft()
        threads.append(threading.Thread(target=wait_for, args=(word, publisher.sign(item_id))))
        threads[-1].start()
    for thread in threads:
        thread.join()
    if len(found) != count:
        raise RuntimeError(f"{count - len(found)} of {count} changes were not found")
    return found


def main() -> None:
    """Publish and print seconds as JSON."""
    import django

    django.setup()
    what, count = sys.argv[1], int(sys.argv[2])
    print(json.dumps(list(_visible(count)) if what == "visible" else _change(count, float(sys.argv[3]))))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.config.settings")
    main()
