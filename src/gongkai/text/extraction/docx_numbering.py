"""The automatic numbers of Word paragraphs (一、 （一） 1. …): not in the text, but readers see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = "〇一二三四五六七八九"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_LEVELS = 9


def integer(text: str, default: int) -> int:
    """`text` as a number, `default` if it is none."""
    return int(text) if text.isdigit() else default


@dataclass(frozen=True, slots=True)
class _Level:
    form: str
    pattern: str
    start: int


class Numbering:
    """The running counters of one document; ask for each paragraph once, in document order."""

    def __init__(self, document: Any) -> None:
        self._lists: dict[str, dict[int, _Level]] = {}
        self._abstract: dict[str, str] = {}
        self._counters: dict[str, list[int]] = {}
        self._by_style: dict[str, tuple[str, int]] = {}
        self._parent_style: dict[str, str] = {}
        self._read_lists(document)
        self._read_styles(document)

    def label(self, properties: Any, style: str) -> str:
        """The number that Word shows before the paragraph, with its separator; "" for none or a bullet."""
        number, level = self._list_of(properties, style)
        levels = self._lists.get(number, {})
        if level not in levels:
            return ""
        # Lists of the same definition go on counting; that is how Word continues a numbering.
        counters = self._counters.setdefault(self._abstract[number], [0] * _LEVELS)
        counters[level] = counters[level] + 1 if counters[level] else levels[level].start
        for deeper in range(level + 1, _LEVELS):
            counters[deeper] = 0
        if levels[level].form in ("bullet", "none"):
            return ""
        text = levels[level].pattern
        for index in range(level + 1):
            if index in levels:
                text = text.replace(
                    f"%{index + 1}", format_number(counters[index] or levels[index].start, levels[index].form)
                )
        return text if text.endswith(("、", "）", "．", "：")) else text + " "

    def _list_of(self, properties: Any, style: str) -> tuple[str, int]:
        own = properties.find(W + "numPr") if properties is not None else None
        if own is not None:
            return _child(own, "numId"), integer(_child(own, "ilvl"), 0)
        for _ in range(20):  # styles may be based on one another in a ring in a damaged file
            if style in self._by_style:
                return self._by_style[style]
            style = self._parent_style.get(style, "")
        return "", 0

    def _read_lists(self, document: Any) -> None:
        relations = [
            rel for rel in document.part.rels.values() if rel.reltype.endswith("/numbering") and not rel.is_external
        ]
        if not relations:
            return
        root = relations[0].target_part.element
        abstracts = {node.get(W + "abstractNumId"): node for node in root.findall(W + "abstractNum")}
        for node in root.findall(W + "num"):
            number, abstract = node.get(W + "numId") or "", _child(node, "abstractNumId")
            levels = _levels(abstracts.get(abstract))
            for override in node.findall(W + "lvlOverride"):
                level = integer(override.get(W + "ilvl") or "", 0)
                start = _child(override, "startOverride")
                if start and level in levels:
                    levels[level] = _Level(levels[level].form, levels[level].pattern, integer(start, 1))
                    abstract = f"{abstract}/{number}"  # an override begins a count of its own
            self._lists[number], self._abstract[number] = levels, abstract

    def _read_styles(self, document: Any) -> None:
        for node in document.styles.element.iter(W + "style"):
            identifier = node.get(W + "styleId") or ""
            self._parent_style[identifier] = _child(node, "basedOn")
            numbered = node.find(f"{W}pPr/{W}numPr")
            if numbered is not None:
                self._by_style[identifier] = (_child(numbered, "numId"), integer(_child(numbered, "ilvl"), 0))


def _levels(abstract: Any) -> dict[int, _Level]:
    if abstract is None:
        return {}
    return {
        integer(node.get(W + "ilvl") or "", 0): _Level(
            _child(node, "numFmt") or "decimal", _child(node, "lvlText"), integer(_child(node, "start"), 1)
        )
        for node in abstract.findall(W + "lvl")
    }


def _child(node: Any, name: str) -> str:
    child = node.find(W + name)
    return (child.get(W + "val") or "") if child is not None else ""


def format_number(number: int, form: str) -> str:
    """`number` in one of Word's number formats (ST_NumberFormat); decimal for those Chinese documents do not use."""
    if form.startswith(
        ("chineseCounting", "chineseLegal", "ideographDigital", "japaneseCounting", "taiwaneseCounting")
    ):
        return chinese_number(number)
    if form.startswith("decimalEnclosedCircle") and number <= len(_CIRCLED):
        return _CIRCLED[number - 1]
    if form == "ideographTraditional" and number <= len(_STEMS):
        return _STEMS[number - 1]
    if form in ("upperLetter", "lowerLetter"):
        letter = chr(ord("A") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter if form == "upperLetter" else letter.lower()
    if form in ("upperRoman", "lowerRoman"):
        return _roman(number) if form == "upperRoman" else _roman(number).lower()
    if form == "decimalZero":
        return f"{number:02d}"
    return str(number)


def chinese_number(number: int) -> str:
    """1 to 9999 as 一, 十, 十二, 二十, 一百零三 …"""
    if number < 10:
        return _DIGITS[number]
    if number < 20:
        return "十" + (_DIGITS[number % 10] if number % 10 else "")
    text, pending_zero = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            text += ("零" if pending_zero and text else "") + _DIGITS[digit] + name
        pending_zero = digit == 0
    return text


def _roman(number: int) -> str:
    text = ""
    pairs = (
        ("M", 1000),
        ("CM", 900),
        ("D", 500),
        ("CD", 400),
        ("C", 100),
        ("XC", 90),
        ("L", 50),
        ("XL", 40),
        ("X", 10),
    )
    for numeral, value in (*pairs, ("IX", 9), ("V", 5), ("IV", 4), ("I", 1)):
        text += numeral * (number // value)
        number %= value
    return text
