"""App configuration."""

from django.apps import AppConfig


class ParticipationConfig(AppConfig):
    """Following lists by e-mail."""

    name = "gongkai.participation"
    verbose_name = "公众参与"
