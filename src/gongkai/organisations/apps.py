"""App configuration."""

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    """Bodies, users and memberships."""

    name = "gongkai.organisations"
    label = "organisations"
    verbose_name = "机构与人员"

    def ready(self) -> None:
        """Point the vocabularies at the operator's own files and load every one, so a bad file stops the start."""
        from django.conf import settings

        from gongkai.rules import vocabulary

        if settings.ENVIRONMENT.vocabulary_dir:
            vocabulary.set_override_directory(settings.ENVIRONMENT.vocabulary_dir)
