"""Django settings, derived from the typed environment. Nothing outside `config` reads environment variables."""

import os
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any

import dj_database_url

from gongkai.config.environment import Environment

ENVIRONMENT = Environment.read()

GONGKAI_DATA_DIR = ENVIRONMENT.data_dir.resolve()
PACKAGE_DIR = Path(__file__).resolve().parent.parent


def _secret_key() -> str:
    """The operator's key, or one made on first start and kept with the data (mode 0600)."""
    if ENVIRONMENT.secret_key:
        return ENVIRONMENT.secret_key
    path = GONGKAI_DATA_DIR / "secret_key"
    if not path.exists():
        GONGKAI_DATA_DIR.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"secret_key.{os.getpid()}")
        draft.write_text(secrets.token_urlsafe(64))
        draft.chmod(0o600)
        try:
            os.link(draft, path)  # the first of several starting processes wins; the others read what it wrote
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()


SECRET_KEY = _secret_key()
DEBUG = ENVIRONMENT.debug
ALLOWED_HOSTS = [host.strip() for host in ENVIRONMENT.allowed_hosts.split(",") if host.strip()]

INSTALLED_APPS = [
    "gongkai.organisations",
    "gongkai.audit",
    "gongkai.files",
    "gongkai.catalogues",
    "gongkai.calendars",
    "gongkai.search",
    "gongkai.search_log",
    "gongkai.review",
    "gongkai.tables",
    "gongkai.worklist",
    "gongkai.disclosure",
    "gongkai.policies",
    "gongkai.foi",
    "gongkai.participation",
    "gongkai.importing",
    "gongkai.jobs",
    "gongkai.sample",
    "gongkai.web",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_prose_editor",
    "django_tasks",
    "django_tasks_db",
]

# The portal is public and keeps no session: session, CSRF, login and messages are wrapped so that they run for the office
# and the account pages only. The page cache stands first, so a cached page costs next to nothing; only the counting of searches
# stands before it, because a search answered from the cache is a search too.
MIDDLEWARE = [
    "gongkai.web.shared.search_counting.SearchCountingMiddleware",
    "gongkai.web.shared.page_cache.PageCacheMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "gongkai.web.shared.middleware.ErrorReferenceMiddleware",
    "gongkai.web.shared.middleware.OfficeSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "gongkai.web.shared.middleware.OfficeCsrfMiddleware",
    "gongkai.web.shared.middleware.OfficeAuthenticationMiddleware",
    "gongkai.web.shared.middleware.OfficeMessageMiddleware",
    "gongkai.web.office.sign_in.OfficeSignInMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "gongkai.config.urls"
WSGI_APPLICATION = "gongkai.config.wsgi.application"
OFFICE_PREFIXES = ("/office/", "/account/")

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [PACKAGE_DIR / "web" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "gongkai.web.shared.templating.environment",
            "context_processors": ["gongkai.web.shared.templating.office_context"],
        },
    },
    {  # forms and widgets of the libraries only; no page of ours
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
FORM_RENDERER = "gongkai.web.shared.forms.FormRenderer"


def _database() -> dict[str, Any]:
    """SQLite in the data directory unless DATABASE_URL names another database."""
    if ENVIRONMENT.database_url and not ENVIRONMENT.database_url.startswith("sqlite"):
        return {**dj_database_url.parse(ENVIRONMENT.database_url, conn_max_age=60, conn_health_checks=True)}
    parsed = dj_database_url.parse(ENVIRONMENT.database_url) if ENVIRONMENT.database_url else {}
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": parsed.get("NAME") or str(GONGKAI_DATA_DIR / "gongkai.sqlite3"),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # IMMEDIATE: a transaction that will write takes the lock at its start and waits for it, instead of failing
            # half-way. WAL: readers never wait for the writer. FULL: what was reported as saved survives a power cut.
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            # 1 MB of cache for each connection, and so for each thread; the file itself is cached by the system.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-1000;",
        },
    }


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": ENVIRONMENT.cache_url}
        if ENVIRONMENT.cache_url
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 5000}}
    ),
}

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE_DIR / "web" / "static"]
STATIC_ROOT = GONGKAI_DATA_DIR / "static"  # only for installations that serve static files from the gateway
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
WHITENOISE_USE_FINDERS = True
MEDIA_ROOT = GONGKAI_DATA_DIR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(MEDIA_ROOT)}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# --- accounts -------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "organisations.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "gongkai.organisations.passwords.RulesValidator"},
    {"NAME": "gongkai.organisations.passwords.HistoryValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "/account/login/"
LOGIN_REDIRECT_URL = "/office/"
ACCOUNT_ADAPTER = "gongkai.web.office.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/account/login/"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS: dict[str, str] = {"login_failed": ""}  # lock-out is django-axes' work, by account and address
ALLAUTH_TRUSTED_PROXY_COUNT = 0  # the adapter says whose request it is
MFA_ADAPTER = "gongkai.web.office.second_factor_words.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "gongkai.web.office.second_factor.AuthenticateForm",
    "reauthenticate": "gongkai.web.office.second_factor.ReauthenticateForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = ENVIRONMENT.site_name
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=30)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "gongkai.web.office.accounts.locked_out"
AXES_CLIENT_IP_CALLABLE = "gongkai.web.shared.addresses.login_address"
AXES_USERNAME_CALLABLE = "gongkai.web.office.login_watch.login_name"
AXES_WHITELIST_CALLABLE = "gongkai.web.office.known_browsers.counts_apart"
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True  # sign-ins are written down by `gongkai.organisations.logins`
AXES_ENABLE_ADMIN = False

