"""Wrong characters: characters of the same sound or shape (部暑 for 部署), and slips in set phrases (牢头负责 for 牵头负责).

A wrong character breaks a word: what was one word is read as rare single characters. The check looks at such places, puts in
characters that sound or look alike, and asks how much likelier the place becomes (:func:`~gongkai.text.checks.typo_words.probability`).
It is careful rather than complete: a place that can be mended in two ways, a name, a string the text uses again and again are left
alone, and a wrong word that is itself a word (权利 for 权力) is found only where a set phrase shows it.
国办秘函〔2019〕19号 (严重表述错误、错别字).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from gongkai.rules.findings import Finding, Fix, FixKind, found
from gongkai.text.checks import typo_words as words
from gongkai.text.checks.material import Material
from gongkai.text.checks.typo_words import Likeness
from gongkai.text.normalise import fold_variants
from gongkai.text.segment import segment, words_among

RULE = "wording.typo"
LEAST_GAIN = 7.5
"""Natural logarithm of how much likelier a place must become."""
_COST = {Likeness.SOUND: 0.0, Likeness.NEAR_SOUND: 2.0, Likeness.SHAPE: 2.0, Likeness.NONE: 4.0}
_MARGIN = 2.0
"""A rival that explains the same place nearly as well makes it undecided."""
_IN_WORD, _FUNCTION_WORD, _BEFORE_PLACE, _AFTER_SURNAME, _RARE_WORD = 4.0, 3.0, 4.0, 4.0, 2.0
"""Taken off the gain: the wrong character belongs to a known word; is a function word; may belong to a name; the word made is rare."""
_RARE, _COMMON = 50, 1000
_LIKELIEST = {2: -7.8, 3: -9.6, 4: -10.4, 5: -10.6}
"""Logarithms of the probabilities of the most frequent words by length: nothing put in makes a place likelier than that."""
REPEATED = 3
"""A string that stands in the text this often is meant as it is."""

_HAN_RUN = re.compile(r"[\u4e00-\u9fff]{2,}")
_FUNCTION = frozenset(
    "的了和与等在为有是不对以及或可各已于由从到把被将向按也都就并且其之所而后前中上下内外个种类项条款次名人员家区县市省镇乡村"
    "一二三四五六七八九十两百千万第本该此每某较更最"
)
_NEVER_PUT_IN = frozenset("的了一二三四五六七八九十两〇零")
_PLACE = frozenset("村镇乡县区市路街道河湖江山岭沟屯庄寨堡店桥港湾岛组旗州")
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆汪范"
    "廖石金韦贾夏傅方邹熊孟秦白江阎薛尹段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔汤康易乔赖文"
)


@dataclass(frozen=True, slots=True)
class Slip:
    """``text[start:end]`` should read ``right``; the piece of text and the word it was judged by go from `first` to `last`."""

    start: int
    end: int
    right: str
    word: str
    first: int
    last: int
    gain: float


def typos(material: Material, known: frozenset[str] = frozenset()) -> Iterator[Finding]:
    """Wrong characters of the text, in order, each with the right ones as a fix.

    ``known`` are names and words of the district that are right as they are (bodies, places, people). Yields findings of `wording.typo`.
    """
    text = material.text
    sure = [slip for slip in _often_confused(text) if not _part_of(known, text, slip)]
    guessed = (slip for slip in slips(text, known) if not any(s.start < slip.last and slip.first < s.end for s in sure))
    for slip in sorted([*sure, *guessed], key=lambda slip: slip.start):
        wrong = text[slip.start : slip.end]
        yield found(
            RULE,
            message=f"“{text[slip.first : slip.last]}”疑似应为“{slip.word}”。",
            text=wrong,
            start=slip.start,
            end=slip.end,
            place=material.place(slip.start),
            suggestion=f"请核对；确属错别字的，将“{wrong}”改为“{slip.right}”。",
            fix=Fix(FixKind.REPLACE, slip.right),
        )


def _part_of(known: frozenset[str], text: str, slip: Slip) -> bool:
    """Whether the slip lies in a name that is known to be right."""
    for name in known:
        place = text.find(name, max(0, slip.end - len(name)), slip.start + len(name))
        if place >= 0:
            return True
    return False


def _often_confused(text: str) -> Iterator[Slip]:
    """Words of the list `confused_words.txt`; of each the characters that are wrong."""
    pattern, right = _confused_words()
    for match in pattern.finditer(text):
        word, start, end = right[match.group()], match.start(), match.end()
        if len(word) == end - start:
            differing = [place for place, char in enumerate(word) if char != text[start + place]]
            start, end, right_part = (
                start + differing[0],
                start + differing[-1] + 1,
                word[differing[0] : differing[-1] + 1],
            )
        else:
            right_part = word
        yield Slip(start, end, right_part, word, match.start(), match.end(), 99.0)


@cache
def _confused_words() -> tuple[re.Pattern[str], dict[str, str]]:
    entries = [entry for line in words.data_lines("confused_words.txt") for entry in line.split("、") if entry]
    right = {wrong: word for wrong, _, word in (entry.partition("→") for entry in entries)}
    return re.compile("|".join(sorted(right, key=lambda wrong: -len(wrong)))), right


def slips(text: str, known: frozenset[str] = frozenset()) -> Iterator[Slip]:
    """The wrong characters of a text, clause by clause."""
    folded = fold_variants(text)
    for run in _HAN_RUN.finditer(folded):
        for slip in _slips_of_run(run.group()):
            at = run.start()
            moved = replace(slip, start=slip.start + at, end=slip.end + at, first=slip.first + at, last=slip.last + at)
            if folded.count(folded[moved.first : moved.last]) < REPEATED and not _part_of(known, folded, moved):
                yield moved


@lru_cache(2048)
def _slips_of_run(run: str) -> tuple[Slip, ...]:
    """The slips in an unbroken run of Han characters: of those that overlap the likeliest, if no other is nearly as likely."""
    candidates = sorted(_Run(run).candidates(), key=lambda slip: -slip.gain)
    chosen: list[Slip] = []
    settled: list[tuple[int, int]] = []
    for slip in candidates:
        if slip.gain <= LEAST_GAIN:
            break
        if any(slip.first - 1 < last and first < slip.last + 1 for first, last in settled):
            continue
        settled.append((slip.first, slip.last))
        rivals = (
            other.gain
            for other in candidates
            if (other.start, other.right) != (slip.start, slip.right)
            and other.first < slip.last
            and slip.first < other.last
        )
        if slip.gain - max(rivals, default=0.0) >= _MARGIN:
            chosen.append(slip)
    return tuple(chosen)


class _Run:
    """An unbroken run of Han characters, cut into words."""

    def __init__(self, run: str) -> None:
        self.run = run
        self.starts: list[int] = []
        self.ends: list[int] = []
        for word in segment(run):
            end = (self.ends[-1] if self.ends else 0) + len(word)
            self.starts += [end - len(word)] * len(word)
            self.ends += [end] * len(word)
        self.covered = self._covered()

    def _covered(self) -> list[bool]:
        """Which characters belong to a set phrase that stands there as it should."""
        run, covered = self.run, [False] * len(self.run)
        for start in range(len(run)):
            longest = words.longest_phrase() if words.may_begin_phrase(run[start : start + words.LONGEST_WORD]) else 6
            for end in range(min(len(run), start + longest), start + 1, -1):
                if words.is_phrase(run[start:end]):
                    covered[start:end] = [True] * (end - start)
                    break
        return covered

    def single(self, place: int) -> bool:
        """Whether the character is a word by itself."""
        return 0 <= place < len(self.run) and self.ends[place] - self.starts[place] == 1

    def candidates(self) -> Iterator[Slip]:
        """Everything that could be mended, with what would be gained."""
        for place in range(len(self.run)):
            if not self.covered[place] and self._suspicious(place):
                yield from self._one_wrong(place)
        yield from self._phrases()

    def _suspicious(self, place: int) -> bool:
        start, end = self.starts[place], self.ends[place]
        if end - start != 2:
            return end - start == 1
        return (self.single(start - 1) or self.single(end)) and words.how_frequent(self.run[start:end]) < _COMMON

    def _one_wrong(self, place: int) -> Iterator[Slip]:
        """Words of the dictionary that one other character makes of whole words standing there."""
        extra = _FUNCTION_WORD if self.run[place] in _FUNCTION else 0.0
        for length, likeliest in _LIKELIEST.items():
            for first in range(max(0, place - length + 1), min(place, len(self.run) - length) + 1):
                if self.starts[first] != first or self.ends[first + length - 1] != first + length:
                    continue
                if length > 3 and sum(map(self.single, range(first, first + length))) < 2:
                    continue
                window = self.run[first : first + length]
                room = likeliest - words.probability(window) - LEAST_GAIN - extra
                if room <= 0:
                    continue
                for right, why, word in _completions(window, place - first, room > 2):
                    if slip := self._judged(place, right, word, first, _COST[why]):
                        yield slip

    def _phrases(self) -> Iterator[Slip]:
        """Phrases from which the text differs in one character, or in several that sound right."""
        run = self.run
        for place in range(len(run) - 1):
            for phrase, offset in words.phrases_around(run[place : place + 2]):
                first = place - offset
                if first < 0 or first + len(phrase) > len(run) or all(self.covered[first : first + len(phrase)]):
                    continue
                wrong = [at for at in range(len(phrase)) if run[first + at] != phrase[at]]
                if not wrong or len(wrong) > 2 or wrong[-1] - wrong[0] >= len(wrong):
                    continue
                if cost := self._phrase_cost(phrase, first, wrong):
                    right = phrase[wrong[0] : wrong[-1] + 1]
                    if slip := self._judged(first + wrong[0], right, phrase, first, cost):
                        yield slip

    def _phrase_cost(self, phrase: str, first: int, wrong: list[int]) -> float:
        """What is taken off the gain of this phrase; 0 when it cannot be meant."""
        cost = 0.1
        for at in wrong:
            place = first + at
            why = words.likeness(self.run[place], phrase[at])
            inside = not self.single(place)
            if self.covered[place] or (len(phrase) == 3 and (len(wrong) > 1 or why is Likeness.NONE)):
                return 0.0
            if len(wrong) > 1 and why is not Likeness.SOUND:
                return 0.0
            if why is Likeness.NONE and (inside or self.run[place] in _FUNCTION or not 0 < at < len(phrase) - 1):
                return 0.0
            cost += _COST[why]
            if (
                inside
                and words.how_frequent(self.run[self.starts[place] : self.ends[place]]) > _RARE
                and len(wrong) == 1
            ):
                cost += _IN_WORD
        return cost

    def _judged(self, start: int, right: str, word: str, first: int, cost: float) -> Slip | None:
        """The slip with its gain; ``None`` when it is not worth keeping."""
        run, end, last = self.run, start + len(right), first + len(word)
        if any(char in _NEVER_PUT_IN for char in right):
            return None
        if len(word) < 4 and run[start] in _FUNCTION:
            cost += _FUNCTION_WORD
        if len(word) == 2:
            if not _PLACE.isdisjoint(run[last : last + 2]):
                cost += _BEFORE_PLACE
            if not _SURNAMES.isdisjoint(run[max(0, start - 2) : start]):
                cost += _AFTER_SURNAME
            if words.how_frequent(word) < _RARE:
                cost += _RARE_WORD
        left = self.starts[max(0, self.starts[first] - 1)]
        until = self.ends[min(len(run) - 1, self.ends[last - 1])]
        before = words.probability(run[left:until])
        gain = words.probability(run[left:start] + right + run[end:until]) - before - cost
        return Slip(start, end, right, word, first, last, gain) if gain > LEAST_GAIN - _MARGIN else None


@lru_cache(1 << 13)
def _completions(window: str, place: int, widely: bool) -> tuple[tuple[str, Likeness, str], ...]:
    """The words that the window becomes with another character in this place; ``widely``: one that sounds or looks similar, too."""
    before, after = window[:place], window[place + 1 :]
    made = [before + right + after for right in words.may_stand_for(window[place], widely=widely)]
    known = {word for word in words_among(made) if words.how_frequent(word) >= 3}
    if len(window) > 2:
        known |= words.phrases().intersection(made)
    return tuple((word[place], words.likeness(window[place], word[place]), word) for word in sorted(known))
