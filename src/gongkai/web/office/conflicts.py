"""Two people saved the same draft: what differs, and the three ways out (mine, theirs, field by field). Works without script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gongkai.disclosure.models import Edition
from gongkai.rules.tags import Dimension, labels
from gongkai.rules.vocabulary import vocabulary
from gongkai.text.html_text import html_to_text
from gongkai.web.office.item_forms import ItemForm, detail_labels, initial_of

VOCABULARIES = {"subjects": "subjects", "genre": "genres", "audiences": "audiences"}
ROWS, DETAILS = "rows", "details"


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which the stored draft and the typed one differ, both in words for people."""

    name: str
    label: str
    stored: str
    typed: str


def differences(form: ItemForm, stored: Edition) -> list[Difference]:
    """In the order of the form. `form` is valid."""
    found = []
    for name, typed in form.values.items():
        kept = getattr(stored, name)
        if name == "body":
            same = html_to_text(typed) == stored.body_text
        else:
            same = typed == kept
        if not same:
            label = str(form.fields[name].label) if name in form.fields else "本类信息要素"
            found.append(Difference(name, label, _words(stored, name, kept), _words(stored, name, typed)))
    if form.cleaned_data["tags"] != stored.item.tags:
        theirs, ours = _tag_words(stored.item.tags), _tag_words(form.cleaned_data["tags"])
        found.append(Difference("tags", str(form.fields["tags"].label), theirs, ours))
    names = {str(value): str(text) for value, text in _flat(form.fields[ROWS].choices)}  # type: ignore[attr-defined]
    kept_rows = {str(pk) for pk in stored.item.rows.values_list("pk", flat=True)}
    typed_rows = {str(pk) for pk in form.row_ids}
    if kept_rows != typed_rows:
        ours, theirs = ("、".join(names.get(row, row) for row in sorted(rows)) for rows in (typed_rows, kept_rows))
        found.append(Difference(ROWS, "公开目录事项", theirs, ours))
    return found


def merged(typed: Mapping[str, Any], stored: Edition, chosen: Mapping[str, str]) -> dict[str, Any]:
    """Initial values of the form: `typed`, with the stored value wherever `chosen` says ``theirs`` for the field."""
    kept = initial_of(stored, stored.item.rows.values_list("pk", flat=True))
    taken = {name: kept[name] for name, whose in chosen.items() if whose == "theirs" and name in kept}
    return {**typed, **taken, "revision": stored.revision}


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    return [
        pair for value, label in choices for pair in (label if isinstance(label, (list, tuple)) else [(value, label)])
    ]


def _tag_words(tags: Sequence[str]) -> str:
    return "、".join(label for one in Dimension for label in labels(tags, one))


def _words(stored: Edition, name: str, value: Any) -> str:
    if name == "body":
        return html_to_text(value or "")
    if name == DETAILS:
        return "；".join(f"{label}：{text}" for label, text in detail_labels(stored.item.kind, value))
    if name in VOCABULARIES and value:
        terms = vocabulary(VOCABULARIES[name])
        codes = value if isinstance(value, (list, tuple)) else [value]
        return "、".join(term.label if (term := terms.get(code)) else str(code) for code in codes)
    if isinstance(value, (list, tuple)):
        return "、".join(str(one) for one in value)
    if isinstance(value, bool):
        return "是" if value else "否"
    return "" if value is None else str(value)
