"""`kill -9` at moments spread over the whole of a piece of work."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

ROUNDS = int(os.environ.get("GONGKAI_FAULT_ROUNDS", "3"))
"""Kills in each test; 20 for the full proof."""
POLL = 0.002


@dataclass(frozen=True, slots=True)
class Undisturbed:
    """How long the work takes when nobody kills it: seconds until it writes for the first time, and until it ends."""

    first_write: float
    end: float


def watch(start: Callable[[], subprocess.Popen[str]], *, writing: Callable[[], bool]) -> Undisturbed:
    """Run the work to its end and note when `writing` was first true."""
    began = time.monotonic()
    process = start()
    first = 0.0
    while process.poll() is None:
        if not first and writing():
            first = time.monotonic() - began
        time.sleep(POLL)
    _, error = process.communicate()
    assert process.returncode == 0, error[-3000:]
    return Undisturbed(first or (time.monotonic() - began) / 2, time.monotonic() - began)


def moments(undisturbed: Undisturbed, *, seed: int, rounds: int = ROUNDS) -> Iterator[float]:
    """`rounds` moments (seconds after the first write), one in each equal part of the work, in random order; same seed, same moments."""
    rng = random.Random(seed)
    span = undisturbed.end - undisturbed.first_write
    spread = [(part + rng.random()) / rounds * span for part in range(rounds)]
    rng.shuffle(spread)
    yield from spread


def kill_after(process: subprocess.Popen[str], seconds: float, *, writing: Callable[[], bool]) -> bool:
    """Let the work begin to write, wait, and kill it; False when it had ended before."""
    while process.poll() is None and not writing():
        time.sleep(POLL)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
    _, error = process.communicate()
    assert process.returncode in (0, -signal.SIGKILL), error[-3000:]
    return process.returncode != 0
