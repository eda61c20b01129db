"""基层政务公开标准目录 (grassroots standard catalogue): the ten statutory columns of a row, and its 公开时限.

国办发〔2019〕54号: a catalogue states at least 公开事项的名称、内容、依据、时限、主体、方式、渠道、公开对象. The lists
in use have ten columns; their headers vary, so :func:`read_row` goes by synonyms. 公开时限 is free text;
:func:`parse_time_limit` reduces it to trigger, operator, number and unit, :func:`resolve_same_as_above` fills in 同上.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum

from gongkai.rules.vocabulary import vocabulary


@dataclass(frozen=True, slots=True)
class StandardRow:
    """One row of a catalogue; every column is text as found, blanks trimmed, empty when absent."""

    serial: str = ""
    matter_level_1: str = ""
    matter_level_2: str = ""
    content_elements: str = ""
    disclosure_basis: str = ""
    disclosure_time_limit: str = ""
    disclosing_body: str = ""
    disclosure_channel: str = ""
    """Several channels are joined by 、."""
    disclosure_target: str = ""
    disclosure_method: str = ""
    disclosure_tier: str = ""
    disclosure_field: str = ""
    """试点领域: usually the name of the sheet, not a column."""


ROW_COLUMNS: tuple[tuple[str, str], ...] = (
    ("serial", "序号"),
    ("matter_level_1", "一级事项"),
    ("matter_level_2", "二级事项"),
    ("content_elements", "公开内容（要素）"),
    ("disclosure_basis", "公开依据"),
    ("disclosure_time_limit", "公开时限"),
    ("disclosing_body", "公开主体"),
    ("disclosure_channel", "公开渠道和载体"),
    ("disclosure_target", "公开对象"),
    ("disclosure_method", "公开方式"),
    ("disclosure_tier", "公开层级"),
)
"""The columns in their official order (field, label); 公开事项 is one column of two parts, which makes ten."""

_SYNONYMS: dict[str, str] = {
    "serial": "序号 编号 seq no",
    "matter_level_1": "一级事项 公开事项一级事项 公开事项 事项 一级公开事项 事项名称 分类一级 一级 一级目录 item_l1 l1",
    "matter_level_2": "二级事项 公开事项二级事项 二级公开事项 分类二级 二级 二级目录 item_l2 l2",
    "content_elements": "公开内容要素 公开内容 内容要素 要素 内容 内容要求 公开要素 content content_requirement",
    "disclosure_basis": "公开依据 依据 法律依据 政策依据 basis",
    "disclosure_time_limit": "公开时限 时限 公开时间 时间要求 公开期限 deadline time_limit",
    "disclosing_body": "公开主体 主体 责任单位 责任主体 公开责任主体 责任部门 公开责任部门 publisher responsible",
    "disclosure_channel": "公开渠道和载体 公开渠道 渠道 公开渠道及载体 渠道和载体 公开载体 channels channel",
    "disclosure_target": "公开对象 对象 audience target",
    "disclosure_method": "公开方式 方式 公开属性 mode method",
    "disclosure_tier": "公开层级 层级 公开级别 level tier",
    "disclosure_field": "试点领域 领域 领域名称 domain field",
}
_FIELD_NAMES = frozenset(item.name for item in fields(StandardRow))
_HEADERS = {synonym: name for name, synonyms in _SYNONYMS.items() for synonym in synonyms.split()}
_HEADER_NOISE = re.compile(r"[\s（）()/、:：·\-—]+")


def field_of(header: str) -> str | None:
    """Return the field of :class:`StandardRow` a column header means, by label, synonym or English name."""
    key = header.strip().lower()
    if key in _FIELD_NAMES:
        return key
    return _HEADERS.get(_HEADER_NOISE.sub("", key)) or _HEADERS.get(key)


def read_row(mapping: Mapping[str, object]) -> StandardRow:
    """Read one row from a mapping of headers to cells.

    Unknown headers are ignored; lists are joined by 、; of boxes (■政府网站 □政府公报) the ticked are kept. Of two
    headers for the same field the first with a value counts.
    """
    values: dict[str, str] = {}
    for header, cell in mapping.items():
        name = field_of(header)
        text = _cell(cell)
        if name is not None and text and not values.get(name):
            values[name] = text
    return StandardRow(**values)


def channel_codes(text: str) -> tuple[str, ...]:
    """Return the codes of vocabulary ``disclosure_channels`` named in a 公开渠道和载体 cell, in order of mention."""
    channels = vocabulary("disclosure_channels")
    whole = channels.by_label(text)
    if whole is not None:
        return (whole.code,)
    terms = (channels.by_label(part) for part in re.split(r"[、，,；;\n]+|(?<=\S) +(?=\S)", text) if part.strip())
    return tuple(dict.fromkeys(term.code if term else "other" for term in terms))


def _cell(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        text = cell.strip()
    elif isinstance(cell, Iterable):
        text = "、".join(part for part in (_cell(item) for item in cell) if part)
    else:
        text = str(cell)
    if "■" in text or "☑" in text:
        return "、".join(part.strip(" \t\n、，,;；") for part in re.findall(r"[■☑√]\s*([^■☑√□☐]+)", text))
    return text


class Operator(StrEnum):
    """How the number of a time limit is meant."""

    WITHIN = "within"
    """not later than n units after the trigger: 20个工作日内"""
    BEFORE = "before"
    """at least n units before the trigger: 实施之日3日前"""
    PROMPT = "prompt"
    """及时"""
    REAL_TIME = "real_time"
    """实时"""
    PERMANENT = "permanent"
    """长期、永久: kept public, no deadline of its own"""
    BY_DATE = "by_date"
    """every year before a date: 每年1月31日前"""


class Unit(StrEnum):
    """Units of a time limit."""

    HOUR = "hour"
    WORKING_DAY = "working_day"
    NATURAL_DAY = "natural_day"
    MONTH = "month"
    YEAR = "year"


class Trigger(StrEnum):
    """What the time limit counts from."""

    FORMED_OR_CHANGED = "formed_or_changed"
    """信息形成或者变更之日 (《条例》§26); also when the text names none."""
    MADE_OR_OBTAINED = "made_or_obtained"
    """制定（制作）或者获取之日"""
    APPROVED = "approved"
    """批准、批复之日"""
    DECIDED = "decided"
    """作出决定之日"""
    EFFECTIVE = "effective"
    """实施、施行、生效之日"""
    YEARLY = "yearly"
    """a fixed date every year"""


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """公开时限 in a form that can be computed with."""

    trigger: Trigger
    op: Operator
    n: int | None = None
    """Number of ``unit``; ``None`` for 及时, 实时, 长期."""
    unit: Unit | None = None
    period_min: int | None = None
    """Shortest time it must stay public (公告期限、公示期), in ``period_unit``."""
    period_unit: Unit | None = None
    month_day: tuple[int, int] | None = None
    """For ``BY_DATE``: month and day."""
    text: str = ""
    """The wording it was read from."""


_CHINESE_NUMBERS = {char: value for value, char in enumerate("零一二三四五六七八九十")} | {"两": 2}
_N = r"(?P<n>\d+|[一二三四五六七八九十两]{1,3})"
_UNIT = r"(?P<unit>个?工作日|个?自然日|个?小时|个?月|日|天|年)"
_PERIOD = re.compile(rf"(?:公告|公示)(?:期限?|时间)(?:为|应当)?(?:不得?少于|不低于|至少)?\s*{_N}\s*个?{_UNIT}?")
_BY_DATE = re.compile(r"(?:每年|次年|当年)?\s*(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*日\s*(?:之?前|以前)")
_WITHIN_TODAY = re.compile(r"当[日天]|即日")
_BEFORE = re.compile(rf"{_N}\s*{_UNIT}\s*(?:之前|以前|前)")
_IN_ADVANCE = re.compile(rf"提前\s*{_N}\s*{_UNIT}")
_WITHIN = re.compile(rf"{_N}\s*{_UNIT}\s*(?:以内|之内|内)?")
_WORDS = (
    ("实时", Operator.REAL_TIME),
    ("及时", Operator.PROMPT),
    ("长期", Operator.PERMANENT),
    ("永久", Operator.PERMANENT),
)
_SAME = re.compile(r"同上|〃|″")
_TRIGGERS = (
    (Trigger.EFFECTIVE, re.compile(r"(?:实施|施行|生效)(?:之日|前|[\d一二三四五六七八九十])")),
    (Trigger.APPROVED, re.compile(r"批准|批复")),
    (Trigger.DECIDED, re.compile(r"决定[^。]{0,6}之日|作出")),
    (Trigger.MADE_OR_OBTAINED, re.compile(r"(?:制定|制作|制发|印发)[^。]{0,4}(?:获取|之日|后)|获取")),
)


def same_as_above(text: str) -> bool:
    """Whether a cell only says 同上."""
    return _SAME.fullmatch(text.strip()) is not None


def parse_time_limit(text: str) -> TimeLimit | None:
    """Read a 公开时限 cell; ``None`` when it is empty, says 同上, or names no limit that is understood."""
    squeezed = re.sub(r"[\s（）()]+", "", text)
    if not squeezed or same_as_above(squeezed):
        return None
    period = _PERIOD.search(squeezed)
    rest = squeezed.replace(period.group(), "", 1) if period else squeezed
    limit = _limit(rest)
    if limit is None and period is None:
        return None
    limit = limit or TimeLimit(Trigger.FORMED_OR_CHANGED, Operator.PROMPT)
    if period is not None:
        unit = _unit(period["unit"]) if period["unit"] else Unit.NATURAL_DAY
        limit = replace(limit, period_min=_count(period["n"]), period_unit=unit)
    return replace(limit, text=text.strip())


def resolve_same_as_above(cells: Iterable[str]) -> list[TimeLimit | None]:
    """Read a whole column from top to bottom; 同上 takes the limit of the cell above it."""
    limits: list[TimeLimit | None] = []
    for cell in cells:
        limits.append(limits[-1] if limits and same_as_above(cell) else parse_time_limit(cell))
    return limits


def _limit(text: str) -> TimeLimit | None:
    trigger = next((kind for kind, pattern in _TRIGGERS if pattern.search(text)), Trigger.FORMED_OR_CHANGED)
    if match := _BY_DATE.search(text):
        month, day = int(match["month"]), int(match["day"])
        valid = 1 <= month <= 12 and 1 <= day <= monthrange(2024, month)[1]
        return TimeLimit(Trigger.YEARLY, Operator.BY_DATE, month_day=(month, day)) if valid else None
    if match := _IN_ADVANCE.search(text) or _BEFORE.search(text):
        return TimeLimit(Trigger.EFFECTIVE, Operator.BEFORE, _count(match["n"]), _unit(match["unit"]))
    if match := _WITHIN.search(text):
        return TimeLimit(trigger, Operator.WITHIN, _count(match["n"]), _unit(match["unit"]))
    if _WITHIN_TODAY.search(text):
        return TimeLimit(trigger, Operator.WITHIN, 0, Unit.NATURAL_DAY)
    op = next((op for word, op in _WORDS if word in text), None)
    return TimeLimit(trigger, op) if op else None


def _unit(text: str) -> Unit:
    """日 without 工作 is a natural day (rules of the sectors: 预算法 §14 and others)."""
    if "工作日" in text:
        return Unit.WORKING_DAY
    return {"时": Unit.HOUR, "月": Unit.MONTH, "年": Unit.YEAR}.get(text[-1], Unit.NATURAL_DAY)


def _count(text: str) -> int:
    if text.isdigit():
        return int(text)
    tens, _, ones = text.rpartition("十")
    if "十" not in text:
        return _CHINESE_NUMBERS[text[-1]]
    return (_CHINESE_NUMBERS[tens] if tens else 1) * 10 + (_CHINESE_NUMBERS[ones] if ones else 0)
