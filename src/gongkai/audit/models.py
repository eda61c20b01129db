"""Tables of the audit log. Only `gongkai.audit.log` writes them."""

from typing import Any

from django.db import models


class AuditError(RuntimeError):
    """An attempt to change or delete what has been recorded."""


class AuditRecord(models.Model):
    """One write: who did what to which object, when, and the hash that ties it to the record before it."""

    sequence = models.BigIntegerField("序号", unique=True)
    at = models.DateTimeField("时间", db_index=True)
    actor_id = models.BigIntegerField("用户编号", null=True)
    actor_name = models.CharField("用户", max_length=60)
    organisation_id = models.BigIntegerField("机构编号", null=True, db_index=True)
    action = models.CharField("操作", max_length=60)
    object_type = models.CharField("对象类别", max_length=40)
    object_id = models.CharField("对象编号", max_length=60)
    detail = models.JSONField("内容", default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ("-sequence",)
        indexes = (models.Index(fields=("object_type", "object_id", "sequence"), name="audit_object"),)
        verbose_name = "审计记录"

    def __str__(self) -> str:
        return f"{self.sequence} {self.action} {self.object_type}:{self.object_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Records are written once; there is no second save."""
        if self.pk is not None:
            raise AuditError("审计记录不可修改。")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Records are never deleted."""
        raise AuditError("审计记录不可删除。")


class AuditHead(models.Model):
    """The single row that writers lock: last sequence, last hash, and the generation of public content."""

    sequence = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)
    generation = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.sequence} {self.generation}"
