"""`gongkai catalogue PATH…`: adopt a standard catalogue as a new version."""

from argparse import ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from gongkai.catalogues.actions import Adopted, adopt_catalogue
from gongkai.catalogues.reading import read_catalogue
from gongkai.rules.access import Actor, Role
from gongkai.rules.reasons import Reason, Refused

EXAMPLE = """
示例：
  gongkai catalogue 标准目录.xlsx --code grassroots --name 基层政务公开标准目录 --version 2026 --dry-run
  gongkai catalogue 义务教育.xlsx 社会救助.xlsx --code grassroots --name 基层政务公开标准目录 --version 2026 \\
      --effective-from 2026-01-01

文件为 xlsx（可有多个工作表，每个领域一个）、CSV 或 JSONL，列名按国办发〔2019〕54号的十栏：序号、一级事项、二级事项、公开内容（要素）、
公开依据、公开时限、公开主体、公开渠道和载体、公开对象、公开方式、公开层级；也可为部门目录：一级、二级、三级分类、内容要求、责任单位。
门户显示代码为 statutory（法定主动公开内容）和 grassroots（基层政务公开标准目录）的现行版本。
公开主体写明机构名称或简称的，自动列为该机构的公开职责；公开层级含乡级的，列为各乡镇街道的公开职责；其余由区公开办确定。
有任何一行不合要求，则全部不写入，并逐行列明原因。
"""
OPERATOR = Actor(0, "命令行采用目录", {0: frozenset({Role.DISTRICT_OFFICE})})
"""Who acts: whoever may run commands on the server, with the one role the rules ask for."""


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"“{text}”不是日期，请写成 2026-01-01 的形式") from error


class Command(BaseCommand):
    """Read, check and adopt a catalogue."""

    help = "采用一版公开目录（xlsx、CSV、JSONL），同一代码的原版本不再现行"

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        """Keep the line breaks of the example; `--version` is that of the catalogue, not Django's."""
        options = {"formatter_class": RawDescriptionHelpFormatter, "conflict_handler": "resolve", **kwargs}
        return super().create_parser(prog_name, subcommand, **options)

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.epilog = EXAMPLE
        parser.add_argument("paths", nargs="+", type=Path, metavar="文件", help="目录文件，可以多个，合为一版")
        parser.add_argument("--code", required=True, metavar="代码", help="目录代码，如 grassroots")
        parser.add_argument("--name", required=True, metavar="名称", help="目录名称")
        parser.add_argument(
            "--version", dest="catalogue_version", required=True, metavar="版本", help="版本，如 2026；不能与已有的相同"
        )
        parser.add_argument("--effective-from", type=_day, metavar="日期", help="启用日期，如 2026-01-01")
        parser.add_argument("--source", default="", metavar="依据", help="印发目录的文件，如“亳政务公开〔2026〕1号”")
        parser.add_argument("--field", default="", metavar="领域", help="文件未写明试点领域时使用")
        parser.add_argument("--dry-run", action="store_true", help="试运行：完整检查并统计，不写入")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run."""
        reading = read_catalogue(options["paths"], disclosure_field=options["field"])
        dry_run: bool = options["dry_run"]
        problems = list(reading.problems)
        adopted = None
        try:
            with transaction.atomic():
                adopted = adopt_catalogue(
                    actor=OPERATOR,
                    code=options["code"],
                    name=options["name"],
                    version=options["catalogue_version"],
                    entries=reading.entries,
                    effective_from=options["effective_from"],
                    source=options["source"],
                )
                # A trial goes the whole way and back, so that it finds what the real run would find.
                transaction.set_rollback(dry_run or bool(problems))
        except Refused as refusal:
            problems += [one for one in refusal.reasons if one.code != "empty" or not problems]
        for warning in (*reading.warnings, *(adopted.warnings if adopted else ())):
            self.stderr.write(f"注意  {warning}")
        if problems or adopted is None:
            raise CommandError(_refused(problems))
        self._report(adopted, dry_run=dry_run)

    def _report(self, adopted: Adopted, *, dry_run: bool) -> None:
        self.stdout.write(
            f"{'试运行' if dry_run else '已采用'}：{adopted.catalogue}，栏目 {adopted.branches} 个，"
            f"公开事项 {adopted.leaves} 项，公开职责 {adopted.duties} 条（涉及机构 {adopted.bodies} 个）。"
        )
        if adopted.unowed:
            self.stdout.write(f"有 {adopted.unowed} 项的公开主体未能对应到机构，需由区公开办确定。")
        if adopted.replaced:
            self.stdout.write(
                f"原版本 {adopted.replaced} {'将' if dry_run else '已'}不再现行；归入原版本事项的信息需归入新版本的事项。"
            )
        if dry_run:
            self.stdout.write("试运行没有写入任何内容。")


def _refused(problems: Sequence[Reason]) -> str:
    lines = "\n".join(f"  · {problem.message}" for problem in problems)
    return f"没有写入任何内容，共 {len(problems)} 处需要修正：\n{lines}"
