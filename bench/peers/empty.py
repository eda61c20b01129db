"""The peer of the cached page: Django with nothing in it, an empty view, on the same server (`bench.peers.empty:application`)."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path


def empty(request: HttpRequest) -> HttpResponse:
    """Answer with nothing, and say so, as `CommonMiddleware` does for ours."""
    return HttpResponse(headers={"Content-Length": "0"})


urlpatterns = [path("", empty)]

if not settings.configured:
    settings.configure(ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, SECRET_KEY="peer", USE_TZ=True)
application = get_wsgi_application()
