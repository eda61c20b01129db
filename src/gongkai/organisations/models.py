"""Tables of bodies, users and memberships. Rules are in `gongkai.rules.access`; writes are in `actions`."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone

from gongkai.rules.access import Role


class Organisation(models.Model):
    """A body that publishes: the district government, a department, a town, a park or a public enterprise.

    The contact fields are the nine elements of the disclosure guide (《条例》§12); the guide page is generated from them.
    """

    code = models.SlugField("代码", max_length=40, unique=True, help_text="网址中的短代码，如 jyj")
    name = models.CharField("名称", max_length=100, unique=True)
    short_name = models.CharField("简称", max_length=40)
    aliases = models.JSONField("曾用名与别名", default=list, blank=True)
    kind = models.CharField("类别", max_length=40, db_index=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级"
    )
    uscc = models.CharField("统一社会信用代码", max_length=18, unique=True)
    division_code = models.CharField("行政区划代码", max_length=12, blank=True)
    disclosure_office = models.CharField("政府信息公开工作机构", max_length=100, blank=True)
    address = models.CharField("办公地址", max_length=200, blank=True)
    office_hours = models.CharField("办公时间", max_length=200, blank=True)
    phone = models.CharField("联系电话", max_length=40, blank=True)
    fax = models.CharField("传真号码", max_length=40, blank=True)
    email = models.CharField("电子邮箱", max_length=100, blank=True)
    website = models.CharField("互联网联系方式", max_length=200, blank=True)
    postcode = models.CharField("邮政编码", max_length=6, blank=True)
    position = models.PositiveIntegerField("排序", default=0)
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        ordering = ("position", "id")
        verbose_name = "机构"

    def __str__(self) -> str:
        return self.name


OF_PASSWORD = ("password_changed_at", "must_change_password", "temporary_password_until", "temporary_password_used_at")
"""What the account knows of its password; a new password sets it anew."""


class User(AbstractUser):
    """A person who works in the office. Citizens have no accounts."""

    display_name = models.CharField("姓名", max_length=40)
    phone = models.CharField("办公电话", max_length=40, blank=True)
    staff_number = models.CharField("工号", max_length=40, blank=True)
    password_changed_at = models.DateTimeField("密码修改时间", null=True, blank=True)
    must_change_password = models.BooleanField("须修改密码", default=False)
    temporary_password_until = models.DateTimeField("临时密码有效期至", null=True, blank=True)
    temporary_password_used_at = models.DateTimeField("临时密码使用时间", null=True, blank=True)
    sessions_valid_from = models.DateTimeField("此前的登录失效", null=True, blank=True)
    sessions_ended_because = models.CharField("登录失效原因", max_length=20, blank=True)
    newest_session = models.CharField("最近一次登录", max_length=32, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("staff_number",), condition=~models.Q(staff_number=""), name="staff_number_once"
            ),
        )
        verbose_name = "用户"

    def __str__(self) -> str:
        return self.display_name or self.username

    def set_password(self, raw_password: str | None) -> None:
        """Note the day as well, whoever sets it (a page, an action, the command line); it is no temporary one unless said after."""
        super().set_password(raw_password)
        self.password_changed_at = timezone.now()
        self.must_change_password = False
        self.temporary_password_until = self.temporary_password_used_at = None

    def check_password(self, raw_password: str | None) -> bool:
        """As the framework's; a hash made anew on the way (another hasher) is no new password."""
        known = {name: getattr(self, name) for name in OF_PASSWORD}
        right = super().check_password(raw_password)
        for name, value in known.items():
            setattr(self, name, value)
        return right

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A new password saved by itself takes along what is known of it."""
        fields = kwargs.get("update_fields")
        if fields is not None and "password" in fields and getattr(self, "_password", None) is not None:
            kwargs["update_fields"] = {*fields, *OF_PASSWORD}
        super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        """Chinese names have no first and last part."""
        return self.display_name


class Membership(models.Model):
    """One role of one person in one body, for good or from one day to another, both included."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name="用户")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="memberships", verbose_name="机构")
    role = models.CharField("角色", max_length=20, choices=[(role.value, role.value) for role in Role])
    created_at = models.DateTimeField("设置时间", auto_now_add=True)
    starts_on = models.DateField("任职开始日期", null=True, blank=True)
    ends_on = models.DateField("任职结束日期", null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("user", "organisation", "role"), name="membership_once"),
            models.CheckConstraint(
                condition=models.Q(starts_on=None)
                | models.Q(ends_on=None)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="membership_starts_before_it_ends",
            ),
        )
        verbose_name = "成员角色"

    def __str__(self) -> str:
        return f"{self.user} {self.organisation} {self.role}"


