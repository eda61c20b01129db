"""Errors for programs: problem documents (RFC 9457) in Chinese that name the parameter and the remedy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from django.http import HttpResponse

from gongkai.api.json_text import json_text

MEDIA_TYPE = "application/problem+json"
TITLES = {
    400: "请求参数有误",
    404: "没有这项内容",
    405: "不支持的请求方法",
    410: "该信息已撤回",
    429: "请求过于频繁",
    500: "系统繁忙",
    503: "检索服务维护中",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One parameter that cannot be used."""

    parameter: Annotated[str, "参数名称"]
    detail: Annotated[str, "有什么问题，怎样改正"]


@dataclass(frozen=True, slots=True)
class ProblemRecord:
    """What is sent."""

    type: Annotated[str, "问题类型"]
    title: Annotated[str, "问题名称"]
    status: Annotated[int, "HTTP 状态码"]
    detail: Annotated[str, "说明和处理办法"]
    errors: Annotated[tuple[Fault, ...], "有问题的参数，逐个列出"] = ()


class Problem(Exception):
    """A request that cannot be answered: its status, a sentence for people, the faulty parameters, further headers."""

    def __init__(
        self, status: int, detail: str, errors: Sequence[Fault] = (), headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = headers or {}

    def response(self) -> HttpResponse:
        """The answer; never kept by a cache, because what is wrong may be mended."""
        title = TITLES.get(self.status) or HTTPStatus(self.status).phrase
        record = ProblemRecord("about:blank", title, self.status, self.detail, self.errors)
        answer = HttpResponse(json_text(record), status=self.status, content_type=MEDIA_TYPE)
        answer["Cache-Control"] = "no-store"
        for name, value in self.headers.items():
            answer[name] = value
        return answer
