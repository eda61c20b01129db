"""App configuration."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages."""

    name = "gongkai.web"
    label = "web"
    verbose_name = "页面"

    def ready(self) -> None:
        """Begin to write the history of sign-ins."""
        from gongkai.web.office import login_watch

        login_watch.watch()
