"""Sending what is new in followed lists: one pass by the tick; each list is asked once for all who follow it equally long.

A row is claimed before its letter is handed over. The end of one letter and the claim of the next are one write, so a process that dies
leaves at most one letter of which nobody knows whether it arrived: it is not sent again, and `gongkai doctor` tells of it. Everything else
goes on with the next tick. What a mail server refuses is tried again with growing waits (docs/decisions/0039).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from typing import Any

from django.conf import settings
from django.core.mail import get_connection
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from gongkai.disclosure.public_cards import cards
from gongkai.participation import letters
from gongkai.participation.models import Subscription
from gongkai.participation.selectors import LOST_AFTER
from gongkai.rules.reasons import Refused
from gongkai.rules.subscriptions import Frequency, Parameters, parameters
from gongkai.search import InvalidQuery, SearchUnavailable, Sort, TimeRange, search
from gongkai.search.models import OutboxEntry
from gongkai.search.saved_queries import from_json

SETTLE = timedelta(minutes=1)
"""So long after the end of a period the index is asked: what was published at its last moment is in it by then."""
PATIENCE = timedelta(minutes=30)
"""How long a letter waits for an index that is behind."""
AT_ONCE = 500
TROUBLE = 5
"""Letters one after the other that came to nothing, after which the server is left alone until the next tick."""
State = Subscription.State
logger = logging.getLogger(__name__)


@dataclass(slots=True)
class DigestReport:
    """What a run did, in letters and rows."""

    sent: int = 0
    refused: int = 0
    lost: int = 0
    """Letters that were interrupted, now or in a run that died."""
    quiet: int = 0
    """Subscriptions in whose lists there was nothing new."""


def run(now: datetime) -> DigestReport:
    """Send what is due; nothing where it was done. Never raises for a mail server or an index that is away: the next tick goes on."""
    report = DigestReport(lost=_settle_lost(now))
    figures = parameters()
    forgotten = now - timedelta(hours=figures.confirm_hours)
    Subscription.objects.filter(state=State.PENDING, asked_at__lt=forgotten).delete()
    if not settings.GONGKAI_SUBSCRIPTIONS:
        return report
    pass_ = _Pass(report, figures)
    try:
        for frequency in Frequency:
            until = figures.reaches_to(frequency, timezone.localtime(now - SETTLE))
            due = _due(frequency, until, now)
            if due.exists() and not _index_is_behind(until, now):
                pass_.tell(due, until)
    except (SearchUnavailable, _MailTrouble, Refused) as error:  # Refused: the key of the addresses is another
        logger.warning("the digest of followed lists stopped: %s", error)
    finally:
        pass_.end()
    return report


def _due(frequency: Frequency, until: datetime, now: datetime) -> QuerySet[Subscription]:
    rested = Q(retry_at=None) | Q(retry_at__lte=now)
    active = Subscription.objects.filter(rested, state=State.ACTIVE, frequency=frequency.value, claimed_at=None)
    return active.filter(last_at__lt=until)


def _index_is_behind(until: datetime, now: datetime) -> bool:
    """Whether something that belongs into the letters may not be in the index yet."""
    return OutboxEntry.objects.filter(created_at__lt=until, created_at__gt=now - PATIENCE).exists()


def _settle_lost(now: datetime) -> int:
    """Letters that a process that died left claimed are taken for sent, and told of. Returns how many."""
    lost = Subscription.objects.filter(claimed_at__lt=now - LOST_AFTER)
    return lost.update(lost_at=now, last_at=F("claimed_until"), claimed_at=None, claimed_until=None)


class _MailTrouble(Exception):
    """The mail server is away, or refuses one letter after the other."""


@dataclass(slots=True)
class _Pass:
    """One pass over what is due."""

    report: DigestReport
    figures: Parameters
    _connection: Any = None
    _open: tuple[int, dict[str, Any]] | None = None
    """The row whose letter is done, and what is to be written of it together with the next claim."""
    _in_a_row: int = field(default=0)

    def tell(self, due: QuerySet[Subscription], until: datetime) -> None:
        """Send the letters of one frequency."""
        groups = list(due.order_by("query_key", "last_at").values_list("query_key", "last_at").distinct())
        for key, since in groups:
            followers = due.filter(query_key=key, last_at=since)
            found = self._news(key, since, until)
            if found is None:
                self.report.quiet += followers.update(last_at=until)
                continue
            news, shown = found
            for subscription in _in_steps(followers):
                if self._claim(subscription, until):
                    self._send(subscription, news, shown, until)

    def _news(self, key: str, since: datetime, until: datetime) -> tuple[letters.News, int] | None:
        """What was published in a list from `since` to `until`, and how many of it are named; None: nothing."""
        kept = Subscription.objects.filter(query_key=key).values_list("query", flat=True).first()
        try:
            asked = from_json(kept, timezone.localdate(until))
        except InvalidQuery as error:  # kept by another version
            logger.warning("followed list %s cannot be asked: %s", key, error)
            return None
        results = search(
            replace(asked, sort=Sort.NEWEST, published_at=TimeRange(since, until), limit=self.figures.lines)
        )
        found = [] if results.relaxed else cards(results.ids)  # near misses are for readers, not for letters
        if not found:
            return None
        return letters.news_of(found, max(results.total, len(found))), len(found)

    def _claim(self, subscription: Subscription, until: datetime) -> bool:
        """Mark the letter as being handed over, and the one before as done; False when somebody else was first, or it is left by now."""
        with transaction.atomic():
            self._close()
            free = Subscription.objects.filter(
                pk=subscription.pk, state=State.ACTIVE, claimed_at=None, last_at=subscription.last_at
            )
            return bool(free.update(claimed_at=timezone.now(), claimed_until=until))

    def _send(self, subscription: Subscription, news: letters.News, shown: int, until: datetime) -> None:
        done: dict[str, Any] = {"claimed_at": None, "claimed_until": None}
        self._open = (subscription.pk, done)
        letter = letters.digest(subscription, news, shown, until, self._connected())
        try:
            letter.send()
        except (SMTPRecipientsRefused, SMTPResponseException, ValueError) as error:
            self.report.refused += 1
            done |= self._refused(subscription, error)
            self._after_trouble(subscription, error, of_address=_hard(error))
        except (SMTPException, OSError) as error:  # in the midst of it: nobody knows whether it was taken
            self.report.lost += 1
            done |= {"lost_at": timezone.now(), "last_at": until}
            self._after_trouble(subscription, error, of_address=False)
        else:
            self.report.sent += 1
            self._in_a_row = 0
            done |= {"last_at": until, "refusals": 0, "retry_at": None}

    def _refused(self, subscription: Subscription, error: Exception) -> dict[str, Any]:
        """What is written of a letter that was refused: refusals of the address itself put it to rest in the end."""
        refusals = subscription.refusals + 1 if _hard(error) else max(subscription.refusals, 1)
        again = timezone.now() + self.figures.wait_after(refusals)
        rests = {"state": State.RESTING.value} if _hard(error) and refusals >= self.figures.hard else {}
        return {"refusals": refusals, "retry_at": again, **rests}

    def _after_trouble(self, subscription: Subscription, error: Exception, *, of_address: bool) -> None:
        """Open the connection anew, and leave the server alone when one letter after the other comes to nothing."""
        logger.warning("letter of subscription %s came to nothing: %s", subscription.pk, type(error).__name__)
        if of_address:
            return
        self._drop()
        self._in_a_row += 1
        if self._in_a_row >= TROUBLE:
            raise _MailTrouble(f"{TROUBLE} letters one after the other came to nothing")

    def _connected(self) -> Any:
        """The connection of the whole run; opened anew only after trouble."""
        if self._connection is None:
            connection = get_connection()
            try:
                connection.open()
            except (SMTPException, OSError) as error:
                raise _MailTrouble(f"the mail server does not answer: {type(error).__name__}") from error
            self._connection = connection
        return self._connection

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _close(self) -> None:
        if self._open is not None:
            pk, values = self._open
            Subscription.objects.filter(pk=pk).update(**values)
            self._open = None

    def end(self) -> None:
        """Write what is left to write."""
        self._close()
        self._drop()


def _hard(error: Exception) -> bool:
    """Whether the address itself was refused for good (RFC 5321: 5yz), or is none that a header can hold."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    return not isinstance(error, SMTPResponseException)


def _in_steps(followers: QuerySet[Subscription]) -> Iterator[Subscription]:
    """Rows in the order of their number, `AT_ONCE` in memory."""
    last = 0
    while rows := list(followers.filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        yield from rows
        last = rows[-1].pk
