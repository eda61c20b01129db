"""The lists of Word and WPS: paragraphs with ``mso-list`` whose sign or number stands in a part marked ``mso-list:Ignore``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from lxml import html as lxml_html

LIST = re.compile(r"mso-list\s*:\s*l(\d+)\s+level(\d)\s+lfo(\d+)", re.IGNORECASE)
_LABEL = re.compile(r"mso-list\s*:\s*ignore", re.IGNORECASE)
_BULLET = re.compile(r"[·•●○◦▪■□◆◇➢Øøo§lnquvü¨–\-*\uf000-\uf0ff]")
"""What stands for a sign; letters among them, because Word writes the letters that Wingdings draws as squares and arrows."""
_NUMBER = re.compile(r"[(（]?(\d{1,4}|[a-zA-Z])[.)）．、]?")
_BLANK = re.compile(r"[ \t\r\n\xa0\u2002\u2003\u3000]+")


@dataclass(slots=True)
class ListItem:
    """A paragraph of a list until the list is written: its level (from 1), its number (0 for a sign), its inline HTML."""

    level: int
    number: int
    html: str


def take_label(paragraph: lxml_html.HtmlElement) -> str:
    """The sign or number of a list paragraph, taken out of it."""
    for inner in paragraph.iterdescendants("span"):
        if _LABEL.search(inner.get("style") or ""):
            label = _BLANK.sub(" ", str(inner.text_content())).strip()
            inner.drop_tree()
            return label
    return ""


def number_of(label: str) -> int | None:
    """0 for a sign, the number for an Arabic number or letter, None for a number that is to stay in the text."""
    if len(label) == 1 and _BULLET.fullmatch(label):
        return 0
    found = _NUMBER.fullmatch(label)
    if found is None or label[0] in "(（":
        return None
    return int(found[1]) if found[1].isdigit() else ord(found[1].lower()) - ord("a") + 1


def said(label: str) -> str:
    """A number as it stands before a text: with a blank where it has no sign of its own."""
    if not label or (len(label) == 1 and _BULLET.fullmatch(label)):
        return ""
    return escape(label, quote=False) + ("" if label[-1] in "、）)．：.①②③④⑤⑥⑦⑧⑨⑩" else " ")


def nested(items: Sequence[ListItem]) -> str:
    """The paragraphs of a list as lists in lists, by their levels."""
    parts: list[str] = []
    opened: list[tuple[int, str]] = []
    for item in items:
        tag = "ol" if item.number else "ul"
        while opened and opened[-1][0] > item.level:
            parts.append(f"</li></{opened.pop()[1]}>")
        if opened and opened[-1][0] == item.level:
            if opened[-1][1] == tag:
                parts.append("</li>")
            else:
                parts.append(f"</li></{opened.pop()[1]}>")
        if not opened or opened[-1][0] < item.level:
            start = f' start="{item.number}"' if item.number > 1 else ""
            parts.append(f"<{tag}{start}>")
            opened.append((item.level, tag))
        parts.append(f"<li>{item.html}")
    while opened:
        parts.append(f"</li></{opened.pop()[1]}>")
    return "".join(parts)
