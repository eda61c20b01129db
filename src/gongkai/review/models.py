"""Tables of the review: what was found in files and editions, secrecy reviews, the chain of reviews with its records, remarks."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from gongkai.files.models import StoredFile
from gongkai.organisations.models import Organisation
from gongkai.rules.findings import FixKind, ReviewRule, Severity, review_rules


class FileExamination(models.Model):
    """What the gate found in one file: it depends on the file alone, so it is done once however often the file is attached."""

    file = models.OneToOneField(StoredFile, models.CASCADE, related_name="examination")
    version = models.PositiveIntegerField("检查程序版本")
    public_file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    """The copy for the public, without properties and hidden parts; None where none could be made, which is a finding too."""
    findings = models.JSONField(default=list)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "文件检查"

    def __str__(self) -> str:
        return f"{self.file_id}: {len(self.findings)}"


class RecordedFinding(models.Model):
    """One finding in one edition, and what became of it. It is never deleted while the edition is there.

    `edition_id` is the id of an edition of the register, which is above this package. `part` is `title`, `body`, `item` or
    `file:<id of the stored file>`; `key` is the same as long as the same thing is found in the same part.
    """

    class State(models.TextChoices):
        """What became of it."""

        OPEN = "open", "待处理"
        MENDED = "mended", "已改正"
        STRIPPED = "stripped", "公开时清除"
        SET_ASIDE = "set_aside", "已说明理由"

    edition_id = models.BigIntegerField()
    part = models.CharField(max_length=40)
    part_label = models.CharField("所在部分", max_length=220)
    key = models.CharField(max_length=40)
    rule = models.CharField("规则", max_length=60)
    message = models.CharField("问题", max_length=500)
    text = models.CharField("原文", max_length=500, blank=True)
    start = models.PositiveIntegerField(null=True)
    end = models.PositiveIntegerField(null=True)
    place = models.CharField("位置", max_length=200, blank=True)
    suggestion = models.CharField("建议", max_length=500, blank=True)
    fix = models.CharField(max_length=10, blank=True, choices=[(kind.value, kind.value) for kind in FixKind])
    replacement = models.CharField(max_length=500, blank=True)
    serious = models.BooleanField("严重")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    reason = models.CharField("理由", max_length=300, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    found_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-serious", "part", "start", "id")
        constraints = (models.UniqueConstraint(fields=("edition_id", "key"), name="finding_once"),)
        indexes = (models.Index(fields=("state", "serious", "edition_id"), name="finding_open"),)
        verbose_name = "检查发现"

    def __str__(self) -> str:
        return f"{self.rule} {self.part_label} {self.text}"

    @property
    def review_rule(self) -> ReviewRule | None:
        """The rule that is broken, or None when a later version of the rules no longer has it."""
        return review_rules().get(self.rule)

    @property
    def severity(self) -> Severity:
        """As it was judged when it was found."""
        return Severity.SERIOUS if self.serious else Severity.WARNING

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.state == self.State.OPEN


class Checked(models.Model):
    """When the gate last looked at an edition, and at which of its saves."""

    edition_id = models.BigIntegerField(primary_key=True)
    revision = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "检查记录"

    def __str__(self) -> str:
        return f"{self.edition_id}: {self.revision}"


class SecrecyReview(models.Model):
    """保密审查 of one part of an edition: who, when, with what result, on which basis (《保密法实施条例》§42: 逐项审查)."""

    edition_id = models.BigIntegerField(db_index=True)
    part = models.CharField(max_length=40)
    part_label = models.CharField("审查对象", max_length=220)
    digest = models.CharField("内容摘要", max_length=64)
    """SHA-256 of what was reviewed."""
    cleared = models.BooleanField("可以公开")
    basis = models.CharField("依据", max_length=300)
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    reviewer_name = models.CharField("审查人", max_length=80)
    at = models.DateTimeField("审查时间", default=timezone.now)

    class Meta:
        ordering = ("at", "id")
        verbose_name = "保密审查"

    def __str__(self) -> str:
        return f"{self.part_label}: {self.basis}"


class ReviewChain(models.Model):
    """Which reviews a body's items of a kind pass (`rules.review_chain`): no body means all, an empty kind means all."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, related_name="+", verbose_name="适用单位")
    kind = models.CharField("信息类型", max_length=40, blank=True)
    steps = models.JSONField("审核环节", default=list)
    distinct = models.BooleanField("各级由不同人员办理", default=True)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("organisation", "kind"), name="review_chain_of_body"),
            models.UniqueConstraint(
                fields=("kind",), name="review_chain_of_all", condition=models.Q(organisation__isnull=True)
            ),
        )
        verbose_name = "审核流程"

    def __str__(self) -> str:
        return f"{self.organisation or '全部单位'} {self.kind or '全部信息'}"


