"""The home page: search, the six entries, what is new, the catalogue, the bodies."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from gongkai.disclosure.public_cards import cards
from gongkai.disclosure.public_tree import GRASSROOTS, STATUTORY, bodies, tree
from gongkai.policies.integrated_topic import FACETS, stages
from gongkai.policies.library import Entry, entries
from gongkai.rules.tags import Dimension
from gongkai.rules.vocabulary import vocabulary
from gongkai.search import SearchQuery, Sort, search
from gongkai.search_log.popular import top_searches
from gongkai.web.portal import linked_data
from gongkai.web.portal.pages import if_searchable, newest, render

COLUMNS = (
    ("policy_document", "最新政策", 7),
    ("interpretation", "政策解读", 6),
    ("notice", "通知公告", 6),
    ("public_consultation", "意见征集", 4),
    ("pre_notice", "公示公告", 4),
)
"""Lists of the home page: kind, heading, lines. A list without any item is not shown."""
FIELDS_SHOWN = 26


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front page; six queries whatever the size of the register. While search is unavailable it lacks the lists."""
    lists = if_searchable(_lists)
    columns, latest, total = lists or ([], None, 0)
    grouped: dict[str, list] = {}  # type: ignore[type-arg]
    for body in bodies():
        grouped.setdefault(body.kind, []).append(body)
    return render(
        request,
        "home.html",
        section="home",
        linked_data=linked_data.website(),
        columns=columns,
        searchable=lists is not None,
        total=total,
        latest=latest,
        tree=tree(STATUTORY, depth=1),
        fields=tree(GRASSROOTS, depth=1)[:FIELDS_SHOWN],
        bodies=[
            (term.label, grouped[term.code]) for term in vocabulary("organisation_kinds").terms if term.code in grouped
        ],
        popular=top_searches(),
        dimensions=[
            (FACETS[one].parameter, one.label, stages(one, None)) for one in (Dimension.PERSON, Dimension.ENTERPRISE)
        ],
        district=next(iter(grouped.get("district_government", ())), None),
    )


def _lists() -> tuple[list[tuple[str, str, list[Entry]]], Entry | None, int]:
    """The newest items of each column, the newest of all, and how many there are."""
    found = {kind: search(newest(lines, kind=kind)) for kind, _, lines in COLUMNS}
    latest = search(SearchQuery(sort=Sort.NEWEST, limit=1))
    shown = entries(cards(pk for results in (*found.values(), latest) for pk in results.ids))
    by_id = {entry.card.id: entry for entry in shown}
    columns = [
        (kind, heading, [by_id[pk] for pk in found[kind].ids if pk in by_id])
        for kind, heading, _ in COLUMNS
        if found[kind].ids
    ]
    return columns, by_id.get(latest.ids[0]) if latest.ids else None, latest.total
