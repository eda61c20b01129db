"""Tables of 依申请公开. What happened to a case is in its events; the columns of `Case` that repeat it are caches for queries.

Only `gongkai.foi.recording` writes cases and events. Events and submissions are written once and never changed.
"""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models
from django.utils import timezone

from gongkai.organisations.models import Organisation


class Unchangeable(RuntimeError):
    """An attempt to change or delete what has been written for good."""


class WrittenOnceQuerySet(models.QuerySet[Any]):
    """Rows that may be added and read."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Never."""
        raise Unchangeable(f"{self.model._meta.verbose_name}不可修改。")

    def delete(self) -> NoReturn:
        """Never."""
        raise Unchangeable(f"{self.model._meta.verbose_name}不可删除。")


class WrittenOnce(models.Model):
    """A row that is written once."""

    objects = WrittenOnceQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """There is no second save."""
        if self.pk is not None:
            raise Unchangeable(f"{self._meta.verbose_name}不可修改。")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Never."""
        raise Unchangeable(f"{self._meta.verbose_name}不可删除。")


class Submission(WrittenOnce):
    """提交: the raw intake as it came, however it came (《条例》§29, §31). The case is opened from it; it stays what it was."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="受理机关")
    channel = models.CharField("提交渠道", max_length=20)
    """`rules.receipt.Channel`."""
    submitted_at = models.DateTimeField("提交时间", default=timezone.now)
    """The server's time of entry; the day of receipt is another thing (§31)."""
    client_token = models.CharField(max_length=64, unique=True)
    """Made with the form: the same form sent twice is one submission."""
    payload = models.JSONField("申请内容")
    """All fields as they were given, numbers of identity papers apart (those are with the applicant, encrypted)."""
    digest = models.CharField(max_length=64)
    """SHA-256 of the canonical payload and of the files."""
    tracking_number = models.CharField("申请编号", max_length=20, unique=True)
    query_code_hash = models.CharField(max_length=128)
    entered_by_id = models.BigIntegerField("录入人", null=True)
    """Who typed it in for the applicant; None: the applicant."""

    class Meta:
        verbose_name = "申请提交"

    def __str__(self) -> str:
        return self.tracking_number


class Applicant(WrittenOnce):
    """申请人, as given with one submission (《条例》§29). The number of the identity paper is encrypted; whoever reads it is noted."""

    submission = models.OneToOneField(Submission, models.PROTECT, related_name="applicant")
    category = models.CharField("申请人类别", max_length=20)
    """`rules.applicants.Category`: natural, enterprise, research, charity, legal_services, other: the columns of table three."""
    name = models.CharField("姓名或者名称", max_length=100)
    id_kind = models.CharField("证件类型", max_length=20, blank=True)
    id_encrypted = models.TextField(blank=True)
    id_masked = models.CharField("证件号码", max_length=40, blank=True)
    same_person = models.CharField(max_length=64, db_index=True)
    """Keyed digest of what identifies the applicant: equal for the same one, and says nothing of who it is."""
    representative = models.CharField("法定代表人或者负责人", max_length=60, blank=True)
    contact_person = models.CharField("联系人", max_length=60, blank=True)
    phone = models.CharField("联系电话", max_length=40, blank=True)
    email = models.CharField("电子邮箱", max_length=100, blank=True)
    address = models.CharField("通信地址", max_length=200, blank=True)
    postcode = models.CharField("邮政编码", max_length=6, blank=True)
    agent_name = models.CharField("代理人", max_length=60, blank=True)
    agent_phone = models.CharField("代理人电话", max_length=40, blank=True)
    agent_id_encrypted = models.TextField(blank=True)
    agent_id_masked = models.CharField("代理人证件号码", max_length=40, blank=True)
    assist_need = models.CharField("需要的帮助", max_length=200, blank=True)
    """Trouble with reading, sight or hearing, and what help is needed (§43)."""

    class Meta:
        verbose_name = "申请人"

    def __str__(self) -> str:
        return self.name

    @property
    def natural(self) -> bool:
        """A person, not an organisation."""
        return self.category == "natural"


