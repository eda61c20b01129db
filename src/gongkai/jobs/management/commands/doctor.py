"""`gongkai doctor`: prove that register, index and log agree."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from gongkai.jobs.doctor import examine


class Command(BaseCommand):
    """Examine and report; exit status 1 when something is wrong."""

    help = "体检：索引号、状态、导入、检索索引、审计日志是否一致（有问题时退出码为 1）\n\n示例：gongkai doctor --files"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("--files", action="store_true", help="同时逐个核对附件文件的哈希")
        parser.add_argument("--json", action="store_true", help="以 JSON 输出")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run."""
        checks = list(examine(files=options["files"]))
        if options["json"]:
            self.stdout.write(json.dumps([asdict(check) for check in checks], ensure_ascii=False))
        else:
            for check in checks:
                self.stdout.write(f"{'正常' if not check.problems else '异常'}  {check.name}（{check.looked_at}）")
                for problem in check.problems:
                    self.stdout.write(f"        {problem}")
        if any(check.problems for check in checks):
            sys.exit(1)
