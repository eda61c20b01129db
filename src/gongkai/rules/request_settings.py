"""Settings of 依申请公开: what the law leaves open or leaves to the place, each with its question, its default and the note it rests on.

The rows stand in ``data/request_settings.toml``; an administrator overrides the file. Nothing that is open in law is decided by an ``if`` in the code.
What each body settles for itself (`body_settings`) is explained in the same file; its values are kept by `gongkai.foi.body_settings`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from gongkai.rules.reasons import Reason
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


# --- what a body settles for itself -------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class BodySetting:
    """One setting that each body may fill in; left open, `inherits` counts."""

    code: str
    label: str
    meaning: str
    """What it does, in Chinese."""
    source: str
    """The article it rests on."""
    inherits: str
    """What counts where the body has filled in nothing, in Chinese."""


BODY_SETTINGS = ("mark", "reconsideration_organ", "court", "online_reconsideration", "fee_enabled", "fee_account")
"""Codes of the settings of a body, in the order of the page."""


def body_settings() -> Mapping[str, BodySetting]:
    """The settings of a body by code. Raises `VocabularyError` when the data file does not explain exactly `BODY_SETTINGS`."""
    return _load_body_settings("request_settings")


_MARK = re.compile(r"[\u3400-\u9fff]{1,10}")


def body_setting_reasons(values: Mapping[str, Value], body_name: str) -> list[Reason]:
    """Why a body must not settle these values, all at once; empty when it may.

    GB/T 9704-2012 7.2.5 (the mark), 《行政复议法》§24 (nobody reviews his own acts), 《行政诉讼法》§15, 国办函〔2020〕109号 §6 (how to pay).
    """
    mark, organ, court = (str(values[code]).strip() for code in ("mark", "reconsideration_organ", "court"))
    reasons = []
    if mark and not _MARK.fullmatch(mark):
        message = "机关代字只能是 1 至 10 个汉字，不带年份、括号和序号，如“谯教”。"
        reasons.append(Reason("mark", message, "GB/T 9704—2012", "mark"))
    if organ and organ == body_name:
        message = "行政复议机关不能是作出答复的本机关，请填写受理复议的机关全称，或者留空。"
        reasons.append(Reason("own_organ", message, "《行政复议法》§24", "reconsideration_organ"))
    if court and not court.endswith("法院"):
        message = "管辖法院应当写人民法院全称，如“示例市示例区人民法院”；不能确定的留空。"
        reasons.append(Reason("court", message, "《行政诉讼法》§15", "court"))
    if values["fee_enabled"] and not str(values["fee_account"]).strip():
        message = "收取信息处理费的，请填写缴纳方式；收费通知必须写明。"
        reasons.append(Reason("fee_account", message, "国办函〔2020〕109号", "fee_account"))
    return reasons


@cached_data
def _load_body_settings(name: str) -> Mapping[str, BodySetting]:
    path = data_file(name)
    rows = read_toml(path).get("body_settings")
    try:
        found = {row["code"]: BodySetting(**row) for row in (rows if isinstance(rows, list) else ())}
    except (KeyError, TypeError) as error:
        raise VocabularyError(f"{path.name}：[[body_settings]] 有误：{error}。") from error
    if tuple(found) != BODY_SETTINGS or not all(one.meaning and one.source for one in found.values()):
        raise VocabularyError(f"{path.name}：[[body_settings]] 应当依次说明 {'、'.join(BODY_SETTINGS)}。")
    return found


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
