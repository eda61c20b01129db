"""发文机关: from the signature, the title, the red head or the words of enactment, spelt out where the text allows."""

from __future__ import annotations

import re

from gongkai.rules.document_number import DocumentNumber
from gongkai.text.document_facts.agency_names import (
    is_bare,
    leading_agencies,
    leading_agency_loosely,
    province_of_mark,
    same_agency,
    spell_out,
    split_agencies,
    squeeze,
    with_place,
)
from gongkai.text.document_facts.facts import Fact
from gongkai.text.document_facts.layout import Layout

_RED_HEAD = re.compile(r"\A(?P<names>.{2,60}?)文件\Z")
_ENACTED_BY = re.compile(
    r"(?:经|由)[^。]{0,40}?(?<![\u3400-\u9fff])日?(?P<body>(?!日)[\u3400-\u9fff]{0,12}?(?:人民政府|省政府|市政府|国务院))第[0-9一二三四五六七八九十百]+次(?:全体|常务|部务)?会议[^。]{0,40}(?:公布|发布)"
)
_ORDER_MARK = re.compile(r"(?P<body>.{2,20}?)令\Z")
_LABEL = re.compile(
    r"(?P<label>发文机关|发文单位|制发机关|发布机构|解读机关|解读单位)\s*[：:]\s*(?P<names>[^，。；：:\n]{3,40}?)(?=[，。；\n\s]|\Z)"
)
_OWN_WORDS = re.compile(r"我[局委厅办部](?:研究)?(?:制定)?(?:并)?(?:印发|出台|制定|发布)了?《(?P<title>[^《》]{6,120})")
_JOINT_TITLE = re.compile(r"等(?:[0-9]+|[一二三四五六七八九十]+)(?:个|家)?(?:部门|单位|委办局|机关)\Z")


def issuing_agencies(parts: Layout, title: Fact | None, number: DocumentNumber | None) -> Fact | None:
    """The issuing agencies, lead agency first, joined by 、"""
    signed = list(parts.closing.agencies) if parts.closing else []
    titled = leading_agencies(title.value) if title and title.confidence >= 0.6 else []
    province = province_of_mark(number.mark) if number else ""
    if signed and titled:
        return _both(signed, titled, parts, province)
    if signed:
        return _fact(signed, parts, province, 0.93, "落款")
    if titled:
        return _fact(titled, parts, province, 0.95 if title and title.confidence >= 0.8 else 0.7, "标题")
    return (
        _from_head(parts, province)
        or _from_order(parts, number, title)
        or _from_label(parts)
        or _from_own_words(parts)
        or _from_loose_title(parts, title, province)
    )


def _both(signed: list[str], titled: list[str], parts: Layout, province: str) -> Fact:
    """Signature and title side by side; the fuller one counts when they agree."""
    if _JOINT_TITLE.search(titled[-1]) or len(signed) > len(titled):
        if same_agency(_JOINT_TITLE.sub("", titled[0]), signed[0]):
            return _fact(signed, parts, province, 0.97, "落款，与标题一致")
        return _fact(signed, parts, province, 0.8, "落款，与标题不一致")
    if len(signed) == len(titled) and all(same_agency(a, b) for a, b in zip(signed, titled, strict=True)):
        fuller = [max(a, b, key=lambda name: len(spell_out(name))) for a, b in zip(signed, titled, strict=True)]
        return _fact(fuller, parts, province, 0.98, "落款，与标题一致")
    if any(same_agency(a, b) for a in signed for b in titled):
        return _fact(titled, parts, province, 0.9, "标题，与落款部分一致")
    return _fact(signed, parts, province, 0.75, "落款，与标题不一致")


def _from_head(parts: Layout, province: str) -> Fact | None:
    """The red head 「某某局文件」, or a line of names standing in the head."""
    for line in parts.head[:12]:
        match = _RED_HEAD.match(squeeze(line.text))
        if match and (names := split_agencies(match["names"])):
            return _fact(names, parts, province, 0.9, f"红头（正文首部第{line.number}行）")
    return None


def _from_order(parts: Layout, number: DocumentNumber | None, title: Fact | None) -> Fact | None:
    """An order is issued by the body in its mark, or by the one whose meeting passed it."""
    if number is not None and (match := _ORDER_MARK.match(number.mark)):
        return Fact(match["body"], 0.93, "令号")
    match = _ENACTED_BY.search(parts.text[parts.body_start : parts.body_start + 300])
    if match is None:
        return None
    name = spell_out(match["body"])
    place = re.search(
        rf"《?([\u3400-\u9fff]{{2,6}}?{re.escape(name[:1])})", (title.value if title else "") or parts.text[:40]
    )
    if is_bare(name) and place and not is_bare(place[1]):
        return Fact(place[1] + name[1:], 0.92, "公布令首句，地名据标题补全")
    return Fact(name, 0.93 if not is_bare(name) else 0.75, "公布令首句")


def _from_label(parts: Layout) -> Fact | None:
    """A label that names the body: 发文机关：, 解读机关：."""
    for match in _LABEL.finditer(parts.text):
        if names := split_agencies(match["names"]):
            return Fact("、".join(names), 0.95 if "文" in match["label"] else 0.8, f"正文“{match['label']}”")
    return None


def _from_own_words(parts: Layout) -> Fact | None:
    """An interpretation that says 「我局印发了《甲市乙局等六部门关于…》」."""
    match = _OWN_WORDS.search(parts.text[:300])
    names = leading_agencies(match["title"]) if match else []
    return Fact("、".join(names), 0.7, "正文首段“我局印发”") if names else None


def _from_loose_title(parts: Layout, title: Fact | None, province: str) -> Fact | None:
    names = leading_agency_loosely(title.value) if title else []
    return _fact(names, parts, province, 0.6, "标题") if names else None


def _fact(names: list[str], parts: Layout, province: str, confidence: float, source: str) -> Fact:
    """Bare names spelt out: with the full form the text uses, else with the province the number's mark stands for."""
    full: list[str] = []
    notes = ""
    for name in map(squeeze, names):
        spelt = spell_out(name) if is_bare(name) else name
        fullest = _fullest(spelt, parts.text[:6000])
        if fullest != spelt:
            notes = "，据正文补全全称"
        elif (placed := with_place(spelt, province)) != spelt:
            fullest, notes = placed, "，地名据发文机关代字补全"
            # 津 and 京 also begin the marks of 津市市 and 京山市
            confidence = min(confidence, 0.88) if province.endswith("市") else confidence
        if is_bare(fullest):
            confidence = min(confidence, 0.88)
        full.append(fullest)
    return Fact("、".join(dict.fromkeys(full)), confidence, source + notes)


def _fullest(name: str, text: str) -> str:
    """The full form of a bare ``name`` in ``text``: 市水利局 → 甲市水利局, when exactly one place fits."""
    if not is_bare(name) or len(name) < 3:
        return name
    found = {
        match[1]
        for match in re.finditer(rf"(?<![\u3400-\u9fff])([\u3400-\u9fff]{{2,8}}{re.escape(name)})", text)
        if re.match(r"[\u3400-\u9fff]{2,3}(?:省|市|县|区|州|盟|旗|自治区)", match[1])
        and not re.search(r"[由经向到与和及或在对为从的各]", match[1][: -len(name)])
    }
    return found.pop() if len(found) == 1 else name
