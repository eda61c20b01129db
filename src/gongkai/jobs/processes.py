"""Child processes of `gongkai serve` and `gongkai worker`: started together, watched, stopped together."""

import signal
import subprocess
import sys
import time
from types import FrameType

STOP_SECONDS = 10


def command(*arguments: str) -> list[str]:
    """The argument list that runs one of our commands with this very interpreter."""
    return [sys.executable, "-m", "gongkai", *arguments]


class Group:
    """Processes that live and die together: when one ends or a stop signal comes, the others are asked to end too."""

    def __init__(self, commands: dict[str, list[str]]) -> None:
        self._commands = commands
        self._stopping = False

    def run(self) -> int:
        """Run until one ends or SIGINT/SIGTERM arrives; returns the exit code to pass on."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        processes = {name: subprocess.Popen(argv) for name, argv in self._commands.items()}  # noqa: S603
        try:
            while not self._stopping:
                for process in processes.values():
                    if process.poll() is not None:
                        return process.returncode or 1
                time.sleep(0.2)
            return 0
        finally:
            for process in processes.values():
                if process.poll() is None:
                    process.send_signal(signal.SIGTERM)
            deadline = time.monotonic() + STOP_SECONDS
            for process in processes.values():
                try:
                    process.wait(max(0.1, deadline - time.monotonic()))
                except subprocess.TimeoutExpired:
                    process.kill()

    def _stop(self, signum: int, frame: FrameType | None) -> None:
        self._stopping = True
