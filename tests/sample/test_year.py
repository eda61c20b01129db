"""The items of the sample year: deterministic, distinct, well connected, and free of anything that looks like a person's number."""

import re
from collections import Counter
from datetime import date
from itertools import islice

import pytest

from gongkai.policies.cards import TYPED
from gongkai.rules import document_number
from gongkai.rules.policy_card import check_card, check_matters
from gongkai.rules.publication import State
from gongkai.rules.relations import RELATION_TYPES, RelationKind
from gongkai.rules.validity import Act, ActKind, Status, ValidityFacts, next_change, validity_on
from gongkai.rules.vocabulary import vocabulary
from gongkai.sample.bodies import by_code
from gongkai.sample.catalogue import rows_by_code
from gongkai.sample.content.grammar import Template
from gongkai.sample.records import SampleItem
from gongkai.sample.year import hand_made, items
from gongkai.text.comparison import compare
from gongkai.text.html_text import html_to_text
from gongkai.text.outline import outline

TODAY = date(2026, 11, 23)
_TAG = re.compile(r"<[^>]+>|\s")


@pytest.fixture(scope="module")
def made() -> list[SampleItem]:
    return list(items(TODAY))


def _texts(item: SampleItem) -> str:
    cells = " ".join(str(cell) for a in item.attachments for row in a.rows for cell in row)
    return " ".join((item.title, item.summary, item.body_html, item.enquiry_phone, cells))


def _facts(item: SampleItem, everything: list[SampleItem]) -> ValidityFacts:
    acts = [
        Act(act, relation.effective_on, other.document_number)
        for other in everything
        for relation in other.relations
        if relation.key == item.key
        and (act := RELATION_TYPES[RelationKind(relation.kind)].act) is not None
        and relation.effective_on
    ]
    return ValidityFacts(item.effective_from, item.expires_on, tuple(acts))


def test_the_same_day_and_seed_give_the_same_items(made: list[SampleItem]) -> None:
    hand_made.cache_clear()
    assert list(items(TODAY)) == made
    assert [item.body_html for item in items(TODAY, seed=7)] != [item.body_html for item in made]


@pytest.mark.parametrize("day", [date(2026, 3, 2), date(2027, 1, 4), date(2028, 2, 29), date(2026, 12, 31)])
def test_the_sample_can_be_made_on_any_day_and_never_publishes_in_the_future(day: date) -> None:
    late = [item.key for item in items(day) if item.published_on.date() >= day and item.state not in ("scheduled",)]
    assert late == []


def test_keys_titles_and_numbers_are_unique(made: list[SampleItem]) -> None:
    for values in (
        [i.key for i in made],
        [i.title for i in made],
        [i.document_number for i in made if i.document_number],
    ):
        assert [value for value, number in Counter(values).items() if number > 1] == []


def test_there_is_a_whole_year_of_every_kind(made: list[SampleItem]) -> None:
    kinds = Counter(item.kind for item in made)
    assert 370 <= len(made) <= 430
    assert kinds["policy_document"] >= 120
    assert kinds["interpretation"] >= 60
    assert kinds["press_conference"] == 12
    assert set(kinds) == {term.code for term in vocabulary("item_kinds").terms} - {"other"}


def test_every_number_is_written_by_the_standard(made: list[SampleItem]) -> None:
    wrong = {i.document_number: document_number.check(i.document_number) for i in made if i.document_number}
    assert {number: reasons for number, reasons in wrong.items() if reasons} == {}


def test_numbers_of_one_mark_and_year_rise_with_their_dates(made: list[SampleItem]) -> None:
    last: dict[tuple[str, int | None], int] = {}
    for item in sorted((i for i in made if i.document_number), key=lambda i: (i.document_date or TODAY, i.key)):
        number = document_number.parse(item.document_number)
        assert number is not None
        assert number.number > last.get((number.mark, number.year), 0), item.document_number
        last[number.mark, number.year] = number.number


