"""系列、组合、跟踪: policies and what belongs to them under one title, and how far one is carried out."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class PolicyGroup(models.Model):
    """Several public items under one title, kept by a body. The public sees it while it is published."""

    class Kind(models.TextChoices):
        """What holds the members together."""

        SERIES = "series", "系列解读"
        COMBINATION = "combination", "关联政策组合"
        TRACKING = "tracking", "执行跟踪"

    class State(models.TextChoices):
        """Who sees it."""

        DRAFT = "draft", "草稿"
        PUBLISHED = "published", "已发布"

    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    kind = models.CharField("类型", max_length=20, choices=Kind)
    title = models.CharField("名称", max_length=200)
    summary = models.TextField("说明", blank=True)
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    saved_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    replaces = models.OneToOneField("self", models.CASCADE, null=True, blank=True, related_name="revision")
    """Of a draft: the group whose content it takes the place of when it is published (修改稿)."""

    class Meta:
        app_label = "policies"
        ordering = ("-saved_at", "-id")
        indexes = (models.Index(fields=("organisation", "-saved_at", "-id"), name="policy_group_of_body"),)
        verbose_name = "政策组合"

    def __str__(self) -> str:
        return self.title


class PolicyGroupMember(models.Model):
    """An item of a group, in order."""

    group = models.ForeignKey(PolicyGroup, models.CASCADE, related_name="members")
    item = models.ForeignKey("disclosure.Item", models.CASCADE, related_name="+")
    position = models.PositiveIntegerField()
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        app_label = "policies"
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=("group", "item"), name="policy_group_member_once"),)
        verbose_name = "政策组合中的信息"

    def __str__(self) -> str:
        return f"{self.group_id}/{self.item_id}"


class PolicyMilestone(models.Model):
    """What is to be done by when under a policy that is tracked, and what shows that it was done."""

    group = models.ForeignKey(PolicyGroup, models.CASCADE, related_name="milestones")
    position = models.PositiveIntegerField()
    title = models.CharField("任务", max_length=200)
    due_on = models.DateField("应当完成日期")
    done_on = models.DateField("实际完成日期", null=True, blank=True)
    evidence = models.ForeignKey("disclosure.Item", models.SET_NULL, null=True, blank=True, related_name="+")
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        app_label = "policies"
        ordering = ("position",)
        verbose_name = "执行跟踪任务"

    def __str__(self) -> str:
        return self.title
