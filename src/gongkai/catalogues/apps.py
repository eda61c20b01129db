"""App configuration."""

from django.apps import AppConfig


class CataloguesConfig(AppConfig):
    """Catalogues and duties."""

    name = "gongkai.catalogues"
    label = "catalogues"
    verbose_name = "公开目录"
