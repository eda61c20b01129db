"""Taking drafts of imported material into the register: in batches, each one transaction, so that a kill loses at most the batch in hand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone

from gongkai.audit.log import Entry, record
from gongkai.disclosure import bulk
from gongkai.disclosure.models import Edition, Item, LegacyAddress, Relation
from gongkai.importing.drafting import FIELDS, Draft
from gongkai.importing.models import ImportedRecord, ImportRun
from gongkai.organisations.models import Organisation
from gongkai.rules.access import Actor
from gongkai.rules.publication import State
from gongkai.rules.relations import RelationKind
from gongkai.search import enqueue


@dataclass(frozen=True, slots=True)
class Taken:
    """Result of one batch: how many became items, and how many were there already."""

    added: int
    known: int


def take_in(
    drafts: Sequence[Draft], *, actor: Actor, organisation: Organisation, run: ImportRun, publish: bool = True
) -> Taken:
    """Write one batch. What was taken in before, by key, web address or content, is known and adds nothing.

    `publish` False leaves the items as drafts for review. The operator of the command answers for what is published this way;
    every item is audited as imported.
    """
    with transaction.atomic():
        _wait_for_other_imports()
        fresh, twins = _fresh(drafts, run)
        if not fresh:
            return Taken(0, len(drafts))
        items = bulk.write(
            [_bulk_item(made, organisation, publish=publish) for made in fresh], created_by=actor.user_id or None
        )
        _records(fresh, items, run)
        written = {made.material.key: item.pk for made, item in zip(fresh, items, strict=True)}
        _aliases(((twin, written[first.material.key]) for twin, first in twins), run)
        entries = [
            Entry(
                "item.import",
                "item",
                str(item.pk),
                organisation.pk,
                {"key": made.material.key, "origin": made.material.origin},
            )
            for item, made in zip(items, fresh, strict=True)
        ]
        record(actor=actor, entries=entries, public=publish)
    return Taken(len(fresh), len(drafts) - len(fresh))


def finish(run: ImportRun, *, actor: Actor, organisation: Organisation) -> None:
    """After the last batch: tie interpretations to their documents and versions of a law to each other.

    Runs over everything imported, so a run that was killed is completed by the next one. Idempotent.
    """
    with transaction.atomic():
        _wait_for_other_imports()
        made = _link_interpretations() + _link_versions()
        changed = sorted({pk for relation in made for pk in (relation.source_id, relation.target_id)})
        enqueue(changed)
        run.finished_at = timezone.now()
        run.save()
        detail = {
            "added": run.added,
            "known": run.known,
            "rejected": run.rejected,
            "relations": len(made),
        }
        record(
            actor=actor,
            entries=[Entry("import.finish", "import_run", str(run.pk), organisation.pk, detail)],
            public=bool(changed or run.added),
        )


def _wait_for_other_imports() -> None:
    """One import writes at a time, so that two runs over the same material cannot both find a document new.

    The lock is on the body that was set up first (any row will do, as long as all take the same); clerks need no such lock.
    """
    Organisation.objects.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True).first()


def _fresh(drafts: Sequence[Draft], run: ImportRun) -> tuple[list[Draft], list[tuple[Draft, Draft]]]:
    """Those not taken in before, and beside each of its own batch that is the same as one of them that one.

    What is known under another name gets that name recorded, so links by it still hold.
    """
    keys = set(ImportedRecord.objects.filter(key__in=[d.material.key for d in drafts]).values_list("key", flat=True))
    unseen = [d for d in drafts if d.material.key not in keys]
    by_digest = dict(
        ImportedRecord.objects.filter(digest__in=[d.material.digest for d in unseen]).values_list("digest", "item_id")
    )
    by_url = dict(LegacyAddress.objects.filter(url__in=[d.url for d in unseen if d.url]).values_list("url", "item_id"))
    first_by_digest: dict[str, Draft] = {}
    first_by_url: dict[str, Draft] = {}
    aliases, twins = [], []
    for made in unseen:
        item_id = by_digest.get(made.material.digest) or by_url.get(made.url)
        first = first_by_digest.get(made.material.digest) or (first_by_url.get(made.url) if made.url else None)
        if item_id:
            aliases.append((made, item_id))
        elif first:
            twins.append((made, first))
        else:
            first_by_digest[made.material.digest] = first_by_url[made.url] = made
    _aliases(aliases, run)
    return list(first_by_digest.values()), twins


def _aliases(known: Iterable[tuple[Draft, int]], run: ImportRun) -> None:
    """Record further names of items: the same document came from another file."""
    records = [_record(made, item_id, run) for made, item_id in known]
    ImportedRecord.objects.bulk_create(records, ignore_conflicts=True)


def _bulk_item(made: Draft, organisation: Organisation, *, publish: bool) -> bulk.BulkItem:
    return bulk.BulkItem(
        organisation=organisation,
        kind=made.kind,
        values=made.values,
        state=State.PUBLISHED if publish else State.DRAFT,
        source_published_on=made.published_on,
        what="迁移入库",
        note="由原网站或文件导入",
        life={"secrecy_basis": "存量信息迁移：原网站已公开"} if publish else {},
    )


def _records(fresh: Sequence[Draft], items: Sequence[Item], run: ImportRun) -> None:
    ImportedRecord.objects.bulk_create(_record(made, item.pk, run) for made, item in zip(fresh, items, strict=True))
    addresses = [
        LegacyAddress(url=made.url, path=(urlsplit(made.url).path or "/")[:400], item=item)
        for made, item in zip(fresh, items, strict=True)
        if made.url.startswith(("http://", "https://"))
    ]
    LegacyAddress.objects.bulk_create(addresses, ignore_conflicts=True)


def _record(made: Draft, item_id: int, run: ImportRun) -> ImportedRecord:
    facts = {name: fact for name in FIELDS if (fact := made.as_json()[name])["value"]}
    links = {"interprets": list(made.interprets), "series": made.series, "scanned": made.material.scanned}
    return ImportedRecord(
        key=made.material.key,
        digest=made.material.digest,
        run=run,
        item_id=item_id,
        origin=made.material.origin[:400],
        facts={**facts, **{name: value for name, value in links.items() if value}},
    )


def _link_interpretations() -> list[Relation]:
    """解读 → 文件, by the ids or numbers the lists give."""
    waiting = list(ImportedRecord.objects.filter(facts__has_key="interprets").values_list("key", "item_id", "facts"))
    named = {name for _, _, facts in waiting for name in facts["interprets"]}
    if not named:
        return []
    nearby: dict[tuple[str, str], int] = {}
    anywhere: dict[str, set[int]] = {}
    for key, item_id in ImportedRecord.objects.values_list("key", "item_id").iterator():
        origin, _, identity = key.rpartition(":")
        if identity in named:
            nearby[origin.rpartition("/")[0], identity] = item_id
            anywhere.setdefault(identity, set()).add(item_id)
    numbered = Edition.objects.filter(state=State.PUBLISHED, document_number__in=named)
    for number, item_id in numbered.values_list("document_number", "item_id"):
        anywhere.setdefault(number, set()).add(item_id)

    def target(key: str, name: str) -> int | None:
        """The one that was named: of the same folder, or the only one so called."""
        found = anywhere.get(name, set())
        return nearby.get((key.rpartition(":")[0].rpartition("/")[0], name)) or (
            next(iter(found)) if len(found) == 1 else None
        )

    pairs = [(item, target(key, name)) for key, item, facts in waiting for name in facts["interprets"]]
    return _relate((source, found, RelationKind.INTERPRETS) for source, found in pairs if found is not None)


def _link_versions() -> list[Relation]:
    """Versions of one law: each newer one replaces the one before it, from its own first day."""
    series: dict[str, list[tuple[object, int]]] = {}
    rows = ImportedRecord.objects.filter(facts__has_key="series").values_list(
        "facts", "item_id", "item__current__document_date"
    )
    for facts, item_id, written in rows:
        if written is not None:
            series.setdefault(facts["series"], []).append((written, item_id))
    pairs = []
    for versions in series.values():
        ordered = sorted(set(versions))
        for (older_date, older), (newer_date, newer) in pairwise(ordered):
            if newer_date != older_date and newer != older:
                pairs.append((newer, older, RelationKind.REPLACES))
    return _relate(pairs)


def _relate(pairs: Iterable[tuple[int, int, RelationKind]]) -> list[Relation]:
    """Create those relations that are not there yet and return them."""
    wanted = {(source, target, kind.value) for source, target, kind in pairs if source != target}
    known = set(
        Relation.objects.filter(source_id__in=[source for source, _, _ in wanted]).values_list(
            "source_id", "target_id", "kind"
        )
    )
    new = [Relation(source_id=s, target_id=t, kind=k, note="导入时建立") for s, t, k in sorted(wanted - known)]
    Relation.objects.bulk_create(new, ignore_conflicts=True, batch_size=500)
    return new
