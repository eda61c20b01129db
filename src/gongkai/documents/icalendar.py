"""Calendar feeds (iCalendar, RFC 5545) of days that matter: all-day events that any calendar program can follow.

A writer of our own: what is needed of the format is one component with seven properties, and no library was at hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

MEDIA_TYPE = "text/calendar; charset=utf-8"
OCTETS = 75
"""Longest line, without its end (RFC 5545 §3.1)."""
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """One day in a calendar."""

    uid: str
    """Stays the same when title or day change, so that calendars change the event instead of adding one: ``item-12-consultation``.
    `calendar` adds the domain."""
    day: date
    title: str
    link: str
    """Full address of the page about it."""
    description: str = ""


def calendar(events: Iterable[CalendarEvent], *, name: str, domain: str, now: datetime) -> str:
    """The calendar as text, to be served as `MEDIA_TYPE` in UTF-8.

    ``name``: shown by programs; ``domain``: of the site, completes the UIDs; ``now`` (aware): DTSTAMP. Lines end with CRLF and are folded
    at 75 octets, never within a character (§3.1); text is escaped (§3.3.11); days are DATE values, and such an event ends on the
    following day (§3.6.1). It does not mark anybody as busy (TRANSP, §3.8.2.7).
    """
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//gongkai//gongkai//ZH", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}", "REFRESH-INTERVAL;VALUE=DURATION:PT12H",
    ]  # fmt: skip
    for event in events:
        lines += [
            "BEGIN:VEVENT", f"UID:{event.uid}@{domain}", f"DTSTAMP:{stamp}", f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{event.day + timedelta(days=1):%Y%m%d}", f"SUMMARY:{_text(event.title)}",
            *([f"DESCRIPTION:{_text(event.description)}"] if event.description else []),
            f"URL:{event.link}", "TRANSP:TRANSPARENT", "END:VEVENT",
        ]  # fmt: skip
    return "".join(f"{_folded(line)}\r\n" for line in (*lines, "END:VCALENDAR"))


def _text(value: str) -> str:
    """A TEXT value: backslash, semicolon, comma and line ends escaped; control characters, which may not stand there, left out."""
    value = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return _CONTROL.sub("", re.sub("\r\n|\r|\n", "\\\\n", value))


def _folded(line: str) -> str:
    """The line in pieces of at most `OCTETS` octets of UTF-8; each piece but the first begins with a blank."""
    pieces, piece, size = [], "", 0
    for character in line:
        width = len(character.encode())
        if size + width > OCTETS:
            pieces.append(piece)
            piece, size = " ", 1
        piece, size = piece + character, size + width
    return "\r\n".join((*pieces, piece))
