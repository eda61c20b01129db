"""有效性: computed for any day from dates and acts; 国办发〔2018〕115号, 国办发〔2017〕47号."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.rules.validity import Act, ActKind, Status, ValidityFacts, next_change, validity_on

D = date
AMENDED_IN_MAY = Act(ActKind.AMENDS, D(2024, 5, 1), "谯政办〔2024〕9号")
REPEALED_IN_JULY = Act(ActKind.REPEALS, D(2024, 7, 1), "谯政办〔2024〕20号")
REPLACED_IN_JULY = Act(ActKind.REPLACES, D(2024, 7, 1), "谯政办〔2024〕21号")
INVALID_IN_AUGUST = Act(ActKind.DECLARES_INVALID, D(2024, 8, 1), "谯政〔2024〕30号")
TERM = ValidityFacts(D(2022, 1, 1), D(2024, 12, 31))
OPEN = ValidityFacts(D(2022, 1, 1), None)


def with_acts(facts: ValidityFacts, *acts: Act) -> ValidityFacts:
    return ValidityFacts(facts.effective_from, facts.expires_on, acts)


CASES = [
    # facts, day, status, since, until, why
    (OPEN, D(2021, 12, 31), Status.NOT_YET_EFFECTIVE, None, D(2021, 12, 31), "the day before it takes effect"),
    (OPEN, D(2022, 1, 1), Status.IN_FORCE, D(2022, 1, 1), None, "in force on its first day"),
    (TERM, D(2024, 12, 31), Status.IN_FORCE, D(2022, 1, 1), D(2024, 12, 31), "in force on the last day of the term"),
    (TERM, D(2025, 1, 1), Status.EXPIRED, D(2025, 1, 1), None, "expired from the day after"),
    (ValidityFacts(None, None), D(2000, 1, 1), Status.IN_FORCE, None, None, "no dates: in force, no known beginning"),
    (with_acts(TERM, AMENDED_IN_MAY), D(2024, 4, 30), Status.IN_FORCE, D(2022, 1, 1), D(2024, 4, 30), "act to come"),
    (
        with_acts(TERM, AMENDED_IN_MAY),
        D(2024, 5, 1),
        Status.AMENDED,
        D(2024, 5, 1),
        D(2024, 12, 31),
        "on the act's day",
    ),
    (
        with_acts(TERM, AMENDED_IN_MAY),
        D(2025, 1, 1),
        Status.EXPIRED,
        D(2025, 1, 1),
        None,
        "an amendment does not prolong",
    ),
    (
        with_acts(OPEN, Act(ActKind.AMENDS, D(2021, 6, 1), "甲")),
        D(2021, 7, 1),
        Status.NOT_YET_EFFECTIVE,
        None,
        D(2021, 12, 31),
        "amended before it takes effect: still not in force",
    ),
    (
        with_acts(TERM, REPEALED_IN_JULY),
        D(2024, 7, 1),
        Status.REPEALED,
        D(2024, 7, 1),
        None,
        "repealed on the act's day",
    ),
    (with_acts(TERM, REPLACED_IN_JULY), D(2024, 7, 1), Status.REPEALED, D(2024, 7, 1), None, "替代 ends the old text"),
    (
        with_acts(TERM, INVALID_IN_AUGUST),
        D(2025, 6, 1),
        Status.DECLARED_INVALID,
        D(2024, 8, 1),
        None,
        "宣布失效 stays after the term has ended as well",
    ),
    (
        with_acts(TERM, REPEALED_IN_JULY, INVALID_IN_AUGUST),
        D(2024, 9, 1),
        Status.REPEALED,
        D(2024, 7, 1),
        None,
        "a dead document cannot be ended again: the first ending counts",
    ),
    (
        with_acts(TERM, AMENDED_IN_MAY, REPEALED_IN_JULY),
        D(2024, 7, 2),
        Status.REPEALED,
        D(2024, 7, 1),
        None,
        "repealed outranks amended",
    ),
    (
        with_acts(TERM, Act(ActKind.REPEALS, D(2025, 6, 1), "甲")),
        D(2025, 3, 1),
        Status.EXPIRED,
        D(2025, 1, 1),
        D(2025, 5, 31),
        "expired until it is repealed as well",
    ),
    (
        with_acts(OPEN, Act(ActKind.REPEALS, D(2021, 6, 1), "甲")),
        D(2022, 2, 1),
        Status.REPEALED,
        D(2021, 6, 1),
        None,
        "repealed before it ever took effect",
    ),
]


@pytest.mark.parametrize(("facts", "day", "status", "since", "until", "why"), CASES, ids=[row[5] for row in CASES])
def test_validity_follows_from_dates_and_acts(
    facts: ValidityFacts, day: date, status: Status, since: date | None, until: date | None, why: str
) -> None:
    validity = validity_on(day, facts)
    assert (validity.status, validity.since, validity.until) == (status, since, until), why


EXPLANATIONS = [
    (OPEN, D(2021, 1, 1), "自2022年1月1日起施行，目前尚未生效。"),
    (OPEN, D(2023, 1, 1), "自2022年1月1日起施行，现行有效。"),
    (ValidityFacts(None, None), D(2023, 1, 1), "现行有效。"),
    (TERM, D(2023, 1, 1), "自2022年1月1日起施行，现行有效，有效期至2024年12月31日。"),
    (TERM, D(2025, 1, 1), "有效期至2024年12月31日，已届满，自动失效。"),
    (
        with_acts(TERM, AMENDED_IN_MAY),
        D(2024, 6, 1),
        "自2024年5月1日起被谯政办〔2024〕9号修改，按修改后的内容执行，有效期至2024年12月31日。",
    ),
    (with_acts(TERM, REPEALED_IN_JULY), D(2024, 7, 1), "自2024年7月1日起被谯政办〔2024〕20号废止。"),
    (with_acts(TERM, REPLACED_IN_JULY), D(2024, 7, 1), "自2024年7月1日起被谯政办〔2024〕21号替代，同时废止。"),
    (with_acts(TERM, INVALID_IN_AUGUST), D(2024, 8, 1), "自2024年8月1日起被谯政〔2024〕30号宣布失效。"),
]


@pytest.mark.parametrize(("facts", "day", "sentence"), EXPLANATIONS, ids=[row[2] for row in EXPLANATIONS])
def test_the_explanation_names_the_act_and_the_date(facts: ValidityFacts, day: date, sentence: str) -> None:
    assert validity_on(day, facts).explanation == sentence


def test_the_latest_amendment_is_the_one_shown_but_the_status_dates_from_the_first() -> None:
    later = Act(ActKind.AMENDS, D(2024, 9, 1), "谯政办〔2024〕40号", by_id=7)
    validity = validity_on(D(2024, 10, 1), with_acts(OPEN, later, AMENDED_IN_MAY))
    assert validity.act == later
    assert validity.since == AMENDED_IN_MAY.on


def test_of_two_endings_on_one_day_the_answer_does_not_depend_on_their_order() -> None:
    one = with_acts(OPEN, REPEALED_IN_JULY, REPLACED_IN_JULY)
    other = with_acts(OPEN, REPLACED_IN_JULY, REPEALED_IN_JULY)
    assert validity_on(D(2024, 8, 1), one) == validity_on(D(2024, 8, 1), other)


def test_a_term_to_the_end_of_the_calendar_never_expires() -> None:
    assert validity_on(date.max, ValidityFacts(None, date.max)).status is Status.IN_FORCE


def test_only_in_force_and_amended_documents_bind() -> None:
    assert {status for status in Status if status.valid} == {Status.IN_FORCE, Status.AMENDED}
    labels = ["现行有效", "已修改", "失效", "废止", "宣布失效", "尚未生效"]
    assert [status.label for status in Status] == labels


DAYS = st.dates(D(2020, 1, 1), D(2020, 3, 31))
ACTS = st.builds(Act, st.sampled_from(ActKind), DAYS, st.just("谯政办〔2020〕1号"))
FACTS = st.builds(ValidityFacts, st.none() | DAYS, st.none() | DAYS, st.lists(ACTS, max_size=4).map(tuple))
FINAL = {Status.REPEALED, Status.DECLARED_INVALID}


@given(FACTS, DAYS)
def test_the_next_change_is_the_first_day_the_status_differs(facts: ValidityFacts, day: date) -> None:
    change = next_change(facts, day)
    status = validity_on(day, facts).status
    horizon = change or D(2020, 6, 1)
    walked = day + timedelta(days=1)
    while walked < horizon:
        assert validity_on(walked, facts).status is status
        walked += timedelta(days=1)
    if change is not None:
        assert change > day
        assert validity_on(change, facts).status is not status


@given(FACTS, DAYS)
def test_since_and_until_enclose_the_day_and_are_as_wide_as_can_be(facts: ValidityFacts, day: date) -> None:
    validity = validity_on(day, facts)
    step = timedelta(days=1)
    if validity.since is not None:
        assert validity.since <= day
        assert validity_on(validity.since, facts).status is validity.status
        assert validity_on(validity.since - step, facts).status is not validity.status
    else:
        assert validity_on(D(1990, 1, 1), facts).status is validity.status
    if validity.until is not None:
        assert day <= validity.until
        assert validity_on(validity.until + step, facts).status is not validity.status
    else:
        assert validity_on(D(2090, 1, 1), facts).status is validity.status


@given(FACTS, DAYS, DAYS)
def test_what_has_been_ended_never_comes_back(facts: ValidityFacts, first: date, second: date) -> None:
    earlier, later = sorted((first, second))
    if validity_on(earlier, facts).status in FINAL:
        assert validity_on(later, facts).status is validity_on(earlier, facts).status


@given(FACTS, DAYS)
def test_the_order_of_the_acts_does_not_matter(facts: ValidityFacts, day: date) -> None:
    backwards = ValidityFacts(facts.effective_from, facts.expires_on, facts.acts[::-1])
    assert validity_on(day, backwards).status is validity_on(day, facts).status
