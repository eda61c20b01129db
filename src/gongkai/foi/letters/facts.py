"""What a letter is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from gongkai.rules.decision import Decision
from gongkai.rules.letter_types import LetterRemedy, LetterType, letter_types
from gongkai.rules.remedies import RemedyBody


@dataclass(frozen=True, slots=True)
class AgencyFacts:
    """The body that writes."""

    name: str
    phone: str
    address: str
    office: str = ""
    """政府信息公开工作机构, when it has a name of its own."""
    contact_person: str = ""
    seal_name: str = ""
    """署名 as on the seal, when it is not the name."""


@dataclass(frozen=True, slots=True)
class FeeFacts:
    """What a fee notice charges (国办函〔2020〕109号 §3: by items or by pages, never both)."""

    kind: Literal["items", "pages"]
    count: int
    before: int = 0
    """Items of the applicant already counted in this calendar month."""

    @property
    def sound(self) -> bool:
        """Whether it can be reckoned: something to count, and pages counted for this answer alone."""
        return self.count >= 1 and self.before >= 0 and not (self.kind == "pages" and self.before)


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """Everything a letter needs. Which of it a letter really asks for, `letter_reasons` tells."""

    letter: str
    """A code of `letter_types`."""
    agency: AgencyFacts
    recipient: str = ""
    """称谓, without a colon: the applicant, the third party, the agency."""
    addressee: Literal["person", "organisation"] = "person"
    """Whether the letter says 您 or 你单位."""
    applicant: str = ""
    registration_number: str = ""
    received_on: date | None = None
    received_way: str = ""
    """A code of `received_ways` (§31), as of `rules.receipt.Channel`."""
    request_text: str = ""
    """What was asked for, in the applicant's words."""
    document_number: str = ""
    decided_on: date | None = None
    """成文日期."""
    decision: Decision | None = None
    fields: Mapping[str, str] = field(default_factory=dict, hash=False)
    """What the clerk wrote into a letter without a decision, by the names of `LetterType.fields`."""
    result: str = ""
    """The variant of a letter that has several (`LetterType.results`)."""
    due_on: date | None = None
    """The day by which the reply is due; in an extension notice the new one."""
    due_derivation: str = ""
    """How it was reckoned, in a sentence."""
    due_provisional: bool = False
    deadline: date | None = None
    """The day until which the recipient has time, or on which something happens; its meaning is the letter's."""
    corrected_on: date | None = None
    """When the corrected request came (§30)."""
    consulted_on: date | None = None
    consulted_whom: str = ""
    """第三方, 共同制作机关, 其他机关."""
    third_party_silent: bool = False
    """A third party was asked and let its 15 working days pass (§32)."""
    extended_to: date | None = None
    extension_days: int = 0
    notice_number: str = ""
    """Number of the earlier notice a letter refers to."""
    notice_served_on: date | None = None
    query_code: str = ""
    fee: FeeFacts | None = None
    remedy_body: RemedyBody | None = None
    online: bool = False
    """Whether it is served on the web."""
    sample: bool = False

    @property
    def type(self) -> LetterType:
        """Its kind. Raises `KeyError` for an unknown code."""
        return letter_types()[self.letter]

    @property
    def reply(self) -> Decision | None:
        """The decision, for a letter that tells one; a letter of another kind prints nothing of it."""
        return self.decision if self.type.remedy is LetterRemedy.OUTCOME else None

    @property
    def attachments(self) -> tuple[str, ...]:
        """Names of what goes along."""
        return self.reply.attachments if self.reply else ()
