"""Keys: names by which one document is asked for rather than described. One keyword field holds all of them.

A key begins with a letter for what it is, so that keys of different kinds never meet:

``m:谯政办``  the mark (机关代字)      ``m:谯政办|2024``  mark and year      ``m:谯政办||12``  mark and ordinal
``m:谯政办|2024|12``  the whole number
``n:|2024|12``  year and ordinal      ``i:11341602003166647k20250100064``  the index number, and ``i:20250100064`` its tail
``t:…``  the whole title, without blanks and punctuation, as a digest

A whole document number that is certain is sought in a field of its own (`gongkai.search.fields.NUMBER_KEY`).
"""

from __future__ import annotations

import hashlib
import re

from gongkai.rules.document_number import DocumentNumber
from gongkai.text.normalise import fold

SHORTEST_TITLE = 6
"""Characters; a shorter title is an ordinary word and ranks like one."""

_TAIL = re.compile(r"(\d{4}|\d{6})-(\d{5,6})\Z")
_NOT_WRITTEN = re.compile(r"[\W_]+")


def number_keys(number: DocumentNumber | None, mark: str = "") -> list[str]:
    """Keys of the parts of a document's own number; of the mark alone when the number could not be read."""
    if number is None:
        return [partial_key(mark)] if mark else []
    keys = [partial_key(number.mark), partial_key(number.mark, None, number.number)]
    if number.year is not None:
        keys += [partial_key(number.mark, number.year), partial_key("", number.year, number.number)]
        keys.append(partial_key(number.mark, number.year, number.number))
    return keys


def partial_key(mark: str, year: int | None = None, number: int | None = None) -> str:
    """The key of a part of a document number."""
    parts = [fold(mark), str(year or ""), str(number or "")]
    return ("m:" if mark else "n:") + "|".join(parts).rstrip("|")


def index_number_keys(text: str) -> list[str]:
    """Keys of an index number: the whole, and the period with the serial. Empty for none."""
    folded = "".join(fold(text).split())
    if not folded:
        return []
    tail = _TAIL.search(folded)
    keys = [_index_key(folded)]
    if tail:
        keys.append(_index_key(tail.group()))
    return list(dict.fromkeys(keys))


def _index_key(folded: str) -> str:
    return f"i:{_NOT_WRITTEN.sub('', folded)}"


def title_key(title: str) -> str:
    """The key of a whole title, ``""`` for one too short to mean only itself."""
    squeezed = _NOT_WRITTEN.sub("", fold(title))
    if len(squeezed) < SHORTEST_TITLE:
        return ""
    return f"t:{hashlib.blake2b(squeezed.encode(), digest_size=9).hexdigest()}"
