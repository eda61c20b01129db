"""Small makers of what tests need. They go through the actions and the bulk writer, so what they make is what the product makes."""

import io
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from django.db import transaction
from django.utils import timezone
from PIL import Image

from gongkai.catalogues.models import Catalogue, CatalogueRow
from gongkai.disclosure import bulk
from gongkai.disclosure.models import Item, Relation
from gongkai.organisations.actors import actor_for
from gongkai.organisations.models import Delegation, Membership, Organisation, User
from gongkai.policies.models import ExemplaryInterpretation, PolicyGroup, PolicyGroupMember, PopularityExclusion, Topic
from gongkai.review import links
from gongkai.review.models import RecordedFinding
from gongkai.rules.access import Actor, Role
from gongkai.rules.findings import Severity, found
from gongkai.rules.publication import State
from gongkai.rules.relations import RelationKind
from gongkai.rules.uscc import make_uscc
from gongkai.search_log import words
from gongkai.search_log.models import DayOfItem, DayOfText, ExcludedSearch, SearchDay, SearchedText, Treatment

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
    return actor_for(member(organisation, *roles))


def delegation(organisation: Organisation, principal: User, delegate: User | None = None, *roles: Role) -> Delegation:
    """A delegation that counts today."""
    today = timezone.localdate()
    to = delegate or member(organisation, Role.CLERK)
    held = [role.value for role in roles]
    return Delegation.objects.create(
        organisation=organisation,
        principal=principal,
        delegate=to,
        roles=held,
        starts_on=today,
        ends_on=today,
        reason="出差",
    )


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


def searched(
    text: str,
    *,
    on: date | None = None,
    searchers: int = 0,
    networks: int = 1,
    found: int | None = None,
    relaxed: int = 0,
    nothing: int = 0,
) -> SearchedText:
    """One day of a search, as the folding counts it; by default every searcher has a network of his own and finds something."""
    day, number = on or timezone.localdate(), searchers or networks
    row, _ = SearchedText.objects.get_or_create(key=words.key(text), defaults={"text": text})
    DayOfText.objects.create(
        searched=row,
        on=day,
        searchers=number,
        networks=networks,
        found=number - relaxed - nothing if found is None else found,
        relaxed=relaxed,
        nothing=nothing,
    )
    total, _ = SearchDay.objects.get_or_create(on=day)
    total.searches += number
    total.nothing += nothing
    total.save()
    return row


def treatment(row: SearchedText, step: str = "no_action") -> Treatment:
    """What the office did about a search."""
    return Treatment.objects.create(searched=row, step=step, note="示例", by_name="测试人员", at=timezone.now())


def read(item: Item, *, readers: int = 30, days_ago: int = 0) -> DayOfItem:
    """Readings of an item on one day, each reader in a network of its own."""
    on = timezone.localdate() - timedelta(days=days_ago)
    day, _ = DayOfItem.objects.update_or_create(
        item_id=item.pk, on=on, defaults={"readers": readers, "networks": readers}
    )
    return day


def excluded_from_popularity(item: Item, reason: str = "因访问异常，正在核查") -> PopularityExclusion:
    """An item kept from 热度榜."""
    made, _ = PopularityExclusion.objects.get_or_create(
        item=item, defaults={"reason": reason, "created_at": timezone.now()}
    )
    return made


def topic(organisation: Organisation, state: str = "published", **more: Any) -> Topic:
    """A topic with a block of text, as it is after its publication."""
    number = Topic.objects.count() + 1
    blocks = [{"kind": "text", "heading": "说明", "text": "示例", "html": "<p>示例</p>"}]
    public = {"title": f"示例专题{number}", "blocks": blocks, "public_revision": 1, "published_at": timezone.now()}
    given = {"slug": f"topic-{number}", "draft_title": f"示例专题{number}", "draft_blocks": blocks, "state": state}
    values_ = {**given, **(public if state != "draft" else {}), "edited_at": timezone.now(), **more}
    return Topic.objects.create(organisation=organisation, **values_)


def exemplary(item: Item | None = None, level: str = "province", **more: Any) -> ExemplaryInterpretation:
    """A good interpretation: an own item, or a page of another site."""
    number = ExemplaryInterpretation.objects.count() + 1
    given = {"item": item, "published_on": date(2026, 1, 5), "added_at": timezone.now()}
    if item is None:
        address = f"https://www.ah.gov.cn/{number}.html"
        given |= {
            "link": links.keep(address),
            "title": f"优秀解读{number}",
            "source": "安徽省人民政府",
            "form": "infographic",
        }
    return ExemplaryInterpretation.objects.create(level=level, **{**given, **more})


def policy_group(organisation: Organisation, *items: Item, **more: Any) -> PolicyGroup:
    """A group of these items; a draft unless it is said otherwise."""
    given = {"kind": "combination", "title": f"组合{next(_serial)}", "saved_at": timezone.now(), **more}
    made = PolicyGroup.objects.create(organisation=organisation, **given)
    PolicyGroupMember.objects.bulk_create(
        PolicyGroupMember(group=made, item=item, position=place) for place, item in enumerate(items)
    )
    return made


def excluded_search(term: str, *, whole: bool = True, reason: str = "misleading") -> ExcludedSearch:
    """A term kept from the popular searches."""
    return ExcludedSearch.objects.create(
        term=term, whole=whole, reason=reason, note="示例理由", created_at=timezone.now()
    )


def picture(number: int = 0, form: str = "PNG") -> bytes:
    """A small picture, another one for each number."""
    out = io.BytesIO()
    Image.new("RGB", (12, 8), (number % 256, number // 256 % 256, 90)).save(out, form)
    return out.getvalue()


def finding(item: Item, *, rule: str = "personal-data.mobile", text: str = "13000000000") -> RecordedFinding:
    """An open finding in the body of the item's edition in hand."""
    made = found(rule, text=text, start=0, end=len(text))
    return RecordedFinding.objects.create(
        edition_id=item.working_id or item.current_id,
        part="body",
        part_label="正文",
        key=f"{rule}{text}{item.pk}"[:40],
        rule=rule,
        message=made.message,
        text=text,
        serious=made.severity is Severity.SERIOUS,
    )
