"""App configuration."""

from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    """The register."""

    name = "gongkai.disclosure"
    label = "disclosure"
    verbose_name = "信息登记"
