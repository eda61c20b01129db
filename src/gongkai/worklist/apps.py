"""App configuration."""

from django.apps import AppConfig


class WorklistConfig(AppConfig):
    """The daily digest."""

    name = "gongkai.worklist"
    verbose_name = "待办摘要"
