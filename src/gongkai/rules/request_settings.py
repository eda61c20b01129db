"""Settings of 依申请公开: what the law leaves open or leaves to the place, each with its question, its default and the note it rests on.

The rows stand in ``data/request_settings.toml``; an administrator overrides the file. Nothing that is open in law is decided by an ``if`` in the code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gongkai.rules.vocabulary import VocabularyError, cached_data, data_file, read_toml

Value = str | int | bool


@dataclass(frozen=True, slots=True)
class RequestSetting:
    """One setting."""

    code: str
    question: str
    """What is decided by it, in Chinese."""
    value: Value
    note: str
    """The article and what follows from it."""
    choices: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Values it may have, with their meaning in Chinese; empty: any of the type."""
    unit: str = ""

    @property
    def shown(self) -> str:
        """The value in Chinese."""
        if isinstance(self.value, bool):
            return "是" if self.value else "否"
        if isinstance(self.value, int):
            return f"{self.value} {self.unit}".strip()
        return self.choices.get(self.value, self.value) or "未填写"


def request_settings() -> Mapping[str, RequestSetting]:
    """All settings by code, in order. Raises `VocabularyError` when the data file is faulty."""
    return _load("request_settings")


def text_setting(code: str) -> str:
    """The value of a setting that is a text. Raises `KeyError` for an unknown one, `TypeError` for one of another type."""
    value = request_settings()[code].value
    if not isinstance(value, str):
        raise TypeError(f"{code} is not a text")
    return value


def number_setting(code: str) -> int:
    """The value of a setting that is a whole number. Raises as `text_setting`."""
    value = request_settings()[code].value
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{code} is not a number")
    return value


def switch_setting(code: str) -> bool:
    """The value of a setting that is yes or no. Raises as `text_setting`."""
    value = request_settings()[code].value
    if not isinstance(value, bool):
        raise TypeError(f"{code} is not a switch")
    return value


@cached_data
def _load(name: str) -> Mapping[str, RequestSetting]:
    path = data_file(name)
    rows = read_toml(path).get("settings")
    if not isinstance(rows, list) or not rows:
        raise VocabularyError(f"{path.name}：没有任何 [[settings]]。")
    found: dict[str, RequestSetting] = {}
    for position, row in enumerate(rows, start=1):
        where = f"{path.name}：第{position}项设置"
        try:
            setting = RequestSetting(
                row["code"], row["question"], row["default"], row["note"], row.get("choices", {}), row.get("unit", "")
            )
        except (AttributeError, KeyError, TypeError) as error:
            raise VocabularyError(f"{where}缺少 {error}。") from error
        if setting.code in found or not isinstance(setting.value, (str, int)) or not setting.note:
            raise VocabularyError(f"{where}“{setting.code}”重复、没有说明，或者默认值不是文字、整数、是否。")
        if setting.choices and setting.value not in setting.choices:
            raise VocabularyError(f"{where}“{setting.code}”的默认值不在 choices 之中。")
        if isinstance(setting.value, int) and setting.value < 0:
            raise VocabularyError(f"{where}“{setting.code}”不能是负数。")
        found[setting.code] = setting
    return found