class Case(models.Model):
    """办件: one application before one body. State, outcome, service and lateness are different things; the last is a query."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="答复机关")
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="cases")
    applicant = models.ForeignKey(Applicant, models.PROTECT, related_name="cases")
    category = models.CharField("申请人类别", max_length=20)
    channel = models.CharField("提交渠道", max_length=20)
    number = models.CharField("登记编号", max_length=60, blank=True)
    title = models.CharField("所需信息的名称", max_length=200)
    wanted_number = models.CharField("所需信息的文号", max_length=100, blank=True)
    description = models.TextField("所需信息的特征描述", blank=True)
    medium = models.CharField("提供载体", max_length=20, blank=True)
    delivery = models.CharField("获取方式", max_length=20, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    origin = models.CharField(max_length=20, blank=True)
    """Why there is a parent: `split` (一事一申请) or `rehandling` (重办)."""
    same_as = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="repeats", verbose_name="相同内容的办件"
    )
    opened_at = models.DateTimeField("提交时间", default=timezone.now)

    # caches of what the events say, written with each of them (`recording`), rebuilt by `gongkai cases --rebuild`
    state = models.CharField("状态", max_length=30, db_index=True)
    last_seq = models.PositiveIntegerField(default=0)
    received_on = models.DateField("收到日期", null=True)
    due_on = models.DateField("答复期限", null=True)
    due_provisional = models.BooleanField(default=False)
    stopped = models.BooleanField(default=False)
    """The clock stands still: a consultation or a payment is waited for."""
    internal_due_on = models.DateField("内部办理期限", null=True)
    next_on = models.DateField(null=True)
    """The nearest day on which something else lapses: a correction, a consultation, a payment."""
    open_consultations = models.PositiveIntegerField(default=0)
    outcome = models.CharField("办理结果", max_length=40, blank=True)
    decided_on = models.DateField("答复日期", null=True)
    closed_on = models.DateField("办结日期", null=True)
    timely_on = models.DateField("视为答复之日", null=True)
    """The day that counts for being in time: of posting, or of delivery (国办公开办函〔2016〕235号)."""
    claimed_by_id = models.BigIntegerField("经办人", null=True)
    changed_at = models.DateTimeField("更新时间", default=timezone.now)

    class Meta:
        ordering = ("-opened_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("organisation", "number"), condition=~models.Q(number=""), name="case_number_once"
            ),
        )
        indexes = (
            models.Index(fields=("-opened_at", "-id"), name="case_newest"),
            models.Index(fields=("organisation", "-opened_at", "-id"), name="case_of_body"),
            models.Index(fields=("due_on", "id"), condition=models.Q(closed_on=None), name="case_due"),
            models.Index(fields=("next_on", "id"), condition=models.Q(closed_on=None), name="case_next"),
            models.Index(fields=("organisation", "received_on"), name="case_received"),
            models.Index(fields=("organisation", "decided_on"), name="case_decided"),
        )
        verbose_name = "办件"

    def __str__(self) -> str:
        return self.number or self.title


class CaseEvent(WrittenOnce):
    """One thing that happened to a case: when it was entered (`at`), on which day it counts in law (`effective_on`), who did it."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField("序号")
    name = models.CharField("事项", max_length=40)
    at = models.DateTimeField("记录时间")
    effective_on = models.DateField("发生日期")
    actor_id = models.BigIntegerField("经办人", null=True)
    actor_name = models.CharField("经办人", max_length=60)
    acting_for = models.CharField("代理", max_length=120, blank=True)
    organisation_id = models.BigIntegerField("经办单位", null=True)
    from_state = models.CharField(max_length=30)
    to_state = models.CharField(max_length=30)
    data = models.JSONField("内容", default=dict)
    token = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001 - several without one
    """Made with the form: the same form sent twice is one event."""
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ("case", "seq")
        constraints = (models.UniqueConstraint(fields=("case", "seq"), name="case_event_once"),)
        indexes = (models.Index(fields=("id",), condition=models.Q(name="recompute"), name="case_event_recomputed"),)
        verbose_name = "办理记录"

    def __str__(self) -> str:
        return f"{self.case_id}:{self.seq} {self.name}"


class Assignment(models.Model):
    """交办: a unit that works on the case for the body that answers; it moves nothing of the statutory clock."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="assignments")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="承办单位")
    lead = models.BooleanField("牵头", default=True)
    due_on = models.DateField("承办期限", null=True)
    seq = models.PositiveIntegerField()
    """The event that gave it."""
    ended_seq = models.PositiveIntegerField(null=True)
    """The event that ended it: the unit's opinion, or its giving it back."""

    class Meta:
        constraints = (models.UniqueConstraint(fields=("case", "seq"), name="assignment_once"),)
        indexes = (models.Index(fields=("organisation", "case"), name="assignment_of_unit"),)
        verbose_name = "交办"

    def __str__(self) -> str:
        return f"{self.case_id} {self.organisation_id}"


