"""Official names one character off: 中华人民共合国, 安微省, 国务员.

The names stand in `data/wording/official_names.txt`. A name is looked for by its two halves: a single wrong character leaves one of
them as it should be. 国办秘函〔2019〕19号 (严重表述错误: 国名、国家机构名称、党和国家领导人姓名).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from gongkai.text.checks.typo_words import Likeness, data_lines, likeness
from gongkai.text.segment import is_word

_FUNCTION = frozenset("不的和与及或在以为就有其至于从对将被由")
SHORT = 4
"""In a name of at most so many characters the wrong one must sound or look like the right one."""


@dataclass(frozen=True, slots=True)
class NearMiss:
    """``text[start:end]`` is nearly `name`."""

    start: int
    end: int
    name: str


@cache
def shipped_names() -> tuple[dict[str, bool], frozenset[str]]:
    """The official names, each with whether a missing, doubled or exchanged character counts too; and strings that are right."""
    entries = [entry for line in data_lines("official_names.txt") for entry in line.split()]
    names = {entry.lstrip("!"): entry.startswith("!") for entry in entries if not entry.startswith("=")}
    return names, frozenset(names).union(entry[1:] for entry in entries if entry.startswith("="))


def near_misses(text: str, further: tuple[str, ...] = ()) -> Iterator[NearMiss]:
    """The strings of ``text`` one character off an official name or one of the ``further`` names, in order, without overlaps."""
    names, right = shipped_names()
    wanted = {name: False for name in further if len(name) > 2} | names
    right = right.union(further)
    found = {
        miss
        for name, strict in wanted.items()
        for miss in _misses(text, name, strict=strict, right=right, person=name in further and len(name) == 3)
    }
    end = 0
    for miss in sorted(found, key=lambda miss: (miss.start, miss.start - miss.end)):
        if miss.start >= end:
            end = miss.end
            yield miss


def _misses(text: str, name: str, *, strict: bool, right: frozenset[str], person: bool) -> Iterator[NearMiss]:
    lengths = (len(name), len(name) - 1, len(name) + 1) if strict else (len(name),)
    for piece, from_end in _anchors(name, strict=strict):
        place = text.find(piece)
        while place >= 0:
            for length in lengths:
                start = place + len(piece) - length if from_end else place
                written = text[max(0, start) : start + length]
                if (
                    len(written) == length
                    and start >= 0
                    and written != name
                    and _meant(written, name, right, person=person)
                    and not _part_of_neighbour(text, start, written, name)
                    and not _right_around(text, start, length, right)
                ):
                    yield NearMiss(start, start + length, name)
            place = text.find(piece, place + 1)


def _anchors(name: str, *, strict: bool) -> tuple[tuple[str, bool], ...]:
    """Pieces of a name of which a slip leaves one as it should be, with whether they stand at its end."""
    if len(name) == 3:
        return (name[:1], False), (name[1:], True)
    half = (len(name) + 1) // 2
    halves = (name[:half], False), (name[half:], True)
    return (*halves, (name[: half - 1], False)) if strict else halves  # an exchange may break both halves


def _part_of_neighbour(text: str, start: int, written: str, name: str) -> bool:
    """Whether the odd first or last character belongs to the word before or after: 确定|城市 is not 宣城市."""
    end = start + len(written)
    if written[0] != name[0]:
        return start > 0 and (is_word(text[start - 1 : start + 1]) or is_word(written[:2]))
    if written[-1] != name[-1]:
        if len(name) == 3 or written[-1] in _FUNCTION:
            return True  # 重庆|师范大学
        return any(is_word(text[end - 1 : until]) for until in (end + 1, end + 2))
    return False


def _right_around(text: str, start: int, length: int, right: frozenset[str]) -> bool:
    """Whether what stands there belongs to a name that is right: 山西省 is not 陕西省, 北京市民 no 北京市."""
    first = max(0, start - 12)
    around = text[first : start + length + 12]
    for name in right:
        at = around.find(name)
        while at >= 0:
            if first + at <= start and start + length <= first + at + len(name):
                return True
            at = around.find(name, at + 1)
    return False


def _meant(written: str, name: str, right: frozenset[str], *, person: bool) -> bool:
    """Whether what is written is the name with one slip; in a person's name the slip may well make a word (张无名)."""
    if written in right or not all("\u4e00" <= char <= "\u9fff" for char in written):
        return False
    if len(written) == len(name):
        wrong = [place for place, char in enumerate(name) if written[place] != char]
        if len(wrong) == 2 and wrong[1] == wrong[0] + 1 and len(name) > SHORT:
            return written[wrong[0]] == name[wrong[1]] and written[wrong[1]] == name[wrong[0]]
        if len(wrong) != 1:
            return False
        place = wrong[0]
        why = likeness(written[place], name[place])
        if len(name) <= SHORT:
            return why in (Likeness.SOUND, Likeness.SHAPE) and (person or not _may_be_words(written, place))
        inside = 0 < place < len(name) - 1
        return why is not Likeness.NONE or (inside and not _may_be_words(written, place))
    longer, shorter = (written, name) if len(written) > len(name) else (name, written)
    dropped = next((place for place, char in enumerate(shorter) if longer[place] != char), len(shorter))
    if longer[:dropped] + longer[dropped + 1 :] != shorter:
        return False
    if longer is name:
        return 0 < dropped < len(name) - 1
    doubled = longer[dropped] in (longer[dropped - 1 : dropped], longer[dropped + 1 : dropped + 2])
    return doubled and 0 < dropped < len(longer) - 2  # at the end it begins the next word: 共和国|国籍


def _may_be_words(written: str, place: int) -> bool:
    """Whether the odd character makes words with its neighbours: the text then speaks of something else."""
    if is_word(written) and len(written) > 2:
        return True
    return any(
        is_word(written[start:end]) and start <= place < end
        for start in range(max(0, place - 2), place + 1)
        for end in range(start + 2, min(len(written), start + 3) + 1)
        if end > place
    )
