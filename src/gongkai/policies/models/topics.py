"""专题: the public version and the draft of a page made of blocks (`rules.topics`)."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class TopicState(models.TextChoices):
    """Where a topic stands."""

    DRAFT = "draft", "草稿"
    PUBLISHED = "published", "已发布"
    ARCHIVED = "archived", "已归档"


class Topic(models.Model):
    """A topic: what the public reads, and what is being written."""

    slug = models.SlugField("网址中的名称", max_length=60, unique=True)
    """The last part of its address; never changes."""
    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="topics")
    state = models.CharField(max_length=20, choices=TopicState.choices, default=TopicState.DRAFT)
    title = models.CharField("专题名称", max_length=60, blank=True)
    summary = models.CharField("导语", max_length=300, blank=True)
    blocks = models.JSONField("板块", default=list, blank=True)
    """Public, as are ``title`` and ``summary``; empty before the first publication."""
    draft_title = models.CharField("专题名称", max_length=60)
    draft_summary = models.CharField("导语", max_length=300, blank=True)
    draft_blocks = models.JSONField("板块", default=list, blank=True)
    revision = models.PositiveIntegerField("修订次数", default=1)
    """Counts what is saved of the draft, so that nobody overwrites what he has not seen."""
    public_revision = models.PositiveIntegerField(default=0)
    """The revision that is public; 0: none."""
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    edited_at = models.DateTimeField()
    published_at = models.DateTimeField("首次发布时间", null=True, blank=True)
    archived_at = models.DateTimeField("归档时间", null=True, blank=True)

    class Meta:
        app_label = "policies"
        ordering = ("-edited_at", "-pk")
        indexes = (models.Index(fields=("state", "-published_at"), name="topic_state"),)
        verbose_name = "专题"

    def __str__(self) -> str:
        return self.draft_title

    @property
    def changed(self) -> bool:
        """Whether the draft is not what the public reads."""
        return self.revision != self.public_revision