class ReviewRecord(models.Model):
    """One step of 三审三校 as it was done: who, for whom, when, what was looked at, with what result. Never changed."""

    class Result(models.TextChoices):
        """What came of it."""

        SUBMITTED = "submitted", "提交"
        PASSED = "passed", "通过"
        SENT_BACK = "sent_back", "退回"
        SIGNED = "signed", "签发"
        TAKEN_BACK = "taken_back", "撤回签发"

    edition_id = models.BigIntegerField(db_index=True)
    step = models.CharField(max_length=40)
    label = models.CharField("环节", max_length=40)
    result = models.CharField("结果", max_length=12, choices=Result)
    opinion = models.CharField("意见", max_length=2000, blank=True)
    gates = models.JSONField("把关内容", default=list)
    proof = models.CharField("校次", max_length=10, blank=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    person_name = models.CharField("办理人", max_length=80)
    for_name = models.CharField("被代理人", max_length=80, blank=True)
    digest = models.CharField("内容摘要", max_length=64)
    """SHA-256 over the digests of all parts: which text it was."""
    at = models.DateTimeField("办理时间", default=timezone.now)

    class Meta:
        ordering = ("at", "id")
        verbose_name = "审核记录"

    def __str__(self) -> str:
        return f"{self.label} {self.result} {self.person_name}"


class Remark(models.Model):
    """修改意见 at a place of the text: what stands there, what is to be changed, and what the writer did about it."""

    edition_id = models.BigIntegerField(db_index=True)
    part = models.CharField(max_length=40)
    """`title`, `body`, `summary` or `file:<id of the stored file>`."""
    part_label = models.CharField("所在部分", max_length=220)
    quote = models.CharField("原文", max_length=300, blank=True)
    start = models.PositiveIntegerField(null=True)
    text = models.CharField("修改意见", max_length=1000)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    author_name = models.CharField("提出人", max_length=80)
    at = models.DateTimeField(default=timezone.now)
    answer = models.CharField("办理情况", max_length=1000, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    answered_name = models.CharField("办理人", max_length=80, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("at", "id")
        verbose_name = "修改意见"

    def __str__(self) -> str:
        return f"{self.part_label}：{self.text}"

    @property
    def is_open(self) -> bool:
        """Whether the writer still has to do something about it."""
        return self.answered_at is None


class Link(models.Model):
    """An address on another site that our texts link to, and whether it answered when it was last visited."""

    digest = models.CharField(max_length=64, unique=True)
    """SHA-256 of the address, which may be longer than an index can hold."""
    address = models.TextField("网址")
    host = models.CharField("网站", max_length=253)
    dead = models.BooleanField("打不开", default=False)
    answer = models.CharField("结果", max_length=100, blank=True)
    failures = models.PositiveIntegerField("连续失败的日数", default=0)
    visited_at = models.DateTimeField(null=True)
    kept = models.BooleanField("单独列出", default=False)
    """Listed by itself (省市优秀解读, 办理入口): visited whether or not it stands in a text."""

    class Meta:
        indexes = (models.Index(fields=("visited_at",), name="link_visited"),)
        verbose_name = "外部链接"

    def __str__(self) -> str:
        return self.address


class EditionLink(models.Model):
    """A link that stands in an edition."""

    edition_id = models.BigIntegerField(db_index=True)
    link = models.ForeignKey(Link, models.CASCADE, related_name="editions")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("link", "edition_id"), name="edition_link_once"),)
        verbose_name = "版本中的链接"

    def __str__(self) -> str:
        return f"{self.edition_id}: {self.link_id}"
