"""What tests of the pages of 依申请公开 share: filling in the form as a citizen does, without script."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

from gongkai.organisations.models import Organisation
from gongkai.web.portal import request_guard as guard

APPLY, TRACK = "/information-requests/apply/", "/information-requests/track/"
_WORDS = "零一二三四五六七八九"


def fields(page: str) -> dict[str, str]:
    """The hidden fields of the form on a page."""
    form = page[page.index("data-request-form") :]
    return {
        name: value
        for tag in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", form)
        if (name := re.search(r'name="([^"]*)"', tag)[1])
        and (value := re.search(r'value="([^"]*)"', tag)[1]) is not None
    }


def answer_to(page: str) -> str:
    """The answer to the question in words."""
    one, two = re.search(r"安全验证：(.)加(.)等于几", page).groups()
    return str(_WORDS.index(one) + _WORDS.index(two))


def filled(page: str, body: Organisation, **more: Any) -> dict[str, Any]:
    """A good application with the signs of the page."""
    given = {
        "organisation": str(body.pk), "title": "2025年度全区义务教育学区划分方案", "description": "2025年秋季学期适用的方案",
        "category": "natural", "name": "示例申请人", "id_kind": "identity_card", "id_number": "11010519000101001X",
        "phone": "13800138000", "medium": "electronic", "delivery": "online", "step": "send",
        "answer": answer_to(page) if "安全验证：" in page else "",
    }  # fmt: skip
    return {**fields(page), **given, **more}


def opened(client: Client, monkeypatch: Any = None, query: str = "") -> str:
    """The form, as if some time were spent on it."""
    if monkeypatch is not None:
        monkeypatch.setattr(guard, "LEAST_SECONDS", 0)
    return client.get(APPLY + query).content.decode()
