"""Accuracy of the facts taken from documents, with the metadata withheld.

    .venv/bin/python -m bench.facts_accuracy [DATA] [--errors]

DATA is the folder of the shared material (default: ``../shared/data`` beside the checkout, or GONGKAI_SHARED_DATA).

What counts as right
    *Number*: the canonical numbers are equal, or both are absent. 「无」, 「-」 and codes that are no 发文字号 (a
    registration number) count as absent. ``as printed``: the column is empty, but the number opens the text or closes
    the title.
    *Agency*: the truth column of portals names now the issuing, now the publishing body, abbreviated and with remarks
    (「市府办(市金融办)」). Compared is the lead body, remarks in brackets dropped, short forms spelt out, the
    place left open where one side leaves it out. ``as signed`` also counts a body that literally signs the document
    (name directly above or before the date) or heads its title, since there the column contradicts the document itself.
    *Date*: equal to the truth; rows without a truth only count for coverage.
    *Title*: equal but for blanks, punctuation, marks 《》 and a number joined to it.
    *Subject*: same first-level subject; rows whose column holds an internal code or 「其他」 are left out.

Two populations
    ``all``: every row with a truth. ``determinable``: rows whose truth the material given (text, or title and text)
    contains, plus, for numbers, rows whose truth is "none". Where the truth is not in the material, saying nothing is
    the only right answer; ``not in material`` tells how often that was done.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from gongkai.rules.document_number import DocumentNumber, find_all, parse
from gongkai.rules.vocabulary import vocabulary
from gongkai.text.dates import find_dates, parse_date
from gongkai.text.document_facts import DocumentFacts, Fact, document_facts
from gongkai.text.document_facts.agency_names import core, same_agency, spell_out, split_agencies
from gongkai.text.document_facts.metadata import Stated, given_subject

Row = dict[str, Any]
REFERENCE_DAY = date(2021, 12, 1)

OWN_LABELS = {
    "水利、水务": "06", "地方金融发展": "04", "综合交通": "07", "政策文件": None, "其他": None, "其他公文": None,
    "行政规范性文件": None, "国土资源": "05", "城乡建设": "10", "教育科技": "11", "市场监管": "09", "文化旅游": "12",
}  # fmt: skip
"""First-level subject of labels some portals use in place of the national ones; ``None``: says nothing."""


@dataclass
class Tally:
    """Counts of one fact over one data set."""

    outcomes: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    confident: int = 0
    confident_right: int = 0

    def add(self, outcome: str, fact: Fact | None, row: Row, truth: object, *, countable: bool) -> None:
        """Note one row; ``countable`` rows enter the calibration."""
        self.outcomes[outcome] += 1
        if fact is not None and fact.confidence >= 0.9 and countable:
            self.confident += 1
            self.confident_right += outcome.startswith("right")
        if not outcome.startswith(("right", "silent")):
            found = f"{fact.value} ({fact.confidence}, {fact.source})" if fact else "–"
            self.errors.append(f"{row['id']}: {outcome}: truth {truth}, found {found}")

    def total(self) -> int:
        """Rows with a truth."""
        return sum(self.outcomes.values())

    def right(self) -> int:
        """Rows found right by the strict definition."""
        return self.outcomes["right"]

    def hidden(self) -> int:
        """Rows whose truth is not in the material."""
        return sum(count for name, count in self.outcomes.items() if name.endswith("not in material"))

    def determinable(self) -> tuple[int, int]:
        """Right (also as signed) and all rows whose truth the material holds."""
        good = sum(
            count for name, count in self.outcomes.items() if name in ("right", "right as signed", "right as printed")
        )
        return good, self.total() - self.hidden()


def rows(path: Path) -> list[Row]:
    """The rows of a JSON-lines file."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def score_number(row: Row, facts: DocumentFacts, material: str) -> tuple[str, object]:
    """Outcome for the document number."""
    truth = parse(re.sub(r"[\u200b-\u200d]", "", row.get("doc_number") or ""))
    fact = facts.document_number
    found = parse(fact.value) if fact else None
    if truth is None:
        if found is None:
            return "right", None
        return ("right as printed" if printed_as_own(found, row, material) else "invented", None)
    if found is not None and found.key == truth.key:
        return "right", truth
    if not number_pattern(truth).search(material):
        return ("silent, not in material" if found is None else "other number, not in material", truth)
    return ("missed" if found is None else "wrong", truth)


def number_pattern(number: DocumentNumber) -> re.Pattern[str]:
    """``number`` as it may be written in a text, read without the library."""
    if number.year is None:
        return re.compile(rf"{number.mark}[\s（(]*第?\s*0*{number.number}\s*号")
    return re.compile(rf"{number.mark}\W{{0,3}}{number.year}\W{{0,3}}(?:年第)?0*{number.number}\s*号")


