"""Small makers of what tests need. They go through the actions and the bulk writer, so what they make is what the product makes."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import count
from typing import Any

from django.db import transaction

from gongkai.catalogues.models import Catalogue, CatalogueRow
from gongkai.disclosure import bulk
from gongkai.disclosure.models import Item, Relation
from gongkai.organisations.models import Membership, Organisation, User
from gongkai.rules.access import Actor, Role
from gongkai.rules.publication import State
from gongkai.rules.relations import RelationKind
from gongkai.rules.uscc import make_uscc

_serial = count(1)
PASSWORD = "Trial-Password-1"


def body(name: str = "", *, kind: str = "department", parent: Organisation | None = None, **more: Any) -> Organisation:
    """A body with a valid credit code."""
    number = next(_serial)
    name = name or f"测试单位{number}"
    return Organisation.objects.create(
        code=more.pop("code", f"body{number}"),
        name=name,
        short_name=more.pop("short_name", name[:20]),
        kind=kind,
        parent=parent,
        uscc=make_uscc(f"11341602{number:09d}"),
        position=number,
        **more,
    )


def user(name: str = "", **more: Any) -> User:
    """A person who can log in with `PASSWORD`."""
    number = next(_serial)
    return User.objects.create_user(
        username=name or f"user{number}",
        password=PASSWORD,
        display_name=more.pop("display_name", f"测试人员{number}"),
        **more,
    )


def member(organisation: Organisation, *roles: Role, name: str = "") -> User:
    """A person with these roles in this body."""
    person = user(name)
    for role in roles:
        Membership.objects.create(user=person, organisation=organisation, role=role.value)
    return person


def actor(organisation: Organisation, *roles: Role) -> Actor:
    """The actor of a new member."""
    person = member(organisation, *roles)
    return Actor(person.pk, person.display_name, {organisation.pk: frozenset(roles)})


def row(label: str = "", *, parent: CatalogueRow | None = None, **more: Any) -> CatalogueRow:
    """A catalogue row in a catalogue shared by all rows of the test."""
    number = next(_serial)
    catalogue, _ = Catalogue.objects.get_or_create(
        code="statutory", version="2026", defaults={"name": "法定主动公开内容"}
    )
    new = CatalogueRow.objects.create(
        catalogue=catalogue,
        code=f"row{number}",
        parent=parent,
        depth=parent.depth + 1 if parent else 0,
        position=number,
        label=label or f"栏目{number}",
        **more,
    )
    new.path = f"{parent.path if parent else '/'}{new.pk}/"
    new.save()
    return new


def values(**more: Any) -> dict[str, Any]:
    """Field values of a policy document that may be submitted."""
    number = next(_serial)
    return {
        "title": f"关于做好第{number}项工作的通知",
        "body": f"<p>各单位：</p><p>为做好第{number}项工作，现通知如下。</p>",
        "document_number": f"谯政办〔2026〕{number}号",
        "issuing_agencies": ["谯城区人民政府办公室"],
        "document_date": date(2026, 3, 1),
        "subjects": ["0201"],
        "genre": "notice",
        "enquiry_agency": "区政府办公室",
        "enquiry_phone": "0558-0000001",
        **more,
    }


def published(organisation: Organisation, *, kind: str = "policy_document", **more: Any) -> Item:
    """One published item; keyword arguments are field values, `rows`, `at` and `state` apart."""
    return published_many(organisation, 1, kind=kind, **more)[0]


def published_many(
    organisation: Organisation,
    number: int,
    *,
    kind: str = "policy_document",
    rows: Sequence[CatalogueRow] = (),
    at: datetime | None = None,
    state: State = State.PUBLISHED,
    life: dict[str, Any] | None = None,
    **more: Any,
) -> list[Item]:
    """Several published items."""
    with transaction.atomic():
        return bulk.write(
            [
                bulk.BulkItem(
                    organisation=organisation,
                    kind=kind,
                    values=values(**more),
                    at=at,
                    state=state,
                    row_ids=tuple(r.pk for r in rows),
                    life=life or {},
                )
                for _ in range(number)
            ]
        )


def relation(source: Item, kind: RelationKind, target: Item, on: date | None = None) -> Relation:
    """A tie between two items."""
    return Relation.objects.create(source=source, target=target, kind=kind.value, effective_on=on)
