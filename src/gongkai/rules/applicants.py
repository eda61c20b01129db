"""Applicants: the kinds that are the columns of table three of the annual report (国办公开办函〔2021〕30号), and papers that prove who one is."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

from gongkai.rules.reasons import Reason
from gongkai.rules.uscc import check_uscc


class Category(StrEnum):
    """申请人类别, in the order of the columns."""

    NATURAL = "natural"
    ENTERPRISE = "enterprise"
    RESEARCH = "research"
    CHARITY = "charity"
    LEGAL_SERVICES = "legal_services"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The head of the column."""
        return _CATEGORIES[self]


_CATEGORIES = {
    Category.NATURAL: "自然人",
    Category.ENTERPRISE: "商业企业",
    Category.RESEARCH: "科研机构",
    Category.CHARITY: "社会公益组织",
    Category.LEGAL_SERVICES: "法律服务机构",
    Category.OTHER: "其他",
}


class Paper(StrEnum):
    """证件类型."""

    IDENTITY_CARD = "identity_card"
    PASSPORT = "passport"
    HONG_KONG_MACAO = "hong_kong_macao"
    TAIWAN = "taiwan"
    FOREIGN_RESIDENT = "foreign_resident"
    OFFICER = "officer"
    USCC = "uscc"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The name of the paper."""
        return _PAPERS[self]


_PAPERS = {
    Paper.IDENTITY_CARD: "居民身份证",
    Paper.PASSPORT: "护照",
    Paper.HONG_KONG_MACAO: "港澳居民来往内地通行证",
    Paper.TAIWAN: "台湾居民来往大陆通行证",
    Paper.FOREIGN_RESIDENT: "外国人永久居留身份证",
    Paper.OFFICER: "军官证",
    Paper.USCC: "统一社会信用代码",
    Paper.OTHER: "其他证件",
}
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_IDENTITY = re.compile(r"[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]")


def paper_reasons(paper: Paper, number: str, field: str = "id_number") -> list[Reason]:
    """Why the number cannot be one of such a paper; only what is certain is refused (GB 11643, GB 32100)."""
    text = normal_number(number)
    if paper is Paper.IDENTITY_CARD and not (_IDENTITY.fullmatch(text) and _check_digit(text)):
        return [Reason("id_number", "居民身份证号码有误，请核对 18 位号码。", "《条例》§29", field)]
    if paper is Paper.USCC:
        return [Reason("id_number", reason.message, reason.article, field) for reason in check_uscc(text)]
    if not re.fullmatch(r"[0-9A-Z()\-\u4e00-\u9fff]{4,30}", text):
        return [Reason("id_number", f"请填写{paper.label}号码。", "《条例》§29", field)]
    return []


def normal_number(number: str) -> str:
    """Upper case, half width, without spaces."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", number)).upper()


def mask_number(number: str) -> str:
    """What is shown of a number: the first six and last four of long ones, two at each end of others (rules 9.3)."""
    text = normal_number(number)
    head, tail = (6, 4) if len(text) >= 15 else (2, 2)
    return (
        f"{text[:head]}{'*' * (len(text) - head - tail)}{text[-tail:]}" if len(text) > head + tail else "*" * len(text)
    )


def _check_digit(number: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == number[-1]
