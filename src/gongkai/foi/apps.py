"""The app of 依申请公开."""

from django.apps import AppConfig


class FoiConfig(AppConfig):
    """Information requests."""

    name = "gongkai.foi"
    label = "foi"
    verbose_name = "依申请公开"
