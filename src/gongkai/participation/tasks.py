"""Background work: letters with a link. Running one again sends the same letter again, under the same Message-ID."""

from django_tasks import task


@task()
def send_confirmation(subscription_id: int, frequency: str) -> None:
    """The letter that asks for confirmation."""
    from gongkai.participation import letters  # mail is for the worker; the web process is smaller

    letters.send_confirmation(subscription_id, frequency)


@task()
def send_link(subscription_id: int) -> None:
    """The letter with the link to all that an address follows."""
    from gongkai.participation import letters

    letters.send_link(subscription_id)
