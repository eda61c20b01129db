"""Atom (RFC 4287) and JSON Feed (1.1) of every list: the newest entries, newest first, whatever the order of the page.

Entries have permanent ids (tag URIs, RFC 4151) that outlive changes of title and of address; what was withdrawn is no longer among them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.utils import timezone

from gongkai.api.json_text import json_text
from gongkai.api.lists import list_at
from gongkai.api.serialising import item_url
from gongkai.api.serving import machine
from gongkai.disclosure.public_cards import Card, cards
from gongkai.disclosure.public_changes import Moments, moments
from gongkai.foi import answer_log
from gongkai.policies import library
from gongkai.rules.vocabulary import vocabulary
from gongkai.search import SearchQuery, Sort, search
from gongkai.web.portal.lists import AnswerList, ChangeList, PublicList
from gongkai.web.portal.questions import midnight
from gongkai.web.shared.templating import CURSOR_PARAMETERS, absolute, address_of, site, stable_query

ENTRIES = 50
TAG_YEAR = "2026"
"""Year in which the authority named in the tags was theirs for certain; part of every id, so it never changes."""
MEDIA_TYPES = {"atom": "application/atom+xml; charset=utf-8", "json": "application/feed+json; charset=utf-8"}
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""Characters XML 1.0 forbids or discourages."""


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry."""

    id: str
    url: str
    title: str
    published: datetime
    updated: datetime
    summary: str
    author: str
    category: tuple[str, str]
    """Code and label."""


@machine()
def feed(request: HttpRequest, address: str, form: str) -> HttpResponse:
    """The feed of the list at `/<address>`."""
    found = list_at(request, address)
    query = stable_query(request.GET, without=(*CURSOR_PARAMETERS, "v"))
    entries = entries_of(found)
    body = None if isinstance(found, ChangeList) else found.body
    context = {
        "id": _tag(f"/{address}{query}"),
        "title": plain(f"{found.title} - {site().name}"),
        "page": absolute(f"/{address}{query}"),
        "own": absolute(f"{request.path}{query}"),
        "author": body.name if body else site().owner,
        "updated": max((entry.updated for entry in entries), default=midnight(timezone.localdate())),
        "entries": entries,
    }
    text = _atom(context) if form == "atom" else json_text(_json_feed(context))
    return HttpResponse(text, content_type=MEDIA_TYPES[form])


def entries_of(found: PublicList) -> list[FeedEntry]:
    """The newest entries of a list."""
    if isinstance(found, ChangeList):
        return _acts(found) if found.tab == "acts" else _expiries(found)
    if isinstance(found, AnswerList):
        return _answers(found)
    query = replace(found.query, sort=Sort.NEWEST, limit=ENTRIES)
    if found.as_of:
        listed, _ = library.scan(query, found.as_of, found.statuses, ENTRIES)
        return _items([entry.card for entry in listed])
    return _items(_cards(query))


def _cards(query: SearchQuery) -> list[Card]:
    return cards(search(query).ids)


def _items(found: list[Card]) -> list[FeedEntry]:
    known = moments(card.id for card in found)
    return [_item(card, known[card.id]) for card in found if card.id in known]


def _item(card: Card, when: Moments) -> FeedEntry:
    return FeedEntry(
        id=_tag(f"/items/{card.id}/"),
        url=item_url(card.id),
        title=plain(card.title),
        published=when.published,
        updated=when.updated,
        summary=plain(card.summary or _facts(card)),
        author=plain(card.organisation),
        category=(card.kind, vocabulary("item_kinds").label(card.kind)),
    )


def _facts(card: Card) -> str:
    """What is told of an item without a summary: who issued it, under which number, when."""
    written = f"成文日期 {card.document_date.isoformat()}" if card.document_date else ""
    return "，".join(part for part in ("、".join(card.issuing_agencies), card.document_number, written) if part)


def _acts(found: ChangeList) -> list[FeedEntry]:
    rows = library.acts(found.year).order_by("-effective_on", "-pk")[:ENTRIES]
    return [_act(line) for line in library.act_lines(rows)]


def _act(line: library.ActLine) -> FeedEntry:
    by = f"{line.act.title}（{line.act.document_number}）" if line.act.document_number else line.act.title
    on = midnight(line.on)
    return FeedEntry(
        id=_tag(f"/items/{line.document.id}/#{line.on.isoformat()}-{line.act.id}"),
        url=item_url(line.document.id),
        title=plain(f"{line.label}：{line.document.title}"),
        published=on,
        updated=on,
        summary=plain(f"自{line.on.isoformat()}起{line.label}，依据：{by}"),
        author=plain(line.act.organisation),
        category=("policy_document", line.label),
    )


def _expiries(found: ChangeList) -> list[FeedEntry]:
    rows = library.expiries(found.year).order_by("-expires_on", "-pk").values_list("item_id", flat=True)[:ENTRIES]
    known = cards(rows)
    when = moments(card.id for card in known)
    ended = [(card, card.expires_on) for card in known if card.expires_on]
    return [
        replace(
            _item(card, when[card.id]),
            id=_tag(f"/items/{card.id}/#expires-{last.isoformat()}"),
            title=plain(f"有效期届满：{card.title}"),
            updated=max(midnight(last), when[card.id].updated),
            summary=plain(f"有效期至{last.isoformat()}。{_facts(card)}"),
        )
        for card, last in ended
        if card.id in when
    ]


def _answers(found: AnswerList) -> list[FeedEntry]:
    rows = answer_log.listed(found.text, found.body.id if found.body else None).order_by("-decided_on", "-pk")
    return [
        FeedEntry(
            id=_tag(f"/information-requests/answers/{one.pk}/"),
            url=absolute(address_of("portal:logged-answer", one.pk)),
            title=plain(answer_log.shorten(one.question)),
            published=midnight(one.public_from),
            updated=midnight(one.public_from),
            summary=plain(one.answer),
            author=plain(one.organisation.name),
            category=("logged_answer", "依申请公开答复选登"),
        )
        for one in rows[:ENTRIES]
    ]


def _tag(path: str) -> str:
    return f"tag:{site().domain or 'localhost'},{TAG_YEAR}:{path}"


def plain(text: str) -> str:
    """Text without characters that XML cannot carry."""
    return _FORBIDDEN.sub("", text)


def _atom(context: dict[str, Any]) -> str:
    return get_template("api/feed.xml").render(context)


def _json_feed(context: dict[str, Any]) -> dict[str, Any]:
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": context["title"],
        "home_page_url": context["page"],
        "feed_url": context["own"],
        "language": "zh-CN",
        "authors": [{"name": context["author"]}],
        "items": [
            {
                "id": entry.id,
                "url": entry.url,
                "title": entry.title,
                "content_text": entry.summary or entry.title,
                "summary": entry.summary or entry.title,
                "date_published": entry.published,
                "date_modified": entry.updated,
                "authors": [{"name": entry.author}],
                "tags": [entry.category[1]],
                "language": "zh-CN",
            }
            for entry in context["entries"]
        ],
    }
