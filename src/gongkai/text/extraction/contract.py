"""What reading a file gives (`Extracted`) and how it is refused (`Unreadable`): the two outcomes of this package."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Code(StrEnum):
    """Why a file was refused; stable names for rejects files, logs and tests."""

    MISLABELLED = "mislabelled"
    ENCRYPTED = "encrypted"
    EMPTY = "empty"
    DAMAGED = "damaged"
    HUGE = "huge"
    UNSAFE = "unsafe"
    LEGACY = "legacy"
    UNSUPPORTED = "unsupported"
    ARCHIVE = "archive"


class Unreadable(Exception):
    """The file cannot be taken in. `code` is one of `Code`, `message` a Chinese sentence that names the remedy."""

    def __init__(self, code: Code, message: str) -> None:
        super().__init__(message)
        self.code: str = code.value
        self.message = message

    def __reduce__(self) -> tuple[type[Unreadable], tuple[Code, str]]:
        """Both arguments, so that the refusal survives the way back from a worker process."""
        return Unreadable, (Code(self.code), self.message)


@dataclass(frozen=True, slots=True)
class Extracted:
    """The text of one file.

    `kind` is a value of `Kind`. `text` has one paragraph a line and one table row a line (cells separated by tabs).
    `html` carries the same content as simple clean HTML. `pages` is 0 where the format has no pages. `ocr` tells that
    at least one page was read from a picture, so a person should look it over. `warnings` are Chinese sentences.
    """

    kind: str
    text: str
    html: str
    title: str = ""
    metadata: dict[str, str] = field(default_factory=dict)
    pages: int = 0
    ocr: bool = False
    warnings: tuple[str, ...] = ()
