"""What the register is classified by, to read up: the vocabularies and the disclosure catalogues. Nothing is changed here."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from gongkai.catalogues.models import Catalogue, CatalogueRow
from gongkai.rules.access import Actor
from gongkai.rules.vocabulary import NAMES, vocabulary
from gongkai.web.office.pages import office_page, show


@office_page()
def vocabularies(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The list of vocabularies, each with its version and source."""
    context = {"vocabularies": [vocabulary(name) for name in NAMES], "section": "reference"}
    return show(request, actor, "vocabularies.html", context)


@office_page()
def vocabulary_page(request: HttpRequest, actor: Actor, vocabulary_name: str) -> HttpResponse:
    """One vocabulary with all its terms."""
    if vocabulary_name not in NAMES:
        raise Http404
    return show(request, actor, "vocabulary.html", {"vocabulary": vocabulary(vocabulary_name), "section": "reference"})


@office_page()
def catalogues(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The catalogues in force and those before them."""
    found = Catalogue.objects.order_by("-is_current", "code", "-version")
    return show(request, actor, "catalogues.html", {"catalogues": found, "section": "reference"})


@office_page()
def catalogue_page(request: HttpRequest, actor: Actor, catalogue_id: int) -> HttpResponse:
    """The tree of one catalogue."""
    catalogue = Catalogue.objects.filter(pk=catalogue_id).first()
    if catalogue is None:
        raise Http404
    rows = catalogue.rows.order_by("path").values("pk", "label", "depth", "disclosure_time_limit")
    return show(request, actor, "catalogue.html", {"catalogue": catalogue, "rows": list(rows), "section": "reference"})


@office_page()
def catalogue_row(request: HttpRequest, actor: Actor, row_id: int) -> HttpResponse:
    """One row with the ten statutory columns (国办发〔2019〕54号) and the bodies that owe it."""
    row = CatalogueRow.objects.select_related("catalogue", "parent").filter(pk=row_id).first()
    if row is None:
        raise Http404
    owing = list(row.duties.select_related("organisation").order_by("organisation__position"))
    return show(request, actor, "catalogue_row.html", {"row": row, "owing": owing, "section": "reference"})
