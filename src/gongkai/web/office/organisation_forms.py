"""Forms of bodies and people."""

from __future__ import annotations

from typing import Any

from django import forms

from gongkai.organisations.models import Organisation
from gongkai.rules.access import Role
from gongkai.rules.passwords import RULES
from gongkai.rules.vocabulary import vocabulary
from gongkai.web.shared.forms import DateField, Form, ListField

Choices = list[tuple[str, str]]


class GuideForm(Form):
    """The elements of the disclosure guide that a body keeps up to date (《条例》§12)."""

    disclosure_office = forms.CharField(label="政府信息公开工作机构", max_length=100, required=False)
    address = forms.CharField(label="办公地址", max_length=200, required=False)
    office_hours = forms.CharField(
        label="办公时间", max_length=200, required=False, help_text="如：工作日 8:00—12:00，14:30—17:30"
    )
    phone = forms.CharField(label="联系电话", max_length=40, required=False)
    fax = forms.CharField(label="传真号码", max_length=40, required=False)
    email = forms.EmailField(
        label="电子邮箱", max_length=100, required=False, error_messages={"invalid": "请填写有效的电子邮箱地址。"}
    )
    website = forms.CharField(label="互联网联系方式", max_length=200, required=False)
    postcode = forms.RegexField(
        r"^\d{6}$", label="邮政编码", required=False, error_messages={"invalid": "邮政编码应当为6位数字。"}
    )


class OrganisationForm(GuideForm):
    """A whole body, for administrators: what it is, then its guide elements."""

    name = forms.CharField(label="名称", max_length=100)
    short_name = forms.CharField(label="简称", max_length=40)
    code = forms.SlugField(
        label="代码",
        max_length=40,
        help_text="用于网址，只用小写字母、数字和连字符，如 jyj。",
        error_messages={"invalid": "代码只能使用字母、数字和连字符。"},
    )
    kind = forms.ChoiceField(label="机构类别")
    parent_id = forms.TypedChoiceField(label="上级机构", required=False, coerce=int, empty_value=None)
    uscc = forms.CharField(label="统一社会信用代码", max_length=18, help_text="18位，大写字母和数字；索引号以此开头。")
    aliases = ListField(label="曾用名与别名", required=False, help_text="用顿号分隔。")
    division_code = forms.RegexField(
        r"^\d{6,12}$",
        label="行政区划代码",
        required=False,
        error_messages={"invalid": "行政区划代码应当为6至12位数字。"},
    )
    position = forms.IntegerField(label="排序", min_value=0, initial=0)

    field_order = ("name", "short_name", "code", "kind", "parent_id", "uscc", "aliases", "division_code", "position")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(term.code, term.label) for term in vocabulary("organisation_kinds").terms]
        parents = [(str(pk), name) for pk, name in Organisation.objects.values_list("pk", "name")]
        self.fields["kind"].choices = [("", "请选择"), *kinds]  # type: ignore[attr-defined]
        self.fields["parent_id"].choices = [("", "无"), *parents]  # type: ignore[attr-defined]

    def clean_uscc(self) -> str:
        """As it is stored: upper case, no blanks."""
        return str(self.cleaned_data["uscc"]).replace(" ", "").upper()


class PersonForm(Form):
    """A person's name and contacts."""

    display_name = forms.CharField(label="姓名", max_length=40)
    phone = forms.CharField(label="办公电话", max_length=40, required=False)
    email = forms.EmailField(label="电子邮箱", required=False, error_messages={"invalid": "请填写有效的电子邮箱地址。"})
    staff_number = forms.CharField(
        label="工号", max_length=40, required=False, help_text="统一身份认证按工号核对账号时填写。"
    )


class RoleForm(Form):
    """One role in one body, for good or for some time."""

    organisation = forms.TypedChoiceField(label="机构", coerce=int)
    role = forms.TypedChoiceField(label="角色", coerce=Role)
    starts_on = DateField(label="开始日期", required=False, help_text="不填即日起。")
    ends_on = DateField(label="结束日期", required=False, help_text="含当日；不填为长期。")

    def __init__(self, *args: Any, organisations: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = [("", "请选择"), *organisations]  # type: ignore[attr-defined]
        self.fields["role"].choices = [("", "请选择"), *((role.value, role.label) for role in Role)]  # type: ignore[attr-defined]


class PasswordForm(Form):
    """A temporary password, given by the administrator or made up."""

    password = forms.CharField(
        label="临时密码",
        strip=False,
        required=False,
        help_text=f"不填由系统生成（推荐）。自行设置的：{RULES}",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class ReasonForm(Form):
    """Why somebody's second factor is taken off."""

    reason = forms.CharField(
        label="重置原因",
        max_length=500,
        help_text="写明原因和如何核实是本人要求，记入操作日志。",
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class NewPersonForm(PasswordForm, RoleForm, PersonForm):
    """A new account with its first role."""

    username = forms.CharField(
        label="用户名",
        max_length=150,
        help_text="登录用，建立后不能修改。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    field_order = ("username", "display_name", "staff_number", "phone", "email", "organisation", "role", "password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del (
            self.fields["starts_on"],
            self.fields["ends_on"],
        )  # the first role is for good; days are set on the person's page
