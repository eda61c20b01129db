"""The standing guard of the office: every address × every role × own and foreign objects.

An address that is not in the table fails the suite, so that nobody adds a page without saying who may use it. Run with `-s` to see
the matrix; `matrix_markdown` renders it for `docs/domain/isolation-matrix.md`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from io import BytesIO

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.calendars.models import CalendarChange, CalendarYear
from gongkai.disclosure import actions
from gongkai.disclosure.models import Edition, Item
from gongkai.foi import documents
from gongkai.organisations.models import Organisation, User
from gongkai.review.models import Remark, ReviewChain
from gongkai.rules.access import Actor, Role
from gongkai.rules.calendar_import import as_data
from gongkai.rules.relations import RelationKind
from tests import factories
from tests.calendars.makers import year_2027
from tests.foi.makers import Desk
from tests.guards.addresses import addresses
from tests.tables.makers import uploaded
from tests.text.tables.makers import record

C, R, L, S, H, D, A = Role
EVERYBODY = frozenset(Role)
WRITERS = frozenset({C, R, S, H})
BODILY = (C, R, L, S, H)
"""Roles that see their own body only."""
OVERSEERS = (D, A)
"""Roles that see every body."""

OPEN, REFUSED, MISSING, LOGIN = "可办", "拒绝", "404", "登录"
_OUTCOMES = {200: OPEN, 302: OPEN, 409: OPEN, 422: OPEN, 403: REFUSED, 404: MISSING}


@dataclass(frozen=True, slots=True)
class Rule:
    """How one address treats roles. `allowed`: roles for whom it works on an object of their own body (or without object)."""

    allowed: frozenset[Role]
    arguments: Callable[["World"], dict[str, object]] | None = None
    """Makes the address's arguments from a world; None: the address names no object."""
    post: bool = False
    anywhere: frozenset[Role] = frozenset()
    """Roles for whom it works on an object of any body."""
    hidden_from: frozenset[Role] = frozenset()
    """Roles to whom even an object of their own body is not there (people, for those who manage nobody)."""
    hidden_abroad: frozenset[Role] = frozenset()
    """Roles to whom the object is there in their own body (and below it), but not elsewhere."""
    public_object: bool = False
    """The object is shared by all bodies (a vocabulary, a catalogue), so it cannot be foreign."""


@dataclass(frozen=True, slots=True)
class World:
    """One body with everything in it that an address can name."""

    body: Organisation
    draft: Item
    published: Item
    attachment_id: int
    relation_id: int
    person: User
    row_id: int
    catalogue_id: int
    searched_id: int
    exclusion_id: int
    popularity_id: int
    topic_id: int
    exemplary_id: int
    archived_topic_id: int
    group_id: int
    finding_id: int
    picture: str
    remark_id: int
    chain_id: int
    delegation_id: int
    case_id: int
    ended_case_id: int
    letter_id: int
    case_document_id: int
    calendar_id: int
    calendar_change_id: int


def _draft(world: World) -> dict[str, object]:
    return {"item_id": world.draft.pk}


def _group(world: World) -> dict[str, object]:
    return {"group_id": world.group_id}


def _finding(world: World) -> dict[str, object]:
    return {"item_id": world.draft.pk, "finding_id": world.finding_id}


def _published(world: World) -> dict[str, object]:
    return {"item_id": world.published.pk}


def _compared_file(world: World) -> dict[str, object]:
    return {"item_id": world.published.pk, "number": 1, "other": 2, "extension": "docx"}


def _case(world: World) -> dict[str, object]:
    return {"case_id": world.case_id}


def _ended_case(world: World) -> dict[str, object]:
    return {"case_id": world.ended_case_id}


def _letter(world: World) -> dict[str, object]:
    return {"case_id": world.case_id, "letter_id": world.letter_id}


def _case_document(world: World) -> dict[str, object]:
    return {"case_id": world.case_id, "document_id": world.case_document_id}


def _body(world: World) -> dict[str, object]:
    return {"organisation_id": world.body.pk}


def _version(world: World) -> dict[str, object]:
    return {"version_id": world.calendar_id}


def _change(world: World) -> dict[str, object]:
    return {"change_id": world.calendar_change_id}


def _topic(world: World) -> dict[str, object]:
    return {"topic_id": world.topic_id}


