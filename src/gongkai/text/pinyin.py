"""How Han characters sound: syllables without tones, sounds that are easily confused, and pinyin as people type it.

The readings are those of the library `pypinyin`. It is never imported: its dictionaries would stay in every process with
55 MB. Its two data files are read once, at first use (0.2 s), into a table of 42 kB: one number for each character
of the basic block, which points to one of some hundreds of tuples of readings. Of a character with several readings those
are kept that the words of the dictionary really use (行 xing and hang, 重 zhong and chong), not the rare ones.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

FIRST, LAST = 0x4E00, 0x9FFF
"""The characters that have readings here: the basic block (and 〇)."""
MOST_READINGS = 3
SHARE = 0.08
"""A reading is kept when at least this share of the words with the character use it."""

_TONES = dict.fromkeys(map(ord, "\u0300\u0301\u0304\u030c"))
_ALSO = {"会": ("kuai",), "六": ("lu",), "单": ("shan",), "大": ("dai",), "尉": ("yu",), "血": ("xie",)}
"""Readings of few words, but of words a government uses: 会计, 六安, 单县, 大夫."""
_CHARACTER = re.compile(r'"(\d+)"\s*:\s*"([^"]+)"')
_PHRASE = re.compile(r'"([^"]+)"\s*:\s*\[((?:\s*\[[^\]]*\]\s*,?)+)\s*\]')
_READING = re.compile(r'"([^"]+)"')
_SYLLABLE = re.compile(r"[a-z]*[aeiouv][a-z]*")


@dataclass(frozen=True, slots=True)
class _Table:
    """Number of the readings of each character, and the readings under these numbers, exact and folded."""

    numbers: array[int]
    readings: tuple[tuple[str, ...], ...]
    sounds: tuple[tuple[str, ...], ...]


def readings(char: str) -> tuple[str, ...]:
    """Syllables of one character without tones (ü is v), the likeliest first; ``()`` when it has none."""
    table = _table()
    offset = ord(char) - FIRST
    if 0 <= offset <= LAST - FIRST:
        return table.readings[table.numbers[offset]]
    return ("ling",) if char == "〇" else ()


def sounds(char: str) -> tuple[str, ...]:
    """The readings of one character with confusable sounds made the same (see `fold_sound`), each once."""
    table = _table()
    offset = ord(char) - FIRST
    if 0 <= offset <= LAST - FIRST:
        return table.sounds[table.numbers[offset]]
    return ("lin",) if char == "〇" else ()


def sound_alike(one: str, other: str) -> bool:
    """True when two characters have a reading in common."""
    return not set(readings(one)).isdisjoint(readings(other))


def sound_similar(one: str, other: str) -> bool:
    """True when two characters have a reading in common but for confusable sounds."""
    return not set(sounds(one)).isdisjoint(sounds(other))


@lru_cache(maxsize=1024)
def fold_sound(syllable: str) -> str:
    """Make the sounds the same that speakers of many dialects confuse: zh/z, ch/c, sh/s, n/l, and -ing/-in, -eng/-en, -ang/-an."""
    if syllable[:2] in ("zh", "ch", "sh"):
        syllable = syllable[0] + syllable[2:]
    elif syllable[0] == "n" and len(syllable) > 1:
        syllable = "l" + syllable[1:]
    return syllable[:-1] if syllable[-3:] in ("ing", "eng", "ang") else syllable


@cache
def syllables() -> frozenset[str]:
    """All syllables of the standard language, without tones."""
    return frozenset(syllable for known in _table().readings for syllable in known)


@cache
def completions(start: str) -> tuple[str, ...]:
    """The syllables that begin with ``start``, sorted."""
    return tuple(sorted(syllable for syllable in syllables() if syllable.startswith(start)))


# --- pinyin as it is typed ---------------------------------------------------------------------------------------------
_FULL, _INITIAL, _DIGRAPH = 1.0, 1.2, 2.6
"""Costs of a whole syllable, of one letter for a syllable, and of zh, ch, sh for one: two letters stand for two syllables
more often (shbx is 社会保险)."""
_SLACK = 1.1
"""Readings of the letters that cost this much more than the best are not tried."""


@lru_cache(maxsize=256)
def spellings(letters: str, most: int = 6) -> tuple[tuple[str, ...], ...]:
    """Ways to cut typed ``letters`` into syllables, the likeliest first: each unit a whole syllable or the initial of one.

    ``yibao`` → yi bao; ``ylbx`` → y l b x; ``xian`` → xian, xi an; the last unit may be the beginning of a syllable
    (``yib``, ``chongq``). Empty when the letters cannot be pinyin. ``'`` separates (``xi'an``).
    """
    kept: list[list[tuple[float, tuple[str, ...]]]] = [[(0.0, ())]]
    for end in range(1, len(letters) + 1):
        if letters[end - 1] == "'":
            kept.append(kept[end - 1])
            continue
        found = [
            (cost + unit_cost, (*units, letters[start:end]))
            for start in range(max(0, end - 6), end)
            if kept[start] and (unit_cost := _unit_cost(letters[start:end], last=end == len(letters)))
            for cost, units in kept[start]
        ]
        kept.append(sorted(set(found))[: most * 2])
    ways = [units for cost, units in kept[-1] if units and cost <= kept[-1][0][0] + _SLACK][:most]
    initials = tuple(letters.replace("'", ""))
    if ways and not whole(ways[0]) and all(completions(letter) for letter in initials):
        ways.append(initials)  # sajgs: a syllable among initials may be an accident
    return tuple(dict.fromkeys(ways))


def whole(units: tuple[str, ...]) -> bool:
    """True when every unit is a whole syllable."""
    return all(unit in syllables() for unit in units)


def unit_fits(unit: str, char: str, *, last: bool) -> bool:
    """True when ``char`` may be meant by the typed ``unit``; the last unit may be unfinished."""
    known = readings(char)
    if len(unit) == 1 or last:
        return any(one.startswith(unit) for one in known) or fold_sound(unit) in sounds(char)
    if unit in ("zh", "ch", "sh"):
        return any(one.startswith(unit) for one in known)
    return unit in known or fold_sound(unit) in sounds(char)


def _unit_cost(unit: str, *, last: bool) -> float:
    if len(unit) == 1:
        return _INITIAL if completions(unit) else 0.0
    if unit in syllables():
        return _FULL
    if unit in ("zh", "ch", "sh"):
        return _DIGRAPH
    return _INITIAL if last and completions(unit) else 0.0


# --- the table ---------------------------------------------------------------------------------------------------------
@cache
def _table() -> _Table:
    """Read the data files of `pypinyin` into the table.

    Raises:
        RuntimeError: the library is not installed.
    """
    spec = find_spec("pypinyin")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("pypinyin is not installed")
    directory = Path(spec.submodule_search_locations[0])
    numbers = array("H", bytes(2 * (LAST - FIRST + 1)))
    known: dict[tuple[str, ...], int] = {(): 0}
    several: dict[str, tuple[str, ...]] = {}
    for char, given in _listed(directory / "pinyin_dict.json"):
        numbers[ord(char) - FIRST] = known.setdefault(given[:1], len(known))
        if len(given) > 1:
            several[char] = given
    used = _used(directory / "phrases_dict.json", several)
    for char, given in several.items():
        numbers[ord(char) - FIRST] = known.setdefault(_kept(char, given, used.get(char)), len(known))
    folded = tuple(tuple(dict.fromkeys(map(fold_sound, one))) for one in known)
    return _Table(numbers, tuple(known), folded)


def _listed(path: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each character of the basic block with its readings in the order of the dictionary."""
    for match in _CHARACTER.finditer(path.read_text(encoding="utf-8")):
        if FIRST <= int(match.group(1)) <= LAST:
            plain = dict.fromkeys(_plain(reading) for reading in match.group(2).split(","))
            yield chr(int(match.group(1))), tuple(reading for reading in plain if _SYLLABLE.fullmatch(reading))


