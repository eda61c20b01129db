"""Reading single cells: amounts, areas, counts, days, identity and account numbers. What is wrong is said with its remedy."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from gongkai.rules.table_kinds import TableColumn, ValueType
from gongkai.text.checks.masks import is_masked
from gongkai.text.dates import parse_date
from gongkai.text.normalise import fold
from gongkai.text.personal_data import identity_check_digit, luhn
from gongkai.text.tables.cells import SourceCell

__all__ = ["Fault", "Value", "read_value"]

ONE = Decimal(1)
MOST_AMOUNT = Decimal(10) ** 11
DIGITS_KEPT = 15
"""Digits of a number that a spreadsheet keeps exactly."""
LONGEST = 200
_SEPARATORS = re.compile(r"[\s,，￥¥元亩整]")
_PLACES = {ValueType.AMOUNT: 2, ValueType.AREA: 4, ValueType.COUNT: 0}
_MONTH = re.compile(r"((?:19|20)[0-9]{2})[-./年]?(0?[1-9]|1[0-2])月?")
_COUNTED = re.compile(r"(?:人|户|台|套|月|个月|个|岁|周岁|只|头|项)$")
_PHONE = re.compile(r"1[3-9][0-9]{9}|(?:0[0-9]{2,3})?[2-8][0-9]{6,7}")
_REGION = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
_LOST = "在表格中以数字格式存放，第 15 位以后已经丢失。请将该列设为“文本”格式后重新填写（不能只改格式），再上传。"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a cell. `serious` faults have to be mended in the file; others may be right and are to be looked at."""

    code: str
    message: str
    """A Chinese sentence with the remedy; it never repeats what is personal."""
    serious: bool = True


@dataclass(frozen=True, slots=True)
class Value:
    """A cell as it was understood: its text as it will be shown (before masking), and its figure where it has one."""

    text: str
    figure: Decimal | None = None
    faults: tuple[Fault, ...] = ()


def read_value(cell: SourceCell, column: TableColumn, factor: Decimal = ONE) -> Value:
    """Understand `cell` as one of `column`; `factor` is how many 元 or 亩 one of the file's units is."""
    if cell.error:
        return Value("", faults=(Fault("error", f"单元格是公式错误（{cell.text}）。请改正公式或者直接填写结果。"),))
    if cell.unsolved:
        message = "单元格是公式，文件中没有保存计算结果。请用 WPS/Excel 打开后保存一次，或者将公式粘贴为数值。"
        return Value("", faults=(Fault("formula", message),))
    text = cell.text.strip()
    if not text or (text in ("-", "—", "/", "无") and not column.required):
        return _missing(column)
    if column.type.is_figure:
        return _figure(text, column, factor)
    if column.type in (ValueType.IDENTITY, ValueType.ACCOUNT):
        return _number_of_person(cell, text, column)
    if column.type is ValueType.DATE:
        return _date(text)
    if column.type is ValueType.PHONE:
        return _phone(text)
    return _words(text, column)


_QUOTABLE = re.compile(r"[-+0-9.,%年月日/ ]{1,16}")


def _quoted(text: str) -> str:
    """The cell in quotation marks when it can be nobody's name or number: a column may have been taken for another."""
    return f"“{text}”" if _QUOTABLE.fullmatch(text) and not re.search("[0-9]{7}", text) else ""


def _missing(column: TableColumn) -> Value:
    if not column.required:
        return Value("")
    return Value("", faults=(Fault("empty", f"{column.label}没有填写。请补充；整行无效的请删除该行。"),))


def _figure(text: str, column: TableColumn, factor: Decimal) -> Value:
    plain = text if text.isascii() and "," not in text else _SEPARATORS.sub("", fold(text))
    if column.type is ValueType.COUNT:
        plain = _COUNTED.sub("", plain)
    try:
        figure = Decimal(plain) * factor
    except InvalidOperation:
        message = f"{column.label}{_quoted(text)}不是数字。请只填写数字，单位写在表头。"
        return Value(text[:LONGEST], faults=(Fault("figure", message),))
    if not figure.is_finite() or abs(figure) >= MOST_AMOUNT:
        return Value(text[:LONGEST], faults=(Fault("figure", f"{column.label}过大，请核对是否错列。"),))
    faults = []
    if figure < 0:
        faults.append(Fault("negative", f"{column.label}为负数。追回、扣减的款项请不要列入发放表。"))
    places = _PLACES[column.type]
    rounded = round(figure, places)
    if abs(rounded - figure) > Decimal("0.000001"):
        where = f"超过 {places} 位小数" if places else "不是整数"
        faults.append(Fault("decimals", f"{column.label}{_quoted(text)}{where}。请四舍五入后填写实际发放数。"))
    return Value(written(rounded, column.type), rounded, tuple(faults))