def _person(world: World) -> dict[str, object]:
    return {"user_id": world.person.pk}


_PEOPLE = Rule(frozenset({A}), _person, hidden_from=EVERYBODY - {A}, hidden_abroad=EVERYBODY)
_PEOPLE_POST = Rule(frozenset({A}), _person, True, hidden_from=EVERYBODY - {A}, hidden_abroad=EVERYBODY)
"""An administrator of a body (not of the district government: `tests/organisations`) manages the people of it and of those below."""
_SEES = frozenset({D, A})
_REVIEWERS = frozenset({R, L, S, H, D})
_TOPICS, _PUBLISHES_TOPICS = frozenset({C, R, S, H, D}), frozenset({R, S, H, D})
_CASES = EVERYBODY - {A}
"""Cases are not for the administrators of the system to read (《个人信息保护法》§6)."""
_DESK = frozenset({C, R, S, H, D})
_D, _A = frozenset({D}), frozenset({A})
_DICTIONARY = Rule(_SEES, lambda w: {"dictionary": "synonyms"}, public_object=True)

OFFICE: dict[str, Rule] = {
    "office:home": Rule(EVERYBODY),
    "office:tasks": Rule(EVERYBODY, lambda w: {"code": "drafts"}, public_object=True),
    "office:body-loads": Rule(frozenset({H, D, A})),
    "office:body-loads-csv": Rule(frozenset({H, D, A})),
    "office:digest": Rule(EVERYBODY),
    "office:items": Rule(EVERYBODY),
    "office:item-create": Rule(WRITERS),
    "office:paste": Rule(WRITERS, post=True),
    "office:item": Rule(EVERYBODY, _draft, anywhere=_SEES),
    "office:item-edit": Rule(WRITERS, _draft),
    "office:edition": Rule(EVERYBODY, lambda w: {**_published(w), "number": 1}, anywhere=_SEES),
    "office:comparison": Rule(EVERYBODY, lambda w: {**_published(w), "number": 1, "other": 2}, anywhere=_SEES),
    "office:comparison-document": Rule(EVERYBODY, _compared_file, anywhere=_SEES),
    "office:attachment": Rule(EVERYBODY, lambda w: {**_draft(w), "attachment_id": w.attachment_id}, anywhere=_SEES),
    "office:item-attach": Rule(WRITERS, _draft, True),
    "office:item-detach": Rule(WRITERS, lambda w: {**_draft(w), "attachment_id": w.attachment_id}, True),
    "office:items-bulk": Rule(EVERYBODY, post=True),
    "office:item-copy": Rule(WRITERS, _draft, True),
    "office:item-preview": Rule(EVERYBODY, _draft, anywhere=_SEES),
    "office:item-preview-page": Rule(EVERYBODY, _draft, anywhere=_SEES),
    "office:item-autosave": Rule(WRITERS, _draft, True),
    "office:item-picture": Rule(WRITERS, _draft, True),
    "office:picture": Rule(EVERYBODY, lambda w: {**_draft(w), "digest": w.picture}, anywhere=_SEES),
    "office:item-relations": Rule(WRITERS, _draft),
    "office:item-unrelate": Rule(WRITERS, lambda w: {**_draft(w), "relation_id": w.relation_id}, True),
    "office:item-reclassify": Rule(WRITERS, _draft),
    "office:item-tags": Rule(WRITERS, _draft),
    "office:item-card": Rule(WRITERS, _draft),
    "office:item-matter": Rule(WRITERS, lambda one: {**_draft(one), "matter": 1}),
    "office:table": Rule(EVERYBODY, _draft, anywhere=_SEES),
    "office:table-columns": Rule(WRITERS, _draft),
    "office:table-check": Rule(WRITERS, _draft),
    "office:table-problems": Rule(WRITERS, _draft),
    "office:table-source": Rule(WRITERS, _draft, True),
    "office:table-accept": Rule(WRITERS, _draft, True),
    "office:table-abandon": Rule(WRITERS, _draft, True),
    "office:table-remove": Rule(WRITERS, _draft, True),
    "office:remark-add": Rule(_REVIEWERS, _draft, True, frozenset({D})),
    "office:remark-answer": Rule(WRITERS, lambda w: {**_draft(w), "remark_id": w.remark_id}, True),
    "office:remark-take-back": Rule(
        _REVIEWERS, lambda w: {**_draft(w), "remark_id": w.remark_id}, True, frozenset({D})
    ),
    "office:review-record": Rule(EVERYBODY, lambda w: {**_published(w), "number": 1}, anywhere=_SEES),
    "office:item-check": Rule(WRITERS, _draft, True),
    "office:finding-mend": Rule(WRITERS, _finding, True),
    "office:finding-set-aside": Rule(WRITERS, _finding, True),
    "office:item-submit": Rule(WRITERS, _draft, True),
    "office:item-approve": Rule(frozenset({R, L, H}), _draft, True),
    "office:item-sign": Rule(frozenset({S, H}), _draft, True),
    "office:item-publish": Rule(WRITERS, _draft, True),
    "office:item-send-back": Rule(_REVIEWERS, _draft, True, frozenset({D})),
    "office:item-return": Rule(WRITERS, _draft, True),
    "office:item-correct": Rule(WRITERS, _published, True),
    "office:item-withdraw": Rule(frozenset({R, S, H, D}), _published, True, frozenset({D})),
    "office:item-discard": Rule(frozenset({C, R, H}), _draft, True),
    "office:organisations": Rule(EVERYBODY),
    "office:organisation-create": Rule(frozenset({A})),
    "office:organisation": Rule(EVERYBODY, _body, anywhere=_SEES),
    "office:organisation-edit": Rule(frozenset({C, R, H, A}), _body),
    "office:organisation-activate": Rule(frozenset({A}), _body, True),
    "office:people": Rule(frozenset({A})),
    "office:person-create": Rule(frozenset({A})),
    "office:person": _PEOPLE,
    "office:person-grant-role": _PEOPLE_POST,
    "office:person-revoke-role": _PEOPLE_POST,
    "office:person-activate": _PEOPLE_POST,
    "office:person-reset-password": _PEOPLE_POST,
    "office:person-unlock": _PEOPLE_POST,
    "office:person-reset-second-factor": _PEOPLE_POST,
    "office:person-unlink-identity": _PEOPLE_POST,
    "office:person-sign-ins": _PEOPLE,
    "office:people-dormant": Rule(frozenset({A})),
    "office:sign-ins": Rule(frozenset({A})),
    "office:access": Rule(frozenset({A})),
    "office:access-export": Rule(frozenset({A}), lambda w: {"extension": "csv"}, public_object=True),
    "office:review-chains": Rule(_SEES),
    "office:review-chain-drop": Rule(_SEES, lambda w: {"chain_id": w.chain_id}, True, _SEES),
    "office:delegations": Rule(EVERYBODY),
    "office:delegation-create": Rule(_REVIEWERS - {D}, _body),
    "office:delegation-end": Rule(
        frozenset({A}),
        lambda w: {"delegation_id": w.delegation_id},
        True,
        hidden_from=EVERYBODY - {A},
        hidden_abroad=EVERYBODY,
    ),
    "office:audit": Rule(frozenset({H, D, A})),
    "office:search-report": Rule(_SEES),
    "office:search-report-csv": Rule(_SEES),
    "office:search-treat": Rule(_SEES, lambda w: {"searched_id": w.searched_id}, True, public_object=True),
    "office:subscriptions": Rule(_SEES),
    "office:popular-searches": Rule(_SEES),
    "office:popular-restore": Rule(_SEES, lambda w: {"exclusion_id": w.exclusion_id}, True, public_object=True),
    "office:policy-groups": Rule(EVERYBODY),
    "office:policy-group-create": Rule(frozenset({C, R, S, H})),
    "office:policy-group": Rule(EVERYBODY, _group, anywhere=_SEES),
    "office:policy-group-publish": Rule(frozenset({S, H}), _group, True),
    "office:policy-group-withdraw": Rule(frozenset({S, H}), _group, True),
    "office:coverage": Rule(EVERYBODY),
    "office:coverage-csv": Rule(EVERYBODY),
    "office:body-coverage": Rule(EVERYBODY, _body, anywhere=_SEES),
    "office:popularity-ranking": Rule(_D),
    "office:popularity-put-back": Rule(_D, lambda w: {"exclusion_id": w.popularity_id}, True, public_object=True),
    "office:exemplary-interpretations": Rule(_D),
    "office:exemplary-remove": Rule(_D, lambda w: {"exemplary_id": w.exemplary_id}, True, public_object=True),
    "office:topics": Rule(EVERYBODY),
    "office:topic-create": Rule(_TOPICS),
    "office:topic": Rule(_TOPICS, _topic, anywhere=_D),
    "office:topic-preview": Rule(EVERYBODY, _topic, anywhere=_SEES),
    "office:topic-publish": Rule(_PUBLISHES_TOPICS, _topic, True, _D),
    "office:topic-archive": Rule(_PUBLISHES_TOPICS, _topic, True, _D),
    "office:topic-reopen": Rule(_PUBLISHES_TOPICS, lambda w: {"topic_id": w.archived_topic_id}, True, _D),
    "office:cases": Rule(_CASES),
    "office:cases-csv": Rule(_CASES),
    "office:case-create": Rule(_DESK),
    "office:case-receipt": Rule(_DESK, _case, hidden_from=_A),
    "office:case-renew-code": Rule(_DESK, _case, hidden_from=_A),
    "office:case-settings-own": Rule(frozenset({S, H, D})),
    "office:case-settings": Rule(frozenset({S, H, D}), _body),
    "office:case-overview": Rule(frozenset({H, D})),
    "office:overview-cases": Rule(frozenset({H, D})),
    "office:case-overview-export": Rule(frozenset({H, D}), lambda w: {"extension": "csv"}, public_object=True),
    "office:identity-readings": Rule(frozenset({H, D})),
    "office:case-identity": Rule(_DESK, _case, hidden_from=_A),
    "office:case": Rule(_CASES, _case, anywhere=_D, hidden_from=_A),
    "office:case-do": Rule(_DESK, lambda w: {**_case(w), "event": "note"}, True, hidden_from=_A),
    "office:case-draft": Rule(_DESK, _case, hidden_from=_A),
    "office:case-draft-letter": Rule(_CASES, lambda w: {**_case(w), "extension": "pdf"}, anywhere=_D, hidden_from=_A),
    "office:case-same": Rule(_DESK, _case, True, hidden_from=_A),
    "office:case-promote": Rule(_DESK, _ended_case, hidden_from=_A),
    "office:case-log-answer": Rule(frozenset({S, H}), _ended_case, hidden_from=_A),
    "office:case-archive-pack": Rule(_DESK, _ended_case, True, hidden_from=_A),
    "office:case-letter": Rule(_CASES, _letter, anywhere=_D, hidden_from=_A),
    "office:case-letter-file": Rule(_CASES, lambda w: {**_letter(w), "extension": "pdf"}, anywhere=_D, hidden_from=_A),
    "office:case-document-add": Rule(_DESK, _case, True, hidden_from=_A),
    "office:case-document": Rule(_CASES, _case_document, anywhere=_D, hidden_from=_A),
    "office:case-document-remove": Rule(_DESK, _case_document, True, hidden_from=_A),
    "office:case-redact": Rule(_CASES, _case_document, anywhere=_D, hidden_from=_A),
    "office:case-redact-discard": Rule(_DESK, _case_document, True, hidden_from=_A),
    "office:case-read-pictures": Rule(_DESK, _case_document, True, hidden_from=_A),
    "office:case-page-image": Rule(_CASES, lambda w: {**_case_document(w), "number": 1}, anywhere=_D, hidden_from=_A),
    "office:case-figures": Rule(_CASES),
    "office:figure-cases": Rule(_CASES),
    "office:search-first": Rule(_D),
    "office:case-figures-export": Rule(_CASES, lambda w: {"extension": "csv"}, public_object=True),
    "office:calendars": Rule(_SEES),
    "office:calendar-propose": Rule(_SEES),
    "office:calendar": Rule(_SEES, _version, public_object=True),
    "office:calendar-approve": Rule(_SEES, _version, True, public_object=True),
    "office:calendar-withdraw": Rule(_SEES, _version, True, public_object=True),
    "office:calendar-change": Rule(_SEES, _change, public_object=True),
    "office:calendar-change-csv": Rule(_SEES, _change, public_object=True),
    "office:dictionaries": Rule(_SEES),
    "office:dictionary": _DICTIONARY,
    "office:dictionary-entry": _DICTIONARY,
    "office:dictionary-import": _DICTIONARY,
    "office:dictionary-export": _DICTIONARY,
    "office:dictionary-history": _DICTIONARY,
    "office:vocabularies": Rule(EVERYBODY),
    "office:vocabulary": Rule(EVERYBODY, lambda w: {"vocabulary_name": "subjects"}, public_object=True),
    "office:catalogues": Rule(EVERYBODY),
    "office:catalogue": Rule(EVERYBODY, lambda w: {"catalogue_id": w.catalogue_id}, public_object=True),
    "office:catalogue-row": Rule(EVERYBODY, lambda w: {"row_id": w.row_id}, public_object=True),
}
"""Every address of the office and how it treats the roles."""

