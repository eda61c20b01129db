"""Help for who enters the conditions of a policy (政策匹配): sentences of its text that speak of a fact that can be asked for.

What is found is a proposal: where it stands, what comparison and values it seems to state. A person takes it over, changes it or
leaves it. How facts are spoken of is data: ``rules/data/condition_phrases.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from gongkai.rules.eligibility_fields import Field, FieldType, Operator, Party, eligibility_fields
from gongkai.rules.vocabulary import VocabularyError, cached_data, data_file, read_toml
from gongkai.text.numerals import NUMERAL, number_of

LONGEST = 300
"""Characters of a source sentence that is proposed: a longer line is cut to the part that speaks of the fact."""
MOST_OF_FIELD, MOST_PLACES = 4, 3
"""Statements about one fact that are proposed, and sentences for each of them; a document that has more is read by a person anyway."""
Value = str | bool | int | float | date


@dataclass(frozen=True, slots=True)
class Proposal:
    """A clause that a sentence seems to state."""

    field: str
    operator: Operator
    values: tuple[Value, ...]
    source: str
    """The sentence, as it stands in the text."""
    start: int
    """Its first character in the text."""


def proposals(text: str, party: Party | None = None) -> tuple[Proposal, ...]:
    """What `text` seems to ask of a party, in the order of the fields, for each field in the order of the text.

    The same comparison with the same values is proposed at the three sentences that say most plainly that it is a condition. Raises `VocabularyError` when the data file is faulty.
    """
    rules, fields = _rules(_FILE), eligibility_fields()
    sentences = [(match.start(), match[0]) for match in _SENTENCE.finditer(text)]
    found: list[Proposal] = []
    for code, field in fields.items():
        rule = rules.get(code)
        if rule is None or (party and party not in field.parties):
            continue
        stated: dict[tuple[Operator, tuple[Value, ...]], list[tuple[int, Proposal]]] = {}
        for start, sentence in sentences:
            plain = -len(_CUE.findall(sentence))
            for operator, values, at in rule.read(sentence, field):
                shown, offset = _shown(sentence, at)
                places = stated.setdefault((operator, values), [])
                if not places or places[-1][1].start != start + offset:
                    places.append((plain, Proposal(code, operator, values, shown, start + offset)))
        best = [sorted(places, key=lambda one: one[0])[:MOST_PLACES] for places in stated.values()]
        best.sort(key=lambda places: places[0][0])
        found += sorted((one for places in best[:MOST_OF_FIELD] for _, one in places), key=lambda one: one.start)
    return tuple(found)


_FILE = "condition_phrases"
_SENTENCE = re.compile(r"[^\s。；;\n](?:[^。；;\n])*[。；;]?")
_PART = re.compile(r"(?:[^，,：:；;。]|,(?=\d))+")
_CUE = re.compile(r"符合|条件|应当|必须|须|对象|可以?申请|可享受|享受|属于|具备|具有|除外|的，")
_NUMBER = rf"(\d{{1,12}}(?:,\d{{3}}){{0,4}}(?:\.\d{{1,6}})?|{NUMERAL}{{1,9}}|半)"
"""Bounded, so that a long row of figures is not tried from each of its places to its end."""
_LOWER_AFTER = r"(?:（含[^）]*）)?(?:及以上|以上|及其以上)"
_UPPER_AFTER = r"(?:（含[^）]*）)?(?:及以下|以下|以内|之内|内)"
_DIRECTIONS = tuple(
    (operator, re.compile(rf"(?:{words})[（(]?$"))
    for operator, words in (
        (Operator.AT_MOST, r"(?:不超过|不高于|不大于|不得超过|不应超过|未超过)[^\d，（(]{0,14}|不多于|最长|最多"),
        (
            Operator.AT_LEAST,
            r"(?:不低于|不少于|不小于|达到|至少)[^\d，（(]{0,14}|不短于|达|年满|已满|(?<![不未])满|连续|累计",
        ),
        (Operator.MORE_THAN, r"超过|高于|大于|多于"),
        (Operator.LESS_THAN, r"未满|不满|低于|少于|小于|不足"),
    )
)
"""What a number is to the words before it, the first that fits: 不超过 ends with 超过, 不低于 with 低于."""
_AFTER_DATE, _BEFORE_DATE = re.compile(r"以后|之后|起|后"), re.compile(r"以前|之前|前|止")
_DATE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日(以后|之后|起|后|以前|之前|前|止)")
_READ = tuple[Operator, tuple[Value, ...], int]
"""Comparison, values, and the character of the sentence at which they stand."""


def _shown(sentence: str, at: int) -> tuple[str, int]:
    """The sentence, or of a very long one the part around `at`, between commas; and where it begins in the sentence."""
    if len(sentence) <= LONGEST:
        return sentence, 0
    start = sentence.rfind("，", 0, at) + 1
    end = sentence.find("，", at)
    part = sentence[start : end if end > 0 else None][:LONGEST]
    return part, start


@dataclass(frozen=True, slots=True)
class _Rule:
    """How one field is spoken of."""

    units: Mapping[str, float]
    about: tuple[str, ...]
    against: tuple[str, ...]
    words: Mapping[str, tuple[Value, ...]]
    """What a word stands for: yes or no, or codes of a choice."""

    def read(self, sentence: str, field: Field) -> Iterator[_READ]:
        """What the sentence states of the field."""
        match field.type:
            case FieldType.NUMBER:
                yield from self._numbers(sentence)
            case FieldType.DATE:
                yield from self._dates(sentence)
            case _:
                yield from self._words(sentence, field)

    def _concerned(self, part: str) -> bool:
        return (not self.about or any(word in part for word in self.about)) and not any(
            word in part for word in self.against
        )

    def _numbers(self, sentence: str) -> Iterator[_READ]:
        units = "|".join(sorted(map(re.escape, self.units), key=len, reverse=True))
        number = re.compile(
            rf"(?:{_NUMBER}(?:{units})?(?:至|到|—|－|-|~|～))?{_NUMBER}({units})({_LOWER_AFTER}|{_UPPER_AFTER})?"
        )
        before = ""
        for part in _PART.finditer(sentence):
            before, near = (
                part[0],
                before + part[0],
            )  # 残疾人职工，应当占……25%以上: what it is about stands before the comma
            if not (self._concerned(part[0]) or (self.about and self._concerned(near))):
                continue
            for found in number.finditer(part[0]):
                first, last, unit, after = found.groups()
                factor, at = self.units[unit], part.start() + found.start()
                if first:
                    yield Operator.AT_LEAST, (_scaled(first, factor),), at
                    yield Operator.AT_MOST, (_scaled(last, factor),), at
                elif operator := _direction(part[0][: found.start()], after or ""):
                    yield operator, (_scaled(last, factor),), at

    def _dates(self, sentence: str) -> Iterator[_READ]:
        for part in _PART.finditer(sentence):
            for found in _DATE.finditer(part[0]) if self._concerned(part[0]) else ():
                try:
                    day = date(*map(int, found.groups()[:3]))
                except ValueError:
                    continue
                operator = Operator.AFTER if _AFTER_DATE.fullmatch(found[4]) else Operator.BEFORE
                yield operator, (day,), part.start() + found.start()

    def _words(self, sentence: str, field: Field) -> Iterator[_READ]:
        pattern = "|".join(map(re.escape, sorted(self.words, key=len, reverse=True)))
        hits = list(re.finditer(pattern, sentence))
        if not hits:
            return
        said = {value for hit in hits for value in self.words[hit[0]]}
        if field.type is FieldType.FLAG:
            yield Operator.IS, (self.words[hits[0][0]][0],), hits[0].start()
            return
        codes = tuple(code for code in field.choices if code in said)
        yield Operator.IS if len(codes) == 1 else Operator.IS_ONE_OF, codes, hits[0].start()


def _direction(before: str, after: str) -> Operator | None:
    """The comparison a number stands in, from what stands before and after it; None when it states none."""
    said = next((operator for operator, words in _DIRECTIONS if words.search(before)), None)
    if re.fullmatch(_UPPER_AFTER, after):
        return Operator.AT_MOST
    if re.fullmatch(_LOWER_AFTER, after):
        return Operator.AT_MOST if said is Operator.AT_MOST else Operator.AT_LEAST
    return said


def _scaled(number: str, factor: float) -> int | float:
    value = 0.5 if number == "半" else float(number.replace(",", "")) if number[0].isdecimal() else number_of(number)
    scaled = value * factor
    return int(scaled) if scaled == int(scaled) else scaled


@cached_data
def _rules(name: str) -> dict[str, _Rule]:
    path, fields = data_file(name), eligibility_fields()
    data: Any = read_toml(path)
    found = {}
    for code, row in data.items():
        field = fields.get(code)
        if field is None:
            raise VocabularyError(f"{path.name}：“{code}”不在政策匹配问题中，请改正或者删去。")
        try:
            found[code] = _rule(row, field)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise VocabularyError(
                f"{path.name}：“{code}”缺少或者写错了 {error}，请对照随系统提供的文件补正。"
            ) from error
    return found


def _rule(row: Mapping[str, Any], field: Field) -> _Rule:
    words: dict[str, tuple[Value, ...]] = {}
    for code, phrases in row.get("choices", {}).items():
        if code not in field.choices:
            raise ValueError(code)
        for phrase in phrases:
            words[phrase] = (*words.get(phrase, ()), code)
    for flag, value in (("yes", True), ("no", False)):
        words |= dict.fromkeys(row.get(flag, ()), (value,))
    units = {str(unit): float(factor) for unit, factor in row.get("units", {}).items()}
    given: dict[FieldType, Sequence[object]] = {
        FieldType.NUMBER: list(units),
        FieldType.DATE: row.get("about", ()),
        FieldType.CHOICE: list(row.get("choices", ())),
        FieldType.FLAG: [*row.get("yes", ()), *row.get("no", ())],
    }
    if not given[field.type]:
        raise ValueError(
            {FieldType.NUMBER: "units", FieldType.DATE: "about", FieldType.CHOICE: "choices"}.get(field.type, "yes、no")
        )
    return _Rule(units, tuple(row.get("about", ())), tuple(row.get("against", ())), words)
