"""What goes into the blanks of a letter: the facts of the case and the clerk's words, each as plain text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from gongkai.documents.characters import clean
from gongkai.foi.letters.facts import FeeFacts, LetterFacts
from gongkai.foi.letters.money import in_capitals
from gongkai.rules.days import chinese_date
from gongkai.rules.decision import LABELS
from gongkai.rules.letter_types import FACTS, SHARED_FIELDS, Addressee, received_ways
from gongkai.rules.processing_fee import fee_lines, tariff_text

NEEDED = {
    "consulted": "征求意见的日期",
    "consulted_whom": "征求意见的对象",
    "corrected": "收到补正申请的日期",
    "deadline": "期限",
    "due": "答复期限",
    "extension_days": "延长的工作日数",
    "fee": "收费的件数或者页数",
    "notice_number": "所依据通知的文号",
    "notice_served": "所依据通知的送达日期",
    "result": "处理结果",
    "registration": "登记编号",
    "received": "收到日期",
    "received_way": "提交方式",
    "phone": "联系电话",
    "address": "办公地址",
    "applicant": "申请人",
    "query_code": "查询码",
    "earlier_reply_date": "原答复日期",
}
"""Chinese names of facts, for reasons and for blanks of a draft."""


class Blank(str):
    """A value in a text. ``:s`` makes it a sentence that ends with a sign, ``:c`` a clause without one."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        text = self.strip()
        if spec == "c":
            return text.rstrip("。；;，,、：: ")
        if spec == "s" and text and text[-1] not in "。！？；…!?":
            return f"{text}。"
        return text


def values_of(letter: LetterFacts) -> dict[str, Blank]:
    """Every fact and field by the name the texts use; empty where there is none."""
    found = {name: Blank(_one_line(make(letter))) for name, make in _MAKERS.items()}
    for one in letter.type.fields:
        if one.name not in found:
            written = _written(letter, one.name)
            found[one.name] = Blank(_one_line(written) if one.lines == 1 else _lines(written))
    for name in SHARED_FIELDS:
        found.setdefault(name, Blank(""))
    return found


def filled(letter: LetterFacts, name: str) -> bool:
    """Whether a field of the letter has something in it."""
    if letter.reply is not None and name in LABELS:
        value = getattr(letter.reply, name)
        return bool(value.strip() if isinstance(value, str) else value)
    return bool(letter.fields.get(name, "").strip())


def _written(letter: LetterFacts, name: str) -> str:
    """The text of a field; dates and records are printed by facts and blocks of their own."""
    if letter.reply is not None and name in LABELS:
        value = getattr(letter.reply, name)
        return value if isinstance(value, str) else ""
    return letter.fields.get(name, "")


def _lines(text: str) -> str:
    """Printable text, its paragraphs parted by line feeds."""
    lines = (clean(line).strip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    return "\n".join(line for line in lines if line)


def _one_line(text: str) -> str:
    """Printable text on one line: whatever stands within a sentence."""
    return " ".join(_lines(text).split("\n"))


def _day(day: date | None) -> str:
    return chinese_date(day) if day else ""


def you(letter: LetterFacts) -> str:
    """您 or 你单位."""
    person = letter.addressee == "person" and letter.type.to in (Addressee.APPLICANT, Addressee.THIRD_PARTY)
    return "您" if person else "你单位"


def fee_amount(fee: FeeFacts) -> int:
    """In 元."""
    return sum(line.amount for line in fee_lines(fee.kind, fee.count, fee.before))


def _fee(letter: LetterFacts, make: Callable[[FeeFacts], str]) -> str:
    return make(letter.fee) if letter.fee and letter.fee.sound else ""


_MAKERS: Mapping[str, Callable[[LetterFacts], str]] = {
    "address": lambda one: one.agency.address,
    "agency": lambda one: one.agency.name,
    "applicant": lambda one: one.applicant,
    "available": lambda one: _day(one.reply.available_on) if one.reply else "",
    "consulted": lambda one: _day(one.consulted_on),
    "consulted_whom": lambda one: one.consulted_whom,
    "corrected": lambda one: _day(one.corrected_on),
    "deadline": lambda one: _day(one.deadline),
    "derivation": lambda one: one.due_derivation,
    "due": lambda one: _day(one.due_on),
    "earlier_reply_date": lambda one: _day(one.reply.earlier_reply_date) if one.reply else "",
    "extended": lambda one: _day(one.extended_to),
    "extension_days": lambda one: str(one.extension_days or ""),
    "fee": lambda one: _fee(one, lambda fee: str(fee.count)),
    "fee_amount": lambda one: _fee(one, lambda fee: str(fee_amount(fee))),
    "fee_amount_words": lambda one: _fee(one, lambda fee: in_capitals(fee_amount(fee))),
    "fee_method": lambda one: _fee(one, lambda fee: "按件" if fee.kind == "items" else "按量"),
    "fee_tariff": lambda one: _fee(one, lambda fee: tariff_text(fee.kind)),
    "notice_number": lambda one: one.notice_number,
    "notice_served": lambda one: _day(one.notice_served_on),
    "phone": lambda one: one.agency.phone,
    "provisional": lambda one: "暂定" if one.due_provisional else "",
    "query_code": lambda one: one.query_code,
    "received": lambda one: _day(one.received_on),
    "received_way": lambda one: received_ways()[one.received_way].way if one.received_way in received_ways() else "",
    "registration": lambda one: one.registration_number,
    "result": lambda one: one.result,
    "third_party_silent": lambda one: "逾期未提出意见" if one.third_party_silent else "",
    "you": you,
}
if set(_MAKERS) != FACTS:
    raise RuntimeError("the facts the letters may name and those that are made differ")
