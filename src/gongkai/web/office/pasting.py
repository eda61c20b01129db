"""The clipboard of the editor: markup of Word, WPS and web pages comes here and goes back simple, with its pictures."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase

from gongkai.organisations.selectors import bodies_where
from gongkai.rules.access import Action, Actor, Subject, can
from gongkai.rules.reasons import Refused
from gongkai.web.office.pages import office_page

MOST_BYTES = 60 * 1024 * 1024
"""Of one part of the clipboard; RTF has two digits for every byte of a picture."""


@office_page("POST")
def paste(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Files ``html`` and perhaps ``rtf`` → ``{"html": …, "notes": [sentence, …]}``. Nothing is stored."""
    if bodies_where(actor, Action.CREATE) == frozenset():
        raise Refused(can(actor, Action.CREATE, Subject(None)).reasons)
    from gongkai.text.pasting import paste as clean  # here: a large library that most requests do not need

    pasted = clean(_text(request.FILES.get("html")), _text(request.FILES.get("rtf")))
    notes = []
    if pasted.lost:
        notes.append(f"有 {pasted.lost} 张图片没有随文字粘贴过来，请使用“从 Word 导入”，或者单独插入图片。")
    if pasted.external:
        notes.append(f"有 {pasted.external} 张其他网站的图片未保留，请保存到本机后单独插入。")
    return JsonResponse({"html": pasted.html, "notes": notes})


def _text(file: UploadedFile | None) -> str:
    if file is None or (file.size or 0) > MOST_BYTES:
        return ""
    return file.read().decode("utf-8", "replace")
