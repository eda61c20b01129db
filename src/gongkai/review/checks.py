"""Which checks of a text the gate makes, in the order of what is found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from gongkai.review.content import Circumstances
from gongkai.rules.findings import Finding
from gongkai.text.checks import Material
from gongkai.text.checks.dates import dates
from gongkai.text.checks.links import links
from gongkai.text.checks.personal_data import personal_data
from gongkai.text.checks.typos import typos
from gongkai.text.checks.wording import wording

FULL_NAME = 6
"""Characters from which a body's name is looked for where it is one character off; shorter ones are words of other things too."""
Check = Callable[[Material, Circumstances], Iterable[Finding]]


def _personal_data(material: Material, circumstances: Circumstances) -> Iterator[Finding]:
    return personal_data(material)


def _wording(material: Material, circumstances: Circumstances) -> Iterator[Finding]:
    """Official names and known errors first; a guess at the same characters says nothing more."""
    full = tuple(sorted(name for name in circumstances.names if len(name) >= FULL_NAME))
    found = list(wording(material, names=full, document_date=circumstances.document_date))
    yield from found
    for typo in typos(material, circumstances.names):
        if not any(_overlap(typo, one) for one in found):
            yield typo


def _overlap(one: Finding, other: Finding) -> bool:
    if one.start is None or one.end is None or other.start is None or other.end is None:
        return False
    return one.start < other.end and other.start < one.end


def _dates(material: Material, circumstances: Circumstances) -> Iterator[Finding]:
    return dates(
        material,
        title=circumstances.title,
        published_on=circumstances.published_on,
        document_date=circumstances.document_date,
    )


def _links(material: Material, circumstances: Circumstances) -> Iterator[Finding]:
    return links(material)


TEXT_CHECKS: tuple[Check, ...] = (_personal_data, _wording, _dates, _links)
