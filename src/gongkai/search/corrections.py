"""纠错提示 (您是不是要找): what a reader meant when what he typed is found nowhere.

No list of words is kept: the titles in the index are what can be meant. A part of the query that stands in a title or text as
it is written is right, whatever else there is; that is one cheap question, and nearly always the end. Otherwise titles that
sound or look alike are fetched (`title_sounds`, `title_grams`), the part is laid beside each (`gongkai.text.alignment`), and the
piece of a title that differs least takes its place. Pinyin for a whole part is turned into the characters of a title.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from gongkai.rules.document_number import find_all
from gongkai.search.fields import LEAD_WORDS, TEXT_GRAMS, TITLE_GRAMS, TITLE_SOUNDS
from gongkai.search.lexicon import alike_words, words_sounding
from gongkai.search.plan import Clause, Term, all_of, any_of
from gongkai.search.query import SearchQuery
from gongkai.search.results import SearchResults
from gongkai.search.title_fields import sound_pairs
from gongkai.search.title_lookup import TitleLookup, as_written, deployed
from gongkai.text.alignment import EXCHANGED, SIMILAR_SOUND, Edit, align
from gongkai.text.analysis import pairs
from gongkai.text.highlight import Segments
from gongkai.text.pinyin import fold_sound, readings, spellings, whole
from gongkai.text.segment import is_word, segment
from gongkai.text.titles import Compact, boundaries, compact, compact_aligned, is_empty

SHORTEST, LONGEST = 2, 100
"""Characters of a part that can be corrected."""
SHORT = 4
"""Up to this length a part is a word rather than a phrase: what is proposed must be a word, or stand between words."""
QUOTES = '"“「『＂'
"""A part that begins with one is meant as it is; inside a title (“十四五”规划) they say nothing."""
LOOKED_AT = 20
"""Titles looked at for one part."""
ENOUGH = 3
"""Items that must have a word before it is preferred to one that is no word but happens to occur (底保 in 兜底保障)."""


SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆汪范"
    "廖石金韦贾夏傅方邹熊孟秦白江阎薛尹段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔汤康易乔赖文"
)
"""The commonest surnames; a name differs from another name by no slip."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A query to offer instead, in pieces with what was changed marked."""

    segments: Segments

    @property
    def text(self) -> str:
        """The query."""
        return "".join(piece for piece, _ in self.segments)


@dataclass(frozen=True, slots=True)
class _Change:
    """``text[start:end]`` of the query should read ``right``."""

    start: int
    end: int
    right: str


def correction(
    query: SearchQuery, results: SearchResults | None = None, *, lookup: TitleLookup | None = None
) -> Correction | None:
    """Return what may have been meant by ``query``; ``None`` when it is found as written or nothing is alike.

    With ``results`` nothing is asked for a later page: who reads on has found what he was looking for. Quoted phrases and document numbers are meant as they are. Raises `SearchUnavailable`.
    """
    parsed = query.parsed
    if not (parsed.words or parsed.phrases):
        return None
    if results is not None and results.hits and (query.after or query.offset):
        return None
    titles = lookup or deployed()
    changes: list[_Change] = []
    for start, part in _parts(query.text[:LONGEST]):
        if part[0] in QUOTES:
            continue
        ready = compact_aligned(part)
        found = _changes(part, ready, titles)
        if not _in_number(part, found):
            changes += [_Change(start + change.start, start + change.end, change.right) for change in found]
    return Correction(_applied(query.text, changes)) if changes else None


def _parts(text: str) -> Iterator[tuple[int, str]]:
    """The words of a query as they were typed apart, with their offsets."""
    position = 0
    for part in text.split():
        position = text.index(part, position)
        yield position, part
        position += len(part)


def _in_number(part: str, changes: Iterable[_Change]) -> bool:
    """True when a change would fall into a document number, which is meant as it is."""
    numbers = find_all(part)
    return any(number.start < change.end and change.start < number.end for number in numbers for change in changes)


def _applied(text: str, changes: Iterable[_Change]) -> Segments:
    pieces: list[tuple[str, bool]] = []
    position = 0
    for change in changes:
        pieces += [(text[position : change.start], False), (change.right, True)]
        position = change.end
    pieces.append((text[position:], False))
    return tuple((piece, marked) for piece, marked in pieces if piece)


def _changes(written: str, part: Compact, titles: TitleLookup) -> list[_Change]:
    """What to change in one part of the query (as ``written``, and compact); offsets in that part."""
    typed = part.text
    if len(typed) < SHORTEST or typed.isdigit():
        return []
    if typed.isascii():
        right = _from_pinyin(typed, titles) if typed.isalpha() else ""
        return [_Change(*part.original(0, len(typed)), right)] if right else []
    if _is_right(written, titles):
        return []
    return [_change(part, edit) for edit in _best(typed, titles)]


