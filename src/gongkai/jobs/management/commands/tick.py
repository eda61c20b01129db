"""`gongkai tick`: one sweep of what time brings about."""

from typing import Any

from django.core.management.base import BaseCommand

from gongkai.jobs.tick import tick


class Command(BaseCommand):
    """Run one tick."""

    help = "执行一次定时任务：到点发布、公开期满撤回、有效性变更、收回中断的后台任务（worker 每半分钟自动执行）\n\n示例：gongkai tick"

    def handle(self, *args: Any, **options: Any) -> None:
        """Run."""
        report = tick()
        self.stdout.write(
            f"发布 {report.published}，到期撤回 {report.withdrawn}，被规则拒绝 {report.refused}，有效性变更 {report.validity_changed}，收回任务 {report.reaped}，"
            f"检索计数 {report.searches}"
        )
