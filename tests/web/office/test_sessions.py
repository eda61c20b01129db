"""Sessions that end: by idleness, by age, because of another, because somebody said so; and what is told on the next request."""

from datetime import timedelta

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.utils import timezone

from gongkai.organisations.models import LoginEvent, User
from gongkai.rules.access import Role
from gongkai.web.office.sign_in import STATE
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    return factories.member(factories.body(), Role.CLERK, name="clerk")


def sign_in(person="clerk", password=factories.PASSWORD, **extra) -> Client:
    client = Client(**extra)
    assert client.post("/account/login/", {"login": person, "password": password}).status_code == 302
    return client


def later(client: Client, **how: int) -> None:
    """Let time pass for this session: move its times back."""
    session = client.session
    state, seconds = session[STATE], timedelta(**how).total_seconds()
    session[STATE] = {**state, "at": state["at"] - seconds, "seen": state["seen"] - seconds}
    session.save()


def busy(client: Client) -> None:
    """The owner did something just now."""
    session = client.session
    session[STATE] = {**session[STATE], "seen": timezone.now().timestamp()}
    session.save()


def told(client: Client, answer) -> str:
    assert answer.status_code == 302 and answer.headers["Location"].startswith("/account/login/")
    return client.get(answer.headers["Location"]).content.decode()


def test_half_an_hour_without_doing_anything_ends_the_session_and_leads_back(clerk):
    client = sign_in()
    later(client, minutes=29)
    assert client.get("/office/items/?state=draft").status_code == 200
    later(client, minutes=30)
    answer = client.get("/office/items/?state=draft")
    assert "next=/office/items/%3Fstate%3Ddraft" in answer.headers["Location"]
    assert "较长时间没有操作" in told(client, answer) and SESSION_KEY not in client.session
    assert LoginEvent.objects.filter(user=clerk, kind="ended").count() == 1


def test_what_somebody_does_keeps_the_session_but_never_beyond_its_longest_time(clerk):
    client = sign_in()
    for _ in range(3):
        later(client, minutes=20)
        assert client.get("/office/").status_code == 200, "twenty minutes, three times"
    later(client, hours=7)
    busy(client)
    assert "最长时限" in told(client, client.get("/office/"))


@pytest.mark.parametrize(
    ("how", "counts", "reason"),
    [
        ({"path": "/office/"}, True, "a page somebody opens"),
        ({"path": "/account/session/"}, False, "the page asks how long it lasts"),
        ({"path": "/office/", "HTTP_X_GONGKAI_BACKGROUND": "1"}, False, "the page asks by itself"),
        ({"path": "/office/", "cookie": True}, False, "the page loads itself again"),
    ],
)
def test_only_what_a_person_does_counts(clerk, how, counts, reason):
    client = sign_in()
    later(client, minutes=20)
    before = client.session[STATE]["seen"]
    if how.pop("cookie", False):
        client.cookies["gongkai_background"] = "1"
    client.get(**how)
    assert (client.session[STATE]["seen"] > before) is counts, reason


def test_an_autosave_counts_because_it_is_sent_only_after_somebody_typed(clerk):
    from gongkai.disclosure import actions
    from gongkai.organisations.actors import actor_for

    body = clerk.memberships.get().organisation
    item = actions.create_item(
        actor=actor_for(clerk), organisation_id=body.pk, kind="notice", values=factories.values()
    )
    client = sign_in()
    later(client, minutes=20)
    before = client.session[STATE]["seen"]
    client.post(f"/office/items/{item.pk}/autosave/", {"title": "写到一半", "revision": "1"})
    assert client.session[STATE]["seen"] > before


def test_the_page_can_ask_how_long_it_lasts_and_somebody_can_go_on(clerk):
    client = sign_in()
    later(client, minutes=29)
    assert 0 < client.get("/account/session/").json()["seconds"] <= 60
    assert client.post("/account/session/").json()["seconds"] > 29 * 60
    later(client, minutes=31)
    assert client.get("/account/session/").json() == {"seconds": 0} and SESSION_KEY not in client.session
    assert "较长时间没有操作" in client.get("/account/login/").content.decode()
    assert client.get("/account/session/").json() == {"seconds": 0}


def test_a_form_sent_too_late_leads_back_to_the_page_it_stood_on(clerk):
    client = sign_in()
    later(client, minutes=31)
    there = {"HTTP_REFERER": "http://testserver/office/people/?after=x", "HTTP_HOST": "testserver"}
    answer = client.post("/office/items/bulk/", {"title": "x"}, **there)
    assert "next=/office/people/%3Fafter%3Dx" in answer.headers["Location"]
    other = sign_in()
    later(other, minutes=31)
    answer = other.post("/office/items/bulk/", {}, HTTP_REFERER="https://evil.example/office/")
    assert answer.headers["Location"].endswith("next=/office/")


def test_where_only_one_session_is_allowed_the_older_is_told_why_it_ended(clerk, settings):
    one, two = sign_in(), sign_in()
    assert one.get("/office/").status_code == two.get("/office/").status_code == 200, "allowed by default"
    settings.GONGKAI_ONE_SESSION = True
    three = sign_in()
    for older in (one, two):
        assert "已在另一处登录" in told(older, older.get("/office/"))
    assert three.get("/office/").status_code == 200


def test_a_closed_account_is_out_at_once_and_told_so(clerk):
    client = sign_in()
    User.objects.filter(pk=clerk.pk).update(is_active=False)
    assert "该账号已停用" in told(client, client.get("/office/"))


def test_changing_the_password_ends_the_other_sessions_and_not_ones_own(clerk):
    here, there = sign_in(), sign_in()
    new = {"oldpassword": factories.PASSWORD, "password1": "kT9-mourned-vale", "password2": "kT9-mourned-vale"}
    assert here.post("/account/password/change/", new).headers["Location"] == "/office/"
    assert here.get("/office/").status_code == 200
    assert "密码已修改" in told(there, there.get("/office/"))


def test_a_session_from_before_the_upgrade_is_over(clerk):
    client = sign_in()
    session = client.session
    del session[STATE]
    session.save()
    assert client.get("/office/").status_code == 302


def test_watching_costs_no_query(clerk, django_assert_num_queries):
    client = sign_in()
    with django_assert_num_queries(2):  # the session and the person, as always
        client.get("/account/session/")
