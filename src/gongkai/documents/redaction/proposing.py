"""What should be hidden, proposed by the detectors that also examine what is to be published: in running text, in the lines of a
list under its head, and numbers that run over the end of a line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gongkai.documents.redaction.model import Character, PageSize, Proposal
from gongkai.documents.redaction.searching import rects_of
from gongkai.documents.redaction.tables import tabulated
from gongkai.rules.findings import Finding, Severity, review_rule
from gongkai.text.checks.material import Material
from gongkai.text.checks.personal_data import personal_data

_ACROSS_LINES = frozenset({"personal-data.identity-number", "personal-data.mobile", "personal-data.bank-card"})
"""Numbers sure enough to be believed when they were put together from two lines."""
_NO_PLACE = "personal-data.number-precision"


@dataclass(frozen=True, slots=True)
class _Hit:
    rule: str
    places: tuple[int, ...]


def propose(page: PageSize, characters: Sequence[Character]) -> Iterator[Proposal]:
    """The proposals for one page in the order of its text; where two overlap the surer one stays."""
    taken: set[int] = set()
    kept: list[_Hit] = []
    for hit in sorted(_hits(page, characters), key=lambda one: (_weight(one.rule), -len(one.places))):
        if not taken.intersection(hit.places):
            taken.update(hit.places)
            kept.append(hit)
    for hit in sorted(kept, key=lambda one: one.places[0]):
        run = [characters[place] for place in hit.places]
        rule = review_rule(hit.rule)
        yield Proposal(
            page.number,
            "".join(one.text for one in run),
            rects_of(run),
            rule.code,
            rule.label,
            rule.article,
            certain=rule.severity is Severity.SERIOUS,
            recognised=any(one.recognised for one in run),
        )


def _weight(rule: str) -> int:
    return 0 if review_rule(rule).severity is Severity.SERIOUS else 1


def _hits(page: PageSize, characters: Sequence[Character]) -> Iterator[_Hit]:
    text, origin = _by_lines(characters)
    yield from _found(Material(text), origin)
    material, places = tabulated(page, characters)
    if material.grids:
        yield from _found(material, places)
    joined = list(_joined(characters))
    for hit in _found(Material("".join(characters[place].text[:1] for place in joined)), joined):
        if hit.rule in _ACROSS_LINES and len({characters[place].line for place in hit.places}) > 1:
            yield hit


def _joined(characters: Sequence[Character]) -> Iterator[int]:
    """Places of the characters without line ends and the blanks beside them: a number in a narrow column goes on below."""
    for place, one in enumerate(characters):
        beside = characters[max(place - 1, 0) : place + 2]
        if not (one.is_blank and any(other.line != one.line for other in beside)):
            yield place


def _by_lines(characters: Sequence[Character]) -> tuple[str, list[int]]:
    """The text with its line ends, and for each of its characters the place in `characters` (-1: a line end)."""
    text: list[str] = []
    origin: list[int] = []
    for place, one in enumerate(characters):
        if place and one.line != characters[place - 1].line:
            text.append("\n")
            origin.append(-1)
        for char in one.text:  # a ligature is several
            text.append(char)
            origin.append(place)
    return "".join(text), origin


def _found(material: Material, origin: Sequence[int]) -> Iterator[_Hit]:
    findings: Iterator[Finding] = personal_data(material)
    for finding in findings:
        if finding.start is None or finding.end is None or finding.rule == _NO_PLACE:
            continue
        places = tuple(dict.fromkeys(place for place in origin[finding.start : finding.end] if place >= 0))
        if places:
            yield _Hit(finding.rule, places)
