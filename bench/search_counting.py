"""What counting a search costs a request, and what folding costs the one writer.

    python -m bench.search_counting [--searches 20000]

CPU per request of the page cache alone and with counting before it, by turns in one process, every search by a visitor of his
own; then the folding of all of them into an SQLite database made for the purpose.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

from bench.measurement import Measurement, table

BUDGET_MS = 0.1
ROUNDS = 5


def main() -> int:
    """Measure and print; exit status 1 when counting is dearer than its budget."""
    parser = argparse.ArgumentParser(
        prog="bench.search_counting", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--searches", type=int, default=20_000, help="searches to count (default 20000)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-counting-") as directory:
        os.environ["GONGKAI_DATA_DIR"] = directory
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.config.settings")
        import django

        django.setup()
        measurements = [*_requests(options.searches), *_folding()]
    print(table(measurements))
    return 0 if all(one.within for one in measurements) else 1


def _requests(searches: int) -> list[Measurement]:
    from django.http import HttpResponse

    from gongkai.audit import generation
    from gongkai.search_log.intake import asked
    from gongkai.web.shared.page_cache import PageCacheMiddleware
    from gongkai.web.shared.search_counting import SearchCountingMiddleware

    generation.current = lambda: 1  # type: ignore[assignment] # the query of each half second is not what is measured

    def site(request: Any) -> HttpResponse:
        response = HttpResponse("<p>结果</p>" * 500)
        response.note = asked(request.GET.get("q", ""), 5)  # type: ignore[attr-defined]
        return response

    plain: Callable[[Any], Any] = PageCacheMiddleware(site)  # type: ignore[arg-type]
    counted: Callable[[Any], Any] = SearchCountingMiddleware(PageCacheMiddleware(site))  # type: ignore[arg-type]
    share = searches // ROUNDS
    best = {"plain": float("inf"), "counted": float("inf"), "repeated": float("inf")}
    for turn in range(ROUNDS):
        requests = [_request(turn * share + number) for number in range(share)]
        best["plain"] = min(best["plain"], _per_request(plain, requests))
        best["counted"] = min(best["counted"], _per_request(counted, requests))
        best["repeated"] = min(best["repeated"], _per_request(counted, requests))
    said = f"cached page alone {best['plain']:.4f} ms"
    return [
        Measurement("counting a search, CPU", best["counted"] - best["plain"], "ms", BUDGET_MS, peer=said),
        Measurement("the same again, CPU", best["repeated"] - best["plain"], "ms", BUDGET_MS, peer=said),
        Measurement("judging the words of a new page, CPU", _judging(asked), "ms", BUDGET_MS),
    ]


def _per_request(application: Callable[[Any], Any], requests: list[Any]) -> float:
    started = time.process_time()
    for request in requests:
        application(request)
    return (time.process_time() - started) / len(requests) * 1000


def _request(number: int) -> Any:
    from django.core.handlers.wsgi import WSGIRequest

    return WSGIRequest(
        {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": "/search/",
            "QUERY_STRING": f"q=%E5%8C%BB%E4%BF%9D{number % 50}",
            "REMOTE_ADDR": f"{10 + number // 62500}.{number // 250 % 250}.{number % 250}.1",
            "HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36",
            "HTTP_ACCEPT_LANGUAGE": "zh-CN",
            "HTTP_HOST": "localhost",
            "wsgi.input": io.BytesIO(),
            "wsgi.url_scheme": "http",
        }
    )


def _judging(asked: Callable[..., Any]) -> float:
    texts = ["城乡居民基本医疗保险缴费标准", "谯政办〔2025〕1号", "老旧小区改造 2026年", "公租房申请条件"] * 500
    asked(texts[0], 5)
    started = time.process_time()
    for text in texts:
        asked(text, 5)
    return (time.process_time() - started) / len(texts) * 1000


def _folding() -> list[Measurement]:
    from django.core.management import call_command
    from django.utils import timezone

    from gongkai.search_log.folding import fold
    from gongkai.search_log.intake import directory
    from gongkai.search_log.popular import compute

    call_command("migrate", interactive=False, verbosity=0)
    size = sum(path.stat().st_size for path in directory().glob("*.searches"))
    started = time.process_time()
    lines = fold(directory(), timezone.now())
    folded = time.process_time() - started
    started = time.process_time()
    compute(timezone.now())
    computed = time.process_time() - started
    return [
        Measurement(
            "folding, searches a second of CPU", lines / folded, "/s", peer=f"{lines} lines of {size / lines:.0f} B"
        ),
        Measurement("computing the popular searches, CPU", computed * 1000, "ms"),
    ]


if __name__ == "__main__":
    sys.exit(main())
