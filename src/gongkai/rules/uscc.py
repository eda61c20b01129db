"""统一社会信用代码 (unified social credit code): check digit and checks, GB 32100—2015.

18 characters: 登记管理部门代码 (1) + 机构类别代码 (1) + 登记管理机关行政区划码 (6) + 主体标识码 (9) + 校验码 (1). The
alphabet leaves out I, O, Z, S and V. The check character makes the weighted sum a multiple of 31.
"""

from __future__ import annotations

import re

from gongkai.rules.reasons import Reason

ARTICLE = "GB 32100—2015"

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The 31 characters allowed; a character's index is its value."""

_WEIGHTS = tuple(pow(3, position, 31) for position in range(17))
_SHAPE = re.compile(rf"[{ALPHABET}]{{2}}[0-9]{{6}}[{ALPHABET}]{{10}}")
_FIRST_17 = re.compile(rf"[{ALPHABET}]{{2}}[0-9]{{6}}[{ALPHABET}]{{9}}")


def check_digit(first17: str) -> str:
    """Return the check character for the first 17 characters; raises ``ValueError`` when they are not well formed."""
    if not _FIRST_17.fullmatch(first17):
        raise ValueError(f"not the first 17 characters of a unified social credit code: {first17!r}")
    total = sum(ALPHABET.index(char) * weight for char, weight in zip(first17, _WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def make_uscc(first17: str) -> str:
    """Return ``first17`` with its check character; for sample data and tests."""
    return first17 + check_digit(first17)


def check_uscc(text: str) -> list[Reason]:
    """Check ``text`` as it would be stored (18 upper-case characters); an empty list means it is valid."""
    if not text.strip():
        return [_reason("empty", "请填写统一社会信用代码。")]
    if len(text) != 18:
        return [_reason("length", f"统一社会信用代码应当为18位，现为{len(text)}位，请核对。")]
    if not _SHAPE.fullmatch(text):
        message = "统一社会信用代码只能使用数字和大写字母（不使用I、O、Z、S、V），第3至8位为行政区划码，请核对。"
        return [_reason("characters", message)]
    if text[-1] != check_digit(text[:17]):
        return [_reason("check_digit", "统一社会信用代码的校验码不符，请逐位核对。")]
    return []


def _reason(code: str, message: str) -> Reason:
    return Reason(code, message, ARTICLE, "uscc")
