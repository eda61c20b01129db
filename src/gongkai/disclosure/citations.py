"""Citations between our own documents: found when an edition is published, linked only when certain.

A 文号 names one document. A title in 《》 links only when exactly one published document has it; anything else stays unlinked and
is tried again whenever a document is published.
"""

import re
from collections.abc import Iterable, Sequence

from django.db.models import Q

from gongkai.disclosure.models import Citation, Edition, Item, TitleKey
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


def link_to(item: Item, edition: Edition) -> None:
    """Link earlier citations that name this newly published document, as long as it is the only one so named."""
    keys = title_keys(edition.title)
    by_number, by_title = _targets({edition.document_number} - {""}, keys)
    named = Q(number="", title__in=[key for key in keys if by_title.get(key) == item.pk])
    if by_number.get(edition.document_number) == item.pk:
        named |= Q(number=edition.document_number)
    waiting = Citation.objects.filter(named, target=None).exclude(edition__item=item)
    Citation.objects.filter(pk__in=list(waiting.values_list("pk", flat=True))).update(target=item)


def relink() -> int:
    """Try every unlinked citation once more, set by set; returns how many were linked (used after an import)."""
    linked, last = 0, 0
    while True:
        waiting = list(
            Citation.objects.filter(pk__gt=last, target=None)
            .order_by("pk")
            .select_related("edition")
            .only("number", "title", "edition__item_id")[:2000]
        )
        if not waiting:
            return linked
        last = waiting[-1].pk
        by_number, by_title = _targets({c.number for c in waiting if c.number}, {c.title for c in waiting if c.title})
        found = []
        for citation in waiting:
            target = by_number.get(citation.number) if citation.number else by_title.get(citation.title)
            if target is not None and target != citation.edition.item_id:
                citation.target_id = target
                found.append(citation)
        Citation.objects.bulk_update(found, ["target"], batch_size=500)
        linked += len(found)


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
