"""一站搜: words, phrases and document numbers over everything public, with facets, snippets and a permanent address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from gongkai.disclosure.public_cards import texts
from gongkai.policies import library as policies
from gongkai.policies.library import SITE_FACETS, Entry
from gongkai.search import SearchQuery
from gongkai.text.highlight import Passage, Segments, mark, passage
from gongkai.web.portal import pages
from gongkai.web.portal.pages import render

SPANS = (("", "不限"), ("week", "一周内"), ("month", "一月内"), ("year", "一年内"))
GROUPS = (
    ("", "全部"),
    ("policy_document", "政策文件"),
    ("interpretation", "政策解读"),
    ("notice", "通知公告"),
    ("public_consultation", "意见征集"),
    ("annual_report", "年度报告"),
)
"""The groups above the results; each is the facet 信息类型 with one value."""


@dataclass(frozen=True, slots=True)
class Found:
    """One hit: its card, its title with the words marked, and the passage that answers."""

    entry: Entry
    title: Segments
    passage: Passage | None


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """The results, or, before anything is asked, what can be asked."""
    params = request.GET
    chosen = pages.selected(params, SITE_FACETS)
    query = SearchQuery(
        text=pages.text_of(params),
        scope=pages.scope_of(params),
        filters=pages.filters(chosen, SITE_FACETS),
        published_at=pages.published(params),
        sort=pages.sort_of(params),
        facets=policies.wanted(SITE_FACETS) | {"kind": 30},
    )
    listing = pages.listing(request, query, 10)
    counted = {value.value: value.count for value in listing.results.facets["kind"]}
    chosen_kinds = chosen.get("kind", ())
    group = chosen_kinds[0] if len(chosen_kinds) == 1 else ("" if not chosen_kinds else None)
    return render(
        request,
        "search.html",
        title=f"{query.text} - 一站搜" if query.text else "一站搜",
        section="search",
        query=query,
        found=_found(listing.page.rows, query.terms),
        listing=listing,
        facets=policies.facets(listing.results, SITE_FACETS, chosen),
        groups=[(kind, label, counted.get(kind, 0) if kind else sum(counted.values())) for kind, label in GROUPS],
        group=group,
        spans=SPANS,
    )


def _found(entries: Sequence[Entry], terms: Sequence[str]) -> list[Found]:
    """Hits with their marks: one query for the texts, none when nothing is to be marked."""
    bodies = texts([entry.card.id for entry in entries]) if terms else {}
    return [
        Found(
            entry,
            mark(entry.card.title, terms),
            passage(bodies[entry.card.id], terms) if bodies.get(entry.card.id) else None,
        )
        for entry in entries
    ]
