"""`gongkai sample`: fill an empty database with the sample district."""

import sys
from argparse import ArgumentParser
from contextlib import nullcontext
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from tqdm import tqdm

from gongkai.organisations.models import Organisation
from gongkai.sample.load import load_bodies, load_catalogues, load_items, load_people
from gongkai.sample.requests import load_requests
from gongkai.sample.topics import load_groups, load_topics


class Command(BaseCommand):
    """Load the sample district."""

    help = "装入示例区：机构、账号、目录、约 400 条信息和 22 件依申请公开（自撰，标明“示例数据”）\n\n示例：gongkai sample；性能测试：gongkai sample --items 300000"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("--items", type=int, default=None, help="信息条数（默认约 400）")
        parser.add_argument("--no-index", action="store_true", help="不建检索索引（由 worker 或 reindex 处理）")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run."""
        if Organisation.objects.exists():
            raise CommandError("数据库中已有机构，示例数据只装入空库。需要重来时请换一个数据目录（GONGKAI_DATA_DIR）。")
        if not settings.ENVIRONMENT.sample:
            raise CommandError("GONGKAI_SAMPLE 为 false，表示这是正式系统，不装入示例数据。")
        # The district comes whole or not at all; a benchmark's hundred thousands are written batch by batch.
        whole = transaction.atomic() if options["items"] is None else nullcontext()
        with whole, tqdm(unit="条", desc="示例信息", file=sys.stderr, disable=None) as progress:
            load_bodies()
            load_people()
            load_catalogues()
            count = load_items(options["items"], progress=progress.update)
            requests = load_requests()
            load_topics()
            load_groups()
        if not options["no_index"]:
            call_command("reindex", quiet=True)
        self.stdout.write(
            f"示例区已装入：{Organisation.objects.count()} 个机构，{count} 条信息，{requests} 件依申请公开。"
        )
