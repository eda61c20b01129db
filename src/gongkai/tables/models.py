"""Tables of subsidy tables: what the public sees (masked), the upload it is made from, and how a body's files are to be read.

Nothing of the uploaded file that is personal is in the database: rows are stored as the public sees them.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from gongkai.organisations.models import Organisation


class PublicTable(models.Model):
    """A masked table, complete and never changed afterwards. Editions share it until one gets a table of its own."""

    kind = models.CharField("种类", max_length=40)
    title = models.CharField("表名", max_length=200)
    columns = models.JSONField(default=list)
    """What `records.PublicColumn` says of each column, in order."""
    row_count = models.PositiveIntegerField("行数", default=0)
    totals = models.JSONField("合计", default=dict)
    """Decimal figures as text, by the code of the column."""
    first_rows = models.JSONField(default=list)
    """Cells of the first page, so that the page of the item needs no further query."""
    digest = models.CharField("内容摘要", max_length=64)
    """SHA-256 of the columns and all masked rows in order."""
    source_name = models.CharField("原始文件名", max_length=200)
    source = models.CharField("原始文件", max_length=120)
    """Where the uploaded file is kept (`files.sealed`); for the office alone."""
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "公开表格"

    def __str__(self) -> str:
        return self.title


class TableRow(models.Model):
    """One record as the public sees it. `name` and `place` are ranks of `TableTerm`; all sort keys are whole numbers, so that
    every database sorts alike."""

    table = models.ForeignKey(PublicTable, models.CASCADE, related_name="rows", db_index=False)
    position = models.PositiveIntegerField("序号")
    cells = models.JSONField()
    name = models.PositiveIntegerField(default=0)
    place = models.PositiveIntegerField(default=0)
    amount = models.BigIntegerField("金额（分）", default=-1)
    quantity = models.BigIntegerField("面积或数量（万分之一）", default=-1)

    SORTS: ClassVar[tuple[str, ...]] = ("position", "name", "place", "amount", "quantity")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("table", "position"), name="table_row_once"),)
        indexes = (
            models.Index(fields=("table", "name", "position"), name="table_row_name"),
            models.Index(fields=("table", "place", "position"), name="table_row_place"),
            models.Index(fields=("table", "amount", "position"), name="table_row_amount"),
            models.Index(fields=("table", "quantity", "position"), name="table_row_quantity"),
        )
        verbose_name = "表格行"

    def __str__(self) -> str:
        return f"{self.table_id}:{self.position}"


class TableTerm(models.Model):
    """A name or place that occurs in a table, as the public sees it, with its rank in the order of pinyin."""

    class Column(models.TextChoices):
        """Which column of `TableRow` holds the rank."""

        NAME = "name", "姓名"
        PLACE = "place", "村组"

    table = models.ForeignKey(PublicTable, models.CASCADE, related_name="terms", db_index=False)
    column = models.CharField(max_length=5, choices=Column)
    rank = models.PositiveIntegerField()
    key = models.CharField(max_length=200)
    """Folded, for searching."""

    class Meta:
        constraints = (models.UniqueConstraint(fields=("table", "column", "rank"), name="table_term_once"),)
        indexes = (models.Index(fields=("table", "column", "key"), name="table_term_key"),)
        verbose_name = "表格检索词"

    def __str__(self) -> str:
        return self.key


class EditionTable(models.Model):
    """The table of an edition. `edition_id` is the id of an edition of the register, which is above this package."""

    edition_id = models.BigIntegerField(unique=True)
    table = models.ForeignKey(PublicTable, models.PROTECT, related_name="editions")

    class Meta:
        verbose_name = "版本的表格"

    def __str__(self) -> str:
        return f"{self.edition_id}: {self.table_id}"


class TableUpload(models.Model):
    """A file on its way into the draft `edition_id`: one at a time; gone when it is accepted or thrown away."""

    class State(models.TextChoices):
        """Where it stands."""

        READING = "reading", "正在读取"
        MAPPING = "mapping", "待确认列"
        CHECKING = "checking", "正在检查"
        CHECKED = "checked", "检查完成"
        FAILED = "failed", "未能处理"

    edition_id = models.BigIntegerField(unique=True)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    kind = models.CharField("种类", max_length=40)
    name = models.CharField("文件名", max_length=200)
    source = models.CharField(max_length=120)
    size = models.BigIntegerField("字节数")
    state = models.CharField(max_length=10, choices=State, default=State.READING)
    token = models.CharField(max_length=32, blank=True)
    """Of what was last asked for; a task that was asked for before does nothing."""
    run = models.CharField(max_length=32, blank=True)
    """Of the task that is at work; one that finds another here stops, so that a task may be started twice."""

    sheets = models.JSONField(default=list)
    sheet = models.CharField("工作表", max_length=100, blank=True)
    header_row = models.PositiveIntegerField("表头所在行", default=0)
    header_depth = models.PositiveIntegerField("表头行数", default=1)
    mapping = models.JSONField(default=dict)
    """Column of the kind by the place of the file's column, from A = "0"; what is not here is left out."""
    exposure = models.JSONField(default=dict)
    """What the public sees, by column of the kind, where the clerk chose stricter than the rules."""

    rows_done = models.PositiveIntegerField(default=0)
    rows_expected = models.PositiveIntegerField(default=0)
    row_count = models.PositiveIntegerField("数据行数", default=0)
    skipped = models.PositiveIntegerField("合计行和说明行", default=0)
    errors = models.PositiveIntegerField("错误", default=0)
    warnings = models.PositiveIntegerField("提醒", default=0)
    counts = models.JSONField(default=list)
    """(code, serious, number, an example) of each sort of problem."""
    problems = models.JSONField(default=list)
    """The first problems; all of them are in `problem_file`."""
    problem_file = models.CharField(max_length=120, blank=True)
    preview_file = models.CharField(max_length=120, blank=True)
    """Sealed: heads and first rows of each sheet while columns are chosen, and rows before and after masking when checked."""
    failure = models.CharField("原因", max_length=500, blank=True)
    table = models.OneToOneField(PublicTable, models.SET_NULL, null=True, related_name="+")
    """The masked table that was made, until it is accepted."""
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "补贴表上传"

    def __str__(self) -> str:
        return self.name

    @property
    def at_work(self) -> bool:
        """Whether a background task has it in hand."""
        return self.state in (self.State.READING, self.State.CHECKING)

    @property
    def percent(self) -> int:
        """How far the task is, 0 to 99."""
        return min(99, 100 * self.rows_done // self.rows_expected) if self.rows_expected else 0


class RememberedColumns(models.Model):
    """How a body's files of one kind name their columns: the column of the kind by the key of the name; "" is left out."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    kind = models.CharField("种类", max_length=40)
    names = models.JSONField(default=dict)
    exposure = models.JSONField(default=dict)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("organisation", "kind"), name="remembered_columns_once"),)
        verbose_name = "列对应记忆"

    def __str__(self) -> str:
        return f"{self.organisation_id}/{self.kind}"
