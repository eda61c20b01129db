"""Reading a typed text: one step for each thing it may hold, in an order in which no step spoils another."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from gongkai.search.language.days import read_days
from gongkai.search.language.draft import EITHER, Draft
from gongkai.search.language.numbers import read_numbers
from gongkai.search.language.signs import (
    read_addresses,
    read_either,
    read_excluded,
    read_number_label,
    read_phrases,
    read_scope,
    unquote_names,
)
from gongkai.search.language.titles import end_of_title, title_keys
from gongkai.search.language.wording import Wording, read_politeness, wording
from gongkai.search.parsed import ParsedText, Reading, ReadingKind
from gongkai.search.synonyms import Synonyms
from gongkai.text.segment import dictionary_version

LONGEST_TEXT = 200
"""Characters of a question that are read; a longer one is cut, and that is said."""


def read(text: str, synonyms: Synonyms | None = None, today: date | None = None) -> ParsedText:
    """Read a typed text.

    Args:
        text: as typed.
        synonyms: the synonyms to use; ``None`` seeks the words just as they are.
        today: the day from which 今年 and 近三个月 are counted; ``None`` leaves them words.
    """
    return _read(text.strip(), synonyms, today, dictionary_version())


@lru_cache(maxsize=512)
def _read(whole: str, synonyms: Synonyms | None, today: date | None, words_in_use: str) -> ParsedText:
    """``words_in_use`` only tells apart what was read with other words."""
    draft = Draft(whole[:LONGEST_TEXT])
    if len(whole) > LONGEST_TEXT:
        draft.say(ReadingKind.CUT, f"检索内容超过{LONGEST_TEXT}个字，只按前{LONGEST_TEXT}个字检索")
    addresses = read_addresses(draft)
    scope = read_scope(draft)
    titles = title_keys(draft.rest)
    draft.take(end_of_title(draft.rest), len(draft.rest))
    read_politeness(draft)
    unquote_names(draft)
    phrases = read_phrases(draft)
    excluded = read_excluded(draft)
    dates = read_days(draft, today)
    numbers = read_numbers(draft, labelled=read_number_label(draft))
    read_either(draft)
    found = wording(draft.rest, synonyms, alone=not phrases)
    _say_alternatives(draft, found)
    ranking_text = "\n".join([*draft.rest.replace(EITHER, " ").split(), *phrases])
    return ParsedText(
        phrases=phrases,
        numbers=numbers.whole,
        partial_numbers=numbers.parts,
        words=found.words,
        alternatives=tuple(found.alternatives),
        excluded=excluded,
        keys=(*numbers.keys, *(titles if found.words else ())),
        addresses=addresses,
        scope=scope,
        dates=dates,
        ranking_text=ranking_text,
        readings=_in_order(draft),
    )


def _say_alternatives(draft: Draft, found: Wording) -> None:
    end = len(draft.typed)
    for one in found.either:
        draft.readings.append((end, Reading(ReadingKind.EITHER, f"任一即可：{'、'.join((one.word, *one.texts))}")))
    for one in found.synonyms:
        text = f"含同义词：{one.word} = {'、'.join(one.texts)}"
        draft.readings.append((end, Reading(ReadingKind.SYNONYMS, text, (("exact", "1"),))))


def _in_order(draft: Draft) -> tuple[Reading, ...]:
    return tuple(reading for _, reading in sorted(draft.readings, key=lambda one: one[0]))
