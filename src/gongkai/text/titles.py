"""What a title is about: its topic without the official wrapping, and the places where a reader might begin to type it.

``亳州市谯城区人民政府办公室关于印发《谯城区城乡居民基本医疗保险实施办法》的通知`` is about
``谯城区城乡居民基本医疗保险实施办法``, and may be typed from 谯城区, 城乡, 居民, 基本, 医疗 or 保险 on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from gongkai.text.normalise import HAN, fold
from gongkai.text.segment import inner_starts, is_word, segment

MOST_STARTS = 14
"""Places of one title that are kept; what comes later in a long title is rarely what a reader begins with."""
SHORTEST_TOPIC = 4

_GENRES = (
    "通知|公告|通告|意见|决定|决议|批复|函|复函|公示|通报|请示|报告|命令|令|议案|答复|说明|公报|解读|规定|办法|细则|方案|规划|"
    "计划|清单|目录|名单|结果|要点|措施"
)
_SENT = "印发|发布|公布|颁布|转发|下发|批转|修改|修订|废止|实施|贯彻|执行|落实"
_WRAPPED = re.compile(rf"(?:关于[^《》]{{0,14}})?(?:{_SENT})[^《》]{{0,12}}《([^《》]{{4,}})》")
_QUOTED = re.compile(r"《([^《》]{4,})》")
_ABOUT = re.compile(rf"关于(?:{_SENT}|做好|进一步做好|进一步|切实做好|认真做好|开展)?")
_ENDING = re.compile(rf".{{0,6}}(?:{_GENRES})(?:[（(].*)?")
"""What follows the last 的 of a wrapped title."""
_GENRE = re.compile(rf".{{0,2}}(?:{_GENRES})")
_REMARK = re.compile(r"[（(〔\[][^（(）)〕\]]{0,20}[）)〕\]]$")
_SURPLUS = re.compile(r"(?:等)?(?:有关|相关)?(?:工作|事项|事宜|问题|情况)$")
_EMPTY = frozenset("的和与及等为在对由从以于并或了将被把向其之中上下内外前后第号年月日") | {
    "关于",
    "以及",
    "有关",
    "若干",
    "印发",
    "做好",
}
_HAN_CHAR = re.compile(f"[{HAN}]")
_COMPACT = re.compile(rf"[{HAN}a-z0-9]")
_NOT_COMPACT = re.compile(rf"[^{HAN}a-z0-9]+")


def compact(text: str, keep: str = "") -> str:
    """``text`` folded, with nothing but Han characters, letters, digits and ``keep``: what a reader types of it."""
    if keep:
        return "".join(char for char in fold(text) if char in keep or _COMPACT.match(char))
    return _NOT_COMPACT.sub("", fold(text))


@dataclass(frozen=True, slots=True)
class Compact:
    """A compact text that knows where each of its characters came from."""

    text: str
    offsets: tuple[int, ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original that ``text[start:end]`` (not empty) came from."""
        return self.offsets[start], self.offsets[end - 1] + 1


def compact_aligned(text: str) -> Compact:
    """``compact`` with the way back."""
    kept = [(char, offset) for offset, given in enumerate(text) for char in fold(given) if _COMPACT.match(char)]
    return Compact("".join(char for char, _ in kept), tuple(offset for _, offset in kept))


@dataclass(frozen=True, slots=True)
class Topic:
    """The part ``title[start:end]`` that says what the title is about."""

    start: int
    end: int


@lru_cache(maxsize=256)
def topic(title: str) -> Topic:
    """Find the topic of ``title``; the whole title when it has no wrapping."""
    start, end = 0, len(title)
    bare = title[0] == "《" or "关于" not in title if title else False
    if wrapped := _WRAPPED.search(title) or (_QUOTED.search(title) if bare else None):
        start, end = wrapped.span(1)
    if (about := _ABOUT.search(title, start, end)) and end - about.end() >= SHORTEST_TOPIC:
        start = about.end()
        end = _end_of_subject(title, start, end)
    remark = _REMARK.search(title, start, end)
    if remark and remark.start() - start >= SHORTEST_TOPIC:
        end = remark.start()
    return Topic(start, end)


def _end_of_subject(title: str, start: int, end: int) -> int:
    """Where the subject ends: before 的通知 and the like, and before words that say nothing."""
    cut = title.rfind("的", start, end)
    if cut - start >= SHORTEST_TOPIC and _ENDING.fullmatch(title, cut + 1, end):
        end = cut
    surplus = _SURPLUS.search(title, start, end)
    return surplus.start() if surplus and surplus.start() - start >= SHORTEST_TOPIC else end


def starts(title: str) -> tuple[int, ...]:
    """Offsets at which a reader may begin: of the title, of its topic and of each word in the topic, in order."""
    found = topic(title)
    offsets = [0, found.start]
    position = found.start
    for word in segment(title[found.start : found.end]):
        if word not in _EMPTY and _HAN_CHAR.match(word):
            offsets += [position + inner for inner in inner_starts(word)]
        position += len(word)
    return tuple(sorted(set(offsets)))[:MOST_STARTS]


def abbreviations(title: str) -> tuple[tuple[str, int], ...]:
    """Words that shorten two neighbouring words of the topic (医疗保险 is 医保), each with the offset of the longer form.

    Only what the dictionary knows as a word counts, and a word that stands in the title itself needs no shortening.
    """
    places = [*starts(title), topic(title).end]
    return tuple(
        (short, first)
        for first, second, end in zip(places, places[1:], places[2:], strict=False)
        if second - first == 2 and end - second == 2
        if is_word(short := title[first] + title[second]) and short not in title
    )


def boundaries(text: str) -> frozenset[int]:
    """Offsets between words, words within long words included, with both ends of ``text``."""
    found = {0, len(text)}
    position = 0
    for word in segment(text):
        found.update(position + inner for inner in inner_starts(word))
        position += len(word)
    return frozenset(found)


def shorten(text: str, start: int, end: int, most: int) -> int:
    """Where to end ``text[start:end]`` so that it has at most ``most`` characters and breaks no word and no bracket."""
    if end - start > most:
        kept = [offset for offset in boundaries(text[start:end]) if 0 < offset <= most]
        end = start + max(kept, default=most)
    for opening, closing in ("（）", "《》", "“”", "()", "〔〕"):
        part = text[start:end]
        if part.count(opening) > part.count(closing) and part.rfind(opening) > 0:
            end = start + part.rfind(opening)
    return start + len(text[start:end].rstrip(" 　，。、；：,.;:-—的和与及等"))


def is_genre(word: str) -> bool:
    """True for words that only say what kind of document it is (管理办法, 实施方案)."""
    return _GENRE.fullmatch(word) is not None


def is_empty(word: str) -> bool:
    """True for words that say nothing by themselves (的, 关于, 有关)."""
    return word in _EMPTY
