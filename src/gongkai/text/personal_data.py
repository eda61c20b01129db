"""Personal data in running text: identity numbers, mobiles, landlines, bank cards, e-mail addresses, number plates.

`find_personal_data` says where they stand and how sure it is; what is then done (refuse, mask, ask a person) is not decided
here. A number is *certain* when its own check digit, or its form together with the word in front of it, proves it; otherwise
it is *suspected*, which is to be shown to a person and never masked silently. 个人信息保护法 §28; 国办 2018 要点 (去标识化).

Names are not looked for: nothing in the characters of a name tells it from other words.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gongkai.text.normalise import Folded, fold_aligned


class PersonalDataKind(StrEnum):
    """What was found."""

    IDENTITY_NUMBER = "identity_number"
    MOBILE = "mobile"
    LANDLINE = "landline"
    BANK_CARD = "bank_card"
    EMAIL = "email"
    PLATE = "plate"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return _LABELS[self]


_LABELS = {
    PersonalDataKind.IDENTITY_NUMBER: "身份证号",
    PersonalDataKind.MOBILE: "手机号",
    PersonalDataKind.LANDLINE: "固定电话",
    PersonalDataKind.BANK_CARD: "银行卡号",
    PersonalDataKind.EMAIL: "电子邮箱",
    PersonalDataKind.PLATE: "车牌号",
}


@dataclass(frozen=True, slots=True)
class PersonalData:
    """One finding: ``original[start:end]`` is ``text``."""

    kind: PersonalDataKind
    start: int
    end: int
    text: str
    certain: bool
    """False: looks like it, but the check digit fails or nothing else speaks for it."""


def find_personal_data(text: str) -> list[PersonalData]:
    """Return what is personal in ``text``, in order and without overlap.

    Full-width and circled digits, digits written out in characters (一三八…) and the usual grouping by blanks and hyphens are
    read through. Where two kinds fit the same characters the surer one is kept, then the one named first in the enumeration.
    """
    folded = fold_aligned(text)
    plain = _SPELT.sub(lambda run: run.group().translate(_SPELT_DIGITS), folded.text)
    found = sorted(_candidates(plain), key=lambda one: (not one.certain, _ORDER[one.kind], one.start))
    kept: list[_Candidate] = []
    for one in found:
        place = bisect_right(kept, one.start, key=lambda other: other.start)
        if (place and kept[place - 1].end > one.start) or (place < len(kept) and kept[place].start < one.end):
            continue
        kept.insert(place, one)
    return [_placed(one, folded, text) for one in kept]


# --- the candidates ----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Candidate:
    kind: PersonalDataKind
    start: int
    end: int
    certain: bool


_ORDER = {kind: place for place, kind in enumerate(PersonalDataKind)}
_SPELT = re.compile("[〇零一二三四五六七八九幺]{7,}")
_SPELT_DIGITS = str.maketrans("〇零一二三四五六七八九幺", "001234567891")
_LEFT = r"(?<![0-9a-z_])(?<![0-9][-./])"
_RIGHT = r"(?![0-9a-z_])(?![-./][0-9])"
_GAP = r"[ \t\-·.]"
_NOT_A_NUMBER_OF_A_PERSON = re.compile(r"(?:元|万|亿|平方|㎡|m2|吨|公里|千瓦|株|册|份|人次|户)")
_OTHER_LABEL = re.compile(
    r"(?:索引号|文号|编号|信用代码|机构代码|isbn|issn|邮编|邮政编码|学籍号|订单号|合同号|流水号|标识码|备案号)[^。；，,;]{0,6}\Z"
)
_REACH = 12
"""Characters before a number in which its label is looked for."""


def _candidates(text: str) -> Iterator[_Candidate]:
    if "@" in text:
        yield from (_Candidate(PersonalDataKind.EMAIL, m.start(), m.end(), True) for m in _EMAIL.finditer(text))
    yield from _plates(text)
    if _SEVEN_DIGITS.search(text) is None:
        return
    for finder in (_identity_numbers, _mobiles, _landlines, _bank_cards):
        yield from finder(text)


_SEVEN_DIGITS = re.compile(rf"[0-9](?:{_GAP}{{0,2}}[()]?[0-9]){{6}}")
_EMAIL = re.compile(
    r"(?<![a-z0-9._%+-])[a-z0-9][a-z0-9._%+-]{0,63}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,18}(?![a-z0-9])"
)

# 18 digits or 17 and x, whole or in the groups 6-8-4, 6-4-4-4, 3-3-4-4-4; the old numbers have 15 digits
_IDENTITY = re.compile(
    rf"{_LEFT}([1-8][0-9]{{2}}{_GAP}?[0-9]{{3}}{_GAP}?[0-9]{{4}}{_GAP}?[0-9]{{4}}{_GAP}?[0-9]{{3}}[0-9x]|[1-8][0-9]{{14}}){_RIGHT}"
)
_PROVINCES = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
"""First two digits of GB/T 2260; 83 is used for residence permits of Taiwan residents."""
_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))
_IDENTITY_LABEL = re.compile(r"(?:身份证|公民身份|证件|身份号)[^。；;]{0,8}\Z")


def _identity_numbers(text: str) -> Iterator[_Candidate]:
    """GB 11643—1999: region, date of birth, order, ISO 7064 MOD 11-2."""
    for match in _IDENTITY.finditer(text):
        digits = _bare(match.group())
        born = digits[6:14] if len(digits) == 18 else f"19{digits[6:12]}"
        if len(digits) == 18:
            certain = identity_check_digit(digits[:17]) == digits[17]
        else:
            certain = _labelled(text, match.start(), _IDENTITY_LABEL)
        # old registers hold people born before 1900; a wrong check digit and such a year together say that it is none
        if _PROVINCES.match(digits) is None or not _is_day(born, 1800 if certain else 1900):
            continue
        yield _Candidate(PersonalDataKind.IDENTITY_NUMBER, match.start(), match.end(), certain)


def identity_check_digit(first17: str) -> str:
    """Return the check character (0–9 or x) of the first 17 digits of an identity number."""
    total = sum(int(digit) * weight for digit, weight in zip(first17, _WEIGHTS, strict=True))
    return "10x98765432"[total % 11]


_MOBILE = re.compile(
    rf"(?:(?<![0-9a-z_])\+?(?:00)?86{_GAP}?|{_LEFT})"
    rf"(1[3-9][0-9](?:{_GAP}?[0-9]{{4}}{_GAP}?[0-9]{{4}}|{_GAP}[0-9]{{3}}{_GAP}[0-9]{{5}})"
    rf"|1[3-9][0-9]{{2}}{_GAP}[0-9]{{4}}{_GAP}[0-9]{{3}}|1[3-9][0-9]{{2}}{_GAP}[0-9]{{3}}{_GAP}[0-9]{{4}}"
    rf"|1[ \t]+[3-9](?:[ \t]+[0-9]){{9}}){_RIGHT}"
)


def _mobiles(text: str) -> Iterator[_Candidate]:
    for match in _MOBILE.finditer(text):
        if _is_quantity(text, match.end()) or _labelled(text, match.start(1), _OTHER_LABEL):
            continue
        yield _Candidate(PersonalDataKind.MOBILE, match.start(1), match.end(1), True)


_LANDLINE = re.compile(
    rf"(?<![0-9a-z_])(?<![0-9][-./])\(?(0(?:10|2[0-9])\)?{_GAP}?[2-8][0-9]{{3}}{_GAP}?[0-9]{{4}}"
    rf"|0[3-9][0-9]{{2}}\)?{_GAP}?[2-8][0-9]{{2}}{_GAP}?[0-9]{{4,5}})(?:[-转][0-9]{{1,5}})?{_RIGHT}"
)
_LOCAL = re.compile(rf"{_LEFT}[2-8][0-9]{{6,7}}{_RIGHT}")
_PHONE_LABEL = re.compile(r"(?:电话|座机|拨打|致电|来电|热线|传真)(?:号码)?(?:是|为|[:：])?[ \t]*\Z")


def _landlines(text: str) -> Iterator[_Candidate]:
    """With area code, or a local number right behind the word 电话. 12345, 110, 400 numbers are nobody's own."""
    for match in _LANDLINE.finditer(text):
        if not _is_quantity(text, match.end()) and not _labelled(text, match.start(), _OTHER_LABEL):
            yield _Candidate(PersonalDataKind.LANDLINE, match.start(), match.end(), True)
    for match in _LOCAL.finditer(text):
        if _labelled(text, match.start(), _PHONE_LABEL) and not _is_quantity(text, match.end()):
            yield _Candidate(PersonalDataKind.LANDLINE, match.start(), match.end(), True)