def written(figure: Decimal, kind: ValueType) -> str:
    """A figure as tables show it: 1,234.50, areas without idle zeros."""
    if kind is ValueType.AMOUNT:
        return f"{figure:,.2f}"
    text = f"{figure:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _number_of_person(cell: SourceCell, text: str, column: TableColumn) -> Value:
    bare = text if text.isalnum() and text.isascii() else re.sub(r"[\s\-]", "", fold(text))
    bare = bare.upper()
    if is_masked(text):
        return Value(bare)  # by whoever made the file; `masking` sees whether it is enough
    if (cell.number and len(re.sub(r"\D", "", bare)) > DIGITS_KEPT) or re.search(r"[0-9]E\+?[0-9]", bare):
        return Value("", faults=(Fault("precision", f"{column.label}{_LOST}"),))
    if column.type is ValueType.ACCOUNT:
        return Value(bare, faults=tuple(_account_faults(bare, column.label)))
    if column.code == "identity":
        return Value(bare, faults=tuple(_identity_faults(bare, column.label)))
    return Value(bare)


def _identity_faults(bare: str, label: str) -> list[Fault]:
    """GB 11643: 18 characters with region, birth and check character, or the 15 digits of old."""
    if not re.fullmatch("[0-9]{17}[0-9X]|[0-9]{15}", bare):
        message = f"{label}应为 18 位（现有 {len(bare)} 位或者含有其他字符）。请核对后改正。"
        return [Fault("identity", message)]
    born = bare[6:14] if len(bare) == 18 else f"19{bare[6:12]}"
    if not _REGION.match(bare) or not _is_day(born):
        return [Fault("identity", f"{label}中的地区码或者出生日期不存在。请核对后改正。")]
    if len(bare) == 18 and identity_check_digit(bare[:17]).upper() != bare[17]:
        return [Fault("identity_check", f"{label}的校验码不符，多半有一位录错。请对照证件核对。", serious=False)]
    return []


def _is_day(digits: str) -> bool:
    try:
        return 1850 <= date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year <= 2100
    except ValueError:
        return False


def _account_faults(bare: str, label: str) -> list[Fault]:
    if not re.fullmatch("[0-9]{8,30}", bare):
        return [Fault("account", f"{label}应为 8 至 30 位数字。请核对后改正。", serious=False)]
    if len(bare) in (16, 19) and bare.startswith("62") and not luhn(bare):
        return [Fault("account_check", f"{label}的校验位不符，多半有一位录错。请核对。", serious=False)]
    return []


def _date(text: str) -> Value:
    day = parse_date(text)
    if day is not None:
        return Value(day.isoformat())
    month = _MONTH.fullmatch(fold(text))
    if month:
        return Value(f"{month[1]}-{int(month[2]):02d}")
    message = f"{_quoted(text)}不是日期。请写成 2026-01-29、2026年1月29日或者 2026年1月。"
    return Value(text[:LONGEST], faults=(Fault("date", message),))


def _phone(text: str) -> Value:
    bare = re.sub(r"[\s\-]", "", fold(text)).removesuffix(".0")
    if is_masked(text) or _PHONE.fullmatch(bare):
        return Value(bare)
    return Value(bare[:LONGEST], faults=(Fault("phone", "联系电话不是手机号或者固定电话，请核对。", serious=False),))


def _words(text: str, column: TableColumn) -> Value:
    if len(text) > LONGEST:
        return Value(text[:LONGEST], faults=(Fault("long", f"{column.label}超过 {LONGEST} 个字，请精简。"),))
    if column.type is ValueType.NAME:
        bare = text.replace(" ", "")
        text = bare if not bare.isascii() else text
        if re.search("[0-9０-９]", text):
            return Value(text, faults=(Fault("name", f"{column.label}中有数字，请核对是否错列。", serious=False),))
    return Value(text)
