"""Parameters of the API: declared once, read strictly, documented from the same declaration.

Pages forgive nonsense in a query string; programs are told. An unknown or faulty parameter is a problem that names it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import Any

from django.http import QueryDict

from gongkai.api.problems import Fault, Problem

MOST_VALUES = 20
"""Values of one repeated parameter."""
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,17}")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a query string (or, with `in_path`, of the address)."""

    name: str
    description: str
    schema: Callable[[], Mapping[str, Any]]
    """JSON schema of one value; asked late, because vocabularies may be replaced by the administrator."""
    read: Callable[[str], Any]
    """The value of a text; raises `ValueError` with a Chinese sentence that says what is allowed."""
    many: bool = False
    default: Any = None
    example: str = ""
    in_path: bool = field(default=False)


def read_all(parameters: Sequence[Parameter], given: QueryDict) -> dict[str, Any]:
    """The values by name; defaults where nothing was given. Raises `Problem` (400) with every fault."""
    known = {parameter.name: parameter for parameter in parameters if not parameter.in_path}
    faults = [Fault(name[:80], _unknown(name, known)) for name in given if name not in known]
    values: dict[str, Any] = {}
    for name, parameter in known.items():
        texts = given.getlist(name)
        try:
            values[name] = _value(parameter, texts) if texts else parameter.default
        except ValueError as error:
            faults.append(Fault(name, str(error)))
    if faults:
        raise Problem(400, "；".join(f"{fault.parameter}：{fault.detail}" for fault in faults[:5]), faults)
    return values


def _value(parameter: Parameter, texts: Sequence[str]) -> Any:
    if parameter.many:
        if len(texts) > MOST_VALUES:
            raise ValueError(f"最多可以给出 {MOST_VALUES} 个值，请减少。")
        return tuple(dict.fromkeys(parameter.read(text) for text in texts))
    if len(texts) > 1:
        raise ValueError("只能给出一个值，请去掉重复的参数。")
    return parameter.read(texts[0])


def _unknown(name: str, known: Mapping[str, Parameter]) -> str:
    close = get_close_matches(name, known, 1)
    hint = f"是否为 {close[0]}？" if close else ""
    return f"没有这个参数。{hint}可用的参数：{'、'.join(known) or '无'}。"


# --- kinds of values ---------------------------------------------------------------------------------------------------
def choice(
    name: str, description: str, values: Callable[[], Sequence[str]], *, many: bool = False, **more: Any
) -> Parameter:
    """One of a list of codes."""

    def read(text: str) -> str:
        allowed = values()
        if text not in allowed:
            close = get_close_matches(text, allowed, 1)
            shown = "、".join(allowed[:12]) + (" 等，见词表" if len(allowed) > 12 else "")
            raise ValueError(f"没有这个取值。{f'是否为 {close[0]}？' if close else ''}可用的取值：{shown}。")
        return text

    return Parameter(name, description, lambda: {"type": "string", "enum": list(values())}, read, many, **more)


def whole_number(name: str, description: str, first: int, last: int, **more: Any) -> Parameter:
    """A whole number from `first` to `last`."""

    def read(text: str) -> int:
        if not _NUMBER.fullmatch(text) or not first <= int(text) <= last:
            raise ValueError(f"应当是 {first} 至 {last} 的整数。")
        return int(text)

    return Parameter(name, description, lambda: {"type": "integer", "minimum": first, "maximum": last}, read, **more)


def day(name: str, description: str, **more: Any) -> Parameter:
    """A day, written 2026-01-29."""

    def read(text: str) -> date:
        if _DAY.fullmatch(text):
            try:
                return date.fromisoformat(text)
            except ValueError:
                pass
        raise ValueError("应当是日期，格式为 2026-01-29。")

    return Parameter(name, description, lambda: {"type": "string", "format": "date"}, read, **more)


def flag(name: str, description: str, **more: Any) -> Parameter:
    """True or false."""

    def read(text: str) -> bool:
        if text not in ("true", "false"):
            raise ValueError("应当是 true 或者 false。")
        return text == "true"

    return Parameter(name, description, lambda: {"type": "boolean"}, read, **more)


def text(name: str, description: str, longest: int, *, shortest: int = 0, **more: Any) -> Parameter:
    """Words, up to `longest` characters."""

    def read(given: str) -> str:
        if not shortest <= len(given) <= longest:
            raise ValueError(f"应当有 {shortest} 至 {longest} 个字符，现有 {len(given)} 个。")
        return given

    schema = {"type": "string", "maxLength": longest, **({"minLength": shortest} if shortest else {})}
    return Parameter(name, description, lambda: schema, read, **more)


def pattern(name: str, description: str, expression: str, wanted: str, **more: Any) -> Parameter:
    """Text of a given form; `wanted` says in Chinese which."""
    compiled = re.compile(expression)

    def read(given: str) -> str:
        if not compiled.fullmatch(given):
            raise ValueError(f"应当是{wanted}。")
        return given

    return Parameter(name, description, lambda: {"type": "string", "pattern": f"^({expression})$"}, read, **more)
