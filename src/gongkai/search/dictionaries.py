"""The dictionaries of search as they are in force: the program's own with the district's changes laid on top.

Both are used when a question is read, and a change is in force within a second in every process: an index holds characters and
pairs, which no dictionary changes, so none has to be built anew.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import Max

from gongkai.audit import generation
from gongkai.search.models import DictionaryEntry, DictionaryName, DictionaryVersion
from gongkai.search.synonyms import SynonymGroup, SynonymKind, Synonyms, builtin, builtin_groups
from gongkai.text.segment import Words, cutter, government_words, use

SYNONYMS, WORDS = DictionaryName.SYNONYMS.value, DictionaryName.WORDS.value
WORD_KIND = "word"


@dataclass(frozen=True, slots=True)
class EntryState:
    """An entry at some time."""

    kind: str
    """Kind of the group of synonyms, or `WORD_KIND`."""
    terms: tuple[str, ...]
    active: bool = True

    @property
    def key(self) -> str:
        """What the entry is known by."""
        return self.terms[0]

    @property
    def kind_label(self) -> str:
        """The kind in Chinese."""
        return "词" if self.kind == WORD_KIND else SynonymKind(self.kind).label

    @property
    def text(self) -> str:
        """The entry as people write it."""
        return self.key if self.kind == WORD_KIND else SynonymGroup(SynonymKind(self.kind), self.terms).text

    def as_json(self) -> dict[str, Any]:
        """For the history."""
        return {"kind": self.kind, "terms": list(self.terms), "active": self.active}

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> EntryState:
        """From the history."""
        return cls(found["kind"], tuple(found["terms"]), found["active"])


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry of a dictionary with where it comes from."""

    state: EntryState
    builtin: EntryState | None
    """The program's entry of the same key."""
    changed: bool
    """Whether the district added, changed or switched it off."""

    @property
    def origin(self) -> str:
        """Where it comes from, in Chinese."""
        if not self.changed:
            return "软件自带"
        return "本地修改" if self.builtin else "本地新增"


# --- in force ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Known:
    """What this process knows, and of which generation of public content."""

    generation: int
    synonyms: Synonyms


_lock = threading.Lock()
_known: _Known | None = None


def in_force() -> Synonyms:
    """The synonyms in force; the words in force are those this process cuts with from then on.

    A change moves the generation of public content, which every process looks at anyway; only when that has moved is the version
    asked for (one query), and only when that is another one are the entries read.
    """
    global _known
    known, now = _known, generation.current()
    if known is not None and known.generation == now:
        return known.synonyms
    version = _last_change()
    synonyms = known.synonyms if known is not None and known.synonyms.version == version else _built(version)
    with _lock:
        _known = _Known(now, synonyms)
    return synonyms


def _last_change() -> int:
    """Moves with every change to any dictionary; 0 before the first."""
    return DictionaryVersion.objects.aggregate(last=Max("pk"))["last"] or 0


def forget() -> None:
    """Drop what this process remembers (tests)."""
    global _known
    with _lock:
        _known = None


def _built(version: int) -> Synonyms:
    use(cutter(words_in_force()) if version else None)
    return synonyms_of(entries(SYNONYMS), version) if version else builtin()


def synonyms_of(states: Mapping[str, EntryState], version: int = 0) -> Synonyms:
    """The active entries of `entries`, ready to be used."""
    active = (state for state in states.values() if state.active)
    return Synonyms((SynonymGroup(SynonymKind(state.kind), state.terms) for state in active), version)


# --- words -------------------------------------------------------------------------------------------------------------
def words_in_force() -> Words:
    """The words that questions are cut with, as a change to those of the program. One query."""
    return words_of(_own(WORDS).values())


def words_of(own: Iterable[EntryState]) -> Words:
    """The district's words as a change to those of the program."""
    states = list(own)
    known = set(government_words())
    return Words.of(
        [state.key for state in states if state.active and state.key not in known],
        [state.key for state in states if not state.active],
    )


# --- reading -----------------------------------------------------------------------------------------------------------
@cache
def builtin_entries(dictionary: str) -> Mapping[str, EntryState]:
    """What comes with the program, by key."""
    if dictionary == WORDS:
        return {word: EntryState(WORD_KIND, (word,)) for word in government_words()}
    return {group.head: EntryState(group.kind.value, group.terms) for group in builtin_groups()}


def entries(dictionary: str) -> dict[str, EntryState]:
    """All entries, active or not, by key: the program's, the district's in their place, then those it added. One query."""
    return {**builtin_entries(dictionary), **_own(dictionary)}


def listed(dictionary: str) -> list[Listed]:
    """All entries with where they come from; the district's own first, then in the order of the file. One query."""
    known, own = builtin_entries(dictionary), _own(dictionary)
    found = [Listed(state, known.get(key), True) for key, state in own.items()]
    return found + [Listed(state, state, False) for key, state in known.items() if key not in own]


def _own(dictionary: str) -> dict[str, EntryState]:
    rows = DictionaryEntry.objects.filter(dictionary=dictionary).order_by("key")
    return {
        key: EntryState(kind, tuple(terms), active)
        for key, kind, terms, active in rows.values_list("key", "kind", "terms", "active")
    }


def current_version(dictionary: str) -> int:
    """Number of the last change; 0 before the first."""
    found = DictionaryVersion.objects.filter(dictionary=dictionary).aggregate(last=Max("number"))
    return found["last"] or 0


def last_change(dictionary: str) -> DictionaryVersion | None:
    """The last change."""
    return DictionaryVersion.objects.filter(dictionary=dictionary).order_by("-number").first()


def changes_in_words(changes: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """A recorded change for people: each entry as (before, after), empty for none."""
    return [(_said(change["before"]), _said(change["after"])) for change in changes]


def _said(state: Mapping[str, Any] | None) -> str:
    if state is None:
        return ""
    found = EntryState.from_json(state)
    return found.text if found.active else f"{found.text}（停用）"
