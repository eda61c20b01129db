"""省市优秀解读: links to good interpretations of the province and the city, and the district's own."""

from __future__ import annotations

from django.db import models

from gongkai.rules.exemplary import Level


class ExemplaryInterpretation(models.Model):
    """One interpretation: a page of another site (`link`), or a public item of this one (`item`), which is shown as it stands."""

    level = models.CharField("层级", max_length=10, choices=[(one.value, one.label) for one in Level])
    title = models.CharField("标题", max_length=200, blank=True)
    source = models.CharField("来源", max_length=60, blank=True)
    published_on = models.DateField("发布日期")
    form = models.CharField("解读形式", max_length=40, blank=True)
    """Of `interpretation_forms`. Title, source and form of an own item are those of the item."""
    link = models.ForeignKey("review.Link", models.PROTECT, null=True, blank=True, related_name="+")
    """The address, with what came of the last visit (`review.links`)."""
    item = models.ForeignKey("disclosure.Item", models.CASCADE, null=True, blank=True, related_name="+")
    added_at = models.DateTimeField("添加时间")

    class Meta:
        app_label = "policies"
        ordering = ("-published_on", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(link=None, item__isnull=False) | models.Q(link__isnull=False, item=None),
                name="exemplary_link_or_item",
            ),
            models.UniqueConstraint(fields=("level", "link"), name="exemplary_link_once"),
            models.UniqueConstraint(fields=("level", "item"), name="exemplary_item_once"),
        )
        indexes = (models.Index(fields=("level", "-published_on", "-id"), name="exemplary_level"),)
        verbose_name = "优秀解读"

    def __str__(self) -> str:
        return self.title or str(self.item_id)
