"""公开内容（要素）of a catalogue row as single elements, and which of them a text speaks of.

Rows write what must be public as one sentence: “补贴项目、标准、范围、发放时间和汇总表（个人信息经去标识化处理）”. An element counts as spoken of when the
text has it, or every word of it: a help for the writer, no judgement, for a text may say the same in other words.
"""

from __future__ import annotations

import re

from gongkai.text.normalise import fold
from gongkai.text.segment import segment

_NOTE = re.compile(r"（[^（）]*）|\([^()]*\)")
_NUMBERING = re.compile(r"^(?:[（(]?[0-9一二三四五六七八九十]{1,3}[）)、.．]|[①-⑳])\s*")
_BETWEEN = re.compile(r"[、；;，,。\n\r]+|等$")
_LAST_TWO = re.compile(r"(?<=[\u4e00-\u9fff]{2})(?:以及|和|及|或者)(?=[\u4e00-\u9fff]{2})")
_SAYS_NOTHING = frozenset(
    {"情况", "信息", "内容", "有关", "相关", "主要", "具体", "其他", "需要", "应当", "以及", "进行", "处理", "形式"}
)
LONGEST = 30
"""Characters; a longer piece is an explanation, not an element."""


def elements(content: str) -> tuple[str, ...]:
    """The elements a row names, in order, each once."""
    plain = _NOTE.sub("", content)
    found = []
    for line in _BETWEEN.split(plain):
        for piece in _LAST_TWO.split(_NUMBERING.sub("", line.strip())):
            element = piece.strip(" 　:：")
            if 1 < len(element) <= LONGEST:
                found.append(element)
    return tuple(dict.fromkeys(found))


def spoken_of(element: str, text: str) -> bool:
    """Whether the text has the element, or every word of it that says something."""
    wanted = fold(element)
    if wanted in text:
        return True
    words = [word for word in segment(wanted) if len(word) > 1 and word not in _SAYS_NOTHING]
    return bool(words) and all(word in text for word in words)


def compared(content: str, text: str) -> tuple[tuple[str, bool], ...]:
    """(element, whether `text` speaks of it) for all elements of `content`."""
    folded = fold(text)
    return tuple((element, spoken_of(element, folded)) for element in elements(content))
