"""`gongkai law`: what the law says of a day, a period or a fee, with the working days of the installation where there is a database, else with the shipped ones."""

from __future__ import annotations

import json
from argparse import ArgumentParser, ArgumentTypeError, Namespace, RawDescriptionHelpFormatter
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from gongkai.calendars import selectors as calendars
from gongkai.rules.clock import ClockFact, Extend, Pause, Restart, Start, reckon
from gongkai.rules.processing_fee import by_items, by_pages
from gongkai.rules.reasons import Refused

HELP = """依法计算期限、信息处理费和工作日。

  due      期限：从收到之日的次日起，按国务院办公厅放假通知计算工作日，逐日列出
  fee      信息处理费：按件或者按页
  workday  某日是否为工作日

示例：
  gongkai law due --received 2026-03-02 --days 20
  gongkai law due --received 2024-09-25 --pause 2024-10-10:2024-10-25 --extend 20 --json
  gongkai law fee --pages 120
  gongkai law workday 2026-10-10"""


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"“{text}”不是有效的日期，请写成 2026-03-02 的形式。") from None


def _pause(text: str) -> Pause:
    first, colon, last = text.partition(":")
    if not colon:
        raise ArgumentTypeError(
            f"“{text}”应当写成 发出日期:结束日期，如 2026-03-05:2026-03-20；尚未结束的，结束日期留空。"
        )
    return Pause(_day(first), _day(last) if last else None)


def _count(text: str) -> int:
    if not text.isdecimal() or len(text) > 6:
        raise ArgumentTypeError(f"“{text}”应当是不小于 0 的整数。")
    return int(text)


class Command(BaseCommand):
    """Reckon."""

    requires_system_checks: tuple[str, ...] = ()  # type: ignore[assignment]
    help = HELP

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        """Keep the lines of the help as they are."""
        return super().create_parser(prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the three questions."""
        parsers = parser.add_subparsers(dest="question", required=True, metavar="{due,fee,workday}")
        due = parsers.add_parser("due", help="期限")
        due.add_argument("--received", type=_day, required=True, help="收到申请之日（《条例》§31）")
        due.add_argument("--days", type=_count, default=20, help="工作日数（默认 20）")
        due.add_argument("--restart", type=_day, action="append", default=[], help="收到补正或者缴费之日，期限重新计算")
        due.add_argument(
            "--pause", type=_pause, action="append", default=[], help="征求意见 发出日期:结束日期，可以多次"
        )
        due.add_argument("--extend", type=_count, default=0, help="延长的工作日数（合计不超过 20）")
        fee = parsers.add_parser("fee", help="信息处理费")
        how = fee.add_mutually_exclusive_group(required=True)
        how.add_argument("--items", type=_count, help="同一申请人当月申请件数")
        how.add_argument("--pages", type=_count, help="答复页数")
        workday = parsers.add_parser("workday", help="工作日")
        workday.add_argument("day", type=_day, help="日期")
        for one in (due, fee, workday):
            one.add_argument("--json", action="store_true", help="以 JSON 输出")

    def handle(self, *args: Any, **options: Any) -> None:
        """Answer."""
        answer = {"due": self._due, "fee": self._fee, "workday": self._workday}[options["question"]]
        found, text = answer(Namespace(**options))
        self.stdout.write(json.dumps(found, ensure_ascii=False) if options["json"] else text)

    def _due(self, asked: Namespace) -> tuple[dict[str, Any], str]:
        facts: list[ClockFact] = [Start(asked.received), *map(Restart, asked.restart), *asked.pause]
        if asked.extend:
            facts.append(Extend(asked.extend))
        try:
            found = reckon(asked.days, facts, calendars.current_or_shipped())
        except Refused as refusal:
            raise CommandError("；".join(str(reason) for reason in refusal.reasons)) from None
        days = [{"day": line.day.isoformat(), "number": line.number, "why": line.why} for line in found.days]
        due = found.due.isoformat() if found.due else None
        lines = [f"{line.day}  {line.number or '—':>3}  {line.why}" for line in found.days]
        end = f"期限届满：{due}" + ("（暂定：该年放假安排尚未公布）" if found.provisional else "")
        if due is None:
            end = "征求意见尚未结束，期限尚不能确定。"
        return {"due": due, "provisional": found.provisional, "days": days}, "\n".join([*lines, end])

    def _fee(self, asked: Namespace) -> tuple[dict[str, Any], str]:
        total = by_items(asked.items) if asked.items is not None else by_pages(asked.pages)
        return {"total": total}, f"信息处理费 {total} 元"

    def _workday(self, asked: Namespace) -> tuple[dict[str, Any], str]:
        calendar = calendars.current_or_shipped()
        works, known = calendar.is_working_day(asked.day), calendar.covers(asked.day)
        found = {"workday": works, "why": calendar.why(asked.day), "provisional": not known}
        return found, f"{asked.day}{'是' if works else '不是'}工作日（{found['why']}{'' if known else '，暂定'}）"
