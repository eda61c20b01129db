"""App configuration."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages."""

    name = "gongkai.web"
    label = "web"
    verbose_name = "页面"
