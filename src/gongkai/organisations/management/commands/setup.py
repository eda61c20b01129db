"""`gongkai setup`: the district government and the first administrator of an empty installation."""

import os
import re
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from getpass import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, transaction

from gongkai.organisations.actions import create_organisation, create_user
from gongkai.organisations.actors import NotVisible
from gongkai.organisations.models import Membership, Organisation
from gongkai.rules.access import Actor, Role
from gongkai.rules.reasons import Reason, Refused

PASSWORD_VARIABLE = "GONGKAI_ADMIN_PASSWORD"  # noqa: S105 - the name of a variable
TRIES = 3
INSTALLER = Actor(0, "系统安装", {0: frozenset({Role.ADMINISTRATOR})}, administers=None)
"""Who acts before there is anybody: an administrator of every body."""

EXAMPLE = f"""
示例：
  gongkai setup --name 亳州市某区人民政府 --uscc 11341699MB0000001H --admin admin --display-name 张三

只用于空库，在 gongkai migrate 之后运行一次。密码在终端输入两遍；无人值守安装时由环境变量 {PASSWORD_VARIABLE} 提供。
其余机构和人员由该管理员登录后台后设置。
"""


class Command(BaseCommand):
    """Create the first body and its administrator."""

    help = "空库初始化：建立区（县）人民政府和第一名系统管理员"

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        """Keep the line breaks of the example."""
        return super().create_parser(prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.epilog = EXAMPLE
        parser.add_argument("--name", required=True, metavar="名称", help="区（县）人民政府全称")
        parser.add_argument("--uscc", required=True, metavar="代码", help="统一社会信用代码，18位")
        parser.add_argument("--admin", required=True, metavar="用户名", help="第一名系统管理员的登录名")
        parser.add_argument("--display-name", metavar="姓名", help="管理员姓名（默认同用户名）")
        parser.add_argument("--short-name", metavar="简称", help="机构简称（默认由全称得出，如“区政府”）")
        parser.add_argument("--code", default="qzf", metavar="代码", help="网址中的机构代码，默认 qzf")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run."""
        _refuse_unless_empty()
        password = os.environ.get(PASSWORD_VARIABLE) or _ask_password()
        name = options["name"].strip()
        body = {
            "code": options["code"],
            "name": name,
            "short_name": options["short_name"] or _short_name(name),
            "kind": "district_government",
            "uscc": options["uscc"],
        }
        person = {
            "username": options["admin"],
            "display_name": options["display_name"] or options["admin"],
            "password": password,
        }
        try:
            create_first(body, person)
        except Refused as refusal:
            raise CommandError(
                "没有写入任何内容，请修正后重新运行：\n"
                + "\n".join(f"  · {reason.message}" for reason in refusal.reasons)
            ) from refusal
        self.stdout.write(
            f"已建立机构“{name}”（代码 {body['code']}）和系统管理员“{options['admin']}”。\n"
            "请运行 gongkai serve，以该账号登录 /office/，设置其余机构和人员。"
        )


@transaction.atomic
def create_first(body: dict[str, str], person: dict[str, str]) -> None:
    """Write both or neither, audited; raises `Refused` with all that is wrong with the body and with the person."""
    reasons: list[Reason] = []
    body_id = 0  # there is none so numbered: what is wrong with the person can be said although the body is refused
    try:
        body_id = create_organisation(actor=INSTALLER, values=body).pk
    except Refused as refusal:
        reasons += refusal.reasons
    try:
        create_user(actor=INSTALLER, roles=[(body_id, Role.ADMINISTRATOR)], temporary=False, **person)
    except Refused as refusal:
        reasons += refusal.reasons
    except NotVisible:
        if not reasons:
            raise
    if reasons:
        raise Refused(reasons)


def _refuse_unless_empty() -> None:
    """Raise `CommandError` with the remedy when the installation was set up before, or has no tables yet."""
    try:
        body = Organisation.objects.first()
        held = Membership.objects.filter(role=Role.ADMINISTRATOR.value).select_related("user").first()
    except DatabaseError as error:
        raise CommandError(f"数据库尚不能使用，请先运行 gongkai migrate。（{error}）") from error
    if held is not None:
        username = held.user.username
        raise CommandError(
            f"已有系统管理员“{username}”，不能再次初始化。请以该账号登录 /office/ 设置机构和人员；"
            f"忘记密码可运行 gongkai changepassword {username}。"
        )
    if body is not None:
        raise CommandError(
            f"已有机构“{body}”，不能再次初始化：本命令只用于空库。请把 GONGKAI_DATA_DIR（或 DATABASE_URL）指向空库，"
            "运行 gongkai migrate 后重试。"
        )


def _ask_password() -> str:
    """The password, typed twice the same; raises `CommandError` without a terminal or after three attempts."""
    if not sys.stdin.isatty():
        raise CommandError(f"没有终端可以输入密码，请用环境变量 {PASSWORD_VARIABLE} 提供管理员密码。")
    for _ in range(TRIES):
        password = getpass("管理员密码：")
        if password == getpass("再输入一遍："):
            return password
        sys.stderr.write("两次输入不一致，请重新输入。\n")
    raise CommandError(f"{TRIES} 次输入均不一致，没有写入任何内容，请重新运行。")


def _short_name(name: str) -> str:
    """区政府 for …区人民政府, 县政府 for …县人民政府; the name itself when it has another form."""
    found = re.search(r"([区县市旗])人民政府$", name)
    return f"{found[1]}政府" if found else name[:40]
