"""App configuration."""

from django.apps import AppConfig


class SampleConfig(AppConfig):
    """The sample district."""

    name = "gongkai.sample"
    label = "sample"
    verbose_name = "示例区"
