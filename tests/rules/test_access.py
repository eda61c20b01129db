"""Access: the whole table, role by role and action by action; 《条例》§4, §17, §46–47."""

from __future__ import annotations

from itertools import product

import pytest

from gongkai.rules.access import ANY_BODY, OWN_BODY, Action, Actor, Role, Subject, can, visible_organisations
from gongkai.rules.states import State
from gongkai.rules.vocabulary import vocabulary

HOME, ELSEWHERE = 10, 20
BODY_ROLES = (Role.CLERK, Role.REVIEWER, Role.SIGNER, Role.HEAD)
DRAFT_ONLY = (Action.EDIT, Action.ATTACH, Action.DELETE_DRAFT)

COLUMNS = (Role.CLERK, Role.REVIEWER, Role.SIGNER, Role.HEAD, Role.DISTRICT_OFFICE, Role.ADMINISTRATOR)
# One column a role. y: in the body where the role is held; Y: in every body; -: never.
TABLE = """
    view                   y y y y Y Y
    create                 y y y y - -
    edit                   y y y y - -
    delete_draft           y y - y - -
    attach                 y y y y - -
    submit                 y y y y - -
    send_back              - y y y Y -
    approve                - y - y - -
    record_secrecy_review  - y y y - -
    sign                   - - y y - -
    return_to_draft        y y y y - -
    publish                y y y y - -
    correct                y y y y - -
    withdraw               - y y y Y -
    relate                 y y y y - -
    import                 y y - y - -
    export                 y y y y Y Y
    manage_catalogue       - - - - Y -
    edit_organisation      y y - y - Y
    manage_organisation    - - - - - Y
    manage_members         - - - - - Y
    view_audit             - - - y Y Y
    reindex                - - - - - Y
"""
EXPECTED = {
    (Action(name), role): mark
    for name, *marks in (line.split() for line in TABLE.strip().splitlines())
    for role, mark in zip(COLUMNS, marks, strict=True)
}


def actor(role: Role, body: int = HOME) -> Actor:
    return Actor(1, "张三", {body: frozenset({role})})


@pytest.mark.parametrize(("action", "role"), list(product(Action, Role)))
def test_a_role_in_its_own_body_may_do_exactly_this(action: Action, role: Role) -> None:
    assert can(actor(role), action, Subject(HOME)).allowed == (EXPECTED[action, role] != "-")


@pytest.mark.parametrize(("action", "role"), list(product(Action, Role)))
def test_a_role_in_another_body_may_do_exactly_this(action: Action, role: Role) -> None:
    assert can(actor(role), action, Subject(ELSEWHERE)).allowed == (EXPECTED[action, role] == "Y")


@pytest.mark.parametrize(("action", "role"), list(product(Action, BODY_ROLES)))
def test_a_foreign_object_is_refused_without_saying_anything_about_it(action: Action, role: Role) -> None:
    decision = can(actor(role), action, Subject(ELSEWHERE, State.DRAFT, author_id=1))
    assert decision.foreign
    assert [reason.code for reason in decision.reasons] == ["foreign"]


@pytest.mark.parametrize("action", Action)
def test_somebody_without_any_role_sees_nothing(action: Action) -> None:
    nobody = Actor(1, "李四")
    assert can(nobody, action, Subject(HOME)).foreign
    assert visible_organisations(nobody) == frozenset()


@pytest.mark.parametrize(("action", "state"), list(product(DRAFT_ONLY, State)))
def test_content_changes_only_as_a_draft(action: Action, state: State) -> None:
    decision = can(actor(Role.HEAD), action, Subject(HOME, state))
    assert decision.allowed == (state is State.DRAFT)
    assert decision.allowed or [reason.code for reason in decision.reasons] == ["not_draft"]


def test_roles_of_one_person_in_several_bodies_do_not_mix() -> None:
    person = Actor(1, "王五", {HOME: frozenset({Role.CLERK}), ELSEWHERE: frozenset({Role.SIGNER})})
    assert can(person, Action.SIGN, Subject(ELSEWHERE))
    assert not can(person, Action.SIGN, Subject(HOME))
    assert visible_organisations(person) == {HOME, ELSEWHERE}


VISIBLE = [
    (Role.CLERK, frozenset({HOME}), "own body"),
    (Role.HEAD, frozenset({HOME}), "own body"),
    (Role.DISTRICT_OFFICE, None, "all bodies"),
    (Role.ADMINISTRATOR, None, "all bodies"),
]


@pytest.mark.parametrize(("role", "bodies", "why"), VISIBLE, ids=[row[0] for row in VISIBLE])
def test_lists_show_the_same_bodies_as_single_objects(role: Role, bodies: frozenset[int] | None, why: str) -> None:
    assert visible_organisations(actor(role)) == bodies, why
    assert can(actor(role), Action.VIEW, Subject(ELSEWHERE)).allowed == (bodies is None)


def test_a_refusal_names_who_can_help() -> None:
    (reason,) = can(actor(Role.CLERK), Action.SIGN, Subject(HOME)).reasons
    assert reason.code == "role"
    assert "签发" in reason.message
    assert "单位负责人" in reason.message


def test_things_of_the_whole_installation_are_for_roles_that_act_everywhere() -> None:
    everywhere = Subject(None)
    assert can(actor(Role.ADMINISTRATOR), Action.REINDEX, everywhere)
    assert can(actor(Role.ADMINISTRATOR), Action.MANAGE_ORGANISATION, everywhere)
    assert can(actor(Role.DISTRICT_OFFICE), Action.MANAGE_CATALOGUE, everywhere)
    assert not can(actor(Role.HEAD), Action.MANAGE_ORGANISATION, everywhere)
    assert not can(actor(Role.HEAD), Action.CREATE, everywhere)


def test_an_unknown_action_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="dance"):
        can(actor(Role.HEAD), "dance", Subject(HOME))


def test_the_tables_are_whole_and_what_holds_everywhere_holds_at_home() -> None:
    assert set(OWN_BODY) == set(Action)
    assert all(roles <= OWN_BODY[action] for action, roles in ANY_BODY.items())
    assert all(action.label for action in Action)


def test_the_roles_of_the_data_file_are_the_roles_of_the_program() -> None:
    assert {term.code: term.label for term in vocabulary("roles").terms} == {role.value: role.label for role in Role}
