"""The sitemap: an index, one part with the standing pages, and the register cut into ranges of ids.

A range is one query on the primary key whatever the size of the register, and keeps its address for good, so a crawler fetches only the
ranges whose last change moved. Crawlers and gateways keep an answer for an hour; the index, which looks at the whole register, is
also kept here that long.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from xml.sax.saxutils import escape

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse

from gongkai.api.serialising import item_url
from gongkai.api.serving import machine
from gongkai.catalogues.models import CatalogueRow
from gongkai.disclosure import public_changes
from gongkai.disclosure.public_tree import bodies
from gongkai.web.shared.dates import iso
from gongkai.web.shared.templating import absolute, address_of

RANGE = 20_000
"""Ids of one part; the protocol allows 50,000 addresses."""
KEPT_SECONDS = 3600
STANDING = (
    "home", "policy-library", "normative", "in-force-register", "changes", "statutory-content", "disclosure-fields",
    "statutory-by-organisation", "grassroots", "disclosure-guide", "disclosure-rules", "annual-reports",
    "information-requests", "logged-answers", "topics", "exemplary-interpretations", "organisations", "site-map", "accessibility",
)  # fmt: skip
OF_A_BODY = (
    "organisation", "body-policies", "body-disclosure-guide", "body-disclosure-rules", "body-statutory-content",
    "body-annual-reports", "body-information-requests",
)  # fmt: skip
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_CACHE_KEY = "gongkai-sitemap-index"


@machine()
def index(request: HttpRequest) -> HttpResponse:
    """The parts with their last change."""
    text = cache.get(_CACHE_KEY)
    if text is None:
        parts = [(absolute(address_of("api:sitemap-pages")), "")]
        for number, last in public_changes.parts(RANGE):
            parts.append((absolute(address_of("api:sitemap-part", number)), _moment(last)))
        text = _urlset(parts, "sitemapindex", "sitemap")
        cache.set(_CACHE_KEY, text, KEPT_SECONDS)
    return _answer(text)


@machine()
def pages(request: HttpRequest) -> HttpResponse:
    """The pages that always stand: two queries."""
    return _answer(_urlset((absolute(address), "") for address in _standing()))


@machine(weight=5)
def part(request: HttpRequest, number: int) -> HttpResponse:
    """One range of the register: one query."""
    found = public_changes.part(number, RANGE) if number < 1 << 40 else []
    if not found:
        raise Http404
    return _answer(_urlset((item_url(pk), _moment(last)) for pk, last in found))


def _standing() -> Iterator[str]:
    yield from (address_of(f"portal:{name}") for name in STANDING)
    yield address_of("api:documentation")
    for body in bodies():
        yield from (address_of(f"portal:{name}", body.code) for name in OF_A_BODY)
    rows = CatalogueRow.objects.filter(catalogue__is_current=True).order_by("pk")
    yield from (address_of("portal:row", pk) for pk in rows.values_list("pk", flat=True))


def _urlset(addresses: Iterable[tuple[str, str]], whole: str = "urlset", one: str = "url") -> str:
    """The XML of a part or of the index. `escape` is for the site's own address; the rest is made of ids and slugs."""
    lines = (
        f"<{one}><loc>{escape(address)}</loc>{f'<lastmod>{last}</lastmod>' if last else ''}</{one}>"
        for address, last in addresses
    )
    body = "\n".join(lines)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{whole} xmlns="{NAMESPACE}">\n{body}\n</{whole}>\n'


def _moment(value: datetime | None) -> str:
    return iso(value) if value else ""


def _answer(text: str) -> HttpResponse:
    response = HttpResponse(text, content_type="application/xml; charset=utf-8")
    response["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    return response
