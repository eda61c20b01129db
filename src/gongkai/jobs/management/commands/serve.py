"""`gongkai serve`: portal, office and background work with one command."""

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from gongkai.jobs.processes import Group, command
from gongkai.organisations.models import Organisation


class Command(BaseCommand):
    """Set up what is missing, then serve."""

    help = "启动门户、后台和后台进程（首次运行自动建库并装入示例区）\n\n示例：gongkai serve --port 8000 --workers 2"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("--host", default="127.0.0.1", help="监听地址，默认只限本机")
        parser.add_argument("--port", type=int, default=8000, help="端口，默认 8000")
        parser.add_argument("--workers", type=int, default=max(1, (os.cpu_count() or 2) // 2), help="网页进程数")
        parser.add_argument("--threads", type=int, default=4, help="每个网页进程的线程数（也是数据库连接数）")
        parser.add_argument("--no-setup", action="store_true", help="不建库、不装入示例数据")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run."""
        if not options["no_setup"]:
            call_command("migrate", interactive=False, verbosity=0)
            if settings.ENVIRONMENT.sample and not Organisation.objects.exists():
                call_command("sample")
        self._welcome(options["host"], options["port"])
        server = [
            *[
                sys.executable,
                "-m",
                "granian",
                "--interface",
                "wsgi",
                "--host",
                options["host"],
                "--port",
                str(options["port"]),
            ],
            *["--workers", str(options["workers"]), "--blocking-threads", str(options["threads"])],
            *["--no-ws", "--respawn-failed-workers", "--log-level", "warning", "gongkai.config.wsgi:application"],
        ]
        # Two arenas instead of one for each thread: what threads free is used again instead of growing the process.
        os.environ.setdefault("MALLOC_ARENA_MAX", "2")
        sys.exit(Group({"web": server, "worker": command("worker")}).run())

    def _welcome(self, host: str, port: int) -> None:
        base = f"http://{'localhost' if host in ('127.0.0.1', '0.0.0.0') else host}:{port}"  # noqa: S104
        self.stdout.write(f"\n  门户    {base}/\n  后台    {base}/office/\n  健康    {base}/health/\n")
        if settings.ENVIRONMENT.sample:
            from gongkai.sample.people import PASSWORD, people

            self.stdout.write(f"  示例账号（密码均为 {PASSWORD}）：")
            for person in people():
                self.stdout.write(f"    {person.username:<22}{person.display_name}")
        self.stdout.write("\n  按 Ctrl+C 停止。\n")
        self.stdout.flush()
