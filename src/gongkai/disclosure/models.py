"""Tables of the register. Rules live in `gongkai.rules`, writes in `actions` and its neighbours, reads in `selectors`."""

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from gongkai.catalogues.models import CatalogueRow
from gongkai.files.models import StoredFile
from gongkai.organisations.models import Organisation
from gongkai.rules.publication import State
from gongkai.rules.relations import RelationKind

FROZEN_STATES = frozenset({State.PUBLISHED, State.SUPERSEDED, State.WITHDRAWN})


class EditionFrozen(RuntimeError):
    """An attempt to change the content of a published edition."""


class IndexNumberCounter(models.Model):
    """The last serial given out to one body in one month. Serials only grow, so a number is never given twice."""

    organisation = models.ForeignKey(Organisation, models.PROTECT)
    period = models.CharField(max_length=6)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("organisation", "period"), name="index_number_counter_once"),)

    def __str__(self) -> str:
        return f"{self.organisation_id}/{self.period}-{self.last}"


class Item(models.Model):
    """The identity of one piece of public information: who publishes it, under which 索引号, in which catalogue rows.

    `current` is the edition the public sees (or its withdrawal), `working` the one being written; `state` is that of the edition
    in hand and is kept by the actions, so that lists need no join.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="items", verbose_name="发布机构")
    kind = models.CharField("信息类型", max_length=40)
    index_number = models.CharField("索引号", max_length=40, unique=True)
    rows = models.ManyToManyField(CatalogueRow, related_name="items", blank=True, verbose_name="目录事项")
    current = models.OneToOneField("Edition", models.PROTECT, null=True, blank=True, related_name="+")
    working = models.OneToOneField("Edition", models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=20, default=State.DRAFT.value)
    tags = models.JSONField("标签", default=list, blank=True)
    """Of the interpretation special, see `rules.tags`; like the rows they are no content and change without a new edition."""
    tags_open = models.BooleanField("标签待确认", default=False)
    """Nobody has confirmed the tags yet (of the kinds whose tags are confirmed when they enter)."""
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-updated_at", "-id")
        indexes = (
            models.Index(fields=("-updated_at", "-id"), name="item_recent"),
            models.Index(fields=("organisation", "-updated_at", "-id"), name="item_recent_of_body"),
            models.Index(fields=("organisation", "state", "-updated_at", "-id"), name="item_state_of_body"),
            models.Index(fields=("state", "-updated_at", "-id"), name="item_state"),
            models.Index(fields=("kind", "-updated_at", "-id"), name="item_kind"),
            models.Index(fields=("kind", "state", "-updated_at", "-id"), name="item_kind_state"),
            models.Index(fields=("organisation", "kind", "-updated_at", "-id"), name="item_kind_of_body"),
            models.Index(fields=("-updated_at", "-id"), name="item_tags_open", condition=models.Q(tags_open=True)),
            models.Index(
                fields=("organisation", "-updated_at", "-id"),
                name="item_tags_open_of_body",
                condition=models.Q(tags_open=True),
            ),
        )
        verbose_name = "信息"

    def __str__(self) -> str:
        return self.index_number


class EditionQuerySet(models.QuerySet["Edition"]):
    """Editions change one at a time through `save`, which knows what is frozen."""

    def update(self, **values: Any) -> int:
        """Bulk updates may only touch what is no content."""
        if content := set(values) - Edition.LIFE_FIELDS:
            raise EditionFrozen(f"不可批量修改版本内容：{', '.join(sorted(content))}")
        return super().update(**values)


class Edition(models.Model):
    """The content of an item at one time. Once published its content never changes; a correction is a new edition."""

    LIFE_FIELDS: ClassVar[set[str]] = {
        "state", "superseded_at", "withdrawn_at", "withdrawal_reason", "withdrawal_note", "interpretation_note",
    }  # fmt: skip
    """What still changes once it is published: it is no content, and of `interpretation_note` the public never saw anything."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="editions")
    number = models.PositiveIntegerField("版次", default=1)
    state = models.CharField(max_length=20, default=State.DRAFT.value)
    revision = models.PositiveIntegerField("保存次数", default=0)
    review_steps = models.JSONField("审核环节", default=list, blank=True)
    """The chain as it was when the draft was handed in, so that a changed setting moves nothing under way; empty: review alone."""
    review_step = models.CharField("待办环节", max_length=40, blank=True)
    """The step of the chain it waits for while its state is 审核中."""
    distinct_reviewers = models.BooleanField("各级由不同人员办理", default=False)

    title = models.CharField("标题", max_length=300, blank=True, db_index=True)
    body = models.TextField("正文", blank=True)
    body_text = models.TextField("正文文字", blank=True, editable=False)
    summary = models.TextField("内容概述", blank=True)
    keywords = models.JSONField("关键词", default=list, blank=True)
    content_source = models.CharField("信息来源", max_length=200, blank=True)
    source_url = models.CharField("来源网址", max_length=500, blank=True)

    document_number = models.CharField("发文字号", max_length=80, blank=True, db_index=True)
    document_mark = models.CharField("机关代字", max_length=60, blank=True)
    document_year = models.PositiveSmallIntegerField("年份", null=True, blank=True)
    document_serial = models.PositiveIntegerField("序号", null=True, blank=True)
    issuing_agencies = models.JSONField("发文机关", default=list, blank=True)
    document_date = models.DateField("成文日期", null=True, blank=True)
    issued_on = models.DateField("发文日期", null=True, blank=True)
    formed_on = models.DateField("生成日期", null=True, blank=True)
    effective_from = models.DateField("生效日期", null=True, blank=True)
    expires_on = models.DateField("失效日期", null=True, blank=True, help_text="有效期的最后一日")
    public_until = models.DateField("公开截止日期", null=True, blank=True)
    """The last day on which it is public; the tick withdraws it on the next (公示 and other things of limited time)."""
    normative = models.BooleanField("规范性文件", default=False)

    subjects = models.JSONField("主题分类", default=list, blank=True)
    genre = models.CharField("体裁分类", max_length=40, blank=True)
    audiences = models.JSONField("服务对象分类", default=list, blank=True)
    life_cycle = models.JSONField("生命周期分类", default=list, blank=True)
    enquiry_agency = models.CharField("咨询机构", max_length=100, blank=True)
    enquiry_phone = models.CharField("咨询电话", max_length=60, blank=True)
    details = models.JSONField("本类信息的其他要素", default=dict, blank=True)
    """Elements that only some kinds have (公示期限, 征集期限, 对应栏目 …), by the names of `rules/data/required_fields.toml`."""
    disclosure_attribute = models.CharField("公开属性", max_length=20, default="proactive")
    non_disclosure_reason = models.TextField("不予主动公开的理由", blank=True)

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="编辑"
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="审核"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    secrecy_basis = models.CharField("保密审查结论", max_length=300, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="签发"
    )
    signed_at = models.DateTimeField(null=True, blank=True)
    send_back_remark = models.TextField("退回意见", blank=True)
    scheduled_for = models.DateTimeField("定时发布时间", null=True, blank=True)
    interpretation_note = models.TextField("未同步解读的说明", blank=True)
    """Why a normative document goes or went out without an interpretation, said at its signature or when its interpretation was
    taken back (`rules.three_syncs`); for the office alone."""
    change_note = models.CharField("更正说明", max_length=500, blank=True)
    closes_earlier = models.CharField("停止公开以前版本的原因", max_length=40, blank=True)
    """Code of the vocabulary ``withdrawal_reasons`` when the editions before this one must no longer be read by the public
    (personal data, secrets); empty when they stay citable."""

    published_at = models.DateTimeField("发布时间", null=True, blank=True, editable=False)
    source_published_on = models.DateField("原发布日期", null=True, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawal_reason = models.CharField("撤回原因", max_length=40, blank=True)
    withdrawal_note = models.TextField("撤回说明", blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering = ("item", "number")
        constraints = (models.UniqueConstraint(fields=("item", "number"), name="edition_once"),)
        indexes = (
            # Partial, and no index on the state alone: nearly all editions are published, and an index that says so
            # only leads a planner without statistics astray.
            models.Index(fields=("scheduled_for",), name="edition_schedule", condition=models.Q(state="scheduled")),
            models.Index(fields=("document_mark", "document_year", "document_serial"), name="edition_number_parts"),
            models.Index(fields=("expires_on",), name="edition_expiry"),
            models.Index(fields=("effective_from",), name="edition_effect"),
            models.Index(fields=("published_at",), name="edition_normative", condition=models.Q(normative=True)),
            models.Index(
                fields=("public_until",),
                name="edition_public_until",
                condition=models.Q(state="published", public_until__isnull=False),
            ),
        )
        verbose_name = "版本"

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuse to change the content of what has been published (《条例》: what was public stays citable).

        Raises `EditionFrozen`.
        """
        stored = getattr(self, "_stored_state", "")
        if stored in FROZEN_STATES:
            fields = set(kwargs.get("update_fields") or ())
            if not fields or fields - self.LIFE_FIELDS:
                raise EditionFrozen("已发布的版本不可修改；请另立更正版本。")
        super().save(*args, **kwargs)
        self._stored_state = self.state

    @classmethod
    def from_db(cls, db: str | None, field_names: Any, values: Any) -> "Edition":
        """Remember the state as stored: it decides what a save may change."""
        edition = super().from_db(db, field_names, values)
        edition._stored_state = edition.__dict__.get("state", "")
        return edition

    @property
    def shown_on(self) -> date | None:
        """The publication date the public sees: that of the first publication for what was brought in from an older site."""
        if self.source_published_on:
            return self.source_published_on
        return timezone.localdate(self.published_at) if self.published_at else None


class WorkingCopy(models.Model):
    """What somebody has typed into the editor of a draft and not saved yet: kept by itself, so that it never overwrites a save.

    One for each draft and person; gone when the person saves or throws it away, and with the draft.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="working_copies")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    revision = models.PositiveIntegerField()
    """The save of the draft that the person was working from."""
    values = models.JSONField()
    """The fields of the editor as the browser sent them: lists of strings by name."""
    saved_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("edition", "user"), name="working_copy_once"),)
        verbose_name = "自动保存的内容"

    def __str__(self) -> str:
        return f"{self.edition_id}/{self.user_id}"


