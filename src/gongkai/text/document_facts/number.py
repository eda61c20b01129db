"""发文字号: the document's own number, from the head, the title, a label or the file's name; never a cited one.

A number inside 《》, in brackets after 》, or introduced by 根据, 按照, 废止 … belongs to another document, and so does
every number of the body: 「《…的请示》（…号）收悉」 is the request's. A document whose head shows none has none.
"""

from __future__ import annotations

import re

from gongkai.rules.document_number import find_all
from gongkai.text.document_facts.facts import Fact
from gongkai.text.document_facts.layout import Layout, is_cited

_LABELLED = re.compile(r"(?:发文字号|发文文号|文\s*号|文件编号)\s*[：:]\s*\Z")
_FILE_NAME = re.compile(r"\.(?:docx?|pdf|wps|ofd|zip)\Z", re.IGNORECASE)
_ORDER_ON_TWO_LINES = re.compile(
    r"(?P<body>[\u3400-\u9fff]{2,14}(?:令|公告|通告))\s*[（(]?\s*(?P<ordinal>(?:20[0-9]{2}\s*年\s*)?第\s*[0-9０-９一二三四五六七八九十百〇零]{1,7}\s*号)[）)]?\s*$",
    re.MULTILINE,
)


def own_number(parts: Layout, given_title: str) -> Fact | None:
    """The document's own number, or ``None``."""
    candidates = [*_in_head(parts), *_in_title(given_title), *_in_file_name(parts)]
    if not candidates:
        return None
    best = max(candidates, key=lambda fact: fact.confidence)
    others = {fact.value for fact in candidates if fact.value != best.value}
    agreeing = sum(fact.value == best.value for fact in candidates)
    confidence = best.confidence - (0.15 if others else 0) + (0.01 if agreeing > 1 else 0)
    return Fact(best.value, round(min(confidence, 0.99), 2), best.source)


def _in_head(parts: Layout) -> list[Fact]:
    found: list[Fact] = []
    for number in parts.numbers:
        if number.end > parts.head_end or is_cited(parts.text, number):
            continue
        line = next((line for line in parts.lines if line.start <= number.start < line.end), None)
        if line is None:
            continue
        before, after = parts.text[line.start : number.start], parts.text[number.end : line.end]
        found.append(Fact(number.value.text, _head_confidence(before, after), f"正文首部第{line.number}行"))
    return found or _order_in_head(parts)


def _head_confidence(before: str, after: str) -> float:
    if _LABELLED.search(before):
        return 0.98
    bare_before, bare_after = before.strip(" （(〔["), after.strip(" ）)〕]")
    if not bare_before and not bare_after:
        return 0.98
    if not bare_before:
        return 0.96
    return 0.95 if re.search(r"(?:通知|意见|决定|批复|函|公告|通告|通报|办法|方案|令)\Z", bare_before) else 0.75


def _order_in_head(parts: Layout) -> list[Fact]:
    """「某某市人民政府令」 and 「第12号」, 「某某局公告」 and 「2024年第3号」 on two lines."""
    head = parts.text[: min(parts.head_end, 400)]
    match = _ORDER_ON_TWO_LINES.search(head)
    if match is None or re.search(r"[《根据]", head[max(0, match.start() - 4) : match.start()]):
        return []
    numbers = find_all(match["body"] + match["ordinal"])
    return [Fact(numbers[0].value.text, 0.93, "正文首部令号")] if numbers else []


def _in_title(title: str) -> list[Fact]:
    """A number joined to the title, at its end (in brackets or not) or in front of it."""
    stripped = re.sub(r"[\u200b-\u200d\ufeff]", "", title).strip()
    for number in find_all(stripped):
        before, after = stripped[: number.start].rstrip(" \n"), stripped[number.end :].strip(" \n")
        at_end = (
            re.fullmatch(r"[）)〕\]]?", after) is not None
            and not before.rstrip("（(").endswith("》")
            and before.count("《") == before.count("》")
        )
        if at_end and not re.search(r"(?:根据|按照|废止|执行)\Z", before):
            return [Fact(number.value.text, 0.95, "标题")]
        if not before and after:
            return [Fact(number.value.text, 0.9, "标题")]
    return []


def _in_file_name(parts: Layout) -> list[Fact]:
    """「甲政发〔2024〕1号甲市人民政府关于….doc」: the file offered at the end bears the document's number and title."""
    for line in parts.lines[-6:]:
        if _FILE_NAME.search(line.text[-5:]) is None:
            continue
        for number in find_all(line.text[:60]):
            if number.start == 0 and re.match(r"[）)\s]*.{2,}关于.+", line.text[number.end :]):
                return [Fact(number.value.text, 0.9, f"文末所附文件名（第{line.number}行）")]
    return []
