"""The facts taken from a document: each with the value, how sure we are, and where it was found."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact about a document."""

    value: str
    """Canonical value; never empty."""
    confidence: float
    """0–1, calibrated on real documents: of facts at 0.9 or more at least 97 % are right."""
    source: str
    """Chinese, for people: where it was found, e.g. 「正文首部第2行」「落款」「页面元数据“文号”」."""


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """Everything taken from one document; ``None`` where the document does not say."""

    title: Fact | None = None
    document_number: Fact | None = None
    """发文字号, canonical (谯政办〔2024〕12号); the document's own, never a cited one."""
    issuing_agencies: Fact | None = None
    """发文机关, joined by 、"""
    document_date: Fact | None = None
    """成文日期, YYYY-MM-DD"""
    subject: Fact | None = None
    """Code of vocabulary "subjects", first level unless metadata names a second-level subject."""
    validity: Fact | None = None
    """Label of :class:`gongkai.rules.validity.Status`."""
    effective_from: Fact | None = None
    """生效日期, YYYY-MM-DD"""
    expires_on: Fact | None = None
    """失效日期 (last day of validity), YYYY-MM-DD"""
    genre: Fact | None = None
    """Label of vocabulary "genres", e.g. 通知"""

    def present(self) -> dict[str, Fact]:
        """The facts found, by name, in the order of the fields."""
        pairs = ((item.name, getattr(self, item.name)) for item in fields(self))
        return {name: fact for name, fact in pairs if fact is not None}
