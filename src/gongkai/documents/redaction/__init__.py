"""遮盖 (redaction) for 依申请公开: what may not be disclosed is taken out of a copy for good, what may be is given (《条例》§37).

`open_source` makes pages of a file; the document shows them, reads their characters, finds texts and proposes places. `burn`
makes a new PDF from pictures of the pages with the boxes painted over and a text layer of what is left, and `leaks` proves
that nothing hidden can be got out of it. No database, no Django.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from gongkai.documents.redaction.boxes import check_boxes
from gongkai.documents.redaction.limits import DPI, LIMITS
from gongkai.documents.redaction.model import (
    MARK,
    Burnt,
    BurntPage,
    Character,
    Occurrence,
    PageSize,
    Painted,
    Proposal,
    Rect,
    RedactionBox,
)

if TYPE_CHECKING:
    from gongkai.documents.redaction.burning import BoxesRefused, burn
    from gongkai.documents.redaction.opening import open_source
    from gongkai.documents.redaction.proof import Leak, Leaked, leaks
    from gongkai.documents.redaction.source import SourceDocument

__all__ = [
    "DPI",
    "LIMITS",
    "MARK",
    "BoxesRefused",
    "Burnt",
    "BurntPage",
    "Character",
    "Leak",
    "Leaked",
    "Occurrence",
    "PageSize",
    "Painted",
    "Proposal",
    "Rect",
    "RedactionBox",
    "SourceDocument",
    "burn",
    "check_boxes",
    "leaks",
    "open_source",
]

_LATER = {
    "BoxesRefused": "burning", "burn": "burning", "open_source": "opening", "Leak": "proof", "Leaked": "proof", "leaks": "proof",
    "SourceDocument": "source",
}  # fmt: skip
"""What needs the libraries that read and paint pages, and the module it is in: loaded on first use, so that a web process that
redacts nothing is smaller."""


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
