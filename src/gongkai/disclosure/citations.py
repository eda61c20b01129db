"""Citations between our own documents: found when an edition is published, linked only when certain.

A 文号 names one document. A title in 《》 links only when exactly one published document has it; anything else stays unlinked. Whenever a
document is published, corrected or withdrawn, the citations of its names are settled anew.
"""

import re
from collections.abc import Iterable, Sequence

from django.db.models import Q

from gongkai.disclosure.models import Citation, Edition, TitleKey
from gongkai.rules.publication import State
from gongkai.text.citations import find_citations

_NOISE = re.compile(r"[\s《》〈〉“”\"'（）()]+")
_ISSUED = re.compile(r"关于(?:印发|发布|公布|转发)《?(.+?)》?的(?:通知|决定|公告)$")


def title_key(title: str) -> str:
    """A title as it is compared: without blanks, quotation marks and brackets."""
    return _NOISE.sub("", title)[:300]


def title_keys(title: str) -> set[str]:
    """The titles a document may be cited by: its own, and that of the document it issues (关于印发《…》的通知)."""
    keys = {title_key(title)}
    if issued := _ISSUED.search(title.strip()):
        keys.add(title_key(issued.group(1)))
    return {key for key in keys if len(key) >= 4}


def remember(editions: Sequence[Edition]) -> None:
    """Keep the titles under which these newly published editions may be cited."""
    TitleKey.objects.filter(item_id__in=[edition.item_id for edition in editions]).delete()
    keys = [
        TitleKey(item_id=edition.item_id, key=key) for edition in editions for key in sorted(title_keys(edition.title))
    ]
    TitleKey.objects.bulk_create(keys, batch_size=500)


def find(editions: Sequence[Edition]) -> None:
    """Find the citations of newly published editions and link those that are certain; few queries whatever their number."""
    Citation.objects.filter(edition__in=editions).delete()
    found = [
        Citation(
            edition=edition,
            start=citation.start,
            end=citation.end,
            text=citation.text[:400],
            number=citation.number.text[:80] if citation.number else "",
            title=title_key(citation.title),
        )
        for edition in editions
        for citation in find_citations(edition.body_text)
    ]
    by_number, by_title = _targets({c.number for c in found if c.number}, {c.title for c in found if c.title})
    items = {edition.pk: edition.item_id for edition in editions}
    for citation in found:
        target = by_number.get(citation.number) if citation.number else by_title.get(citation.title)
        if target is not None and target != items[citation.edition_id]:
            citation.target_id = target
    Citation.objects.bulk_create(found, batch_size=500)


def settle(editions: Sequence[Edition]) -> None:
    """Let every citation of a name that these editions bear, or bore until now, say what is certain today.

    Where exactly one published document has the name it is linked to that one, otherwise to none: a second document of the same name,
    a correction that changes a number and a withdrawal take links away as a publication gives them.
    """
    numbers = {edition.document_number for edition in editions} - {""}
    titles = {key for edition in editions for key in title_keys(edition.title)}
    by_number, by_title = _targets(numbers, titles)
    named = [Q(number__in=chunk) for chunk in _chunks(sorted(numbers))]
    named += [Q(number="", title__in=chunk) for chunk in _chunks(sorted(titles))]
    changed = []
    for condition in named:
        cited = Citation.objects.filter(condition).select_related("edition")
        for citation in cited.only("number", "title", "target_id", "edition__item_id"):
            target = by_number.get(citation.number) if citation.number else by_title.get(citation.title)
            if target == citation.edition.item_id:
                target = None
            if target != citation.target_id:
                citation.target_id = target
                changed.append(citation)
    Citation.objects.bulk_update(changed, ["target"], batch_size=500)


def _targets(numbers: set[str], titles: set[str]) -> tuple[dict[str, int], dict[str, int]]:
    """Published items by number and by citable title; names borne by several documents are left out."""
    published = Edition.objects.filter(state=State.PUBLISHED)
    by_number: dict[str, set[int]] = {}
    for chunk in _chunks(sorted(numbers)):
        for number, item_id in published.filter(document_number__in=chunk).values_list("document_number", "item_id"):
            by_number.setdefault(number, set()).add(item_id)
    by_title: dict[str, set[int]] = {}
    for chunk in _chunks(sorted(titles)):
        keys = TitleKey.objects.filter(key__in=chunk, item__current__state=State.PUBLISHED)
        for key, item_id in keys.values_list("key", "item_id"):
            by_title.setdefault(key, set()).add(item_id)
    return _unique(by_number), _unique(by_title)


def _unique(found: dict[str, set[int]]) -> dict[str, int]:
    return {name: next(iter(items)) for name, items in found.items() if len(items) == 1}


def _chunks(values: list[str], size: int = 400) -> Iterable[list[str]]:
    return (values[start : start + size] for start in range(0, len(values), size))
