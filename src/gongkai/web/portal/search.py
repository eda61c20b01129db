"""一站搜: words, phrases and document numbers over everything public, with facets, snippets and a permanent address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from gongkai.disclosure.public_cards import texts
from gongkai.disclosure.public_tree import Body, bodies, district
from gongkai.policies import library as policies
from gongkai.policies.cards import CardView, cards_of, wants_card
from gongkai.policies.folding import Group, folded
from gongkai.policies.library import GROUP_FACET, SITE_FACETS, Entry
from gongkai.policies.topics import topics_about
from gongkai.rules.popular_searches import parameters
from gongkai.rules.vocabulary import vocabulary
from gongkai.search import Scope, SearchQuery, SearchResults, Sort, TimeRange, search
from gongkai.search.corrections import correction
from gongkai.search.related import related
from gongkai.search_log.popular import popular_list, top_searches
from gongkai.text.highlight import Passage, Segments, mark, passage
from gongkai.text.life_events import stages_meant
from gongkai.web.portal import lists, pages, pasted, questions
from gongkai.web.portal.pages import render
from gongkai.web.shared.search_counting import note_search

SPANS = (("", "不限"), ("week", "一周内"), ("month", "一月内"), ("year", "一年内"))
RESULT_FACETS = (*SITE_FACETS, GROUP_FACET)


@dataclass(frozen=True, slots=True)
class Found:
    """One hit: its card, its title with the words marked, and the passage that answers."""

    entry: Entry
    title: Segments
    passage: Passage | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A hit in its place, with its policy cards and with the hits that belong to it."""

    hit: Found
    group: Group
    members: tuple[Found, ...]
    policy_cards: Sequence[CardView]


@dataclass(frozen=True, slots=True)
class Tab:
    """A group of results above the list; `address` parameter values are those of the facet."""

    code: str
    label: str
    count: int
    current: bool


@dataclass(frozen=True, slots=True)
class Help:
    """What to do when nothing was found."""

    without_filters: int
    """Results there would be without any filter; 0 when nothing narrows the question."""
    body: Body | None
    """The body to ask: the one that was chosen, else the district's."""


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """The results, or, before anything is asked, what can be asked."""
    params = request.GET
    chosen = questions.selected(params, RESULT_FACETS)
    asked = lists.site_search(params).query
    query, readings = pasted.resolved(replace(asked, facets=policies.wanted(RESULT_FACETS)), request)
    listing = pages.listing(request, query, 10)
    results = listing.results
    foldable = _foldable(query)
    fold = foldable and params.get("fold") != "0"
    page = render(
        request,
        "search.html",
        title=f"{query.text} - 一站搜" if query.text else "一站搜",
        section="search",
        query=query,
        readings=readings,
        stages=stages_meant(query.text),
        topics=topics_about(query.text),
        shown=_shown(_found(listing.page.rows, query.terms), fold),
        foldable=foldable,
        fold=fold,
        today=timezone.localdate(),
        listing=listing,
        facets=policies.facets(results, SITE_FACETS, chosen),
        tabs=_tabs(results, chosen.get(GROUP_FACET.parameter, ())),
        spans=SPANS,
        narrowed=_narrowed(query),
        popular=top_searches(),
        correction=correction(query, results),
        related=related(query, results, [entry.card.title for entry in listing.page.rows]),
        help=_help(query, chosen) if not listing.page.rows else None,
    )
    return note_search(request, page, query.text, listing.total, relaxed=results.relaxed)


def _tabs(results: SearchResults, chosen: Sequence[str]) -> list[Tab]:
    """全部, then each group that has results or is chosen."""
    counted = {value.value: value.count for value in results.facets[GROUP_FACET.facet]}
    groups = [
        Tab(term.code, term.label, counted.get(term.code, 0), term.code in chosen)
        for term in vocabulary(GROUP_FACET.vocabulary).terms
        if term.code in counted or term.code in chosen
    ]
    return [Tab("", "全部", sum(counted.values()), not chosen), *groups]


def _narrowed(query: SearchQuery) -> bool:
    return bool(query.filters) or query.published_at != TimeRange() or query.scope is not Scope.ALL


def _help(query: SearchQuery, chosen: Mapping[str, Sequence[str]]) -> Help:
    """Two short questions, on an empty page only."""
    wide = replace(query, filters={}, published_at=TimeRange(), scope=Scope.ALL, facets={}, limit=0, after=None)
    ids = chosen.get("organisation", ())
    found = [one for one in bodies() if str(one.id) in ids] if len(ids) == 1 else []
    return Help(search(wide).total if _narrowed(query) and query.text else 0, found[0] if found else district())


@require_safe
def popular_page(request: HttpRequest) -> HttpResponse:
    """热门搜索说明: the formula with the figures in force, and the present list with its figures."""
    return render(
        request,
        "popular_searches.html",
        title="热门搜索说明",
        section="search",
        list=popular_list(),
        figures=parameters(),
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


def _foldable(query: SearchQuery) -> bool:
    """Whether hits may be shown under their policies: by time they must stay in order, and one kind has nothing to fold."""
    return query.effective_sort is Sort.RELEVANCE and not {"group", "kind"} & query.filters.keys()


def _shown(found: Sequence[Found], fold: bool) -> list[Shown]:
    """Hits under their policies, or each by itself: two queries at most."""
    by_id = {one.entry.card.id: one for one in found}
    groups = folded(list(by_id)) if fold else [Group(pk) for pk in by_id]
    known = cards_of(group.head for group in groups if wants_card(by_id[group.head].entry.card.tags))
    return [
        Shown(by_id[group.head], group, tuple(by_id[pk] for pk in group.members), known.get(group.head, ()))
        for group in groups
    ]
