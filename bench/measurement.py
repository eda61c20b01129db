"""What a benchmark says: figures, their budgets, and the table of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True)
class Measurement:
    """One figure. `sense` says on which side of the budget it has to stay; without a budget it is for information."""

    name: str
    value: float
    unit: str
    budget: float | None = None
    sense: Literal["at most", "at least"] = "at most"
    peer: str = ""
    """What it was measured against in the same run, with its figure."""

    @property
    def within(self) -> bool:
        """Whether the budget is kept; true without one."""
        if self.budget is None:
            return True
        return self.value <= self.budget if self.sense == "at most" else self.value >= self.budget


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the values lie."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def table(measurements: Iterable[Measurement]) -> str:
    """The figures as lines of text."""
    rows = list(measurements)
    width = max((len(m.name) for m in rows), default=0) + 2
    lines = [f"{'measurement':<{width}}{'value':>10}  {'unit':<12}{'budget':>10}  {'':<5} peer"]
    for m in rows:
        budget = "" if m.budget is None else f"{'≤' if m.sense == 'at most' else '≥'} {m.budget:g}"
        verdict = "" if m.budget is None else "OK" if m.within else "OVER"
        lines.append(f"{m.name:<{width}}{m.value:>10.2f}  {m.unit:<12}{budget:>10}  {verdict:<5} {m.peer}".rstrip())
    return "\n".join(lines)


def write_json(measurements: Iterable[Measurement], path: Path) -> None:
    """The figures for programs."""
    rows = [{**asdict(m), "within": m.within} for m in measurements]
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", "utf-8")


def read_json(path: Path) -> list[Measurement]:
    """What `write_json` wrote."""
    rows = json.loads(path.read_text("utf-8"))
    return [Measurement(**{name: value for name, value in row.items() if name != "within"}) for row in rows]
