"""`gongkai import PATH…`: bring in what exists."""

import csv
import json
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from gongkai.importing.actions import finish, take_in
from gongkai.importing.drafting import Draft, draft, publishable
from gongkai.importing.material import Material, Rejection, read
from gongkai.importing.models import ImportedRecord, ImportRun
from gongkai.organisations.models import Organisation
from gongkai.rules.access import Actor

EXAMPLE = """
示例：
  gongkai import 旧站导出/ --dry-run --json > 试运行.jsonl    先看抽取结果，不写入
  gongkai import 旧站导出/ 文件清单.xlsx --organisation jyj   导入到区教育局
  gongkai import 扫描件.zip --as-draft                        只建草稿，审核后再发布

中断后重新运行同一命令即可继续；已导入的不会重复。未能导入的逐条写入“未导入清单”，附原因。
"""


def _same_id(material: Material) -> Rejection:
    reason = f"编号“{material.id}”在同一清单中出现多次而内容不同，请修正编号后重新导入。"
    return Rejection(material.id, material.origin, "duplicate_id", reason)


class Command(BaseCommand):
    """Import lists, pages, files and archives of these."""

    help = "把已有的文件、网页、清单导入信息库（JSONL、CSV、xlsx、HTML、docx、PDF、扫描件、OFD、zip）"

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        """Keep the line breaks of the example."""
        return super().create_parser(prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.epilog = EXAMPLE
        parser.add_argument("paths", nargs="+", type=Path, metavar="路径", help="文件或目录，可以多个")
        parser.add_argument("--dry-run", action="store_true", help="试运行：只读取和抽取，不写入数据库")
        parser.add_argument("--json", action="store_true", help="试运行结果逐条输出为 JSON（每行一份文件）")
        parser.add_argument("--organisation", metavar="代码", help="导入到哪个机构（默认：区政府）")
        parser.add_argument("--as-draft", action="store_true", help="只建草稿，不直接发布")
        parser.add_argument(
            "--rejects", type=Path, metavar="文件", help="未导入清单的位置（默认在数据目录 import/ 下）"
        )
        parser.add_argument("--batch", type=int, default=100, metavar="数量", help="每批（一个事务）的数量，默认 100")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run."""
        paths: list[Path] = options["paths"]
        if options["dry_run"]:
            self._dry_run(paths, as_json=options["json"])
            return
        organisation = self._organisation(options["organisation"])
        run = ImportRun.objects.create(paths=[str(path) for path in paths])
        actor = Actor(0, "命令行导入")
        rejections: list[Rejection] = []
        batch: list[Draft] = []
        progress = tqdm(unit="件", desc="导入", file=sys.stderr, disable=None)
        for made in self._drafts(paths, skip_known=True):
            progress.update()
            if isinstance(made, Rejection):
                rejections.append(made)
            elif made is None:
                run.known += 1
            elif refused := publishable(made):
                rejections.append(refused)
            else:
                batch.append(made)
            if len(batch) >= options["batch"]:
                self._take(batch, actor, organisation, run, publish=not options["as_draft"])
        self._take(batch, actor, organisation, run, publish=not options["as_draft"])
        progress.close()
        run.rejected = len(rejections)
        finish(run, actor=actor, organisation=organisation)
        self._report(run, rejections, options["rejects"])

    def _organisation(self, code: str | None) -> Organisation:
        bodies = Organisation.objects.filter(is_active=True)
        body = (
            bodies.filter(code=code).first() if code else bodies.filter(parent=None).order_by("position", "pk").first()
        )
        if body is None:
            raise CommandError(
                f"没有代码为“{code}”的机构。用“gongkai organisations”查看全部代码。"
                if code
                else "还没有任何机构，请先建立机构或运行 gongkai sample。"
            )
        return body

    def _drafts(self, paths: list[Path], *, skip_known: bool) -> Iterator[Draft | Rejection | None]:
        """Drafts and rejections in order; None for what an earlier run took in (not even read again)."""
        known = set(ImportedRecord.objects.values_list("key", flat=True)) if skip_known else set()
        seen: dict[str, str] = {}
        for material in read(paths):
            if isinstance(material, Rejection):
                yield material
            elif material.key in seen:
                yield None if seen[material.key] == material.digest else _same_id(material)
            else:
                seen[material.key] = material.digest
                yield None if material.key in known else draft(material)

    def _take(
        self, batch: list[Draft], actor: Actor, organisation: Organisation, run: ImportRun, *, publish: bool
    ) -> None:
        if batch:
            taken = take_in(batch, actor=actor, organisation=organisation, run=run, publish=publish)
            run.added += taken.added
            run.known += taken.known
            run.save()
            batch.clear()

    def _dry_run(self, paths: list[Path], *, as_json: bool) -> None:
        counts: Counter[str] = Counter()
        for made in tqdm(
            self._drafts(paths, skip_known=False), unit="件", desc="试运行", file=sys.stderr, disable=None
        ):
            if isinstance(made, Rejection):
                counts[made.code] += 1
                (self.stderr if as_json else self.stdout).write(f"未能读取  {made.origin}  {made.reason}")
                continue
            if made is None:
                continue
            refused = publishable(made)
            counts[refused.code if refused else "ok"] += 1
            if as_json:
                reason = {"rejected": refused.reason} if refused else {}
                self.stdout.write(json.dumps({**made.as_json(), **reason}, ensure_ascii=False))
            elif refused:
                self.stdout.write(f"不能导入  {refused.origin}  {refused.reason}")
            else:
                number = made.found.document_number
                self.stdout.write(f"{made.kind}  {made.values['title']}  {number.value if number else '（无文号）'}")
        rejected = sum(count for code, count in counts.items() if code != "ok")
        self.stderr.write(f"试运行：可导入 {counts['ok']} 份，不能导入 {rejected} 份；没有写入任何内容。")

    def _report(self, run: ImportRun, rejections: list[Rejection], path: Path | None) -> None:
        self.stdout.write(f"导入完成：新增 {run.added}，已有 {run.known}，未导入 {run.rejected}。")
        if not rejections:
            return
        path = path or settings.GONGKAI_DATA_DIR / "import" / f"rejects-{run.pk}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8-sig", newline="") as target:
            writer = csv.writer(target)
            writer.writerow(["来源", "编号", "原因代码", "原因"])
            writer.writerows([r.origin, r.id, r.code, r.reason] for r in rejections)
        for code, count in Counter(rejection.code for rejection in rejections).most_common():
            self.stdout.write(f"  {code}：{count}")
        self.stdout.write(f"未导入清单：{path}")
