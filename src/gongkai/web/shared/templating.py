"""The Jinja2 environment of every page: links, static files, dates, vocabulary labels, and what each page knows of its site.

Templates hold no rules; what they may call is listed in `environment`. Macros that make links must be imported `with context`,
because links keep the elder mode (`?v=elder`) of the page they stand on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode, urlsplit

import jinja2
from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, QueryDict
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from jinja2.runtime import Context
from markupsafe import Markup

from gongkai import __version__
from gongkai.rules.case_states import CaseState
from gongkai.rules.publication import State
from gongkai.rules.validity import Status
from gongkai.rules.vocabulary import vocabulary
from gongkai.search import in_trouble
from gongkai.web.shared import dates, linked_data

ELDER = "elder"
"""Value of the query parameter `v` that asks for 长辈版 (large print, one column)."""
_MARK = 7_000_000_000_000
"""Stands for a number in an address while its pattern is found out; no address of ours holds it."""
CURSOR_PARAMETERS = ("after", "before")
"""Parameters that name a place in a list; they lapse as soon as the list changes."""


@dataclass(frozen=True, slots=True)
class Site:
    """What pages show of the deployment. Empty numbers are not shown at all."""

    name: str
    owner: str
    url: str
    id_code: str
    icp_number: str
    police_number: str
    sample: bool

    @property
    def domain(self) -> str:
        """The host name people type."""
        return urlsplit(self.url).hostname or ""


def site() -> Site:
    """The deployment as set by its operator."""
    return _site(settings.ENVIRONMENT)


@lru_cache(maxsize=4)
def _site(environment_: Any) -> Site:
    return Site(
        name=environment_.site_name,
        owner=environment_.site_owner,
        url=environment_.site_url.rstrip("/"),
        id_code=environment_.site_id_code,
        icp_number=environment_.icp_number,
        police_number=environment_.police_number,
        sample=environment_.sample,
    )


def environment(**options: Any) -> jinja2.Environment:
    """Build the environment that Django's Jinja2 backend uses. Autoescape is on; no page may turn it off wholesale."""
    built = jinja2.Environment(trim_blocks=True, lstrip_blocks=True, **options)  # noqa: S701 - the backend sets autoescape
    built.globals.update(
        url=url,
        address_of=address_of,
        in_mode=in_mode,
        breadcrumb_data=breadcrumb_data,
        same_page=same_page,
        toggler=toggler,
        without=without,
        static=static_url,
        label=label,
        path_labels=path_labels,
        state_label=lambda value: State(value).label,
        case_state=CaseState,
        search_in_trouble=in_trouble,
        validity_label=lambda value: Status(value).label,
    )
    built.filters.update(
        day=dates.day,
        moment=dates.moment,
        iso=dates.iso,
        long_day=dates.long_day,
        file_size=dates.file_size,
        number=lambda value: f"{value:,}",
    )
    return built


def office_context(request: HttpRequest) -> dict[str, Any]:
    """What every page knows: its site and mode; on office and account pages also the user and the messages."""
    context: dict[str, Any] = {
        "site": site(),
        "today": timezone.localdate(),
        "elder": request.GET.get("v") == ELDER,
        "path": request.path,
    }
    if hasattr(request, "user"):
        context["user"] = request.user
        context["second_factor_required"] = settings.GONGKAI_REQUIRE_MFA
        context["session_seconds"] = settings.GONGKAI_IDLE_SECONDS
        context["messages"] = get_messages(request)
    return context


def _keep_mode(address: str, context: Context) -> str:
    """Carry the elder mode of the present page over to `address`."""
    if not context.get("elder"):
        return address
    before, mark, fragment = address.partition("#")
    return f"{before}{'&' if '?' in before else '?'}v={ELDER}{mark}{fragment}"


@jinja2.pass_context
def in_mode(context: Context, address: str) -> str:
    """An address of this site in the mode of the present page."""
    return _keep_mode(address, context)


@jinja2.pass_context
def breadcrumb_data(context: Context, steps: Iterable[tuple[str, str | None]]) -> Markup:
    """The breadcrumb for programs."""
    return linked_data.breadcrumb(steps, context["site"].url)


@jinja2.pass_context
def url(context: Context, name: str, *args: Any, query: dict[str, Any] | None = None, **kwargs: Any) -> str:
    """The address of a named page, with `query` as its query string, in the mode of the present page."""
    address = _reverse(name, args, tuple(sorted(kwargs.items()))) if kwargs else address_of(name, *args)
    if query and (
        text := urlencode([(key, value) for key, value in query.items() if value not in (None, "")], doseq=True)
    ):
        address = f"{address}?{text}"
    return _keep_mode(address, context)


