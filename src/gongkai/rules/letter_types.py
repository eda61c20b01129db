"""The letters of 依申请公开: what each is called, whom it goes to and when, what the clerk may write and which sentences are locked.

The texts stand as data in ``data/letter_types.toml``, so that a lawyer can read them; words outside braces are the letter's own and cannot be
changed in the office. 《条例》§11, §30–42; 国办函〔2020〕109号. Letters of procedure tell no remedy.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from string import Formatter

from gongkai.rules.decision import LABELS
from gongkai.rules.document_number import DocumentNumber
from gongkai.rules.outcomes import outcomes
from gongkai.rules.vocabulary import VocabularyError, cached_data, data_file, read_toml

MANY_LINES = 8
LONGEST_LINE = 500
"""Characters of a field that is one line."""
LONGEST_PARAGRAPHS = 20_000
"""Characters of a field that may have paragraphs."""

FACTS = frozenset(
    {
        "address", "agency", "applicant", "available", "consulted", "consulted_whom", "corrected", "deadline", "derivation", "due",
        "earlier_reply_date", "extended", "extension_days", "fee", "fee_amount", "fee_amount_words", "fee_method", "fee_tariff",
        "notice_number", "notice_served", "phone", "provisional", "query_code", "received", "received_way", "registration", "result",
        "third_party_silent", "you",
    }
)  # fmt: skip
"""What a text may name besides the fields of its letter; the letters' package fills each in."""
BLOCKS = frozenset(
    {
        "assignment", "fee", "grounds", "opinion_slip", "receipt", "request", "search", "service", "severed", "supervision",
    }
)  # fmt: skip
"""Parts that are made from the file: tables, quoted articles, the request, the slip to answer on."""


class Addressee(StrEnum):
    """Whom a letter goes to."""

    APPLICANT = "applicant"
    THIRD_PARTY = "third_party"
    AGENCY = "agency"
    UNIT = "unit"
    """A unit of the agency, or a body the district office supervises."""

    @property
    def label(self) -> str:
        """The Chinese word."""
        return {"applicant": "申请人", "third_party": "第三方", "agency": "其他机关", "unit": "承办单位、责任单位"}[
            self.value
        ]


class LetterRemedy(StrEnum):
    """How a letter comes to its remedy clause."""

    NONE = "none"
    OUTCOME = "outcome"
    """By the rule of the decision's outcome."""
    CASE = "case"
    """By the rule of the outcome the case was closed with; the letter itself prints nothing of that decision."""
    DIRECT = "direct"


@dataclass(frozen=True, slots=True)
class LetterField:
    """Something the clerk writes."""

    name: str
    label: str
    required: bool
    lines: int = 1
    """More than one: paragraphs are allowed."""
    hint: str = ""

    @property
    def longest(self) -> int:
        """Most characters."""
        return LONGEST_LINE if self.lines == 1 else LONGEST_PARAGRAPHS


@dataclass(frozen=True, slots=True)
class Passage:
    """One passage of a letter: a text, a heading, or a block made from the file."""

    text: str = ""
    heading: bool = False
    block: str = ""
    when: str = ""
    """Condition: a name, ``!name``, ``outcome=code`` or ``result=code``; empty: always."""

    @property
    def names(self) -> frozenset[str]:
        """What stands in braces."""
        return frozenset(name for _, name, _, _ in Formatter().parse(self.text) if name)

    @property
    def locked(self) -> tuple[str, ...]:
        """The words outside braces, piece by piece."""
        return tuple(literal for literal, _, _, _ in Formatter().parse(self.text) if literal)


@dataclass(frozen=True, slots=True)
class LetterType:
    """One kind of letter."""

    code: str
    label: str
    """Its name in the office."""
    title: str
    """Its title in print, without the agency."""
    articles: tuple[str, ...]
    mark: str
    """reply, notice, letter, fee; empty: no number."""
    to: Addressee
    stage: str
    """When in the procedure it is written."""
    remedy: LetterRemedy
    act: str
    """What it calls itself in the remedy clause."""
    fields: tuple[LetterField, ...]
    needs: tuple[str, ...]
    """Facts without which it cannot be written."""
    results: Mapping[str, str]
    """Variants the clerk chooses from (更正), code and Chinese."""
    addressed: bool
    """Whether it begins with the recipient's name."""
    signed: bool
    """Whether it ends with 署名 and date; a form to sign on paper does not."""
    body: tuple[Passage, ...]

    @property
    def procedural(self) -> bool:
        """Whether it decides nothing and so tells no remedy."""
        return self.remedy is LetterRemedy.NONE

    @property
    def editable(self) -> tuple[str, ...]:
        """Names of the fields the clerk writes."""
        return tuple(field.name for field in self.fields)

    @property
    def locked(self) -> tuple[str, ...]:
        """The sentences nobody can change, blanks in braces."""
        return tuple(passage.text for passage in self.body if passage.text)


