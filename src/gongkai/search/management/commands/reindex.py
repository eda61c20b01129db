"""`gongkai reindex`: build the search index anew beside the live one, then swap."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from gongkai.search.engine import SearchUnavailable
from gongkai.search.indexer import reindex
from gongkai.search.lock import AnotherIndexerRuns


class Command(BaseCommand):
    """Rebuild the whole index."""

    help = (
        "重建搜索索引：在旁边建成新索引后一次切换，期间检索照常、变更不丢。"
        "修改词表或升级程序后运行。示例：gongkai reindex；不显示进度：gongkai reindex --quiet"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--quiet", action="store_true", help="不显示进度条（用于定时任务）")
        parser.add_argument("--wait", type=float, default=30.0, metavar="秒", help="等待正在运行的索引进程，默认30秒")

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild, with a progress bar."""
        with tqdm(unit="件", desc="重建索引", disable=options["quiet"] or None) as bar:

            def progress(count: int) -> None:
                bar.update(count)

            try:
                count = reindex(wait=options["wait"], progress=progress)
            except (AnotherIndexerRuns, SearchUnavailable) as error:
                raise CommandError(str(error)) from error
        self.stdout.write(f"索引已重建：{count} 件。")