def printed_as_own(number: DocumentNumber, row: Row, material: str) -> bool:
    """Whether the document bears ``number`` although the column is empty: it opens the text or closes the title."""
    pattern = number_pattern(number).pattern
    text = (row.get("text") or "").lstrip()
    return bool(re.match(pattern, text) or re.search(rf"[^》][（(]?{pattern}[）)]?\Z", row["title"]))


def score_agency(row: Row, facts: DocumentFacts, material: str) -> tuple[str, object] | None:
    """Outcome for the issuing agency; ``None`` without a truth."""
    raw = re.sub(r"[\u200b-\u200d]", "", row.get("issuer") or "").strip()
    if not raw:
        return None
    truth = re.sub(r"[（(][^（）()]*[）)]", "", raw)
    truths = split_agencies(truth) or [truth]
    names = facts.issuing_agencies.value.split("、") if facts.issuing_agencies else []
    if names and (same_agency(truths[0], names[0]) or any(same_agency(truth, name) for name in names)):
        return "right", raw
    if names and all(signed_by(name, material) for name in names):
        return "right as signed", raw
    in_material = any(form in material for form in {truths[0], spell_out(truths[0]), core(truths[0])} if len(form) > 4)
    if not in_material:
        return ("silent, not in material" if not names else "other body, not in material", raw)
    return ("missed" if not names else "wrong", raw)


def signed_by(name: str, material: str) -> bool:
    """Whether ``name`` stands directly before a date or heads a title in the material, read without the library."""
    spaced = r"\s*".join(map(re.escape, name))
    date_pattern = r"[\s\u200b]*(?:[\u3400-\u9fff（）、 ]+[\s\u200b]+)*?(?:20\d\d|二[〇○零]..)\s*年"
    return bool(
        re.search(rf"{spaced}{date_pattern}", material)
        or re.search(rf"(?:\A|\n|\s){spaced}\s*(?:关于|印发|转发)", material)
    )


def score_date(row: Row, facts: DocumentFacts, material: str) -> tuple[str, object] | None:
    """Outcome for the document date; ``None`` without a truth."""
    truth = parse_date(row.get("date_written") or "")
    if truth is None:
        return None
    fact = facts.document_date
    if fact is not None and fact.value == truth.isoformat():
        return "right", truth
    if truth not in {found.value for found in find_dates(material)}:
        return ("silent, not in material" if fact is None else "other date, not in material", truth)
    return ("missed" if fact is None else "wrong", truth)


def score_title(row: Row, facts: DocumentFacts, material: str) -> tuple[str, object]:
    """Outcome for the title."""
    truth = bare_title(row["title"])
    found = bare_title(facts.title.value) if facts.title else ""
    if found == truth:
        return "right", row["title"]
    if truth not in bare_title(material[:3000] + material[-600:]):
        return ("silent, not in material" if not found else "other title, not in material", row["title"])
    return ("missed" if not found else "wrong", row["title"])


def bare_title(text: str) -> str:
    """A title reduced to letters and digits, without number and 标题：."""
    text = re.sub(r"\A标题：", "", re.sub(r"[\u200b-\u200d\ufeff]", "", text).strip())
    for number in reversed(find_all(text)):
        text = text[: number.start] + text[number.end :]
    return re.sub(r"[^\w]|_", "", text)


def score_subject(row: Row, facts: DocumentFacts, material: str) -> tuple[str, object] | None:
    """Outcome for the first-level subject; ``None`` where the column holds no national subject."""
    raw = row.get("subject")
    if not isinstance(raw, str) or not raw or not material.strip():
        return None
    stated = given_subject(Stated({"subject": raw}))
    code = stated.value[:2] if stated else OWN_LABELS.get(raw)
    if code is None or code == "22":
        return None
    found = facts.subject.value[:2] if facts.subject else None
    label = vocabulary("subjects").label(code)
    return ("right" if found == code else "missed" if found is None else "wrong", label)


SCORES: dict[str, tuple[str, Callable[[Row, DocumentFacts, str], tuple[str, object] | None]]] = {
    "文号 number": ("document_number", score_number),
    "机关 agency": ("issuing_agencies", score_agency),
    "日期 date": ("document_date", score_date),
    "标题 title": ("title", score_title),
    "主题 subject": ("subject", score_subject),
}


def evaluate(data: Iterable[Row], *, with_title: bool, only_with_text: bool) -> dict[str, Tally]:
    """Take the facts of every row from text alone (or title and text) and score them."""
    tallies = {name: Tally() for name in SCORES}
    for row in data:
        text = row.get("text") or ""
        if only_with_text and not text.strip():
            continue
        title = row["title"] if with_title else ""
        facts = document_facts(text, title=title, on=REFERENCE_DAY)
        material = re.sub(r"[\u200b-\u200d\ufeff]", "", f"{title}\n{text}" if title else text)
        for name, (attribute, score) in SCORES.items():
            scored = score(row, facts, material)
            if scored is not None:
                fact = getattr(facts, attribute)
                countable = not scored[0].endswith("not in material")
                tallies[name].add(scored[0], fact, row, scored[1], countable=countable)
    return tallies


