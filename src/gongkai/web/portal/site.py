"""The site itself: map, accessibility statement, health, robots.txt, and the addresses of the site items came from."""

from __future__ import annotations

import shutil
from dataclasses import asdict, dataclass
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from gongkai.disclosure.public import legacy_target
from gongkai.disclosure.public_tree import STATUTORY, tree
from gongkai.jobs.models import Heartbeat
from gongkai.search import SearchQuery, SearchUnavailable, search
from gongkai.search.models import OutboxEntry
from gongkai.web.portal.organisations import groups
from gongkai.web.portal.pages import render
from gongkai.web.shared.dates import moment

LAG_LIMIT = timedelta(minutes=5)
"""An index entry that waits longer means that nobody works it off."""
SILENCE_LIMIT = timedelta(minutes=5)
"""A background process that has not been seen for longer is taken for dead."""
FREE_LIMIT = 200 * 1024 * 1024
"""Bytes that must be free for the site to go on writing."""


@require_safe
def site_map(request: HttpRequest) -> HttpResponse:
    """Every part of the site on one page."""
    return render(request, "site_map.html", title="网站地图", groups=groups(), tree=tree(STATUTORY, depth=2))


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """无障碍声明 and how to use 长辈版."""
    return render(request, "accessibility.html", title="无障碍声明")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers may read: all that is public; not the search results, comparisons and sorted tables, of which there is no end."""
    lines = (
        "User-agent: *",
        "Disallow: /office/",
        "Disallow: /account/",
        "Disallow: /search/",
        "Disallow: /health/",
        "Disallow: /items/*/compare/",
        "Disallow: /items/*/table/",
        "",
        f"Sitemap: {settings.ENVIRONMENT.site_url.rstrip('/')}{reverse('api:sitemap')}",
        "",
    )
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def legacy(request: HttpRequest, address: str) -> HttpResponse:
    """An address of an older site goes to its item for good; one of ours that lacks its final stroke gets it."""
    for path in dict.fromkeys((request.get_full_path(), request.path)):
        if (item_id := legacy_target(path)) is not None:
            return HttpResponsePermanentRedirect(reverse("portal:item", args=[item_id]))
    if not request.path.endswith("/") and _is_ours(f"{request.path}/"):
        query = f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else ""
        return HttpResponsePermanentRedirect(f"{request.path}/{query}")
    raise Http404


def _is_ours(path: str) -> bool:
    try:
        return resolve(path).view_name != "portal:legacy"
    except Resolver404:
        return False


# --- health ------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Check:
    """One part of the system and how it is."""

    name: str
    label: str
    healthy: bool
    detail: str


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Whether the site can do its work: 200 or 503, as JSON for programs and as a page for people."""
    checks = [_database(), _index(), _outbox(), *_heartbeats(), _disk()]
    healthy = all(check.healthy for check in checks)
    status = 200 if healthy else 503
    if "application/json" in request.headers.get("Accept", "") or request.GET.get("format") == "json":
        response: HttpResponse = JsonResponse(
            {"healthy": healthy, "checks": [asdict(check) for check in checks]},
            status=status,
            json_dumps_params={"ensure_ascii": False},
        )
    else:
        response = render(request, "health.html", status=status, title="运行状态", checks=checks, healthy=healthy)
    response["Cache-Control"] = "no-store"
    return response


def _database() -> Check:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError:
        return Check("database", "数据库", False, "无法连接")
    return Check("database", "数据库", True, "正常")


def _index() -> Check:
    try:
        total = search(SearchQuery(limit=0)).total
    except SearchUnavailable as error:
        return Check("index", "检索索引", False, str(error))
    return Check("index", "检索索引", True, f"{total:,} 条信息")


def _outbox() -> Check:
    try:
        oldest = OutboxEntry.objects.order_by("pk").values_list("created_at", flat=True).first()
    except DatabaseError:
        return Check("index_lag", "索引更新", False, "无法读取")
    if oldest is None:
        return Check("index_lag", "索引更新", True, "已是最新")
    waited = timezone.now() - oldest
    return Check("index_lag", "索引更新", waited <= LAG_LIMIT, f"最早一条变更已等待 {int(waited.total_seconds())} 秒")


def _heartbeats() -> list[Check]:
    """One check for each background process that has ever been at work."""
    try:
        beats = list(Heartbeat.objects.order_by("name").values_list("name", "at"))
    except DatabaseError:
        return [Check("worker", "后台任务", False, "无法读取")]
    now = timezone.now()
    return [
        Check(f"worker:{name}", f"后台任务 {name}", now - at <= SILENCE_LIMIT, f"最近一次 {moment(at)}")
        for name, at in beats
    ]


def _disk() -> Check:
    free = shutil.disk_usage(settings.GONGKAI_DATA_DIR).free
    return Check("disk", "磁盘空间", free >= FREE_LIMIT, f"可用 {free // 1024**2:,} MB")
