"""Background work of the register. Every task may be run again without harm."""

from contextlib import suppress

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from gongkai.disclosure import gate
from gongkai.disclosure.models import FROZEN_STATES, Attachment, Edition, Item
from gongkai.files.models import StoredFile
from gongkai.files.store import read_scanned
from gongkai.review.links import Offline
from gongkai.rules.publication import State
from gongkai.search import enqueue


@task()
def read_attachment(file_id: int) -> None:
    """Read the text of a scanned attachment, and let search know of the items it belongs to."""
    file = StoredFile.objects.filter(pk=file_id, needs_reading=True).first()
    if file is None:
        return
    read_scanned(file)
    public = Attachment.objects.filter(file=file, edition__state=State.PUBLISHED)
    with transaction.atomic():
        enqueue(sorted(set(public.values_list("edition__item_id", flat=True))))


@task()
def visit_links() -> None:
    """Visit the links of what is public (`link_sweep`); without a network nothing happens until tomorrow."""
    from gongkai.disclosure.link_sweep import (
        sweep_links,  # it writes findings, whose actions enqueue tasks of this module
    )

    with suppress(Offline):
        sweep_links(timezone.now())


@task()
def check_edition(edition_id: int) -> None:
    """The gate in the background, after a save: the writer sees what is found without having waited for it."""
    edition = Edition.objects.filter(pk=edition_id).select_related("item").first()
    if edition is None or edition.state in FROZEN_STATES:
        return  # thrown away or published in the meantime
    gate.prepare(edition, scans=True)
    with transaction.atomic():
        item = Item.objects.select_for_update().filter(pk=edition.item_id).first()
        edition = Edition.objects.filter(pk=edition_id).first()
        if item is not None and edition is not None:
            gate.check(item, edition)
