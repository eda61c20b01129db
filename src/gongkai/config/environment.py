"""Typed settings read from environment variables (or a `.env` file in the working directory).

A small reader of our own: pydantic-settings does the same for 26 MB in every web process (docs/decisions/0022).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, get_type_hints
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from gongkai.rules.single_sign_on import ACCOUNT_FIELDS, ProviderSettings

TRUE, FALSE = frozenset({"1", "true", "yes", "on"}), frozenset({"0", "false", "no", "off"})


def setting(default: Any, variable: str) -> Any:
    """A field of `Environment` with the name of its variable; an empty variable means the default."""
    return field(default=default, metadata={"variable": variable})


@dataclass(frozen=True, slots=True)
class Environment:
    """Everything an operator may set; see `docs/operations/settings.md`."""

    data_dir: Path = setting(Path("var"), "GONGKAI_DATA_DIR")
    """Database, uploaded files, search index and secret key live here; relative paths count from the working directory."""
    secret_key: str = setting("", "GONGKAI_SECRET_KEY")
    """Empty: made at random on first start and kept in `data_dir/secret_key`."""
    debug: bool = setting(False, "GONGKAI_DEBUG")
    allowed_hosts: str = setting("localhost,127.0.0.1,[::1],testserver", "GONGKAI_ALLOWED_HOSTS")
    https: bool = setting(False, "GONGKAI_HTTPS")
    """True behind an HTTPS gateway: secure cookies, HSTS and the forwarded-protocol header."""

    proxies: int = setting(0, "GONGKAI_PROXIES")
    """Reverse proxies in front, each of which appends to X-Forwarded-For; 0: the address of the connection is the visitor's."""
    count_searches: bool = setting(True, "GONGKAI_COUNT_SEARCHES")
    count_reads: bool = setting(True, "GONGKAI_COUNT_READS")
    """False: nothing is counted; 热门搜索 and the report of searches stay empty."""

    field_keys: str = setting("", "GONGKAI_FIELD_KEYS")
    """Keys (Fernet, comma-separated, the newest first) for numbers of identity papers. Empty: one is made and kept in `data_dir/field_key`."""
    check_links: bool = setting(False, "GONGKAI_CHECK_LINKS")
    """True: the worker visits the links of published texts once a day (needs the internet)."""

    database_url: str = setting("", "DATABASE_URL")
    """Empty: SQLite in `data_dir`. `postgresql://…` for PostgreSQL."""
    search_url: str = setting("", "SEARCH_URL")
    """Empty: the embedded engine, its index in `data_dir`. `https://user:password@host1:9200,host2:9200/prefix` for OpenSearch."""
    cache_url: str = setting("", "CACHE_URL")
    """Empty: memory of each process. `redis://…` for a shared cache."""
    email_url: str = setting("", "EMAIL_URL")
    """Empty: mail is written to files in `data_dir/mail`. `smtp://user:password@host:port` to send."""

    email_from: str = setting("gongkai@localhost", "GONGKAI_EMAIL_FROM")
    """The address mails come from."""
    digest_hour: int = setting(8, "GONGKAI_DIGEST_HOUR")
    """From which hour of a working day on the worklists are sent by mail; nothing is sent without `EMAIL_URL`."""

    sms_backend: str = setting("file", "GONGKAI_SMS_BACKEND")
    """How text messages to applicants go out: `file` writes them to `data_dir/sms`, `http` posts them to `GONGKAI_SMS_URL`."""
    sms_url: str = setting("", "GONGKAI_SMS_URL")
    """Address of the district's gateway for text messages; it gets JSON: id, phone, text."""
    sms_secret: str = setting("", "GONGKAI_SMS_SECRET")
    """Sent to the gateway as `Authorization: Bearer …`."""

    vocabulary_dir: Path | None = setting(None, "GONGKAI_VOCABULARY_DIR")
    """A directory whose TOML files take the place of the shipped vocabularies of the same name."""

    site_name: str = setting("亳州市谯城区人民政府 政务公开", "GONGKAI_SITE_NAME")
    site_owner: str = setting("亳州市谯城区人民政府", "GONGKAI_SITE_OWNER")
    site_url: str = setting("http://localhost:8000", "GONGKAI_SITE_URL")
    site_id_code: str = setting("", "GONGKAI_SITE_ID_CODE")
    icp_number: str = setting("", "GONGKAI_ICP_NUMBER")
    police_number: str = setting("", "GONGKAI_POLICE_NUMBER")
    api_rate: int = setting(120, "GONGKAI_API_RATE")
    """Requests a minute that one address may make to the API, feeds and exports, in each web process; 0: no limit."""
    require_mfa: bool | None = setting(None, "GONGKAI_REQUIRE_MFA")
    """True: reviewers and above must set up a second factor before they can do anything else; unset: True unless it is a sample."""
    mfa_grace_days: int = setting(0, "GONGKAI_MFA_GRACE_DAYS")
    """Days after somebody was given such a role in which he is only reminded of the second factor."""
    password_days: int = setting(90, "GONGKAI_PASSWORD_DAYS")
    """After how many days a password must be changed (GB/T 22239-2019 8.1.4.1 a); 0: never. Sample installations: never."""
    password_history: int = setting(5, "GONGKAI_PASSWORD_HISTORY")
    """How many of the last passwords may not be used again."""
    temporary_password_hours: int = setting(72, "GONGKAI_TEMPORARY_PASSWORD_HOURS")
    """How long a password given by an administrator opens the account, once."""
    idle_minutes: int = setting(30, "GONGKAI_IDLE_MINUTES")
    """A session ends after so many minutes in which its owner did nothing (GB/T 22239-2019 8.1.4.1 b)."""
    session_hours: int = setting(8, "GONGKAI_SESSION_HOURS")
    """A session ends after so many hours, whatever its owner does."""
    one_session: bool = setting(False, "GONGKAI_ONE_SESSION")
    """True: signing in ends all other sessions of the account."""
    login_history_days: int = setting(190, "GONGKAI_LOGIN_HISTORY_DAYS")
    """How long the history of sign-ins is kept; not under 180 days (网络安全法 §21(3): at least six months)."""
    dormant_days: int = setting(90, "GONGKAI_DORMANT_DAYS")
    """An account nobody signed in to for so many days is listed as dormant."""

    oidc_issuer: str = setting("", "GONGKAI_OIDC_ISSUER")
    """Address of the district's identity provider (OpenID Connect); empty: no single sign-on."""
    oidc_client_id: str = setting("", "GONGKAI_OIDC_CLIENT_ID")
    oidc_client_secret: str = setting("", "GONGKAI_OIDC_CLIENT_SECRET")
    oidc_name: str = setting("统一身份认证", "GONGKAI_OIDC_NAME")
    """What the button on the login page calls it."""
    oidc_scopes: str = setting("openid profile email", "GONGKAI_OIDC_SCOPES")
    oidc_claim: str = setting("preferred_username", "GONGKAI_OIDC_CLAIM")
    """The claim that says whose account it is."""
    oidc_account_field: str = setting("username", "GONGKAI_OIDC_ACCOUNT_FIELD")
    """What of the account the claim is: `username`, `staff_number` (工号) or `email`."""
    oidc_body_claim: str = setting("", "GONGKAI_OIDC_BODY_CLAIM")
    """A claim with a 统一社会信用代码 that must be of a body in which the person has a role; empty: not asked for."""
    oidc_second_factor: str = setting("mfa,otp,hwk,swk,sms,fpt,face,pin", "GONGKAI_OIDC_SECOND_FACTOR")
    """Values of `amr` or `acr` that mean the provider asked for a second factor; ours is not asked for then."""
    sample: bool = setting(True, "GONGKAI_SAMPLE")
    """True: the visible 示例数据 ribbon is on every page and `gongkai serve` fills an empty database with the sample district."""

    @classmethod
    def read(cls, variables: Mapping[str, str] | None = None) -> Environment:
        """Read `variables` (default: those of the process, which win over the `.env` file).

        Raises `ImproperlyConfigured`, naming the variable and what it may hold, for a value of the wrong type.
        """
        given = _variables() if variables is None else variables
        types, values = get_type_hints(cls), {}
        for each in fields(cls):
            variable = each.metadata["variable"]
            if text := given.get(variable, "").strip():
                values[each.name] = _value(variable, text, types[each.name])
        read = cls(**values)
        read.check()
        return read

    def identity_provider(self) -> ProviderSettings | None:
        """The provider of single sign-on, or None where none is configured."""
        if not self.oidc_issuer:
            return None
        return ProviderSettings(
            issuer=self.oidc_issuer.rstrip("/"),
            client_id=self.oidc_client_id,
            client_secret=self.oidc_client_secret,
            name=self.oidc_name,
            scopes=self.oidc_scopes,
            claim=self.oidc_claim,
            account_field=self.oidc_account_field,
            body_claim=self.oidc_body_claim,
            second_factor=frozenset(one.strip() for one in self.oidc_second_factor.split(",") if one.strip()),
        )

    def check(self) -> None:
        """Raise `ImproperlyConfigured` for a value, or a combination of values, that must not be used."""
        if self.login_history_days < 180:
            raise ImproperlyConfigured(
                "设置 GONGKAI_LOGIN_HISTORY_DAYS 不得少于180天（网络安全法 §21），请更正后重新启动。"
            )
        for name in ("idle_minutes", "session_hours", "temporary_password_hours", "dormant_days"):
            if getattr(self, name) < 1:
                raise ImproperlyConfigured(f"设置 GONGKAI_{name.upper()} 应当大于零，请更正后重新启动。")
        if self.sms_backend not in ("file", "http"):
            raise ImproperlyConfigured(
                f"设置 GONGKAI_SMS_BACKEND 应为 file 或 http，现为“{self.sms_backend}”，请更正后重新启动。"
            )
        if self.sms_backend == "http" and not (self.sms_url.startswith(("https://", "http://")) and self.sms_secret):
            raise ImproperlyConfigured(
                "GONGKAI_SMS_BACKEND 为 http 时，还应当设置 GONGKAI_SMS_URL（以 http 开头）和 GONGKAI_SMS_SECRET，请补充后重新启动。"
            )
        if self.oidc_issuer:
            self._check_identity_provider()

    def _check_identity_provider(self) -> None:
        missing = [name for name in ("client_id", "client_secret", "claim") if not getattr(self, f"oidc_{name}")]
        if missing:
            names = "、".join(f"GONGKAI_OIDC_{name.upper()}" for name in missing)
            raise ImproperlyConfigured(f"已设置 GONGKAI_OIDC_ISSUER，还应当设置 {names}，请补充后重新启动。")
        address = urlsplit(self.oidc_issuer)
        if address.scheme != "https" and address.hostname not in ("localhost", "127.0.0.1", "::1"):
            raise ImproperlyConfigured("设置 GONGKAI_OIDC_ISSUER 应当以 https:// 开头，请更正后重新启动。")
        if self.oidc_account_field not in ACCOUNT_FIELDS:
            raise ImproperlyConfigured(
                f"设置 GONGKAI_OIDC_ACCOUNT_FIELD 应为 {'、'.join(ACCOUNT_FIELDS)} 之一，现为“{self.oidc_account_field}”，请更正后重新启动。"
            )
        if "openid" not in self.oidc_scopes.split():
            raise ImproperlyConfigured("设置 GONGKAI_OIDC_SCOPES 应当包含 openid，请更正后重新启动。")


def _variables() -> dict[str, str]:
    file = Path(".env")
    if not file.is_file():
        return dict(os.environ)
    from dotenv import dotenv_values

    return {**{name: value or "" for name, value in dotenv_values(file).items()}, **os.environ}


def _value(variable: str, text: str, wanted: Any) -> Any:
    """`text` as the type of its field."""
    if wanted in (bool, bool | None):
        if text.lower() in TRUE | FALSE:
            return text.lower() in TRUE
        raise ImproperlyConfigured(f"设置 {variable} 应为 true 或 false，现为“{text}”，请更正后重新启动。")
    if wanted in (int, float):
        try:
            if (number := wanted(text)) >= 0:
                return number
            raise ValueError("negative")
        except ValueError:
            raise ImproperlyConfigured(
                f"设置 {variable} 应为不小于零的数字，现为“{text}”，请更正后重新启动。"
            ) from None
    return text if wanted is str else Path(text)
