"""Paths of somebody's computer: they tell names of people, machines and projects, and a link to them leads nowhere."""

from __future__ import annotations

import re

_END = r"[^\s\"“”<>|*?，。；]"
_PATH = re.compile(
    rf"file:/+{_END}+"
    rf"|(?<![A-Za-z0-9])[A-Za-z]:(?:\\{{1,2}}(?!\\)|/(?!/)){_END}+"
    rf"|\\\\[\w.$-]+[\\/]{_END}+"
    rf"|(?<![\w./:-])/(?:home|Users|root|mnt|media|tmp|var|opt|Volumes)/{_END}+",
    re.IGNORECASE,
)


def local_path(text: str) -> str:
    """The first path of a local disk, home folder or file server in the text; empty when there is none."""
    found = _PATH.search(text)
    return found.group() if found else ""
