"""From a piece of material to what the register will hold: kind, field values, and for each fact its origin and confidence."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from gongkai.importing.material import Material, Rejection
from gongkai.rules.vocabulary import vocabulary
from gongkai.text.dates import parse_date
from gongkai.text.document_facts import DocumentFacts, Fact, document_facts
from gongkai.text.html_text import text_to_html

TRUST = 0.6
"""Facts below this confidence are kept with the import record for a person to look at, and not written into the register."""
FIELDS = ("document_number", "issuing_agencies", "document_date", "subject", "validity")
INTERPRETATION = re.compile(r"(解读|图解|一图读懂|政策问答|热点[一二三四五六七八九十\d]*问|问答)")
LAW_GENRES = frozenset({"行政法规", "部门规章", "地方性法规", "地方政府规章", "规章"})


@dataclass(frozen=True, slots=True)
class Draft:
    """What an import would write for one piece of material."""

    material: Material
    kind: str
    title: Fact | None
    found: DocumentFacts
    values: dict[str, Any] = field(default_factory=dict)
    published_on: date | None = None
    url: str = ""
    interprets: tuple[str, ...] = ()
    """Ids (in the same list) or document numbers of what this interprets."""
    series: str = ""
    """Set for laws and rules, whose versions come as documents of their own: versions of one law share it."""

    def as_json(self) -> dict[str, Any]:
        """The dry run's object: `id`, `title`, and each fact as `value`, `confidence`, `source`."""
        facts = {name: _json(getattr(self.found, name)) for name in FIELDS}
        facts["issuing_agencies"]["value"] = split_agencies(facts["issuing_agencies"]["value"] or "")
        if facts["subject"]["value"]:
            facts["subject"]["value"] = subject_label(facts["subject"]["value"])
        return {"id": self.material.id, "title": self.title.value if self.title else "", "kind": self.kind, **facts}


def draft(material: Material) -> Draft | Rejection:
    """Work out what `material` is. Rejected: no body to publish, or no title to call it by."""
    facts = material.facts
    title = str(facts.get("title", "")).strip()
    found = document_facts(material.text, title=title, metadata=_metadata(material))
    title_fact = found.title or (Fact(title, 1.0, "元数据") if title else None)
    if title_fact is None or not title_fact.value.strip():
        return Rejection(material.id, material.origin, "no_title", "没有找到标题，请在清单中补充“标题”一列后重新导入。")
    kind = _kind(title_fact.value, facts, found)
    return Draft(
        material=material,
        kind=kind,
        title=title_fact,
        found=found,
        values=_values(material, title_fact, found),
        published_on=_date(facts.get("published_on")),
        url=str(facts.get("url", ""))[:500],
        interprets=_strings(facts.get("interprets")),
        series=_series(title_fact.value, facts),
    )


def publishable(made: Draft) -> Rejection | None:
    """Why this draft cannot be published although it could be read; None when it can."""
    material = made.material
    if not material.text.strip():
        return Rejection(material.id, material.origin, "no_text", "只有题录，没有正文；请补充正文或者附件后重新导入。")
    return None


def split_agencies(value: str) -> list[str]:
    """Joint issuers apart; 、 inside brackets belongs to a name (市府办（市金融办、市外事办）)."""
    return [name.strip() for name in re.split(r"、(?![^（(]*[)）])", value) if name.strip()]


def subject_label(code: str) -> str:
    """Both levels of a subject as the portals print them: 科技、教育\\教育."""
    return "\\".join(term.label for term in vocabulary("subjects").path(code))


def _values(material: Material, title: Fact, found: DocumentFacts) -> dict[str, Any]:
    """Field values of the edition; only facts that can be trusted are written."""
    number, agencies, genre = _trusted(found.document_number), _trusted(found.issuing_agencies), _trusted(found.genre)
    subject = _trusted(found.subject)
    facts = material.facts
    return {
        "title": title.value[:300],
        "body": material.html or text_to_html(material.text),
        "document_number": number,
        "issuing_agencies": split_agencies(agencies),
        "document_date": _date(_trusted(found.document_date)),
        "effective_from": _date(_trusted(found.effective_from)),
        "expires_on": _date(_trusted(found.expires_on)),
        "subjects": [subject] if subject else [],
        "genre": term.code if (term := vocabulary("genres").by_label(genre)) else "",
        "keywords": list(_strings(facts.get("keywords")))[:12],
        "summary": str(facts.get("summary", ""))[:1000],
        "content_source": str(facts.get("content_source", ""))[:200],
        "source_url": str(facts.get("url", ""))[:500],
        "enquiry_phone": str(facts.get("enquiry_phone", ""))[:60],
        "enquiry_agency": str(facts.get("enquiry_agency", ""))[:100],
    }


def _metadata(material: Material) -> dict[str, str]:
    """What was given beside the text; of a law's history, the last order and the date of this version."""
    given, facts = dict(material.metadata), material.facts
    if orders := _strings(facts.get("order_numbers")):
        given.setdefault("document_number", orders[-1])
    if facts.get("version_date"):
        given.setdefault("document_date", str(facts["version_date"]))
    for bulky in ("text", "html", "content", "正文"):
        given.pop(bulky, None)
    return given


def _kind(title: str, facts: dict[str, Any], found: DocumentFacts) -> str:
    """The item kind: as given, or told by links, title and form: what has a number, an issuer or a genre is a document."""
    if term := vocabulary("item_kinds").by_label(str(facts.get("kind", ""))):
        return term.code
    if facts.get("interprets") or INTERPRETATION.search(title):
        return "interpretation"
    if str(facts.get("category", "")) in LAW_GENRES or any(
        _trusted(fact) for fact in (found.document_number, found.issuing_agencies, found.genre)
    ):
        return "policy_document"
    return "notice"


def _series(title: str, facts: dict[str, Any]) -> str:
    return "".join(title.split()) if str(facts.get("category", "")) in LAW_GENRES else ""


def _trusted(fact: Fact | None) -> str:
    return fact.value if fact is not None and fact.confidence >= TRUST else ""


def _date(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date) or value is None:
        return value
    return parse_date(str(value))


def _strings(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, list | tuple):
        return tuple(str(part).strip() for part in value if str(part).strip())
    return tuple(part for part in re.split(r"[;；,，、|\s]+", str(value)) if part)


def _json(fact: Fact | None) -> dict[str, Any]:
    if fact is None:
        return {"value": None, "confidence": 0.0, "source": "未找到"}
    return {"value": fact.value, "confidence": round(fact.confidence, 3), "source": fact.source}
