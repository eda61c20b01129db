"""邮件订阅 on the site: nothing holds before the owner of the address says so, nothing is told of who follows what, one click leaves."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import urlsplit

import pytest
from django.core import mail, signing
from django.test import Client
from django.utils import timezone

from gongkai.audit.models import AuditRecord
from gongkai.participation import links, tasks
from gongkai.participation.models import Subscription
from gongkai.rules.access import Role
from gongkai.search import SearchQuery
from gongkai.web.portal import request_guard as guard
from tests import factories
from tests.participation.makers import subscriber
from tests.web.portal.request_pages import answer_to, fields

pytestmark = pytest.mark.django_db
EMAIL = "reader@example.cn"
NEW = "/subscriptions/new/?list=/policy-library/%3Fsubject%3DA%26q%3D%E5%8C%BB%E4%BF%9D"


@pytest.fixture(autouse=True)
def at_once(monkeypatch, settings):
    """Background work is done at once; a form may be filled in at once."""
    monkeypatch.setattr(guard, "LEAST_SECONDS", 0)
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    settings.GONGKAI_PAGE_CACHE = False
    factories.body("谯城区人民政府", kind="district_government", code="qzf")


def ask(client: Client, address: str = NEW, **more):
    page = unescape(client.get(address).content.decode())
    given = {**fields(page), "email": EMAIL, "frequency": "daily", "answer": answer_to(page), **more}
    return client.post(address.partition("?")[0], {name: value for name, value in given.items() if value is not None})


def link(letter, name: str) -> str:
    return urlsplit(re.search(rf"https?://\S+/subscriptions/{name}/\S+", letter.body)[0]).path


def test_a_list_offers_to_be_followed_by_mail(client):
    page = client.get("/policy-library/?q=医保&sort=newest").content.decode()
    address = re.search(r'href="(/subscriptions/new/[^"]+)"', page)[1]
    assert client.get(address.replace("&amp;", "&")).status_code == 200


@pytest.mark.parametrize("address", ["/policy-library/?as-of=2024-01-01", "/policy-library/changes/", "/policy-library/in-force-register/", "/information-requests/answers/"])  # fmt: skip
def test_lists_that_cannot_be_followed_do_not_offer_it(client, address):
    assert "/subscriptions/new/" not in client.get(address).content.decode()
    assert client.get("/subscriptions/new/", {"list": address}).status_code == 404


@pytest.mark.parametrize("address", ["", "/", "https://example.com/", "//example.com/", "/office/", "/items/1/", "/nothing/"])  # fmt: skip
def test_only_lists_of_this_site_are_followed(client, address):
    expected = 200 if address == "/" else 404
    assert client.get("/subscriptions/new/", {"list": address}).status_code == expected


def test_a_subscription_holds_only_when_its_owner_presses_the_button(client):
    answer = ask(client)
    assert (answer.status_code, answer["Location"]) == (302, "/subscriptions/sent/")
    one = Subscription.objects.get()
    assert one.state == "pending" and one.query["filters"]["subjects"] == ["A"] and one.query["text"] == "医保"
    assert "医保" in one.title
    assert EMAIL not in one.address_sealed and EMAIL not in str(AuditRecord.objects.values_list("detail", flat=True))
    (letter,) = mail.outbox
    assert letter.to == [EMAIL]
    where = link(letter, "confirm")
    assert "确认订阅" in client.get(where).content.decode()
    assert Subscription.objects.get().state == "pending", "programs that look through mail open every link"
    assert "订阅成功" in client.post(where).content.decode()
    one.refresh_from_db()
    assert (one.state, one.frequency) == ("active", "daily") and one.last_at <= timezone.now()


def test_a_link_to_confirm_is_good_for_48_hours(client, monkeypatch):
    ask(client)
    where = link(mail.outbox[0], "confirm")
    now = signing.time.time()
    monkeypatch.setattr(signing.time, "time", lambda: now + 48 * 3600 + 10)
    answer = client.post(where)
    assert answer.status_code == 422 and "已超过 48 小时" in answer.content.decode()
    assert client.post(where[:-3] + "x/").status_code == 422
    assert Subscription.objects.get().state == "pending"


def test_nothing_is_told_of_whether_an_address_follows_already(client):
    first = ask(client)
    client.post(link(mail.outbox[0], "confirm"))
    again = ask(client, frequency="weekly")
    assert (first.status_code, first["Location"]) == (again.status_code, again["Location"])
    assert Subscription.objects.get().frequency == "daily", "nothing changes before the link is opened"
    client.post(link(mail.outbox[1], "confirm"))
    assert Subscription.objects.get().frequency == "weekly"


def test_everything_wrong_is_said_at_once_and_nothing_typed_is_lost(client):
    answer = ask(client, email="不是邮箱", frequency=None, answer="99")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请选择接收频率" in page and "回答有误" in page and 'value="不是邮箱"' in page
    page = ask(client, email="不是邮箱").content.decode()
    assert "电子邮箱格式不对" in page and 'value="不是邮箱"' in page
    assert Subscription.objects.count() == 0 and mail.outbox == []


def test_the_same_form_sent_twice_sends_one_letter(client):
    page = client.get(NEW).content.decode()
    given = {**fields(page), "email": EMAIL, "frequency": "daily", "answer": answer_to(page)}
    for _ in range(2):
        assert client.post("/subscriptions/new/", given).status_code == 302
    assert len(mail.outbox) == 1


def test_nobody_is_flooded_with_letters(client):
    for _ in range(8):
        assert ask(client).status_code == 302
    assert len(mail.outbox) == 5


def test_one_click_leaves_and_nothing_is_kept(client):
    one = subscriber(EMAIL, timezone.now())
    where = urlsplit(links.to_leave(one.pk)).path
    assert "确认退订" in client.get(where).content.decode()
    assert Subscription.objects.count() == 1
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(where, {"List-Unsubscribe": "One-Click"}).status_code == 200  # RFC 8058
    assert Subscription.objects.count() == 0
    assert client.post(where).status_code == 200
    assert client.post(where[:-3] + "x/").status_code == 422


def test_the_link_sent_by_mail_shows_all_of_an_address_and_nothing_of_another(client):
    one, other = subscriber(EMAIL, timezone.now()), subscriber("other@example.cn", timezone.now())
    assert ask(client, "/subscriptions/", frequency=None).status_code == 302
    where = link(mail.outbox[0], "manage")
    page = client.get(where).content.decode()
    assert page.count('name="subscription"') == 1 and EMAIL not in page
    assert client.post(where, {"subscription": one.pk, "step": "change", "frequency": "weekly"}).status_code == 302
    assert client.post(where, {"subscription": one.pk, "step": "change", "frequency": "hourly"}).status_code == 422
    assert client.post(where, {"subscription": other.pk, "step": "leave"}).status_code == 422
    one.refresh_from_db()
    assert one.frequency == "weekly"
    assert client.post(where, {"subscription": one.pk, "step": "leave"}).status_code == 302
    assert list(Subscription.objects.all()) == [other]


def test_who_follows_nothing_gets_no_letter_and_the_same_answer(client):
    answer = ask(client, "/subscriptions/", frequency=None)
    assert (answer.status_code, answer["Location"], mail.outbox) == (302, "/subscriptions/sent/", [])


def test_without_a_mail_server_nothing_is_offered(client, settings):
    settings.GONGKAI_SUBSCRIPTIONS = False
    assert "/subscriptions/" not in client.get("/").content.decode()
    assert client.get(NEW).status_code == 404


def test_the_office_sees_numbers_and_no_address(client):
    for number in range(3):
        subscriber(f"{number}@example.cn", timezone.now(), refusals=number)
    subscriber("late@example.cn", timezone.now(), lost_at=timezone.now() - timedelta(days=1), frequency="weekly")
    for number, words in enumerate(("某人的事", "托育", "托育", "托育")):
        subscriber(f"words{number}@example.cn", timezone.now(), query=SearchQuery(words), title=words)
    client.force_login(factories.member(factories.body(), Role.DISTRICT_OFFICE))
    page = client.get("/office/subscriptions/").content.decode()
    assert "有效订阅 8 个" in page and "等待重试 2 个" in page and "情况不明 1 封" in page
    assert "托育" in page and "某人的事" not in page, "what one person sought is not named"
    assert "example.cn" not in page.replace("name@example.cn", "")


def test_a_letter_for_a_subscription_that_is_gone_is_not_sent():
    tasks.send_confirmation.func(999, "daily")
    tasks.send_link.func(999)
    assert mail.outbox == []
