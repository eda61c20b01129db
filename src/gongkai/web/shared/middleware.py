"""Middleware of our own: session, login and messages for the office only, and errors that carry a reference number.

The portal is public: its answers set no cookie and do not vary by cookie, so they can be cached by anybody. The framework's
session, CSRF, authentication and message middleware therefore run under `settings.OFFICE_PREFIXES` and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware

from gongkai.web.shared import errors

GetResponse = Callable[[HttpRequest], HttpResponseBase]
Middleware = Callable[[GetResponse], Any]

HOOKS = ("process_view", "process_exception", "process_template_response")


def in_office(request: HttpRequest) -> bool:
    """Whether the address belongs to the office or to the account pages."""
    return request.path_info.startswith(settings.OFFICE_PREFIXES)


def office_only(wrapped: Middleware) -> Middleware:
    """Make of any middleware one that does nothing outside the office, its hooks included."""

    def factory(get_response: GetResponse) -> GetResponse:
        inner = wrapped(get_response)

        def middleware(request: HttpRequest) -> HttpResponseBase:
            return inner(request) if in_office(request) else get_response(request)

        for hook in HOOKS:
            if hasattr(inner, hook):
                setattr(middleware, hook, _in_office_only(getattr(inner, hook)))
        return middleware

    return factory


def _in_office_only(hook: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return hook(request, *args, **kwargs) if in_office(request) else None

    return guarded


OfficeSessionMiddleware = office_only(SessionMiddleware)
OfficeCsrfMiddleware = office_only(CsrfViewMiddleware)
OfficeAuthenticationMiddleware = office_only(AuthenticationMiddleware)
OfficeMessageMiddleware = office_only(MessageMiddleware)


class ErrorReferenceMiddleware:
    """Answers an unexpected error with a page that names a reference number, and logs the error under that number.

    Nothing of the error itself reaches the reader. With `DEBUG` on, the framework's own error page is left alone.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on; errors are dealt with in the hook."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Log and answer; errors that have pages of their own (404, 403, 400) are the framework's."""
        if settings.DEBUG or errors.has_own_page(exception):
            return None
        return errors.server_error(request, exception)