@dataclass(frozen=True, slots=True)
class ReceivedWay:
    """A way a request comes in (§29, §31; the codes are those of `rules.receipt.Channel`): how a letter says it, and how the day of receipt follows."""

    code: str
    label: str
    way: str
    basis: str


def letter_types() -> Mapping[str, LetterType]:
    """All letters by code, in the order of the procedure. Raises `VocabularyError` when the data file is faulty."""
    return _load("letter_types").letters


def received_ways() -> Mapping[str, ReceivedWay]:
    """The ways of §31 by code. Raises as `letter_types`."""
    return _load("letter_types").received


def mark_kinds() -> Mapping[str, str]:
    """Kinds of document number: code and the Chinese word. Raises as `letter_types`."""
    return {code: label for code, (label, _) in _load("letter_types").marks.items()}


def document_number(kind: str, mark: str, year: int, serial: int) -> str:
    """文号 of a letter: `document_number("reply", "谯教", 2026, 3)` is 谯教公复〔2026〕3号 (GB/T 9704-2012 7.2.5).

    Raises `KeyError` for an unknown kind, `ValueError` for an empty mark, a year without four digits or a serial below 1.
    """
    _, text = _load("letter_types").marks[kind]
    if not mark.strip() or not 1900 <= year <= 2999 or serial < 1:
        raise ValueError("a document number needs a mark, a year of four digits and a serial from 1 on")
    return DocumentNumber(text.format(mark=mark.strip()), year, serial).text


@dataclass(frozen=True, slots=True)
class _Letters:
    letters: Mapping[str, LetterType]
    received: Mapping[str, ReceivedWay]
    marks: Mapping[str, tuple[str, str]]


@cached_data
def _load(name: str) -> _Letters:
    path = data_file(name)
    data = read_toml(path)
    try:
        marks = {code: (str(row["label"]), str(row["text"])) for code, row in _table(data, "marks").items()}
        received = {
            code: ReceivedWay(code, str(row["label"]), str(row["way"]), str(row["basis"]))
            for code, row in _table(data, "received").items()
        }
        hints = data.get("hints", {})
        for _, text in marks.values():
            text.format(mark="")
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise VocabularyError(f"{path.name}：[marks] 或者 [received] 有误：{error}。") from error
    rows = data.get("letters")
    if not isinstance(rows, list):
        raise VocabularyError(f"{path.name}：缺少 [[letters]]。")
    letters: dict[str, LetterType] = {}
    for position, row in enumerate(rows, start=1):
        where = f"{path.name}：第{position}种文书"
        try:
            letter = _letter(row, _table(data, "fields"), hints, _table(data, "parts"))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise VocabularyError(f"{where}有误：{error}。") from error
        if letter.code in letters or (letter.mark and letter.mark not in marks):
            raise VocabularyError(f"{where}“{letter.code}”重复，或者没有名为“{letter.mark}”的文号类别。")
        if faults := list(_faults(letter)):
            raise VocabularyError(f"{where}“{letter.code}”：{'；'.join(faults)}。")
        letters[letter.code] = letter
    lacking = {code for outcome in outcomes().values() for code in outcome.letters} - set(letters)
    if lacking:
        raise VocabularyError(f"{path.name}：办理结果所用的文书 {'、'.join(sorted(lacking))} 没有正文。")
    return _Letters(letters, received, marks)


def _table(data: Mapping[str, object], key: str) -> Mapping[str, dict[str, object]]:
    value = data.get(key)
    if not isinstance(value, dict):
        raise TypeError(f"缺少 [{key}]")
    return value


