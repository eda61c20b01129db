"""Tables of the daily digest: who wants it, and what was sent."""

from django.conf import settings
from django.db import models


class DigestPreference(models.Model):
    """How often somebody wants the digest; who has said nothing gets it daily."""

    class Frequency(models.TextChoices):
        """When it is sent."""

        DAILY = "daily", "每个工作日"
        OVERDUE = "overdue", "有超期事项时"
        NEVER = "never", "不接收"

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="digest_preference")
    frequency = models.CharField("接收方式", max_length=10, choices=Frequency, default=Frequency.DAILY)

    class Meta:
        verbose_name = "摘要设置"

    def __str__(self) -> str:
        return f"{self.user_id}: {self.frequency}"


class Digest(models.Model):
    """The letter of one day to one person: claimed before it is sent, so that it is never sent twice, whatever dies half-way."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="digests")
    day = models.DateField()
    tasks = models.PositiveIntegerField("待办事项", default=0)
    sent_at = models.DateTimeField(null=True)
    """When it was claimed; None after the mail server refused it."""
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField("未能发送的原因", max_length=200, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "day"), name="digest_once_a_day"),)
        indexes = (models.Index(fields=("day", "sent_at"), name="digest_of_day"),)
        verbose_name = "待办摘要"

    def __str__(self) -> str:
        return f"{self.user_id} {self.day}"
