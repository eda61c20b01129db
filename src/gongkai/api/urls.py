"""Addresses of the machine side. Feeds and exports stand at the address of their page: `…/feed.atom`, `…/export.csv`."""

from django.urls import include, path, re_path

from gongkai.api import exports, feeds, sitemap, views
from gongkai.api.endpoints import ENDPOINTS

app_name = "api"

_API = [
    path("v1/", views.documentation, name="documentation"),
    path("v1/openapi.json", views.openapi_document, name="openapi"),
    *(path(f"v1/{one.route}", views.view_of(one), name=one.name) for one in ENDPOINTS),
    re_path(r"^(?P<rest>.*)$", views.unknown, name="unknown"),
]

urlpatterns = [
    path("api/", include(_API)),
    re_path(r"^(?P<address>(?:.+/)?)feed\.(?P<form>atom|json)$", feeds.feed, name="feed"),
    re_path(r"^(?P<address>(?:.+/)?)export\.(?P<form>csv|json)$", exports.export, name="export"),
    path("sitemap.xml", sitemap.index, name="sitemap"),
    path("sitemap-pages.xml", sitemap.pages, name="sitemap-pages"),
    path("sitemap-<int:number>.xml", sitemap.part, name="sitemap-part"),
]
