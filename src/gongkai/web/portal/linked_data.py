"""Linked data of the public pages: what a program that reads the page need not guess, from the same fields as the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from markupsafe import Markup

from gongkai.disclosure.public import File, ItemPage
from gongkai.disclosure.public_tree import Body
from gongkai.rules.vocabulary import vocabulary
from gongkai.web.portal.downloads import MEDIA_TYPES
from gongkai.web.shared.dates import day
from gongkai.web.shared.linked_data import CONTEXT, Data, script
from gongkai.web.shared.templating import absolute, address_of, site

LANGUAGE = "zh-CN"
DATASETS = frozenset({"statistics", "budget", "benefit_subsidy"})
"""Kinds whose attachments are tables of figures."""
CHANGES: Mapping[str, str] = {
    "amends": "legislationAmends",
    "repeals": "legislationRepeals",
    "replaces": "legislationRepeals",
    "declares_invalid": "legislationRepeals",
}
"""Property by relation. Each is a part of `legislationChanges`, which is given beside it for those who know only that."""


def website() -> Markup:
    """The site with its search."""
    owner = site()
    return script(
        {
            "@context": CONTEXT,
            "@type": "WebSite",
            "name": owner.name,
            "url": f"{owner.url}/",
            "inLanguage": LANGUAGE,
            "publisher": {"@type": "GovernmentOrganization", "name": owner.owner},
            "potentialAction": {
                "@type": "SearchAction",
                "target": {
                    "@type": "EntryPoint",
                    "urlTemplate": f"{absolute(address_of('portal:search'))}?q={{search_term_string}}",
                },
                "query-input": "required name=search_term_string",
            },
        }
    )


def organisation(body: Body) -> Markup:
    """A publishing body with its contacts."""
    data: Data = {
        "@context": CONTEXT,
        "@type": "GovernmentOrganization",
        "name": body.name,
        "alternateName": body.short_name,
        "identifier": body.uscc,
        "url": absolute(address_of("portal:organisation", body.code)),
        "telephone": body.phone,
        "faxNumber": body.fax,
        "email": body.email,
    }
    if body.address:
        data["address"] = {
            "@type": "PostalAddress",
            "streetAddress": body.address,
            "postalCode": body.postcode,
            "addressCountry": "CN",
        }
    return script(_filled(data))


def dataset(request: HttpRequest, title: str) -> Markup:
    """A list as a set of data that can be downloaded."""
    address = absolute(request.path)
    kinds = (("csv", "text/csv"), ("json", "application/json"))
    downloads = [
        {"@type": "DataDownload", "encodingFormat": kind, "contentUrl": f"{address}export.{name}"}
        for name, kind in kinds
    ]
    owner = site()
    return script(
        {
            "@context": CONTEXT,
            "@type": "Dataset",
            "name": title,
            "description": f"{owner.owner}政府信息公开：{title}，包含标题、文号、机构、日期和有效性。",
            "url": address,
            "inLanguage": LANGUAGE,
            "isAccessibleForFree": True,
            "creator": {"@type": "GovernmentOrganization", "name": owner.owner},
            "distribution": downloads,
        }
    )


def item(page: ItemPage) -> Markup:
    """An item: a policy document as `Legislation`, figures as `Dataset`, everything else as `Article`."""
    edition, base = page.edition, site().url
    address = base + address_of("portal:item", page.id)
    data: Data = {
        "@context": CONTEXT,
        "@type": "Article",
        "@id": address,
        "url": address,
        "name": page.title,
        "identifier": page.index_number,
        "inLanguage": LANGUAGE,
        "datePublished": _day(page.shown_on),
        "publisher": _publisher(page, base),
        "abstract": edition["summary"],
        "keywords": ",".join(edition["keywords"]),
        "isBasedOn": _others(page, ("implements", "reprints"), base),
        "citation": [
            base + address_of("portal:item", target) for target in dict.fromkeys(to for _, to in page.citations)
        ],
        "subjectOf": _others(page, ("interpreted_by",), base),
        "about": _others(page, ("interprets",), base),
    }
    if page.number > 1 and page.published_at:
        data["dateModified"] = day(page.published_at)
        data["version"] = str(page.number)
    if page.kind == "policy_document":
        data.update(_legislation(page, base))
    elif page.kind in DATASETS and page.files:
        data["@type"] = "Dataset"
        data["description"] = edition["summary"] or page.title
        data["distribution"] = [_file(page.id, file, "DataDownload", base) for file in page.files]
    else:
        data["headline"] = page.title
        data["encoding"] = [_file(page.id, file, "MediaObject", base) for file in page.files]
    return script(_filled(data))


def _legislation(page: ItemPage, base: str) -> Data:
    edition = page.edition
    changed: Data = {}
    for ties in page.relations:
        if name := CHANGES.get(ties.identifier):
            found = [
                {"@type": "Legislation", "@id": _item(tie.item.id, base), "name": tie.item.title} for tie in ties.ties
            ]
            changed[name] = changed.get(name, []) + found
            changed["legislationChanges"] = changed.get("legislationChanges", []) + found
    texts = [
        {"@type": "MediaObject", "encodingFormat": MEDIA_TYPES[kind], "contentUrl": _document(page.id, kind, base)}
        for kind in ("docx", "pdf")
        if page.is_current and edition["body_text"]
    ]
    return {
        "@type": "Legislation",
        "legislationIdentifier": edition["document_number"],
        "legislationType": vocabulary("genres").label(edition["genre"]) if edition["genre"] else "",
        "legislationDate": _day(edition["document_date"]),
        "legislationDateOfApplicability": _day(edition["effective_from"]),
        "expires": _day(edition["expires_on"]),
        "legislationPassedBy": [
            {"@type": "GovernmentOrganization", "name": name} for name in edition["issuing_agencies"]
        ],
        "legislationResponsible": _publisher(page, base),
        "legislationLegalForce": _force(page),
        **changed,
        "encoding": [*texts, *(_file(page.id, file, "MediaObject", base) for file in page.files)],
    }


def _force(page: ItemPage) -> str:
    if page.validity is None:
        return ""
    return f"{CONTEXT}/{'InForce' if page.validity.valid else 'NotInForce'}"


def _publisher(page: ItemPage, base: str) -> Data:
    address = base + address_of("portal:organisation", page.organisation_code)
    return {"@type": "GovernmentOrganization", "name": page.organisation, "url": address}


def _item(item_id: int, base: str) -> str:
    return base + address_of("portal:item", item_id)


def _document(item_id: int, kind: str, base: str) -> str:
    return base + address_of("portal:document", item_id, kind)


def _others(page: ItemPage, relations: tuple[str, ...], base: str) -> list[str]:
    return [_item(tie.item.id, base) for ties in page.relations if ties.identifier in relations for tie in ties.ties]


def _file(item_id: int, file: File, type_: str, base: str) -> Data:
    address = base + address_of("portal:attachment", item_id, file.id, file.name)
    return {"@type": type_, "name": file.title or file.name, "contentUrl": address, "contentSize": f"{file.size} B"}


def _day(value: Any) -> str:
    return value.isoformat() if value else ""


def _filled(data: Data) -> Data:
    """Without what is not known."""
    return {name: value for name, value in data.items() if value not in ("", [], None)}
