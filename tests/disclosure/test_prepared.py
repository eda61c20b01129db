"""A prepared query answers as the query it was built from, with any values: numbers and texts."""

from datetime import date

import pytest
from django.db.models import Q
from tests import factories

from gongkai.disclosure.models import Edition, Item
from gongkai.disclosure.prepared import Prepared
from gongkai.rules.publication import State

COLUMNS = ("item_id", "title", "keywords", "document_date", "published_at", "normative", "document_year")


@pytest.fixture
def editions(db):
    body = factories.body()
    return [
        factories.published(
            body, keywords=[f"词{n}"], document_date=date(2026, 1, n + 1), normative=bool(n % 2)
        ).current
        for n in range(5)
    ]


def test_rows_are_those_of_the_query_with_their_types(editions):
    def build(*ids: int):
        return Edition.objects.filter(item_id__in=ids, state=State.PUBLISHED).order_by("pk").values_list(*COLUMNS)

    prepared = Prepared(build)
    for wanted in ([editions[0]], editions[1:4], editions):
        ids = [edition.item_id for edition in wanted]
        assert prepared(*ids) == list(build(*ids))


def test_each_value_goes_to_its_own_place(editions):
    prepared = Prepared(
        lambda item, number: Item.objects.filter(Q(pk=item) & Q(editions__number=number)).values_list(
            "pk", "editions__number"
        )
    )
    item = editions[2].item_id
    assert prepared(item, 1) == [(item, 1)]
    assert prepared(item, 2) == []
    assert prepared(1, item) == [] or item == 1


def test_the_orm_writes_the_statement_once(editions):
    written = []

    def build(item: int):
        written.append(item)
        return Item.objects.filter(pk=item).values_list("pk")

    prepared = Prepared(build)
    for edition in editions:
        assert prepared(edition.item_id) == [(edition.item_id,)]
    assert len(written) == 1


def test_a_query_that_loses_a_value_is_refused(db):
    with pytest.raises(ValueError, match="do not stand in the query"):
        Prepared(lambda item: Item.objects.values_list("pk"))(1)


def test_texts_are_filled_in_as_numbers_are_even_beside_them(editions):
    prepared = Prepared(lambda title, item: Edition.objects.filter(title=title, item_id=item).values_list("item_id"))
    edition, other = editions[1], editions[2]
    assert prepared(edition.title, edition.item_id) == [(edition.item_id,)]
    assert prepared(f"{edition.title}？'%s", edition.item_id) == []
    assert prepared(other.title, other.item_id) == [(other.item_id,)]


def test_a_number_no_column_can_hold_finds_nothing_also_beside_a_text(editions):
    prepared = Prepared(lambda title, item: Edition.objects.filter(title=title, item_id=item).values_list("item_id"))
    assert prepared(editions[0].title, 10**30) == []
