"""`gongkai search-eval`: the product's own answers to a judged collection, as a run file."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.search.opensearch_nodes import Cluster

CORPUS = [
    {"_id": "d1", "title": "低保实施细则", "text": "低保对象向乡镇申请。"},
    {"_id": "d2", "text": "低保标准提高。"},
    {"_id": 3, "title": None, "text": "道路养护"},
]
QUESTIONS = [{"_id": "q1", "text": "低保怎么申请？"}, {"_id": "q2", "text": "？！"}, {"_id": "q3", "text": "飞碟"}]


def lines(path: Path, rows: list[object]) -> Path:
    path.write_text("".join(f"{json.dumps(row, ensure_ascii=False)}\n\n" for row in rows), encoding="utf-8")
    return path


def run(
    tmp_path: Path, corpus: Path | None = None, queries: Path | None = None, engine: str = "embedded"
) -> list[list[str]]:
    out = tmp_path / "run.tsv"
    call_command(
        "search-eval",
        corpus=corpus or lines(tmp_path / "corpus.jsonl", CORPUS),
        queries=queries or lines(tmp_path / "queries.jsonl", QUESTIONS),
        out=out,
        engine=engine,
        quiet=True,
    )
    return [line.split("\t") for line in out.read_text(encoding="utf-8").splitlines()]


@pytest.mark.xdist_group("opensearch")
def test_a_cluster_answers_as_the_embedded_engine_does(tmp_path: Path, opensearch: Cluster, settings: Any) -> None:
    mine = run(tmp_path)
    settings.GONGKAI_SEARCH_URL = f"{opensearch.url}/gongkai"
    other = run(tmp_path, engine="opensearch")
    assert [row[:2] for row in mine] == [row[:2] for row in other]
    assert [float(row[2]) for row in mine] == pytest.approx([float(row[2]) for row in other], rel=1e-4)


def test_without_a_cluster_the_command_says_how_to_name_one(tmp_path: Path, settings: Any) -> None:
    settings.GONGKAI_SEARCH_URL = ""
    with pytest.raises(CommandError, match="SEARCH_URL"):
        run(tmp_path, engine="opensearch")


def test_the_run_names_question_document_and_score(tmp_path: Path) -> None:
    found = run(tmp_path)
    assert [row[:2] for row in found] == [["q1", "d1"], ["q1", "d2"]], "a question without an answer has no line"
    assert float(found[0][2]) > float(found[1][2])


def test_scores_fall_from_line_to_line_even_where_documents_are_alike(tmp_path: Path) -> None:
    twins = lines(tmp_path / "twins.jsonl", [{"_id": f"d{n}", "text": "低保申请"} for n in range(150)])
    scores = [float(row[2]) for row in run(tmp_path, corpus=twins)]
    assert len(scores) == 100
    assert scores == sorted(set(scores), reverse=True)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "不是JSON"),
        ("[1]", "不是JSON对象"),
        ('{"text": "无编号"}', "_id"),
        ('{"_id": "a\\tb", "text": ""}', "制表符"),
        ('{"_id": "1", "text": 5}', "text"),
        ('{"_id": "1", "text": "甲"}\n{"_id": "1", "text": "乙"}', "重复"),
    ],
)
@pytest.mark.parametrize("which", ["corpus", "queries"])
def test_a_bad_file_is_named_with_its_line(tmp_path: Path, which: str, content: str, said: str) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text(content, encoding="utf-8")
    with pytest.raises(CommandError, match=said) as caught:
        run(tmp_path, **{which: bad})
    assert f"bad.jsonl第{len(content.splitlines())}行" in str(caught.value)


@pytest.mark.parametrize("which", ["corpus", "queries"])
def test_a_missing_file_and_a_file_that_is_no_text_are_said(tmp_path: Path, which: str) -> None:
    with pytest.raises(CommandError, match=r"missing\.jsonl"):
        run(tmp_path, **{which: tmp_path / "missing.jsonl"})
    binary = tmp_path / "binary.jsonl"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CommandError, match="UTF-8"):
        run(tmp_path, **{which: binary})


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="无法写入"):
        call_command(
            "search-eval",
            corpus=lines(tmp_path / "c.jsonl", CORPUS),
            queries=lines(tmp_path / "q.jsonl", QUESTIONS),
            out=tmp_path / "none" / "run.tsv",
            quiet=True,
        )