ACCOUNT: dict[str, bool] = {
    "account_login": True,
    "account_logout": False,
    "account_change_password": False,
    "account_session": True,
    "account_sign_ins": False,
    "account_not_me": False,
    "account_reauthenticate": False,
    "mfa_index": False,
    "mfa_authenticate": False,
    "mfa_reauthenticate": False,
    "mfa_activate_totp": False,
    "mfa_deactivate_totp": False,
    "mfa_view_recovery_codes": False,
    "mfa_generate_recovery_codes": False,
}
"""Account addresses; none names an object, each is about oneself. True: open to people who are not signed in."""

SINGLE_SIGN_ON = {"account_oidc_login", "account_oidc_callback"}
"""Account addresses that exist where an identity provider is configured; what they do then is tested in `tests/web/office`."""

API = {
    "api:documentation",
    "api:openapi",
    "api:items",
    "api:item",
    "api:edition",
    "api:documents",
    "api:document",
    "api:search",
    "api:changes",
    "api:organisations",
    "api:organisation",
    "api:catalogue",
    "api:vocabularies",
    "api:vocabulary",
    "api:unknown",
}
"""Addresses of the read API: open to everybody, knowing nobody; that they hold public data only is tested in `tests/api`."""


def expected(rule: Rule, role: Role, *, foreign: bool) -> str:
    """What the table says the address answers."""
    if foreign:
        if role in BODILY or role in rule.hidden_abroad:
            return MISSING
        return OPEN if role in rule.anywhere else (MISSING if role in rule.hidden_from else REFUSED)
    if role in rule.hidden_from:
        return MISSING
    return OPEN if role in rule.allowed else REFUSED


