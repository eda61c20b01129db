"""Changing the dictionaries: one transaction, access checked, audited, every version kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from gongkai.audit.log import Entry, record
from gongkai.rules.access import Action, Actor, Subject, can
from gongkai.rules.reasons import Reason, Refused
from gongkai.search import dictionaries
from gongkai.search.dictionaries import WORD_KIND, WORDS, EntryState
from gongkai.search.models import DictionaryEntry, DictionaryName, DictionaryVersion
from gongkai.search.synonyms import SynonymGroup, SynonymKind, check_group

_WORD = re.compile(r"[\u3007\u3400-\u4dbf\u4e00-\u9fff]{2,20}")
LONGEST_REASON = 200
MOST_AT_ONCE = 5_000
"""Entries changed in one version."""


@dataclass(frozen=True, slots=True)
class Change:
    """One entry as it is to be; ``state`` ``None`` goes back to what comes with the program."""

    key: str
    state: EntryState | None
    label: str = ""
    """Where the change was read (第3行), for messages."""


def check(change: Change, dictionary: str) -> list[Reason]:
    """What is wrong with a change; empty when it may be made."""
    state = change.state
    if state is None:
        return []
    if dictionary == WORDS:
        good = state.kind == WORD_KIND and len(state.terms) == 1 and _WORD.fullmatch(state.key) is not None
        reasons = [] if good else [Reason("word", f"“{state.key[:30]}”不是词：请填写2至20个汉字。", field="terms")]
    elif state.kind not in set(SynonymKind):
        reasons = [Reason("kind", "请选择类别：同义词、简称和全称、口语词和规范词。", field="kind")]
    else:
        reasons = check_group(SynonymGroup(SynonymKind(state.kind), state.terms))
    if state.key != change.key:
        reasons.append(Reason("key", "主词不能改，请停用原来的条目并新建一条。", field="terms"))
    return [Reason(one.code, f"{change.label}{one.message}", field=one.field) for one in reasons]


@transaction.atomic
def change_dictionary(
    *, actor: Actor, dictionary: str, changes: Sequence[Change], reason: str
) -> DictionaryVersion | None:
    """Make changes as one new version; return it, or ``None`` when everything is like that already.

    It is in force within a second everywhere.

    Raises:
        Refused: role, no reason given, or an entry that cannot be one; every reason at once, nothing changed.
    """
    decision = can(actor, Action.MANAGE_DICTIONARY, Subject(None))
    if not decision:
        raise Refused(decision.reasons)
    reason = reason.strip()
    reasons = [one for change in changes for one in check(change, dictionary)]
    if not reason or len(reason) > LONGEST_REASON:
        reasons.append(Reason("reason", f"请填写修改原因，不超过{LONGEST_REASON}个字。", field="reason"))
    if len(changes) > MOST_AT_ONCE:
        reasons.append(Reason("too_many", f"一次最多修改{MOST_AT_ONCE}条，请分次导入。", field="file"))
    if reasons:
        raise Refused(reasons)
    # Whoever writes holds the head of the audit log until the end, so versions are numbered one after the other.
    record(actor=actor, entries=[], public=True)
    made = [done for change in changes if (done := _apply(dictionary, change)) is not None]
    if not made:
        return None
    version = DictionaryVersion.objects.create(
        dictionary=dictionary,
        number=dictionaries.current_version(dictionary) + 1,
        at=timezone.now(),
        actor_id=actor.user_id,
        actor_name=actor.name,
        reason=reason,
        changes=made,
    )
    detail = {"name": DictionaryName(dictionary).label, "version": version.number, "count": len(made), "note": reason}
    record(actor=actor, entries=[Entry("dictionary.change", "dictionary", dictionary, detail=detail)])
    return version


def _apply(dictionary: str, change: Change) -> dict[str, object] | None:
    """Write one change; what it was and is, or ``None`` when that is the same."""
    builtin = dictionaries.builtin_entries(dictionary).get(change.key)
    row = DictionaryEntry.objects.filter(dictionary=dictionary, key=change.key).first()
    before = EntryState(row.kind, tuple(row.terms), row.active) if row else builtin
    after = change.state or builtin
    if before == after:
        return None
    if after == builtin:
        DictionaryEntry.objects.filter(dictionary=dictionary, key=change.key).delete()
    elif after is not None:
        DictionaryEntry.objects.update_or_create(
            dictionary=dictionary,
            key=change.key,
            defaults={"kind": after.kind, "terms": list(after.terms), "active": after.active},
        )
    return {
        "key": change.key,
        "before": before.as_json() if before else None,
        "after": after.as_json() if after else None,
    }
