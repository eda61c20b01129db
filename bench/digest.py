"""The daily digest of followed lists: `python -m bench.digest 10000` in an installation of its own; time, memory, queries to the index.

As many subscribers of ten lists, 60 new items, one pass to a mail server on this machine that takes everything.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from datetime import timedelta
from unittest import mock

from bench.mail_sink import Sink

LISTS, NEW = 10, 60


def main(count: int) -> None:
    """Fill, send, say."""
    with tempfile.TemporaryDirectory() as directory, Sink() as sink:
        os.environ.update(
            GONGKAI_DATA_DIR=directory, EMAIL_URL=sink.url, DJANGO_SETTINGS_MODULE="gongkai.config.settings"
        )
        import django

        django.setup()
        now = fill(count)
        from gongkai.participation import digest

        before, began, used = _peak(), time.perf_counter(), time.process_time()
        with mock.patch.object(digest, "search", wraps=digest.search) as asked:
            report = digest.run(now)
        took, cpu = time.perf_counter() - began, time.process_time() - used
        again = digest.run(now)
        most = max(sink.taken.values())
        print(
            f"{report.sent} letters in {took:.1f} s ({report.sent / took:.0f} a second, {cpu:.1f} s of CPU with the sink)"
        )
        print(f"peak memory {before:.0f} MB before, {_peak():.0f} MB after; questions to the index: {asked.call_count}")
        print(
            f"connections to the mail server: {sink.connections}; letters to one address at most: {most}; a second run sends {again.sent}"
        )


def fill(count: int):
    """`count` subscribers and what is new for them; the moment at which their letters are due."""
    from django.core.management import call_command
    from django.utils import timezone
    from tests import factories
    from tests.participation.makers import row

    from gongkai.participation.models import Subscription
    from gongkai.search import SearchQuery, Sort
    from gongkai.search.indexer import reindex

    call_command("migrate", verbosity=0)
    now = timezone.localtime().replace(hour=8, minute=5, second=0, microsecond=0)
    bodies = [factories.body() for _ in range(LISTS)]
    for body in bodies:
        factories.published_many(body, NEW // LISTS, at=now - timedelta(hours=2))
    reindex()
    queries = [SearchQuery(filters={"organisation": (str(body.pk),)}, sort=Sort.NEWEST) for body in bodies]
    since = now.replace(minute=0) - timedelta(days=1)
    rows = (row(f"reader{n}@example.cn", since, query=queries[n % LISTS]) for n in range(count))
    Subscription.objects.bulk_create(rows, batch_size=500)
    return now


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
