"""Synonyms (检索同义词): which words may stand for a word when a question is read. Pure; what a district changed is laid on top.

Three kinds: words that mean the same (both ways), short and full names of one thing (both ways), and an everyday word for which
documents use official ones (one way: who types the official word means just that).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources

from gongkai.rules.reasons import Reason
from gongkai.text.normalise import fold

MOST_FOR_A_WORD = 4
"""Alternatives of one word that are used, in the order of the dictionary."""
MOST_IN_A_QUESTION = 8
"""Alternatives of all words of a question together: a question must not grow into a hundred clauses."""
LONGEST_TERM, MOST_TERMS = 24, 12

_TERM = re.compile(r"\w{2,24}")


class SynonymKind(StrEnum):
    """How the words of a group stand for each other."""

    EQUAL = "equal"
    ABBREVIATION = "abbreviation"
    EVERYDAY = "everyday"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {"equal": "同义词", "abbreviation": "简称和全称", "everyday": "口语词和规范词"}[self.value]

    @property
    def one_way(self) -> bool:
        """Only the first word stands for the others."""
        return self is SynonymKind.EVERYDAY


@dataclass(frozen=True, slots=True)
class SynonymGroup:
    """Words that may stand for each other; known by the first."""

    kind: SynonymKind
    terms: tuple[str, ...]

    @property
    def head(self) -> str:
        """The word the group is known by."""
        return self.terms[0]

    @property
    def text(self) -> str:
        """The group as people write it: 低保 = 最低生活保障, 打工 > 就业 务工."""
        if self.kind.one_way:
            return f"{self.head} > {' '.join(self.terms[1:])}"
        return " = ".join(self.terms)


class Synonyms:
    """A set of groups, ready to be asked. Equal only to itself."""

    def __init__(self, groups: Iterable[SynonymGroup], version: int = 0) -> None:
        self.groups = tuple(groups)
        self.version = version
        """Number of the version of the district's changes; 0 for none."""
        found: dict[str, dict[str, None]] = {}
        for group in self.groups:
            for word in group.terms[:1] if group.kind.one_way else group.terms:
                known = found.setdefault(fold(word), {})
                known.update(dict.fromkeys(fold(other) for other in group.terms if other != word))
        self._others = {word: tuple(others) for word, others in found.items()}
        self.longest = max(map(len, self._others), default=0)
        """Characters of the longest word that has alternatives."""

    def __contains__(self, folded: str) -> bool:
        """Whether the folded word has any alternatives."""
        return folded in self._others

    def alternatives(self, folded: str) -> tuple[str, ...]:
        """What may stand for a folded word, at most `MOST_FOR_A_WORD`.

        A text that contains the word is left out: whatever holds it holds the word.
        """
        return tuple(other for other in self._others.get(folded, ()) if folded not in other)[:MOST_FOR_A_WORD]


@cache
def builtin() -> Synonyms:
    """The synonyms that come with the program."""
    return Synonyms(builtin_groups())


@cache
def builtin_groups() -> tuple[SynonymGroup, ...]:
    """The groups of the data file.

    Raises:
        ValueError: a line is no group, or two lines of the file begin with the same word.
    """
    text = (resources.files("gongkai.search") / "data" / "synonyms.txt").read_text(encoding="utf-8")
    groups = tuple(_read(text))
    heads = [group.head for group in groups]
    if twice := {head for head in heads if heads.count(head) > 1}:
        raise ValueError(f"synonyms.txt: more than one group begins with {', '.join(sorted(twice))}")
    return groups


def _read(text: str) -> Iterator[SynonymGroup]:
    kind: SynonymKind | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            kind = SynonymKind(line.strip("[]"))
            continue
        group = None if kind is None else read_group(kind, line)
        if group is None or check_group(group):
            raise ValueError(f"synonyms.txt, line {number}: not a group: {line!r}")
        yield group


def read_group(kind: SynonymKind, text: str) -> SynonymGroup | None:
    """Read words separated by =, >, blanks, commas or line ends; ``None`` when there is no word."""
    terms = tuple(dict.fromkeys(term for term in re.split(r"[\s=＝>＞,，、;；]+", text) if term))
    return SynonymGroup(kind, terms) if terms else None


def check_group(group: SynonymGroup) -> list[Reason]:
    """What is wrong with a group; empty when it may be used."""
    reasons = []
    if wrong := [term for term in group.terms if not _TERM.fullmatch(term)]:
        message = f"“{wrong[0]}”不能作为检索词：每个词应为2至{LONGEST_TERM}个汉字、字母或者数字，不含标点。"
        reasons.append(Reason("term", message, field="terms"))
    if len({fold(term) for term in group.terms}) < 2:
        reasons.append(Reason("too_few", "每组至少填写两个不同的词。", field="terms"))
    if len(group.terms) > MOST_TERMS:
        reasons.append(Reason("too_many", f"每组最多{MOST_TERMS}个词，请拆成几组。", field="terms"))
    return reasons
