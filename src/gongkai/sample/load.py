"""Turning the plain records of the sample district into rows of the database."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone
from openpyxl import Workbook

from gongkai.audit.log import Entry, record
from gongkai.catalogues.models import Catalogue, CatalogueRow, Duty
from gongkai.disclosure import bulk
from gongkai.disclosure.models import Attachment, Item, Relation
from gongkai.documents import OfficialDocument, to_docx
from gongkai.files.store import store
from gongkai.organisations.models import Membership, Organisation, User
from gongkai.policies.cards import TYPED
from gongkai.policies.models import CardState, PolicyCard
from gongkai.rules.access import Actor
from gongkai.rules.completeness import fields_of
from gongkai.rules.publication import State
from gongkai.sample.bodies import bodies
from gongkai.sample.catalogue import GRASSROOTS, STATUTORY, catalogue
from gongkai.sample.people import PASSWORD, people
from gongkai.sample.records import SampleAttachment, SampleItem
from gongkai.sample.year import items
from gongkai.search import enqueue
from gongkai.text.html_text import text_to_html

BATCH = 1000
LOADER = Actor(0, "示例数据装入")
CATALOGUE_NAMES = {STATUTORY: "法定主动公开内容", GRASSROOTS: "基层政务公开标准目录"}


@transaction.atomic
def load_bodies() -> None:
    """Write the bodies, parents before children."""
    known: dict[str, Organisation] = {}
    for body in bodies():
        known[body.code] = Organisation.objects.create(
            code=body.code,
            name=body.name,
            short_name=body.short_name,
            aliases=list(body.aliases),
            kind=body.kind,
            parent=known[body.parent_code] if body.parent_code else None,
            uscc=body.uscc,
            division_code=body.division_code,
            disclosure_office=body.enquiry,
            address=body.address,
            office_hours=body.office_hours,
            phone=body.phone,
            fax=body.fax,
            email=body.email,
            postcode=body.postcode,
            position=body.order,
        )
    record(
        actor=LOADER,
        entries=[
            Entry("organisation.create", "organisation", str(o.pk), o.pk, {"name": o.name}) for o in known.values()
        ],
        public=True,
    )


@transaction.atomic
def load_people() -> None:
    """Write the accounts; they share one password, shown at the login page of a sample installation only."""
    password = make_password(PASSWORD)
    known = {body.code: body for body in Organisation.objects.all()}
    for person in people():
        user = User.objects.create(username=person.username, display_name=person.display_name, password=password)
        Membership.objects.bulk_create(
            Membership(user=user, organisation=known[person.body_code], role=role) for role in person.roles
        )
        record(
            actor=LOADER,
            entries=[Entry("user.create", "user", str(user.pk), known[person.body_code].pk, {"roles": person.roles})],
        )


@transaction.atomic
def load_catalogues() -> None:
    """Write both catalogues and who owes which row."""
    owners = list(Organisation.objects.all())
    catalogues = {
        code: Catalogue.objects.create(code=code, version="2026", name=name, effective_from=date(2026, 1, 1))
        for code, name in CATALOGUE_NAMES.items()
    }
    known: dict[str, CatalogueRow] = {}
    duties = []
    for row in catalogue():
        parent = known[row.parent_code] if row.parent_code else None
        new = known[row.code] = CatalogueRow.objects.create(
            catalogue=catalogues[row.catalogue],
            code=row.code,
            parent=parent,
            depth=parent.depth + 1 if parent else 0,
            position=row.order,
            label=row.label,
            statutory_class=row.statutory_class,
            disclosure_field=row.disclosure_field,
            organisation_kinds=list(row.applies_to),
            sequence=row.sequence,
            level1_matter=row.level1_matter,
            level2_matter=row.level2_matter,
            content_elements=row.content_elements,
            disclosure_basis=row.disclosure_basis,
            disclosure_time_limit=row.disclosure_time_limit,
            disclosing_body=row.disclosing_body,
            disclosure_channels=list(row.disclosure_channels),
            disclosure_target=row.disclosure_target,
            disclosure_method=row.disclosure_method,
            disclosure_tier=row.disclosure_tier,
        )
        new.path = f"{parent.path if parent else '/'}{new.pk}/"
        new.save(update_fields=["path"])
        if row.is_leaf:
            owe = [
                o
                for o in owners
                if (o.code in row.applies_to_bodies if row.applies_to_bodies else o.kind in row.applies_to)
            ]
            duties += [Duty(row=new, organisation=o) for o in owe]
    Duty.objects.bulk_create(duties, batch_size=500)
    record(
        actor=LOADER,
        entries=[
            Entry("catalogue.create", "catalogue", str(c.pk), None, {"name": c.name}) for c in catalogues.values()
        ],
    )


@dataclass(frozen=True, slots=True)
class _Known:
    """What items refer to by code."""

    bodies: dict[str, Organisation]
    rows: dict[str, int]
    writers: dict[tuple[str, str], int]


def load_items(
    count: int | None = None, *, today: date | None = None, progress: Callable[[int], object] = lambda n: None
) -> int:
    """Write the year's items, batch by batch, then the relations between them; returns how many were written."""
    day = today or timezone.localdate()
    members = Membership.objects.values_list("organisation__code", "role", "user_id")
    known = _Known(
        {body.code: body for body in Organisation.objects.all()},
        dict(CatalogueRow.objects.values_list("code", "pk")),
        {(code, role): user for code, role, user in members},
    )
    keys: dict[str, int] = {}
    relations: list[tuple[int, str, str, date | None]] = []
    written = 0
    for batch in _batches(items(day, count)):
        with transaction.atomic():
            made = bulk.write([_bulk_item(item, known) for item in batch])
            _attachments(batch, made)
            _policy_cards(batch, made, known)
            record(
                actor=LOADER,
                entries=[
                    Entry("item.import", "item", str(i.pk), i.organisation_id, {"sample": s.key})
                    for i, s in zip(made, batch, strict=True)
                ],
                public=True,
            )
        referred = (
            count is None or written < 2000
        )  # only the hand-made part of a big sample has relations between items
        for item, sample in zip(made, batch, strict=True):
            if referred:
                keys[sample.key] = item.pk
            relations += [
                (item.pk, relation.kind, relation.key, relation.effective_on) for relation in sample.relations
            ]
        written += len(batch)
        progress(len(batch))
    with transaction.atomic():
        _relate(relations, keys)
        record(actor=LOADER, entries=[Entry("sample.load", "sample", "items", None, {"count": written})], public=True)
    return written


