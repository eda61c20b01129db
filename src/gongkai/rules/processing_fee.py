"""信息处理费 (国办函〔2020〕109号): by applications of one applicant in one month, or by pages of one answer, never by both.

The steps are data (``data/processing_fee.toml``): each tells from which number on one more costs how much.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from gongkai.rules.vocabulary import VocabularyError, cached_data, data_file, read_toml


@dataclass(frozen=True, slots=True)
class Step:
    """From number ``first`` on one costs ``each`` 元; with ``every`` it costs ``more`` 元 more for each further ``every``."""

    first: int
    each: int
    every: int = 0
    more: int = 0

    def price(self, number: int) -> int:
        """What number ``number`` costs, in 元."""
        return self.each + (self.more * ((number - self.first) // self.every) if self.every else 0)


def by_items(count: int) -> int:
    """What ``count`` applications in one month cost in all, in 元. Raises ``ValueError`` for a negative count."""
    return _total(count, _load("processing_fee")[0])


def by_pages(count: int) -> int:
    """What an answer of ``count`` pages (one side of A4 or smaller is a page) costs, in 元. Raises ``ValueError`` for a negative count."""
    return _total(count, _load("processing_fee")[1])


@dataclass(frozen=True, slots=True)
class FeeLine:
    """One line of the reckoning: numbers `first` to `last` cost `each` 元 apiece."""

    first: int
    last: int
    each: int

    @property
    def count(self) -> int:
        """How many items or pages."""
        return self.last - self.first + 1

    @property
    def amount(self) -> int:
        """In 元."""
        return self.count * self.each


def tariff_text(kind: Literal["items", "pages"]) -> str:
    """The tariff in words, as a fee notice states it. Raises `VocabularyError` when the data file lacks it."""
    return _tariff("processing_fee")[kind]


def fee_lines(kind: Literal["items", "pages"], count: int, before: int = 0) -> tuple[FeeLine, ...]:
    """How the fee for `count` items or pages comes about, numbers of one price on one line.

    `before`: items of the same applicant already counted this month; pages are never added up over answers. Raises `ValueError` for
    negative numbers, and for pages with a `before`.
    """
    if count < 0 or before < 0 or (kind == "pages" and before):
        raise ValueError("counts must not be negative, and pages begin anew with every answer")
    steps = _load("processing_fee")[0 if kind == "items" else 1]
    lines: list[FeeLine] = []
    for number in range(before + 1, before + count + 1):
        each = _step_of(number, steps).price(number)
        if lines and lines[-1].each == each:
            lines[-1] = FeeLine(lines[-1].first, number, each)
        else:
            lines.append(FeeLine(number, number, each))
    return tuple(lines)


def _step_of(number: int, steps: tuple[Step, ...]) -> Step:
    return max((one for one in steps if one.first <= number), key=lambda one: one.first)


def _total(count: int, steps: tuple[Step, ...]) -> int:
    if count < 0:
        raise ValueError("a count must not be negative")
    total = 0
    for number in range(1, count + 1):
        total += _step_of(number, steps).price(number)
    return total


@cached_data
def _load(name: str) -> tuple[tuple[Step, ...], tuple[Step, ...]]:
    path = data_file(name)
    data = read_toml(path)
    found = []
    for kind in ("items", "pages"):
        rows = data.get(kind)
        try:
            steps = tuple(Step(**row) for row in (rows if isinstance(rows, list) else ()))
        except (KeyError, TypeError) as error:
            raise VocabularyError(f"{path.name}：{kind} 有误：{error}。") from error
        if not steps or steps[0].first != 1 or [one.first for one in steps] != sorted({one.first for one in steps}):
            raise VocabularyError(f"{path.name}：{kind} 应当从第 1 件（页）起，依次递增。")
        found.append(steps)
    return found[0], found[1]


@cached_data
def _tariff(name: str) -> Mapping[Literal["items", "pages"], str]:
    path = data_file(name)
    texts = read_toml(path).get("tariff")
    if not isinstance(texts, dict) or not all(isinstance(texts.get(kind), str) for kind in ("items", "pages")):
        raise VocabularyError(f"{path.name}：[tariff] 应当写明按件、按量计收的标准。")
    return {"items": texts["items"], "pages": texts["pages"]}