def matrix_markdown() -> str:
    """The matrix as a Markdown table, own | foreign in each cell."""
    roles = list(Role)
    lines = [
        "| 地址 | 方法 | " + " | ".join(role.label for role in roles) + " | 未登录 |",
        "|---" * (len(roles) + 3) + "|",
    ]
    known = addresses("office/")
    for name, rule in OFFICE.items():
        cells = []
        for role in roles:
            own = expected(rule, role, foreign=False)
            has_foreign = rule.arguments is not None and not rule.public_object
            cells.append(f"{own} / {expected(rule, role, foreign=True)}" if has_foreign else own)
        lines.append(f"| `/{known[name].route}` | {'POST' if rule.post else 'GET'} | {' | '.join(cells)} | {LOGIN} |")
    return "\n".join(lines) + "\n\n单元格：本单位对象 / 其他单位对象；没有对象或者对象为各单位共用的只有一项。\n"


# --- the worlds --------------------------------------------------------------------------------------------------------
def _world(row: object) -> World:
    body = factories.body(phone="0558-0000000", address="示例路1号")
    writer = factories.member(body, Role.CLERK)
    clerk = Actor(writer.pk, str(writer), {body.pk: frozenset({Role.CLERK})})
    draft = actions.create_item(actor=clerk, organisation_id=body.pk, kind="notice", values=factories.values())
    file = actions.attach(actor=clerk, item_id=draft.pk, name="附件.txt", stream=BytesIO(f"附件内容{body.pk}".encode()))
    published = factories.published(body)
    Edition.objects.create(item=published, number=2, title="第二版", body_text="正文", state="superseded")
    picture = actions.add_picture(
        actor=clerk, item_id=draft.pk, name="图.png", stream=BytesIO(factories.picture(body.pk))
    )
    tie = factories.relation(draft, RelationKind.INTERPRETS, published, date(2026, 1, 1))
    searched = factories.searched(f"检索词{body.pk}", networks=5)
    exclusion = factories.excluded_search(f"排除词{body.pk}")
    finding = factories.finding(draft, rule="personal-data.landline")
    uploaded(clerk, draft, [record(1)])
    return World(
        body,
        draft,
        published,
        file.pk,
        tie.pk,
        writer,
        row.pk,  # type: ignore[attr-defined]
        row.catalogue_id,  # type: ignore[attr-defined]
        searched.pk,
        exclusion.pk,
        factories.excluded_from_popularity(published).pk,
        factories.topic(body, "published", revision=2).pk,
        factories.exemplary().pk,
        factories.topic(body, "archived", archived_at=timezone.now()).pk,
        factories.policy_group(body, published).pk,
        finding.pk,
        picture.file.sha256,
        Remark.objects.create(edition_id=draft.working_id, part="title", part_label="标题", text="请核对").pk,
        ReviewChain.objects.create(organisation=body, steps=["review"]).pk,
        factories.delegation(body, writer).pk,
        *_cases(body),
        *_calendar(body.pk),
    )