def _batches(records: Iterator[SampleItem]) -> Iterator[list[SampleItem]]:
    while batch := list(islice(records, BATCH)):
        yield batch


def _bulk_item(item: SampleItem, known: _Known) -> bulk.BulkItem:
    values = {
        "title": item.title,
        "body": item.body_html,
        "summary": item.summary,
        "keywords": list(item.keywords),
        "content_source": item.content_source,
        "source_url": item.source_url,
        "document_number": item.document_number,
        "issuing_agencies": list(item.issuing_agencies),
        "document_date": item.document_date,
        "formed_on": item.document_date,
        "effective_from": item.effective_from,
        "expires_on": item.expires_on,
        "normative": item.normative,
        "subjects": list(item.subjects),
        "genre": item.genre,
        "audiences": list(item.audiences),
        "life_cycle": [*item.life_cycle_person, *item.life_cycle_enterprise],
        "enquiry_agency": item.enquiry_agency,
        "enquiry_phone": item.enquiry_phone,
        "details": _details(item),
    }
    earlier = tuple(
        bulk.EarlierEdition({**values, "title": old.title, "body": old.body_html}, old.published_on, old.change_note)
        for old in item.earlier_editions
    )
    return bulk.BulkItem(
        organisation=known.bodies[item.body_code],
        kind=item.kind,
        values=values,
        state=State(item.state),
        at=min(item.published_on, timezone.now()) if item.state != "scheduled" else timezone.now(),
        row_ids=tuple(known.rows[code] for code in item.catalogue_rows),
        tags=item.tags,
        life=_life(item, known),
        earlier=earlier,
    )


