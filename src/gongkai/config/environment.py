"""Typed settings read from environment variables (or a `.env` file in the working directory)."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Environment(BaseSettings):
    """Everything an operator may set. Each field names its variable in its alias; see `docs/operations/settings.md`."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", populate_by_name=True)

    data_dir: Path = Field(default=Path("var"), alias="GONGKAI_DATA_DIR")
    """Database, uploaded files, search index and secret key live here; relative paths count from the working directory."""
    secret_key: str = Field(default="", alias="GONGKAI_SECRET_KEY")
    """Empty: made at random on first start and kept in `data_dir/secret_key`."""
    debug: bool = Field(default=False, alias="GONGKAI_DEBUG")
    allowed_hosts: str = Field(default="localhost,127.0.0.1,[::1],testserver", alias="GONGKAI_ALLOWED_HOSTS")
    https: bool = Field(default=False, alias="GONGKAI_HTTPS")
    """True behind an HTTPS gateway: secure cookies, HSTS and the forwarded-protocol header."""

    database_url: str = Field(default="", alias="DATABASE_URL")
    """Empty: SQLite in `data_dir`. `postgresql://…` for PostgreSQL."""
    cache_url: str = Field(default="", alias="CACHE_URL")
    """Empty: memory of each process. `redis://…` for a shared cache."""
    email_url: str = Field(default="", alias="EMAIL_URL")
    """Empty: mail is written to files in `data_dir/mail`. `smtp://user:password@host:port` to send."""

    vocabulary_dir: Path | None = Field(default=None, alias="GONGKAI_VOCABULARY_DIR")
    """A directory whose TOML files take the place of the shipped vocabularies of the same name."""

    site_name: str = Field(default="亳州市谯城区人民政府 政务公开", alias="GONGKAI_SITE_NAME")
    site_owner: str = Field(default="亳州市谯城区人民政府", alias="GONGKAI_SITE_OWNER")
    site_url: str = Field(default="http://localhost:8000", alias="GONGKAI_SITE_URL")
    site_id_code: str = Field(default="", alias="GONGKAI_SITE_ID_CODE")
    icp_number: str = Field(default="", alias="GONGKAI_ICP_NUMBER")
    police_number: str = Field(default="", alias="GONGKAI_POLICE_NUMBER")
    require_mfa: bool = Field(default=False, alias="GONGKAI_REQUIRE_MFA")
    """True: reviewers and above must set up a second factor before they can do anything else."""
    sample: bool = Field(default=True, alias="GONGKAI_SAMPLE")
    """True: the visible 示例数据 ribbon is on every page and `gongkai serve` fills an empty database with the sample district."""
