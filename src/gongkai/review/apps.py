"""App configuration."""

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """Review before publication."""

    name = "gongkai.review"
    verbose_name = "发布审查"
