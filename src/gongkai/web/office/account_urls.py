"""Addresses of the account pages: signing in and out, the password, and the second factor. No sign-up, no e-mail pages.

The views of the second factor bring libraries of 19 MB with them; they are loaded by the first request that needs them.
"""

from collections.abc import Callable
from typing import Any

from allauth.account import views as account
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import path
from django.utils.module_loading import import_string

from gongkai.web.office import oidc
from gongkai.web.office.account_views import LoginView, PasswordChangeView, my_sign_ins, not_me, session


def _when_asked(view: str) -> Callable[..., HttpResponseBase]:
    """The view with this dotted name, imported at its first request."""

    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        found: Callable[..., HttpResponseBase] = import_string(f"allauth.mfa.{view}")
        return found(request, *args, **kwargs)

    return answer


urlpatterns = [
    path("login/", LoginView.as_view(), name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("password/change/", login_required(PasswordChangeView.as_view()), name="account_change_password"),
    path("session/", session, name="account_session"),
    path("sign-ins/", my_sign_ins, name="account_sign_ins"),
    path("sign-ins/not-me/", not_me, name="account_not_me"),
    path("oidc/login/", oidc.start, name="account_oidc_login"),
    path("oidc/callback/", oidc.callback, name="account_oidc_callback"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("mfa/", _when_asked("base.views.index"), name="mfa_index"),
    path("mfa/authenticate/", _when_asked("base.views.authenticate"), name="mfa_authenticate"),
    path("mfa/reauthenticate/", _when_asked("base.views.reauthenticate"), name="mfa_reauthenticate"),
    path("mfa/totp/activate/", _when_asked("totp.views.activate_totp"), name="mfa_activate_totp"),
    path("mfa/totp/deactivate/", _when_asked("totp.views.deactivate_totp"), name="mfa_deactivate_totp"),
    path(
        "mfa/recovery-codes/", _when_asked("recovery_codes.views.view_recovery_codes"), name="mfa_view_recovery_codes"
    ),
    path(
        "mfa/recovery-codes/generate/",
        _when_asked("recovery_codes.views.generate_recovery_codes"),
        name="mfa_generate_recovery_codes",
    ),
]
