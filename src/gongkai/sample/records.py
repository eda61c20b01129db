"""The plain records the sample district is made of. No Django here: `load` turns them into rows of the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

SAMPLE_MARK = "示例数据"
"""What every page of the sample district says about itself; also the 信息来源 of every sample item."""

Cell = str | int | float
"""One cell of a generated table."""

SampleState = Literal["draft", "review", "sign_off", "scheduled", "published", "withdrawn"]
"""Values of `gongkai.rules.publication.State` that sample items use."""


@dataclass(frozen=True, slots=True)
class SampleBody:
    """A publishing body with the contact elements of its disclosure guide (《条例》§12)."""

    code: str
    """Latin slug used in addresses and as `body_code` elsewhere."""
    name: str
    short_name: str
    kind: str
    """Code of the vocabulary ``organisation_kinds``."""
    parent_code: str | None
    uscc: str
    """统一社会信用代码 of valid form, made from an artificial base; belongs to nobody."""
    aliases: tuple[str, ...]
    division_code: str
    address: str
    office_hours: str
    phone: str
    fax: str
    email: str
    postcode: str
    enquiry: str
    """Who answers questions, as one sentence for the guide page."""
    order: int
    agency_mark: str
    """机关代字 of its documents, e.g. 谯教; empty for enterprises."""


@dataclass(frozen=True, slots=True)
class SamplePerson:
    """An account of the office. Nobody's real name: 示例·单位岗位."""

    username: str
    display_name: str
    body_code: str
    roles: tuple[str, ...]
    """Values of `gongkai.rules.access.Role`."""


@dataclass(frozen=True, slots=True)
class SampleCatalogueRow:
    """A node of a catalogue; a leaf has the ten columns of 国办发〔2019〕54号 filled."""

    catalogue: str
    """``statutory`` (法定主动公开内容) or ``grassroots`` (基层政务公开标准目录)."""
    code: str
    parent_code: str | None
    label: str
    statutory_class: str
    """Code of the vocabulary ``statutory_classes``; empty where no single item of §20 applies."""
    disclosure_field: str
    """Code of the vocabulary ``disclosure_fields``; empty outside the grassroots catalogue."""
    applies_to: tuple[str, ...]
    """Codes of ``organisation_kinds`` that may owe the row."""
    order: int
    applies_to_bodies: tuple[str, ...] = ()
    """Bodies that owe the row; empty: every body of the kinds in `applies_to`."""
    sequence: str = ""
    level1_matter: str = ""
    level2_matter: str = ""
    content_elements: str = ""
    disclosure_basis: str = ""
    disclosure_time_limit: str = ""
    disclosing_body: str = ""
    disclosure_channels: tuple[str, ...] = ()
    """Codes of the vocabulary ``disclosure_channels``."""
    disclosure_target: str = ""
    disclosure_method: str = ""
    disclosure_tier: str = ""

    @property
    def is_leaf(self) -> bool:
        """Whether items are published into the row (a leaf has its columns filled)."""
        return bool(self.content_elements)


@dataclass(frozen=True, slots=True)
class SampleAttachment:
    """A file to be made when the item is loaded: a text, or a sheet of rows with its heading first."""

    name: str
    kind: Literal["text", "xlsx"]
    text: str = ""
    rows: tuple[tuple[Cell, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class SampleRelation:
    """A typed relation from the item that holds it to the item named by `key`."""

    kind: str
    key: str
    effective_on: date | None = None
    """For acts on a document (amends, repeals, replaces, declares_invalid): first day of the effect."""


@dataclass(frozen=True, slots=True)
class SampleCard:
    """The policy card of a matter of a document (`policies.models.PolicyCard`)."""

    who_may_benefit: str
    what_is_given: str
    how_to_apply: str
    until: date | None
    until_note: str
    contact: str
    phone: str
    conditions: Mapping[str, Any]
    service_url: str = ""
    matter_name: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True)
class SampleEdition:
    """An edition that was published before the current one and is superseded by it."""

    title: str
    body_html: str
    published_on: datetime
    change_note: str
    """Why the *next* edition replaced this one."""


@dataclass(frozen=True, slots=True)
class SampleItem:
    """One item of the register with its current edition."""

    key: str
    """Stable name inside the sample; relations point to it."""
    body_code: str
    kind: str
    """Code of the vocabulary ``item_kinds``."""
    title: str
    body_html: str
    published_on: datetime
    """Time of publication, or for an item not yet published the time it was last worked on (scheduled: the time set)."""
    document_number: str = ""
    issuing_agencies: tuple[str, ...] = ()
    document_date: date | None = None
    effective_from: date | None = None
    expires_on: date | None = None
    normative: bool = False
    interpretation_note: str = ""
    """Why a normative document was signed without an interpretation."""
    subjects: tuple[str, ...] = ()
    genre: str = ""
    audiences: tuple[str, ...] = ()
    life_cycle_person: tuple[str, ...] = ()
    life_cycle_enterprise: tuple[str, ...] = ()
    tags: tuple[str, ...] | None = None
    """Confirmed tags of the interpretation special; None: somebody still has to confirm them."""
    cards: tuple[SampleCard, ...] = ()
    """One for each matter, in the order of their numbers."""
    keywords: tuple[str, ...] = ()
    summary: str = ""
    enquiry_agency: str = ""
    enquiry_phone: str = ""
    catalogue_rows: tuple[str, ...] = ()
    attachments: tuple[SampleAttachment, ...] = ()
    relations: tuple[SampleRelation, ...] = ()
    state: SampleState = "published"
    withdrawal_reason: str = ""
    """Code of the vocabulary ``withdrawal_reasons`` when the state is withdrawn."""
    withdrawal_note: str = ""
    earlier_editions: tuple[SampleEdition, ...] = ()
    """Oldest first."""
    content_source: str = SAMPLE_MARK
    source_url: str = ""
    """Of a reprint: where the authoritative text stands."""
    facts: tuple[tuple[str, str], ...] = field(default=())
    """Further labelled facts of the kind (deadline of a consultation, time and place of a press conference)."""
