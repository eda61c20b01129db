"""Where an interpretation names a 条 of the document it explains: 第三条, 《办法》第12条第二款, 第三条至第五条; or, of a document
without articles, a part of it: 第三部分, 第三部分第（二）条.

An article of another document is none of these: 《…法》第十条, and what is listed after it (第十条、第十一条), is left out unless the title
in 《》 is that of the explained document, in full or as it is shortened there (《办法》).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from gongkai.text.numerals import NUMERAL, number_of

_NUMERAL = rf"({NUMERAL}+|\d{{1,4}})"
_MENTION = re.compile(
    rf"第{_NUMERAL}条(?:之[一二三四五六七八九十]+)?|第{_NUMERAL}(?:部分|大项)(?:的?第?（{_NUMERAL}）[项条点款]?)?"
)
_HEADING, _ITEM = re.compile(rf"{_NUMERAL}、"), re.compile(rf"（{_NUMERAL}）")
_TITLED = re.compile(r"《([^《》]+)》(?:（[^（）]*）)?(?:的|中|规定的)?$")
_LISTED = re.compile(r"(?:第[^第，。；]{1,8}[款项目])*(?:、|和|及|以及|与|至|到|或者|或)$")
_PLAIN = re.compile(r"[\s（）()]")


@dataclass(frozen=True, slots=True)
class Mention:
    """One place that names an article."""

    article: str
    """`3`, or `3之一`; the same for 第三条 and 第3条 (see `article_key`). Of a part `part3`, and `part3-2` of what stands under its
    （二）."""
    start: int
    end: int


def article_key(number: str) -> str:
    """第三条, 第 3 条, 第三条之一, 第三部分 as one word to compare by; ``""`` when it is neither 条 nor 部分."""
    found = _MENTION.fullmatch("".join(number.split()))
    return _key(found) if found else ""


def heading_key(number: str, heading: str = "") -> str:
    """The key of 三、 as that of 第三部分, of （二） under the part with the key `heading` as that of 第三部分（二）; ``""`` for others."""
    number = "".join(number.split())
    if found := _HEADING.fullmatch(number):
        return f"part{number_of(found[1])}"
    item = _ITEM.fullmatch(number)
    return f"{heading}-{number_of(item[1])}" if item and heading else ""


def _key(found: re.Match[str]) -> str:
    if found[2]:
        return f"part{number_of(found[2])}" + (f"-{number_of(found[3])}" if found[3] else "")
    return f"{number_of(found[1])}{found[0].partition('条')[2]}"


def mentions(text: str, title: str) -> tuple[Mention, ...]:
    """The articles of the document called `title` that `text` names, in order. Places are characters of `text`."""
    made: list[Mention] = []
    last: tuple[int, bool] | None = None
    for found in _MENTION.finditer(text):
        before = text[: found.start()]
        if last is not None and _LISTED.fullmatch(before[last[0] :]):
            own = last[1]
        else:
            titled = _TITLED.search(before)
            own = titled is None or _same(titled[1], title)
        last = (found.end(), own)
        if own:
            made.append(Mention(_key(found), found.start(), found.end()))
    return tuple(made)


def _same(named: str, title: str) -> bool:
    """Whether 《named》 is the document: its title, what it issues, or the last word of it (《办法》)."""
    named, title = _PLAIN.sub("", named), _PLAIN.sub("", title)
    issued = re.search(r"《([^《》]+)》", title)
    return named in title if len(named) > 6 else (issued[1] if issued else title).endswith(named)
