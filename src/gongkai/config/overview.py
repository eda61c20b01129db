"""What `gongkai` prints when called without a command: our commands, a line each."""

from importlib import import_module

import django


def print_overview() -> None:
    """Print our own commands with the first line of their help; framework commands are named, not described."""
    django.setup()
    from django.core.management import get_commands

    print("gongkai（公开）：区县政务公开软件\n\n用法：gongkai 命令 [参数…]    每条命令都有 --help 和示例\n")
    for name, app in sorted(get_commands().items()):
        if not app.startswith("gongkai."):
            continue
        command = import_module(f"{app}.management.commands.{name}").Command
        print(f"  {name:<18}{command.help.strip().splitlines()[0]}")
    print("\nDjango 自带命令（migrate、shell、createsuperuser 等）同样可用。")
