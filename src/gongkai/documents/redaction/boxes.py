"""Whether boxes can be burnt at all: every reason at once, in Chinese. 《条例》§37 (区分处理), §36(3) (说明理由)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from gongkai.documents.redaction.model import PageSize, RedactionBox
from gongkai.rules.reasons import Reason

SMALLEST_SIDE = 2.0
"""Points: what is smaller hides nothing and was a slip of the hand."""
MOST = 20_000
"""Boxes in one document."""
LONGEST_LABEL = 20
_ARTICLE = "《条例》§37"
_SLACK = 1e-6
"""Fractions that went through a form or a screen may be off in the last digit."""


def check_boxes(
    boxes: Sequence[RedactionBox], pages: Sequence[PageSize], labels: Mapping[str, str]
) -> tuple[Reason, ...]:
    """Why `boxes` cannot be burnt into a document with `pages`; empty when they can.

    `labels` gives the short label of each ground (第十五条).
    """
    if not boxes:
        message = "没有遮盖任何内容。请先框选需要遮盖的位置；全部可以公开的，不必遮盖，直接提供原件。"
        return (Reason("nothing_hidden", message, _ARTICLE, "boxes"),)
    if len(boxes) > MOST:
        message = f"遮盖框有 {len(boxes)} 个，超过上限 {MOST} 个。请将相邻的框合并，或者拆分文件后分别处理。"
        return (Reason("too_many_boxes", message, "", "boxes"),)
    reasons: list[Reason] = []
    for place, box in enumerate(boxes, start=1):
        reasons += _of_one(box, f"第 {place} 个遮盖框（第 {box.page} 页）", pages, labels)
    return tuple(reasons)


def _of_one(box: RedactionBox, name: str, pages: Sequence[PageSize], labels: Mapping[str, str]) -> list[Reason]:
    reasons: list[Reason] = []

    def refuse(code: str, message: str, article: str = "") -> None:
        reasons.append(Reason(code, f"{name}{message}", article, "boxes"))

    sides = (box.x0, box.y0, box.x1, box.y1)
    if not 1 <= box.page <= len(pages):
        refuse("no_such_page", f"所在页不存在，文件共 {len(pages)} 页。请重新框选。")
    elif not all(math.isfinite(side) for side in sides):
        refuse("no_place", "的位置不是有效的数值。请重新框选。")
    elif any(side < -_SLACK or side > 1 + _SLACK for side in sides):
        refuse("outside_page", "超出页面范围。请在页面内重新框选。")
    else:
        page = pages[box.page - 1]
        width, height = box.rect.width * page.width, box.rect.height * page.height
        if width < SMALLEST_SIDE or height < SMALLEST_SIDE:
            refuse("no_area", "没有面积或者过小，遮不住任何内容。请重新框选，或者删除这个框。")
    if not box.ground.strip():
        refuse("no_ground", "没有选择遮盖理由。请逐处选择不予公开的依据。", _ARTICLE)
    elif not labels.get(box.ground, "").strip():
        refuse("unknown_ground", f"的遮盖理由“{box.ground}”不在可选范围内。请重新选择。", _ARTICLE)
    elif len(labels[box.ground]) > LONGEST_LABEL:
        refuse("long_label", f"的理由简称超过 {LONGEST_LABEL} 个字。请改用条款号，如“第十五条”。")
    return reasons
