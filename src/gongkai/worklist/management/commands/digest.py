"""`gongkai digest`: the worklist by mail."""

from __future__ import annotations

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from gongkai.worklist import digest

HELP = """给有待办事项的人员发送当日摘要邮件（每人每日至多一封，重复执行不会重复发送）。

配置了 EMAIL_URL 的，后台进程每个工作日早晨自动发送（时间由 GONGKAI_DIGEST_HOUR 设定）。

示例：
  gongkai digest
  gongkai digest --dry-run"""


class Command(BaseCommand):
    """Send the digests, or show them."""

    help = HELP

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        """Keep the lines of the help as they are."""
        return super().create_parser(prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("--dry-run", action="store_true", help="只显示，不发送")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run."""
        now = timezone.now()
        if options["dry_run"]:
            for letter in digest.letters(now):
                if letter:
                    self.stdout.write(
                        f"收件人：{letter.user.email}\n主题：{letter.subject}\n\n{letter.text}\n{'-' * 40}"
                    )
            return
        report = digest.send(now)
        self.stdout.write(f"已发送 {report.sent} 封，未能发送 {report.failed} 封，无需发送 {report.nothing} 人。")