SESSION_COOKIE_NAME = "gongkai_office"
SESSION_COOKIE_AGE = ENVIRONMENT.session_hours * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
CSRF_COOKIE_NAME = "gongkai_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "gongkai.web.shared.errors.csrf_failure"
if ENVIRONMENT.https:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31536000
CSRF_TRUSTED_ORIGINS = [ENVIRONMENT.site_url] if ENVIRONMENT.site_url.startswith("https://") else []
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "style-src": ["'self'"],
        "script-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
    }
}

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
DEFAULT_FROM_EMAIL = ENVIRONMENT.email_from
EMAIL_TIMEOUT = 20
EMAIL_FILE_PATH = str(GONGKAI_DATA_DIR / "mail")
if ENVIRONMENT.email_url:
    from urllib.parse import unquote, urlsplit

    _mail = urlsplit(ENVIRONMENT.email_url)
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = _mail.hostname or "localhost", _mail.port or 25
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
    EMAIL_USE_TLS = _mail.scheme == "smtp+tls"

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# --- ours -----------------------------------------------------------------------------------------------------------
GONGKAI_SEARCH_URL = ENVIRONMENT.search_url.strip()
GONGKAI_SEARCH_PROVIDER = "gongkai.policies.search_documents.load"
GONGKAI_SEARCH_ALL_IDS = "gongkai.policies.search_documents.all_ids"
GONGKAI_SEARCH_TITLES = "gongkai.policies.search_documents.titles"
GONGKAI_SUGGESTION_SOURCES = (
    "gongkai.search_log.popular.popular_texts",
    "gongkai.policies.suggested_names.names",
)
GONGKAI_SEARCH_FIRST_SOURCES = (
    "gongkai.foi.search_first.answers",
    "gongkai.foi.search_first.items",
    "gongkai.foi.search_first.rows",
)
GONGKAI_SEALED_IN_USE = ("gongkai.tables.leftovers.in_use", "gongkai.foi.drafts.in_use")
GONGKAI_AFTER_INDEX = "gongkai.audit.generation.bump"
GONGKAI_PAGE_CACHE = True
GONGKAI_API_RATE = ENVIRONMENT.api_rate
GONGKAI_REQUIRE_MFA = not ENVIRONMENT.sample if ENVIRONMENT.require_mfa is None else ENVIRONMENT.require_mfa
GONGKAI_MFA_GRACE_DAYS = ENVIRONMENT.mfa_grace_days
GONGKAI_PASSWORD_DAYS = 0 if ENVIRONMENT.sample else ENVIRONMENT.password_days
GONGKAI_PASSWORD_HISTORY = ENVIRONMENT.password_history
GONGKAI_TEMPORARY_PASSWORD_HOURS = ENVIRONMENT.temporary_password_hours
GONGKAI_IDLE_SECONDS = ENVIRONMENT.idle_minutes * 60
GONGKAI_SESSION_SECONDS = ENVIRONMENT.session_hours * 60 * 60
GONGKAI_ONE_SESSION = ENVIRONMENT.one_session
GONGKAI_LOGIN_HISTORY_DAYS = ENVIRONMENT.login_history_days
GONGKAI_DORMANT_DAYS = ENVIRONMENT.dormant_days
GONGKAI_OIDC = ENVIRONMENT.identity_provider()
GONGKAI_PROXIES = ENVIRONMENT.proxies
GONGKAI_COUNT_SEARCHES = ENVIRONMENT.count_searches
GONGKAI_COUNT_READS = ENVIRONMENT.count_reads
GONGKAI_DIGEST_HOUR = ENVIRONMENT.digest_hour if ENVIRONMENT.email_url else None
GONGKAI_SUBSCRIPTIONS = bool(ENVIRONMENT.email_url) or ENVIRONMENT.sample  # a sample writes its mail to files
GONGKAI_FIELD_KEYS = ENVIRONMENT.field_keys
GONGKAI_CHECK_LINKS = ENVIRONMENT.check_links
GONGKAI_SMS_BACKEND = ENVIRONMENT.sms_backend
GONGKAI_SMS_URL = ENVIRONMENT.sms_url
GONGKAI_SMS_SECRET = ENVIRONMENT.sms_secret

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"gongkai": {"level": "INFO"}, "django.request": {"level": "ERROR"}},
}
