"""The key of a day: made at random when the day's first search comes, shared by the processes of a machine, gone the next day.

Without it the hashes made with it tell nothing: they cannot be recomputed from addresses, nor compared with those of another
day. It lies beside the spool, which no backup includes (`docs/operations/running.md`).
"""

from __future__ import annotations

import os
import secrets
from datetime import date
from pathlib import Path

_LENGTH = 32


def day_key(directory: Path, on: date) -> bytes:
    """Return the key of a day, making it when it is the first use; the first of several processes wins. Raises `OSError`."""
    path = directory / f"key-{on.isoformat()}"
    for _ in range(2):
        try:
            key = path.read_bytes()
            if len(key) == _LENGTH:
                return key
        except FileNotFoundError:
            pass
        draft = directory / f"draft-{os.getpid()}-{secrets.token_hex(4)}"
        draft.touch(mode=0o600)
        draft.write_bytes(secrets.token_bytes(_LENGTH))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_bytes()


def forget_keys(directory: Path, today: date) -> int:
    """Destroy the keys of all days before `today`; returns how many."""
    old = [path for path in directory.glob("key-*") if path.name < f"key-{today.isoformat()}"]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
