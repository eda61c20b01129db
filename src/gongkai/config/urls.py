"""Root of the URL tree: office and accounts under their prefixes, the machine side, everything else is the portal."""

from django.urls import include, path

urlpatterns = [
    path("office/", include("gongkai.web.office.urls")),
    path("account/", include("gongkai.web.office.account_urls")),
    path("", include("gongkai.api.urls")),
    path("", include("gongkai.web.portal.urls")),
]

handler404 = "gongkai.web.shared.errors.not_found"
handler403 = "gongkai.web.shared.errors.forbidden"
handler400 = "gongkai.web.shared.errors.bad_request"
handler500 = "gongkai.web.shared.errors.server_error"
