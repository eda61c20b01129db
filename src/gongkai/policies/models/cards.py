"""政策卡片 with the conditions of 政策匹配: for each matter of a document versions, one being written and one public at most."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class CardState(models.TextChoices):
    """Where a version of a card stands."""

    DRAFT = "draft", "草稿"
    PUBLISHED = "published", "已发布"
    SUPERSEDED = "superseded", "已替换"


class PolicyCard(models.Model):
    """One version of the card of a matter of a policy (or of an interpretation that stands for it). What was published never changes.

    A document that gives one thing has one matter, number 1, that needs no name; one of ten rewards has ten.
    """

    item = models.ForeignKey("disclosure.Item", models.CASCADE, related_name="policy_cards")
    matter = models.PositiveSmallIntegerField("事项序号", default=1)
    number = models.PositiveIntegerField("版次", default=1)
    state = models.CharField(max_length=20, choices=CardState.choices, default=CardState.DRAFT)
    matter_name = models.CharField("事项名称", max_length=60, blank=True)
    basis = models.CharField("依据条款", max_length=40, blank=True)
    """The part of the document the matter rests on, as `text.outline` names it (第三条); empty: the whole of it."""
    who_may_benefit = models.TextField("谁能享受", blank=True)
    what_is_given = models.TextField("给什么", blank=True)
    how_to_apply = models.TextField("怎么办", blank=True)
    until = models.DateField("截止日期", null=True, blank=True)
    """The last day to apply; empty when there is no fixed one."""
    until_note = models.TextField("截止", blank=True)
    contact = models.CharField("找谁", max_length=200, blank=True)
    phone = models.CharField("电话", max_length=200, blank=True)
    service_url = models.CharField("办理入口", max_length=500, blank=True)
    """Where the matter is handled online: an http or https address, usually of another site; empty when there is none."""
    service_link = models.ForeignKey("review.Link", models.SET_NULL, null=True, blank=True, related_name="+")
    """The same address as it is visited from the publication on; empty for a card that was never published."""
    conditions = models.JSONField("申报条件", default=dict, blank=True)
    """As `rules.eligibility_reading.to_json` writes them, without ``policy``; empty: not part of 政策匹配."""
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    prepared_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "policies"
        ordering = ("item", "matter", "-number")
        constraints = (
            models.UniqueConstraint(fields=("item", "matter", "number"), name="policy_card_matter_version"),
            models.UniqueConstraint(
                fields=("item", "matter"), name="policy_card_matter_draft", condition=models.Q(state=CardState.DRAFT)
            ),
            models.UniqueConstraint(
                fields=("item", "matter"),
                name="policy_card_matter_public",
                condition=models.Q(state=CardState.PUBLISHED),
            ),
        )
        indexes = (
            models.Index(fields=("until",), name="policy_card_until", condition=models.Q(state=CardState.PUBLISHED)),
        )
        verbose_name = "政策卡片"

    def __str__(self) -> str:
        return f"{self.item_id}/{self.matter}/{self.number}"
