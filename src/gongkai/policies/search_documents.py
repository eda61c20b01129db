"""What search knows of each public item: built from the register for the index, never the other way round."""

from collections.abc import Sequence
from datetime import datetime, time

from django.utils import timezone

from gongkai.catalogues.models import CatalogueRow
from gongkai.disclosure.models import Attachment, Edition, Item
from gongkai.disclosure.prepared import Prepared
from gongkai.organisations.models import Organisation
from gongkai.policies.validity import validity_of
from gongkai.rules import tags
from gongkai.rules.publication import State
from gongkai.rules.tags import Dimension
from gongkai.rules.vocabulary import vocabulary
from gongkai.search import SearchDocument
from gongkai.tables.search_text import search_texts

TITLE_STEP = 10
"""The number of titles read in one statement is rounded up to this step, so that few statements are ever compiled."""
ATTACHMENT_CHARACTERS = 20_000
"""Text of attachments that is searched, per item: enough to find a list by its heads, without drowning the body."""


def all_ids(after: int, limit: int) -> list[int]:
    """Ids of public items greater than `after`, in order, at most `limit`."""
    public = Item.objects.filter(pk__gt=after, current__state=State.PUBLISHED)
    return list(public.order_by("pk").values_list("pk", flat=True)[:limit])


def load(ids: Sequence[int]) -> dict[int, SearchDocument]:
    """Search documents of those of `ids` that are public; six queries whatever their number, seven where one has a table."""
    editions = {e.item_id: e for e in Edition.objects.filter(item_id__in=ids, state=State.PUBLISHED).defer("body")}
    items = {
        i.pk: i
        for i in Item.objects.filter(pk__in=editions).only("pk", "kind", "index_number", "organisation_id", "tags")
    }
    rows = _rows(list(items))
    files: dict[int, list[str]] = {}
    attachments = Attachment.objects.filter(edition__in=[e.pk for e in editions.values()]).select_related(
        "file", "public_file"
    )
    for attachment in attachments:
        files.setdefault(attachment.edition_id, []).append(f"{attachment.title}\n{readable(attachment)}")
    for edition_id, text in search_texts(e.pk for e in editions.values()).items():
        files.setdefault(edition_id, []).append(text)
    validity = validity_of(pk for pk, item in items.items() if item.kind == "policy_document")
    paths = _organisation_paths({item.organisation_id for item in items.values()})
    return {
        pk: _document(item, editions[pk], rows.get(pk, ()), files.get(editions[pk].pk, []), paths, validity)
        for pk, item in items.items()
    }


def readable(attachment: Attachment) -> str:
    """The text of the public's copy; that of a scan was read from the original, in which nothing else can lie hidden."""
    copy = attachment.public_file
    return copy.text if copy is not None and copy.text else attachment.file.text


def titles(ids: Sequence[int]) -> dict[int, str]:
    """Titles of those of `ids` that are public: one query, cheap enough for every key that is pressed."""
    wanted = list(ids)
    padded = [*wanted, *wanted[-1:] * (-len(wanted) % TITLE_STEP)]
    return dict(_titles(*padded)) if wanted else {}


_titles = Prepared(
    lambda *ids: (
        Edition.objects.filter(item_id__in=ids, state=State.PUBLISHED).order_by().values_list("item_id", "title")
    )
)


def _document(item, edition, rows, files, paths, validity) -> SearchDocument:  # type: ignore[no-untyped-def]
    """One item as search sees it."""
    return SearchDocument(
        id=item.pk,
        kind=item.kind,
        group=search_group(item.kind, edition.genre),
        title=edition.title,
        body="\n".join([edition.body_text, " ".join(edition.keywords), *files])[
            : len(edition.body_text) + ATTACHMENT_CHARACTERS
        ],
        summary=edition.summary,
        document_number=edition.document_number,
        mark=edition.document_mark,
        year=edition.document_year or (edition.document_date.year if edition.document_date else None),
        number=edition.document_serial,
        index_number=item.index_number,
        organisation=item.organisation_id,
        organisation_path=paths.get(item.organisation_id, ()),
        issuing_agencies=tuple(edition.issuing_agencies),
        subjects=_with_parents("subjects", edition.subjects),
        genre=edition.genre,
        audiences=tuple(edition.audiences),
        life_cycle=tuple(edition.life_cycle),
        life_stage_person=tags.codes(item.tags, Dimension.PERSON),
        life_stage_enterprise=tags.codes(item.tags, Dimension.ENTERPRISE),
        interpretation_form=tags.form_of(item.kind, item.tags),
        benefit=tags.codes(item.tags, Dimension.BENEFIT),
        catalogue_rows=rows,
        validity=validity[item.pk].status.value if item.pk in validity else "",
        document_date=edition.document_date,
        published_at=_shown_at(edition),
        normative=edition.normative,
    )


def search_group(kind: str, genre: str) -> str:
    """The group of the results page an item belongs to: that of its genre if one claims it, else that of its kind."""
    for group in vocabulary("search_groups").terms:
        if genre and genre in group.extra.get("genres", "").split("、"):
            return group.code
    term = vocabulary("item_kinds").get(kind)
    return term.extra.get("search_group", "disclosure") if term else "disclosure"


def _shown_at(edition: Edition) -> datetime:
    """When the public first saw it: for what was brought in from an older site, the day given there."""
    if edition.source_published_on:
        return timezone.make_aware(datetime.combine(edition.source_published_on, time.min))
    return edition.published_at or edition.created_at


def _with_parents(name: str, codes: Sequence[str]) -> tuple[str, ...]:
    terms = vocabulary(name)
    return tuple(dict.fromkeys(term.code for code in codes if terms.get(code) for term in terms.path(code)))


def _rows(item_ids: Sequence[int]) -> dict[int, tuple[int, ...]]:
    """Catalogue rows of each item with all their ancestors, so that a count of a branch counts its leaves."""
    found: dict[int, set[int]] = {}
    for item_id, path in CatalogueRow.objects.filter(items__in=item_ids).values_list("items__pk", "path"):
        found.setdefault(item_id, set()).update(int(part) for part in path.strip("/").split("/") if part)
    return {item_id: tuple(sorted(rows)) for item_id, rows in found.items()}


def _organisation_paths(ids: set[int]) -> dict[int, tuple[int, ...]]:
    """Each body with its ancestors; bodies are few, so they are read at once."""
    parents = dict(Organisation.objects.values_list("pk", "parent_id"))
    paths = {}
    for pk in ids:
        path: list[int] = []
        current: int | None = pk
        while current is not None and current not in path:
            path.append(current)
            current = parents.get(current)
        paths[pk] = tuple(path)
    return paths
