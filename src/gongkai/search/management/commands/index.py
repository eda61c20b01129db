"""`gongkai index`: bring changes into the search index, once or until stopped."""

from __future__ import annotations

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from gongkai.search.engine import SearchUnavailable
from gongkai.search.indexer import index_forever, index_pending
from gongkai.search.lock import AnotherIndexerRuns


class Command(BaseCommand):
    """Run the indexer."""

    help = (
        "更新搜索索引：持续处理已提交的变更（约1秒内可检索），Ctrl+C 停止。"
        "示例：gongkai index；只处理一次：gongkai index --once"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--once", action="store_true", help="处理完现有变更后退出")

    def handle(self, *args: Any, **options: Any) -> None:
        """Work off the outbox."""
        try:
            if options["once"]:
                self.stdout.write(f"已处理变更：{index_pending()} 项。")
                return
            stop = threading.Event()
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: stop.set())
            index_forever(stop.is_set)
        except (AnotherIndexerRuns, SearchUnavailable) as error:
            raise CommandError(str(error)) from error
