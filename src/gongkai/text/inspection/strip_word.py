"""The public copy of a Word document: changes accepted, comments, hidden text, properties and outside references gone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gongkai.text.extraction.limits import Limits
from gongkai.text.inspection.office import hidden_shapes
from gongkai.text.inspection.package import local, opened
from gongkai.text.inspection.paths import local_path
from gongkai.text.inspection.strip_charts import detach_chart
from gongkai.text.inspection.strip_package import Copy, Unstrippable, remove, remove_all, unwrap
from gongkai.text.inspection.word import (
    DELETED,
    FETCHING_FIELD,
    INSERTED,
    LABEL,
    attribute,
    child,
    hidden_styles,
    is_hidden_run,
    is_on,
    text,
    value,
)

_W = "wordprocessingml"
_CHANGE_MARKS = (
    "rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "tblPrExChange", "tblGridChange", "trPrChange",
    "tcPrChange", "numberingChange", "cellIns", "cellMerge", "moveFromRangeStart", "moveFromRangeEnd",
    "moveToRangeStart", "moveToRangeEnd", "customXmlInsRangeStart", "customXmlInsRangeEnd",
    "customXmlDelRangeStart", "customXmlDelRangeEnd", "customXmlMoveFromRangeStart", "customXmlMoveFromRangeEnd",
    "customXmlMoveToRangeStart", "customXmlMoveToRangeEnd",
)  # fmt: skip
_SETTINGS = {
    "docVars": "文档变量", "mailMerge": "邮件合并数据源", "attachedTemplate": "模板路径", "rsids": "",
    "trackRevisions": "",
}  # fmt: skip
_CONTENT = ("r", "hyperlink", "fldSimple", "sdt", "oMath", "oMathPara", "smartTag", "ins", "moveTo", "customXml")


def strip_word(path: Path, target: Path, limits: Limits) -> tuple[str, ...]:
    """Write the copy; Chinese names of what was removed. Raises `Unreadable`, `Unstrippable`."""
    with opened(path, LABEL, limits) as package:
        if package.has_macros():
            raise Unstrippable("文件含有宏，不能生成公开文件。请另存为不含宏的 docx 后重新上传。")
        if any(r.kind == "aFChunk" for r in package.all_relationships()):
            raise Unstrippable("文档中有整篇导入的其他文件，不能安全清除。请用 WPS/Word 打开，另存为 docx 后重新上传。")
        copy = Copy(package)
        main = package.main()
        covert = hidden_styles(package, main)
        kinds = ("header", "footer", "footnotes", "endnotes")
        for part in [main, *filter(package.has, package.related(main, *kinds))]:
            _clean(copy.tree(part), copy, covert)
        for kind in ("footnote", "endnote"):
            for part in filter(package.has, package.related(main, f"{kind}s")):
                _drop_uncited(copy.tree(part), copy.tree(main), kind)
        for part in filter(package.has, package.related(main, "settings")):
            for name, label in _SETTINGS.items():
                found = remove_all(copy.tree(part), [name], _W)
                copy.say(label, found and bool(label))
        for relationship in package.all_relationships():
            if relationship.kind == "chart" and package.has(relationship.target):
                detach_chart(copy.tree(relationship.target), literal=False)
        copy.write(target)
        return tuple(copy.removed)


def _clean(root: Any, copy: Copy, covert: frozenset[str]) -> None:
    copy.say("修订痕迹", accept_changes(root))
    copy.say("隐藏文字", _drop_hidden(root, covert))
    copy.say("隐藏的图形", _drop_hidden_shapes(root))
    copy.say("批注", _drop_comment_marks(root))
    copy.say("外部链接", _unlink_fields(root))
    copy.say("自定义数据", remove_all(root, ["dataBinding", "permStart", "permEnd"], _W))
    for element in root.iter():
        for key, words in list(element.attrib.items()) if isinstance(element.tag, str) else []:
            if key.rpartition("}")[2] in ("descr", "title", "name", "alt", "href") and local_path(words):
                element.set(key, "") if local(element) in ("docPr", "cNvPr") else element.attrib.pop(key)
                copy.say("本机路径")
    _mend_tables(root)


def accept_changes(root: Any) -> bool:
    """Accept all tracked changes as Word does (17.13.5): insertions stay, deletions go. Whether there were any."""
    changed = remove_all(root, _CHANGE_MARKS, _W)
    merging: list[Any] = []
    for element in list(root.iter()):
        name = local(element)
        if name not in DELETED | INSERTED | {"cellDel"} or _W not in element.tag:
            continue
        changed = True
        parent = element.getparent()
        if parent is None:
            continue
        holder = local(parent)
        if holder in ("trPr", "tcPr"):
            if name in ("del", "cellDel"):
                remove(parent.getparent())
            else:
                remove(element)
        elif holder == "rPr":
            if name in DELETED and local(parent.getparent()) == "pPr":
                merging.append(parent.getparent().getparent())
            remove(element)
        elif holder == "numPr" or name in DELETED:
            remove(element)
        else:
            unwrap(element)
    for paragraph in reversed(merging):
        _merge_with_next(paragraph)
    return changed


def _merge_with_next(paragraph: Any) -> None:
    """The mark at the end of the paragraph was deleted: what is left of it goes to the head of the next one."""
    if paragraph.getparent() is None or child(child(paragraph, "pPr"), "sectPr") is not None:
        return
    content = [element for element in paragraph if local(element) != "pPr"]
    following = paragraph.getnext()
    if following is not None and local(following) == "p":
        properties = child(following, "pPr")
        at = 0 if properties is None else following.index(properties) + 1
        for offset, element in enumerate(content):
            following.insert(at + offset, element)
        remove(paragraph)
    elif not any(local(element) in _CONTENT for element in content):
        _remove_paragraph(paragraph)


def _remove_paragraph(paragraph: Any) -> None:
    """Take a paragraph out unless its parent needs it: body and cells end with one, sections hang on one."""
    if child(child(paragraph, "pPr"), "sectPr") is None and paragraph.getparent() is not None:
        remove(paragraph)


def _drop_hidden(root: Any, covert: frozenset[str]) -> bool:
    found = False
    for element in list(root.iter()):
        name = local(element)
        if not name or (_W not in element.tag and name != "Fallback"):
            continue
        if name == "tr" and is_on(child(child(element, "trPr"), "hidden")):
            found = True
            remove(element)
        elif name == "Fallback":
            choice = child(element.getparent(), "Choice")
            words = text(element)
            if choice is not None and words and words not in text(choice):
                found = True
                remove(element)
            continue
        if name != "p":
            continue
        runs = [run for run in element.iter("{*}r") if _W in run.tag and is_hidden_run(run, covert)]
        whole = _is_balanced(runs)
        for run in runs:
            found = _empty_run(run, whole) or found
        if value(child(element, "pPr"), "pStyle") in covert:
            found = True
            for inner in [e for e in element if local(e) != "pPr"]:
                remove(inner)
            _remove_paragraph(element)
        mark = child(child(child(element, "pPr"), "rPr"), "vanish")
        if is_on(mark) and not any(local(inner) in _CONTENT for inner in element):
            _remove_paragraph(element)
    return found


def _drop_hidden_shapes(root: Any) -> bool:
    """Shapes that somebody has hidden, each with what surrounds it and nothing else."""
    shapes = hidden_shapes(root)
    for name in shapes:
        around = name.iterancestors("{*}drawing", "{*}sp", "{*}wsp", "{*}pic")
        remove(next(around, name))
    return bool(shapes)


def _empty_run(run: Any, whole: bool) -> bool:
    """Take a hidden run out; unless `whole`, marks of fields stay, for they have their other half outside hidden text."""
    if whole or not any(local(element) == "fldChar" for element in run):
        remove(run)
        return True
    dropped = [e for e in run if local(e) not in ("fldChar", "rPr", "instrText")]
    for element in dropped:
        remove(element)
    return bool(dropped)


def _is_balanced(runs: list[Any]) -> bool:
    """Whether each field that begins in one of these runs ends in one of them."""
    kinds = [attribute(mark, "fldCharType") for run in runs for mark in run if local(mark) == "fldChar"]
    return kinds.count("begin") == kinds.count("end")


def _drop_comment_marks(root: Any) -> bool:
    found = remove_all(root, ["commentRangeStart", "commentRangeEnd"], _W)
    for reference in list(root.iter("{*}commentReference")):
        run = reference.getparent()
        remove(reference)
        if not any(local(element) not in ("rPr", "") for element in run):
            remove(run)
        found = True
    return found


def _unlink_fields(root: Any) -> bool:
    """Fields that fetch from elsewhere or lead to a path become the text they show."""
    found = False
    for simple in list(root.iter("{*}fldSimple")):
        if _is_outside(attribute(simple, "instr")):
            unwrap(simple)
            found = True
    stack: list[dict[str, Any]] = []
    for element in list(root.iter("{*}fldChar", "{*}instrText", "{*}t")):
        name = local(element)
        kind = attribute(element, "fldCharType")
        if kind == "begin":
            stack.append({"parts": [element], "words": "", "shown": False})
        elif not stack:
            continue
        elif name == "instrText":
            stack[-1]["words"] += element.text or ""
            stack[-1]["parts"].append(element)
        elif kind == "separate":
            stack[-1]["parts"].append(element)
            stack[-1]["shown"] = True
        elif kind == "end":
            field = stack.pop()
            if _is_outside(field["words"]):
                found = True
                for part in [*field["parts"], element]:
                    remove(part)
        elif name == "t" and not stack[-1]["shown"]:
            stack[-1]["parts"].append(element)
    return found


def _is_outside(instruction: str) -> bool:
    return bool(FETCHING_FIELD.match(instruction) or local_path(instruction))


def _drop_uncited(notes: Any, body: Any, kind: str) -> None:
    """Notes that belonged to deleted or hidden text."""
    cited = {attribute(reference, "id") for reference in body.iter(f"{{*}}{kind}Reference")}
    for note in list(notes.iter(f"{{*}}{kind}")):
        if not attribute(note, "type") and attribute(note, "id") not in cited:
            remove(note)


def _mend_tables(root: Any) -> None:
    """No table without rows, no row without cells, no cell without a paragraph at its end (17.4)."""
    for cell in list(root.iter("{*}tc")):
        if _W in cell.tag and (not len(cell) or local(cell[-1]) != "p"):
            cell.append(cell.makeelement(cell.tag.rpartition("}")[0] + "}p"))
    for control in list(root.iter("{*}sdt")):
        content = child(control, "sdtContent")
        if _W in control.tag and (content is None or not len(content)):
            remove(control)
    for name, inner in (("tr", "tc"), ("tbl", "tr")):
        for element in list(root.iter(f"{{*}}{name}")):
            if _W in element.tag and next(element.iter(f"{{*}}{inner}"), None) is None:
                remove(element)
    for box in list(root.iter("{*}txbxContent", "{*}footnote", "{*}endnote", "{*}hdr", "{*}ftr")):
        if _W in box.tag and next(box.iter("{*}p", "{*}tbl"), None) is None:
            box.append(box.makeelement(box.tag.rpartition("}")[0] + "}p"))
