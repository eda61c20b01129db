"""热度榜 from the readings to the pages: the whole stack with its page cache, folding, computing, exclusion, attack."""

import re
from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.utils import timezone
from tests import factories
from tests.web.shared.test_search_counting import BROWSER, Site

from gongkai.audit import generation
from gongkai.audit.models import AuditRecord
from gongkai.organisations.actors import NotVisible
from gongkai.policies import popularity
from gongkai.policies.popularity_actions import exclude_from_popularity, put_back_into_popularity
from gongkai.rules.access import Role
from gongkai.rules.popularity import parameters
from gongkai.rules.reasons import Refused
from gongkai.search_log import intake, readings
from gongkai.search_log.models import DayOfItem, ReadSighting
from gongkai.web.portal import items as item_view

pytestmark = pytest.mark.django_db

AGENTS = [
    BROWSER,
    "Mozilla/5.0 (Windows NT 10.0; rv:127.0) Gecko/20100101 Firefox/127.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) AppleWebKit/605.1.15 Version/17.0 Safari/604.1",
    "Mozilla/5.0 (Windows NT 10.0) Chrome/126.0 Safari/537.36 Edg/126.0",
    "Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile Safari/537.36 MicroMessenger/8.0",
    "Mozilla/5.0 (Linux; U; Android 14) UCBrowser/16.0 Mobile Safari/537.36",
    "python-requests/2.32",
    "curl/8.5.0",
]


@pytest.fixture
def site(kept_connection, settings, tmp_path) -> Site:
    settings.GONGKAI_DATA_DIR = tmp_path
    return Site()


@pytest.fixture
def office(db):
    return factories.actor(factories.body(), Role.DISTRICT_OFFICE)


def read(site: Site, item, address: str, **more: str) -> int:
    return site.get(f"/items/{item.pk}/", address, **more)[0]


def fold_and_rank() -> list[int]:
    now = timezone.now()
    readings.sweep(now)
    popularity.compute(now)
    return [one.card.id for one in popularity.ranking(20)]


def honest(site: Site, item, networks: int, first: int = 0) -> None:
    for number in range(first, first + networks):
        assert read(site, item, f"10.{number}.0.9") == 200


def test_thirty_honest_readers_list_an_item_and_move_it_up_a_thousand_scripted_reads_do_not(site):
    body = factories.body()
    first, second, pushed = (factories.published(body) for _ in range(3))
    honest(site, first, 40)
    honest(site, second, 25)
    assert fold_and_rank() == [first.pk, second.pk]

    for number in range(1000):
        network, host = number % 5, number % 250
        assert read(site, pushed, f"172.16.{network}.{host}", HTTP_USER_AGENT=AGENTS[number % len(AGENTS)]) == 200
        read(site, second, f"172.16.{network}.{host}", HTTP_USER_AGENT=AGENTS[number % len(AGENTS)])
    assert fold_and_rank() == [first.pk, second.pk]
    counted = DayOfItem.objects.get(item_id=pushed.pk)
    assert (counted.readers, counted.networks) == (10, 5)

    honest(site, second, 30, first=100)
    assert fold_and_rank() == [second.pk, first.pk]


def test_a_page_from_the_cache_counts_like_a_new_one_and_costs_no_query(site, monkeypatch, django_assert_num_queries):
    item = factories.published(factories.body())
    made = []
    render = item_view.render
    monkeypatch.setattr(item_view, "render", lambda *a, **k: made.append(1) or render(*a, **k))
    read(site, item, "10.0.0.1")
    generation.current()
    with django_assert_num_queries(0):
        for number in range(1, 4):
            read(site, item, f"10.{number}.0.1")
    assert len(made) == 1
    fold_and_rank()
    assert DayOfItem.objects.get().readers == 4


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"HTTP_USER_AGENT": "curl/8.5.0"}, "a program"),
        ({"HTTP_USER_AGENT": ""}, "no agent"),
        ({"HTTP_ACCEPT_LANGUAGE": ""}, "no language"),
        ({"HTTP_SEC_PURPOSE": "prefetch"}, "fetched ahead"),
        ({"method": "HEAD"}, "only the head"),
    ],
)
def test_what_nobody_reads_does_not_count(site, more, reason):
    item = factories.published(factories.body())
    assert read(site, item, "10.0.0.1", **more) == 200
    fold_and_rank()
    assert not DayOfItem.objects.exists(), reason


