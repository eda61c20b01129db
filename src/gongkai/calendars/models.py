"""Tables of the working days that were brought in: a year's days with their notice in versions, and every change of what is in force."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class CalendarYear(models.Model):
    """One version of a year's days, as one proposed it. In force are the shipped years and over each its newest active version."""

    class State(models.TextChoices):
        """Where a version stands."""

        PROPOSED = "proposed", "待复核"
        ACTIVE = "active", "已启用"
        WITHDRAWN = "withdrawn", "已撤销"

    year = models.PositiveIntegerField("年份")
    version = models.PositiveIntegerField("版本")
    title = models.CharField("通知名称", max_length=200)
    number = models.CharField("文号", max_length=60)
    published_on = models.DateField("公布日期")
    url = models.CharField("网址", max_length=300, blank=True)
    days = models.JSONField("工作日安排")
    """`rules.calendar_import.as_data`: year, notices, holidays with rest and work."""
    digest = models.CharField("内容摘要", max_length=64)
    """SHA-256 of the canonical `days`."""
    note = models.CharField("说明", max_length=200, blank=True)
    state = models.CharField("状态", max_length=20, choices=State.choices, default=State.PROPOSED)
    proposed_by_id = models.BigIntegerField("提出人")
    proposed_by_name = models.CharField("提出人", max_length=60)
    proposed_at = models.DateTimeField("提出时间", default=timezone.now)
    approved_by_id = models.BigIntegerField("复核人", null=True)
    approved_by_name = models.CharField("复核人", max_length=60, blank=True)
    approved_at = models.DateTimeField("启用时间", null=True)
    withdrawn_by_id = models.BigIntegerField("撤销人", null=True)
    withdrawn_by_name = models.CharField("撤销人", max_length=60, blank=True)
    withdrawn_at = models.DateTimeField("撤销时间", null=True)
    withdrawn_reason = models.CharField("撤销理由", max_length=200, blank=True)

    class Meta:
        ordering = ("-year", "-version")
        constraints = (models.UniqueConstraint(fields=("year", "version"), name="calendar_version_once"),)
        indexes = (models.Index(fields=("state", "year", "version"), name="calendar_in_force"),)
        verbose_name = "年度工作日安排"

    def __str__(self) -> str:
        return f"{self.year}年第{self.version}版"


class CalendarChange(models.Model):
    """The working days in force changed: a version was put in force or taken out. Its number names the calendar from then on."""

    calendar_year = models.ForeignKey(CalendarYear, models.PROTECT, related_name="changes")
    what = models.CharField("事项", max_length=20, choices=(("activated", "启用"), ("withdrawn", "撤销")))
    first_day = models.DateField("最早受影响的日期", null=True)
    """Periods that ended before it are not touched; None: nothing counts otherwise."""
    at = models.DateTimeField("时间", default=timezone.now)
    actor_id = models.BigIntegerField("办理人")
    actor_name = models.CharField("办理人", max_length=60)

    class Meta:
        ordering = ("-id",)
        verbose_name = "工作日历变更"

    def __str__(self) -> str:
        return f"{self.pk} {self.what}"
