"""The directory of the embedded index: versions side by side, and a pointer file that names the live one.

::

    index/current            "v1-000007\\n": the live version, replaced in one step (rename)
    index/v1-000007/         an index of schema 1
    index/v1-000008/         one that is being built, or was left by a build that died

Whatever dies at whatever moment, `current` names a complete index; directories it does not name are leftovers.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from gongkai.search.engines.embedded_schema import SCHEMA_VERSION

_VERSION = re.compile(r"v(\d+)-(\d{6,})")


class IndexDirectory:
    """The versions below one directory. Only the holder of the writing lock may call what changes it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.pointer = root / "current"

    def live(self) -> Path | None:
        """Directory of the live version, or ``None`` before the first."""
        try:
            name = self.pointer.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return None
        return self.root / name

    def readable(self, version: Path) -> bool:
        """True when ``version`` has the schema of this program."""
        match = _VERSION.fullmatch(version.name)
        return match is not None and int(match[1]) == SCHEMA_VERSION

    def create(self) -> Path:
        """Make a new empty version beside the others."""
        self.root.mkdir(parents=True, exist_ok=True)
        serials = [int(match[2]) for path in self.root.iterdir() if (match := _VERSION.fullmatch(path.name))]
        version = self.root / f"v{SCHEMA_VERSION}-{max(serials, default=0) + 1:06d}"
        version.mkdir()
        return version

    def make_live(self, version: Path) -> None:
        """Point to ``version``: durable when this returns, and never half done."""
        draft = self.root / "current.new"
        with draft.open("w", encoding="ascii") as file:
            file.write(f"{version.name}\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.pointer)
        handle = os.open(self.root, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def remove_leftovers(self) -> int:
        """Remove every version but the live one; return how many. A reader that still has one open keeps it."""
        live = self.live()
        leftovers = [path for path in self.root.glob("v*-*") if path != live and _VERSION.fullmatch(path.name)]
        for path in leftovers:
            shutil.rmtree(path, ignore_errors=True)
        return len(leftovers)