class Attachment(models.Model):
    """A file of an edition, in order."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="attachments")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    """As it was uploaded; stays in the office."""
    public_file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    """The copy that the public gets, without properties and hidden parts; None where the format has none."""
    name = models.CharField("文件名", max_length=200)
    title = models.CharField("附件标题", max_length=200)
    position = models.PositiveIntegerField(default=0)
    in_text = models.BooleanField("正文图片", default=False)
    """A picture that stands in the body (`disclosure.pictures`), and is not listed below it."""

    class Meta:
        ordering = ("position", "id")
        verbose_name = "附件"

    def __str__(self) -> str:
        return self.title


class Relation(models.Model):
    """A typed tie from one item to another; its inverse is the same row read from the other end."""

    source = models.ForeignKey(Item, models.CASCADE, related_name="relations")
    target = models.ForeignKey(Item, models.CASCADE, related_name="inverse_relations")
    kind = models.CharField("关系", max_length=40, choices=[(kind.value, kind.value) for kind in RelationKind])
    effective_on = models.DateField("生效日期", null=True, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("source", "target", "kind"), name="relation_once"),
            models.CheckConstraint(condition=~models.Q(source=models.F("target")), name="relation_to_another"),
        )
        verbose_name = "关联"

    def __str__(self) -> str:
        return f"{self.source_id} {self.kind} {self.target_id}"


class Citation(models.Model):
    """A place in a published text that names a document by number or title; `target` is set only when it is certain."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="citations")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    text = models.CharField(max_length=400)
    number = models.CharField("文号", max_length=80, blank=True, db_index=True)
    title = models.CharField("标题", max_length=300, blank=True, db_index=True)
    target = models.ForeignKey(Item, models.SET_NULL, null=True, blank=True, related_name="cited_by")

    class Meta:
        ordering = ("edition", "start")
        verbose_name = "引用"

    def __str__(self) -> str:
        return self.text


class TitleKey(models.Model):
    """A title under which a published item may be cited: its own, or that of the document it issues."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="title_keys")
    key = models.CharField(max_length=300, db_index=True)

    class Meta:
        verbose_name = "引用标题"

    def __str__(self) -> str:
        return self.key


class ChangeNote(models.Model):
    """One line of an item's public history: what changed, when, and why."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="change_notes")
    edition = models.ForeignKey(Edition, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    what = models.CharField("变更", max_length=40)
    note = models.CharField("公开说明", max_length=500, blank=True)

    class Meta:
        ordering = ("-at", "-id")
        verbose_name = "变更记录"

    def __str__(self) -> str:
        return f"{self.item_id} {self.what}"


class LegacyAddress(models.Model):
    """An address of the site the item came from; asked for here, it redirects to the item."""

    url = models.CharField("原网址", max_length=500)
    path = models.CharField("原路径", max_length=400, db_index=True)
    item = models.ForeignKey(Item, models.CASCADE, related_name="legacy_addresses")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("url",), name="legacy_url_once"),)
        verbose_name = "原网址"

    def __str__(self) -> str:
        return self.url
