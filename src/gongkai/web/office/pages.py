"""What every office page does before and around its own work: sign-in, second factor, actor, 404 for what is foreign."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import wraps
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db.models import Min
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gongkai.organisations.actors import NotVisible, actor_for, in_effect
from gongkai.organisations.selectors import bodies_where
from gongkai.rules.access import Action, Actor, Role
from gongkai.rules.case_events import VIEWERS
from gongkai.rules.reasons import Refused
from gongkai.rules.sign_in import SECOND_FACTOR_ROLES, second_factor_due
from gongkai.web.office.sign_in import proved_elsewhere

View = Callable[..., HttpResponseBase]


def office_page(*methods: str) -> Callable[[View], View]:
    """Make an office page of a view `(request, actor, …)` that answers `methods` (GET when none is named).

    Nobody signed in → the login page; a foreign object → 404; a refusal the view did not handle → 403 with its reasons.
    """

    def decorate(view: View) -> View:
        @never_cache
        @require_http_methods(list(methods) or ["GET", "HEAD"])
        @wraps(view)
        def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            actor = actor_for(request.user)
            if settings.GONGKAI_REQUIRE_MFA and needs_second_factor(request, actor) and _grace_over(actor):
                messages.warning(request, "您的角色须先启用两步验证，才能使用办公系统。")
                return redirect("mfa_activate_totp")
            try:
                return view(request, actor, *args, **kwargs)
            except NotVisible as error:
                raise Http404 from error
            except Refused as refusal:
                return show(request, actor, "refused.html", {"reasons": refusal.reasons}, status=403)

        return page

    return decorate


def needs_second_factor(request: HttpRequest, actor: Actor) -> bool:
    """Whether the actor's roles ask for a second factor that is not set up; asked of the database once a request."""
    if not actor.all_roles & SECOND_FACTOR_ROLES:
        return False
    known: bool | None = getattr(request, "_second_factor_missing", None)
    if known is None:
        known = not proved_elsewhere(request) and not is_mfa_enabled(request.user)
        request._second_factor_missing = known  # type: ignore[attr-defined]
    return known


def _grace_over(actor: Actor) -> bool:
    """Whether the days in which the person is only reminded are over; without days of grace nothing is looked up."""
    grace = timedelta(days=settings.GONGKAI_MFA_GRACE_DAYS)
    since = None
    if grace:
        roles = [role.value for role in SECOND_FACTOR_ROLES]
        since = in_effect(user_id=actor.user_id, role__in=roles).aggregate(first=Min("created_at"))["first"]
    return second_factor_due(actor.all_roles, since, grace, timezone.now())


def show(request: HttpRequest, actor: Actor, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Render an office page with what its frame needs: the actor, and whether to remind of the second factor."""
    frame: dict[str, Any] = {
        "menu": menu(actor),
        "second_factor_missing": needs_second_factor(request, actor),
        "section": "",
    }
    return render(request, f"office/{template}", {**frame, **context}, status=status)


def menu(actor: Actor) -> list[tuple[str, str, str]]:
    """The entries of the office menu this actor can use: (section, label, name of the address). An entry is for an action or for roles."""
    entries: tuple[tuple[str, str, str, Action | frozenset[Role] | None], ...] = (
        ("home", "工作台", "office:home", None),
        ("items", "信息管理", "office:items", None),
        ("create", "新建信息", "office:item-create", Action.CREATE),
        ("topics", "专题", "office:topics", Action.MANAGE_TOPIC),
        ("cases", "依申请公开", "office:cases", VIEWERS),
        ("case-figures", "依申请公开统计", "office:case-figures", VIEWERS),
        ("organisations", "机构", "office:organisations", None),
        ("people", "人员", "office:people", Action.MANAGE_MEMBERS),
        ("review-chains", "审核流程", "office:review-chains", Action.MANAGE_REVIEW_CHAIN),
        ("reference", "目录与词表", "office:catalogues", None),
        ("searches", "检索情况", "office:search-report", Action.VIEW_SEARCH_REPORT),
        ("policy-groups", "政策组合", "office:policy-groups", None),
        ("coverage", "解读覆盖", "office:coverage", None),
        ("popularity", "热度榜管理", "office:popularity-ranking", Action.MANAGE_POPULARITY),
        ("exemplary", "省市优秀解读", "office:exemplary-interpretations", Action.MANAGE_EXEMPLARY),
        ("subscriptions", "订阅情况", "office:subscriptions", Action.VIEW_SUBSCRIPTIONS),
        ("dictionaries", "检索词典", "office:dictionaries", Action.MANAGE_DICTIONARY),
        ("calendars", "工作日历", "office:calendars", Action.MANAGE_CALENDAR),
        ("access", "岗位权限", "office:access", Action.MANAGE_MEMBERS),
        ("sign-ins", "登录记录", "office:sign-ins", Action.MANAGE_MEMBERS),
        ("audit", "操作日志", "office:audit", Action.VIEW_AUDIT),
    )
    return [
        (key, label, name)
        for key, label, name, action in entries
        if action is None
        or (actor.all_roles & action if isinstance(action, frozenset) else bodies_where(actor, action) != frozenset())
    ]


@contextmanager
def saying_refusals(request: HttpRequest) -> Iterator[None]:
    """What an action within refuses is said on the next page; what the role does not allow goes on, it has a page of its own."""
    try:
        yield
    except Refused as refusal:
        if "role" in refusal.codes:
            raise
        say_refusal(request, refusal)


def say_refusal(request: HttpRequest, refusal: Refused) -> None:
    """Put every reason of a refusal on the next page."""
    for reason in refusal.reasons:
        messages.error(request, str(reason))
