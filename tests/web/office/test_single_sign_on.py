"""Single sign-on against a provider that really signs, over HTTP on this machine."""

import base64
import json
import time
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.contrib.auth import SESSION_KEY
from django.test import Client

from gongkai.audit.models import AuditRecord
from gongkai.organisations import identity_provider
from gongkai.organisations.models import IdentityLink, LoginEvent, User
from gongkai.rules.access import Role
from gongkai.rules.single_sign_on import ProviderSettings
from tests import factories
from tests.web.office.identity_provider import CLIENT, SECRET, Provider, signed

pytestmark = pytest.mark.django_db
OTHER_KEY = rsa.generate_private_key(65537, 2048)


@pytest.fixture
def person():
    made = factories.member(factories.body(), Role.CLERK, name="jyj-zhang")
    made.staff_number, made.email = "100042", "zhang@example.gov.cn"
    made.save()
    return made


@pytest.fixture
def provider(settings):
    identity_provider.forget()
    with Provider({"sub": "person-1", "preferred_username": "jyj-zhang"}) as made:
        settings.GONGKAI_OIDC = ProviderSettings(
            made.issuer, CLIENT, SECRET, name="区统一身份认证", second_factor=frozenset({"otp"})
        )
        yield made
    identity_provider.forget()


def sign_on(client: Client, provider: Provider, **query):
    away = client.get("/account/oidc/login/", query)
    assert away.status_code == 302, away.content.decode()
    back = provider.consent(away.headers["Location"])
    return client.get(back.replace("http://localhost:8000", ""))


def test_a_person_known_here_is_signed_in_and_comes_to_where_he_wanted(client, provider, person):
    assert "区统一身份认证" in client.get("/account/login/").content.decode()
    answer = sign_on(client, provider, next="/office/items/?state=review")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/office/items/?state=review")
    assert client.get("/office/").status_code == 200
    assert LoginEvent.objects.get(kind="signed_in").method == "oidc"
    assert list(IdentityLink.objects.values_list("user_id", "subject")) == [(person.pk, "person-1")]
    assert AuditRecord.objects.filter(action="user.link_identity").count() == 1


def test_without_a_configured_provider_there_is_no_button(client):
    assert "oidc" not in client.get("/account/login/").content.decode()


def test_the_way_back_never_leads_off_the_site(client, provider, person):
    assert sign_on(client, provider, next="https://example.com/").headers["Location"] == "/office/"


@pytest.mark.parametrize(("key", "algorithm"), [("rsa", "PS256"), ("ec", "ES256")])
def test_other_signatures_of_the_standard_are_read(client, provider, person, key, algorithm):
    provider.algorithm = algorithm
    if key == "ec":
        provider.key = ec.generate_private_key(ec.SECP256R1())
    assert sign_on(client, provider).status_code == 302 and SESSION_KEY in client.session


def test_the_secret_may_be_sent_in_the_header(client, provider, person):
    provider.discovery["token_endpoint_auth_methods_supported"] = ["client_secret_basic"]
    assert sign_on(client, provider).status_code == 302 and SESSION_KEY in client.session


def test_a_new_key_of_the_provider_is_fetched_when_it_is_met(client, provider, person):
    sign_on(client, provider)
    client.post("/account/logout/")
    provider.key = OTHER_KEY
    assert sign_on(client, provider).status_code == 302 and SESSION_KEY in client.session


def _unsigned(token: str) -> str:
    head = base64.urlsafe_b64encode(json.dumps({"alg": "none"}).encode()).decode().rstrip("=")
    return f"{head}.{token.split('.')[1]}."


def _critical(token: str) -> str:
    head, content, signature = token.split(".")
    known = json.loads(base64.urlsafe_b64decode(head + "=="))
    new = base64.urlsafe_b64encode(json.dumps({**known, "crit": ["b64"], "b64": False}).encode()).decode().rstrip("=")
    return f"{new}.{content}.{signature}"


def _other_content(token: str) -> str:
    head, content, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(content + "=="))
    other = base64.urlsafe_b64encode(json.dumps({**claims, "sub": "another"}).encode()).decode().rstrip("=")
    return f"{head}.{other}.{signature}"


