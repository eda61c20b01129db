"""`gongkai audit verify`: walk the hash chain of the audit log."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from gongkai.audit.log import verify


class Command(BaseCommand):
    """Verify the audit log."""

    help = "审计日志：verify 逐条核对哈希链（被改动时退出码为 1）\n\n示例：gongkai audit verify"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("verb", choices=["verify"], help="verify：核对哈希链")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run."""
        result = verify()
        if result.broken_at is None:
            self.stdout.write(f"审计日志完整：{result.records} 条记录，哈希链无断裂。")
            return
        self.stderr.write(f"审计日志在第 {result.broken_at} 条断裂：{result.reason}。")
        sys.exit(1)
