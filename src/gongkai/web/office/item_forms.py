"""Forms of the register: the editor with every element of an item, and the small forms of the single steps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from gongkai.disclosure.editing import CONTENT_FIELDS, ELEMENTS, TIES
from gongkai.disclosure.models import Edition
from gongkai.disclosure.pictures import for_office, from_office
from gongkai.disclosure.selectors import RowLine
from gongkai.rules import document_number
from gongkai.rules.completeness import RequiredField, fields_of
from gongkai.rules.publication import DisclosureAttribute
from gongkai.rules.relations import RELATION_TYPES, RelationKind
from gongkai.rules.tags import INTERPRETING_KINDS, Dimension, check_tags, in_order, tag
from gongkai.rules.vocabulary import vocabulary
from gongkai.web.shared.forms import DateField, Form, ListField, MultipleFileField, PickList

Choices = list[tuple[str, Any]]

LIFE_CYCLES = (("life_cycle_person", "自然人"), ("life_cycle_enterprise", "法人"))
UNFIT_FOR_RELATIONS = frozenset({RelationKind.CITES})
"""Found in the text by the software; nobody types them."""
REASON_FIELDS = {
    **{element: field for field, element in ELEMENTS.items()},
    "body|attachments": "body",
    "catalogue_rows": "rows",
    "attachment": "attachments",
    "row": "rows",
    "interpretation_form": "tags",
}
"""Names the rules use → fields of the editor."""


DETAIL = "detail_"
"""What the names of fields begin with that only some kinds of item have."""
_ELSEWHERE = frozenset(
    {
        *CONTENT_FIELDS,
        *ELEMENTS.values(),
        *TIES.values(),
        "publishing_agency",
        "interpretation_form",
        "body|attachments",
        "attachments",
        "table|attachments",
    }
)
"""Elements the editor asks for elsewhere, or the register knows by itself."""


def detail_fields(kind: str) -> tuple[RequiredField, ...]:
    """The elements that only items of this `kind` have."""
    return tuple(element for element in fields_of(kind) if element.name not in _ELSEWHERE)


def detail_labels(kind: str, details: Mapping[str, str]) -> list[tuple[str, str]]:
    """The filled-in elements of an item of `kind` with their labels."""
    return [(element.label, details[element.name]) for element in detail_fields(kind) if details.get(element.name)]


def flat_choices(name: str) -> Choices:
    """All terms of a vocabulary in order."""
    return [(term.code, term.label) for term in vocabulary(name).terms]


def grouped_choices(name: str) -> Choices:
    """A two-level vocabulary: each top term heads the group of its children and can itself be chosen."""
    terms = vocabulary(name)
    choices: Choices = []
    for top in terms.children(None):
        children = [(child.code, child.label) for child in terms.children(top.code)]
        choices.append((top.label, [(top.code, f"{top.label}（全类）" if children else top.label), *children]))
    return choices


def life_cycle_choices() -> Choices:
    """The stages of persons and of legal persons, each in its group."""
    return [(label, flat_choices(name)) for name, label in LIFE_CYCLES]


def tag_choices(kind: str) -> Choices:
    """The tags an item of this kind may bear, in a group for each dimension."""
    offered = [one for one in Dimension if one is not Dimension.FORM or kind in INTERPRETING_KINDS]
    return [
        (one.label, [(tag(one, code), text) for code, text in flat_choices(one.vocabulary_name)]) for one in offered
    ]


def row_choices(rows: Iterable[RowLine], leaves: frozenset[int]) -> Choices:
    """Catalogue rows that can be chosen, grouped by the branch they stand in, named by their path."""
    labels: dict[int, str] = {}
    groups: dict[str, Choices] = {}
    for row in rows:
        labels[row.pk] = row.label
        if row.pk in leaves:
            above = [
                labels[int(step)]
                for step in row.path.split("/")
                if step and int(step) != row.pk and int(step) in labels
            ]
            groups.setdefault(" › ".join([row.catalogue, *above]), []).append((str(row.pk), row.label))
    return list(groups.items())


class OpenItemForm(Form):
    """First step of a new item: who publishes it and what it is, because the form that follows depends on both."""

    organisation = forms.ChoiceField(label="发布机构")
    kind = forms.ChoiceField(label="信息类型", widget=forms.RadioSelect)

    def __init__(self, *args: Any, organisations: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = organisations  # type: ignore[attr-defined]
        notes = (
            (term.code, f"{term.label}：{term.note}" if term.note else term.label)
            for term in vocabulary("item_kinds").terms
        )
        self.fields["kind"].choices = list(notes)  # type: ignore[attr-defined]
        if len(organisations) == 1:
            self.initial.setdefault("organisation", organisations[0][0])


class ItemForm(Form):
    """The editor. A draft may be incomplete: only the title is asked for; the rest is asked for when it is submitted."""

    title = forms.CharField(label="标题", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    document_number = forms.CharField(
        label="发文字号", max_length=80, required=False, help_text="如：谯政办〔2026〕12号。括号、空格会自动规范。"
    )
    issuing_agencies = ListField(
        label="发文机关", required=False, help_text="联合发文的，各机关用顿号分隔，主办机关在前。"
    )
    document_date = DateField(label="成文日期", required=False, help_text="签发或者会议通过的日期，不是上网日期。")
    issued_on = DateField(label="发文日期", required=False)
    formed_on = DateField(label="生成日期", required=False)
    effective_from = DateField(label="生效日期", required=False)
    expires_on = DateField(label="失效日期", required=False, help_text="有效期的最后一日；长期有效的不填。")
    public_until = DateField(
        label="公开截止日期",
        required=False,
        help_text="公示等有公开期限的，填写最后一个公开日，次日自动撤回；长期公开的不填。",
    )
    normative = forms.BooleanField(label="属于行政规范性文件", required=False)

    body = forms.CharField(
        label="正文",
        required=False,
        help_text="可以直接从 Word、WPS 粘贴：标题、列表、表格和图片保留，字体、颜色等样式自动清理。",
        widget=forms.Textarea(attrs={"rows": 24, "data-editor": "", "class": "body-input"}),
    )
    summary = forms.CharField(
        label="内容概述", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    keywords = ListField(label="关键词", required=False, help_text="用顿号分隔，三至五个为宜。")

    subjects = forms.MultipleChoiceField(label="主题分类", required=False, widget=PickList)
    genre = forms.ChoiceField(label="体裁分类", required=False)
    audiences = forms.MultipleChoiceField(label="服务对象分类", required=False, widget=PickList)
    life_cycle = forms.MultipleChoiceField(label="生命周期分类", required=False, widget=PickList)
    rows = forms.MultipleChoiceField(
        label="公开目录事项", required=False, widget=PickList, help_text="只列出适用于发布机构的事项；可以选择多个。"
    )

    tags = forms.MultipleChoiceField(
        label="专题标签",
        required=False,
        widget=PickList,
        help_text="“政策解读集成式发布”专题按标签汇集信息。可以用上方的“提出标签建议”。",
    )

    content_source = forms.CharField(
        label="信息来源", required=False, max_length=200, help_text="转载的，填写原发布机关。"
    )
    source_url = forms.URLField(
        label="来源链接",
        required=False,
        max_length=500,
        assume_scheme="https",
        error_messages={"invalid": "请填写完整网址，以 https:// 开头。"},
    )
    enquiry_agency = forms.CharField(label="咨询机构", required=False, max_length=100)
    enquiry_phone = forms.CharField(label="咨询电话", required=False, max_length=60)
    disclosure_attribute = forms.ChoiceField(
        label="公开属性", choices=[(a.value, a.label) for a in DisclosureAttribute]
    )
    non_disclosure_reason = forms.CharField(
        label="不予主动公开的理由",
        required=False,
        help_text="公开属性不是“主动公开”的必须填写。",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    attachments = MultipleFileField(
        label="上传附件",
        required=False,
        help_text="可以一次选择多个：docx、xlsx、pdf、ofd、csv、txt、png、jpg、tiff，单个不超过 200 MB。加密、损坏或者改过扩展名的文件不能上传。",
    )
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    FIELDSETS = (
        ("content", "内容", ("title", "body", "summary", "keywords", "attachments")),
        ("document", "公文要素", ("document_number", "issuing_agencies", "document_date", "issued_on", "formed_on",
                              "effective_from", "expires_on", "public_until", "normative")),
        ("classification", "分类与目录", ("rows", "tags", "subjects", "genre", "audiences",
                                             "life_cycle")),
        ("contact", "来源与咨询", ("content_source", "source_url", "enquiry_agency", "enquiry_phone")),
        ("attribute", "公开属性", ("disclosure_attribute", "non_disclosure_reason")),
    )  # fmt: skip

    def __init__(self, *args: Any, kind: str, rows: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.details = detail_fields(kind)
        for element in self.details:
            start = self.initial.get("details", {}).get(element.name, "")
            self.fields[DETAIL + element.name] = forms.CharField(
                label=element.label, required=False, max_length=1000, initial=start, help_text=element.article
            )
        choices = {
            "subjects": grouped_choices("subjects"),
            "genre": [("", "请选择"), *flat_choices("genres")],
            "audiences": flat_choices("audiences"),
            "life_cycle": life_cycle_choices(),
            "rows": rows,
            "tags": tag_choices(kind),
        }
        self.kind = kind
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]

    def clean_body(self) -> str:
        """With the addresses of pictures as they are stored."""
        return from_office(self.cleaned_data["body"])

    def clean_document_number(self) -> str:
        """Normalised, or refused with what is wrong in it."""
        text = document_number.normalise(self.cleaned_data["document_number"])
        if text and (reasons := document_number.check(text)):
            raise forms.ValidationError([str(reason) for reason in reasons])
        return text

    def clean_tags(self) -> list[str]:
        """Of an interpretation one form at most."""
        if reasons := check_tags(self.kind, self.cleaned_data["tags"]):
            raise forms.ValidationError([str(reason) for reason in reasons])
        return in_order(self.cleaned_data["tags"])

    def clean(self) -> dict[str, Any]:
        """What can be told to be wrong while still writing."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        starts, ends = cleaned.get("effective_from"), cleaned.get("expires_on")
        if starts and ends and ends < starts:
            self.add_error("expires_on", "失效日期早于生效日期，请核对。")
        if cleaned.get("disclosure_attribute") not in (None, "proactive") and not cleaned.get("non_disclosure_reason"):
            self.add_error("non_disclosure_reason", "请填写不主动公开的理由和依据（《条例》§13、§16）。")
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        """The content fields for the actions."""
        values = {name: self.cleaned_data[name] for name in CONTENT_FIELDS if name in self.cleaned_data}
        typed = {element.name: self.cleaned_data.get(DETAIL + element.name, "") for element in self.details}
        return {**values, "details": {name: text for name, text in typed.items() if text}}

    @property
    def row_ids(self) -> list[int]:
        """The chosen catalogue rows."""
        return [int(row) for row in self.cleaned_data["rows"]]

    @property
    def sections(self) -> list[tuple[str, str, list[forms.BoundField]]]:
        """The fields in their groups: (anchor, heading, fields)."""
        sections = [(anchor, heading, [self[name] for name in names]) for anchor, heading, names in self.FIELDSETS]
        if self.details:
            sections.insert(1, ("details", "本类信息要素", [self[DETAIL + element.name] for element in self.details]))
        return sections