@pytest.mark.parametrize(
    ("changes", "said", "reason"),
    [
        ({"claims": {"nonce": "another"}}, "不属于本次登录", "the nonce of another sign-on"),
        ({"claims": {"aud": "another-system"}}, "不是签发给本系统", "a token for another system"),
        ({"claims": {"iss": "http://127.0.0.1:1"}}, "不是由已配置的身份认证系统", "another issuer"),
        ({"claims": {"exp": int(time.time()) - 3600, "iat": int(time.time()) - 7200}}, "已过期", "an old token"),
        ({"claims": {"preferred_username": "nobody"}}, "没有账号", "unknown here: no account is made"),
        ({"claims": {"preferred_username": ""}}, "没有提供可以核对账号的信息", "it does not say who"),
        ({"published": [OTHER_KEY]}, "签名不正确", "signed by a key that is not the provider's"),
        ({"forge": _unsigned}, "签名不正确", "the algorithm none"),
        ({"forge": _other_content}, "签名不正确", "changed on its way"),
        ({"forge": _critical}, "格式不正确", "an extension that must be understood"),
        ({"forge": lambda token: "a.b"}, "格式不正确", "no token at all"),
        ({"forge": lambda token: 7}, "没有返回登录凭证", "nothing that could be one"),
        ({"discovery": {"issuer": "https://other.example"}}, "与本系统登记的不一致", "it calls itself otherwise"),
        ({"discovery": {"token_endpoint": "file:///etc/passwd"}}, "不安全的地址", "an address that is no web address"),
    ],
)
def test_what_is_wrong_is_refused_in_chinese_and_nobody_is_signed_in(client, provider, person, changes, said, reason):
    for name, value in changes.items():
        if isinstance(value, dict):
            getattr(provider, name).update(value)
        else:
            setattr(provider, name, value)
    away = client.get("/account/oidc/login/")
    answer = (
        client.get(provider.consent(away.headers["Location"]).replace("http://localhost:8000", ""))
        if away.status_code == 302
        else away
    )
    page = answer.content.decode()
    assert answer.status_code in (403, 502) and said in page and "不能登录" in page, reason
    assert SESSION_KEY not in client.session and User.objects.count() == 1
    assert not LoginEvent.objects.filter(kind="signed_in").exists()


def test_an_hmac_with_the_public_key_or_the_secret_is_no_signature(client, provider, person):
    """The classic confusion of algorithms: nothing symmetric is ever known."""
    provider.forge = lambda token: ".".join(
        [base64.urlsafe_b64encode(json.dumps({"alg": "HS256"}).encode()).decode().rstrip("="), *token.split(".")[1:]]
    )
    assert "签名不正确" in sign_on(client, provider).content.decode() and SESSION_KEY not in client.session


def test_a_short_key_is_not_believed():
    short = rsa.generate_private_key(65537, 1024)
    token = signed({"sub": "x"}, short, "RS256")
    from tests.web.office.identity_provider import public

    content = ".".join(token.split(".")[:2]).encode()
    signature = base64.urlsafe_b64decode(token.split(".")[2] + "==")
    assert not identity_provider._signed_by(public(short), "RS256", content, signature)


def test_a_state_of_another_browser_or_used_before_opens_nothing(client, provider, person):
    back = provider.consent(client.get("/account/oidc/login/").headers["Location"]).replace("http://localhost:8000", "")
    stranger = Client()
    assert stranger.get(back).status_code == 400 and SESSION_KEY not in stranger.session
    assert client.get(back).status_code == 302
    client.post("/account/logout/")
    assert client.get(back).status_code == 400 and SESSION_KEY not in client.session


def test_a_refusal_of_the_provider_is_said_and_nothing_of_it_shown(client, provider, person):
    state = client.get("/account/oidc/login/").headers["Location"].split("state=")[1].split("&")[0]
    answer = client.get(f"/account/oidc/callback/?state={state}&error=access_denied&error_description=<b>x</b>")
    assert (
        answer.status_code == 403
        and "没有确认您的身份" in answer.content.decode()
        and "<b>x" not in answer.content.decode()
    )


def test_a_provider_that_is_away_leaves_the_password(client, settings, person):
    identity_provider.forget()
    settings.GONGKAI_OIDC = ProviderSettings("http://127.0.0.1:9", CLIENT, SECRET)
    answer = client.get("/account/oidc/login/")
    assert answer.status_code == 502 and "或者用密码登录" in answer.content.decode()
    assert client.post("/account/login/", {"login": "jyj-zhang", "password": factories.PASSWORD}).status_code == 302


