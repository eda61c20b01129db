"""The OpenAPI 3.1 document of API v1, made from the declarations of the endpoints."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from gongkai import __version__
from gongkai.api.endpoints import ENDPOINTS, Endpoint
from gongkai.api.parameters import MOST_VALUES, Parameter
from gongkai.api.problems import MEDIA_TYPE, TITLES, ProblemRecord
from gongkai.api.schemas import Schema, schema_of
from gongkai.web.shared.templating import absolute, site

PREFIX = "/api/v1/"
ALWAYS = (400, 429, 500, 503)
"""Statuses any address may answer with."""
_HEADERS = {
    "Access-Control-Allow-Origin": {
        "description": "其他网站的脚本可以读取",
        "schema": {"type": "string", "const": "*"},
    },
}


def openapi() -> dict[str, Any]:
    """The whole document."""
    components: dict[str, Schema] = {}
    paths = {path_of(endpoint): {"get": _operation(endpoint, components)} for endpoint in ENDPOINTS}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{site().name} 数据接口",
            "version": __version__,
            "description": "只读，不需要密钥，只提供已经公开的信息。说明见 " + absolute(PREFIX),
        },
        "servers": [{"url": site().url}],
        "paths": paths,
        "components": {"schemas": components},
    }


def path_of(endpoint: Endpoint) -> str:
    """The address of an endpoint in the notation of OpenAPI."""
    return PREFIX + endpoint.route.replace("<str:", "{").replace(">", "}")


def _operation(endpoint: Endpoint, components: dict[str, Schema]) -> dict[str, Any]:
    problem = {MEDIA_TYPE: {"schema": schema_of(ProblemRecord, components)}}
    answers: dict[str, Any] = {
        "200": {
            "description": endpoint.title,
            "headers": _HEADERS,
            "content": {"application/json": {"schema": schema_of(endpoint.record, components)}},
        }
    }
    for status in sorted({*ALWAYS, *endpoint.problems}):
        answers[str(status)] = {"description": TITLES[status], "headers": _HEADERS, "content": problem}
    return {
        "operationId": endpoint.name,
        "summary": endpoint.title,
        "description": endpoint.description,
        "parameters": [_parameter(parameter) for parameter in endpoint.parameters],
        "responses": answers,
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    schema = dict(parameter.schema())
    if parameter.default is not None:
        schema["default"] = parameter.default
    if parameter.many:
        schema = {"type": "array", "items": schema, "minItems": 1, "maxItems": MOST_VALUES}
    declared: dict[str, Any] = {
        "name": parameter.name,
        "in": "path" if parameter.in_path else "query",
        "required": parameter.in_path,
        "description": parameter.description,
        "schema": schema,
    }
    with suppress(ValueError):  # an administrator's own vocabulary need not have the code of the example
        if parameter.example:
            value = parameter.read(parameter.example)
            example = value if isinstance(value, (bool, int)) else parameter.example
            declared["example"] = [example] if parameter.many else example
    return declared
