"""Tables of search: the outbox, the turns of writers, and what the district changed about the dictionaries.

What can be searched is in the index, what is true is in the domain's tables. The dictionaries that come with the program are data
files; here is only what differs from them, so that a new release brings its new entries and keeps the district's."""

from __future__ import annotations

from django.db import models


class OutboxEntry(models.Model):
    """An item that changed and has to be indexed again; deleted once the index has it durably."""

    id = models.BigAutoField(primary_key=True)
    item_id = models.BigIntegerField("条目编号")
    created_at = models.DateTimeField("产生时间", auto_now_add=True)

    class Meta:
        verbose_name = "待建索引条目"
        verbose_name_plural = "待建索引条目"

    def __str__(self) -> str:
        """The entry for people."""
        return f"条目 {self.item_id}"


class WritingTurn(models.Model):
    """One row: the number of the last writer of a search cluster. Each takes the next, so that none undoes a later one."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField("序号", default=0)

    class Meta:
        verbose_name = "索引写入序号"
        verbose_name_plural = "索引写入序号"

    def __str__(self) -> str:
        """The number."""
        return str(self.number)


class DictionaryName(models.TextChoices):
    """The dictionaries of search."""

    SYNONYMS = "synonyms", "检索同义词"
    WORDS = "words", "政务词表"


class DictionaryEntry(models.Model):
    """One entry that the district added, changed or switched off; it takes the place of the program's entry of the same key."""

    dictionary = models.CharField("词典", max_length=20, choices=DictionaryName.choices)
    key = models.CharField("词", max_length=60)
    """The word itself; of a group of synonyms the first."""
    kind = models.CharField("类别", max_length=20, blank=True)
    """Kind of the group of synonyms; empty for a word."""
    terms = models.JSONField("词语", default=list)
    """All words of the group, the key first; for a word just that."""
    active = models.BooleanField("启用", default=True)
    """Switched off, the entry is not used: the program's one of the same key neither."""

    class Meta:
        constraints = (models.UniqueConstraint(fields=("dictionary", "key"), name="dictionary_key_once"),)
        verbose_name = "词典条目"
        verbose_name_plural = "词典条目"

    def __str__(self) -> str:
        """The entry for people."""
        return f"{self.key}{'' if self.active else '（停用）'}"


class DictionaryVersion(models.Model):
    """One change to a dictionary: who, when, why, and every entry before and after. Written once."""

    dictionary = models.CharField("词典", max_length=20, choices=DictionaryName.choices)
    number = models.PositiveIntegerField("版本")
    at = models.DateTimeField("时间")
    actor_id = models.BigIntegerField("用户编号", null=True)
    actor_name = models.CharField("用户", max_length=60)
    reason = models.CharField("原因", max_length=200)
    changes = models.JSONField("变更", default=list)
    """For each entry ``{"key": …, "before": … | null, "after": … | null}``, as `gongkai.search.dictionaries.EntryState.as_json`."""

    class Meta:
        ordering = ("-number",)
        constraints = (models.UniqueConstraint(fields=("dictionary", "number"), name="dictionary_number_once"),)
        verbose_name = "词典版本"
        verbose_name_plural = "词典版本"

    def __str__(self) -> str:
        """The version for people."""
        return f"{self.get_dictionary_display()} 第{self.number}版"