def test_every_code_belongs_to_its_vocabulary(made: list[SampleItem]) -> None:
    for item in made:
        assert item.kind in vocabulary("item_kinds")
        assert item.genre in vocabulary("genres")
        assert all(code in vocabulary("subjects") for code in item.subjects) and item.subjects, item.key
        assert all(code in vocabulary("audiences") for code in item.audiences), item.key
        assert all(code in vocabulary("life_cycle_person") for code in item.life_cycle_person)
        assert all(code in vocabulary("life_cycle_enterprise") for code in item.life_cycle_enterprise)
        assert not item.withdrawal_reason or item.withdrawal_reason in vocabulary("withdrawal_reasons")
        assert State(item.state)
        assert item.body_code in by_code()
        assert item.catalogue_rows and all(rows_by_code()[code].is_leaf for code in item.catalogue_rows), item.key


def test_relations_point_to_items_made_before_and_acts_carry_their_day(made: list[SampleItem]) -> None:
    seen = set()
    for item in sorted(made, key=lambda i: (i.kind != "policy_document", i.document_date or TODAY)):
        for relation in item.relations:
            kind = RelationKind(relation.kind)
            assert relation.key in {other.key for other in made} and relation.key != item.key
            assert (RELATION_TYPES[kind].act is None) == (relation.effective_on is None)
            if item.kind == "policy_document":
                assert relation.key in seen, f"{item.key} acts on a later document"
        seen.add(item.key)


def test_every_validity_status_occurs_and_some_documents_are_about_to_expire(made: list[SampleItem]) -> None:
    policies = [item for item in made if item.kind == "policy_document"]
    facts = {item.key: _facts(item, policies) for item in policies}
    statuses = Counter(validity_on(TODAY, fact).status for fact in facts.values())
    assert set(statuses) == set(Status)
    kinds = {act.kind for fact in facts.values() for act in fact.acts}
    assert kinds == set(ActKind)
    soon = [
        key
        for key, fact in facts.items()
        if fact.expires_on and (change := next_change(fact, TODAY)) and (change - TODAY).days <= 30
    ]
    assert len(soon) >= 2


def test_a_normative_document_without_interpretation_says_why_or_is_older_than_the_rule(made: list[SampleItem]) -> None:
    interpreted = {relation.key for item in made for relation in item.relations if relation.kind == "interprets"}
    bare = [item for item in made if item.normative and item.key not in interpreted]
    explained = {item.key for item in bare if item.interpretation_note}
    assert explained == {item.key for item in made if item.interpretation_note}
    assert {"repeal-decision-1", "clean-up-1"} == explained
    assert all(item.document_date and item.document_date.year < 2023 for item in bare if item.key not in explained)


def test_a_public_notice_has_its_result_and_a_consultation_its_feedback(made: list[SampleItem]) -> None:
    closed = {
        relation.key for item in made for relation in item.relations if relation.kind in ("results_of", "feedback_to")
    }
    openers = {item.key for item in made if item.kind in ("pre_notice", "public_consultation")}
    assert openers == closed


def test_nothing_looks_like_the_number_of_a_person_or_an_account(made: list[SampleItem]) -> None:
    person = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|\d{15}|\d{17}[\dXx]|\d{13,19})(?!\d)")
    assert [(item.key, person.findall(_texts(item))) for item in made if person.search(_texts(item))] == []


def test_no_trace_of_the_grammar_is_left_in_a_text(made: list[SampleItem]) -> None:
    trace = re.compile(r"[{}@]|\|\||(?<![\w])~ |\? ")
    wrong = [(item.key, trace.findall(_texts(item).replace("@qiaocheng.example", ""))) for item in made]
    assert [entry for entry in wrong if entry[1]] == []


def test_no_two_bodies_are_more_than_nine_tenths_alike(made: list[SampleItem]) -> None:
    def shingles(item: SampleItem) -> frozenset[str]:
        text = _TAG.sub("", item.body_html)
        return frozenset(text[i : i + 3] for i in range(len(text) - 2))

    sets = [(item.key, shingles(item)) for item in made]
    alike = [
        (a, b)
        for i, (a, first) in enumerate(sets)
        for b, second in sets[:i]
        if 2 * len(first & second) > 0.9 * (len(first) + len(second))
    ]
    assert alike == []


