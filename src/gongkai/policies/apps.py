"""App configuration."""

from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    """The policy library."""

    name = "gongkai.policies"
    label = "policies"
    verbose_name = "政策文件库"
