"""Generated files are typeset by a process of their own (`gongkai.documents.__main__`), whose memory goes when it is done."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

LONGEST_SECONDS = 60


def typeset(extension: str, printed: Mapping[str, Any]) -> bytes:
    """The file of `printed` (see `gongkai.documents.__main__.document_from`). Raises `CalledProcessError` when typesetting fails,
    `TimeoutExpired` when it takes longer than `LONGEST_SECONDS`."""
    return subprocess.run(  # noqa: S603 - our own module; the text travels as JSON on standard input
        [sys.executable, "-m", "gongkai.documents", extension],
        input=json.dumps(printed).encode(),
        stdout=subprocess.PIPE,
        check=True,
        timeout=LONGEST_SECONDS,
    ).stdout