class CaseDocument(models.Model):
    """A file of a case, kept apart from all that is public (`files.sealed`)."""

    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="documents")
    submission = models.ForeignKey(Submission, models.PROTECT, null=True, related_name="documents")
    kind = models.CharField("类别", max_length=20)
    """application, authorisation, identity, correction, opinion, responsive, redacted, proof, other."""
    name = models.CharField("文件名", max_length=200)
    storage_name = models.CharField(max_length=120)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=100)
    release = models.CharField("提供范围", max_length=20, default="internal")
    """internal, applicant."""
    source = models.ForeignKey("self", models.PROTECT, null=True, related_name="copies")
    """The document this one is a redacted copy of."""
    layer = models.JSONField("遮盖", default=dict)
    """Of a responsive document: its redaction boxes in work; of a redacted one: those burnt in."""
    version = models.PositiveIntegerField(default=1)
    added_at = models.DateTimeField(default=timezone.now)
    added_by_id = models.BigIntegerField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("id",)
        verbose_name = "办件材料"

    def __str__(self) -> str:
        return self.name


class Letter(models.Model):
    """文书: a letter of a case. What was issued is frozen: it is rendered from `content` and nothing else."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="letters")
    type = models.CharField("文书种类", max_length=40)
    number = models.CharField("文号", max_length=60, blank=True)
    recipient = models.CharField("受文者", max_length=200)
    content = models.JSONField()
    """What `foi.letters` composed: everything the renderers need."""
    digest = models.CharField(max_length=64)
    seq = models.PositiveIntegerField()
    """The event it was issued with."""
    issued_on = models.DateField("成文日期")
    issued_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("case", "type", "seq", "recipient"), name="letter_once"),)
        verbose_name = "文书"

    def __str__(self) -> str:
        return f"{self.type} {self.number}"


class BodySettings(models.Model):
    """What a body has decided for its letters and fees; without a row the rules' own defaults count."""

    organisation = models.OneToOneField(Organisation, models.CASCADE, related_name="request_settings")
    mark = models.CharField("机关代字", max_length=20, blank=True, help_text="用于文书文号，如“谯教”")
    reconsideration_organ = models.CharField("行政复议机关", max_length=100, blank=True)
    court = models.CharField("管辖法院", max_length=100, blank=True)
    online_reconsideration = models.CharField("网上申请行政复议的途径", max_length=200, blank=True)
    fee_enabled = models.BooleanField("收取信息处理费", default=False)
    fee_account = models.TextField("缴纳方式", blank=True)

    class Meta:
        verbose_name = "依申请公开设置"

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.mark}"


class Serial(models.Model):
    """The last number given out in a series of one body and year: registration numbers, letters by their mark."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    series = models.CharField(max_length=20)
    year = models.PositiveIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("organisation", "series", "year"), name="serial_once"),)

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.series} {self.year}: {self.last}"


class Remedy(models.Model):
    """救济: a reconsideration, suit or complaint about a case, with its own days and result (tables four of the annual report)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="remedies")
    kind = models.CharField("种类", max_length=40)
    """reconsideration, direct_litigation (未经复议), litigation_after_reconsideration, complaint."""
    authority = models.CharField("受理机关", max_length=100)
    number = models.CharField("案号", max_length=100, blank=True)
    filed_on = models.DateField("提起日期")
    reply_due_on = models.DateField("答复（答辩）期限", null=True)
    result = models.CharField("结果", max_length=20, blank=True)
    """upheld (维持), corrected (纠正), other (其他); empty: 尚未审结."""
    result_on = models.DateField("结果日期", null=True)
    rehandle_by = models.DateField("重新办理期限", null=True)
    note = models.TextField("说明", blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=("filed_on", "id"), name="remedy_filed"),)
        verbose_name = "救济"

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"


class IdentityReading(WrittenOnce):
    """Somebody had the number of an identity paper shown, and why."""

    applicant = models.ForeignKey(Applicant, models.PROTECT, related_name="readings")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+", verbose_name="办件")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="答复机关")
    """The body in which it was read: the case may go to another one afterwards."""
    whose = models.CharField("证件", max_length=20)
    """applicant or agent."""
    reader_id = models.BigIntegerField()
    reader_name = models.CharField(max_length=60)
    reason = models.CharField("事由", max_length=200)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=("organisation", "-id"), name="identity_reading_of_body"),)
        verbose_name = "证件号码查看记录"

    def __str__(self) -> str:
        return f"{self.applicant_id} {self.reader_name}"


