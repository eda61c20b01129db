"""The pages shown when a request cannot be answered, in the layout of the site and in plain official Chinese."""

from __future__ import annotations

import logging
import secrets
import sys

from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.template.loader import render_to_string

from gongkai.search import SearchUnavailable

logger = logging.getLogger("gongkai.errors")

_WITH_OWN_PAGE = (Http404, PermissionDenied, SuspiciousOperation, BadRequest, MultiPartParserError)


def has_own_page(exception: BaseException) -> bool:
    """Whether the framework turns `exception` into a 404, 403 or 400 answer by itself."""
    return isinstance(exception, _WITH_OWN_PAGE)


def not_found(request: HttpRequest, exception: BaseException | None = None) -> HttpResponse:
    """404. An object of another body is answered the same way as one that does not exist."""
    return _page(
        request,
        404,
        "页面未找到",
        "您访问的页面不存在、地址有误，或者相关内容已经调整。请核对网址，也可以通过检索查找所需信息。",
    )


def forbidden(request: HttpRequest, exception: BaseException | None = None) -> HttpResponse:
    """403."""
    return _page(request, 403, "没有访问权限", "您没有访问该页面的权限。如确需办理，请与本单位管理员联系。")


def bad_request(request: HttpRequest, exception: BaseException | None = None) -> HttpResponse:
    """400."""
    return _page(request, 400, "请求无法处理", "提交的内容或者网址格式有误，请返回上一页核对后重试。")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose protection has lapsed; `reason` is the framework's and is not shown."""
    return _page(
        request,
        403,
        "页面已过期",
        "页面停留时间过长或者登录状态已经变化，本次提交未被保存。请返回上一页刷新后重新提交。",
    )


def server_error(request: HttpRequest, exception: BaseException | None = None) -> HttpResponse:
    """Answer an unexpected error: logged under a reference number, of which alone the reader is told (500).

    While the search index cannot be read the answer says so, and that it will pass (503).
    """
    error = exception or sys.exc_info()[1]
    reference = log_error(request, error)
    if isinstance(error, SearchUnavailable):
        message = "检索服务正在维护，本页暂时无法显示，请稍后重试。首页、各栏目目录和文件页面可以照常查看。"
        response = _page(request, 503, "检索服务维护中", message, reference)
        response["Retry-After"] = "30"
        return response
    message = "系统繁忙，请稍后重试。如多次出现本提示，请将下方参考编号告知网站管理员。"
    return _page(request, 500, "系统繁忙", message, reference)


def log_error(request: HttpRequest, error: BaseException | None) -> str:
    """Log an error and return the reference number under which it stands in the log; a known state needs no trace."""
    reference = secrets.token_hex(4).upper()
    if isinstance(error, SearchUnavailable):
        logger.error("参考编号 %s：%s %s：%s", reference, request.method, request.path, error)
    else:
        logger.error("参考编号 %s：%s %s", reference, request.method, request.path, exc_info=error)
    return reference


def _page(request: HttpRequest, status: int, title: str, message: str, reference: str = "") -> HttpResponse:
    context = {"status": status, "title": title, "message": message, "reference": reference}
    response = HttpResponse(render_to_string("shared/error.html", context, request), status=status)
    response["Cache-Control"] = "no-store"
    return response
