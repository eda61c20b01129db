"""Background work of the digest."""

from django.utils import timezone
from django_tasks import task

from gongkai.worklist import digest


@task()
def send_digests() -> None:
    """Send what has not been sent today; running it again sends nothing twice."""
    digest.send(timezone.now())
