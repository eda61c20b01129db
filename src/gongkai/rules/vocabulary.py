"""Controlled vocabularies: the classifications and code lists the platform uses, as data.

Every list is a TOML file with its name, version, source and effective date at the top and ``terms`` below, each with
``code``, ``label`` and optionally ``parent``, ``note``, ``aliases`` (other labels, joined by 、) and further text
columns. An administrator replaces a list without a release by putting a file of the same name into the override
directory.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

NAMES = (
    "subjects",
    "genres",
    "audiences",
    "life_cycle_person",
    "life_cycle_enterprise",
    "life_stage_person",
    "life_stage_enterprise",
    "interpretation_forms",
    "benefits",
    "item_kinds",
    "search_groups",
    "withdrawal_reasons",
    "organisation_kinds",
    "roles",
    "statutory_classes",
    "disclosure_fields",
    "disclosure_channels",
)
"""Every vocabulary shipped with the product."""

_SHIPPED = Path(__file__).parent / "data"


class VocabularyError(Exception):
    """A data file cannot be used; the message names the file, the line of thought and the remedy."""


@dataclass(frozen=True, slots=True)
class Term:
    """One entry of a vocabulary."""

    code: str
    label: str
    parent: str | None
    note: str = field(default="", compare=False)
    """Explanation for people: when to use it, or public wording."""
    extra: Mapping[str, str] = field(default_factory=dict, compare=False, hash=False)
    """Further text columns of the data file, by name."""

    @property
    def aliases(self) -> tuple[str, ...]:
        """Other labels under which :meth:`Vocabulary.by_label` finds the term."""
        return tuple(alias for alias in self.extra.get("aliases", "").split("、") if alias)


class Vocabulary:
    """An ordered list of terms, at most a tree, with look-ups by code and by label."""

    def __init__(
        self, name: str, version: str, source: str, effective_from: date, title: str, terms: tuple[Term, ...]
    ) -> None:
        """Check and index ``terms``; raises :class:`VocabularyError` on duplicates, empty labels or unknown parents."""
        self.name = name
        self.version = version
        self.source = source
        self.effective_from = effective_from
        self.title = title
        self.terms = terms
        self._by_code = _indexed(name, terms)
        self._by_label: dict[str, Term] = {}
        for term in sorted(terms, key=lambda term: term.parent is not None):
            self._by_label.setdefault(term.label, term)
        self._children: dict[str | None, tuple[Term, ...]] = {}
        for term in terms:
            self._children[term.parent] = (*self._children.get(term.parent, ()), term)
            for alias in term.aliases:
                self._by_label.setdefault(alias, term)

    def __len__(self) -> int:
        """Number of terms."""
        return len(self.terms)

    def __contains__(self, code: object) -> bool:
        """Whether ``code`` is a code of this vocabulary."""
        return code in self._by_code

    def get(self, code: str) -> Term | None:
        """Return the term with ``code``."""
        return self._by_code.get(code)

    def by_label(self, label: str) -> Term | None:
        """Return the term with ``label``, the top level first, or else with that alias; outer blanks do not matter."""
        return self._by_label.get(label.strip())

    def children(self, code: str | None) -> tuple[Term, ...]:
        """Return the terms directly under ``code``, or the top level for ``None``, in order."""
        return self._children.get(code, ())

    def label(self, code: str) -> str:
        """Return the label of ``code``; the code itself when it is unknown, so that old data still shows something."""
        term = self._by_code.get(code)
        return term.label if term else code

    def path(self, code: str) -> tuple[Term, ...]:
        """Return the terms from the top level down to ``code``; empty when ``code`` is unknown."""
        path: list[Term] = []
        term = self._by_code.get(code)
        while term is not None:
            path.insert(0, term)
            term = self._by_code.get(term.parent) if term.parent is not None else None
        return tuple(path)


_override: Path | None = None
_caches: list[Callable[[], None]] = []


def cached_data(read: Callable[[str], T]) -> Callable[[str], T]:
    """Cache a reader of data files by name, until the override directory changes."""
    cached = lru_cache(maxsize=64)(read)
    _caches.append(cached.cache_clear)
    return cached


def set_override_directory(directory: Path | None) -> None:
    """Read data files from ``directory`` where it has them; ``None`` goes back to the shipped ones.

    Call it again after a file has changed: files are read once.
    """
    global _override
    _override = directory
    for clear in _caches:
        clear()


def data_file(name: str) -> Path:
    """Return the file ``<name>.toml`` in force: the administrator's, else the shipped one."""
    if _override is not None and (_override / f"{name}.toml").is_file():
        return _override / f"{name}.toml"
    return _SHIPPED / f"{name}.toml"


