"""A document number in any spelling, whole or in part, finds its document first: on real documents, through the real engine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gongkai.rules.document_number import DocumentNumber, parse
from gongkai.search import SearchDocument, SearchQuery
from gongkai.search.engines.embedded import EmbeddedEngine

WIDE = str.maketrans("0123456789", "０１２３４５６７８９")

SPELLINGS = (
    ("{m}〔{y}〕{n}号", "as the standard has it"),
    ("{m}[{y}]{n}号", "square brackets"),
    ("{m}({y}){n}号", "round brackets"),
    ("{m}（{y}）{n}号", "full-width round brackets"),
    ("{m}【{y}】{n}号", "black brackets"),
    ("{m}﹝{y}﹞{n}号", "small brackets"),
    ("{m}［{y}］{n}号", "full-width square brackets"),
    ("{m}〔{y}〕0{n}号", "a leading zero"),
    ("{m}〔{y}〕第{n}号", "第 before the ordinal"),
    ("{m} 〔 {y} 〕 {n} 号", "blanks inside"),
    ("{m}〔{wy}〕{wn}号", "full-width digits"),
    ("{m}〔{y}〕{n}", "号 left out"),
    ("{m}〔{y}年〕{n}号", "年 in the brackets"),
    ("{m}{y}年{n}号", "no brackets"),
    ("{m}{y}年第{n}号", "no brackets, 第"),
    ("{m}{y}{n}号", "digits run together"),
    ("{m} {y} {n}", "blanks instead of brackets"),
    ("{m}{y}-{n}", "a stroke instead of brackets"),
    ("{y}年{m}{n}号", "the year in front"),
    ("〔{y}〕{m}{n}号", "the bracketed year in front"),
    ("文号：{m}〔{y}〕{n}号", "said to be a number"),
    ("关于{m}〔{y}〕{n}号的通知", "inside a sentence"),
    ("{m}〔{y}〕{n}号 办法", "with another word"),
    ("请问{m}〔{y}〕{n}号文件在哪里能看到？谢谢", "inside a question"),
)


@pytest.fixture(scope="module")
def documents(shared_data: Path) -> list[SearchDocument]:
    """The real documents with a readable number, one for each number."""
    rows = [json.loads(line) for line in (shared_data / "policy_docs" / "policies.dev.jsonl").open(encoding="utf-8")]
    made: dict[object, SearchDocument] = {}
    for place, row in enumerate(rows, start=1):
        number = parse(row.get("doc_number") or "")
        body = (row.get("text") or row.get("summary_only") or "")[:20_000]
        document = SearchDocument(
            id=place,
            kind="policy_document",
            title=row["title"],
            body=body if isinstance(body, str) else "",
            document_number=number.text if number else row.get("doc_number") or "",
            mark=number.mark if number else "",
            year=number.year if number else None,
            number=number.number if number else None,
            index_number=row.get("index_number") or "",
        )
        made.setdefault(number.key if number else place, document)
    return list(made.values())


@pytest.fixture(scope="module")
def engine(documents: list[SearchDocument], tmp_path_factory: pytest.TempPathFactory) -> EmbeddedEngine:
    made = EmbeddedEngine(tmp_path_factory.mktemp("real"))
    with made.writer() as writer:
        writer.put(documents)
        writer.commit()
    return made


def _numbered(documents: list[SearchDocument]) -> list[tuple[SearchDocument, DocumentNumber]]:
    """Twenty documents with bracketed numbers, spread over all of them."""
    found = [(one, number) for one in documents if (number := parse(one.document_number)) and number.year]
    assert len(found) >= 60
    return found[:: len(found) // 20][:20]


@pytest.mark.parametrize(("spelling", "reason"), SPELLINGS)
def test_every_spelling_finds_its_document_first(
    documents: list[SearchDocument], engine: EmbeddedEngine, spelling: str, reason: str
) -> None:
    missed = []
    for document, number in _numbered(documents):
        year, ordinal = str(number.year), str(number.number)
        text = spelling.format(m=number.mark, y=year, n=ordinal, wy=year.translate(WIDE), wn=ordinal.translate(WIDE))
        if engine.search(SearchQuery(text, limit=3)).ids[:1] != (document.id,):
            missed.append((text, document.document_number))
    assert missed == [], reason


@pytest.mark.parametrize(
    ("spelling", "reason"),
    [
        ("{m}〔{y}〕", "mark and bracketed year"),
        ("{m}{y}", "mark and year"),
        ("{m}{y}年", "mark and year with 年"),
        ("{y}年{m}", "year and mark"),
        ("文号：{m} {y}", "said to be a number"),
        ("{m}", "the mark alone"),
        ("机关代字：{m}", "said to be a mark"),
        ("{m}{n}号", "mark and ordinal"),
    ],
)
def test_a_part_of_the_number_finds_the_documents_that_bear_it_first(
    documents: list[SearchDocument], engine: EmbeddedEngine, spelling: str, reason: str
) -> None:
    wrong = []
    for document, number in _numbered(documents):
        text = spelling.format(m=number.mark, y=number.year, n=number.number)
        bearing = {
            one.id
            for one in documents
            if one.mark == number.mark
            and ("{y}" not in spelling or one.year == number.year)
            and ("{n}" not in spelling or one.number == number.number)
        }
        first = engine.search(SearchQuery(text, limit=len(bearing))).ids
        if set(first) != bearing or document.id not in first:
            wrong.append((text, document.document_number, first, bearing))
    assert wrong == [], reason


def test_a_number_that_nobody_bears_finds_none_of_its_neighbours(engine: EmbeddedEngine) -> None:
    assert engine.search(SearchQuery("谯政办〔2099〕77777号")).total == 0


@pytest.mark.parametrize(
    ("spelling", "reason"),
    [
        ("{t}", "as it is"),
        ("《{t}》", "in book brackets"),
        ("{t} - 谯城区人民政府", "with the name of the site"),
        ("{t}_政策文件_某某市人民政府门户网站", "with a path of the site"),
        ("{t} 2021-11-05", "with a date"),
        ("{t}\n发布时间：2021-11-05 10:20", "with a line of its own for the date"),
        ("标题：{t}", "with a label"),
        ("{half}\n{rest}", "broken over two lines"),
        ("{t}，请问在哪里查？", "inside a question"),
    ],
)
def test_a_pasted_title_finds_its_document_first(
    documents: list[SearchDocument], engine: EmbeddedEngine, spelling: str, reason: str
) -> None:
    titles = [one.title for one in documents]
    unique = [one for one in documents if titles.count(one.title) == 1 and 10 < len(one.title) < 150]
    missed = []
    for document in unique[:: max(1, len(unique) // 20)][:20]:
        title = document.title
        text = spelling.format(t=title, half=title[: len(title) // 2], rest=title[len(title) // 2 :])
        if engine.search(SearchQuery(text, limit=3)).ids[:1] != (document.id,):
            missed.append(text)
    assert missed == [], reason
