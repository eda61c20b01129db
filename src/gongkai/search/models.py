"""Tables of search: only the outbox. What can be searched is in the index, what is true is in the domain's tables."""

from __future__ import annotations

from django.db import models


class OutboxEntry(models.Model):
    """An item that changed and has to be indexed again; deleted once the index has it durably."""

    id = models.BigAutoField(primary_key=True)
    item_id = models.BigIntegerField("条目编号")
    created_at = models.DateTimeField("产生时间", auto_now_add=True)

    class Meta:
        verbose_name = "待建索引条目"
        verbose_name_plural = "待建索引条目"

    def __str__(self) -> str:
        """The entry for people."""
        return f"条目 {self.item_id}"
