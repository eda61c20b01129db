"""`gongkai links`: visit the links of the published texts."""

from __future__ import annotations

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from gongkai.disclosure.link_sweep import LIMIT, sweep_links
from gongkai.review.links import Offline
from gongkai.review.models import Link

HELP = """检查正文中指向其他网站的链接能否打开；连续多日打不开的，在相应信息上登记“链接无法打开”。

只访问公众可以访问的网址，每次最多访问 --limit 个，先访问最久没有检查的。需要能够访问互联网；
设置 GONGKAI_CHECK_LINKS=1 后，后台进程每天自动检查。

示例：
  gongkai links
  gongkai links --limit 2000
  gongkai links --list > 打不开的链接.txt"""


class Command(BaseCommand):
    """Visit links, or list the dead ones."""

    help = HELP

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        """Keep the lines of the help as they are."""
        return super().create_parser(prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("--limit", type=int, default=LIMIT, help=f"最多访问的链接数（默认 {LIMIT}）")
        parser.add_argument("--list", action="store_true", help="只列出目前打不开的链接，不访问")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, or say why nothing could be done."""
        if options["list"]:
            for link in Link.objects.filter(dead=True, editions__isnull=False).distinct().order_by("host", "address"):
                self.stdout.write(f"{link.address}\t{link.answer}")
            return
        if options["limit"] < 1:
            raise CommandError("--limit 应当是正整数。")
        try:
            report = sweep_links(timezone.now(), options["limit"])
        except Offline:
            raise CommandError("没有一个网站能够访问，请检查本机网络后重试；未登记任何结果。") from None
        self.stdout.write(
            f"已访问 {report.visited} 个链接，其中 {report.dead} 个打不开；重新检查了 {report.checked_anew} 条信息。"
        )
