"""What is published beside an item (cards, groups, topics) names nobody: one refusal for all of them."""

from __future__ import annotations

from gongkai.rules.reasons import Reason
from gongkai.text.personal_data import PersonalDataKind, find_personal_data


def personal_data_reasons(text: str, field: str = "") -> list[Reason]:
    """A reason for each kind of personal data in ``text``; fixed lines of offices are none (《个人信息保护法》§25)."""
    found = (one.kind for one in find_personal_data(text) if one.kind is not PersonalDataKind.LANDLINE)
    return [
        Reason("personal_data", f"内容中有疑似个人信息（{kind.label}），请删去。", "《个人信息保护法》§25", field)
        for kind in dict.fromkeys(found)
    ]
