"""How often one address may ask: a sliding minute, kept in the memory of each web process.

Two counters an address are enough: of the minute before, the part that still lies within sixty seconds is counted in proportion.
Answers from the page cache are not counted; they cost next to nothing.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from math import ceil

from django.conf import settings
from django.http import HttpRequest

from gongkai.api.problems import Problem
from gongkai.web.shared.addresses import client_address

MINUTE = 60.0
MOST_ADDRESSES = 10_000
"""Addresses remembered; beyond that the one that has been silent longest is forgotten."""


class SlidingMinute:
    """Counts requests by address. Safe from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: OrderedDict[str, tuple[int, float, float]] = OrderedDict()

    def wait(self, address: str, limit: int, weight: float, now: float) -> int:
        """Count a request; seconds until it may be made when it is one too many (it is then not counted), else 0."""
        minute, elapsed = divmod(now, MINUTE)
        with self._lock:
            known, before, current = self._counts.get(address, (int(minute), 0.0, 0.0))
            if known != minute:
                before, current = (current if known == minute - 1 else 0.0), 0.0
            used = before * (1 - elapsed / MINUTE) + current
            allowed = used + weight <= limit or used == 0
            self._counts[address] = (int(minute), before, current + (weight if allowed else 0))
            self._counts.move_to_end(address)
            if len(self._counts) > MOST_ADDRESSES:
                self._counts.popitem(last=False)
        if allowed:
            return 0
        over = used + weight - limit
        if current + weight > limit or not before:
            return ceil(MINUTE - elapsed)
        return max(1, ceil(over / before * MINUTE))

    def clear(self) -> None:
        """Forget everybody."""
        with self._lock:
            self._counts.clear()


requests = SlidingMinute()
"""Who has asked this process how often."""


def check(request: HttpRequest, weight: float = 1) -> None:
    """Count a request of `weight` ordinary ones. Raises `Problem` (429) with `Retry-After` when it is one too many."""
    limit = settings.GONGKAI_API_RATE
    if limit <= 0:
        return
    seconds = requests.wait(client_address(request), limit, weight, time.time())
    if seconds:
        detail = f"每个地址每分钟最多 {limit} 次请求，请在 {seconds} 秒后重试；需要大量数据的，请使用列表导出。"
        raise Problem(429, detail, headers={"Retry-After": str(seconds)})
