"""JSON schemas (2020-12, as OpenAPI 3.1 has them) of records, read from the annotations of their dataclasses.

A record is declared once; what is sent and what is documented cannot differ. `Annotated[type, "说明"]` carries the description.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

Schema = dict[str, Any]
_PLAIN: Mapping[type, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
}


def schema_of(annotation: Any, components: dict[str, Schema]) -> Schema:
    """The schema of a type; records go into `components` by name and are referred to. Raises `TypeError` for what has none."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return {**schema_of(arguments[0], components), "description": arguments[1]}
    if origin in (Union, types.UnionType):
        return _or_null([one for one in arguments if one is not type(None)], components)
    if origin is tuple:
        return {"type": "array", "items": schema_of(arguments[0], components)}
    if annotation in _PLAIN:
        return dict(_PLAIN[annotation])
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return {"type": "string", "enum": [member.value for member in annotation]}
    if is_dataclass(annotation) and isinstance(annotation, type):
        return _reference(annotation, components)
    raise TypeError(f"no schema for {annotation!r}")


def _or_null(choices: list[Any], components: dict[str, Schema]) -> Schema:
    (only,) = choices
    schema = schema_of(only, components)
    if "$ref" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    return {**schema, "type": [schema["type"], "null"]}


def _reference(record: type, components: dict[str, Schema]) -> Schema:
    name = record.__name__
    if name not in components:
        components[name] = {}  # stands there already while its own fields are read, for records that hold themselves
        hints = get_type_hints(record, include_extras=True)
        members = fields(record)
        components[name] = {
            "type": "object",
            "description": (record.__doc__ or "").strip().splitlines()[0],
            "properties": {field.name: schema_of(hints[field.name], components) for field in members},
            "required": [field.name for field in members],
        }
    return {"$ref": f"#/components/schemas/{name}"}