@pytest.mark.parametrize(
    ("field", "claim", "value", "opens", "reason"),
    [
        ("staff_number", "employee_number", "100042", True, "the 工号"),
        ("staff_number", "employee_number", 100042, True, "as a number"),
        ("staff_number", "employee_number", "100043", False, "another's"),
        ("email", "email", "zhang@example.gov.cn", True, "a verified address"),
    ],
)
def test_the_claim_that_names_the_account_is_a_setting(
    client, provider, person, settings, field, claim, value, opens, reason
):
    settings.GONGKAI_OIDC = replace(settings.GONGKAI_OIDC, claim=claim, account_field=field)
    provider.claims = {"sub": "p", claim: value, "email_verified": True}
    sign_on(client, provider)
    assert (SESSION_KEY in client.session) is opens, reason


def test_the_body_is_compared_where_the_provider_names_it(client, provider, person, settings):
    settings.GONGKAI_OIDC = replace(settings.GONGKAI_OIDC, body_claim="uscc")
    provider.claims["uscc"] = factories.body().uscc
    assert "单位与本系统不一致" in sign_on(client, provider).content.decode()
    provider.claims["uscc"] = person.memberships.get().organisation.uscc
    assert sign_on(client, provider).status_code == 302 and SESSION_KEY in client.session


def test_a_name_given_to_somebody_else_opens_nothing_until_it_is_unbound(client, provider, person):
    sign_on(client, provider)
    client.post("/account/logout/")
    provider.claims["sub"] = "person-2"
    assert "已绑定" in sign_on(client, provider).content.decode() and SESSION_KEY not in client.session
    desk = Client()
    desk.force_login(factories.member(factories.body(kind="district_government"), Role.ADMINISTRATOR))
    desk.post(f"/office/people/{person.pk}/identity/unlink/")
    sign_on(client, provider)
    assert SESSION_KEY in client.session and IdentityLink.objects.get().subject == "person-2"


def test_who_is_bound_stays_so_although_his_name_at_the_provider_changes(client, provider, person):
    sign_on(client, provider)
    client.post("/account/logout/")
    provider.claims["preferred_username"] = "renamed"
    sign_on(client, provider)
    assert SESSION_KEY in client.session


def test_a_closed_account_stays_closed(client, provider, person):
    User.objects.filter(pk=person.pk).update(is_active=False)
    answer = sign_on(client, provider)
    assert answer.status_code == 403 and "已停用" in answer.content.decode() and SESSION_KEY not in client.session
    assert not IdentityLink.objects.exists()


@pytest.mark.parametrize(
    ("amr", "enough", "reason"), [(["pwd", "otp"], True, "it asked for a code"), (["pwd"], False, "it did not")]
)
def test_the_second_factor_of_the_provider_counts_where_it_says_so(client, provider, settings, amr, enough, reason):
    settings.GONGKAI_REQUIRE_MFA = True
    factories.member(factories.body(), Role.SIGNER, name="jyj-zhang")
    provider.claims["amr"] = amr
    sign_on(client, provider)
    answer = client.get("/office/")
    assert (answer.status_code == 200) is enough, reason
    if not enough:
        assert answer.headers["Location"] == "/account/mfa/totp/activate/"


def test_a_second_factor_of_ours_is_asked_for_where_the_provider_asked_for_none(client, provider, person):
    from allauth.mfa.models import Authenticator

    Authenticator.objects.create(user=person, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})
    assert sign_on(client, provider).headers["Location"].startswith("/account/mfa/authenticate/")
    assert SESSION_KEY not in client.session
    provider.claims["amr"] = ["otp"]
    assert sign_on(client, provider).headers["Location"] == "/office/" and SESSION_KEY in client.session


def test_an_old_password_does_not_keep_out_who_does_not_use_it(client, provider, person, settings):
    settings.GONGKAI_PASSWORD_DAYS = 90
    User.objects.filter(pk=person.pk).update(must_change_password=True, password_changed_at=None)
    sign_on(client, provider)
    assert client.get("/office/").status_code == 200
