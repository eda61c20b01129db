"""`kill -9` while letters about followed lists go out: nobody is mailed twice, and who may have been left out is named by the doctor."""

from __future__ import annotations

import random
import subprocess
import time

import pytest
from bench.mail_sink import Sink

from tests.faults.installation import Installation

pytestmark = [pytest.mark.xdist_group("processes"), pytest.mark.slow]
READERS, KILLS, PATIENCE = 300, 2, 60


def test_nobody_is_mailed_twice_and_nobody_is_left_out_unseen(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    installation.work("subscribers", count=READERS)
    with Sink() as sink:
        monkeypatch.setenv("EMAIL_URL", sink.url)
        rng = random.Random(9)
        for _ in range(KILLS):
            before = sink.taken.total()
            process = installation.start("send_letters", "{}", module="tests.faults.work")
            _wait(sink, before + rng.randrange(20, 80), process)
            process.kill()
            process.communicate()
            state = installation.work("letters_begun")
            assert state["due"] > 0, "the kill came too late to prove anything"
        process = installation.start("send_letters", "{}", module="tests.faults.work")
        _, error = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, error[-3000:]
        state = installation.work("letters_begun")
        assert state["due"] == 0 and state["claimed"] <= KILLS
        assert set(sink.taken.values()) == {1}, "somebody was mailed twice"
        left_out = READERS - len(sink.taken)
        named = installation.work("age_claims")
        assert left_out <= len(named) == state["claimed"]
    problems = installation.doctor(files=False).get("邮件订阅", [])
    assert len(problems) == len(named)


def _wait(sink: Sink, letters: int, process: subprocess.Popen[str]) -> None:
    """Until so many letters have arrived."""
    until = time.monotonic() + PATIENCE
    while sink.taken.total() < letters and time.monotonic() < until and process.poll() is None:
        time.sleep(0.002)
