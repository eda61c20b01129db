"""App configuration."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Background work."""

    name = "gongkai.jobs"
    label = "jobs"
    verbose_name = "后台任务"