def _used(path: Path, wanted: Collection[str]) -> dict[str, Counter[str]]:
    """How often the words of the dictionary use each reading of the ``wanted`` characters; the file is never held as objects."""
    used: dict[str, Counter[str]] = defaultdict(Counter)
    for match in _PHRASE.finditer(path.read_text(encoding="utf-8")):
        phrase = match.group(1)
        if not any(char in wanted for char in phrase):
            continue
        given = _READING.findall(match.group(2))
        if len(given) == len(phrase):
            for char, reading in zip(phrase, given, strict=True):
                if char in wanted:
                    used[char][_plain(reading)] += 1
    return used


def _kept(char: str, given: tuple[str, ...], used: Counter[str] | None) -> tuple[str, ...]:
    if not used:
        return given[:1]
    total = used.total()
    kept = [one for one, count in used.most_common(MOST_READINGS) if count >= SHARE * total and one in given]
    return tuple(dict.fromkeys([*(kept or given[:1]), *_ALSO.get(char, ())]))


@lru_cache(maxsize=4096)
def _plain(reading: str) -> str:
    """A reading without its tone: lǜ → lv, hāng → hang."""
    decomposed = unicodedata.normalize("NFD", reading).translate(_TONES)
    return decomposed.replace("u\u0308", "v").replace("e\u0302", "e")
