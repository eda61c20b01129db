"""Metadata that came with the document: read by its many names, refused where it says nothing or cannot be true."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

from gongkai.rules.document_number import parse
from gongkai.rules.validity import Status
from gongkai.rules.vocabulary import Term, Vocabulary, vocabulary
from gongkai.text.dates import parse_date
from gongkai.text.document_facts.facts import Fact

_NAMES = tomllib.loads((Path(__file__).parents[1] / "data" / "metadata_names.toml").read_text(encoding="utf-8"))
_CHINESE_LABELS = sorted(
    {
        name
        for names in _NAMES.values()
        if isinstance(names, list)
        for name in names
        if re.match(r"[\u3400-\u9fff]{2}", name)
    }
    - {"暂无", "无文号", "无字号", "无编号", "未知", "长期", "长期有效"}
    | {"索引号", "主题词", "关键词", "公开方式", "信息来源", "咨询电话"},
    key=len,
    reverse=True,
)
_PRINTED = re.compile(
    r"(?<![\u3400-\u9fff])(?P<label>"
    + "|".join(r"[^\S\n]*".join(label) for label in _CHINESE_LABELS)
    + r")[^\S\n]*[】\]]?[^\S\n]*[：:]"
)
_EMPTY = frozenset(_NAMES["empty"])
_GIVEN = 0.97
"""Confidence of a usable value that nothing in the text contradicts."""


class Stated:
    """What is said about the document: metadata that came with it, then what the page prints above it."""

    def __init__(self, metadata: Mapping[str, str], head: str = "") -> None:
        """``metadata`` by the names portals use; ``head`` is the text in front of the body."""
        self._sources = ((metadata, "页面元数据“{}”"), (_printed(head), "正文首部“{}”"))

    def get(self, fact: str) -> tuple[str, str] | None:
        """The first usable raw value for ``fact`` and its source in words."""
        for values, source in self._sources:
            for name in _NAMES[fact] if values else ():
                value = re.sub(r"[\u200b-\u200d\ufeff]", "", str(values.get(name) or "")).strip()
                if value not in _EMPTY:
                    return value, source.format(name)
        return None


def _printed(head: str) -> dict[str, str]:
    """Labelled facts above the title (发文机关：… 成文日期：…), on lines of their own or in one row."""
    matches = list(_PRINTED.finditer(head))
    ends = [*(match.start() for match in matches[1:]), len(head)]
    found: dict[str, str] = {}
    for match, end in zip(matches, ends, strict=False):
        value = re.split(r"\n|\s{2,}", head[match.end() : end].strip(), maxsplit=1)[0]
        found.setdefault(re.sub(r"\s", "", match["label"]), value[:200])
    return found


def given_number(stated: Stated) -> Fact | None:
    """A 发文字号 that can be read as one; anything else (a registration code, a remark) is not taken."""
    raw = stated.get("document_number")
    number = parse(raw[0]) if raw else None
    return Fact(number.text, _GIVEN, raw[1]) if raw and number else None


def given_agencies(stated: Stated) -> Fact | None:
    """发文机关 as given; the publishing body (发布机构) is only a hint, as it may be the portal's editor."""
    raw = stated.get("issuing_agencies")
    if raw is not None:
        return Fact(
            "、".join(re.split(r"[\s、,，;；]+", raw[0])) if not re.search(r"[（(]", raw[0]) else raw[0], 0.95, raw[1]
        )
    raw = stated.get("publishing_agency")
    return Fact(raw[0], 0.6, raw[1]) if raw else None


def given_date(stated: Stated, fact: str, confidence: float = _GIVEN) -> Fact | None:
    """A date that exists and is not in the far past or future."""
    raw = stated.get(fact)
    day = parse_date(raw[0]) if raw else None
    return Fact(day.isoformat(), confidence, raw[1]) if raw and day else None


def given_subject(stated: Stated) -> Fact | None:
    """A code or label of vocabulary "subjects", also as a path (综合政务/政务公开); internal codes are not taken."""
    raw = stated.get("subject")
    if raw is None:
        return None
    subjects = vocabulary("subjects")
    if raw[0] in subjects:
        return Fact(raw[0], _GIVEN, raw[1])
    code: str | None = None
    for part in (raw[0], *re.split(r"[/\\>＞|;；]+|\s{2,}", raw[0])):
        wanted = _label(part)
        matching = [term for term, names in _named(subjects) if wanted in names]
        narrower = [term for term in matching if term.parent == code] if code else matching
        if len(narrower) == 1 or (narrower and narrower[0].parent is None):
            code = narrower[0].code
    return Fact(code, _GIVEN, raw[1]) if code else None


@lru_cache(maxsize=4)
def _named(terms: Vocabulary) -> tuple[tuple[Term, frozenset[str]], ...]:
    """Each term with the names it goes by, worked out once."""
    return tuple(
        (term, frozenset(_label(name) for name in (term.label, *term.extra.get("aliases", "").split("、")) if name))
        for term in terms.terms
    )


def _label(text: str) -> str:
    return text.replace("(", "（").replace(")", "）").replace(" ", "").strip()


def given_validity(stated: Stated) -> Fact | None:
    """The status as labelled by the source."""
    raw = stated.get("validity")
    status = _NAMES["validity_words"].get(raw[0]) if raw else None
    return Fact(Status(status).label, 0.9, raw[1]) if raw and status else None


def given_genre(stated: Stated) -> Fact | None:
    """A label of vocabulary "genres"."""
    raw = stated.get("genre")
    term = vocabulary("genres").by_label(raw[0]) if raw else None
    return Fact(term.label, _GIVEN, raw[1]) if raw and term else None


def prefer(stated: Fact | None, found: Fact | None) -> Fact | None:
    """Metadata wins where it says something; where the text contradicts it, the doubt and the other value are told."""
    if stated is None or found is None:
        return stated or found
    if stated.confidence < found.confidence and stated.confidence < 0.9:
        return found
    if stated.value == found.value:
        return Fact(
            stated.value,
            round(min(0.99, max(stated.confidence, found.confidence) + 0.01), 2),
            f"{stated.source}，与{found.source}一致",
        )
    doubt = 0.8 if found.confidence >= 0.9 else 0.92
    return Fact(
        stated.value, round(stated.confidence * doubt, 2), f"{stated.source}（{found.source}为“{found.value}”，不一致）"
    )


def plausible(fact: Fact | None, today: date) -> Fact | None:
    """A document date in the future cannot be true."""
    return None if fact is None or date.fromisoformat(fact.value) > today else fact