def _cases(body: Organisation) -> tuple[int, int, int, int]:
    """A case in hand with a letter, a draft and a found document; one that is answered."""
    desk = Desk(body)
    today = timezone.localdate()
    case, ended = desk.registered(today), desk.registered(today)
    desk.answered(ended)
    desk.drafted(case)
    kept = documents.keep("材料.png", BytesIO(factories.picture(body.pk)))
    [document] = documents.add(actor=desk.clerk, case_id=case.pk, kind="responsive", files=[kept])
    return case.pk, ended.pk, case.letters.get(type="receipt_notice").pk, document.pk


def _calendar(number: int) -> tuple[int, int]:
    """A year's working days that were brought in, and the change it was."""
    row = CalendarYear.objects.create(
        year=2027, version=number, title="测试通知", number="1号", published_on=date(2026, 11, 20), days=as_data(year_2027()), digest=str(number),
        proposed_by_id=0, proposed_by_name="测试",
    )  # fmt: skip
    change = CalendarChange.objects.create(calendar_year=row, what="activated", actor_id=0, actor_name="测试")
    return row.pk, change.pk


@pytest.fixture
def worlds(db) -> tuple[World, World]:
    """One's own body and a foreign one, equally furnished."""
    row = factories.row()
    return _world(row), _world(row)


