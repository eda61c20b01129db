"""What an ID token must say (OpenID Connect Core 1.0, 3.1.3.7)."""

import pytest

from gongkai.rules.single_sign_on import ProviderSettings, account_named, second_factor_proved, token_reasons

NOW = 1_800_000_000
ISSUER = "https://idp.example.gov.cn"
PROVIDER = ProviderSettings(ISSUER, "gongkai", "geheim", claim="employee")
GOOD = {"iss": ISSUER, "aud": "gongkai", "exp": NOW + 300, "iat": NOW, "nonce": "n", "sub": "s-1"}


@pytest.mark.parametrize(
    ("changes", "codes", "reason"),
    [
        ({}, [], "all is well"),
        ({"iss": "https://other.example"}, ["issuer"], "somebody else's token"),
        ({"aud": "another"}, ["audience"], "meant for another system"),
        ({"aud": ["gongkai", "another"]}, ["audience"], "for several, and it does not say who asked"),
        ({"aud": ["gongkai", "another"], "azp": "gongkai"}, [], "for several, asked for by us"),
        ({"aud": ["gongkai"], "azp": "another"}, ["audience"], "asked for by another"),
        ({"exp": NOW - 61}, ["expired"], "over, the difference of clocks allowed for"),
        ({"exp": NOW - 59}, [], "over within the difference of clocks"),
        ({"iat": NOW - 601}, ["expired"], "issued long ago, whatever its end"),
        ({"iat": NOW + 61}, ["not_yet"], "issued in the future"),
        ({"nbf": NOW + 61}, ["not_yet"], "not to be used yet"),
        ({"exp": None}, ["times"], "no end"),
        ({"exp": "soon"}, ["times"], "an end that is no number"),
        ({"exp": True}, ["times"], "nor is a truth value one"),
        ({"nonce": "other"}, ["nonce"], "of another sign-on"),
        ({"nonce": None}, ["nonce"], "of no sign-on"),
        ({"sub": ""}, ["subject"], "of nobody"),
        ({"iss": "x", "aud": None, "nonce": ""}, ["issuer", "audience", "nonce"], "all said at once"),
    ],
)
def test_a_token_is_believed_or_refused(changes, codes, reason):
    wrong = token_reasons({**GOOD, **changes}, provider=PROVIDER, issuer=ISSUER, nonce="n", now=NOW)
    assert [one.code for one in wrong] == codes, reason


def test_a_sign_on_without_a_nonce_of_ours_is_never_believed():
    assert token_reasons({**GOOD, "nonce": ""}, provider=PROVIDER, issuer=ISSUER, nonce="", now=NOW)


@pytest.mark.parametrize(
    ("field", "claims", "value", "reason"),
    [
        ("username", {"employee": " jyj-clerk "}, "jyj-clerk", "blanks are cut"),
        ("staff_number", {"employee": 10042}, "10042", "a number"),
        ("staff_number", {"employee": True}, "", "a truth value names nobody"),
        ("staff_number", {"employee": ["10042"]}, "", "nor does a list"),
        ("username", {}, "", "no claim"),
        ("email", {"employee": "a@example.gov.cn", "email_verified": True}, "a@example.gov.cn", "a verified address"),
        ("email", {"employee": "a@example.gov.cn", "email_verified": "true"}, "", "a word is no proof"),
        ("email", {"employee": "a@example.gov.cn"}, "", "an address nobody verified"),
    ],
)
def test_whose_account_a_token_names(field, claims, value, reason):
    provider = ProviderSettings(ISSUER, "gongkai", "geheim", claim="employee", account_field=field)
    assert account_named(claims, provider) == value, reason


@pytest.mark.parametrize(
    ("claims", "proved", "reason"),
    [
        ({"amr": ["pwd", "otp"]}, True, "a code"),
        ({"amr": ["pwd"]}, False, "the password alone"),
        ({"amr": "otp"}, False, "not a list: not as the standard says"),
        ({"acr": "urn:two"}, True, "a level the operator named"),
        ({"acr": ["urn:two"]}, False, "not a text"),
        ({}, False, "nothing is said"),
    ],
)
def test_whether_the_provider_asked_for_a_second_factor(claims, proved, reason):
    assert second_factor_proved(claims, frozenset({"otp", "urn:two"})) is proved, reason


def test_the_secret_is_in_no_printed_form():
    assert "geheim" not in repr(PROVIDER)
