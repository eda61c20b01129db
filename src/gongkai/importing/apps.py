"""App configuration."""

from django.apps import AppConfig


class ImportingConfig(AppConfig):
    """Import of existing material."""

    name = "gongkai.importing"
    label = "importing"
    verbose_name = "存量导入"