@cached_data
def vocabulary(name: str) -> Vocabulary:
    """Return the vocabulary ``name``; raises :class:`VocabularyError` when there is none or its file is faulty."""
    if name not in NAMES:
        raise VocabularyError(f"没有名为“{name}”的词表；可用的词表：{'、'.join(NAMES)}。")
    return load(data_file(name))


def load(path: Path) -> Vocabulary:
    """Read and check one data file; raises :class:`VocabularyError` with the file name and what to mend."""
    data = read_toml(path)
    header = {key: data.get(key) for key in ("name", "title", "version", "source")}
    missing = [key for key, value in header.items() if not isinstance(value, str) or not value.strip()]
    effective_from = data.get("effective_from")
    if not isinstance(effective_from, date):
        missing.append("effective_from")
    if missing or not isinstance(effective_from, date):
        raise VocabularyError(f"{path.name}：文件开头缺少 {'、'.join(missing)}。")
    if header["name"] != path.stem:
        raise VocabularyError(f"{path.name}：name 应当与文件名一致，现为“{header['name']}”。")
    rows = data.get("terms")
    if not isinstance(rows, list) or not rows:
        raise VocabularyError(f"{path.name}：没有任何 terms 词条。")
    terms = tuple(_term(path.name, position, row) for position, row in enumerate(rows, start=1))
    return Vocabulary(
        str(header["name"]), str(header["version"]), str(header["source"]), effective_from, str(header["title"]), terms
    )


def read_toml(path: Path) -> dict[str, object]:
    """Parse a TOML data file; raises :class:`VocabularyError` naming the file when it is absent or malformed."""
    try:
        with path.open("rb") as handle:
            return tomllib.load(handle)
    except FileNotFoundError as error:
        raise VocabularyError(f"{path.name}：找不到数据文件。") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise VocabularyError(f"{path.name}：不是有效的 UTF-8 编码 TOML 文件：{error}") from error


def _term(filename: str, position: int, row: object) -> Term:
    where = f"{filename}：第{position}个词条"
    if not isinstance(row, dict) or not all(isinstance(value, str) for value in row.values()):
        raise VocabularyError(f"{where}的各列都应当是文字（加引号）。")
    columns: dict[str, str] = {key: value.strip() for key, value in row.items()}
    code, label = columns.pop("code", ""), columns.pop("label", "")
    if not code:
        raise VocabularyError(f"{where}缺少 code。")
    if not label:
        raise VocabularyError(f"{where}（{code}）缺少 label。")
    return Term(code, label, columns.pop("parent", None) or None, columns.pop("note", ""), columns)


def _indexed(name: str, terms: tuple[Term, ...]) -> dict[str, Term]:
    index: dict[str, Term] = {}
    siblings: set[tuple[str | None, str]] = set()
    for term in terms:
        if term.code in index:
            raise VocabularyError(f"{name}：代码“{term.code}”重复。")
        if term.parent is not None and term.parent not in index:
            raise VocabularyError(f"{name}：词条“{term.code}”的上级“{term.parent}”不存在或排在其后。")
        if (term.parent, term.label) in siblings:
            raise VocabularyError(f"{name}：同一级中名称“{term.label}”重复。")
        index[term.code] = term
        siblings.add((term.parent, term.label))
    return index