def _letter(
    row: Mapping[str, object], fields: Mapping[str, dict[str, object]], hints: object, parts: Mapping[str, object]
) -> LetterType:
    return LetterType(
        str(row["code"]),
        str(row["label"]),
        str(row["title"]),
        _words(row["articles"]),
        str(row["mark"]),
        Addressee(str(row["to"])),
        str(row["stage"]),
        LetterRemedy(str(row["remedy"])),
        str(row.get("act", "本答复")),
        tuple(_field(entry, fields, hints) for entry in _words(row["fields"])),
        _words(row.get("needs", [])),
        dict(_table(row, "results")) if "results" in row else {},  # type: ignore[arg-type]
        row.get("addressed", True) is True,
        row.get("signed", True) is True,
        tuple(_passages(row["body"], parts)),
    )


def _words(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise TypeError("应当是文字的列表")
    return tuple(value)


def _field(entry: str, fields: Mapping[str, dict[str, object]], hints: object) -> LetterField:
    name, required = entry.removesuffix("!"), entry.endswith("!")
    if name in LABELS:
        hint = str(hints.get(name, "")) if isinstance(hints, dict) else ""
        return LetterField(name, LABELS[name], required, 1 if name in _ONE_LINE else MANY_LINES, hint)
    row = fields[name]
    lines = row["lines"]
    if not isinstance(lines, int) or lines < 1:
        raise ValueError(f"{name} 的 lines 应当是正整数")
    return LetterField(name, str(row["label"]), required, lines, str(row["hint"]))


_ONE_LINE = frozenset(
    {"delivery_way", "available_on", "url", "earlier_reply_number", "earlier_reply_date", "competent_agency", "competent_agency_contact"}
)  # fmt: skip
"""Fields of a decision that stand within a sentence."""


def _passages(entries: object, parts: Mapping[str, object]) -> Iterable[Passage]:
    if not isinstance(entries, list):
        raise TypeError("body 应当是列表")
    for entry in entries:
        when = str(entry.get("when", ""))
        if "part" in entry:
            yield from _passages(parts[entry["part"]], parts)
        elif "block" in entry:
            yield Passage(block=str(entry["block"]), when=when)
        elif "heading" in entry:
            yield Passage(text=str(entry["heading"]), heading=True, when=when)
        else:
            yield Passage(text=str(entry["text"]), when=when)


_PRINTED_BY: Mapping[str, str] = {
    "available_on": "available",
    "search_record": "search",
    "severed": "severed",
    "served_documents": "service",
    "service_way": "service",
    "service_place": "service",
}
"""Fields that are printed by a fact or a block of another name."""


def _paragraphs_within(passage: Passage, letter: LetterType) -> str:
    """A field with paragraphs that stands before other words, or "": its lines would tear the sentence apart."""
    many = {field.name for field in letter.fields if field.lines > 1}
    parts = [(literal, name) for literal, name, _, _ in Formatter().parse(passage.text)]
    return next((name for _, name in parts[:-1] if name in many), "") or ""


def _faults(letter: LetterType) -> Iterable[str]:
    """What in the texts cannot be filled in, and which fields would be asked for in vain."""
    allowed = FACTS | set(letter.editable) | SHARED_FIELDS
    used: set[str] = set()
    for passage in letter.body:
        condition = passage.when.removeprefix("!").split("=")[0]
        used |= passage.names | {condition, passage.block}
        if passage.block and passage.block not in BLOCKS:
            yield f"没有名为“{passage.block}”的部分"
        if name := _paragraphs_within(passage, letter):
            yield f"“{{{name}}}”可以分段，只能放在句末"
        for name in sorted(passage.names - allowed):
            yield f"“{{{name}}}”既不是案卷中的事实，也不在 fields 中"
        if condition and condition not in allowed | {"outcome"}:
            yield f"条件“{passage.when}”不能识别"
    for name in letter.editable:
        if _PRINTED_BY.get(name, name) not in used:
            yield f"“{name}”要求填写，但是没有写进正文"
    for name in letter.needs:
        if name not in FACTS:
            yield f"needs 中的“{name}”不是案卷中的事实"


SHARED_FIELDS = frozenset(
    {"findings", "reasoning", "third_party_opinion", "third_party_assessment", "third_party_not_asked"}
)
"""Fields that the shared passages print when a letter has them."""
