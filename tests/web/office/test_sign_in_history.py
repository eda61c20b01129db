"""The history of sign-ins, the locks, the second factor, temporary passwords: through the pages."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from gongkai.audit.models import AuditRecord
from gongkai.jobs.doctor import examine
from gongkai.jobs.tick import sweep_daily
from gongkai.organisations.logins import sweep
from gongkai.organisations.models import LoginEvent, User
from gongkai.rules.access import Role
from tests import factories
from tests.web.office.test_sessions import sign_in, told

pytestmark = pytest.mark.django_db
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36 Edg/120.0"
NEW = "kT9-mourned-vale"


@pytest.fixture
def body():
    return factories.body(kind="district_government")


@pytest.fixture
def clerk(body):
    return factories.member(body, Role.CLERK, name="clerk")


@pytest.fixture
def desk(body):
    """An administrator of the district at work."""
    client = Client()
    client.force_login(factories.member(body, Role.ADMINISTRATOR, name="boss"))
    return client


def try_in(client: Client, password: str, name: str = "clerk", **extra):
    return client.post("/account/login/", {"login": name, "password": password}, **extra)


def kinds(person) -> list[str]:
    return list(LoginEvent.objects.filter(user=person).order_by("id").values_list("kind", flat=True))


# --- the history -------------------------------------------------------------------------------------------------------
def test_what_happens_at_the_door_is_written_with_address_and_device(clerk):
    client = Client(REMOTE_ADDR="192.0.2.7", HTTP_USER_AGENT=EDGE)
    try_in(client, "falsch")
    try_in(client, factories.PASSWORD)
    client.post("/account/logout/")
    assert kinds(clerk) == ["failed", "signed_in", "signed_out"]
    event = LoginEvent.objects.get(kind="signed_in")
    assert (event.address, event.device, event.method) == ("192.0.2.7", "Windows 电脑，Edge 浏览器", "password")


def test_one_is_told_of_the_last_sign_in_and_of_what_failed_since(clerk):
    first = sign_in(REMOTE_ADDR="192.0.2.7", HTTP_USER_AGENT=EDGE)
    assert "第一次登录" in first.get("/office/").content.decode()
    try_in(Client(), "falsch")
    page = sign_in().get("/office/").content.decode()
    assert "来自192.0.2.7（Windows 电脑，Edge 浏览器）" in page and "1次失败的登录" in page
    assert "失败的登录" not in sign_in().get("/office/").content.decode(), "what was told is not told again"


def test_a_name_nobody_bears_is_not_kept_because_people_type_passwords_there(clerk):
    for _ in range(3):
        try_in(Client(), "x", name="Mein-Geheimes-Passwort")
    event = LoginEvent.objects.get(user=None)
    assert event.count == 3, "counted together: nobody fills the table"
    assert "Geheimes" not in str(LoginEvent.objects.values())


def test_ones_own_history_is_there_to_read_and_not_that_of_others(clerk, body):
    other = factories.member(body, Role.CLERK, name="other")
    LoginEvent.objects.create(user=other, kind="failed", address="198.51.100.99")
    page = sign_in(REMOTE_ADDR="192.0.2.7").get("/account/sign-ins/").content.decode()
    assert "192.0.2.7" in page and "198.51.100.99" not in page


def test_an_administrator_reads_the_history_of_his_people_only(clerk, body, desk):
    stranger = factories.member(factories.body(), Role.CLERK, name="stranger")
    town = factories.body(parent=body)
    local = Client()
    local.force_login(factories.member(town, Role.ADMINISTRATOR))
    mine = factories.member(town, Role.CLERK, name="mine")
    for person, address in ((clerk, "192.0.2.1"), (stranger, "192.0.2.2"), (mine, "192.0.2.3"), (None, "192.0.2.4")):
        LoginEvent.objects.create(user=person, kind="failed", address=address)
    whole, part = (client.get("/office/sign-ins/?failures=1").content.decode() for client in (desk, local))
    assert all(f"192.0.2.{n}<" in whole for n in (1, 2, 3, 4))
    assert [n for n in (1, 2, 3, 4) if f"192.0.2.{n}<" in part] == [3]
    assert local.get(f"/office/people/{clerk.pk}/sign-ins/").status_code == 404


def test_not_me_ends_all_other_sessions_and_leads_to_a_new_password(clerk):
    here, there = sign_in(), sign_in()
    answer = here.post("/account/sign-ins/not-me/")
    assert answer.headers["Location"] == "/account/password/change/"
    assert here.get("/office/").headers["Location"] == "/account/password/change/", "nothing else works before"
    assert "全部登录均已退出" in told(there, there.get("/office/"))
    again = sign_in()
    assert again.get("/office/").headers["Location"] == "/account/password/change/", "whoever it is"
    again.post("/account/password/change/", {"oldpassword": factories.PASSWORD, "password1": NEW, "password2": NEW})
    assert again.get("/office/").status_code == 200
    assert AuditRecord.objects.filter(action="user.disclaim_sign_in").count() == 1


def test_opening_the_address_of_not_me_does_nothing(clerk):
    client = sign_in()
    assert client.get("/account/sign-ins/not-me/").headers["Location"] == "/account/sign-ins/"
    assert not User.objects.get(pk=clerk.pk).must_change_password


def test_the_history_is_kept_as_long_as_set_and_no_longer(clerk, settings):
    now = timezone.now()
    for days in (settings.GONGKAI_LOGIN_HISTORY_DAYS - 1, settings.GONGKAI_LOGIN_HISTORY_DAYS + 1):
        LoginEvent.objects.create(user=clerk, kind="failed", at=now - timedelta(days=days))
    assert settings.GONGKAI_LOGIN_HISTORY_DAYS >= 180, "网络安全法 §21"
    assert sweep(now) == 1 and LoginEvent.objects.count() == 1
    LoginEvent.objects.update(at=now - timedelta(days=400))
    sweep_daily(now)
    assert not LoginEvent.objects.exists(), "the tick does it"


# --- locks -------------------------------------------------------------------------------------------------------------
def test_a_lock_is_written_once_and_lifted_by_an_administrator_who_is_written_down(clerk, desk):
    visitor = Client(REMOTE_ADDR="192.0.2.66")
    for _ in range(7):
        try_in(visitor, "falsch")
    events = list(LoginEvent.objects.filter(user=clerk).order_by("id").values_list("kind", "count"))
    assert [kind for kind, _ in events].count("failed") in (4, 5) and events[-1] == ("locked", 3)
    assert try_in(visitor, factories.PASSWORD).status_code == 429
    assert desk.post(f"/office/people/{clerk.pk}/unlock/").status_code == 302
    assert AuditRecord.objects.filter(action="user.lift_lock", object_id=str(clerk.pk)).count() == 1
    assert try_in(visitor, factories.PASSWORD).status_code == 302


def test_another_case_of_the_name_gives_no_new_attempts(clerk):
    visitor = Client()
    answers = [
        try_in(visitor, "falsch", name=name).status_code for name in ("clerk", "Clerk", "CLERK", "cLerk", "clErk")
    ]
    assert answers[-1] == 429
    assert AccessAttempt.objects.count() == 1


def test_strangers_at_the_same_address_do_not_keep_out_whose_browser_is_known(clerk):
    owner, stranger = sign_in(), Client()
    owner.post("/account/logout/")
    for _ in range(6):
        try_in(stranger, "falsch")
    assert try_in(stranger, factories.PASSWORD).status_code == 429
    assert try_in(owner, factories.PASSWORD).status_code == 302, "the same address, but a browser known to the account"


def test_a_known_browser_has_no_endless_attempts(clerk):
    owner = sign_in()
    owner.post("/account/logout/")
    answers = [try_in(owner, "falsch").status_code for _ in range(11)]
    assert answers[-1] == 429 and SESSION_KEY not in owner.session
    assert try_in(owner, factories.PASSWORD).status_code == 429


def test_a_mark_is_worth_nothing_for_another_account_or_after_a_new_password(clerk, body):
    factories.member(body, Role.CLERK, name="other")
    owner = sign_in()
    owner.post("/account/logout/")
    for _ in range(5):
        try_in(Client(), "falsch", name="other")
    assert try_in(owner, factories.PASSWORD, name="other").status_code == 429
    clerk.set_password(factories.PASSWORD)
    clerk.password_changed_at = timezone.now() + timedelta(seconds=5)
    clerk.save()
    for _ in range(5):
        try_in(Client(), "falsch")
    assert try_in(owner, factories.PASSWORD).status_code == 429


def test_a_forged_mark_is_none(clerk):
    visitor = Client()
    visitor.cookies["gongkai_browser"] = "forged:value:here"
    assert [try_in(visitor, "falsch").status_code for _ in range(5)][-1] == 429


def test_the_doctor_says_when_a_proxy_names_visitors_nobody_reads(clerk, settings):
    def said() -> str:
        return "".join(problem for check in examine() if check.name == "账号" for problem in check.problems)

    try_in(Client(), "falsch")
    assert "GONGKAI_PROXIES" not in said()
    try_in(Client(), "falsch", HTTP_X_FORWARDED_FOR="203.0.113.5")
    assert "GONGKAI_PROXIES" in said()


# --- temporary passwords -----------------------------------------------------------------------------------------------
def given(desk, person, typed: str = "") -> str:
    """The temporary password as the page shows it to the administrator."""
    page = desk.post(f"/office/people/{person.pk}/password/", {"password": typed}).content.decode()
    return re.search(r'class="secret">([^<]+)<', page)[1].replace("&#43;", "+")


def test_a_temporary_password_opens_once_and_must_be_changed(clerk, desk):
    old = sign_in()
    made = given(desk, clerk)
    assert "管理员已更改" in told(old, old.get("/office/"))
    client = sign_in(password=made)
    for page in ("/office/", "/office/items/", "/account/mfa/"):
        assert client.get(page).headers["Location"] == "/account/password/change/", page
    assert "临时密码" in client.get("/account/password/change/").content.decode()
    second = Client()
    answer = try_in(second, made)
    assert answer.status_code == 403 and "只能登录一次" in answer.content.decode() and SESSION_KEY not in second.session
    client.post("/account/password/change/", {"oldpassword": made, "password1": NEW, "password2": NEW})
    assert client.get("/office/").status_code == 200
    assert try_in(Client(), NEW).status_code == 302


def test_a_hash_made_anew_at_sign_in_is_no_new_password(clerk, settings):
    settings.PASSWORD_HASHERS = [*settings.PASSWORD_HASHERS, "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    User.objects.filter(pk=clerk.pk).update(
        password=make_password(NEW, hasher="pbkdf2_sha256"),
        must_change_password=True,
        temporary_password_until=timezone.now() + timedelta(hours=1),
        password_changed_at=None,
    )
    client = sign_in(password=NEW)
    after = User.objects.get(pk=clerk.pk)
    assert not after.password.startswith("pbkdf2_sha256$"), "the framework made the hash anew"
    assert after.must_change_password and after.temporary_password_used_at and after.password_changed_at is None
    assert client.get("/office/").headers["Location"] == "/account/password/change/"


def test_a_password_set_on_the_command_line_is_the_persons_own(clerk, desk):
    made = given(desk, clerk)
    sign_in(password=made)
    person = User.objects.get(pk=clerk.pk)
    person.set_password(NEW)
    person.save(update_fields=["password"])
    assert sign_in(password=NEW).get("/office/").status_code == 200


def test_a_temporary_password_ends(clerk, desk):
    made = given(desk, clerk)
    User.objects.filter(pk=clerk.pk).update(temporary_password_until=timezone.now() - timedelta(seconds=1))
    answer = try_in(Client(), made)
    assert answer.status_code == 403 and "已过期" in answer.content.decode()
    assert "refused" in kinds(clerk)


def test_made_up_passwords_keep_the_rules(clerk):
    from gongkai.organisations.passwords import make_password_up, password_problems

    made = {make_password_up() for _ in range(50)}
    assert len(made) == 50 and [one for one in made if password_problems(one, clerk)] == []


def test_a_weak_temporary_password_is_refused_naming_every_rule(clerk, desk):
    answer = desk.post(f"/office/people/{clerk.pk}/password/", {"password": "clerk1"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "密码太短" in page and "用户名" in page


def test_an_old_password_must_be_changed_first(clerk, settings):
    settings.GONGKAI_PASSWORD_DAYS = 90
    User.objects.filter(pk=clerk.pk).update(password_changed_at=timezone.now() - timedelta(days=91))
    client = sign_in()
    assert client.get("/office/").headers["Location"] == "/account/password/change/"
    assert "超过90天" in client.get("/account/password/change/").content.decode()


@pytest.mark.parametrize(
    ("password", "said", "reason"),
    [
        (factories.PASSWORD, "最近5次", "the present one"),
        ("Bozhou@123", "容易被猜中", "a guesser's first"),
        ("Xy9-Clerk-44z", "用户名", "the user name in it"),
        ("abc", "密码太短", "too short"),
    ],
)
def test_a_new_password_that_breaks_a_rule_is_refused_by_name(clerk, password, said, reason):
    client = sign_in()
    form = {"oldpassword": factories.PASSWORD, "password1": password, "password2": password}
    answer = client.post("/account/password/change/", form)
    assert answer.status_code == 200 and said in answer.content.decode(), reason
    assert User.objects.get(pk=clerk.pk).check_password(factories.PASSWORD)


def test_the_last_five_passwords_are_not_used_again_and_older_ones_may_be(clerk):
    client = sign_in()
    words = [f"kT9-mourned-vale-{n}x" for n in range(6)]
    for old, new in zip([factories.PASSWORD, *words], words, strict=False):
        cache.clear()  # the library allows five changes a minute
        assert (
            client.post(
                "/account/password/change/", {"oldpassword": old, "password1": new, "password2": new}
            ).status_code
            == 302
        )
    cache.clear()
    back = {"oldpassword": words[-1], "password1": words[1], "password2": words[1]}
    assert "最近5次" in client.post("/account/password/change/", back).content.decode()
    back = {**back, "password1": words[0], "password2": words[0]}
    assert client.post("/account/password/change/", back).status_code == 302, "six ago"


def test_too_many_changes_in_a_minute_are_refused_in_chinese(clerk):
    client = sign_in()
    wrong = {"oldpassword": "x", "password1": NEW, "password2": NEW}
    answers = [client.post("/account/password/change/", wrong) for _ in range(7)]
    assert answers[-1].status_code == 429 and "操作过于频繁" in answers[-1].content.decode()


# --- second factor -----------------------------------------------------------------------------------------------------
def test_five_wrong_codes_stop_the_second_factor_until_it_is_lifted(clerk, desk):
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    Authenticator.objects.create(user=clerk, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})
    code = RecoveryCodes.activate(clerk).get_unused_codes()[0]
    client = Client()
    try_in(client, factories.PASSWORD)
    for _ in range(5):
        assert "验证码不正确" in client.post("/account/mfa/authenticate/", {"code": "000000"}).content.decode()
    page = client.post("/account/mfa/authenticate/", {"code": code}).content.decode()
    assert "连续输错5次" in page and SESSION_KEY not in client.session, "not even with a good code"
    assert kinds(clerk).count("second_factor_failed") == 5 and "second_factor_locked" in kinds(clerk)
    desk.post(f"/office/people/{clerk.pk}/unlock/")
    assert client.post("/account/mfa/authenticate/", {"code": code}).headers["Location"] == "/office/"
    assert LoginEvent.objects.filter(kind="signed_in", user=clerk).latest("id").method == "password+mfa"


def test_a_lost_second_factor_is_reset_with_a_reason_and_written_down(clerk, desk):
    Authenticator.objects.create(user=clerk, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})
    there = Client()
    there.force_login(clerk)
    address = f"/office/people/{clerk.pk}/second-factor/reset/"
    assert desk.post(address, {"reason": "丢"}).status_code == 422 and Authenticator.objects.exists()
    assert desk.post(address, {"reason": "手机丢失，已当面核对工作证"}).status_code == 302
    assert not Authenticator.objects.exists()
    assert "管理员已更改" in told(there, there.get("/office/"))
    record = AuditRecord.objects.get(action="user.reset_second_factor")
    assert record.detail["justification"] == "手机丢失，已当面核对工作证"


def test_nobody_resets_his_own_second_factor(desk):
    boss = User.objects.get(username="boss")
    Authenticator.objects.create(user=boss, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})
    answer = desk.post(f"/office/people/{boss.pk}/second-factor/reset/", {"reason": "手机丢失，自己办理"}, follow=True)
    assert "不能重置自己的" in answer.content.decode() and Authenticator.objects.exists()


def test_days_of_grace_are_a_setting_and_count_from_the_role(body, settings):
    settings.GONGKAI_REQUIRE_MFA, settings.GONGKAI_MFA_GRACE_DAYS = True, 7
    person = factories.member(body, Role.SIGNER)
    client = Client()
    client.force_login(person)
    assert client.get("/office/").status_code == 200
    person.memberships.update(created_at=timezone.now() - timedelta(days=7))
    assert client.get("/office/").headers["Location"] == "/account/mfa/totp/activate/"
