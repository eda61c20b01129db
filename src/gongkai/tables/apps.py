"""App configuration."""

from django.apps import AppConfig


class TablesConfig(AppConfig):
    """Subsidy tables."""

    name = "gongkai.tables"
    verbose_name = "补贴表"
