"""When a session ends and why, who needs a second factor, when a password is too old."""

from datetime import UTC, datetime, timedelta

import pytest

from gongkai.rules.access import Role
from gongkai.rules.sign_in import (
    Account,
    Ending,
    Limits,
    Session,
    ending,
    password_expired,
    remaining,
    second_factor_due,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LIMITS = Limits(timedelta(minutes=30), timedelta(hours=8))


def ago(**how: int) -> datetime:
    return NOON - timedelta(**how)


@pytest.mark.parametrize(
    ("started", "seen", "account", "only_one", "why", "reason"),
    [
        (ago(hours=1), ago(minutes=29), Account(), False, None, "a minute is left"),
        (ago(hours=1), ago(minutes=30), Account(), False, Ending.IDLE, "half an hour without doing anything"),
        (ago(hours=8), ago(minutes=1), Account(), False, Ending.TOO_LONG, "a whole day, however busy"),
        (ago(hours=1), ago(minutes=1), Account(ago(minutes=9), "not_me"), False, Ending.NOT_ME, "somebody ended all"),
        (
            ago(hours=1),
            ago(hours=1),
            Account(ago(minutes=9), "left_post"),
            False,
            Ending.LEFT_POST,
            "said before idleness",
        ),
        (ago(minutes=5), ago(minutes=1), Account(ago(minutes=9), "not_me"), False, None, "signed in since"),
        (
            ago(hours=1),
            ago(minutes=1),
            Account(ago(minutes=9), "nonsense"),
            False,
            Ending.ADMINISTRATOR,
            "no known reason",
        ),
        (ago(hours=1), ago(minutes=1), Account(newest="b"), False, None, "two at once are allowed"),
        (ago(hours=1), ago(minutes=1), Account(newest="b"), True, Ending.NEWER, "one only, and this is not the newest"),
        (ago(hours=1), ago(minutes=1), Account(newest="a"), True, None, "one only, and this is it"),
    ],
)
def test_a_session_ends_for_this_reason(started, seen, account, only_one, why, reason):
    limits = Limits(LIMITS.idle, LIMITS.longest, only_one)
    assert ending(Session(started, seen, "a"), account, limits, NOON) == why, reason


def test_what_is_left_is_the_shorter_of_both_and_never_negative():
    assert remaining(Session(ago(hours=1), ago(minutes=10), ""), LIMITS, NOON) == timedelta(minutes=20)
    assert remaining(Session(ago(hours=7, minutes=55), ago(minutes=1), ""), LIMITS, NOON) == timedelta(minutes=5)
    assert remaining(Session(ago(hours=9), ago(hours=2), ""), LIMITS, NOON) == timedelta(0)


@pytest.mark.parametrize(
    ("roles", "since", "grace", "due", "reason"),
    [
        ({Role.CLERK}, None, 0, False, "a clerk puts nothing before the public"),
        *(({role}, None, 0, True, "may review, sign or manage") for role in set(Role) - {Role.CLERK}),
        ({Role.CLERK, Role.HEAD}, ago(days=2), 3, False, "within the days of grace"),
        ({Role.HEAD}, ago(days=3), 3, True, "the days are over"),
        ({Role.HEAD}, ago(days=1), 0, True, "there are none"),
    ],
)
def test_who_must_set_up_a_second_factor(roles, since, grace, due, reason):
    assert second_factor_due(roles, since, timedelta(days=grace), NOON) is due, reason


@pytest.mark.parametrize(
    ("changed", "days", "expired", "reason"),
    [
        (ago(days=89), 90, False, "a day is left"),
        (ago(days=90), 90, True, "ninety days"),
        (None, 90, True, "nobody knows when"),
        (ago(days=9999), 0, False, "the operator wants no end"),
    ],
)
def test_a_password_ends(changed, days, expired, reason):
    assert password_expired(changed, timedelta(days=days), NOON) is expired, reason
