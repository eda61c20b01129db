"""`gongkai cases`: the figures of a year, the check of every case's chain, the columns made anew from the events."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from gongkai.foi import figures, recording
from gongkai.foi.chain import broken_chains
from gongkai.foi.figures import Span
from gongkai.foi.models import Case
from gongkai.organisations.models import Organisation
from gongkai.rules import request_table as rt

HELP = """依申请公开的数据：年度统计、核验、重建。

  figures  年度报告“收到和处理政府信息公开申请情况”表，截至任何一天；勾稽关系不符的，退出码为 1
  verify   逐件核验办理记录的哈希链；有问题的，退出码为 1
  rebuild  由办理记录重新生成办件的状态、期限等列

示例：
  gongkai cases figures --year 2025
  gongkai cases figures --year 2026 --as-of 2026-06-30 --body jyj --json
  gongkai cases verify"""


class Command(BaseCommand):
    """Count, check, make anew."""

    help = HELP

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        """Keep the lines of the help as they are."""
        return super().create_parser(prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare what can be done."""
        parsers = parser.add_subparsers(dest="what", required=True, metavar="{figures,verify,rebuild}")
        counted = parsers.add_parser("figures", help="年度统计")
        counted.add_argument("--year", type=int, help="年度（默认今年）")
        counted.add_argument("--as-of", type=date.fromisoformat, help="统计截至日期（默认今天）")
        counted.add_argument("--body", help="机关代码，见 gongkai organisations（默认全区）")
        counted.add_argument("--json", action="store_true", help="以 JSON 输出")
        parsers.add_parser("verify", help="核验办理记录")
        parsers.add_parser("rebuild", help="重建办件的列")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        {"figures": self._figures, "verify": self._verify, "rebuild": self._rebuild}[options["what"]](options)

    def _figures(self, options: dict[str, Any]) -> None:
        as_of = options["as_of"] or timezone.localdate()
        bodies = None
        if options["body"]:
            bodies = list(Organisation.objects.filter(code=options["body"]).values_list("pk", flat=True))
            if not bodies:
                raise CommandError(f"没有代码为“{options['body']}”的机关，请用 gongkai organisations 查看代码。")
        try:
            span = Span(options["year"] or as_of.year, as_of)
        except ValueError:
            raise CommandError("统计截至日期早于该年度，请核对 --year 和 --as-of。") from None
        table, wrong = figures.checked(span, bodies)
        if options["json"]:
            cells = {row.code: {column: table.cell(row.code, column) for column in rt.ALL_COLUMNS} for row in rt.rows()}
            found = {"year": span.year, "as_of": span.last.isoformat(), "table": cells}
            self.stdout.write(json.dumps({**found, "imbalances": [one.message for one in wrong]}, ensure_ascii=False))
        else:
            self.stdout.write("\t".join(["项目", *map(rt.column_label, rt.ALL_COLUMNS)]))
            for row in rt.rows():
                numbers = (table.cell(row.code, column) for column in rt.ALL_COLUMNS)
                self.stdout.write("\t".join([row.full_label, *("/" if one is None else str(one) for one in numbers)]))
            self.stdout.write("勾稽关系全部相符。" if not wrong else "\n".join(one.message for one in wrong))
        if wrong:
            sys.exit(1)

    def _verify(self, options: dict[str, Any]) -> None:
        broken = list(broken_chains())
        self.stdout.write(f"共 {Case.objects.count()} 件，办理记录不完整或者被改动的 {len(broken)} 件。")
        for pk, seq in broken:
            self.stdout.write(f"  办件 {pk}：第 {seq} 条")
        if broken:
            sys.exit(1)

    def _rebuild(self, options: dict[str, Any]) -> None:
        self.stdout.write(f"重建 {recording.rebuild()} 件。")
