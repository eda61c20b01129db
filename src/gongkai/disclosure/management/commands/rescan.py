"""`gongkai rescan`: the gate over all that is published."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from gongkai.disclosure.findings import rescan
from gongkai.disclosure.models import Item
from gongkai.review.selectors import open_findings
from gongkai.rules.publication import State

BATCH = 100


class Command(BaseCommand):
    """Check every published edition; what is serious stands on the worklist of its body until it is settled."""

    help = (
        "检查全部已发布信息及其附件，发现的严重问题列入各单位工作台，直到更正、撤回或者说明理由。可以随时中断后重新运行。\n\n"
        "示例：gongkai rescan；用于定时任务：gongkai rescan --quiet"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("--quiet", action="store_true", help="不显示进度条")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check batch by batch, each edition in a transaction of its own."""
        published = Item.objects.filter(current__state=State.PUBLISHED)
        checked = after = 0
        with tqdm(total=published.count(), unit="件", desc="检查", disable=options["quiet"] or None) as bar:
            while ids := list(published.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:BATCH]):
                for item_id in ids:
                    checked += rescan(item_id=item_id)
                    bar.update()
                after = ids[-1]
        left = open_findings().filter(serious=True, edition_id__in=published.values("current_id"))
        self.stdout.write(
            f"已检查 {checked} 件，{left.values('edition_id').distinct().count()} 件有待处理的严重问题"
            f"（共 {left.count()} 处），已列入各单位工作台。"
        )
