"""Tables of bodies, users and memberships. Rules are in `gongkai.rules.access`; writes are in `actions`."""

from django.contrib.auth.models import AbstractUser
from django.db import models

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


class User(AbstractUser):
    """A person who works in the office. Citizens have no accounts."""

    display_name = models.CharField("姓名", max_length=40)
    phone = models.CharField("办公电话", max_length=40, blank=True)

    class Meta:
        verbose_name = "用户"

    def __str__(self) -> str:
        return self.display_name or self.username

    def get_full_name(self) -> str:
        """Chinese names have no first and last part."""
        return self.display_name


class Membership(models.Model):
    """One role of one person in one body."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name="用户")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="memberships", verbose_name="机构")
    role = models.CharField("角色", max_length=20, choices=[(role.value, role.value) for role in Role])
    created_at = models.DateTimeField("设置时间", auto_now_add=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "organisation", "role"), name="membership_once"),)
        verbose_name = "成员角色"

    def __str__(self) -> str:
        return f"{self.user} {self.organisation} {self.role}"