class LoggedAnswer(models.Model):
    """An answer the public may read: question and answer without anything of the applicant (《条例》§44)."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="logged_answer")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    question = models.TextField("申请内容")
    answer = models.TextField("答复摘要")
    outcome = models.CharField("办理结果", max_length=40)
    decided_on = models.DateField("答复日期")
    public_from = models.DateField("公开日期")

    class Meta:
        ordering = ("-decided_on", "-id")
        indexes = (models.Index(fields=("-decided_on", "-id"), name="logged_answer_newest"),)
        verbose_name = "依申请公开答复选登"

    def __str__(self) -> str:
        return self.question[:40]


class SearchFirst(models.Model):
    """先查后申, counted by day: forms that were shown matches, matches opened, forms sent in afterwards, forms left. No persons."""

    day = models.DateField(primary_key=True)
    shown = models.PositiveIntegerField(default=0)
    opened = models.PositiveIntegerField(default=0)
    opened_not_submitted = models.PositiveIntegerField(default=0)
    submitted = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.day}"


class Notice(models.Model):
    """A message to an applicant by mail or text, written with its event and sent afterwards (an outbox: none is lost, none goes twice)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="notices")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    """mail or sms."""
    address = models.CharField(max_length=100)
    subject = models.CharField(max_length=120, blank=True)
    text = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    failed = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("case", "seq", "kind"), name="notice_once"),)
        indexes = (models.Index(fields=("id",), condition=models.Q(sent_at=None), name="notice_waiting"),)

    def __str__(self) -> str:
        return f"{self.case_id}:{self.seq} {self.kind}"


class RenewedCode(WrittenOnce):
    """A query code given out anew after the identity of the applicant was checked; the newest counts, all before it are void."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="renewed_codes")
    code_hash = models.CharField(max_length=128)
    given_by_id = models.BigIntegerField()
    checked = models.CharField("核验方式", max_length=200)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("id",)
        verbose_name = "查询码重发记录"

    def __str__(self) -> str:
        return f"{self.submission_id} {self.at}"


class ApplicantMessage(models.Model):
    """来件: what the applicant sent online to a case that waits for it. The body confirms it with the applicant before it counts (§31)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="incoming")
    kind = models.CharField("来件种类", max_length=20)
    """correction (补正) or reasons (说明理由)."""
    text = models.TextField("内容")
    token = models.CharField(max_length=64, unique=True)
    """Made with the form: the same form sent twice is one message."""
    documents = models.ManyToManyField(CaseDocument, related_name="+")
    sent_at = models.DateTimeField("提交时间", default=timezone.now)
    taken_seq = models.PositiveIntegerField(null=True)
    """The event by which it was received; None: it waits to be confirmed."""

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=("case",), condition=models.Q(taken_seq=None), name="message_waiting"),)
        verbose_name = "申请人来件"

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"


class DraftFile(models.Model):
    """A sealed file of a form that is not sent in yet, so that correcting one field loses no upload. Swept after a day."""

    form = models.CharField(max_length=64, db_index=True)
    """Keyed digest of the form's token."""
    kind = models.CharField(max_length=20)
    name = models.CharField("文件名", max_length=200)
    storage_name = models.CharField(max_length=120)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=100)
    added_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        ordering = ("id",)
        verbose_name = "表单附件"

    def __str__(self) -> str:
        return self.name


class Tally(models.Model):
    """How often something was tried from one place within a time. The key is a digest: it tells neither address nor number."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.key[:8]} {self.count}"


class Recomputation(models.Model):
    """How far the open cases have been reckoned anew after a change of the working days. What changed is in the cases' events."""

    change_id = models.BigIntegerField(unique=True)
    """`calendars.CalendarChange`: the calendar that is reckoned with."""
    done_until = models.BigIntegerField(default=0)
    """Key of the last case that was looked at: a run that was stopped goes on behind it."""
    looked_at = models.PositiveIntegerField("已核对办件数", default=0)
    started_at = models.DateTimeField("开始时间", default=timezone.now)
    finished_at = models.DateTimeField("完成时间", null=True)
    superseded = models.BooleanField(default=False)
    """The working days changed again before it was through: the run of that change looks at every case."""

    def __str__(self) -> str:
        return f"{self.change_id}: {self.done_until}"
