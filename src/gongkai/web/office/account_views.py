"""The login page: the library's, with the hint of a sample installation and without its links to sign-up."""

from __future__ import annotations

from typing import Any

from allauth.account.views import LoginView as LibraryLoginView
from django.contrib.auth import REDIRECT_FIELD_NAME

from gongkai.web.office.accounts import sample_hint


class LoginView(LibraryLoginView):
    """Signing in with user name and password."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the page shows; the library's own context would look up addresses we do not have."""
        return {
            "form": kwargs.get("form") or self.get_form(),
            "redirect_field_name": REDIRECT_FIELD_NAME,
            "redirect_field_value": self.get_next_url() or "",
            **sample_hint(),
        }
