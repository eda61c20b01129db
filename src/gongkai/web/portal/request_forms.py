"""The form of an application (《条例》§29): who, what, in which form. There is no field for a purpose, the law asks for none (§27)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields as fields_of
from typing import Any

from django import forms

from gongkai.rules.applicants import Category, Paper
from gongkai.rules.application import (
    DELIVERIES,
    MEDIA,
    GivenApplicant,
    GivenContent,
    applicant_reasons,
    content_reasons,
)
from gongkai.rules.reasons import Reason
from gongkai.rules.request_settings import switch_setting
from gongkai.rules.vocabulary import vocabulary
from gongkai.web.shared.forms import Form, MultipleFileField

_LENGTHS = {
    "name": 100, "representative": 60, "contact_person": 60, "phone": 40, "address": 200, "agent_name": 60, "agent_phone": 40,
    "assist_need": 200, "wanted_number": 100, "id_number": 40, "agent_id_number": 40,
}  # fmt: skip
ACCEPTED = ".pdf,.docx,.jpg,.jpeg,.png"
NO_ANSWER = frozenset({"public_enterprise_institution"})
"""Kinds of body that are asked by rules of their own (§55)."""


def is_open(kind: str = "") -> bool:
    """Whether applications may be sent in online, to a body of `kind` (setting `online_submission`)."""
    return switch_setting("online_submission") and kind not in NO_ANSWER


def body_choices(bodies: Iterable[tuple[Any, str, str]]) -> list[tuple[str, Any]]:
    """(id, name, kind) of bodies as the groups of a select, in the order of the directory."""
    grouped: dict[str, list[tuple[str, str]]] = {}
    for pk, name, kind in bodies:
        if kind not in NO_ANSWER:
            grouped.setdefault(kind, []).append((str(pk), name))
    labels = {term.code: term.label for term in vocabulary("organisation_kinds").terms}
    groups = [(labels[kind], grouped[kind]) for kind in labels if kind in grouped]
    return [("", "请选择"), *groups]


def _text(name: str, label: str, help_: str = "", *, required: bool = False, **attributes: str) -> forms.CharField:
    longest = _LENGTHS[name]
    widget = forms.TextInput(attrs=attributes)
    messages = {"max_length": f"{label}不能超过 {longest} 字，请精简。"}
    return forms.CharField(
        label=label, required=required, max_length=longest, help_text=help_, widget=widget, error_messages=messages
    )


class ApplicationForm(Form):
    """One application. Sections of the page name their fields by `SECTIONS`."""

    use_required_attribute = False
    as_given = False
    """Whether it may lack what is asked for by 补正 later (`rules.application.applicant_reasons`)."""

    organisation = forms.ChoiceField(
        label="受理机关", help_text="向制作或者保存该信息的机关申请；不清楚的，可以先向区政府申请。"
    )
    title = forms.CharField(
        label="所需信息的名称", max_length=200, help_text="一份申请只写一个事项。",
        error_messages={"max_length": "所需信息的名称不能超过 200 字，更多内容请写在特征描述中。"},
    )  # fmt: skip
    wanted_number = _text("wanted_number", "文号", "知道发文字号的请填写，如“谯政办〔2025〕12号”。")
    description = forms.CharField(
        label="其他特征描述",
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="便于查找的时间、地点、内容、机关等；没有填写文号的，请填写本栏。",
        error_messages={"max_length": "特征描述不能超过 5000 字，更多内容请作为附件提交。"},
    )
    category = forms.ChoiceField(
        label="申请人类别", choices=[(one.value, one.label) for one in Category], widget=forms.RadioSelect,
        help_text="法人和其他组织请按其性质选择；个体工商户选择商业企业。",
    )  # fmt: skip
    name = _text("name", "姓名或者名称", required=True, autocomplete="name")
    id_kind = forms.ChoiceField(
        label="证件类型", choices=[("", "请选择"), *((one.value, one.label) for one in Paper)],
        help_text="自然人填写身份证件，法人和其他组织填写统一社会信用代码。",
    )  # fmt: skip
    id_number = _text(
        "id_number", "证件号码", "加密保存，只用于核实身份，每次查看都有记录。", required=True, autocomplete="off"
    )
    representative = _text("representative", "法定代表人或者负责人", "法人和其他组织填写。")
    contact_person = _text("contact_person", "联系人", "法人和其他组织填写。")
    phone = _text("phone", "联系电话", "电话、电子邮箱、通信地址至少填写一项；建议填写电话，便于当天与您确认。", inputmode="tel", autocomplete="tel")  # fmt: skip
    email = forms.EmailField(
        label="电子邮箱", required=False, max_length=100, widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": "电子邮箱格式有误，请核对，如 name@example.cn。"},
    )  # fmt: skip
    address = _text("address", "通信地址", autocomplete="street-address")
    postcode = forms.RegexField(
        r"^\d{6}$", label="邮政编码", required=False, error_messages={"invalid": "邮政编码应当是 6 位数字。"},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "postal-code"}),
    )  # fmt: skip
    agent_name = _text("agent_name", "代理人姓名", "委托他人代办的填写，并上传授权委托书。")
    agent_phone = _text("agent_phone", "代理人电话", inputmode="tel")
    agent_id_number = _text("agent_id_number", "代理人身份证号码", autocomplete="off")
    authorisation = MultipleFileField(label="授权委托书", required=False)
    medium = forms.ChoiceField(label="提供信息的载体", choices=list(MEDIA.items()), widget=forms.RadioSelect, initial="electronic")  # fmt: skip
    delivery = forms.ChoiceField(label="获取信息的方式", choices=list(DELIVERIES.items()), widget=forms.RadioSelect, initial="online")  # fmt: skip
    assist_need = _text(
        "assist_need", "需要的帮助", "存在阅读困难或者视听障碍的，请说明需要怎样的帮助（《条例》§43）。"
    )
    files = MultipleFileField(label="附件", required=False)  # type: ignore[assignment]

    SECTIONS = (
        ("一、受理机关", ("organisation",)),
        ("二、所需政府信息", ("title", "wanted_number", "description")),
        (
            "三、申请人",
            (
                "category",
                "name",
                "id_kind",
                "id_number",
                "representative",
                "contact_person",
                "phone",
                "email",
                "address",
                "postcode",
            ),
        ),
        ("四、代理人（没有的不填）", ("agent_name", "agent_phone", "agent_id_number", "authorisation")),
        ("五、形式要求", ("medium", "delivery", "assist_need")),
        ("六、附件（没有的不填）", ("files",)),
    )

    def __init__(self, *args: Any, bodies: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = bodies  # type: ignore[attr-defined]
        for name in ("files", "authorisation"):
            self.fields[name].widget.attrs["accept"] = ACCEPTED

    def sections(self) -> list[tuple[str, list[Any]]]:
        """The sections of the page with their bound fields."""
        return [(title, [self[name] for name in names if name in self.fields]) for title, names in self.SECTIONS]

    def applicant(self) -> GivenApplicant:
        """Who applies, as typed: also of a form with errors, so that the rules can say all of theirs at once."""
        return GivenApplicant(**{one.name: self._typed(one.name) for one in fields_of(GivenApplicant)})

    def content(self) -> GivenContent:
        """What is asked for, as typed."""
        return GivenContent(**{one.name: self._typed(one.name) for one in fields_of(GivenContent)})

    def _typed(self, name: str) -> str:
        return str(self.cleaned_data.get(name, self.data.get(name, "")) or "").strip()

    def check(self, *, authorised: bool) -> bool:
        """Everything that is wrong, at once: what the fields say and what the rules say (`authorised`: a 授权委托书 is there)."""
        self.is_valid()
        applicant, content = self.applicant(), self.content()
        reasons = [
            *applicant_reasons(applicant, as_given=self.as_given),
            *content_reasons(content, applicant, as_given=self.as_given),
        ]
        if applicant.agent_name and not (authorised or self.as_given):
            message = "委托代理人申请的，请上传授权委托书。"
            reasons.append(Reason("authorisation", message, "《条例》§29", "authorisation"))
        said = set(self.errors)
        self.add_reasons(reason for reason in reasons if reason.field not in said)
        return not self.errors
