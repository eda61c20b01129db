"""The standing guard of the machine side: every address × every state an item can be in.

Only what the portal shows may be learned from the API, the feeds, the exports and the sitemap. An address that is not in the table
fails the suite. Each item carries a word that occurs nowhere else; what must not be learned of it is looked for in whole answers.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.api.endpoints import ENDPOINTS, VOCABULARIES
from gongkai.catalogues.models import CatalogueRow
from gongkai.disclosure.models import Edition, Item
from gongkai.organisations.models import Organisation
from gongkai.rules.access import Role
from gongkai.rules.publication import State
from gongkai.rules.relations import RelationKind
from gongkai.search.indexer import reindex
from gongkai.web.portal.lists import LISTS
from tests import factories
from tests.guards.addresses import addresses
from tests.web.portal.test_items import withdraw

ITEM, OPEN = "names an item", "names none"

MACHINE: dict[str, str] = {
    **dict.fromkeys(("api:documentation", "api:openapi", "api:unknown"), OPEN),
    **dict.fromkeys(("api:items", "api:documents", "api:search", "api:changes"), OPEN),
    **dict.fromkeys(("api:organisations", "api:organisation", "api:catalogue"), OPEN),
    **dict.fromkeys(("api:vocabularies", "api:vocabulary"), OPEN),
    **dict.fromkeys(("api:item", "api:edition", "api:document"), ITEM),
    **dict.fromkeys(("api:feed", "api:export"), OPEN),
    **dict.fromkeys(("api:sitemap", "api:sitemap-pages", "api:sitemap-part"), OPEN),
}
"""Every address of the machine side, and whether it names an item."""
FORMS = ("feed.atom", "feed.json", "export.csv", "export.json")

UNPUBLISHED = (State.DRAFT, State.REVIEW, State.SIGN_OFF, State.SCHEDULED)
REASON = "涉及个人隐私"


@dataclass(frozen=True, slots=True)
class World:
    """One body with an item in each state."""

    body: Organisation
    row: CatalogueRow
    public: Item
    unpublished: dict[State, Item]
    withdrawn: Item
    stale: Item
    """Withdrawn a moment ago: the index still has it."""
    corrected: Item
    """Public, with a draft of its next edition."""


def mark(name: str) -> str:
    """The word that only the item `name` has."""
    return f"暗号{name}尾"


def _made(body: Organisation, row: CatalogueRow, name: str, **more) -> Item:
    word = mark(name)
    return factories.published(
        body, rows=[row], title=f"关于{word}的通知", body=f"<p>{word}</p>", summary=word, normative=True, **more
    )


@pytest.fixture
def world(db, settings, tmp_path) -> World:
    settings.GONGKAI_DATA_DIR = tmp_path
    settings.GONGKAI_API_RATE = 0
    body, row = factories.body("谯城区教育局", code="jyj"), factories.row("政策文件")
    unpublished = {}
    for state in UNPUBLISHED:
        made = _made(body, row, state.value, state=state)
        unpublished[state] = made
    made = World(
        body, row, _made(body, row, "public"), unpublished, _made(body, row, "withdrawn"), _made(body, row, "stale"),
        _made(body, row, "corrected"),
    )  # fmt: skip
    for other in (*unpublished.values(), made.withdrawn):
        factories.relation(other, RelationKind.REPEALS, made.public, on=timezone.localdate() - timedelta(days=1))
    Edition.objects.create(
        item=made.corrected, number=2, state=State.DRAFT.value, title=f"关于{mark('correction')}的通知",
        body=f"<p>{mark('correction')}</p>",
    )  # fmt: skip
    withdraw(made.withdrawn)
    reindex()
    withdraw(made.stale)
    return made


HIDDEN = (*(state.value for state in UNPUBLISHED), "withdrawn", "stale", "correction")


def _text(answer) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode()


def _leaks(text: str, *, but: str = "") -> list[str]:
    return [name for name in HIDDEN if mark(name) in text and name != but]


def _lists(world: World) -> Iterator[str]:
    """Every list, plain and narrowed to the very words of what must not be found."""
    arguments = {"code": world.body.code, "row_id": world.row.pk}
    known = addresses("")
    for name in LISTS:
        yield reverse(name, kwargs={each: arguments[each] for each in known[name].arguments})
    for query in ("tab=new", "tab=expired"):
        yield f"{reverse('portal:changes')}?{query}"
    day = timezone.localdate().isoformat()
    for name in ("portal:search", "portal:policy-library"):
        yield from (f"{reverse(name)}?q={mark(hidden)}" for hidden in HIDDEN)
    yield f"{reverse('portal:policy-library')}?as-of={day}"


def _endpoints(world: World) -> Iterator[str]:
    """Every address of the API that names no item."""
    values = {"code": world.body.code, "name": VOCABULARIES[0]}
    for endpoint in ENDPOINTS:
        if MACHINE[f"api:{endpoint.name}"] is OPEN:
            of_catalogue = {"code": "statutory"} if endpoint.name == "catalogue" else values
            arguments = {each: of_catalogue[each] for each in addresses("api/")[f"api:{endpoint.name}"].arguments}
            yield reverse(f"api:{endpoint.name}", kwargs=arguments)
    yield from (f"{reverse('api:search')}?q={mark(hidden)}" for hidden in HIDDEN)
    yield from (f"{reverse(f'api:{name}')}?limit=100" for name in ("items", "documents", "search", "changes"))
    yield f"{reverse('api:documents')}?as_of={timezone.localdate().isoformat()}"
    yield reverse("api:documentation")
    yield reverse("api:openapi")


def _clients(world: World) -> Iterator[Client]:
    """Nobody, and somebody of the office: being signed in shows no more."""
    yield Client()
    signed_in = Client()
    signed_in.force_login(factories.member(world.body, *Role))
    yield signed_in


# --- the table ---------------------------------------------------------------------------------------------------------
def test_every_machine_address_stands_in_the_table():
    known = {name for name in addresses("") if name.startswith("api:")}
    assert known - set(MACHINE) == set(), "addresses without a row: say whether they name an item"
    assert set(MACHINE) - known == set(), "rows without an address"
    assert {name for name, about in MACHINE.items() if about is ITEM} == {
        f"api:{endpoint.name}" for endpoint in ENDPOINTS if any(one.name == "item_id" for one in endpoint.parameters)
    }


def test_every_address_answers_without_signing_in_and_gives_no_cookie(world):
    for address in _endpoints(world):
        answer = Client().get(address)
        assert answer.status_code == 200, address
        assert not answer.cookies and "cookie" not in answer.get("Vary", "").lower(), address


# --- states × addresses --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("form", FORMS)
def test_no_feed_and_no_export_shows_what_is_not_public(world, form):
    shown = 0
    for client in _clients(world):
        for address in _lists(world):
            path, _, query = address.partition("?")
            answer = client.get(f"{path}{form}{'?' if query else ''}{query}")
            assert answer.status_code == 200, address
            text = _text(answer)
            # the title of a feed or of an export repeats what was sought; what was sought is no secret
            sought = next((name for name in HIDDEN if query == f"q={mark(name)}"), "")
            assert _leaks(text, but=sought) == [], address
            if sought:
                assert f"关于{mark(sought)}" not in text, address
            shown += mark("public") in text
    assert shown > 6, "what is public is there, so the absence of the rest means something"


def test_no_list_of_the_api_shows_what_is_not_public(world):
    shown = 0
    for client in _clients(world):
        for address in _endpoints(world):
            text = _text(client.get(address))
            assert _leaks(text) == [], address
            shown += mark("public") in text
    assert shown > 6


def test_the_sitemap_names_public_items_alone(world):
    public = {world.public.pk, world.corrected.pk}
    text = "".join(Client().get(address).content.decode() for address in ("/sitemap.xml", "/sitemap-pages.xml"))
    text += Client().get(reverse("api:sitemap-part", args=[0])).content.decode()
    named = {item.pk for item in Item.objects.all() if f"/items/{item.pk}/<" in text}
    assert named == public
    assert "/office/" not in text and "/account/" not in text


WITHIN: tuple[tuple[str, Callable[[Item], dict[str, int]]], ...] = (
    ("api:item", lambda item: {"item_id": item.pk}),
    ("api:edition", lambda item: {"item_id": item.pk, "number": 1}),
    ("api:document", lambda item: {"item_id": item.pk}),
)


@pytest.mark.parametrize(("name", "arguments"), WITHIN, ids=[case[0] for case in WITHIN])
@pytest.mark.parametrize("state", UNPUBLISHED, ids=str)
def test_an_item_that_is_not_public_yet_answers_like_none(world, name, arguments, state):
    nothing = Client().get(reverse(name, kwargs={**arguments(world.public), "item_id": 999_999}))
    for client in _clients(world):
        answer = client.get(reverse(name, kwargs=arguments(world.unpublished[state])))
        assert (answer.status_code, answer.content) == (404, nothing.content)


@pytest.mark.parametrize(("name", "arguments"), WITHIN, ids=[case[0] for case in WITHIN])
@pytest.mark.parametrize("which", ["withdrawn", "stale"])
def test_a_withdrawn_item_is_gone_and_says_why_and_nothing_else(world, name, arguments, which):
    item = getattr(world, which)
    answer = Client().get(reverse(name, kwargs=arguments(item)))
    assert answer.status_code == 410
    assert answer["Content-Type"] == "application/problem+json"
    assert REASON in answer.json()["detail"] or "个人" in answer.json()["detail"]
    assert _leaks(answer.content.decode()) == []
    assert set(answer.json()) == {"type", "title", "status", "detail", "errors"}


@pytest.mark.parametrize(("name", "arguments"), WITHIN, ids=[case[0] for case in WITHIN])
def test_ties_history_and_corrections_of_a_public_item_tell_nothing_of_what_is_not(world, name, arguments):
    for item, own in ((world.public, "public"), (world.corrected, "corrected")):
        answer = Client().get(reverse(name, kwargs=arguments(item)))
        assert answer.status_code == 200 and mark(own) in answer.content.decode()
        assert _leaks(answer.content.decode()) == []
        for other in (*world.unpublished.values(), world.withdrawn):
            assert f"/items/{other.pk}/" not in answer.content.decode()


def test_the_next_edition_is_not_there_before_it_is_published(world):
    assert Client().get(reverse("api:edition", args=[world.corrected.pk, 2])).status_code == 404


def test_the_record_of_changes_names_public_and_withdrawn_items_alone(world):
    listed = Client().get(f"{reverse('api:changes')}?after=0&limit=100").content.decode()
    for item in world.unpublished.values():
        assert f"/items/{item.pk}/" not in listed
    assert _leaks(listed) == []


# --- the pages of an item and of its editions ----------------------------------------------------------------------------
def _interpreted(item: Item) -> int:
    """An interpretation of the item that is public, so that only the item itself can be the reason for a refusal."""
    made = factories.published(item.organisation, kind="interpretation")
    factories.relation(made, RelationKind.INTERPRETS, item)
    return made.pk


PAGES: dict[str, Callable[[Item], dict[str, object]]] = {
    "portal:item": lambda item: {"item_id": item.pk},
    "portal:reading-together": lambda item: {"item_id": item.pk, "other_id": _interpreted(item)},
    "portal:edition": lambda item: {"item_id": item.pk, "number": 1},
    "portal:document": lambda item: {"item_id": item.pk, "extension": "txt"},
    "portal:edition-document": lambda item: {"item_id": item.pk, "number": 1, "extension": "txt"},
    "portal:attachment": lambda item: {"item_id": item.pk, "attachment_id": 1, "name": "x.pdf"},
    "portal:table": lambda item: {"item_id": item.pk, "number": 1},
    "portal:table-document": lambda item: {"item_id": item.pk, "number": 1, "extension": "csv"},
    "portal:compare": lambda item: {"item_id": item.pk},
    "portal:comparison": lambda item: {"item_id": item.pk, "number": 1, "other": 2},
    "portal:comparison-document": lambda item: {"item_id": item.pk, "number": 1, "other": 2, "extension": "docx"},
}
"""Every address of the portal that names an item."""


def test_every_page_that_names_an_item_stands_in_the_table():
    named = {
        name for name, address in addresses("").items() if name.startswith("portal:") and "item_id" in address.arguments
    }
    assert named == set(PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_no_page_of_an_item_shows_what_is_not_public(world, name):
    """Unpublished items are not there at any address, withdrawn ones say so, and the next edition of a public one is not there."""
    for item in world.unpublished.values():
        Edition.objects.create(item=item, number=2, state=State.DRAFT.value, title=mark("draft"), body=mark("draft"))
    for client in _clients(world):
        for item in world.unpublished.values():
            assert client.get(reverse(name, kwargs=PAGES[name](item)), follow=True).status_code == 404
        for item in (world.withdrawn, world.stale, world.corrected, world.public):
            answer = client.get(reverse(name, kwargs=PAGES[name](item)), follow=True)
            assert answer.status_code in (200, 404, 410)
            assert _leaks(_text(answer)) == [], (name, item)
