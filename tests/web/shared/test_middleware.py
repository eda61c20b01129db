"""Sessions and login stay in the office; errors carry a reference and tell nothing else."""

import logging
import re

import pytest
from django.http import Http404, HttpResponse
from django.test import Client
from django.urls import include, path

from gongkai.search import SearchUnavailable


def _ask(request):
    return HttpResponse(f"{hasattr(request, 'session')} {hasattr(request, 'user')}")


def _boom(request):
    raise RuntimeError("密码是 123")


def _missing(request):
    raise Http404("内部说明")


def _no_index(request):
    raise SearchUnavailable("索引损坏")


urlpatterns = [
    path("ask/", _ask),
    path("office/ask/", _ask),
    path("account/ask/", _ask),
    path("boom/", _boom),
    path("missing/", _missing),
    path("no-index/", _no_index),
    path("office/form/", lambda request: HttpResponse("ok")),
    path("", include("gongkai.api.urls")),
    path("", include("gongkai.web.portal.urls")),
]
handler404 = "gongkai.web.shared.errors.not_found"
handler500 = "gongkai.web.shared.errors.server_error"


@pytest.fixture(autouse=True)
def _these_addresses(settings):
    settings.ROOT_URLCONF = __name__


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "expected"), [("/ask/", "False False"), ("/office/ask/", "True True"), ("/account/ask/", "True True")]
)
def test_session_and_user_exist_in_the_office_only(client, address, expected):
    assert client.get(address).content.decode() == expected


@pytest.mark.django_db
def test_a_cookie_sent_to_the_portal_changes_nothing(client):
    client.cookies["gongkai_office"] = "x"
    response = client.get("/ask/")
    assert not response.cookies
    assert "cookie" not in response.get("Vary", "").lower()


@pytest.mark.django_db
def test_forms_of_the_office_are_protected():
    response = Client(enforce_csrf_checks=True).post("/office/form/")
    assert response.status_code == 403
    assert "页面已过期" in response.text


@pytest.mark.django_db
def test_an_unexpected_error_shows_its_reference_and_nothing_else(client, caplog):
    with caplog.at_level(logging.ERROR, "gongkai.errors"):
        response = client.get("/boom/")
    assert response.status_code == 500
    reference = re.search(r'class="reference">([0-9A-F]{8})<', response.text)[1]
    assert "系统繁忙" in response.text
    for leak in ("RuntimeError", "Traceback", "123"):
        assert leak not in response.text
    assert reference in caplog.text and "密码是 123" in caplog.text
    assert response["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_pages_that_are_missing_say_nothing_of_why(client):
    response = client.get("/missing/")
    assert response.status_code == 404
    assert "页面未找到" in response.text and "内部说明" not in response.text


@pytest.mark.django_db
def test_a_missing_index_is_a_passing_trouble(client):
    response = client.get("/no-index/")
    assert response.status_code == 503
    assert "检索服务" in response.text and "索引损坏" not in response.text


@pytest.mark.django_db
def test_an_error_outside_the_views_has_the_same_page(client, monkeypatch):
    from gongkai.web.shared import middleware

    monkeypatch.setattr(middleware.ErrorReferenceMiddleware, "__call__", lambda self, request: _boom(request))
    response = Client(raise_request_exception=False).get("/ask/")
    assert response.status_code == 500
    assert 'class="reference"' in response.text and "123" not in response.text
