"""From a user agent to its family; the agent itself is not kept anywhere."""

from __future__ import annotations

from functools import cache
from importlib import resources

_FAMILIES = (
    "micromessenger",
    "edg",
    "ucbrowser",
    "quark",
    "qqbrowser",
    "baidu",
    "firefox",
    "chrome",
    "safari",
    "trident",
)
"""In this order, because most agents name others too; anything else is one family."""


def family(agent: str) -> str | None:
    """Return the family of a browser, or None for a program (or nothing at all) that searches for nobody."""
    folded = agent.lower()
    if not folded or any(part in folded for part in _automatic()):
        return None
    return next((name for name in _FAMILIES if name in folded), "other")


@cache
def _automatic() -> tuple[str, ...]:
    lines = (resources.files("gongkai.search_log") / "data" / "automatic_agents.txt").read_text("utf-8").splitlines()
    return tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))
