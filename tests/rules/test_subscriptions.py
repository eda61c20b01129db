"""Until when a letter about a followed list reaches, and how long a refusal is waited out."""

from datetime import datetime, timedelta

import pytest

from gongkai.rules.subscriptions import Frequency, load, parameters
from gongkai.rules.vocabulary import VocabularyError, data_file

CASES = [
    ("immediate", "2026-11-25 07:59", "2026-11-25 07:50", "the last full ten minutes"),
    ("immediate", "2026-11-25 08:00", "2026-11-25 08:00", "on the dot"),
    ("daily", "2026-11-25 07:59", "2026-11-24 08:00", "not yet eight"),
    ("daily", "2026-11-25 08:00", "2026-11-25 08:00", "on the dot"),
    ("daily", "2026-01-01 00:01", "2025-12-31 08:00", "over the turn of the year"),
    ("weekly", "2026-11-25 09:00", "2026-11-23 08:00", "Wednesday: the Monday before"),
    ("weekly", "2026-11-23 08:00", "2026-11-23 08:00", "Monday at eight"),
    ("weekly", "2026-11-23 07:59", "2026-11-16 08:00", "Monday before eight"),
]


@pytest.mark.parametrize(("frequency", "now", "end", "reason"), CASES, ids=[case[3] for case in CASES])
def test_a_letter_reaches_to_a_fixed_moment(frequency, now, end, reason):
    moment = parameters().reaches_to(Frequency(frequency), datetime.fromisoformat(now))
    assert moment == datetime.fromisoformat(end), reason


def test_waits_grow_and_the_last_holds_on():
    waits = [parameters().wait_after(number) for number in range(1, 7)]
    assert waits == sorted(waits) and waits[-1] == waits[-2] and waits[0] == timedelta(minutes=10)


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ("immediate_minutes = 10", "immediate_minutes = 7", "immediate_minutes"),
        ("daily_hour = 8", "daily_hour = 24", "daily_hour"),
        ("weekly_day = 1", "weekly_day = true", "weekly_day"),
        ("lines = 50", "lines = 0", "lines"),
        ("[10, 60, 360, 1440]", "[60, 10]", "waits_minutes"),
        ("[10, 60, 360, 1440]", "[]", "waits_minutes"),
    ],
)
def test_a_faulty_file_is_refused_with_the_name_of_the_figure(tmp_path, old, new, name):
    text = data_file("subscriptions").read_text()
    assert old in text
    file = tmp_path / "subscriptions.toml"
    file.write_text(text.replace(old, new))
    with pytest.raises(VocabularyError, match=name):
        load(file)
