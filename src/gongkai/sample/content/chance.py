"""The one source of chance of the sample: the same names always give the same draws."""

from __future__ import annotations

from random import Random


def chance_of(*names: str | int) -> Random:
    """Return a generator seeded by `names`, e.g. the seed, a purpose and the key of an item."""
    return Random(":".join(map(str, names)))  # noqa: S311 (figures of sample texts, nothing secret)