def test_withdrawn_and_corrected_items_say_why(made: list[SampleItem]) -> None:
    assert {item.state for item in made} == {"draft", "review", "sign_off", "scheduled", "published", "withdrawn"}
    assert all(item.withdrawal_reason and item.withdrawal_note for item in made if item.state == "withdrawn")
    corrected = [item for item in made if item.earlier_editions]
    assert {len(item.earlier_editions) for item in corrected} == {1, 2}
    for item in corrected:
        times = [edition.published_on for edition in item.earlier_editions] + [item.published_on]
        assert times == sorted(times)
        assert all(edition.change_note and edition.body_html != item.body_html for edition in item.earlier_editions)
        texts = [html_to_text(edition.body_html) for edition in item.earlier_editions] + [html_to_text(item.body_html)]
        assert compare(texts[-2], texts[-1]).has_changes, f"{item.key}: the last correction changed the text"


def test_many_items_start_with_the_hand_made_ones_and_stay_distinct(made: list[SampleItem]) -> None:
    many = list(items(TODAY, 4000))
    assert len(many) == 4000
    assert many[: len(made)] == made
    assert len({item.key for item in many}) == len({item.title for item in many}) == 4000
    numbers = [item.document_number for item in many if item.document_number]
    assert len(set(numbers)) == len(numbers)
    assert len({item.body_html for item in many}) == 4000
    assert {item.body_code for item in many} == set(by_code())
    assert list(islice(items(TODAY, 10), 20)) == made[:10]


@pytest.mark.parametrize(
    ("source", "expected", "reason"),
    [
        ("{a:5-5}元，共{a}元", "5元，共5元", "a drawn value keeps its name"),
        ("{x|x}", "x", "one of the wordings"),
        ("{17:30|17:30}", "17:30", "a time of day is no named value"),
        ("第一条　甲\n第三条　乙", "第一条　甲\n第二条　乙", "numbered lines have no gaps"),
        (
            "一、甲\n（一）子\n（二）丑\n二、乙\n（一）寅",
            "一、甲\n（一）子\n（二）丑\n二、乙\n（一）寅",
            "lists start anew",
        ),
    ],
)
def test_the_grammar(source: str, expected: str, reason: str) -> None:
    from random import Random

    assert Template(source).render({}, Random(1)) == expected, reason


def test_the_ways_to_services_are_plain_addresses_that_lead_nowhere(made: list[SampleItem]) -> None:
    ways = [card.service_url for item in made for card in item.cards if card.service_url]
    assert len(ways) >= 8
    assert all(re.fullmatch(r"https://[a-z]+\.example\.invalid/guide/[a-z-]+", way) for way in ways)
    assert any(not card.service_url for item in made for card in item.cards), "not everything is handled online"


def test_every_condition_of_a_card_is_a_sentence_of_its_document(made):
    """What the product asks of a card before it is published (`policies.conditions.text_reasons`)."""
    found = 0
    for item in made:
        text = "".join(re.sub(r"<[^>]+>", "", item.body_html).split())
        for clause in (one for card in item.cards for one in card.conditions.get("clauses", ())):
            found += 1
            assert "".join(clause["source"].split()) in text, (item.title, clause["source"])
    assert found >= 30


def test_the_matters_of_a_document_have_names_of_their_own_and_rest_on_parts_it_has(made):
    several = [item for item in made if len(item.cards) > 1]
    assert len(several) >= 2
    for item in several:
        text = html_to_text(item.body_html)
        assert not [
            reason
            for card in item.cards
            for reason in check_card({name: getattr(card, name) for name in TYPED}, card.until)
        ]
        names = {number: card.matter_name for number, card in enumerate(item.cards, 1)}
        for number, name in names.items():
            assert check_matters(number, name, {other: one for other, one in names.items() if other != number}) == []
        assert {card.basis for card in item.cards} <= {part.label for part in outline(text)}, item.title
