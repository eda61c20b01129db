"""`python -m bench.comparison`: ten thousand short editions and one regulation of 60,000 characters compared, against `difflib`.

Texts are made with a seed in the manner of regulations; the newer edition has articles changed, added, deleted and moved. In the same
run difflib makes its own table of the same texts (`HtmlDiff`) and, without a table, the differences of their characters
(`SequenceMatcher`). Neither knows numbers, words or moves. A short edition has about 400 characters.
"""

from __future__ import annotations

import argparse
import difflib
import random
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.measurement import Measurement, quantile, table, write_json
from gongkai.text.comparison import compare
from gongkai.text.segment import segment

SUBJECTS = (
    "区政府办公室",
    "区教育行政部门",
    "乡镇人民政府",
    "申请人",
    "行政机关",
    "公共企事业单位",
    "监督检查机构",
    "社会组织",
)
VERBS = (
    "应当依法",
    "可以按照规定",
    "不得擅自",
    "会同有关部门",
    "自收到材料之日起",
    "根据实际情况",
    "在职责范围内",
    "按照程序",
)
OBJECTS = (
    "公开政府信息",
    "办理公开申请",
    "发放补助资金",
    "审核申报材料",
    "公示评定结果",
    "开展监督检查",
    "保存工作档案",
    "受理投诉举报",
)
TERMS = (
    "五个工作日内",
    "十五日内",
    "每年至少一次",
    "通过门户网站",
    "在办事大厅",
    "以书面形式",
    "并说明理由",
    "并接受社会监督",
)
NUMERALS = "〇一二三四五六七八九"


def chinese(number: int) -> str:
    """1 to 9999 as articles are numbered: 第一百〇三条."""
    words, pending = "", False
    for unit, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            lead = "" if digit == 1 and unit == 10 and not words else NUMERALS[digit]
            words += ("〇" if pending and words else "") + lead + sign
            pending = False
        else:
            pending = bool(words)
    return words


class Drafter:
    """Writes regulations and amends them."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)

    def _clause(self) -> str:
        pick = self._chance.choice
        return f"{pick(SUBJECTS)}{pick(VERBS)}{pick(OBJECTS)}，{pick(TERMS)}{pick(OBJECTS)}"

    def article(self) -> list[str]:
        """The lines of one article, without its number: paragraphs and sometimes items."""
        lines = [f"{self._clause()}；{self._clause()}。"]
        if self._chance.random() < 0.3:
            lines[0] = f"{self._clause()}，有下列情形之一的除外："
            lines += [f"（{NUMERALS[n]}）{self._clause()}{'。' if n == 3 else '；'}" for n in (1, 2, 3)]
        elif self._chance.random() < 0.4:
            lines.append(f"{self._clause()}。")
        return lines

    def draft(self, characters: int) -> list[list[str]]:
        """Articles until the text is long enough."""
        articles: list[list[str]] = []
        while sum(len(line) + 3 for article in articles for line in article) < characters:
            articles.append(self.article())
        return articles

    def amend(self, articles: Sequence[list[str]]) -> list[list[str]]:
        """A newer edition: of ten articles about three changed, and here and there one added, deleted or moved."""
        newer: list[list[str]] = []
        for article in articles:
            throw = self._chance.random()
            if throw < 0.05:
                continue
            changed = [self._reworded(line) if 0.05 <= throw < 0.35 else line for line in article]
            newer.append(changed)
            if throw > 0.95:
                newer.append(self.article())
        for _ in range(len(newer) // 30):
            newer.insert(self._chance.randrange(len(newer)), newer.pop(self._chance.randrange(len(newer))))
        return newer

    def _reworded(self, line: str) -> str:
        old = self._chance.choice(
            [word for words in (SUBJECTS, VERBS, OBJECTS, TERMS) for word in words if word in line]
        )
        return line.replace(old, self._chance.choice((*SUBJECTS, *VERBS, *TERMS)), 1)


def text(articles: Sequence[list[str]]) -> str:
    """The articles numbered, a line for each paragraph and item."""
    return "\n".join(
        f"第{chinese(number)}条　" + "\n".join(article) for number, article in enumerate(articles, start=1)
    )


def html_diff(old: str, new: str) -> str:
    """The standard library's own table of two texts, aligned by lines, marked by characters; it recognises no move."""
    return difflib.HtmlDiff().make_table(old.split("\n"), new.split("\n"))


def characters_alone(old: str, new: str) -> int:
    """The standard library's character differences of the whole texts, without a table."""
    return len(difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes())


def measure(pairs: Sequence[tuple[str, str]], work: Callable[[str, str], object]) -> list[float]:
    """CPU milliseconds of each pair."""
    taken = []
    for old, new in pairs:
        start = time.process_time()
        work(old, new)
        taken.append((time.process_time() - start) * 1000)
    return taken


def figures(short: int, characters: int, seed: int) -> list[Measurement]:
    """All figures; the peer beside ours, on the same texts in the same run."""
    segment("预热词典")  # the dictionary is loaded once in a process
    drafter = Drafter(seed)
    pairs = []
    for _ in range(short):
        articles = drafter.draft(400)
        pairs.append((text(articles), text(drafter.amend(articles))))
    average = sum(len(old) + len(new) for old, new in pairs) / 2 / len(pairs)
    ours, theirs, plain = (measure(pairs, work) for work in (compare.__wrapped__, html_diff, characters_alone))
    articles = drafter.draft(characters)
    amended = [(text(articles), text(drafter.amend(articles)))]
    rewritten = [(amended[0][0], text(drafter.draft(characters)))]
    name = f"{short} pairs of {average:.0f} characters"
    found = [
        Measurement(f"{name}, all", sum(ours) / 1000, "s CPU", 20.0, peer=_peer(sum(theirs), sum(plain))),
        *(
            Measurement(f"one of them, p{share * 100:.0f}", quantile(ours, share), "ms CPU", budget, peer=_peer(quantile(theirs, share), quantile(plain, share)))
            for share, budget in ((0.5, 1.5), (0.99, 5.0))
        ),
    ]  # fmt: skip
    for what, pair in (("amended", amended), ("every article rewritten", rewritten)):
        best = min(measure(pair * 3, compare.__wrapped__))
        peer = _peer(measure(pair, html_diff)[0], measure(pair, characters_alone)[0] if what == "amended" else None)
        found.append(Measurement(f"{len(pair[0][0])} characters, {what}", best, "ms CPU", 1000, peer=peer))
    return found


def _peer(table_of_difflib: float, characters: float | None) -> str:
    alone = "" if characters is None else f", characters alone {characters:.2f} ms"
    return f"difflib: HtmlDiff {table_of_difflib:.2f} ms{alone}"


def main() -> int:
    """Measure, print; 1 when a budget is exceeded."""
    parser = argparse.ArgumentParser(prog="bench.comparison", description=__doc__)
    parser.add_argument("--short", type=int, default=10_000, help="pairs of short editions (default 10000)")
    parser.add_argument("--characters", type=int, default=60_000, help="length of the long regulation (default 60000)")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here too")
    parser.add_argument("--items", type=int, help="not used here; taken so that all benchmarks are called alike")
    options = parser.parse_args()
    found = figures(options.short, options.characters, options.seed)
    print(table(found))
    if options.json:
        write_json(found, options.json)
    return 0 if all(one.within for one in found) else 1


if __name__ == "__main__":
    sys.exit(main())
