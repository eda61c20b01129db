"""三同步: the interpretation of a normative document is organised, signed off and deployed together with it (国办发〔2017〕47号).

What can be decided at a desk is the signature: a document that is to become public for the first time goes out with its
interpretation, or with the reason why not, which the report on 解读覆盖 then shows. Whoever takes the signature of an interpretation
back on which a document rests alone gives that reason in its place.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gongkai.rules.reasons import Reason
from gongkai.rules.states import State

ARTICLE = "国办发〔2017〕47号"
POLICY_DOCUMENT = "policy_document"
"""The kind whose normative documents must be interpreted."""
NOTE_LIMIT = 500
"""Characters of the explanation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreeSyncs:
    """What is known of one signature."""

    kind: str
    """Code of the vocabulary ``item_kinds``."""
    normative: bool
    """Whether it is a 规范性文件."""
    first_publication: bool
    """Whether it has never been public: a correction was explained when the document first went out."""
    interpretations: int = 0
    """Tied interpretations that are public, signed, or signed by this very signature."""
    interpretation_note: str = ""
    """Why there is none at the same time."""

    @property
    def asked(self) -> bool:
        """Whether this signature is asked about the interpretation at all."""
        return self.kind == POLICY_DOCUMENT and self.normative and self.first_publication


def three_syncs(facts: ThreeSyncs) -> list[Reason]:
    """Why the document must not be signed as it is (国办发〔2017〕47号 同步组织、同步审签、同步部署); empty: nothing stands in the way."""
    if not facts.asked or facts.interpretations:
        return []
    note = facts.interpretation_note.strip()
    if not note:
        message = "该规范性文件没有与之同步的解读，请先把解读送签，与文件一并签发；不能同步的，请填写说明。"
        return [Reason("three_syncs", message, ARTICLE, "interpretation_note")]
    return _too_long(note)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resting:
    """A signed document with an interpretation whose signature is about to be taken back (撤回签发)."""

    item_id: int
    title: str
    state: State
    """待发布 or 已发布."""
    syncs: ThreeSyncs
    """What is known of its signature; `interpretations` are those that remain without the one taken back."""

    @property
    def left(self) -> bool:
        """Whether it is left with neither interpretation nor explanation."""
        return bool(three_syncs(self.syncs))


def taken_back(documents: Iterable[Resting], interpretation_note: str) -> list[Reason]:
    """Why the signature of their interpretation must not be taken back without an explanation (国办发〔2017〕47号 同步审签、同步部署);
    empty: nothing stands in the way."""
    left = [one for one in documents if one.left]
    note = interpretation_note.strip()
    if not left:
        return []
    return _too_long(note) if note else [_unexplained(one) for one in left]


def _unexplained(document: Resting) -> Reason:
    where, also = ("已发布", "") if document.state is State.PUBLISHED else ("已签发待发布", "先撤回该文件的签发，或者")
    message = (
        f"规范性文件《{document.title}》{where}，撤回签发后没有与之同步的解读，请填写未同步解读的说明；"
        f"也可以{also}先签发该文件的另一件解读。"
    )
    return Reason("three_syncs", message, ARTICLE, "interpretation_note")


def _too_long(note: str) -> list[Reason]:
    if len(note) <= NOTE_LIMIT:
        return []
    message = f"未同步解读的说明有 {len(note)} 字，请压缩到 {NOTE_LIMIT} 字以内。"
    return [Reason("interpretation_note_long", message, field="interpretation_note")]