def _ask(client: Client, name: str, rule: Rule, world: World) -> int:
    """Ask as the signed-in client, and undo whatever it did."""
    address = reverse(name, kwargs=rule.arguments(world) if rule.arguments else None)
    with transaction.atomic():
        status = (client.post(address) if rule.post else client.get(address)).status_code
        transaction.set_rollback(True)
    return status


# --- the tests ---------------------------------------------------------------------------------------------------------
def test_every_office_and_account_address_stands_in_the_table():
    known = set(addresses("office/", "account/", "api/"))
    listed = set(OFFICE) | set(ACCOUNT) | SINGLE_SIGN_ON | API
    assert known - listed == set(), "addresses without a rule: say in the table who may use them"
    assert listed - known == set(), "rules without an address"


def test_addresses_with_arguments_say_which_object_they_mean():
    for name, address in addresses("office/").items():
        assert bool(address.arguments) == (OFFICE[name].arguments is not None), name


@pytest.mark.parametrize("role", list(Role), ids=str)
def test_each_role_gets_what_the_table_says(role, worlds):
    own, foreign = worlds
    client = Client()
    client.force_login(factories.member(own.body, role))
    wrong = []
    for name, rule in OFFICE.items():
        cases = [("own", own, expected(rule, role, foreign=False))]
        if rule.arguments is not None and not rule.public_object:
            cases.append(("foreign", foreign, expected(rule, role, foreign=True)))
        for whose, world, wanted in cases:
            status = _ask(client, name, rule, world)
            got = _OUTCOMES.get(status, str(status))
            if got != wanted:
                wrong.append(f"{name} {whose}: {wanted} expected, got {got} ({status})")
    print(f"\n{role.label}：{len(OFFICE)} 个地址")
    assert wrong == []