def test_a_reader_counts_once_for_an_item_and_day_and_leaves_nothing_behind_on_the_next(site):
    item = factories.published(factories.body())
    for _ in range(3):
        read(site, item, "10.0.0.1")
    now = timezone.now()
    files = list(intake.reads_directory().iterdir())
    assert not any("10.0.0" in path.read_bytes().decode("latin-1") for path in files if path.suffix == ".reads")
    readings.sweep(now)
    assert DayOfItem.objects.get().readers == 1 and ReadSighting.objects.count() == 1
    readings.sweep(now + timedelta(days=1))
    assert not ReadSighting.objects.exists() and not list(intake.reads_directory().iterdir())
    assert DayOfItem.objects.get().readers == 1


def test_a_line_that_comes_after_its_day_was_closed_changes_nothing(site):
    item = factories.published(factories.body())
    honest(site, item, 3)
    now = timezone.now()
    readings.sweep(now)
    readings.sweep(now + timedelta(days=1))
    late = intake.reads_directory() / f"{timezone.localdate(now)}.1-late.reads"
    late.write_text(f"{'a' * 16}\t{'b' * 16}\t{item.pk}\n")
    assert readings.fold(intake.reads_directory(), now + timedelta(days=1)) == 1
    assert DayOfItem.objects.get().readers == 3


def test_a_kill_while_folding_or_before_ranking_loses_and_doubles_nothing(site, monkeypatch):
    item = factories.published(factories.body())
    honest(site, item, 15)
    count = readings.count_day

    def killed(*args, **more):
        raise DatabaseError("killed")

    monkeypatch.setattr(readings, "count_day", killed)
    with pytest.raises(DatabaseError):
        readings.sweep(timezone.now())
    assert not DayOfItem.objects.exists() and not ReadSighting.objects.exists()
    monkeypatch.setattr(readings, "count_day", count)
    readings.sweep(timezone.now())  # and killed here, before the list is computed
    honest(site, item, 15, first=50)
    monkeypatch.setattr(popularity.RankedItem.objects, "bulk_create", killed)
    readings.sweep(timezone.now())
    with pytest.raises(DatabaseError):
        popularity.compute(timezone.now())
    assert popularity.computed_at() is None
    monkeypatch.undo()
    for _ in range(2):
        popularity.compute(timezone.now())
    (one,) = popularity.ranking(20)
    assert one.readers == 30 and one.score == 30.0


def test_the_formula_page_lets_a_reader_recompute_the_figures_of_the_list(client):
    body = factories.body()
    made = [factories.published(body), factories.published(body, kind="interpretation")]
    for item, days in zip(made, ({0: 12, 3: 31, 29: 7, 30: 500}, {1: 20, 8: 25}), strict=True):
        for ago, readers in days.items():
            factories.read(item, readers=readers, days_ago=ago)
    popularity.compute(timezone.now())
    listed = client.get("/interpretations/popular/").content.decode()
    explained = client.get("/interpretations/popular/formula/").content.decode()
    figures, today = parameters(), timezone.localdate()
    for item in made:
        row = re.search(rf'/items/{item.pk}/">.*?numeric">([\d.]+)<.*?numeric">(\d+)<', listed, re.DOTALL)
        score, readers = float(row[1]), int(row[2])
        part = re.search(rf'id="item-{item.pk}">(.*?)</details>', explained, re.DOTALL)[1]
        days = re.findall(r'<th scope="row">(\d{4}-\d{2}-\d{2})</th><td class="numeric">(\d+)<', part)
        again = sum(
            int(count) * 0.5 ** ((today - timezone.datetime.fromisoformat(on).date()).days / figures.half_life_days)
            for on, count in days
        )
        assert round(again, 2) == score and sum(int(count) for _, count in days) == readers
        assert f"热度 {score:.2f}，{readers} 人次" in part


