"""`gongkai check FILE…`: the gate on files, without a database."""

from __future__ import annotations

import json
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from gongkai.review.gate import file_findings
from gongkai.rules.findings import Finding, Severity, review_rule

HELP = """发布前检查文件：个人信息、隐藏内容、文件属性等。发现严重问题时退出码为 1。

示例：
  gongkai check 公示名单.xlsx 附件.docx
  gongkai check --json *.pdf > 检查结果.json

JSON 为一个列表，每项有 file、rule、start、end（提取文字中的字符位置，没有位置的为 null）、text、severity、suggestion、
place、message。"""


class Command(BaseCommand):
    """Check files; exit status 1 when something serious is found."""

    requires_system_checks: tuple[str, ...] = ()  # type: ignore[assignment]
    help = HELP

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        """Keep the lines of the help as they are."""
        return super().create_parser(prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="要检查的文件")
        parser.add_argument("--json", action="store_true", help="以 JSON 输出")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check every file; a file that is not there ends the command before any is checked."""
        paths: list[Path] = options["files"]
        if missing := [str(path) for path in paths if not path.is_file()]:
            raise CommandError(f"没有找到文件：{'、'.join(missing)}。请核对路径。")
        found = [
            (path, finding)
            for path in tqdm(paths, unit="个", desc="检查", disable=None if len(paths) > 1 else True)
            for finding in file_findings(path)
        ]
        if options["json"]:
            rows = [_row(path, finding) for path, finding in found]
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))
        else:
            for path in paths:
                self._say(path, [finding for where, finding in found if where == path])
        if any(finding.severity is Severity.SERIOUS for _, finding in found):
            raise SystemExit(1)

    def _say(self, path: Path, findings: list[Finding]) -> None:
        self.stdout.write(f"{path}：{f'发现 {len(findings)} 个问题' if findings else '没有发现问题'}")
        for finding in findings:
            evidence = f"“{finding.text}” " if finding.text else ""
            self.stdout.write(
                f"  {finding.severity.label}  {review_rule(finding.rule).label}  {finding.place}  {evidence}"
                f"{finding.message} {finding.suggestion}"
            )


def _row(path: Path, finding: Finding) -> dict[str, Any]:
    return {
        "file": str(path),
        "rule": finding.rule,
        "start": finding.start,
        "end": finding.end,
        "text": finding.text,
        "severity": finding.severity.value,
        "suggestion": finding.suggestion,
        "place": finding.place,
        "message": finding.message,
    }
