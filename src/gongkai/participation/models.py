"""Tables of 公众参与."""

from __future__ import annotations

from django.db import models

from gongkai.rules.subscriptions import Frequency


class Subscription(models.Model):
    """One list followed by one address (邮件订阅). Who leaves is deleted; nothing of him is kept.

    The address is sealed (`files.field_seal`) and found by its keyed digest. A letter covers the time from `last_at` to the end of its
    period; before it is handed over the row is claimed, so a process that dies leaves a claim and nobody is mailed twice.
    """

    class State(models.TextChoices):
        """What becomes of it."""

        PENDING = "pending", "待确认"
        ACTIVE = "active", "有效"
        RESTING = "resting", "已停发"
        """The address refused letters too often."""

    FREQUENCIES = tuple((one.value, one.label) for one in Frequency)

    address_sealed = models.TextField()
    address_digest = models.CharField(max_length=64)
    query = models.JSONField("列表的检索条件")
    """As `search.saved_queries.to_json` keeps it."""
    query_key = models.CharField(max_length=32)
    title = models.CharField("列表名称", max_length=300)
    path = models.CharField("列表地址", max_length=2000)
    """Path and query string of the list on the portal."""
    frequency = models.CharField("频率", max_length=10, choices=FREQUENCIES, default=Frequency.DAILY.value)
    state = models.CharField("状态", max_length=10, choices=State, default=State.PENDING)
    asked_at = models.DateTimeField("申请时间")
    confirmed_at = models.DateTimeField("确认时间", null=True)
    last_at = models.DateTimeField("已告知至", null=True)
    """Everything published before has been told, or there was nothing; None until it is confirmed."""
    claimed_at = models.DateTimeField(null=True)
    """When a letter began to be handed over; None when none is under way."""
    claimed_until = models.DateTimeField(null=True)
    """The end of the period of that letter."""
    lost_at = models.DateTimeField("发送情况不明的时间", null=True)
    """When a letter was last interrupted so that nobody knows whether it arrived."""
    refusals = models.PositiveSmallIntegerField("连续拒收次数", default=0)
    retry_at = models.DateTimeField(null=True)
    """Not before this moment is a refused letter tried again."""

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("address_digest", "query_key"), name="subscription_once_an_address"),
        )
        indexes = (
            models.Index(fields=("state", "frequency", "last_at"), name="subscription_due"),
            models.Index(fields=("query_key", "last_at"), name="subscription_list"),
        )
        verbose_name = "邮件订阅"

    def __str__(self) -> str:
        return f"{self.pk} {self.title}"
