"""Signing in: password, lock-out, second factor; and no way to sign up."""

from dataclasses import replace
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from axes.models import AccessAttempt
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from gongkai.rules.access import Role
from gongkai.web.shared.addresses import login_address
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer():
    return factories.member(factories.body(), Role.REVIEWER, name="reviewer")


def _login(client: Client, password: str, **more):
    return client.post("/account/login/", {"login": "reviewer", "password": password, **more})


def _through(forwarded: str) -> Client:
    """A browser whose requests reach us with this X-Forwarded-For."""
    return Client(HTTP_X_FORWARDED_FOR=forwarded)


def _code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def _enable_second_factor(client: Client) -> str:
    """Set up the authenticator as a person would; returns its secret."""
    client.post("/account/reauthenticate/?next=/account/mfa/totp/activate/", {"password": factories.PASSWORD})
    page = client.get("/account/mfa/totp/activate/").content.decode()
    secret = page.split('class="secret">')[1].split("<")[0]
    assert client.post("/account/mfa/totp/activate/", {"code": _code(secret)}).status_code == 302
    return secret


def test_the_right_password_opens_the_office_or_the_page_one_came_for(client, reviewer):
    assert _login(client, factories.PASSWORD).headers["Location"] == "/office/"
    client.post("/account/logout/")
    answer = _login(client, factories.PASSWORD, next="/office/items/?state=review")
    assert answer.headers["Location"] == "/office/items/?state=review"


def test_the_way_back_never_leads_off_the_site(client, reviewer):
    assert _login(client, factories.PASSWORD, next="https://example.com/").headers["Location"] == "/office/"


def test_a_wrong_password_and_an_unknown_name_read_the_same(client, reviewer):
    wrong = _login(client, "falsch-falsch").content.decode()
    unknown = client.post("/account/login/", {"login": "niemand", "password": "falsch-falsch"}).content.decode()
    assert "用户名或者密码不正确" in wrong and "用户名或者密码不正确" in unknown


def test_five_wrong_passwords_lock_the_account_for_half_an_hour(client, reviewer):
    for _ in range(4):
        assert _login(client, "falsch-falsch").status_code == 200
    fifth = _login(client, "falsch-falsch")
    assert fifth.status_code == 429 and "30 分钟" in fifth.content.decode()
    assert _login(client, factories.PASSWORD).status_code == 429, "the right password does not help while it is locked"
    assert SESSION_KEY not in client.session
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=31))
    assert _login(client, factories.PASSWORD).status_code == 302


def test_one_locked_name_locks_nobody_else_at_the_same_address(client, reviewer):
    factories.member(factories.body(), Role.CLERK, name="clerk")
    for _ in range(5):
        _login(client, "falsch-falsch")
    assert client.post("/account/login/", {"login": "clerk", "password": factories.PASSWORD}).status_code == 302


def test_behind_our_proxies_the_lock_is_for_the_visitor_and_not_for_the_proxy(reviewer, settings):
    settings.GONGKAI_PROXIES = 1
    attacker, owner = _through("203.0.113.9"), _through("198.51.100.7")
    for _ in range(5):
        _login(attacker, "falsch-falsch")
    assert _login(attacker, factories.PASSWORD).status_code == 429
    assert _login(owner, factories.PASSWORD).status_code == 302
    assert list(AccessAttempt.objects.values_list("ip_address", flat=True)) == ["203.0.113.9"]


def test_what_a_visitor_writes_before_the_proxies_address_does_not_free_him(reviewer, settings):
    settings.GONGKAI_PROXIES = 1
    answers = [_login(_through(f"198.51.100.{turn}, 203.0.113.9"), "falsch-falsch").status_code for turn in range(5)]
    assert answers[-1] == 429


@pytest.mark.parametrize(
    ("proxies", "header", "connection", "address", "reason"),
    [
        (0, "203.0.113.9", "10.0.0.1", "10.0.0.1", "no proxy of ours: the header is the visitor's own invention"),
        (1, "203.0.113.9", "10.0.0.1", "203.0.113.9", "what our proxy saw"),
        (2, "1.1.1.1, 203.0.113.9, 10.0.0.2", "10.0.0.1", "203.0.113.9", "what the outermost of two saw"),
        (2, "203.0.113.9", "10.0.0.1", "10.0.0.1", "it passed fewer proxies than we have"),
        (1, "2001:DB8::1", "10.0.0.1", "2001:db8::1", "IPv6"),
        (1, "unknown", "10.0.0.1", None, "a word is no address"),
        (1, "203.0.113.9:4711", "10.0.0.1", None, "nor is an address with a port"),
        (0, "", "", None, "a connection through a socket file"),
    ],
)
def test_the_address_a_login_is_counted_under(rf, settings, proxies, header, connection, address, reason):
    settings.GONGKAI_PROXIES = proxies
    assert login_address(rf.get("/", REMOTE_ADDR=connection, HTTP_X_FORWARDED_FOR=header)) == address, reason