class FormerPassword(models.Model):
    """A password somebody had, hashed like the present one: it may not be used again soon."""

    user = models.ForeignKey(User, models.CASCADE, related_name="former_passwords")
    encoded = models.CharField(max_length=200)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = (models.Index(fields=("user", "-id"), name="former_password_newest"),)

    def __str__(self) -> str:
        return f"{self.user_id} {self.at:%Y-%m-%d}"


class LoginEvent(models.Model):
    """One line of the history of sign-ins. A name nobody bears is not kept: people type passwords into that field."""

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="login_events", verbose_name="用户")
    at = models.DateTimeField("时间", default=timezone.now)
    kind = models.CharField("事项", max_length=20)
    address = models.CharField("地址", max_length=64, blank=True)
    device = models.CharField("设备", max_length=60, blank=True)
    method = models.CharField("方式", max_length=20, blank=True)
    note = models.CharField("说明", max_length=100, blank=True)
    count = models.PositiveIntegerField("次数", default=1)
    """Attempts on names nobody bears, and on a locked account, are counted together for an hour: nobody fills the table."""
    forwarded_unread = models.BooleanField(default=False)
    """A proxy named the visitor, but the installation does not say that there is one (`GONGKAI_PROXIES`)."""
    known_browser = models.CharField(max_length=32, blank=True)
    """The mark of a browser that had signed in to this account before."""

    class Meta:
        indexes = (
            models.Index(fields=("user", "-at", "-id"), name="login_event_of_user"),
            models.Index(fields=("-at", "-id"), name="login_event_newest"),
        )

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind} {self.user_id}"


class IdentityLink(models.Model):
    """Who a person is at the identity provider: bound at the first sign-on, so that a name given to somebody else opens nothing."""

    user = models.ForeignKey(User, models.CASCADE, related_name="identities")
    issuer = models.CharField(max_length=200)
    subject = models.CharField(max_length=255)
    linked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("issuer", "subject"), name="identity_of_one_account"),
            models.UniqueConstraint(fields=("user", "issuer"), name="one_identity_at_a_provider"),
        )

    def __str__(self) -> str:
        return f"{self.user_id} {self.issuer}"


class Delegation(models.Model):
    """代理: one person does for another, in one body, from one day to another, what some of the other's roles allow.

    It gives only what the principal holds at the time; it is never deleted, so that a step done under it stays explained.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+", verbose_name="机构")
    principal = models.ForeignKey(User, models.CASCADE, related_name="delegations", verbose_name="委托人")
    delegate = models.ForeignKey(User, models.CASCADE, related_name="delegated_to", verbose_name="代理人")
    roles = models.JSONField("代理的角色", default=list)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期", help_text="代理的最后一日")
    reason = models.CharField("事由", max_length=200)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField("提前结束时间", null=True)

    class Meta:
        ordering = ("-starts_on", "-id")
        indexes = (models.Index(fields=("delegate", "ends_on"), name="delegation_delegate"),)
        verbose_name = "代理授权"

    def __str__(self) -> str:
        return f"{self.delegate} 代 {self.principal}（{self.starts_on} 至 {self.ends_on}）"
