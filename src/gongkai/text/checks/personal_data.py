"""Personal data in what is to be published: in running text and in tables, each with its place and, where safe, its mask.

What is certain (a right check digit, a form behind its word) gets a mask that one click puts there. What is only suspected, and
what may lawfully be public (office landlines, names, mail addresses), is shown to a person and never masked silently.
《个人信息保护法》§25, §28, §31; 国办 2018 要点 (去标识化); the rules of `review_rules.toml` that begin with `personal-data.`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from gongkai.rules.findings import Finding, Fix, FixKind, found
from gongkai.text.checks.masks import is_masked, mask
from gongkai.text.checks.material import Cell, Material
from gongkai.text.checks.personal_names import find_names
from gongkai.text.checks.personal_tables import find_in_grid
from gongkai.text.checks.personal_words import find_addresses, find_birth_dates, find_passports
from gongkai.text.normalise import fold_aligned
from gongkai.text.personal_data import PersonalDataKind, find_personal_data

__all__ = ["personal_data"]

_RULES = {
    (PersonalDataKind.IDENTITY_NUMBER, True): "identity-number",
    (PersonalDataKind.IDENTITY_NUMBER, False): "identity-number-suspected",
    (PersonalDataKind.BANK_CARD, True): "bank-card",
    (PersonalDataKind.BANK_CARD, False): "bank-card-suspected",
    (PersonalDataKind.MOBILE, True): "mobile",
    (PersonalDataKind.LANDLINE, True): "landline",
    (PersonalDataKind.EMAIL, True): "email",
    (PersonalDataKind.PLATE, True): "plate",
}
"""A plate that is only suspected has no rule: five letters behind a character are more often a code."""
_MASKED_BY_CLICK = {
    "identity-number": "identity_number",
    "mobile": "mobile",
    "bank-card": "bank_card",
    "plate": "plate",
    "passport": "passport",
    "address": "address",
}
_NOT_OF_A_PERSON = re.compile(
    r"(?:文号|索引号|编号|项目代码|信用代码|机构代码|标识码|备案号|许可证号|登记号|订单号|合同号|流水号|学籍号|代码)[^。；，,;\n]{0,6}\Z"
)
_OFFICE_PHONE = re.compile(
    r"(?:办公|咨询|监督|举报|投诉|服务|值班|政务|受理|单位|部门|报名|查询)(?:联系)?(?:电话|热线|专线)[^。；;\n]{0,12}\Z|(?:传真|热线)[:：]?\s*\Z"
)
_CHILD = re.compile(r"[^。；;\n]{0,12}?(?<![0-9])(?:[0-9]|1[0-3])周?岁")


@dataclass(frozen=True, slots=True)
class _Hit:
    rule: str
    start: int
    end: int
    cell: Cell | None = None


def personal_data(material: Material) -> Iterator[Finding]:
    """What is personal in `material`, in the order of the text; of two findings on the same characters the surer one.

    Values that somebody has masked already are none. Raises nothing.
    """
    places = _Places(material)
    for hit in _sorted_out([*_in_tables(material), *_in_text(_apart(material))]):
        text = material.text[hit.start : hit.end]
        kind = _MASKED_BY_CLICK.get(hit.rule)
        by_click = kind is not None and not places.is_number(hit.start)
        masked = mask(kind, text) if kind and by_click else ""
        yield found(
            f"personal-data.{hit.rule}",
            text=text,
            start=hit.start,
            end=hit.end,
            place=places.name(hit.start),
            fix=Fix(FixKind.REPLACE, masked) if by_click and masked != text else None,
        )


def _in_text(text: str) -> Iterator[_Hit]:
    for one in find_personal_data(text):
        rule = _RULES.get((one.kind, one.certain))
        before = text[max(0, one.start - 16) : one.start]
        if rule is None or (not one.certain and _NOT_OF_A_PERSON.search(before)):
            continue
        if rule == "landline" and _OFFICE_PHONE.search(before):
            continue
        yield _Hit(rule, one.start, one.end)
    folded = fold_aligned(text)
    for rule, finder in (
        ("passport", find_passports),
        ("address", find_addresses),
        ("birth-date", find_birth_dates),
        ("name", find_names),
    ):
        for start, end in finder(folded.text):
            first, last = folded.original(start, end)
            if is_masked(text[first : last + 1]):
                continue
            yield _Hit(rule, first, last)
            if rule == "name" and _CHILD.match(folded.text, end):
                yield _Hit("minor", first, last)


def _in_tables(material: Material) -> Iterator[_Hit]:
    for grid in material.grids:
        for rule, cell in find_in_grid(material.text, grid):
            shown = material.text[cell.start : cell.end]
            start = cell.start + len(shown) - len(shown.lstrip())
            yield _Hit(rule, start, start + len(shown.strip()), cell)


def _apart(material: Material) -> str:
    """The text with a line's end between cells, so that no number is read across two of them; as long as before."""
    if not material.grids:
        return material.text
    chars = list(material.text)
    for grid in material.grids:
        for row in grid.rows:
            for cell in row:
                for place in (cell.start - 1, cell.end):
                    if 0 <= place < len(chars) and chars[place].isspace():
                        chars[place] = "\n"
    return "".join(chars)


_WEIGHT = {"identity-number-suspected": 2, "bank-card-suspected": 2, "landline": 1, "birth-date": 1, "name": 1}
_BESIDE_OTHERS = frozenset({"minor", "number-precision"})
"""Say something else about the same characters."""


def _sorted_out(hits: list[_Hit]) -> list[_Hit]:
    """The hits by place; where two overlap the surer, then the longer one stays."""
    beside = {hit.start: hit for hit in hits if hit.rule == "number-precision"}
    kept: list[_Hit] = []
    main = sorted(
        (hit for hit in hits if hit.rule not in _BESIDE_OTHERS),
        key=lambda hit: (_WEIGHT.get(hit.rule, 0), hit.start - hit.end, hit.start),
    )
    starts: list[int] = []
    for hit in main:
        if hit.start in beside and hit.rule.endswith("-suspected"):
            continue  # what was lost explains why the check digit is wrong
        place = bisect_right(starts, hit.start)
        if (place and kept[place - 1].end > hit.start) or (place < len(kept) and kept[place].start < hit.end):
            continue
        starts.insert(place, hit.start)
        kept.insert(place, hit)
    extra = dict.fromkeys((hit.rule, hit.start, hit.end) for hit in hits if hit.rule in _BESIDE_OTHERS)
    return sorted([*kept, *(_Hit(*one) for one in extra)], key=lambda hit: (hit.start, hit.rule))


class _Places:
    """`Material.place` for many findings: cells in order, looked up by bisection instead of one after the other."""

    def __init__(self, material: Material) -> None:
        self._material = material
        cells = sorted(
            (
                (cell.start, cell.end, cell, grid.section)
                for grid in material.grids
                for row in grid.rows
                for cell in row
            ),
            key=lambda one: one[:2],
        )
        self._starts = [one[0] for one in cells]
        self._cells = cells

    def name(self, start: int) -> str:
        material = self._material
        section = next((one.name for one in material.sections if one.start <= start < one.end), "正文")
        one = self._at(start)
        return f"{section} {one[2].address}" if one and one[2].address and one[3] == section else section

    def is_number(self, start: int) -> bool:
        one = self._at(start)
        return one is not None and one[2].number

    def _at(self, start: int) -> tuple[int, int, Cell, str] | None:
        place = bisect_right(self._starts, start) - 1
        return self._cells[place] if place >= 0 and self._cells[place][1] > start else None