def absolute(path: str) -> str:
    """The full address of a path of this site, under the public address its operator set."""
    return f"{site().url}{path}"


def address_of(name: str, *args: Any) -> str:
    """The address of a named page, for those who make no template.

    Django takes its patterns apart anew for each address, and there are as many as items. Where only whole numbers stand in an
    address, it is therefore asked once what the address looks like. All others are few and remembered as they are.
    """
    if args and all(type(value) is int and value >= 0 for value in args):
        return _pattern(name, len(args)).format(*args)
    return _reverse(name, args, ())


@lru_cache(maxsize=256)
def _pattern(name: str, count: int) -> str:
    """The address with `count` whole numbers as a format string."""
    marks = [_MARK + position for position in range(count)]
    address = reverse(name, args=marks).replace("{", "{{").replace("}", "}}")
    for position, mark in enumerate(marks):
        address = address.replace(str(mark), f"{{{position}}}")
    return address


@lru_cache(maxsize=4096)
def _reverse(name: str, args: tuple[Any, ...], kwargs: tuple[tuple[str, Any], ...]) -> str:
    return reverse(name, args=args or None, kwargs=dict(kwargs) or None)


@lru_cache(maxsize=256)
def static_url(path: str) -> str:
    """The address of a static file, marked with our version so that browsers fetch it anew after an upgrade."""
    return f"{static(path)}?{__version__}"


def stable_query(query: QueryDict, without: Sequence[str] = ()) -> str:
    """The query string with its parameters and their values in a fixed order, so that one page has one address."""
    if not query:
        return ""
    kept = [(key, values) for key, values in query.lists() if key not in without]
    pairs = sorted(urlencode([(key, value)]) for key, values in kept for value in values if value != "")
    return f"?{'&'.join(pairs)}" if pairs else ""


@jinja2.pass_context
def same_page(context: Context, fragment: str = "", **changes: Any) -> str:
    """The present page with some query parameters set anew (None removes one); the place in the list lapses.

    `v=None` leaves the elder mode, `v='elder'` enters it.
    """
    request: HttpRequest = context["request"]
    query = request.GET.copy()
    if set(changes) - {"v"}:
        _forget_place(query)
    for name, value in changes.items():
        query.pop(name, None)
        if value not in (None, ""):
            query.setlist(name, list(value) if isinstance(value, (list, tuple)) else [str(value)])
    return f"{request.path}{stable_query(query)}{'#' + fragment if fragment else ''}"


@jinja2.pass_context
def toggler(context: Context) -> Callable[[str, str], str]:
    """A function of a multi-valued parameter and a value: the address of the present page with that value switched on or off.

    Made once for a page, because a page of facets asks it a hundred times.
    """
    request: HttpRequest = context["request"]
    path, pairs = request.path, _pairs(request)
    if not pairs:
        return lambda name, value: f"{path}?{_pair(name, value)}"

    def toggle(name: str, value: str) -> str:
        pair = _pair(name, value)
        kept = [one for one in pairs if one != pair] if pair in pairs else sorted([*pairs, pair])
        return f"{path}?{'&'.join(kept)}" if kept else path

    return toggle


@lru_cache(maxsize=4096)
def _pair(name: str, value: str) -> str:
    return urlencode([(name, value)])


def _pairs(request: HttpRequest) -> list[str]:
    """The query string of the request as encoded pairs in a fixed order, without its place in the list; worked out once."""
    known: list[str] | None = getattr(request, "_gongkai_pairs", None)
    if known is None:
        pairs = [(name, value) for name, values in request.GET.lists() for value in values if value]
        known = sorted(_pair(*pair) for pair in pairs if pair[0] not in CURSOR_PARAMETERS)
        request._gongkai_pairs = known  # type: ignore[attr-defined]
    return known


@jinja2.pass_context
def without(context: Context, *names: str) -> str:
    """The present page with the parameters `names` (and the place in the list) taken away."""
    nothing: dict[str, Any] = dict.fromkeys(names)
    return same_page(context, **nothing)


def _forget_place(query: QueryDict) -> None:
    for name in CURSOR_PARAMETERS:
        query.pop(name, None)


def label(name: str, code: str | Iterable[str]) -> str:
    """The label of one code of the vocabulary `name`, or the labels of several joined by 、."""
    terms = vocabulary(name)
    return terms.label(code) if isinstance(code, str) else "、".join(terms.label(one) for one in code)


def path_labels(name: str, code: str) -> str:
    """The labels from the top level down to `code`, as gov.cn writes them: 科技、教育\\教育."""
    return "\\".join(term.label for term in vocabulary(name).path(code)) or code
