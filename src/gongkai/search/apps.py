"""App configuration."""

from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class SearchConfig(AppConfig):
    """Site search."""

    name = "gongkai.search"
    label = "search"
    verbose_name = "一站搜"

    def ready(self) -> None:
        """Refuse to start with a `SEARCH_URL` that cannot be read, and say what is wrong with it."""
        from gongkai.search.engines.opensearch_address import Address, BadAddress

        if settings.GONGKAI_SEARCH_URL:
            try:
                Address.read(settings.GONGKAI_SEARCH_URL)
            except BadAddress as error:
                raise ImproperlyConfigured(str(error)) from error
