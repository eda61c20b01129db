"""The account pages of our own: signing in, how long the session lasts, and one's own history of sign-ins."""

from __future__ import annotations

from typing import Any

from allauth.account.views import LoginView as LibraryLoginView
from allauth.account.views import PasswordChangeView as LibraryPasswordChangeView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gongkai.organisations.account_actions import disclaim_sign_in
from gongkai.organisations.logins import METHODS, Kind, history_of
from gongkai.organisations.models import LoginEvent, User
from gongkai.rules.passwords import RULES
from gongkai.web.office import sign_in
from gongkai.web.office.accounts import sample_hint
from gongkai.web.office.login_watch import origin
from gongkai.web.shared.pager import paginate

PAGE = 50


class LoginView(LibraryLoginView):
    """Signing in with user name and password."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the page shows; the library's own context would look up addresses we do not have."""
        return {
            "form": kwargs.get("form") or self.get_form(),
            "redirect_field_name": REDIRECT_FIELD_NAME,
            "redirect_field_value": self.get_next_url() or "",
            "single_sign_on": settings.GONGKAI_OIDC.name if settings.GONGKAI_OIDC else "",
            "idle_minutes": settings.GONGKAI_IDLE_SECONDS // 60,
            **sample_hint(),
        }


class PasswordChangeView(LibraryPasswordChangeView):
    """Changing one's own password, with the rules beside the field."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The library's context and the rules in words."""
        used = (
            f"不能与最近{settings.GONGKAI_PASSWORD_HISTORY}次用过的相同。" if settings.GONGKAI_PASSWORD_HISTORY else ""
        )
        return {**super().get_context_data(**kwargs), "rules": RULES + used}


@never_cache
@require_http_methods(["GET", "POST"])
def session(request: HttpRequest) -> HttpResponse:
    """How many seconds the session lasts when nothing more is done → ``{"seconds": 1740}``. Asking (GET) does not lengthen it, a POST does."""
    if not request.user.is_authenticated:
        return JsonResponse({"seconds": 0}) if request.method == "GET" else redirect_to_login("/office/")
    return JsonResponse({"seconds": sign_in.seconds_left(request)})


@never_cache
@require_http_methods(["GET", "HEAD"])
def my_sign_ins(request: HttpRequest) -> HttpResponse:
    """One's own history of sign-ins."""
    if not isinstance(request.user, User):
        return redirect_to_login(request.get_full_path())
    page = paginate(history_of(request.user), ("-at", "-id"), request.GET, PAGE)
    context = {"page": page, "lines": described(page.rows), "days": settings.GONGKAI_LOGIN_HISTORY_DAYS}
    return render(request, "account/sign_ins.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def not_me(request: HttpRequest) -> HttpResponse:
    """One of the sign-ins was not one's own: all other sessions end, and the password must be changed now."""
    if not isinstance(request.user, User):
        return redirect_to_login("/account/sign-ins/")
    if request.method == "GET":  # led here after signing in again: nothing is done without the button
        return redirect("account_sign_ins")
    disclaim_sign_in(user=request.user, origin=origin(request, request.user))
    sign_in.keep_after_password_change(request, request.user)
    messages.warning(request, "已退出该账号的其他全部登录。请立即修改密码；系统管理员可以看到本次声明。")
    return redirect("account_change_password")


def described(events: tuple[LoginEvent, ...], *, with_person: bool = False) -> list[dict[str, Any]]:
    """Lines of the history in words; with whose they are, where they are of many people."""
    return [
        {
            "at": event.at,
            "kind": Kind(event.kind),
            "label": Kind(event.kind).label + (f"（{event.count}次）" if event.count > 1 else ""),
            "address": event.address,
            "device": event.device,
            "method": METHODS.get(event.method, ""),
            "note": event.note,
            "user": event.user if with_person else None,
        }
        for event in events
    ]
