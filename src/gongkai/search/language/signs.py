"""The signs of the query language: addresses, quoted phrases, scope, exclusions, alternatives."""

from __future__ import annotations

import re

from gongkai.search.language.draft import EITHER, Draft
from gongkai.search.language.wording import meaningful_words
from gongkai.search.parsed import ReadingKind, Scope
from gongkai.search.ranking import ALL_NEEDED
from gongkai.text.analysis import words as search_words

_ADDRESS = re.compile(
    r"(?:https?:/{1,2}|www\.)[!-~]{2,500}|(?<![^ ])(?:[a-z0-9-]{1,40}\.){1,4}gov\.cn(?:/[!-~]{0,400})?|(?<![^ ])/items/[0-9]{1,10}/?(?![^ ])",
    re.IGNORECASE,
)
_ENDS_NO_ADDRESS = "\"'<>),.;:!?]}"
_QUOTED = re.compile(r"\"([^\"]+)\"|“([^”]+)”|「([^」]+)」|『([^』]+)』")
_NAMED = re.compile("[“”]")
_SCOPE = re.compile(r"(?:(?<= )|^)(?P<label>标题|题目|题名|全文|正文|intitle|title) ?: ?", re.IGNORECASE)
_NUMBER_LABEL = re.compile(r"(?:(?<= )|^)(?:发文字号|文件号|文号|字号|索引号|机关代字) ?: ?")
_EXCLUDED = re.compile(
    r"(?:(?<= )|(?<=^))(?:[-－−]|(?:不含|不包含|不包括|排除|除去) ?[:：]? ?)(?P<word>[^\s\-－−\"“”|][^\s\"“”|]{0,39})"
)
_EXCLUDED_AT_HEAD = re.compile(r"[-－−]")
_EITHER = re.compile(r" *[|¦] *| +(?:或者?|OR|or) +")


def read_addresses(draft: Draft) -> tuple[str, ...]:
    """Take web addresses out of the text."""
    found = []
    for match in _ADDRESS.finditer(draft.rest):
        address = match.group().rstrip(_ENDS_NO_ADDRESS)
        found.append(address)
        draft.take(match.start(), match.start() + len(address))
    return tuple(dict.fromkeys(found))


def unquote_names(draft: Draft) -> None:
    """In a whole question the Chinese quotation marks name something (“双减”政策有哪些规定); they do not ask for a phrase."""
    if len(meaningful_words(_QUOTED.sub(" ", draft.rest))) > ALL_NEEDED:
        draft.rest = _NAMED.sub(" ", draft.rest)


def read_phrases(draft: Draft) -> tuple[str, ...]:
    """Take quoted phrases out of the text; one of punctuation alone seeks nothing."""
    phrases = []
    for match in _QUOTED.finditer(draft.rest):
        phrase = next(filter(None, match.groups())).strip()
        if search_words(phrase):
            phrases.append(phrase)
        draft.take(match.start(), match.end())
    return tuple(phrases)


def read_scope(draft: Draft) -> Scope | None:
    """Take 标题：, 全文： out of the text; it is for all of the text, wherever it stands."""
    scope = None
    for match in _SCOPE.finditer(draft.rest):
        scope = Scope.ALL if match["label"] in ("全文", "正文") else Scope.TITLE
        draft.take(match.start(), match.end())
        text = "只在标题中检索" if scope is Scope.TITLE else "在全文中检索"
        draft.say(ReadingKind.SCOPE, text, match.start(), match.end(), drop=True)
    return scope


def read_number_label(draft: Draft) -> bool:
    """Take 文号： out of the text; True when it was there."""
    match = _NUMBER_LABEL.search(draft.rest)
    if match is None:
        return False
    draft.take(match.start(), match.end())
    return True


def read_excluded(draft: Draft) -> tuple[str, ...]:
    """Take -词 and 不含词 out of the text, each behind a blank; 不含 at the very head is a word like any other."""
    excluded = []
    for match in _EXCLUDED.finditer(draft.rest):
        word = match["word"].strip()
        at_head = not draft.rest[: match.start()].strip()
        if (at_head and not _EXCLUDED_AT_HEAD.match(match.group())) or not search_words(word):
            continue
        excluded.append(word)
        draft.say(ReadingKind.EXCLUDED, f"不含：{word}", match.start(), match.end(), drop=True)
        draft.take(match.start(), match.end())
    return tuple(dict.fromkeys(excluded))


def read_either(draft: Draft) -> None:
    """Join the neighbours of 或 and | so that they can be told from words that must all occur."""
    draft.rest = _EITHER.sub(EITHER, draft.rest)
