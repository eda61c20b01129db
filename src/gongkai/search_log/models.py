"""Tables of the search log. None of them holds an address, an account, a cookie, a user agent or a time finer than a day."""

from __future__ import annotations

from django.db import models


class SearchedText(models.Model):
    """One thing that was asked, in its normal spelling."""

    key = models.CharField(max_length=64, unique=True)
    """Folded, Simplified, without blanks and punctuation: spellings that mean the same have one row."""
    text = models.CharField("检索词", max_length=64)

    class Meta:
        verbose_name = "检索词"

    def __str__(self) -> str:
        return self.text


class DayOfText(models.Model):
    """How often one thing was asked on one day."""

    searched = models.ForeignKey(SearchedText, models.CASCADE, related_name="days")
    on = models.DateField("日期")
    searchers = models.PositiveIntegerField("人数", default=0)
    """Distinct visitors, at most `per_network` of each network segment."""
    networks = models.PositiveIntegerField("网段数", default=0)
    found = models.PositiveIntegerField("有结果", default=0)
    relaxed = models.PositiveIntegerField("仅有放宽结果", default=0)
    nothing = models.PositiveIntegerField("无结果", default=0)
    in_library = models.PositiveIntegerField("在政策文件库检索", default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("searched", "on"), name="search_log_one_day_of_text"),)
        indexes = (models.Index(fields=("on",), name="search_log_on"),)

    def __str__(self) -> str:
        return f"{self.searched_id} {self.on}"


class SearchDay(models.Model):
    """One day as a whole. A closed day takes no more counts: what could tell its visitors apart has been destroyed."""

    on = models.DateField("日期", primary_key=True)
    searches = models.PositiveIntegerField("检索次数", default=0)
    nothing = models.PositiveIntegerField("无结果次数", default=0)
    unrecorded = models.PositiveIntegerField("未记录文字次数", default=0)
    """Searches whose words looked like personal data or were long: counted here, their words were never written down."""
    closed = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.on}"


class Sighting(models.Model):
    """That somebody asked something today. `visitor` and `network` are keyed hashes; key and rows go when the day closes."""

    on = models.DateField()
    searched = models.ForeignKey(SearchedText, models.CASCADE, related_name="+")
    network = models.CharField(max_length=16)
    visitor = models.CharField(max_length=16)
    outcome = models.CharField(max_length=1)
    in_library = models.BooleanField(default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("on", "searched", "visitor"), name="search_log_one_sighting"),)
        indexes = (models.Index(fields=("on", "network"), name="search_log_network"),)

    def __str__(self) -> str:
        return f"{self.on} {self.searched_id}"


class DayOfItem(models.Model):
    """How many people read one public item on one day."""

    item_id = models.BigIntegerField()
    """The item of the register; no foreign key, the log knows no register."""
    on = models.DateField("日期")
    readers = models.PositiveIntegerField("人数")
    """Distinct visitors, at most `per_network` of each network segment (`rules.popularity`)."""
    networks = models.PositiveIntegerField("网段数")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("item_id", "on"), name="search_log_one_day_of_item"),)
        indexes = (models.Index(fields=("on", "networks"), name="search_log_read_on"),)

    def __str__(self) -> str:
        return f"{self.item_id} {self.on}"


class ReadDay(models.Model):
    """One day of readings: locked while it is counted, so that ticks at once lose nothing. A closed day takes no more counts."""

    on = models.DateField("日期", primary_key=True)
    closed = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.on}"


class ReadSighting(models.Model):
    """That somebody read an item today. `visitor` and `network` are keyed hashes; key and rows go when the day closes."""

    on = models.DateField()
    item_id = models.BigIntegerField()
    network = models.CharField(max_length=16)
    visitor = models.CharField(max_length=16)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("on", "item_id", "visitor"), name="search_log_one_reading"),)

    def __str__(self) -> str:
        return f"{self.on} {self.item_id}"


class SpoolPosition(models.Model):
    """How far a spool file has been folded; written in the transaction of the counts, so that no line counts twice."""

    name = models.CharField(max_length=120, primary_key=True)
    offset = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.offset}"


class PopularList(models.Model):
    """The single row of what is shown as 热门搜索, with its figures, and when it was computed."""

    computed_at = models.DateTimeField()
    entries = models.JSONField(default=list)
    """Objects with `text`, `score`, `searchers`, `most_networks`, best first."""
    withheld = models.JSONField(default=dict)
    """Number of searches that reached the thresholds and are not shown, by public reason."""

    def __str__(self) -> str:
        return f"{self.computed_at} {len(self.entries)}"


class ExcludedSearch(models.Model):
    """Words the office keeps from being shown as popular, with a reason that can be stated in public."""

    term = models.CharField("词", max_length=64)
    whole = models.BooleanField("仅完全一致时", default=True)
    reason = models.CharField("原因", max_length=20)
    note = models.CharField("说明", max_length=200)
    created_at = models.DateTimeField("设置时间")

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = (models.UniqueConstraint(fields=("term", "whole"), name="search_log_one_exclusion"),)

    def __str__(self) -> str:
        return self.term


class Treatment(models.Model):
    """What the office did about something that was asked; the latest word on each."""

    searched = models.OneToOneField(SearchedText, models.CASCADE, related_name="treatment")
    step = models.CharField("处理", max_length=20)
    note = models.CharField("说明", max_length=200)
    by_name = models.CharField("处理人", max_length=60)
    at = models.DateTimeField("处理时间")

    def __str__(self) -> str:
        return f"{self.searched_id} {self.step}"