_CARD = re.compile(
    rf"{_LEFT}([3-9][0-9]{{12,18}}|[3-9][0-9]{{3}}(?:{_GAP}[0-9]{{4}}){{3}}(?:{_GAP}?[0-9]{{1,3}})?"
    rf"|[3-9][0-9]{{5}}{_GAP}[0-9]{{13}}){_RIGHT}"
)
_CARD_LABEL = re.compile(r"(?:卡号|账号|帐号|账户|帐户|银行卡|存折|收款|开户行)[^。；;]{0,8}\Z")


def _bank_cards(text: str) -> Iterator[_Candidate]:
    """13–19 digits whose Luhn sum is right and that begin with 62 (银联) or stand behind 卡号, 账号.

    With a label and a wrong sum, and with a right sum alone (one number in ten has it), only suspected.
    """
    for match in _CARD.finditer(text):
        digits = _bare(match.group())
        if _is_quantity(text, match.end()) or _labelled(text, match.start(), _OTHER_LABEL):
            continue
        labelled, right = _labelled(text, match.start(), _CARD_LABEL), luhn(digits)
        if not right and not labelled:
            continue
        likely = labelled or (digits.startswith("62") and len(digits) >= 16)
        yield _Candidate(PersonalDataKind.BANK_CARD, match.start(), match.end(), right and likely)


