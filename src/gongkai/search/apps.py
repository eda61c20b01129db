"""App configuration."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Site search."""

    name = "gongkai.search"
    label = "search"
    verbose_name = "一站搜"
