"""How often the check for wrong characters is right, on sentences with marked errors.

A flagged character is right when it stands exactly where the set has an error *and* the correction is the set's own: characters are
counted, so a fix of two characters counts twice. A clean sentence is a false alarm when anything in it is flagged.

    python -m bench.typo_accuracy ../shared/data/csc_typos/odw.dev.jsonl --errors
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import dataclass, field
from pathlib import Path

from gongkai.text.checks.material import Material
from gongkai.text.checks.typos import typos


@dataclass(slots=True)
class Outcome:
    """Counts of characters, and of clean sentences."""

    right: int = 0
    wrong: int = 0
    errors: int = 0
    clean: int = 0
    alarms: int = 0
    seconds: float = 0.0
    bytes: int = 0
    mistakes: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Share of the flagged characters that are right."""
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """Share of the set's errors that were flagged and rightly mended."""
        return self.right / max(1, self.errors)

    @property
    def false_alarms(self) -> float:
        """Share of the clean sentences with a finding."""
        return self.alarms / max(1, self.clean)

    def __str__(self) -> str:
        """One line."""
        return (
            f"precision {self.precision:.3f} ({self.right}/{self.right + self.wrong})  recall {self.recall:.3f} of {self.errors}  "
            f"false alarms {self.false_alarms:.3f} of {self.clean} clean sentences  {self.bytes / self.seconds / 1e6:.2f} MB/s"
        )


def measure(path: Path) -> Outcome:
    """Run the check over the set."""
    outcome = Outcome()
    list(typos(Material("预热政府信息公开部暑。")))
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        gold = {(error["pos"], error["right"]) for error in row["errors"]}
        began = time.process_time()
        findings = list(typos(Material(row["source"])))
        outcome.seconds += time.process_time() - began
        outcome.bytes += len(row["source"].encode())
        flagged = [
            (finding.start + offset, char)
            for finding in findings
            if finding.start is not None and finding.fix
            for offset, char in enumerate(finding.fix.replacement)
        ]
        outcome.errors += len(gold)
        outcome.right += sum(one in gold for one in flagged)
        outcome.wrong += sum(one not in gold for one in flagged)
        outcome.mistakes += [
            f"{row['id']} {row['source'][max(0, place - 6) : place]}[{row['source'][place]}→{right}]{row['source'][place + 1 : place + 6]}"
            for place, right in flagged
            if (place, right) not in gold
        ]
        if not gold:
            outcome.clean += 1
            outcome.alarms += bool(flagged)
    return outcome


def main() -> None:
    """Print the figures of each set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", type=Path)
    parser.add_argument("--errors", action="store_true", help="print what was flagged wrongly")
    given = parser.parse_args()
    for path in given.sets:
        outcome = measure(path)
        print(path.name, outcome)
        if given.errors:
            print("\n".join(outcome.mistakes))


if __name__ == "__main__":
    main()
