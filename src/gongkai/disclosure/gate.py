"""The gate of the register: what of an edition is examined, and the checks that need to know other items.

`prepare` does what takes time and is called outside transactions; `check` is quick and is called inside that of the step.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone

from gongkai.disclosure import ended_bases, interpretation_quality
from gongkai.disclosure.editing import present_fields
from gongkai.disclosure.models import Attachment, Edition, Item
from gongkai.organisations.names import known_names
from gongkai.review import gate, links, records
from gongkai.review.content import Circumstances, Content, FilePart, Placed, TablePart
from gongkai.rules.completeness import completeness
from gongkai.rules.findings import Finding, found
from gongkai.rules.publication import State
from gongkai.rules.relations import RelationKind
from gongkai.rules.tags import form_of
from gongkai.tables import records as tables


def content_of(item: Item, edition: Edition) -> Content:
    """What the gate and the secrecy review look at."""
    attachments = edition.attachments.values_list("file_id", "name", "file__sha256")
    table = tables.table_of(edition.pk)
    return Content(
        edition_id=edition.pk,
        revision=edition.revision,
        title=edition.title,
        body=edition.body,
        words=tuple((part, label, text) for part, label, text in _words(edition) if text),
        files=tuple(FilePart(*values) for values in attachments),
        table=TablePart(table.pk, table.title, table.row_count, table.digest) if table else None,
        circumstances=Circumstances(
            title=edition.title,
            published_on=edition.shown_on or timezone.localdate(edition.scheduled_for),
            document_date=edition.document_date,
            names=known_names(),
        ),
    )


def _words(edition: Edition) -> Iterator[tuple[str, str, str]]:
    """What else the public page says in words that somebody wrote."""
    yield "summary", "内容概述", edition.summary
    yield "change_note", "更正说明", edition.change_note
    yield "details", "本类信息的其他要素", "\n".join(str(value) for value in edition.details.values())


def prepare(edition: Edition, *, scans: bool = False) -> bool:
    """Examine the files of the edition and give it the copies that the public gets; scans only in the background.

    True when a file got its copy now: of a published edition, the public then gets another file than before.
    """
    given = False
    attachments = list(edition.attachments.select_related("file"))
    gate.examine_files((attachment.file for attachment in attachments), scans=scans)
    copies = gate.public_copies(attachment.file_id for attachment in attachments)
    for attachment in attachments:
        copy = copies.get(attachment.file_id)
        if attachment.public_file_id is None and copy is not None:
            Attachment.objects.filter(pk=attachment.pk).update(public_file=copy)
            given = True
    return given


def check(item: Item, edition: Edition) -> None:
    """Examine the edition as it is now and keep what was found."""
    content = content_of(item, edition)
    links.remember(content)
    placed = [
        *gate.examine(content),
        *links.dead_links(content),
        *(Placed("item", "信息要素", finding) for finding in _of_register(item, edition)),
        *interpretation_quality.findings(item, edition),
    ]
    records.record(content, placed)


# --- checks that know the register -------------------------------------------------------------------------------------
def _of_register(item: Item, edition: Edition) -> Iterator[Finding]:
    relations = list(item.relations.values_list("kind", flat=True))
    present = present_fields(
        edition,
        attachments=edition.attachments.filter(in_text=False).count(),
        table=tables.has_table(edition.pk),
        relations=relations,
        form=form_of(item.kind, item.tags),
    )
    for field in completeness(item.kind, present, normative=edition.normative).missing:
        if not field.required:  # what is required is refused at once
            yield found("element.missing", message=f"缺少{field.label}。", place=field.label)
    yield from _duplicates(item, edition)
    if item.kind == "interpretation" and RelationKind.INTERPRETS.value not in relations:
        yield found("interpretation.unpaired")
    if edition.normative and not item.inverse_relations.filter(kind=RelationKind.INTERPRETS.value).exists():
        yield found("interpretation.lacking")
    yield from ended_bases.findings_of(item, edition)


def _duplicates(item: Item, edition: Edition) -> Iterator[Finding]:
    if not edition.title:
        return
    same = Edition.objects.filter(title=edition.title, state=State.PUBLISHED).exclude(item=item)
    other = same.filter(item__organisation=item.organisation_id).values_list("item__index_number", flat=True).first()
    if other is not None:
        message = f"本单位已发布同名信息（索引号 {other}）。"
        yield found("title.duplicate", message=message, text=edition.title, place="标题")
