"""What the tick does for the search log."""

from __future__ import annotations

from datetime import datetime

from gongkai.search_log import folding, popular
from gongkai.search_log.intake import directory


def sweep(now: datetime) -> int:
    """Fold the files, close past days, compute the popular searches when due; returns the lines folded."""
    root = directory()
    lines = folding.fold(root, now)
    folding.close_days(root, now)
    popular.compute_if_due(now)
    return lines
