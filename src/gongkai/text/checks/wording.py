"""Wording that must not be published: wrong official names, known grave errors, names that have changed, templates not filled in, and
numbers of documents in the wrong brackets.

What is wrong and right stands as data in `data/wording/`; the rules are those of `rules/data/review_rules.toml`.
国办秘函〔2019〕19号 (严重表述错误); GB/T 9704—2012 7.2.5 (发文字号).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from gongkai.rules.document_number import Form, check, find_all
from gongkai.rules.findings import Finding, Fix, FixKind, found
from gongkai.text.checks.material import Material
from gongkai.text.checks.official_names import near_misses
from gongkai.text.checks.typo_words import data_lines

_SENTENCE_END = re.compile(r"[。！？；\n]")
_YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})(?=年|〕|\]|】|）|\)|[-/.])")
_FORMER = re.compile(
    r"原|前身|曾|更名|改称|改名|改为|撤销|组建|划入|划转|合并|并入|职责|不再保留|当时|时任|机构改革|历任"
)
_QUOTED = re.compile(r"《[^《》\n]{1,200}》")


def wording(material: Material, *, names: tuple[str, ...] = (), document_date: date | None = None) -> Iterator[Finding]:
    """All findings about wording.

    ``names`` are further names that must be right to the character (bodies and leaders of the district, three characters and more);
    ``document_date`` is the date of the document, without which every mention of a former body is reported that no year excuses.
    """
    yield from official_names(material, names)
    yield from obsolete_names(material, document_date)
    yield from unfilled_templates(material)
    yield from number_brackets(material)


def official_names(material: Material, names: tuple[str, ...] = ()) -> Iterator[Finding]:
    """Known grave errors and official names one character off (`wording.known-error`, `wording.official-name`)."""
    taken: list[tuple[int, int]] = []
    pattern, errors = _known_errors()
    for match in pattern.finditer(material.text):
        right, reason = errors[match.group()]
        taken.append(match.span())
        yield _replacement(
            material, "wording.known-error", match.start(), match.end(), right, f"（{reason}）" if reason else ""
        )
    for miss in near_misses(material.text, names):
        if not any(start < miss.end and miss.start < end for start, end in taken):
            yield _replacement(material, "wording.official-name", miss.start, miss.end, miss.name)


def _replacement(material: Material, rule: str, start: int, end: int, right: str, note: str = "") -> Finding:
    wrong = material.text[start:end]
    return found(
        rule,
        message=f"“{wrong}”应为“{right}”{note}。",
        text=wrong,
        start=start,
        end=end,
        place=material.place(start),
        suggestion=f"请将“{wrong}”改为“{right}”。",
        fix=Fix(FixKind.REPLACE, right),
    )


@cache
def _known_errors() -> tuple[re.Pattern[str], dict[str, tuple[str, str]]]:
    errors: dict[str, tuple[str, str]] = {}
    for line in data_lines("known_errors.txt"):
        wrong, right, *reason = line.split(maxsplit=2)
        errors[wrong] = (right, reason[0] if reason else "")
    longest_first = sorted(errors, key=lambda wrong: -len(wrong))
    return re.compile("|".join(map(re.escape, longest_first))), errors


# --- names that have changed -------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Renamed:
    """A body that has another name since a day."""

    old: str
    new: str
    since: date


@cache
def renamed_bodies() -> tuple[re.Pattern[str], dict[str, Renamed]]:
    """Former names of bodies: a pattern that finds them, and what is known of each."""
    source = resources.files("gongkai.text") / "data" / "wording" / "obsolete_names.toml"
    rows: list[dict[str, Any]] = tomllib.loads(source.read_text(encoding="utf-8"))["names"]
    names = {row["old"]: Renamed(row["old"], row["new"], row["since"]) for row in rows}
    # 环境保护部门 is no ministry; an act keeps the name of who made it
    longest_first = sorted(names, key=lambda old: -len(old))
    return re.compile(rf"(?:{'|'.join(map(re.escape, longest_first))})(?!门|令第?\s*[0-9〔\[（])"), names


def obsolete_names(material: Material, document_date: date | None = None) -> Iterator[Finding]:
    """Names of bodies that have changed, unless history is told (`wording.obsolete-name`), once for each name.

    Exempt are titles in 《》, sentences with a year up to that of the change or a word such as 原, and documents of that time.
    """
    text = material.text
    pattern, bodies = renamed_bodies()
    reported: set[str] = set()
    titles = [match.span() for match in _QUOTED.finditer(text)]
    for match in pattern.finditer(text):
        body = bodies[match.group()]
        if body.old in reported or (document_date is not None and document_date < body.since):
            continue
        if any(start < match.start() < end for start, end in titles) or _history(text, *match.span(), body.since):
            continue
        reported.add(body.old)
        yield found(
            "wording.obsolete-name",
            message=f"“{body.old}”已变更为“{body.new}”（自{body.since.year}年起）。",
            text=body.old,
            start=match.start(),
            end=match.end(),
            place=material.place(match.start()),
            suggestion=f"请核对是否应当写作“{body.new}”；引用历史情况的，可以保留。",
        )


def _history(text: str, start: int, end: int, since: date) -> bool:
    """Whether the sentence tells of a time before the change."""
    first = max(
        (match.end() for match in _SENTENCE_END.finditer(text, max(0, start - 200), start)), default=max(0, start - 200)
    )
    last = _SENTENCE_END.search(text, end, end + 200)
    sentence = text[first : last.start() if last else min(len(text), end + 200)]
    if _FORMER.search(sentence):
        return True
    return any(int(year) <= since.year for year in _YEAR.findall(sentence))


# --- templates ---------------------------------------------------------------------------------------------------------
_UNIT = r"(?:年|月|日|号|局|委|厅|县|市|区|镇|乡|村|省|街道|社区|单位|部门|公司|企业|元|万元|亿元|人|人次|件|条|项|户|个|次|同志|领导|会议|项目|路|小区|学校|〔)"
_TEMPLATES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<![0-9A-Za-z×＊*])[×╳Ｘ]{{1,8}}(?={_UNIT})",  # ××局; a phone number with its middle hidden has digits beside it
        rf"(?<![0-9A-Za-z])[Xx]{{1,8}}(?={_UNIT})",
        r"某某(?:县|市|区|局|镇|乡|街道|单位|公司|部门|村)",
        r"[（(\[【〔][^（()）\[\]【】〔〕\n]{0,8}(?:请填写|此处填写|在此填写|请在此|填写单位名称|请输入|在此输入)[^（()）\[\]【】〔〕\n]{0,20}[)）\]】〕]",
        r"(?:单击|点击)(?:或点击)?此处(?:输入|添加|编辑)[^\n。]{0,10}",
        r"此处(?:输入|插入|填写)(?:文字|内容|正文|标题|图片)",
        r"[（(\[【](?:标题|正文|内容|单位名称|联系人|联系电话|发文字号|成文日期)[)）\]】](?=\s*(?:\n|\Z))",
    )
)


def unfilled_templates(material: Material) -> Iterator[Finding]:
    """Words of a template that nobody replaced: ××局, 某某县, （请填写…） (`wording.unfilled-template`).

    Hidden names and numbers (王某某, 138××××0000) are none, and neither are measures (210×297).
    """
    found_here = sorted({match.span() for pattern in _TEMPLATES for match in pattern.finditer(material.text)})
    position = 0
    for start, end in found_here:
        if start < position or _is_hidden_name(material.text, start, end):
            continue
        position = end
        yield found(
            "wording.unfilled-template",
            message=f"“{material.text[start : end + 2].splitlines()[0]}”疑为模板文字，尚未填写实际内容。",
            text=material.text[start:end],
            start=start,
            end=end,
            place=material.place(start),
        )


_SURNAME_BEFORE = re.compile(
    r"(?:\A|[^\u4e00-\u9fff])(?:[王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆汪范])\Z"
)


def _is_hidden_name(text: str, start: int, end: int) -> bool:
    """Whether the signs hide the rest of a name: 申请人王××人."""
    if text[end : end + 1] in ("年", "月", "日", "号"):
        return False
    return text[start] in "×xX*" and _SURNAME_BEFORE.search(text[max(0, start - 2) : start]) is not None


# --- numbers of documents ----------------------------------------------------------------------------------------------
_REPORTED = frozenset({"brackets", "ordinal", "leading_zero"})


def number_brackets(material: Material) -> Iterator[Finding]:
    """Numbers of documents in other brackets than 〔〕, with 第 or with leading zeros; the fix is the number as it should be."""
    for number in find_all(material.text):
        if number.value.form is not Form.BRACKETS or number.raw == number.value.text:
            continue
        faults = [reason.message for reason in check(number.raw) if reason.code in _REPORTED]
        if faults:
            yield found(
                "wording.number-brackets",
                message=f"“{number.raw}”：{''.join(faults)}",
                text=number.raw,
                start=number.start,
                end=number.end,
                place=material.place(number.start),
                suggestion=f"应写作“{number.value.text}”。",
                fix=Fix(FixKind.REPLACE, number.value.text),
            )
