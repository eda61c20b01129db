"""App configuration."""

from django.apps import AppConfig


class SearchLogConfig(AppConfig):
    """Search log."""

    name = "gongkai.search_log"
    label = "search_log"
    verbose_name = "检索统计"