def test_whoever_is_not_signed_in_is_sent_to_the_login_page_and_learns_nothing(worlds):
    client = Client()
    for name, rule in OFFICE.items():
        real = reverse(name, kwargs=rule.arguments(worlds[0]) if rule.arguments else None)
        answers = [(client.post(address) if rule.post else client.get(address)) for address in (real,)]
        for answer in answers:
            assert answer.status_code == 302, name
            assert answer.headers["Location"].startswith("/account/login/"), name
    for name, is_open in ACCOUNT.items():
        answer = client.get(reverse(name))
        if is_open:
            assert answer.status_code == 200, name
        else:
            assert answer.status_code == 302 and "/account/login/" in answer.headers["Location"], name


def test_single_sign_on_is_not_there_where_no_provider_is_configured(db):
    assert [Client().get(reverse(name)).status_code for name in sorted(SINGLE_SIGN_ON)] == [404, 404]


def test_a_foreign_object_answers_like_one_that_does_not_exist(worlds):
    own, foreign = worlds
    client = Client()
    client.force_login(factories.member(own.body, Role.HEAD))
    for name, rule in OFFICE.items():
        if rule.arguments is None or rule.public_object:
            continue
        arguments = rule.arguments(foreign)
        nowhere = dict.fromkeys(arguments, 10**9)
        ask = client.post if rule.post else client.get
        answers = [(there := reverse(name, kwargs=which), ask(there)) for which in (arguments, nowhere)]
        pages = [(answer.status_code, answer.content.replace(there.encode(), b"")) for there, answer in answers]
        assert pages[0] == pages[1] and pages[0][0] == 404, name


def test_an_object_of_ones_own_cannot_be_used_as_a_way_to_a_foreign_one(worlds):
    own, foreign = worlds
    client = Client()
    client.force_login(factories.member(own.body, Role.HEAD))
    mixed = [
        ("office:attachment", {"item_id": own.draft.pk, "attachment_id": foreign.attachment_id}, "get"),
        ("office:item-detach", {"item_id": own.draft.pk, "attachment_id": foreign.attachment_id}, "post"),
        ("office:item-unrelate", {"item_id": own.draft.pk, "relation_id": foreign.relation_id}, "post"),
    ]
    for name, arguments, method in mixed:
        assert getattr(client, method)(reverse(name, kwargs=arguments)).status_code == 404, name
    create = reverse("office:item-create") + f"?organisation={foreign.body.pk}&kind=notice"
    assert client.get(create).status_code == 404
    assert client.post(create, {"title": "写到别的单位去"}).status_code == 404
    assert Item.objects.filter(organisation=foreign.body).count() == 2


def test_a_list_of_one_body_names_nothing_of_another(worlds):
    own, foreign = worlds
    client = Client()
    client.force_login(factories.member(own.body, Role.HEAD))
    for address in ("office:home", "office:items", "office:organisations", "office:audit"):
        page = client.get(reverse(address)).content.decode()
        assert foreign.draft.index_number not in page and foreign.body.name not in page, address
    by_filter = client.get(reverse("office:items"), {"organisation": foreign.body.pk}).content.decode()
    assert foreign.draft.index_number not in by_filter
    by_number = client.get(reverse("office:items"), {"q": foreign.draft.index_number}).content.decode()
    assert f"/office/items/{foreign.draft.pk}/" not in by_number


def test_every_change_needs_the_token_of_the_form(worlds):
    client = Client(enforce_csrf_checks=True)
    client.force_login(factories.member(worlds[0].body, Role.HEAD, Role.ADMINISTRATOR))
    for name, rule in OFFICE.items():
        if rule.post:
            assert (
                client.post(reverse(name, kwargs=rule.arguments(worlds[0]) if rule.arguments else None)).status_code
                == 403
            ), name


def test_addresses_that_change_something_do_not_answer_to_get(worlds):
    client = Client()
    client.force_login(factories.member(worlds[0].body, Role.HEAD, Role.ADMINISTRATOR))
    for name, rule in OFFICE.items():
        if rule.post:
            assert (
                client.get(reverse(name, kwargs=rule.arguments(worlds[0]) if rule.arguments else None)).status_code
                == 405
            ), name


def test_the_matrix_reads_as_a_table():
    table = matrix_markdown()
    print("\n" + table)
    assert table.count("\n| `/office/") == len(OFFICE)
