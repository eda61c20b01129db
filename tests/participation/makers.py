"""Subscribers for tests, as confirming leaves them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from gongkai.files.field_seal import seal
from gongkai.participation.models import Subscription
from gongkai.participation.selectors import digest_of
from gongkai.search import SearchQuery, Sort
from gongkai.search.saved_queries import key, to_json

EVERYTHING = SearchQuery(sort=Sort.NEWEST)


def row(email: str, since: datetime, *, query: SearchQuery = EVERYTHING, frequency: str = "daily", title: str = "最新公开", **more: Any) -> Subscription:  # fmt: skip
    """One that is not saved yet."""
    kept = to_json(query)
    return Subscription(
        address_sealed=seal(email), address_digest=digest_of(email), query=kept, query_key=key(kept), title=title, path="/",
        frequency=frequency, state="active", asked_at=since, confirmed_at=since, last_at=since, **more,
    )  # fmt: skip


def subscriber(email: str, since: datetime, **more: Any) -> Subscription:
    made = row(email, since, **more)
    made.save()
    return made
