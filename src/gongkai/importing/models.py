"""Tables of the import: which piece of outside material became which item, and what each fact rested on."""

from django.db import models
from django.utils import timezone

from gongkai.disclosure.models import Item


class ImportRun(models.Model):
    """One run of the import command."""

    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    paths = models.JSONField(default=list)
    added = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M} +{self.added}"


class ImportedRecord(models.Model):
    """One piece of outside material that was taken in; its key makes a second run add nothing."""

    key = models.CharField("来源键", max_length=200, unique=True)
    digest = models.CharField("内容摘要", max_length=64, db_index=True)
    run = models.ForeignKey(ImportRun, models.SET_NULL, null=True, related_name="records")
    item = models.ForeignKey(Item, models.CASCADE, related_name="imported_records")
    origin = models.CharField("来源", max_length=400)
    facts = models.JSONField("各要素的依据与可信度", default=dict)

    def __str__(self) -> str:
        return self.key
