"""Addresses of the public site. They use the words of the glossary and do not change when an item is corrected."""

from django.urls import path, re_path

from gongkai.web.portal import home, items, library, organisations, rail, search, site, statutory

app_name = "portal"

urlpatterns = [
    path("", home.home, name="home"),
    path("search/", search.search_page, name="search"),
    # policy library
    path("policy-library/", library.library, name="policy-library"),
    path("policy-library/normative/", library.normative, name="normative"),
    path("policy-library/in-force-register/", library.in_force_register, name="in-force-register"),
    path("policy-library/in-force-register.csv", library.in_force_csv, name="in-force-csv"),
    path("policy-library/changes/", library.changes, name="changes"),
    # items
    path("items/<int:item_id>/", items.item, name="item"),
    path("items/<int:item_id>/editions/<int:number>/", items.edition, name="edition"),
    path("items/<int:item_id>/document.<str:extension>", items.document, name="document"),
    path("items/<int:item_id>/attachments/<int:attachment_id>/<str:name>", items.attachment, name="attachment"),
    path("items/by-number/", items.by_number, name="by-number"),
    # statutory content
    path("statutory-content/", statutory.statutory_content, name="statutory-content"),
    path("statutory-content/fields/", statutory.fields, name="disclosure-fields"),
    path("statutory-content/organisations/", statutory.by_organisation, name="statutory-by-organisation"),
    path("statutory-content/grassroots/", statutory.grassroots, name="grassroots"),
    path("statutory-content/<int:row_id>/", statutory.row, name="row"),
    # the six entries of the district and of every body
    path("disclosure-guide/", rail.guide, name="disclosure-guide"),
    path("disclosure-rules/", rail.rules, name="disclosure-rules"),
    path("annual-reports/", rail.annual_reports, name="annual-reports"),
    path("information-requests/", rail.information_requests, name="information-requests"),
    path("organisations/", organisations.organisations, name="organisations"),
    path("organisations/<slug:code>/", organisations.organisation, name="organisation"),
    path("organisations/<slug:code>/policies/", rail.policies, name="body-policies"),
    path("organisations/<slug:code>/disclosure-guide/", rail.guide, name="body-disclosure-guide"),
    path("organisations/<slug:code>/disclosure-rules/", rail.rules, name="body-disclosure-rules"),
    path("organisations/<slug:code>/statutory-content/", rail.statutory_content, name="body-statutory-content"),
    path("organisations/<slug:code>/statutory-content/<int:row_id>/", rail.row, name="body-row"),
    path("organisations/<slug:code>/annual-reports/", rail.annual_reports, name="body-annual-reports"),
    path(
        "organisations/<slug:code>/information-requests/", rail.information_requests, name="body-information-requests"
    ),
    # the site itself
    path("site-map/", site.site_map, name="site-map"),
    path("accessibility/", site.accessibility, name="accessibility"),
    path("health/", site.health, name="health"),
    path("robots.txt", site.robots, name="robots"),
    # addresses of the site that items came from; last, because it takes everything
    re_path(r"^(?P<address>.+)$", site.legacy, name="legacy"),
]
