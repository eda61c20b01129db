"""The pager walks every row exactly once, both ways, over tables and over the index."""

from datetime import timedelta

import pytest
from django.core.exceptions import BadRequest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.organisations.models import Organisation
from gongkai.search import SearchQuery, Sort
from gongkai.search.indexer import reindex
from gongkai.web.shared.pager import paginate, paginate_search
from tests import factories

ORDER = ("-position", "kind", "pk")


def walk(ask):
    """All pages onwards, then all pages back from the last."""
    onwards, page = [], ask({})
    while True:
        onwards.append(page.rows)
        if page.after is None:
            break
        page = ask({"after": page.after})
    backwards = [page.rows]
    while page.before is not None:
        page = ask({"before": page.before})
        backwards.insert(0, page.rows)
    return onwards, backwards


@pytest.mark.django_db
@given(positions=st.lists(st.integers(0, 3), max_size=17), size=st.integers(1, 6))
@settings(max_examples=25, deadline=None)
def test_every_row_is_met_once_whatever_ties_there_are(positions, size):
    Organisation.objects.all().delete()
    for position in positions:
        body = factories.body(kind="township" if position % 2 else "department")
        Organisation.objects.filter(pk=body.pk).update(position=position)
    expected = list(Organisation.objects.order_by(*ORDER))
    onwards, backwards = walk(lambda params: paginate(Organisation.objects.all(), ORDER, params, size))
    assert [row for page in onwards for row in page] == expected
    assert [row for page in backwards for row in page] == expected
    assert all(len(page) == size for page in onwards[:-1])


@pytest.mark.django_db
def test_it_pages_over_dictionaries_and_times_too():
    for number in range(5):
        factories.user(f"u{number}")
    rows = Organisation._meta.apps.get_model("organisations", "User").objects.values("pk", "date_joined", "username")
    onwards, _ = walk(lambda params: paginate(rows, ("-date_joined", "-pk"), params, 2))
    assert [row["username"] for page in onwards for row in page] == ["u4", "u3", "u2", "u1", "u0"]


@pytest.mark.django_db
def test_a_row_that_comes_in_between_shifts_nothing():
    first = [factories.body() for _ in range(6)]
    page = paginate(Organisation.objects.all(), ("pk",), {}, 3)
    Organisation.objects.filter(pk=first[0].pk).delete()
    following = paginate(Organisation.objects.all(), ("pk",), {"after": page.after}, 3)
    assert [row.pk for row in following.rows] == [body.pk for body in first[3:]]


FORGED = (
    "x",
    "!!!!",
    "bm90anNvbg",
    "W10",
    "WzFd",
    "WyJhIiwiYiIsImMiXQ",
    "W3t9LDEsMl0",
    "W251bGwsbnVsbCxudWxsXQ",
    "a" * 500,
)


@pytest.mark.django_db
@pytest.mark.parametrize("cursor", FORGED)
def test_a_forged_cursor_is_a_bad_request_and_never_an_error(cursor):
    factories.body()
    with pytest.raises(BadRequest):
        paginate(Organisation.objects.all(), ORDER, {"after": cursor}, 3)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "sort"),
    [("", Sort.NEWEST), ("", Sort.OLDEST), ("通知", Sort.RELEVANCE), ("通知", Sort.NEWEST), ("", Sort.RELEVANCE)],
)
def test_search_results_are_walked_once_in_every_order(settings, tmp_path, text, sort):
    settings.GONGKAI_DATA_DIR = tmp_path
    body, now = factories.body(), timezone.now()
    for number in range(13):
        factories.published(body, at=now - timedelta(hours=number // 3))  # some at the same moment
    reindex()
    query = SearchQuery(text=text, sort=sort)
    onwards, backwards = walk(lambda params: paginate_search(query, params, 5)[1])
    assert [len(page) for page in onwards] == [5, 5, 3]
    assert onwards == backwards
    assert len({pk for page in onwards for pk in page}) == 13


@pytest.mark.django_db
@pytest.mark.parametrize("cursor", ["zzz", "n", "o1", "nffffffffffffffffffff"])
def test_a_cursor_of_another_list_is_a_bad_request(settings, tmp_path, cursor):
    settings.GONGKAI_DATA_DIR = tmp_path
    for name in ("after", "before"):
        with pytest.raises(BadRequest):
            paginate_search(SearchQuery(sort=Sort.NEWEST), {name: cursor}, 5)
