"""Pictures in RTF: Word and WPS put the picture itself there, and into the HTML beside it only a path on the writer's disk."""

from __future__ import annotations

import re

_PICTURE = re.compile(r"\\pict(?![a-zA-Z])")
_CONTROL = re.compile(r"\\[a-zA-Z]+-?\d* ?|\\.", re.DOTALL)
_KIND = re.compile(r"\\(pngblip|jpegblip)(?![a-zA-Z])")
_TYPES = {"pngblip": "image/png", "jpegblip": "image/jpeg"}
_NOT_HEX = re.compile(r"[^0-9a-fA-F]")


def rtf_pictures(rtf: str) -> list[tuple[str, bytes]]:
    """(media type, content) of every PNG and JPEG picture, in order of the text.

    A picture is mostly there twice, the second time as a metafile for old readers (``\\nonshppict``); that one is left out, and so are
    metafiles at all. Damaged data gives no picture, never an error.
    """
    found = []
    end = 0
    for match in _PICTURE.finditer(rtf):
        if match.start() < end:
            continue
        before = rtf[max(0, match.start() - 40) : match.start()].rstrip("{ \r\n")
        own, end = _group(rtf, match.end())
        kind = _KIND.search(own)
        if kind is None or before.endswith("\\nonshppict"):
            continue
        digits = _NOT_HEX.sub("", _CONTROL.sub("", own))
        if len(digits) > 16:
            found.append((_TYPES[kind[1]], bytes.fromhex(digits[: len(digits) // 2 * 2])))
    return found


def _group(rtf: str, start: int) -> tuple[str, int]:
    """The text of a group from `start` to its closing brace without the groups within, and where it ends."""
    parts: list[str] = []
    depth, at, since = 0, start, start
    for brace in re.compile(r"[{}]").finditer(rtf, start):
        if brace[0] == "{":
            if depth == 0:
                parts.append(rtf[since : brace.start()])
            depth += 1
        elif depth == 0:
            parts.append(rtf[since : brace.start()])
            return " ".join(parts), brace.end()
        else:
            depth -= 1
            since = brace.end()
        at = brace.end()
    return "", max(at, len(rtf))
