"""Background work of the register. Every task may be run again without harm."""

from django.db import transaction
from django_tasks import task

from gongkai.disclosure.models import Attachment
from gongkai.files.models import StoredFile
from gongkai.files.store import read_scanned
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
