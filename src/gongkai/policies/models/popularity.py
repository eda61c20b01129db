"""热度榜: what is listed, and what the district office keeps from the list."""

from __future__ import annotations

from django.db import models


class PopularityRun(models.Model):
    """The single row that says when the list was computed; rows of the list may be none."""

    computed_at = models.DateTimeField("计算时间")

    class Meta:
        app_label = "policies"

    def __str__(self) -> str:
        return f"{self.computed_at}"


class RankedItem(models.Model):
    """An item of the list with its figures, as the last computation left them."""

    item = models.OneToOneField("disclosure.Item", models.CASCADE, primary_key=True, related_name="+")
    place = models.PositiveIntegerField("名次", unique=True)
    """From 1, over all kinds."""
    kind = models.CharField(max_length=40)
    score = models.FloatField("热度")
    readers = models.PositiveIntegerField("阅读人次")
    """Readers in the window, each counted by the day."""
    days = models.JSONField(default=list)
    """Triples of day (ISO 8601), readers, and what one of them counts; they make up the score, oldest first."""

    class Meta:
        app_label = "policies"
        indexes = (models.Index(fields=("kind", "place"), name="policies_ranked_kind"),)

    def __str__(self) -> str:
        return f"{self.place} {self.item_id}"


class PopularityExclusion(models.Model):
    """An item the district office keeps from the list, with the reason the public is told."""

    item = models.OneToOneField("disclosure.Item", models.CASCADE, related_name="+")
    reason = models.CharField("原因", max_length=200)
    created_at = models.DateTimeField("移出时间")

    class Meta:
        app_label = "policies"
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return f"{self.item_id} {self.reason}"
