"""Background work on uploads. Every task may be run again, or twice at once, without harm."""

from django_tasks import task

from gongkai.tables import preparing


@task()
def read_upload(upload_id: int, token: str) -> None:
    """Look at the sheets of an uploaded file, so that its columns can be told."""
    preparing.read(upload_id, token)


@task()
def check_upload(upload_id: int, token: str) -> None:
    """Check all rows of an upload and, when none is wrong, make the masked table."""
    preparing.check(upload_id, token)
