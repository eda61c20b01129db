"""App configuration."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Audit log."""

    name = "gongkai.audit"
    label = "audit"
    verbose_name = "审计日志"