def luhn(digits: str) -> bool:
    """Whether the Luhn sum of ``digits`` (ISO/IEC 7812-1) is a multiple of ten."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (place % 2 + 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


_PLATE = re.compile(
    r"(?<![创更最全革翻崭刷焕])([京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][a-hj-np-z])"
    r"[ ·.\-•]?([a-hj-np-z0-9]{5,6})(?![a-z0-9])"
)
_PLATE_LABEL = re.compile(r"(?:车牌|车号|号牌|我的车|车辆|轿车|货车)[^。；;]{0,6}\Z")


def _plates(text: str) -> Iterator[_Candidate]:
    """GA 36: abbreviation of the province, a letter, five characters (six on electric cars), at least one of them a digit."""
    for match in _PLATE.finditer(text):
        labelled = _labelled(text, match.start(), _PLATE_LABEL)
        if labelled or sum(char.isdigit() for char in match[2]) >= 2:
            yield _Candidate(PersonalDataKind.PLATE, match.start(), match.end(), True)
        elif any(char.isdigit() for char in match[2]):
            yield _Candidate(PersonalDataKind.PLATE, match.start(), match.end(), False)


# --- helpers -----------------------------------------------------------------------------------------------------------
def _bare(number: str) -> str:
    return re.sub(r"[^0-9x]", "", number)


def _is_day(digits: str, earliest: int) -> bool:
    """A day, not before the year `earliest`, on which somebody in a register can have been born."""
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return earliest <= born.year <= 2099


def _labelled(text: str, start: int, label: re.Pattern[str]) -> bool:
    return label.search(text[max(0, start - _REACH) : start]) is not None


def _is_quantity(text: str, end: int) -> bool:
    """Whether a unit follows: 12345678901元 is an amount."""
    return _NOT_A_NUMBER_OF_A_PERSON.match(text, end) is not None


def _placed(one: _Candidate, folded: Folded, text: str) -> PersonalData:
    start, end = folded.original(one.start, one.end)
    return PersonalData(one.kind, start, end, text[start:end], one.certain)
