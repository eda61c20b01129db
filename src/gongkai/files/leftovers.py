"""Temporary files of processes that were killed: nobody else removes them, so the tick does."""

import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

PATTERNS = tuple(
    f"gongkai-{use}-*" for use in ("upload", "read", "archive", "strip", "inspect", "examine", "burn", "redaction")
)
"""Names of our temporary directories, by what they are used for."""
FILE_PATTERNS = ("openpyxl.*",)
"""Files that the writer of workbooks makes while it works, and leaves when it is killed."""
UNUSED_AFTER = 24 * 3600.0
"""Seconds without a change after which a file or directory belongs to no living process."""


def remove(*, unused_after: float = UNUSED_AFTER) -> int:
    """Remove what was left behind for longer than `unused_after` seconds; returns how many."""
    oldest = time.time() - unused_after
    removed = 0
    for pattern in PATTERNS:
        for path in Path(tempfile.gettempdir()).glob(pattern):
            if path.is_dir() and not path.is_symlink() and path.stat().st_mtime < oldest:
                shutil.rmtree(path, ignore_errors=True)
                removed += 1
    for pattern in FILE_PATTERNS:
        for path in Path(tempfile.gettempdir()).glob(pattern):
            with suppress(OSError):  # another user's, or gone at this very moment
                if path.is_file() and not path.is_symlink() and path.stat().st_mtime < oldest:
                    path.unlink()
                    removed += 1
    return removed