def test_the_list_of_one_kind_and_among_some_keeps_the_order_and_counts_its_own_places(client):
    body = factories.body()
    document, text, other = (
        factories.published(body, kind=kind) for kind in ("policy_document", "interpretation", "notice")
    )
    third = factories.published(body, kind="interpretation")
    for readers, item in ((50, document), (40, text), (90, other), (30, third)):
        factories.read(item, readers=readers)
    popularity.compute(timezone.now())
    assert [one.card.id for one in popularity.ranking(20)] == [document.pk, text.pk, third.pk]
    some = popularity.ranking(20, among={third.pk, text.pk, other.pk})
    assert [(one.place, one.card.id) for one in some] == [(1, text.pk), (2, third.pk)]
    assert [one.card.id for one in popularity.ranking(1)] == [document.pk]
    page = client.get("/interpretations/popular/?kind=interpretation").content.decode()
    assert f"/items/{text.pk}/" in page and f"/items/{document.pk}/" not in page


def test_the_selector_asks_two_queries(django_assert_num_queries):
    for item in factories.published_many(factories.body(), 25):
        factories.read(item)
    popularity.compute(timezone.now())
    with django_assert_num_queries(2):
        assert len(popularity.ranking(20)) == 20


def test_the_list_is_computed_once_an_hour_and_anew_on_a_new_day():
    now = timezone.now().replace(hour=4, minute=0)
    factories.read(factories.published(factories.body()), readers=30)
    popularity.compute(now)
    factories.read(factories.published(factories.body()), readers=40)
    assert not popularity.compute_if_due(now + timedelta(minutes=59))
    assert popularity.compute_if_due(now + timedelta(minutes=60))
    popularity.compute(timezone.localtime(now).replace(hour=23, minute=50))
    assert popularity.compute_if_due(timezone.localtime(now).replace(hour=0, minute=1) + timedelta(days=1))


def test_an_excluded_item_leaves_the_list_with_its_public_reason_and_can_be_put_back(client, office):
    item = factories.published(factories.body())
    factories.read(item)
    popularity.compute(timezone.now())
    reason = "阅读量异常增长，正在核查"
    made = exclude_from_popularity(actor=office, index_number=f" {item.index_number} ", reason=reason)
    assert popularity.ranking(20) == []
    page = client.get("/interpretations/popular/formula/").content.decode()
    assert reason in page and f"/items/{item.pk}/" in page
    put_back_into_popularity(actor=office, exclusion_id=made.pk)
    assert [one.card.id for one in popularity.ranking(20)] == [item.pk]
    generation.forget()
    assert reason not in client.get("/interpretations/popular/formula/").content.decode()
    actions = AuditRecord.objects.filter(object_type="item", object_id=str(item.pk)).values_list("action", flat=True)
    assert {"popularity.exclude", "popularity.put_back"} <= set(actions)
    with pytest.raises(NotVisible):
        put_back_into_popularity(actor=office, exclusion_id=made.pk)


def test_an_exclusion_without_item_and_reason_is_refused_with_both_reasons(office):
    with pytest.raises(Refused) as refusal:
        exclude_from_popularity(actor=office, index_number="nothing", reason=" ")
    assert {one.field for one in refusal.value.reasons} == {"index_number", "reason"}
    item = factories.published(factories.body())
    exclude_from_popularity(actor=office, index_number=item.index_number, reason="正在核查")
    with pytest.raises(Refused) as again:
        exclude_from_popularity(actor=office, index_number=item.index_number, reason="长" * 201)
    assert {one.code for one in again.value.reasons} == {"excluded", "reason_long"}


def test_the_office_page_keeps_what_was_typed_when_it_refuses(client):
    client.force_login(factories.member(factories.body(), Role.DISTRICT_OFFICE))
    answer = client.post("/office/popularity/", {"index_number": "不存在的索引号", "reason": "正在核查"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "没有找到该索引号" in page and "不存在的索引号" in page and "正在核查</textarea>" in page


def test_a_withdrawn_item_is_not_listed_even_before_the_next_computation():
    item = factories.published(factories.body())
    factories.read(item)
    popularity.compute(timezone.now())
    type(item.current).objects.filter(pk=item.current_id).update(state="withdrawn")
    assert popularity.ranking(20) == []
