"""Blocks of linked data (JSON-LD, schema.org) in pages.

A block of data is no script: browsers do not run it, and the content security policy does not concern it; what could end the block early
is escaped.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from markupsafe import Markup

CONTEXT = "https://schema.org"
_ESCAPES = (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029"))

Data = dict[str, Any]


def script(data: Data) -> Markup:
    """The data as a block for the page."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for character, escape in _ESCAPES:
        text = text.replace(character, escape)
    return Markup(f'<script type="application/ld+json">{text}</script>')  # noqa: S704 - escaped above


def breadcrumb(steps: Iterable[tuple[str, str | None]], base: str) -> Markup:
    """The way to the page (label, address within the site or none) with the home page in front; `base` is the site's address."""
    elements: list[Data] = []
    for position, (label, address) in enumerate([("首页", "/"), *steps], start=1):
        element: Data = {"@type": "ListItem", "position": position, "name": str(label)}
        if address:
            element["item"] = base + str(address).partition("?")[0]
        elements.append(element)
    return script({"@context": CONTEXT, "@type": "BreadcrumbList", "itemListElement": elements})
