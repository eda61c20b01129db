"""Personal data in tables: the words of the head, or the label in the cell to the left, say what a cell means.

Real leaks sat in lists that were published (公示名单) and in their attachments. 《个人信息保护法》§25, §28, §31.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum

from gongkai.text.checks.masks import is_masked
from gongkai.text.checks.material import Cell, Grid
from gongkai.text.checks.personal_names import is_name
from gongkai.text.checks.personal_words import has_house_number
from gongkai.text.normalise import fold
from gongkai.text.personal_data import find_personal_data, luhn

__all__ = ["Meaning", "find_in_grid"]

_HEAD_ROWS = 6
"""A title, a unit and a two-storeyed head may stand above the data."""


class Meaning(StrEnum):
    """What a column holds."""

    IDENTITY = "identity"
    BANK = "bank"
    PHONE = "phone"
    ADDRESS = "address"
    BIRTH = "birth"
    HEALTH = "health"
    AGE = "age"
    CHILD = "child"
    NAME = "name"


_HEADS: tuple[tuple[Meaning, re.Pattern[str]], ...] = (
    (Meaning.IDENTITY, re.compile("身份证|公民身份|证件号|身份号")),
    (
        Meaning.BANK,
        re.compile("(?:银行|存折|一卡通|收款|社保卡).{0,4}(?:账号|帐号|卡号|账户号?|帐户号?)|^(?:账号|帐号|卡号)$"),
    ),
    (Meaning.PHONE, re.compile("联系电话|联系方式|手机|电话")),
    (Meaning.ADDRESS, re.compile("家庭.{0,2}(?:住址|地址)|住址|户籍.{0,3}地址?|居住地址?|^地址$")),
    (Meaning.BIRTH, re.compile("出生(?:日期|年月|时间)|生日")),
    (Meaning.HEALTH, re.compile("残疾|疾病|病种|病情|病名|诊断|伤残|患病|精神障碍|致残|健康状况")),
    (Meaning.AGE, re.compile("^(?:年龄|周岁|年龄[(].{1,4}[)])$")),
    (Meaning.CHILD, re.compile("(?:儿童|幼儿|孤儿|婴儿|未成年人|新生儿|小学生).{0,2}(?:姓名|名字)?$")),
    (
        Meaning.NAME,
        re.compile("姓名|^(?:户主|监护人|联系人|申请人|法定代表人|收款人|户名|持卡人|当事人|家长|被征收人|承租人)$"),
    ),
)
_NO_NAME = re.compile("(?:单位|项目|企业|公司|机构|学校)(?:的)?(?:名称|姓名)?$")
_NOTHING = re.compile("(?:无|否|正常|健康|良好|/|-|—|无残疾|未患病|一般|较好|好)?")
_LOST = re.compile(r"[1-9][0-9]{15,}(?:\.0+)?|[1-9](?:\.[0-9]+)?e\+?(?:1[5-9])")
_DAY = re.compile(r"(?:19|20)[0-9]{2}[年./\-]?[0-9]{1,2}(?:[月./\-](?:[0-9]{1,2}日?)?|[0-9]{2})?")
_OF_BODIES = re.compile("单位|机构|部门|企业|窗口|学校|医院|网点|名称")
_ILLNESS = re.compile(
    "尿毒症|癌|白血病|艾滋|精神分裂|抑郁症|[一二三四]级残疾|残疾[一二三四]级|重度残疾|(?:肢体|智力|视力|听力|言语|精神)残疾|"
    "糖尿病|脑梗|瘫痪|乙肝|肺结核|透析"
)
_CHILD_BELOW = 14
"""《个人信息保护法》§28: 不满十四周岁."""


def find_in_grid(text: str, grid: Grid) -> Iterator[tuple[str, Cell]]:
    """The rule (what follows `personal-data.`) and the cell, for what only the table shows.

    What the characters alone tell is found by `find_personal_data`; where both say something the surer one counts.
    """
    columns: dict[int, Meaning] = {}
    somebody = False  # in a form the name stands in another row than what is said of the person
    for number, row in enumerate(grid.rows):
        shown = [fold(text[cell.start : cell.end]).strip() for cell in row]
        meanings = [_meaning(words) for words in shown]
        if number < _HEAD_ROWS and _is_head(shown, meanings, columns):
            bodies = any(_OF_BODIES.search(words) for words, one in zip(shown, meanings, strict=True) if not one)
            columns.update(
                {p: one for p, one in enumerate(meanings) if one and not (bodies and _tight(shown[p]) == "地址")}
            )
            continue
        here = dict(columns)
        if any(meanings):  # a form: the label stands to the left of the value
            here.update({place + 1: one for place, one in enumerate(meanings) if one})
        named = any(
            one in (Meaning.NAME, Meaning.CHILD) and _are_names(shown[p]) for p, one in here.items() if p < len(shown)
        )
        somebody = named or (somebody and any(meanings))
        yield from _row(row, shown, here, meanings, somebody)


def _row(
    row: tuple[Cell, ...],
    shown: list[str],
    columns: dict[int, Meaning],
    labels: list[Meaning | None],
    named: bool,
) -> Iterator[tuple[str, Cell]]:
    for place, (cell, words) in enumerate(zip(row, shown, strict=True)):
        if cell.number and _LOST.fullmatch(words.replace(",", "")):
            yield "number-precision", cell
        meaning = columns.get(place)
        if named and meaning is None and _ILLNESS.search(words):
            yield "health", cell
        if meaning is None or labels[place] or not words or is_masked(words):
            continue
        for rule in _rules(meaning, words, named):
            yield rule, cell


def _rules(meaning: Meaning, words: str, named: bool) -> Iterator[str]:
    bare = re.sub(r"[ \-]", "", words)
    if meaning in (Meaning.NAME, Meaning.CHILD) and _are_names(words):
        yield "name"
        if meaning is Meaning.CHILD:
            yield "minor"
    elif meaning is Meaning.IDENTITY:
        if re.fullmatch("[0-9]{15}|[0-9]{17}[0-9x]", bare):
            proved = any(one.certain for one in find_personal_data(f"身份证号:{bare}"))
            yield "identity-number" if proved else "identity-number-suspected"
        elif re.fullmatch("[a-z]{1,2}[0-9]{7,10}", bare):
            yield "passport"
    elif meaning is Meaning.BANK and re.fullmatch("[0-9]{12,19}", bare):
        yield "bank-card" if luhn(bare) else "bank-card-suspected"
    elif meaning is Meaning.PHONE:
        if re.fullmatch(r"1[3-9][0-9]{9}(?:\.0)?", bare):
            yield "mobile"
        elif re.fullmatch("[2-8][0-9]{6,7}", bare):
            yield "landline"
    elif meaning is Meaning.ADDRESS and has_house_number(words):
        yield "address"
    elif meaning is Meaning.BIRTH and _DAY.fullmatch(bare if "-" not in words else words):
        yield "birth-date"
    elif meaning is Meaning.HEALTH and named and not _NOTHING.fullmatch(words):
        yield "health"
    elif meaning is Meaning.AGE and named:
        age = re.fullmatch("([0-9]{1,2})(?:周?岁)?", words)
        if age and int(age[1]) < _CHILD_BELOW:
            yield "minor"


def _are_names(words: str) -> bool:
    """Whether a cell holds a name or several (张三、李四)."""
    return all(is_name(_tight(one)) for one in re.split(r"[、,;/\n]", words.strip("、,;/")))


def _tight(words: str) -> str:
    """A name of two characters is often spread (张　三)."""
    return words.replace(" ", "")


def _meaning(words: str) -> Meaning | None:
    words = re.sub(r"\s", "", words).rstrip(":：")
    if not words or len(words) > 14 or _NO_NAME.search(words):
        return None
    return next((meaning for meaning, pattern in _HEADS if pattern.search(words)), None)


def _is_head(shown: list[str], meanings: list[Meaning | None], columns: dict[int, Meaning]) -> bool:
    """A row with a word of a head, without a value to the right of one (a form) or below one found before (data)."""
    if not any(meanings):
        return False
    if any(list(_rules(meaning, shown[place], False)) for place, meaning in columns.items() if place < len(shown)):
        return False
    beside = [words for words, left, own in zip(shown[1:], meanings, meanings[1:], strict=False) if left and not own]
    return not any(_is_value(words) for words in beside)


_COLUMN_WORDS = re.compile(
    "关系|序号|性别|年龄|民族|单位|备注|金额|级别|类别|日期|时间|地点|名称|学历|专业|岗位|职务|成绩|合计|等级|乡镇|村|项目"
)


def _is_value(words: str) -> bool:
    if re.search("[0-9]{5}", words) or is_masked(words) or _DAY.fullmatch(words) or has_house_number(words):
        return True
    return _are_names(words) and not _COLUMN_WORDS.search(words)
