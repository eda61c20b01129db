"""The views of API v1: one function serves every endpoint; beside it the OpenAPI document and the page for people."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.template.loader import get_template
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_safe

from gongkai.api.endpoints import ENDPOINTS, Endpoint, Question
from gongkai.api.exports import WEIGHT
from gongkai.api.json_text import json_text
from gongkai.api.openapi import PREFIX, openapi
from gongkai.api.parameters import read_all
from gongkai.api.problems import Fault, Problem
from gongkai.api.schemas import schema_of
from gongkai.api.serving import machine
from gongkai.web.portal.columns import column_of


def view_of(endpoint: Endpoint) -> Callable[..., HttpResponseBase]:
    """The view that answers an endpoint."""
    return machine()(partial(_serve, endpoint=endpoint))


def _serve(request: HttpRequest, endpoint: Endpoint, **address: str) -> HttpResponse:
    values = {**_path_values(endpoint, address), **read_all(endpoint.parameters, request.GET)}
    return HttpResponse(json_text(endpoint.answer(Question(request, values))), content_type="application/json")


def _path_values(endpoint: Endpoint, address: dict[str, str]) -> dict[str, Any]:
    known = {parameter.name: parameter for parameter in endpoint.parameters if parameter.in_path}
    values: dict[str, Any] = {}
    for name, text in address.items():
        try:
            values[name] = known[name].read(text)
        except ValueError as error:
            raise Problem(404, f"网址中的 {name}：{error}", [Fault(name, str(error))]) from error
    return values


@machine()
def openapi_document(request: HttpRequest) -> HttpResponse:
    """The description of the API for programs."""
    read_all((), request.GET)
    return HttpResponse(json_text(openapi()), content_type="application/json")


@machine()
def unknown(request: HttpRequest, rest: str = "") -> HttpResponse:
    """An address below `/api/` that is none; one that lacks its final stroke gets it."""
    address = f"{request.path}/"
    if not rest.endswith("/"):
        try:
            known = resolve(address).view_name not in ("api:unknown", None)
        except Resolver404:
            known = False
        if known:
            query = request.META.get("QUERY_STRING", "")
            return HttpResponsePermanentRedirect(f"{address}{'?' if query else ''}{query}")
    raise Http404


@require_safe
def documentation(request: HttpRequest) -> HttpResponse:
    """What the API, the feeds and the exports offer, for people."""
    components: dict[str, dict[str, Any]] = {}
    for endpoint in ENDPOINTS:
        schema_of(endpoint.record, components)
    context = {
        "title": "数据接口",
        "section": "api",
        "column": column_of("数据接口", "api"),
        "prefix": PREFIX,
        "endpoints": ENDPOINTS,
        "records": components,
        "record_name": lambda endpoint: endpoint.record.__name__,
        "type_name": _type_name,
        "rate": settings.GONGKAI_API_RATE,
        "export_weight": WEIGHT,
    }
    return HttpResponse(get_template("api/documentation.html").render(context, request))


_TYPE_NAMES = {"string": "文字", "integer": "整数", "boolean": "是否", "array": "列表", "null": "空"}
_FORMAT_NAMES = {"date": "日期", "date-time": "时间"}


def _type_name(schema: dict[str, Any]) -> tuple[str, str]:
    """What a field holds, in words, and the record it refers to (empty when none)."""
    if "anyOf" in schema:
        words, record = _type_name(schema["anyOf"][0])
        return f"{words}，可以为空", record
    if "$ref" in schema:
        return "", schema["$ref"].rpartition("/")[2]
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if kinds[0] == "array":
        words, record = _type_name(schema["items"])
        return (f"{words}列表" if words else "列表，各项为"), record
    words = _FORMAT_NAMES.get(schema.get("format", ""), _TYPE_NAMES[kinds[0]])
    return (f"{words}，可以为空" if "null" in kinds else words), ""
