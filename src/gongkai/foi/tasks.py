"""Background work on cases. Every task may be run again without harm."""

from django_tasks import task

from gongkai.foi import redactions


@task()
def burn_boxes(document_id: int, revision: int, by: int | None) -> None:
    """Make the redacted copy of a document."""
    redactions.make_copy(document_id, revision, by)


@task()
def propose_boxes(document_id: int) -> None:
    """Read the pictures of a document and keep what should perhaps be hidden."""
    redactions.keep_proposals(document_id)
