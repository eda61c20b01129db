"""《条例》§31: which day an application counts as received, by how it came."""

from datetime import date, timedelta

import pytest

from gongkai.rules.receipt import Channel, day_of_receipt, receipt_reasons

POSTED, SIGNED = date(2026, 3, 2), date(2026, 3, 5)


@pytest.mark.parametrize(
    ("channel", "day", "reason"),
    [
        (Channel.COUNTER, POSTED, "handed over: that day"),
        (Channel.ORAL, POSTED, "written down and agreed to: that day"),
        (Channel.POST, SIGNED, "signed for: not the day of the postmark"),
        (Channel.PLAIN_LETTER, None, "not before the body confirmed with the applicant"),
        (Channel.FAX, None, "not before both confirmed"),
        (Channel.ONLINE, None, "not before both confirmed"),
    ],
)
def test_the_day_of_receipt_follows_from_how_it_came(channel, day, reason):
    assert day_of_receipt(channel, POSTED, SIGNED) == day, reason
    assert channel.rule.needs_confirmation == (day is None)


@pytest.mark.parametrize(
    ("received", "code"),
    [
        (None, "received_on"),
        (POSTED - timedelta(days=1), "received_before_submitted"),
        (POSTED, None),
        (SIGNED, None),
        (SIGNED + timedelta(days=1), "received_on"),
    ],
)
def test_a_letter_is_not_received_before_it_was_posted_nor_after_today(received, code):
    found = [reason.code for reason in receipt_reasons(Channel.POST, received, POSTED, SIGNED)]
    assert found == ([code] if code else [])
