"""What the editor does with a text before it is saved: take in a Word file, lay it out, read facts from it. Works without script: the
whole form is posted, changed and shown again; nothing is stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, BinaryIO, cast

from django.forms import FileField
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from gongkai.disclosure import actions
from gongkai.disclosure.models import Edition, Item, WorkingCopy
from gongkai.disclosure.pictures import with_addresses
from gongkai.disclosure.proposals import LABELS, Proposals, proposals
from gongkai.disclosure.sanitising import sanitise_keeping_pictures
from gongkai.disclosure.tagging import suggestions
from gongkai.disclosure.word_import import read_word
from gongkai.rules.access import Actor
from gongkai.rules.reasons import Reason, Refused
from gongkai.rules.tags import Dimension, in_order
from gongkai.text.html_text import html_to_text
from gongkai.web.office.item_forms import DETAIL, Choices, ItemForm

MOST_EMBEDDED = 14 * 1024 * 1024
"""Characters of a body whose pictures are still in it: a form may have 20 MB (`DATA_UPLOAD_MAX_MEMORY_SIZE`)."""


@dataclass
class Outcome:
    """The form as a tool left it, and what is said of it."""

    values: dict[str, Any]
    """Initial values of the form to be shown."""
    notes: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    kind: str = ""
    actor: Actor | None = None
    item: Item | None = None
    """The item whose draft is written; None while it is new."""
    body_before: str | None = None
    """The body before the tool, so that it can be had back."""
    proposals: Proposals | None = None


def as_typed(data: QueryDict, kind: str, rows: Choices) -> dict[str, Any]:
    """The posted (or kept) fields as initial values of a form that complains of nothing: the writer has not asked to save."""
    form = ItemForm(kind=kind, rows=rows)
    values: dict[str, Any] = {
        name: one.widget.value_from_datadict(data, MultiValueDict(), name)
        for name, one in form.fields.items()
        if not isinstance(one, FileField)
    }
    values["details"] = {element.name: values.pop(DETAIL + element.name, "") or "" for element in form.details}
    return values


def use(request: HttpRequest, kind: str, rows: Choices, actor: Actor, item: Item | None = None) -> Outcome:
    """Use the tool whose button was pressed (``tool=word`` …); an unknown one changes nothing."""
    outcome = Outcome(as_typed(request.POST, kind, rows), kind=kind, actor=actor, item=item)
    outcome.body_before = request.POST.get(
        "body_before"
    )  # one tool after another: what was before the first change stays at hand
    if request.FILES.getlist("attachments"):
        outcome.errors.append("所选附件尚未上传，请在保存前重新选择。")
    tool = _TOOLS.get(request.POST.get("tool", "").split(":")[0])
    if tool is not None:
        tool(request, outcome)
    return outcome


def restored(copy: WorkingCopy, kind: str, rows: Choices) -> Outcome:
    """The form as it was kept; its revision too, so that a save made since is noticed."""
    data = QueryDict(mutable=True)
    for name, values in copy.values.items():
        data.setlist(name, values)
    outcome = Outcome({**as_typed(data, kind, rows), "revision": copy.revision})
    at = timezone.localtime(copy.saved_at)
    outcome.notes.append(f"已恢复 {at:%Y-%m-%d %H:%M} 自动保存的内容，核对后请点击“保存”。")
    return outcome


def _body(outcome: Outcome) -> str:
    return str(outcome.values.get("body") or "")


def _word(request: HttpRequest, outcome: Outcome) -> None:
    """从 Word 导入: the document becomes the body; what it states fills the empty fields."""
    file = request.FILES.get("word_file")
    if file is None:
        outcome.errors.append("请先选择要导入的 Word 文档（docx）。")
        return
    try:
        document = read_word(file.name or "", cast(BinaryIO, file))
    except Refused as refusal:
        outcome.errors += [str(reason) for reason in refusal.reasons]
        return
    if _body(outcome).strip():
        outcome.body_before = _body(outcome)
    try:
        outcome.values["body"] = _with_pictures_kept(outcome, sanitise_keeping_pictures(document.html))
    except Refused as refusal:
        outcome.errors += [str(reason) for reason in refusal.reasons]
        return
    outcome.notes.append(f"已导入“{file.name}”的正文，样式已清理，标题、表格和图片保留。保存前请通读核对。")
    outcome.errors += document.warnings
    _propose(outcome, title=document.title)


def _with_pictures_kept(outcome: Outcome, body: str) -> str:
    """Pictures become files of the draft at once, so that the form stays small; those of a new item wait in the text."""
    actor, item = outcome.actor, outcome.item
    if item is None or actor is None:
        if len(body) > MOST_EMBEDDED:
            message = "文档中的图片合计过大。请先保存草稿，再在编辑页面导入。"
            raise Refused([Reason("word_pictures", message, field="word_file")])
        return body

    def address_for(content: bytes) -> str:
        added = actions.add_picture(actor=actor, item_id=item.pk, name="图片", stream=BytesIO(content))
        return reverse("office:picture", kwargs={"item_id": item.pk, "digest": added.file.sha256})

    return with_addresses(body, address_for)


def _layout(request: HttpRequest, outcome: Outcome) -> None:
    """一键排版."""
    from gongkai.text.official_layout import official_layout  # here: a large library that most requests do not need

    before = _body(outcome)
    laid = official_layout(sanitise_keeping_pictures(before))
    if not laid.changes:
        outcome.notes.append("正文已符合公文格式，没有需要调整的地方。")
        return
    outcome.body_before, outcome.values["body"] = before, laid.html
    told = "，".join(f"{change.label} {change.count} 处" for change in laid.changes)
    outcome.notes.append(f"已排版：{told}。表格和文字内容未改动；不满意可以还原。")


def _undo(request: HttpRequest, outcome: Outcome) -> None:
    """还原: the body as it was before the last tool."""
    before = request.POST.get("body_before")
    if before is None:
        outcome.errors.append("没有可以还原的内容。")
        return
    outcome.values["body"], outcome.body_before = sanitise_keeping_pictures(before), None
    outcome.notes.append("已还原为处理前的正文。")


def _facts(request: HttpRequest, outcome: Outcome) -> None:
    """从正文提取."""
    if not _body(outcome).strip():
        outcome.errors.append("正文为空，请先填写或者导入正文。")
        return
    _propose(outcome)


def _propose(outcome: Outcome, title: str = "") -> None:
    found = proposals(_body(outcome), outcome.values, title=title)
    outcome.values.update(found.values)
    outcome.proposals = found
    filled = len(found.values)
    if filled:
        outcome.notes.append(f"已从正文提取并填入 {filled} 项，请逐项核对。")
    elif found.fields:
        outcome.notes.append("正文中的要素与已填内容对照如下，未作改动。")
    else:
        outcome.notes.append("正文中没有找到可以提取的要素。")


def _tags(request: HttpRequest, outcome: Outcome) -> None:
    """提出标签建议: what title and text speak for is ticked, with the phrases it rests on; the writer decides."""
    edition = Edition(title=str(outcome.values.get("title") or ""), body_text=html_to_text(_body(outcome)))
    found = suggestions(edition, outcome.kind)
    if not found:
        outcome.notes.append("标题和正文中没有可以提出建议的用语，请在“专题标签”中自行选择。")
        return
    chosen = list(outcome.values.get("tags") or ())
    has_form = any(one.startswith("form.") for one in chosen)
    added = [one for one in found if one.tag not in chosen and not (has_form and one.dimension is Dimension.FORM)]
    outcome.values["tags"] = in_order([*chosen, *(one.tag for one in added)])
    for one in found:
        standing = "已勾选" if one in added else "原已选择" if one.tag in chosen else "与所选不同，未改动"
        words = "、".join(dict.fromkeys(f"“{phrase.words}”" for phrase in one.phrases))
        outcome.notes.append(f"标签建议：{one.dimension.label}—{one.label}，依据{words}（{standing}）。")


def _adopt(request: HttpRequest, outcome: Outcome) -> None:
    """采用: what the text says replaces what a field says; asked for by name, one field at a time."""
    wanted = request.POST.get("tool", "").partition(":")[2]
    found = proposals(_body(outcome), {**outcome.values, wanted: ""})
    chosen = next((one for one in found.fields if one.field == wanted and wanted in LABELS), None)
    if chosen is None:
        outcome.errors.append("正文已经变动，请重新提取。")
        return
    outcome.values[wanted] = chosen.value
    outcome.proposals = proposals(_body(outcome), outcome.values)
    outcome.notes.append(f"“{chosen.label}”已采用正文中的内容：{chosen.shown}。")


_TOOLS: Mapping[str, Callable[[HttpRequest, Outcome], None]] = {
    "word": _word,
    "layout": _layout,
    "undo": _undo,
    "facts": _facts,
    "tags": _tags,
    "adopt": _adopt,
}