def initial_of(edition: Edition, row_ids: Iterable[int]) -> dict[str, Any]:
    """What the editor shows of a stored draft."""
    values = {name: getattr(edition, name) for name in CONTENT_FIELDS}
    values["body"] = for_office(edition.body, edition.item_id)
    return {
        **values,
        "rows": [str(row) for row in row_ids],
        "tags": edition.item.tags,
        "revision": edition.revision,
    }


class RowsForm(Form):
    """Putting an item under other catalogue rows, published or not."""

    rows = forms.MultipleChoiceField(label="公开目录事项", required=False, widget=PickList)

    def __init__(self, *args: Any, rows: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rows"].choices = rows  # type: ignore[attr-defined]


class TagsForm(Form):
    """Settling the tags of an item, published or not."""

    tags = forms.MultipleChoiceField(
        label="专题标签", required=False, widget=PickList, help_text="没有适用的标签时不选，直接确认。"
    )

    def __init__(self, *args: Any, kind: str, kept: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = tag_choices(kind)
        known = {value for _, group in offered for value, _ in group}
        given_up = [(one, one.partition(".")[2]) for one in kept if one not in known]
        self.fields["tags"].choices = [*offered, *([("已停用的标签", given_up)] if given_up else [])]  # type: ignore[attr-defined]


# --- the single steps --------------------------------------------------------------------------------------------------
class PlainStepForm(Form):
    """A step that needs no words."""


class AnyOfMany(forms.MultipleChoiceField):
    """Boxes whose choices the page sets when it knows the item; what was ticked is judged by the action."""

    widget = forms.CheckboxSelectMultiple

    def valid_value(self, value: Any) -> bool:
        """Every value is passed on."""
        return True


class ApproveForm(Form):
    """Passing the review."""

    secrecy_basis = forms.CharField(
        label="保密审查结论",
        max_length=300,
        help_text="写明审查依据和结论，正文和附件逐项审查，如：依据《保密法》第三十五条逐项审查，不涉密，可以公开。",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    cleared = AnyOfMany(
        label="逐项审查",
        required=False,
        help_text="逐项查看后勾选确认可以公开的内容；有一项不能公开的，请退回修改。",
    )
    opinion = forms.CharField(
        label="审核意见", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


class SetAsideForm(Form):
    """Leaving a finding as it is."""

    reason = forms.CharField(label="理由", max_length=300)


class SendBackForm(Form):
    """Returning a draft to its writer."""

    remark = forms.CharField(
        label="退回意见",
        required=False,
        max_length=2000,
        help_text="已在正文中标注修改意见的，可以不填。",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class RemarkForm(Form):
    """What is to be changed, and where."""

    part = forms.ChoiceField(label="针对")
    quote = forms.CharField(
        label="原文",
        required=False,
        max_length=400,
        help_text="在预览中选中文字会自动填入；不填则针对整个部分。",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    near = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    text = forms.CharField(label="修改意见", max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, parts: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["part"].choices = parts  # type: ignore[attr-defined]


class CorrectForm(Form):
    """Starting a corrected edition."""

    change_note = forms.CharField(
        label="更正说明",
        max_length=500,
        help_text="写明更正了什么、为什么更正；将对外公开。",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    closes_earlier = forms.ChoiceField(
        label="以前的版本",
        required=False,
        help_text="以前的版本含有个人信息或者其他不应公开的内容时，请选择停止公开的原因；更正版本发布后，以前的版本不再可见。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reasons = [(code, f"停止公开：{label}") for code, label in flat_choices("withdrawal_reasons")]
        self.fields["closes_earlier"].choices = [("", "继续公开，作为历史版本供查阅"), *reasons]  # type: ignore[attr-defined]


class WithdrawForm(Form):
    """Taking a published item off the site."""

    reason = forms.ChoiceField(label="撤回原因", help_text="撤回后原网址将公开说明该原因。")
    note = forms.CharField(label="补充说明", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [("", "请选择"), *flat_choices("withdrawal_reasons")]  # type: ignore[attr-defined]


class RelationForm(Form):
    """Tying an item to another that was found before."""

    kind = forms.ChoiceField(label="关系")
    target = forms.IntegerField(
        label="关联的信息", error_messages={"required": "请先检索，再选择要关联的信息。"}, widget=forms.RadioSelect
    )
    effective_on = DateField(
        label="生效日期", required=False, help_text="修改、废止、替代、宣布失效的必须填写，有效性自该日起自动变更。"
    )
    note = forms.CharField(label="说明", required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(kind.value, row.label) for kind, row in RELATION_TYPES.items() if kind not in UNFIT_FOR_RELATIONS]
        self.fields["kind"].choices = [("", "请选择"), *offered]  # type: ignore[attr-defined]
