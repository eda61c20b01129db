"""A policy card and the text it is taken from: its parts, proposals for who enters conditions, and whether a source stands there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gongkai.disclosure.models import Edition
from gongkai.policies.search_documents import readable
from gongkai.rules.eligibility_fields import Party, eligibility_fields
from gongkai.rules.reasons import Reason
from gongkai.text.conditions import Proposal, proposals
from gongkai.text.normalise import fold
from gongkai.text.outline import Part, outline


def parts(edition: Edition) -> tuple[Part, ...]:
    """The parts of the text and the attachments of an edition a matter may rest on (依据条款): two queries."""
    return outline(_text(edition))


def proposed(edition: Edition, party: Party, basis: str = "") -> tuple[Proposal, ...]:
    """What the text and the attachments of an edition, or the part called ``basis``, seem to ask of a party: two queries."""
    text = _text(edition)
    part = next((one for one in outline(text) if one.label == basis), None) if basis else None
    return proposals(text[part.start : part.end] if part else text, party)


def text_reasons(edition: Edition, basis: str, conditions: Mapping[str, Any]) -> list[Reason]:
    """A reason for each thing a card takes from the document that does not stand in its text or in an attachment (any longer).

    The part it rests on (``basis``, empty for the whole), and the source of each of its conditions (as the card keeps them): what is
    told to an applicant is a sentence of the document, in its own words. Blanks, line breaks and widths do not matter. Two queries,
    none for a card that takes nothing.
    """
    clauses = conditions.get("clauses", [])
    if not basis and not clauses:
        return []
    text = _text(edition)
    return _basis_reasons(text, basis) + _source_reasons(text, clauses)


def _basis_reasons(text: str, basis: str) -> list[Reason]:
    if not basis or any(one.label == basis for one in outline(text)):
        return []
    message = f"依据条款“{basis}”在文件正文和附件中没有找到，请重新选择。"
    return [Reason("basis_elsewhere", message, field="basis")]


def _source_reasons(text: str, clauses: Sequence[Mapping[str, Any]]) -> list[Reason]:
    text, fields = _plain(text), eligibility_fields()
    reasons = []
    for number, clause in enumerate(clauses, 1):
        if _plain(clause["source"]) not in text:
            field = fields.get(clause["field"])
            name = f"第{number}项条件“{field.label if field else clause['field']}”"
            message = f"{name}的原文在文件正文和附件中没有找到，请摘录文件中的原句。"
            reasons.append(Reason("source_elsewhere", message, field=f"clauses.{number - 1}.source"))
    return reasons


def _text(edition: Edition) -> str:
    files = edition.attachments.select_related("file", "public_file")
    return "\n".join([edition.body_text, *(readable(file) for file in files)])


def _plain(text: str) -> str:
    return fold("".join(text.split()))
