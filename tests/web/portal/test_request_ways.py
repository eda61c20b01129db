"""How to apply, as the pages of 依申请公开 and the guide tell it: what is open, where and when."""

import pytest
from django.test import Client

from gongkai.web.portal import request_forms
from tests import factories
from tests.web.portal.request_pages import APPLY

pytestmark = pytest.mark.django_db
CONTACT = {"address": "示例路12号政务服务中心", "office_hours": "工作日8:30-12:00，14:30-17:30", "fax": "0558-0000009"}


@pytest.fixture
def client():
    return Client()


@pytest.fixture
def bureau():
    return factories.body("谯城区教育局", code="jyj", **CONTACT)


def pages(client):
    return [
        client.get(f"/organisations/jyj/{name}/").content.decode()
        for name in ("information-requests", "disclosure-guide")
    ]


def test_the_ways_to_apply_are_told_with_place_hours_and_fax(client, bureau):
    requests, guide = pages(client)
    for known in CONTACT.values():
        assert known in requests
    for way in ("在线提交", "当面提交", "邮寄提交", "传真提交", "口头提出"):
        assert way in requests
    assert f"{APPLY}?body=jyj" in requests and f"{APPLY}?body=jyj" in guide
    assert "尚未开通" not in requests + guide


def test_where_online_submission_is_closed_the_pages_say_so_and_there_is_no_form(client, bureau, monkeypatch):
    monkeypatch.setattr(request_forms, "switch_setting", lambda code: False)
    requests, guide = pages(client)
    assert "尚未开通网上提交" in requests and "当面提交" in requests
    assert APPLY not in requests and APPLY not in guide
    answer = client.get(APPLY)
    assert (answer.status_code, answer["Location"]) == (302, "/information-requests/")
    assert client.get("/information-requests/track/").status_code == 200, "what was sent in before is still followed"


def test_a_public_enterprise_is_asked_by_rules_of_its_own(client):
    factories.body("谯城区供水公司", code="jyj", kind="public_enterprise_institution")
    requests, _ = pages(client)
    assert "《条例》第五十五条" in requests and f"{APPLY}?body" not in requests
    assert "尚未开通" not in requests
