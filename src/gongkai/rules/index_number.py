"""索引号 (index number) of a disclosed item: made by rule, never typed, never reused.

《条例》§12 makes the index an element of the catalogue. Ours have the shape used in Anhui,
``统一社会信用代码/YYYYMM-NNNNN`` (``11341602003166647K/202501-00064``): unique per body and month, the serial starting
at 1. A number stays taken after withdrawal. Foreign numbers of other shapes are read too, for imported items.

The serial has five digits up to 99999 and six from 100000 on; 999999 is the last of a month.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from gongkai.rules.reasons import Reason
from gongkai.rules.uscc import check_uscc

ARTICLE = "《条例》§12"

LAST_SERIAL = 999_999
"""Highest serial of one body in one month."""

_SHAPE = re.compile(r"([0-9A-Z]{9,18})[/-](\d{4}|\d{6})-(\d{5,6})", re.ASCII)


@dataclass(frozen=True, slots=True)
class IndexNumber:
    """An index number taken apart."""

    organisation: str
    """USCC (18 characters), or an older organisation code (9 and more)."""
    period: str
    """``YYYYMM``, or ``YYYY`` in foreign numbers."""
    serial: int
    text: str
    """The number as it was written."""

    @property
    def year(self) -> int:
        """The year of the period."""
        return int(self.period[:4])

    @property
    def month(self) -> int | None:
        """The month of the period; ``None`` in numbers counted by the year."""
        return int(self.period[4:]) if len(self.period) == 6 else None


def period(on: date) -> str:
    """Return the counting period of a day, e.g. ``202609``."""
    return f"{on.year:04d}{on.month:02d}"


def format_index_number(uscc: str, on: date, serial: int) -> str:
    """Return the index number of the ``serial``-th item of the body ``uscc`` in the month of ``on``.

    Raises ``ValueError`` for a code that fails :func:`gongkai.rules.uscc.check_uscc` or a serial outside 1..999999.
    """
    if check_uscc(uscc):
        raise ValueError(f"not a valid unified social credit code: {uscc!r}")
    if not 1 <= serial <= LAST_SERIAL:
        raise ValueError(f"serial must lie between 1 and {LAST_SERIAL}, not {serial}")
    return f"{uscc}/{period(on)}-{serial:05d}"


def parse_index_number(text: str) -> IndexNumber | None:
    """Read an index number, ours or foreign; ``None`` when it is none, has an impossible month or a serial of 0."""
    match = _SHAPE.fullmatch(text.strip())
    if match is None:
        return None
    number = IndexNumber(match[1], match[2], int(match[3]), match[0])
    possible = 1900 <= number.year <= 2999 and (number.month is None or 1 <= number.month <= 12) and number.serial > 0
    return number if possible else None


def check_index_number(text: str) -> list[Reason]:
    """Check that ``text`` is an index number of our own shape; an empty list means it is."""
    number = parse_index_number(text)
    if number is None or number.text != text:
        message = (
            "索引号应当由统一社会信用代码、年月和流水号组成，如“11341602003166647K/202501-00064”，由系统自动生成。"
        )
        return [Reason("unreadable", message, ARTICLE, "index_number")]
    reasons = [
        Reason(reason.code, f"索引号中的{reason.message}", reason.article, "index_number")
        for reason in check_uscc(number.organisation)
    ]
    if number.month is None:
        reasons.append(Reason("period", "索引号应当按年月编号，如“202501”。", ARTICLE, "index_number"))
    canonical = f"{number.organisation}/{number.period}-{number.serial:05d}"
    if not reasons and text != canonical:
        reasons.append(Reason("not_canonical", f"索引号应写作“{canonical}”。", ARTICLE, "index_number"))
    return reasons
