"""Where a quoted stretch stands in a text that has been worked on since: the place nearest to where it stood."""

from __future__ import annotations

import re

LONGEST = 300
_BLANKS = re.compile(r"\s+")


def locate(text: str, quote: str, near: int | None = None) -> tuple[int, int] | None:
    """(start, end) of `quote` in `text`, the occurrence nearest to `near`; None when it is not there any more.

    Blanks count as one, and a blank in either may be missing in the other: what was copied from a page has the line breaks of the
    page. An empty quote is nowhere.
    """
    signs = _BLANKS.sub("", quote)
    if not signs:
        return None
    squeezed, places = _without_blanks(text)
    found, at = [], squeezed.find(signs)
    while at >= 0:
        found.append(at)
        at = squeezed.find(signs, at + 1)
    if not found:
        return None
    best = min(found, key=lambda one: abs(places[one] - (near or 0)))
    return places[best], places[best + len(signs) - 1] + 1


def _without_blanks(text: str) -> tuple[str, list[int]]:
    places = [place for place, sign in enumerate(text) if not sign.isspace()]
    return "".join(text[place] for place in places), places
