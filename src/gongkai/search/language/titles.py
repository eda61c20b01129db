"""A pasted title: whole, between 《》, broken over lines, with the site's name or a date behind it."""

from __future__ import annotations

import re

from gongkai.search.keys import title_key

_BOOK = re.compile(r"《(.{4,200})》", re.DOTALL)
_SITE = re.compile(r"\s*[-_|–—－＿｜·]+\s*[^-_|–—－＿｜·\s《》]{2,30}\Z")
_DATE = re.compile(
    r"[\s(（\[【]*(?:(?:发布|公布|发文|更新)?(?:时间|日期)\s*[:：]?)?\s*(?:19|20)\d{2}\s*[-年./]\s*\d{1,2}\s*[-月./]\s*\d{1,2}\s*日?"
    r"(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?[\s)）\]】]*\Z"
)
_SOURCE = re.compile(r"\s+(?:来源|信息来源|发布机构|发布单位)\s*[:：]\s*\S{1,30}\s*\Z")
_HEAD = re.compile(r"\A\s*(?:标题|题目|名称)\s*[:：]\s*|\A\s*[·•●■◆]\s*|\A\s*\d{1,2}\s*[.、]\s*")
_SITE_NAME = re.compile(
    r"\s*[-_|–—－＿｜]+\s*[\u4e00-\u9fff]{2,26}(?:政府|网|网站|门户|平台|公开|局|委|委员会|办公室|中心)\s*\Z"
)
_HAN = re.compile(r"[\u3400-\u9fff]")
SHORTEST_WHOLE = 8
"""Han characters a title must have before a date behind it is taken for something pasted along."""
MOST = 6


def title_keys(text: str) -> tuple[str, ...]:
    """Keys of the titles a text may be: as it stands, and with what is pasted along taken off step by step."""
    found = [text, _HEAD.sub("", text)]
    found += [match.group(1) for match in _BOOK.finditer(text)][:2]
    shorter = found[1]
    for _ in range(4):
        before = shorter
        for pattern in (_DATE, _SOURCE, _SITE):
            shorter = pattern.sub("", shorter.rstrip())
            found.append(shorter)
        if shorter == before:
            break
    keys = dict.fromkeys(key for one in found if (key := title_key(one)))
    return tuple(keys)[:MOST]


def end_of_title(text: str) -> int:
    """Where a pasted title ends and what was pasted along (name of the site, source, date) begins; the length for neither."""
    shorter = text
    for _ in range(4):
        before = shorter
        for pattern in (_DATE, _SOURCE, _SITE_NAME):
            shorter = pattern.sub("", shorter.rstrip())
        if shorter == before:
            break
    return len(shorter) if len(_HAN.findall(shorter)) >= SHORTEST_WHOLE else len(text)
