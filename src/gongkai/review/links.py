"""Links to other sites: remembered when a text is checked, visited in the background, and found dead by the gate afterwards.

Nobody waits for the network: a check asks only what the last visit said. One bad day of a site is no dead link: a page that says it is
gone counts after two days, a site that does not answer after three.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db.models import F, Q
from django.utils import timezone

from gongkai.review.content import Content, Placed
from gongkai.review.models import EditionLink, Link
from gongkai.rules.findings import found
from gongkai.text.checks.html_material import html_material
from gongkai.text.checks.links import web_addresses
from gongkai.text.web_answers import Answer, answer_of

AGAIN_AFTER = timedelta(days=7)
AGAIN_AFTER_FAILURE = timedelta(days=1)
DAYS_UNTIL_DEAD, DAYS_UNTIL_GONE = 3, 2
OFFLINE_AFTER = 5
"""Sites that may fail in a row, with none that answered, before it is taken that this machine has no network."""
LONGEST = 2000


class Offline(Exception):
    """No site at all answers: nothing is recorded, for it is the network here that is gone."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One link that was visited."""

    link: Link
    answer: Answer
    changed: bool
    """Whether it is dead now and was not before, or the other way round."""


def remember(content: Content) -> None:
    """Keep which addresses stand in the edition's text, so that they are visited and found again."""
    wanted = {_digest(address): address for address, _, _ in _addresses(content)}
    before = dict(EditionLink.objects.filter(edition_id=content.edition_id).values_list("link__digest", "pk"))
    gone = [pk for digest, pk in before.items() if digest not in wanted]
    if gone:
        EditionLink.objects.filter(pk__in=gone).delete()
    fresh = {digest: address for digest, address in wanted.items() if digest not in before}
    if not fresh:
        return
    rows = [
        Link(digest=digest, address=address, host=(urlsplit(address).hostname or "")[:253])
        for digest, address in fresh.items()
    ]
    Link.objects.bulk_create(rows, ignore_conflicts=True)
    known = Link.objects.filter(digest__in=fresh)
    EditionLink.objects.bulk_create(
        [EditionLink(edition_id=content.edition_id, link=link) for link in known], ignore_conflicts=True
    )


def keep(address: str) -> Link:
    """The link at an address that is listed by itself; it is visited from now on."""
    host = (urlsplit(address).hostname or "")[:253]
    Link.objects.update_or_create(
        digest=_digest(address),
        defaults={"kept": True},
        create_defaults={"address": address, "host": host, "kept": True},
    )
    return Link.objects.get(digest=_digest(address))


def let_go(link_id: int) -> None:
    """A link is no longer listed by itself."""
    Link.objects.filter(pk=link_id).update(kept=False)


def dead_links(content: Content) -> Iterator[Placed]:
    """Findings `link.dead` for addresses of the text that did not answer when they were last visited: one query."""
    places = list(_addresses(content))
    if not places:
        return
    digests = {_digest(address) for address, _, _ in places}
    dead = dict(Link.objects.filter(digest__in=digests, dead=True).values_list("digest", "answer"))
    text = html_material(content.body).material.text if dead else ""
    for address, start, end in places:
        if (words := dead.get(_digest(address))) is not None:
            shown = address if len(address) <= 80 else f"{address[:77]}…"
            message = f"“{shown}”打不开：{words}。"
            yield Placed(
                "body", "正文", found("link.dead", message=message, text=text[start:end], start=start, end=end)
            )


def visit(limit: int, now: datetime, ask: Callable[[str], Answer] = answer_of) -> Iterator[Visit]:
    """Visit the links that were not looked at for longest, at most `limit`, one after the other.

    Raises `Offline` when the first sites all fail; nothing is recorded then.
    """
    waiting: list[tuple[Link, Answer]] = []
    online = False
    for link in _due(limit, now):
        answer = ask(link.address)
        online = online or answer.alive or answer.gone
        if online:
            for earlier in waiting:
                yield _recorded(*earlier, now)
            waiting.clear()
            yield _recorded(link, answer, now)
            continue
        waiting.append((link, answer))
        if len({one.host for one, _ in waiting}) >= OFFLINE_AFTER:
            raise Offline
    if not online and len(waiting) > 1:
        raise Offline
    for last in waiting:
        yield _recorded(*last, now)


def editions_with(links: Iterable[Link]) -> frozenset[int]:
    """Ids of the editions in which any of the links stands."""
    found_in = EditionLink.objects.filter(link__in=list(links))
    return frozenset(found_in.values_list("edition_id", flat=True))


def _due(limit: int, now: datetime) -> list[Link]:
    used = Link.objects.filter(Q(editions__isnull=False) | Q(kept=True)).distinct()
    never = list(used.filter(visited_at=None).order_by("pk")[:limit])
    failed = used.filter(failures__gt=0, visited_at__lt=now - AGAIN_AFTER_FAILURE)
    rest = used.filter(failures=0, visited_at__lt=now - AGAIN_AFTER)
    for more in (failed, rest):
        never += more.order_by(F("visited_at").asc())[: limit - len(never)]
    return never


def _recorded(link: Link, answer: Answer, now: datetime) -> Visit:
    first_today = link.visited_at is None or timezone.localdate(link.visited_at) < timezone.localdate(now)
    before = link.dead
    link.failures = 0 if answer.alive else link.failures + first_today
    link.dead = link.failures >= (DAYS_UNTIL_GONE if answer.gone else DAYS_UNTIL_DEAD)
    link.answer, link.visited_at = answer.words[:100], now
    link.save(update_fields=["failures", "dead", "answer", "visited_at"])
    return Visit(link, answer, link.dead != before)


def _addresses(content: Content) -> Iterator[tuple[str, int, int]]:
    """(address, start, end in the text) of the body's links to other sites, each address once."""
    seen = set()
    for start, end, address in web_addresses(html_material(content.body).material):
        if address not in seen and len(address) <= LONGEST:
            seen.add(address)
            yield address, start, end


def _digest(address: str) -> str:
    return hashlib.sha256(address.encode("utf-8", "surrogatepass")).hexdigest()