def test_a_login_from_no_address_at_all_is_locked_by_name(reviewer, settings):
    settings.GONGKAI_PROXIES = 1
    answers = [_login(_through("unknown"), "falsch-falsch").status_code for _ in range(5)]
    assert answers == [200, 200, 200, 200, 429]


def test_an_administrator_lifts_the_lock(client, reviewer):
    for _ in range(5):
        _login(client, "falsch-falsch")
    desk = Client()
    desk.force_login(factories.member(factories.body(kind="district_government"), Role.ADMINISTRATOR))
    desk.post(f"/office/people/{reviewer.pk}/activate/", {"active": "yes"})
    assert _login(client, factories.PASSWORD).status_code == 302


def test_a_closed_account_is_not_let_in(client, reviewer):
    reviewer.is_active = False
    reviewer.save()
    answer = _login(client, factories.PASSWORD)
    assert answer.status_code in (200, 403) and SESSION_KEY not in client.session


def test_closing_an_account_ends_the_session_at_once(client, reviewer):
    client.force_login(reviewer)
    assert client.get("/office/").status_code == 200
    reviewer.is_active = False
    reviewer.save()
    assert client.get("/office/").status_code == 302


@pytest.mark.parametrize("name", ["account_signup", "account_email", "account_reset_password", "account_confirm_email"])
def test_there_is_no_sign_up_and_no_mail_page(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_the_second_factor_is_asked_for_once_it_is_set_up(client, reviewer):
    _login(client, factories.PASSWORD)
    secret = _enable_second_factor(client)
    codes = client.get("/account/mfa/recovery-codes/").content.decode()
    recovery = codes.split('class="codes">')[1].split("<code>")[1].split("<")[0]
    client.post("/account/logout/")
    answer = _login(client, factories.PASSWORD)
    assert answer.headers["Location"].startswith("/account/mfa/authenticate/")
    assert client.get("/office/").status_code == 302, "the password alone opens nothing"
    wrong = client.post("/account/mfa/authenticate/", {"code": "000000"})
    assert wrong.status_code == 200 and SESSION_KEY not in client.session
    assert client.post("/account/mfa/authenticate/", {"code": recovery}).headers["Location"] == "/office/"
    assert Authenticator.objects.filter(user=reviewer, type="totp").exists() and secret


def test_who_can_publish_is_reminded_of_the_second_factor_and_a_clerk_is_not(client, reviewer):
    client.force_login(reviewer)
    assert "启用两步验证" in client.get("/office/").content.decode()
    clerk = Client()
    clerk.force_login(factories.member(factories.body(), Role.CLERK))
    assert "启用两步验证" not in clerk.get("/office/").content.decode()


def test_where_it_is_required_nothing_works_without_the_second_factor(client, reviewer, settings):
    settings.GONGKAI_REQUIRE_MFA = True
    _login(client, factories.PASSWORD)
    for address in ("/office/", "/office/items/", "/office/organisations/"):
        assert client.get(address).headers["Location"] == "/account/mfa/totp/activate/", address
    _enable_second_factor(client)
    assert client.get("/office/").status_code == 200
    clerk = Client()
    clerk.force_login(factories.member(factories.body(), Role.CLERK))
    assert clerk.get("/office/").status_code == 200


def test_changing_the_password_needs_the_old_one(client, reviewer):
    client.force_login(reviewer)
    new = {"password1": "Huangshan-Songke-9", "password2": "Huangshan-Songke-9"}
    assert client.post("/account/password/change/", {"oldpassword": "falsch", **new}).status_code == 200
    assert client.post("/account/password/change/", {"oldpassword": factories.PASSWORD, **new}).status_code == 302
    reviewer.refresh_from_db()
    assert reviewer.check_password("Huangshan-Songke-9")


def test_the_sample_accounts_are_shown_on_a_sample_installation_only(client, settings):
    shown = client.get("/account/login/").content.decode()
    assert "jyj-clerk" in shown
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, sample=False)
    hidden = client.get("/account/login/").content.decode()
    assert "jyj-clerk" not in hidden and "Gongkai-Sample" not in hidden


def test_account_pages_speak_chinese(client, reviewer):
    import re

    client.force_login(reviewer)
    pages = ["/account/password/change/", "/account/reauthenticate/", "/account/mfa/", "/account/logout/"]
    answers = [client.get(page) for page in pages]
    answers.append(
        client.post("/account/password/change/", {"oldpassword": "x", "password1": "abc", "password2": "abd"})
    )
    answers.append(client.post("/account/reauthenticate/", {"password": "x"}))
    answers.append(Client().post("/account/login/", {"login": "", "password": ""}))
    for answer in answers:
        text = re.sub(r"<(script|style|code|title)\b.*?</\1>|<[^>]+>", " ", answer.content.decode(), flags=re.S)
        assert re.findall(r"[A-Za-z]{3,}(?: [A-Za-z]+)+", text) == [], answer.wsgi_request.path
