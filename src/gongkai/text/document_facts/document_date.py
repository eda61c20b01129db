"""成文日期: the date of the signature, else of the history line under the title; not of 印发, 施行 or a meeting."""

from __future__ import annotations

import re

from gongkai.text.dates import find_dates
from gongkai.text.document_facts.facts import Fact
from gongkai.text.document_facts.layout import Layout

_HISTORY = re.compile(r"[（(]?[^。）)]{0,80}?(?:通过|公布|发布|批准|修订|修正)")
_PRINTED = re.compile(r"\s*印发")


def document_date(parts: Layout) -> Fact | None:
    """The date the document was signed or adopted."""
    closing = parts.closing
    if closing is not None:
        surest = closing.rank >= 3
        rivals = {item.date.value for item in parts.closings if item.rank >= 3} - {closing.date.value}
        confidence = (0.97 if closing.agencies else 0.93) if surest else 0.9 if closing.rank == 2 else 0.85
        if rivals and closing.rank < 5:
            confidence -= 0.03
        return Fact(closing.date.value.isoformat(), round(confidence, 2), "落款日期")
    return _from_history(parts) or _from_printing_line(parts)


def _from_history(parts: Layout) -> Fact | None:
    """「（2013年4月10日某某会议通过 2015年…修订）」 under the title."""
    start = parts.text[: max(parts.head_end, 300)]
    dates = [found for found in find_dates(start) if _in_history(start, found.start, found.end)]
    if not dates:
        return None
    return Fact(dates[0].value.isoformat(), 0.9 if len(dates) == 1 else 0.75, "标题下通过或者公布的日期")


def _in_history(text: str, start: int, end: int) -> bool:
    opening = max(text.rfind("（", 0, start), text.rfind("(", 0, start))
    closing = min((p for p in (text.find("）", end), text.find(")", end)) if p >= 0), default=-1)
    if opening < 0 or closing < 0 or "》" in text[max(0, opening - 2) : opening]:
        return False
    return _HISTORY.match(text[end : closing + 1]) is not None and not re.search(r"[）)。]", text[opening + 1 : start])


def _from_printing_line(parts: Layout) -> Fact | None:
    """The date of 印发 in the last lines is the best guess when nothing else is dated; it is often a day late."""
    tail_start = max(0, len(parts.text) - 200)
    for found in find_dates(parts.text[tail_start:]):
        if _PRINTED.match(parts.text[tail_start + found.end :]):
            return Fact(found.value.isoformat(), 0.55, "版记印发日期")
    return None
