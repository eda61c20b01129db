"""How every machine address answers: reading only, open to scripts of other sites, within the rate, errors as problem documents."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from gongkai.api import rate
from gongkai.api.problems import Problem
from gongkai.search import SearchUnavailable
from gongkai.web.shared.errors import log_error

METHODS = "GET, HEAD, OPTIONS"
View = Callable[..., HttpResponseBase]


def machine(weight: float = 1) -> Callable[[View], View]:
    """Make of a function that answers GET a view of the machine side; `weight` is what it counts against the rate.

    The function may raise `Problem`, `Http404` and `SearchUnavailable`. Any other error is logged under a reference number, and
    only the number is told.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            response = _answer(view, request, weight, args, kwargs)
            response["Access-Control-Allow-Origin"] = "*"
            response["Access-Control-Expose-Headers"] = "ETag, Retry-After"
            return response

        return answered

    return decorate


def _answer(
    view: View, request: HttpRequest, weight: float, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> HttpResponseBase:
    if request.method == "OPTIONS":
        preflight = HttpResponse(status=204, headers={"Allow": METHODS, **PREFLIGHT})
        del preflight["Content-Type"]
        return preflight
    try:
        if request.method not in ("GET", "HEAD"):
            raise Problem(405, "本接口只供读取，请使用 GET 请求。", headers={"Allow": METHODS})
        rate.check(request, weight)
        return view(request, *args, **kwargs)
    except Problem as problem:
        return problem.response()
    except Http404:
        return Problem(404, "网址有误，或者相关内容已经调整。请核对网址，接口说明见 /api/v1/。").response()
    except SearchUnavailable:
        return Problem(503, "检索服务正在维护，请稍后重试。", headers={"Retry-After": "60"}).response()
    except Exception as error:
        reference = log_error(request, error)
        return Problem(500, f"系统繁忙，请稍后重试；仍有问题的，请将参考编号 {reference} 告知网站管理员。").response()


PREFLIGHT = {
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": "Accept, If-None-Match",
    "Access-Control-Max-Age": "86400",
}
