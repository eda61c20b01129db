"""Settings: what a variable may hold, what an empty one means, and that a wrong one stops the start with its name."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from gongkai.config.environment import Environment

CASES = [
    ({}, "data_dir", Path("var"), "not set: the default"),
    ({"GONGKAI_DATA_DIR": ""}, "data_dir", Path("var"), "empty: the default"),
    ({"GONGKAI_DATA_DIR": " /srv/gongkai "}, "data_dir", Path("/srv/gongkai"), "outer blanks do not count"),
    ({"GONGKAI_VOCABULARY_DIR": "words"}, "vocabulary_dir", Path("words"), "a path that may be missing"),
    ({"GONGKAI_HTTPS": "TRUE"}, "https", True, "any case"),
    ({"GONGKAI_SAMPLE": "0"}, "sample", False, "a number for no"),
    ({"GONGKAI_SITE_NAME": "某区 政务公开"}, "site_name", "某区 政务公开", "text as it is"),
]


@pytest.mark.parametrize(("variables", "name", "value", "reason"), CASES, ids=[case[3] for case in CASES])
def test_a_setting_is_read_as_its_type(variables, name, value, reason):
    assert getattr(Environment.read(variables), name) == value, reason


def test_a_wrong_value_names_its_variable_and_what_it_may_hold():
    with pytest.raises(ImproperlyConfigured, match="GONGKAI_HTTPS 应为 true 或 false，现为“treu”"):
        Environment.read({"GONGKAI_HTTPS": "treu"})


def test_the_process_wins_over_the_file(tmp_path, monkeypatch):
    (tmp_path / ".env").write_text(
        'GONGKAI_SITE_NAME="写在文件里"\nGONGKAI_SITE_OWNER=某区人民政府\n', encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GONGKAI_SITE_NAME", "写在环境里")
    monkeypatch.delenv("GONGKAI_SITE_OWNER", raising=False)
    read = Environment.read()
    assert (read.site_name, read.site_owner) == ("写在环境里", "某区人民政府")


PROVIDER = {
    "GONGKAI_OIDC_ISSUER": "https://idp.example.gov.cn/",
    "GONGKAI_OIDC_CLIENT_ID": "gongkai",
    "GONGKAI_OIDC_CLIENT_SECRET": "geheim",
}


@pytest.mark.parametrize(
    ("variables", "said", "reason"),
    [
        ({"GONGKAI_LOGIN_HISTORY_DAYS": "179"}, "180", "网络安全法 §21: six months"),
        ({"GONGKAI_IDLE_MINUTES": "0"}, "GONGKAI_IDLE_MINUTES", "nobody could work"),
        ({"GONGKAI_SESSION_HOURS": "0"}, "GONGKAI_SESSION_HOURS", "nor here"),
        (
            {"GONGKAI_OIDC_ISSUER": "https://idp.example.gov.cn"},
            "GONGKAI_OIDC_CLIENT_ID、GONGKAI_OIDC_CLIENT_SECRET",
            "half of it",
        ),
        ({**PROVIDER, "GONGKAI_OIDC_ISSUER": "http://idp.example.gov.cn"}, "https://", "in the clear"),
        ({**PROVIDER, "GONGKAI_OIDC_ACCOUNT_FIELD": "phone"}, "staff_number", "no such field"),
        ({**PROVIDER, "GONGKAI_OIDC_SCOPES": "profile"}, "openid", "no ID token without it"),
    ],
)
def test_a_setting_of_accounts_that_must_not_be_stops_the_start(variables, said, reason):
    with pytest.raises(ImproperlyConfigured, match=said):
        Environment.read(variables)


def test_a_provider_is_there_when_it_is_named_and_its_secret_is_not_printed():
    assert Environment.read({}).identity_provider() is None
    found = Environment.read({**PROVIDER, "GONGKAI_OIDC_SECOND_FACTOR": "otp, urn:two"}).identity_provider()
    assert found is not None and found.issuer == "https://idp.example.gov.cn"
    assert found.second_factor == {"otp", "urn:two"} and "geheim" not in repr(found)


@pytest.mark.parametrize(
    ("variables", "required"),
    [({}, None), ({"GONGKAI_REQUIRE_MFA": "true"}, True), ({"GONGKAI_REQUIRE_MFA": "no"}, False)],
)
def test_the_second_factor_is_required_or_not_or_as_the_kind_of_installation_says(variables, required):
    assert Environment.read(variables).require_mfa is required