def _change(part: Compact, edit: Edit) -> _Change:
    if edit.start == edit.end:  # something is missing before this character
        at = part.offsets[edit.start]
        return _Change(at, at, edit.right)
    return _Change(*part.original(edit.start, edit.end), edit.right)


def _is_right(typed: str, titles: TitleLookup) -> bool:
    """True when the text is a word or is found as it is written; a short one that is no word must stand between words somewhere."""
    if is_word(typed):
        return True
    if len(typed) == SHORTEST:
        found = titles.best(as_written(TITLE_GRAMS, typed), LOOKED_AT)
        return any(_between_words(title, typed) for title in found)
    return titles.any(as_written(TITLE_GRAMS, typed)) or titles.any(as_written(TEXT_GRAMS, typed))


def _between_words(title: str, typed: str) -> bool:
    text = compact(title)
    place, ends = text.find(typed), boundaries(text)
    return place >= 0 and place in ends and place + len(typed) in ends


# --- candidates --------------------------------------------------------------------------------------------------------
def _best(typed: str, titles: TitleLookup) -> tuple[Edit, ...]:
    """The edits that make ``typed`` a piece of a title or a word of the texts; ``()`` for none that can be trusted."""
    if len(typed) <= 2 * SHORT:
        for word in alike_words(typed):
            whole_word = align(typed, word, 2, frozenset((0, len(word))))
            if whole_word and titles.any(Term(LEAD_WORDS, word), ENOUGH):
                return whole_word.edits
    if exchanged := _exchanged(typed, titles):
        return (exchanged,)
    for found, most in _candidates(typed, titles):
        edits = _closest(typed, found, titles, most)
        if edits is not None:
            return edits
    return ()


def _exchanged(typed: str, titles: TitleLookup) -> Edit | None:
    """Two neighbouring characters of a short text that stand the other way round in a title."""
    if not SHORTEST < len(typed) <= 2 * SHORT:
        return None
    for place, (first, second) in enumerate(pairwise(typed)):
        other = f"{typed[:place]}{second}{first}{typed[place + 2 :]}"
        if first != second and titles.any(as_written(TITLE_GRAMS, other)):
            return Edit(place, place + 2, second + first, EXCHANGED)
    return None


def _candidates(typed: str, titles: TitleLookup) -> Iterator[tuple[list[str], int]]:
    """Titles that may be meant, with the most differences to be looked for, the cheapest question first: those with all the sounds; of a long text those with the sounds of one
    half, for one slip leaves the other half as it was; then those with most of the characters (and sounds, of a short text)."""
    heard = [
        any_of([Term(TITLE_SOUNDS, pair) for pair in spoken])
        for two in pairwise(typed)
        if (spoken := sound_pairs(*two))
    ]
    most = 1 if len(typed) < 2 * SHORT else 2
    if heard:
        yield titles.closest(all_of(heard), LOOKED_AT), most
    half = len(heard) // 2
    if half >= SHORT:
        yield titles.best(all_of(heard[half + 1 :]), LOOKED_AT), 1
        yield titles.best(all_of(heard[: half - 1]), LOOKED_AT), 1
    seen: list[Clause] = [Term(TITLE_GRAMS, gram) for gram in dict.fromkeys(gram for _, gram in pairs(typed))]
    if SHORTEST < len(typed) <= 2 * SHORT:  # few pairs are left of a short text: its characters and sounds tell more
        seen += [*(Term(TITLE_GRAMS, char) for char in dict.fromkeys(typed)), *heard]
    if len(typed) > SHORTEST:
        yield titles.closest(any_of(seen), LOOKED_AT), most


def _closest(typed: str, found: Iterable[str], titles: TitleLookup, most: int) -> tuple[Edit, ...] | None:
    """The cheapest edits over the titles, of equally cheap ones the most frequent; ``None`` for none, ``()`` when a title has the
    text as it is but for punctuation."""
    costs: dict[tuple[Edit, ...], float] = {}
    seen: Counter[tuple[Edit, ...]] = Counter()
    for title in found:
        text = compact(title)
        ends = boundaries(text)
        aligned = align(typed, text, most, ends)
        if aligned is None:
            continue
        if not aligned.edits:
            return ()
        if len(typed) <= SHORT and not {aligned.start, aligned.end} <= ends:
            continue
        costs[aligned.edits] = aligned.cost
        seen[aligned.edits] += 1
    for edits in sorted(costs, key=lambda edits: (costs[edits], -seen[edits])):
        if _trusted(typed, edits, titles):
            return edits
    return None


