"""A web address pasted into the search: which item of ours it names, and what to say about it."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, resolve

from gongkai.disclosure.public import legacy_target
from gongkai.search import Reading, SearchQuery
from gongkai.search.parsed import ReadingKind
from gongkai.web.shared.templating import site

LONGEST_SHOWN = 60
"""Characters of an address that are shown back."""


def resolved(query: SearchQuery, request: HttpRequest) -> tuple[SearchQuery, list[Reading]]:
    """The query with the item that its address names, and all that was understood, the address first."""
    readings = list(query.parsed.readings)
    if query.exact and query.text:
        readings.append(Reading(ReadingKind.SYNONYMS, "只按原词检索，不含同义词", (("exact", None),)))
    for address in query.parsed.addresses[:1]:
        item = _item(address, request)
        shown = address if len(address) <= LONGEST_SHOWN else f"{address[:LONGEST_SHOWN]}…"
        if item is not None:
            query = replace(query, item=item)
            text = f"按网址：{shown}"
        else:
            text = f"网址“{shown}”在本站没有对应的信息，请改用标题、文号或者关键词检索"
        readings.insert(0, Reading(ReadingKind.ADDRESS, text))
    return query, readings


def _item(address: str, request: HttpRequest) -> int | None:
    """The item of an address: one of ours by our own addresses, any other by those items had on an older site."""
    try:
        parts = urlsplit(address if "//" in address or address.startswith("/") else f"http://{address}")
        host = parts.hostname or ""
    except ValueError:  # brackets or a port that make no address
        return None
    ours = {request.get_host().rpartition(":")[0] or request.get_host(), site().domain, *settings.ALLOWED_HOSTS}
    if not host or host in ours:
        for path in (parts.path, f"{parts.path}/"):
            try:
                found = resolve(path).kwargs.get("item_id")
            except Resolver404:
                continue
            if found is not None:
                return int(found) if int(found) < 1 << 60 else None
    for path in dict.fromkeys((f"{parts.path}?{parts.query}" if parts.query else parts.path, parts.path)):
        if path.strip("/") and (target := legacy_target(path)) is not None:
            return target
    return None
