"""Access: the whole table, role by role and action by action; 《条例》§4, §17, §46–47."""

from __future__ import annotations

from itertools import product

import pytest

from gongkai.rules.access import (
    ANY_BODY,
    OWN_BODY,
    Action,
    Actor,
    Principal,
    Role,
    Subject,
    can,
    grant_reasons,
    visible_organisations,
)
from gongkai.rules.states import State
from gongkai.rules.vocabulary import vocabulary

HOME, ELSEWHERE = 10, 20
BODY_ROLES = (Role.CLERK, Role.REVIEWER, Role.LEGALITY_REVIEWER, Role.SIGNER, Role.HEAD)
DRAFT_ONLY = (Action.EDIT, Action.ATTACH, Action.DELETE_DRAFT)

COLUMNS = tuple(Role)
# One column a role. y: in the body where the role is held; Y: in every body; b: there and in the bodies below; -: never.
TABLE = """
    view                   y y y y y Y Y
    create                 y y - y y - -
    edit                   y y - y y - -
    delete_draft           y y - - y - -
    attach                 y y - y y - -
    submit                 y y - y y - -
    send_back              - y y y y Y -
    approve                - y y - y - -
    record_secrecy_review  - y - y y - -
    sign                   - - - y y - -
    return_to_draft        y y - y y - -
    publish                y y - y y - -
    correct                y y - y y - -
    withdraw               - y - y y Y -
    relate                 y y - y y - -
    prepare_card           y y - y y - -
    publish_card           - y - y y - -
    import                 y y - - y - -
    export                 y y y y y Y Y
    manage_catalogue       - - - - - Y -
    edit_organisation      y y - - y - b
    manage_organisation    - - - - - - b
    manage_members         - - - - - - b
    view_audit             - - - - y Y Y
    reindex                - - - - - - Y
    view_search_report     - - - - - Y Y
    treat_search           - - - - - Y Y
    manage_popular_searches - - - - - Y Y
    manage_popularity      - - - - - Y -
    manage_dictionary      - - - - - Y Y
    manage_calendar        - - - - - Y Y
    dismiss_finding        y y - y y - -
    override_finding       - y - y y - -
    remark                 - y y y y Y -
    answer_remark          y y - y y - -
    manage_review_chain    - - - - - Y Y
    delegate               - y y y y - -
    manage_request_settings - - - y y y -
    supervise_requests     - - - - y Y -
    view_subscriptions     - - - - - Y Y
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


@pytest.mark.parametrize("action", [action for action in Action if EXPECTED[action, Role.ADMINISTRATOR] == "b"])
def test_an_administrator_reaches_the_bodies_below_his_and_one_of_the_district_all(action: Action) -> None:
    of_both = Actor(1, "张三", {HOME: frozenset({Role.ADMINISTRATOR})}, administers=frozenset({HOME, ELSEWHERE}))
    of_all = Actor(1, "张三", {HOME: frozenset({Role.ADMINISTRATOR})}, administers=None)
    assert can(of_both, action, Subject(ELSEWHERE)) and not can(of_both, action, Subject(ELSEWHERE + 1))
    assert can(of_all, action, Subject(ELSEWHERE + 1))


@pytest.mark.parametrize(
    ("whole", "to", "role", "codes", "reason"),
    [
        (True, 2, Role.ADMINISTRATOR, [], "an administrator of all makes another"),
        (True, 1, Role.CLERK, ["self_grant"], "nobody raises himself, not even a little"),
        (False, 2, Role.ADMINISTRATOR, [], "one for the same bodies"),
        (False, 2, Role.DISTRICT_OFFICE, ["reaches_all"], "the role would reach bodies that are not his"),
        (False, 1, Role.DISTRICT_OFFICE, ["self_grant", "reaches_all"], "both, said at once"),
    ],
)
def test_who_may_be_given_which_role(whole: bool, to: int, role: Role, codes: list[str], reason: str) -> None:
    giver = Actor(1, "张三", {HOME: frozenset({Role.ADMINISTRATOR})}, administers=None if whole else frozenset({HOME}))
    assert [one.code for one in grant_reasons(giver, to, role)] == codes, reason


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


def test_only_the_roles_of_the_review_step_pass_it() -> None:
    waiting = Subject(HOME, State.REVIEW, 9, frozenset({Role.LEGALITY_REVIEWER}))
    assert can(actor(Role.LEGALITY_REVIEWER), Action.APPROVE, waiting)
    (reason,) = can(actor(Role.HEAD), Action.APPROVE, waiting).reasons
    assert reason.message == "您的角色不能审核通过，请联系合法性审核办理。"
    assert can(actor(Role.HEAD), Action.SEND_BACK, waiting), "the step narrows nothing else"


BOSS = Principal(7, "赵六")
FOR_WHOM = [
    ({}, {Role.SIGNER}, (), "an own role"),
    ({Role.SIGNER: BOSS}, {Role.SIGNER}, (BOSS,), "a role held for the boss alone"),
    ({Role.SIGNER: BOSS}, {Role.SIGNER, Role.HEAD}, (), "an own role that does as well"),
]


@pytest.mark.parametrize(("delegated", "held", "principals", "why"), FOR_WHOM, ids=[row[3] for row in FOR_WHOM])
def test_who_acts_for_somebody_is_known(delegated, held, principals, why) -> None:
    person = Actor(1, "张三", {HOME: frozenset(held)}, {HOME: delegated})
    assert person.acting_for(HOME, OWN_BODY[Action.SIGN]) == principals, why
    assert person.acting_for(ELSEWHERE, OWN_BODY[Action.SIGN]) == ()