def _details(item: SampleItem) -> dict[str, str]:
    """Elements only this kind has, under the names the rules know; other labelled facts keep their label."""
    names = {field.label: field.name for field in fields_of(item.kind)}
    return {names.get(label, label): value for label, value in item.facts}


def _life(item: SampleItem, known: _Known) -> dict[str, object]:
    """Who wrote, reviewed and signed it, as far as its state says; bodies without staff show none."""
    state = State(item.state)
    at = min(item.published_on, timezone.now())

    def person(role: str) -> int | None:
        return known.writers.get((item.body_code, role)) or known.writers.get(("qzfb", role))

    life: dict[str, object] = {"author_id": person("clerk")}
    if state is not State.DRAFT:
        life["submitted_at"] = at - timedelta(hours=6)
    if state not in (State.DRAFT, State.REVIEW):
        life |= {
            "approved_by_id": person("reviewer"),
            "approved_at": at - timedelta(hours=3),
            "secrecy_basis": "不涉及国家秘密、工作秘密和个人隐私，可以公开",
        }
    if state in (State.SCHEDULED, State.PUBLISHED, State.WITHDRAWN):
        life |= {"signed_by_id": person("signer"), "signed_at": at - timedelta(hours=1)}
        life["interpretation_note"] = item.interpretation_note
    if state is State.SCHEDULED:
        life["scheduled_for"] = max(item.published_on, timezone.now() + timedelta(days=1))
    if state is State.WITHDRAWN:
        life |= {
            "withdrawal_reason": item.withdrawal_reason,
            "withdrawal_note": item.withdrawal_note,
            "withdrawn_at": min(at + timedelta(days=3), timezone.now()),
        }
    return life


def _attachments(batch: list[SampleItem], made: list[Item]) -> None:
    for sample, item in zip(batch, made, strict=True):
        edition = item.current or item.working
        if edition is None:
            continue
        for position, spec in enumerate(sample.attachments, start=1):
            file = store(spec.name, io.BytesIO(_content(spec)))
            Attachment.objects.create(
                edition=edition, file=file, name=spec.name, title=spec.name.rpartition(".")[0], position=position
            )


def _policy_cards(batch: list[SampleItem], made: list[Item], known: _Known) -> None:
    now = timezone.now()
    PolicyCard.objects.bulk_create(
        PolicyCard(
            item=item,
            matter=matter,
            state=CardState.PUBLISHED,
            **{name: getattr(card, name) for name in (*TYPED, "until", "conditions")},
            prepared_by_id=known.writers.get((sample.body_code, "clerk")),
            published_by_id=known.writers.get((sample.body_code, "reviewer")),
            prepared_at=now,
            published_at=now,
        )
        for sample, item in zip(batch, made, strict=True)
        if item.state == State.PUBLISHED
        for matter, card in enumerate(sample.cards, 1)
    )


def _content(spec: SampleAttachment) -> bytes:
    if spec.kind == "text" and spec.name.endswith(".docx"):
        return to_docx(
            OfficialDocument(title=spec.name.removesuffix(".docx"), body_html=text_to_html(spec.text), sample=True)
        )
    if spec.kind == "text":
        return spec.text.encode()
    book = Workbook()
    book.properties.creator = "示例数据"
    book.properties.created = book.properties.modified = datetime(2026, 1, 1)
    sheet = book.worksheets[0]
    for row in spec.rows:
        sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _relate(wanted: list[tuple[int, str, str, date | None]], keys: dict[str, int]) -> None:
    relations = [
        Relation(source_id=source, target_id=keys[key], kind=kind, effective_on=on)
        for source, kind, key, on in wanted
        if key in keys and keys[key] != source
    ]
    Relation.objects.bulk_create(relations, ignore_conflicts=True, batch_size=500)
    enqueue(sorted({pk for relation in relations for pk in (relation.source_id, relation.target_id)}))
