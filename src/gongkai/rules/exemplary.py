"""省市优秀解读: good interpretations of other governments, told with their source and linked; and the district's own."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from gongkai.rules.reasons import Reason

LONGEST_TITLE, LONGEST_SOURCE = 200, 60
HIDDEN_AFTER = 2
"""Failed visits, on as many days, after which the public no longer sees a link; the office still does."""


class Level(StrEnum):
    """Whose selection it is."""

    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {Level.PROVINCE: "省级", Level.CITY: "市级", Level.DISTRICT: "区级"}[self]


def check_exemplary(title: str, source: str, published_on: date | None, form: str, today: date) -> list[Reason]:
    """What is missing or wrong of an interpretation on another site. 转载须注明来源 (国办发〔2017〕47号), so it needs one."""
    reasons = []
    for field, label, text, longest in (
        ("title", "标题", title, LONGEST_TITLE),
        ("source", "来源", source, LONGEST_SOURCE),
    ):
        if not text:
            reasons.append(Reason("missing", f"请填写{label}。", field=field))
        elif len(text) > longest:
            reasons.append(Reason("long", f"{label}有 {len(text)} 字，请压缩到 {longest} 字以内。", field=field))
    if published_on is None:
        reasons.append(Reason("missing", "请填写发布日期。", field="published_on"))
    elif published_on > today:
        reasons.append(Reason("future", "发布日期晚于今天，请核对。", field="published_on"))
    if not form:
        reasons.append(Reason("missing", "请选择解读形式。", field="form"))
    return reasons
