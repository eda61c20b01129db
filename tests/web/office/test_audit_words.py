"""Every action and every particular that the audit log records has Chinese words: found in the source, where records are written."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import gongkai
from gongkai.audit.models import AuditRecord
from gongkai.foi.documents import KINDS
from gongkai.rules.case_events import CaseEvent
from gongkai.rules.publication import Event
from gongkai.rules.receipt import Channel
from gongkai.rules.relations import RelationKind
from gongkai.rules.table_kinds import table_kinds
from gongkai.web.office.audit import ACTIONS, DETAILS, described

SOURCE = Path(gongkai.__file__).parent
ENTRY = ("Entry", "AuditEntry")


@dataclass(frozen=True)
class Writer:
    """A function that writes a record for its callers: where it is, which parameter says the action, with which prefix."""

    module: Path
    name: str
    action: int
    prefix: str

    def writes(self, call: ast.Call, module: Path) -> bool:
        """Whether the call is one of this function; the name of a private one counts in its own module only."""
        return name_of(call) == self.name and (module == self.module or not self.name.startswith("_"))


def name_of(call: ast.Call) -> str:
    return getattr(call.func, "id", None) or getattr(call.func, "attr", "")


def functions(tree: ast.AST) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def calls(node: ast.AST) -> Iterator[ast.Call]:
    return (one for one in ast.walk(node) if isinstance(one, ast.Call))


def is_entry(call: ast.Call) -> bool:
    return name_of(call) in ENTRY and len(call.args) >= 3


MODULES = {
    path: ast.parse(text)
    for path in SOURCE.rglob("*.py")
    if "audit" in (text := path.read_text(encoding="utf-8")) or "_note(" in text
}


def writers() -> list[Writer]:
    """The helpers that write a record, and those that hand the action on to them."""
    known: list[Writer] = []
    for _ in range(3):  # a helper of a helper of a helper
        known = list(dict.fromkeys(_writers(known)))
    return known


def _writers(known: list[Writer]) -> Iterator[Writer]:
    for path, tree in MODULES.items():
        for function in functions(tree):
            names = [one.arg for one in function.args.args]
            for call in calls(function):
                for action, prefix in said(call, path, known):
                    if isinstance(action, ast.JoinedStr) and isinstance(action.values[0], ast.Constant):
                        prefix += str(action.values[0].value)
                        action = getattr(action.values[-1], "value", action)
                    if isinstance(action, ast.Name) and action.id in names:
                        yield Writer(path, function.name, names.index(action.id), prefix)


def said(call: ast.Call, path: Path, known: list[Writer]) -> Iterator[tuple[ast.expr, str]]:
    """Where a call that writes a record says the action, and with which prefix."""
    if is_entry(call):
        yield call.args[0], ""
    for writer in known:
        if writer.writes(call, path) and len(call.args) > writer.action:
            yield call.args[writer.action], writer.prefix


def strings(node: ast.AST, function: ast.AST) -> Iterator[str]:
    """The texts an expression may have: constants, both branches of a choice, what a name was given in the function."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from strings(node.body, function)
        yield from strings(node.orelse, function)
    elif isinstance(node, ast.Name):
        for one in ast.walk(function):
            if isinstance(one, ast.Assign) and any(isinstance(t, ast.Name) and t.id == node.id for t in one.targets):
                yield from strings(one.value, function)


def keys(node: ast.AST, function: ast.AST, tree: ast.AST) -> Iterator[str]:
    """The keys of a particular given as a dict, as a name that holds one, or as what a function of the module returns."""
    for one in ast.walk(node):
        if isinstance(one, ast.Dict):
            yield from (key.value for key in one.keys if isinstance(key, ast.Constant) and isinstance(key.value, str))
        elif isinstance(one, ast.Call):
            for called in functions(tree):
                if called.name == name_of(one) and called is not function:
                    yield from keys_in(called)
        elif isinstance(one, ast.Name):
            for given in ast.walk(function):
                targets = given.targets if isinstance(given, ast.Assign) else [getattr(given, "target", None)]
                for target in targets:
                    if isinstance(target, ast.Name) and target.id == one.id and getattr(given, "value", None):
                        yield from keys_in(given.value)
                    elif (
                        isinstance(target, ast.Subscript)
                        and getattr(target.value, "id", "") == one.id
                        and isinstance(target.slice, ast.Constant)
                    ):
                        yield str(target.slice.value)


def keys_in(node: ast.AST) -> Iterator[str]:
    for one in ast.walk(node):
        if isinstance(one, ast.Dict):
            yield from (key.value for key in one.keys if isinstance(key, ast.Constant) and isinstance(key.value, str))


def recorded() -> tuple[set[str], set[str]]:
    """Every action and every key of particulars in the source."""
    actions, details, known = set(), set(), writers()
    for path, tree in MODULES.items():
        for function in functions(tree):
            for call in calls(function):
                for action, prefix in said(call, path, known):
                    actions.update(prefix + one for one in strings(action, function))
                if is_entry(call):
                    given = [*call.args[4:], *(one.value for one in call.keywords if one.arg == "detail")]
                    for one in given:
                        details.update(keys(one, function, tree))
                for writer in known:
                    if writer.writes(call, path) and len(call.args) > writer.action:
                        for one in call.args[writer.action + 1 :]:
                            details.update(keys(one, function, tree))
    return actions, details


def test_the_search_finds_what_is_known_to_be_written():
    """Of every way to write a record one: directly, by a helper with a prefix, from a choice of two, from a function that gives a dict."""
    actions, details = recorded()
    assert {"case.submit", "case.document_read", "item.finding-override", "user.reset_second_factor"} <= actions
    assert {"tracking", "boxes", "checked", "seq", "justification", "fields"} <= details


def test_every_action_that_is_recorded_has_words():
    assert {one for one in recorded()[0] if one not in ACTIONS} == set()


def test_every_particular_that_is_recorded_has_words():
    assert {one for one in recorded()[1] if one not in DETAILS} == set()


def test_every_event_of_an_item_and_of_a_case_has_words():
    """Their actions are made from the events, which the source names by members of an enum."""
    made = {f"item.{one.value}" for one in Event} | {f"case.{one.value}" for one in CaseEvent}
    assert {one for one in made if one not in ACTIONS} == set()


def line(action: str, **detail: object) -> tuple[str, dict[str, str]]:
    record = AuditRecord(
        sequence=1, at=datetime(2026, 3, 2, tzinfo=UTC), action=action, object_type="case", detail=detail
    )
    (found,) = described([record])
    return found.action, dict(found.details)


def test_codes_of_vocabularies_are_read_as_their_labels():
    assert line("case.submit", channel=Channel.ONLINE.value)[1] == {"提交渠道": Channel.ONLINE.label}
    assert line("case.document_add", kind="responsive", documents=[3, 4]) == (
        "上传材料", {DETAILS["kind"]: "拟提供材料", "材料编号": "3、4"},
    )  # fmt: skip
    assert line("item.relate", kind="interprets")[1] == {DETAILS["kind"]: RelationKind.INTERPRETS.type.label}
    code, known = next(iter(table_kinds().items()))
    assert line("item.table-upload", kind=code)[1] == {DETAILS["kind"]: known.label}


def test_a_code_that_means_several_things_is_read_by_its_action():
    assert line("case.document_add", kind="other")[1] == {DETAILS["kind"]: KINDS["other"]}
    assert line("item.table-upload", kind="other")[1] == {DETAILS["kind"]: table_kinds()["other"].label}