def evaluate_laws(data: Iterable[Row]) -> dict[str, str]:
    """Effective dates of whole regulations (title and text given) against the header line the corpus kept."""
    tally: Counter[str] = Counter()
    errors: list[str] = []
    for row in data:
        facts = document_facts(row["text"], title=row["title"], on=REFERENCE_DAY)
        tally["documents"] += 1
        tally["with a date of force in the text"] += facts.effective_from is not None
        tally["number invented"] += facts.document_number is not None
        truth = row.get("effective_date")
        if truth:
            tally["truth"] += 1
            found = facts.effective_from.value if facts.effective_from else None
            if truth not in {item.value.isoformat() for item in find_dates(row["text"])}:
                tally["truth not in text"] += 1
                tally["  of these silent"] += found is None
            elif found == truth:
                tally["right"] += 1
            else:
                errors.append(f"{row['id']} {row['title']}: truth {truth}, found {found}")
    return {**{name: str(count) for name, count in tally.items()}, "errors": "\n".join(errors)}


def tianhe_rows(path: Path) -> list[Row]:
    """The Tianhe rows in the shape of the others: remarks in the number column are no numbers, no date of writing."""
    return [
        {**row, "doc_number": row["doc_number"] if parse(row["doc_number"]) else None, "subject": None}
        for row in rows(path)
    ]


def percent(part: int, whole: int) -> str:
    """「147/150 98.0 %」."""
    return f"{part:>4}/{whole:<4} {100 * part / whole:5.1f} %" if whole else "   –"


def report(heading: str, tallies: dict[str, Tally]) -> Iterator[str]:
    """The table of one run."""
    yield f"\n{heading}"
    columns = (
        ("right of all", 20),
        ("determinable", 20),
        ("not in material", 20),
        ("silent there", 16),
        ("conf ≥ 0.9", 20),
    )
    yield " " * 14 + "".join(f"{name:>{width}}" for name, width in columns)
    for name, tally in tallies.items():
        good, whole = tally.determinable()
        silent = sum(count for key, count in tally.outcomes.items() if key.startswith("silent"))
        yield (
            f"{name:12}{percent(tally.right(), tally.total()):>20}{percent(good, whole):>20}{tally.hidden():>16}"
            f"{silent:>16}{percent(tally.confident_right, tally.confident):>24}"
        )
        yield "              " + ", ".join(f"{key} {count}" for key, count in tally.outcomes.most_common())


def speed(data: list[Row], characters: int = 3000) -> float:
    """Documents of about ``characters`` characters read per second."""
    texts = [(row["text"] * (1 + characters // len(row["text"])))[:characters] for row in data if row.get("text")]
    begin = time.perf_counter()
    for text in texts:
        document_facts(text, on=REFERENCE_DAY)
    return len(texts) / (time.perf_counter() - begin)


def shared_folder() -> Path:
    """Where the shared material lies."""
    return Path(os.environ.get("GONGKAI_SHARED_DATA") or Path(__file__).parents[2] / "shared" / "data")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="Accuracy of facts taken from documents, metadata withheld.")
    parser.add_argument("data", type=Path, nargs="?", default=shared_folder())
    parser.add_argument("--errors", action="store_true", help="list every row that is not right")
    options = parser.parse_args()
    policies = rows(options.data / "policy_docs" / "policies.dev.jsonl")
    runs = {
        "policy_docs, text alone (rows with text)": evaluate(policies, with_title=False, only_with_text=True),
        "policy_docs, title and text (all rows)": evaluate(policies, with_title=True, only_with_text=False),
        "tianhe_policies, text alone": evaluate(
            tianhe_rows(options.data / "tianhe_policies" / "policies.dev.jsonl"), with_title=False, only_with_text=True
        ),
    }
    for heading, tallies in runs.items():
        print("\n".join(report(heading, tallies)))
        if options.errors:
            print("\n".join(f"  {name} {error}" for name, tally in tallies.items() for error in tally.errors))
    for path in sorted((options.data / "laws_docs").glob("*.jsonl")):
        figures = evaluate_laws(rows(path))
        errors = figures.pop("errors")
        print(f"\nlaws_docs/{path.name}: " + ", ".join(f"{name} {count}" for name, count in figures.items()))
        if options.errors:
            print(errors)
    print(f"\nspeed: {speed(policies):.0f} documents/s at 3,000 characters")


if __name__ == "__main__":
    main()