def _trusted(typed: str, edits: tuple[Edit, ...], titles: TitleLookup) -> bool:
    """True when the differences look like slips.

    One that sounds right does. Any other must leave a known word behind (not another person's name), must not replace a
    word that is known, to the dictionary or in a longer text to the documents (福州市 is not 杭州市 mistyped), and must
    not only put in or take out a word that says nothing.
    """
    unlike = [
        edit for edit in edits if edit.cost > SIMILAR_SOUND and edit.cost != EXCHANGED and not _doubled(typed, edit)
    ]
    if not unlike:
        return True
    corrected = _corrected(typed, edits)
    if all(is_empty(_word_at(corrected if edit.right else typed, edit.start)) for edit in unlike):
        return False
    if any(first.end == second.start for first, second in pairwise(unlike)):
        return False  # two wrong characters side by side are another word
    if len(typed) < SHORT and not (
        len(typed) > SHORTEST and len(corrected) >= len(typed) and _whole_word(corrected, unlike)
    ):
        return False
    # a character too many or too few in a long text: what it breaks into words is chance (上海[航]运交易所)
    doubtful = [edit for edit in unlike if len(typed) < 2 * SHORT or len(edit.right) == edit.end - edit.start]
    broken = [word for edit in doubtful for word in _words_at(typed, edit)]
    characters = sum(not char.isascii() for char in typed)
    if broken and (characters <= SHORT + 1 or any(titles.any(Term(LEAD_WORDS, word)) for word in broken)):
        return False
    return not any(_in_name(corrected, edit.start) for edit in unlike if edit.right)


def _whole_word(corrected: str, edits: Iterable[Edit]) -> bool:
    """True when a word was made, or nothing but a character was left out (残人证)."""
    return is_word(corrected) or all(edit.start == edit.end for edit in edits)


def _word_at(text: str, place: int) -> str:
    """The word of ``text`` that has the character at ``place``."""
    position = 0
    for word in segment(text):
        position += len(word)
        if place < position:
            return word
    return ""


def _doubled(typed: str, edit: Edit) -> bool:
    """True when a character was only typed twice."""
    return not edit.right and typed[edit.start : edit.end] in (
        typed[edit.start - 1 : edit.start],
        typed[edit.end : edit.end + 1],
    )


def _in_name(text: str, place: int) -> bool:
    """True when the character at ``place`` belongs to no word and may be part of a person's name."""
    position = 0
    singles = ""
    for word in segment(text):
        if position <= place < position + len(word):
            return len(word) == 1 and any(char in SURNAMES for char in (singles + word)[-3:])
        singles = singles + word if len(word) == 1 else ""
        position += len(word)
    return False


def _corrected(typed: str, edits: Iterable[Edit]) -> str:
    return "".join(piece for piece, _ in _applied(typed, [_Change(e.start, e.end, e.right) for e in edits]))


def _words_at(typed: str, edit: Edit) -> Iterator[str]:
    """The words of two and more characters that the edit would break."""
    position = 0
    for word in segment(typed):
        end = position + len(word)
        touched = position < edit.end and edit.start < end if edit.end > edit.start else position < edit.start < end
        if touched and len(word) > 1:
            yield word
        position = end


# --- pinyin ------------------------------------------------------------------------------------------------------------
def _from_pinyin(letters: str, titles: TitleLookup) -> str:
    """The characters that whole syllables stand for in titles or in the dictionary; ``""`` when the letters are found as they
    are, or for none."""
    if titles.any(Term(TEXT_GRAMS, letters)):
        return ""
    for units in spellings(letters):
        if len(units) < SHORTEST or not whole(units):
            continue
        folded = tuple(map(fold_sound, units))
        heard = [Term(TITLE_SOUNDS, f"{first}.{second}") for first, second in pairwise(folded)]
        found = titles.best(all_of(list(heard)), LOOKED_AT)
        written = Counter(piece for title in found for piece in _spelled_in(title, units))
        if written:
            return max(written, key=lambda piece: (is_word(piece), written[piece]))
        if words := [word for word in words_sounding(folded) if titles.any(Term(LEAD_WORDS, word))]:
            return words[0]
    return ""


def _spelled_in(title: str, units: tuple[str, ...]) -> Iterator[str]:
    """The pieces of ``title`` between words that are pronounced as ``units``."""
    text, count = compact(title), len(units)
    ends = boundaries(text)
    for start in sorted(ends):
        piece = text[start : start + count]
        if start + count in ends and all(unit in readings(char) for unit, char in zip(units, piece, strict=True)):
            yield piece
