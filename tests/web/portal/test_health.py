"""The health page says what is broken, to people and to programs."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from gongkai.jobs.models import Heartbeat
from gongkai.search import SearchUnavailable
from gongkai.search.models import OutboxEntry
from gongkai.web.portal import site


def checks(client) -> tuple[int, dict[str, bool]]:
    response = client.get("/health/?format=json")
    body = response.json()
    assert body["healthy"] == (response.status_code == 200)
    assert response["Cache-Control"] == "no-store"
    return response.status_code, {check["name"]: check["healthy"] for check in body["checks"]}


@pytest.mark.django_db
def test_all_is_well(client, index):
    assert checks(client) == (200, {"database": True, "index": True, "index_lag": True, "disk": True})
    assert "各项检查正常" in client.get("/health/").text


@pytest.mark.django_db
@pytest.mark.parametrize(("waited", "healthy"), [(10, True), (3600, False)])
def test_changes_that_wait_long_mean_that_nobody_indexes(client, index, waited, healthy):
    entry = OutboxEntry.objects.create(item_id=1)
    OutboxEntry.objects.filter(pk=entry.pk).update(created_at=timezone.now() - timedelta(seconds=waited))
    status, found = checks(client)
    assert (status == 200) is found["index_lag"] is healthy


@pytest.mark.django_db
@pytest.mark.parametrize(("silent", "healthy"), [(10, True), (3600, False)])
def test_a_silent_background_process_is_taken_for_dead(client, index, silent, healthy):
    Heartbeat.objects.create(name="tick", at=timezone.now() - timedelta(seconds=silent))
    assert checks(client)[1]["worker:tick"] is healthy


@pytest.mark.django_db
def test_a_broken_index_is_told(client, index, monkeypatch):
    def broken(query):
        raise SearchUnavailable("请重建索引")

    monkeypatch.setattr(site, "search", broken)
    status, found = checks(client)
    assert status == 503 and not found["index"]
    assert "请重建索引" in client.get("/health/").text


@pytest.mark.django_db
def test_a_full_disk_is_told(client, index, monkeypatch):
    monkeypatch.setattr(site.shutil, "disk_usage", lambda path: SimpleNamespace(free=1024))
    assert checks(client)[1]["disk"] is False


@pytest.mark.django_db
def test_a_lost_database_is_told_on_a_page_that_needs_none(client, index, monkeypatch):
    from django.db import DatabaseError

    class Lost:
        def cursor(self):
            raise DatabaseError("gone")

    monkeypatch.setattr(site, "connection", Lost())
    response = client.get("/health/")
    assert response.status_code == 503
    assert "无法连接" in response.text and "gone" not in response.text
