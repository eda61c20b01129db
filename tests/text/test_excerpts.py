"""What an interpretation copies from its document: single cases, laws, speed, and real pairs of document and interpretation."""

from __future__ import annotations

import json
import random
import re
import time
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.rules.vocabulary import VocabularyError, set_override_directory
from gongkai.text.excerpts import similarity

RUN = 13
DOCUMENT = "供热单位应当于每年十一月一日前完成供热设施的检修和试运行，并向社会公布服务电话。"
CASES = [
    # interpretation, document, percent, longest copied, why
    (DOCUMENT, DOCUMENT, 100, DOCUMENT[:-1], "the whole; the full stop does not count"),
    ("每年供热开始前，供热公司要把设备修好、试一遍。", DOCUMENT, 0, "", "said in other words"),
    ("一句自己的话。" + DOCUMENT[:16], DOCUMENT, 73, DOCUMENT[:16], "16 of 22 characters"),
    (DOCUMENT[:12], DOCUMENT, 0, "", "twelve characters are no run"),
    (DOCUMENT[:13], DOCUMENT, 100, DOCUMENT[:13], "thirteen are"),
    ("供热单位，应当于：每年（十一月一日前）", DOCUMENT, 100, "供热单位，应当于：每年（十一月一日前", "other punctuation"),
    ("供熱單位應當於每年十一月一日前", DOCUMENT, 100, "供熱單位應當於每年十一月一日前", "Traditional characters"),
    ("《关于进一步加强城市集中供热管理工作的通知》", "《关于进一步加强城市集中供热管理工作的通知》", 0, "", "its own title"),
    ("供热单位应当于《办法》每年十一月一日前完成", DOCUMENT, 0, "", "nothing is copied across a title"),
    ("", DOCUMENT, 0, "", "no text"),
    ("很短。", "", 0, "", "no document"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "document", "percent", "longest", "why"), CASES, ids=[row[4] for row in CASES])
def test_what_counts_as_copied(text: str, document: str, percent: int, longest: str, why: str) -> None:
    found = similarity(text, document)
    assert found.percent == percent, why
    assert (found.copied[0].text if found.copied else "") == longest


def test_copied_stretches_come_longest_first_and_with_their_place() -> None:
    text = f"{DOCUMENT[:14]}。而且要记住：{DOCUMENT[17:34]}"
    found = similarity(text, DOCUMENT)
    assert [len(one.text) for one in found.copied] == [17, 14]
    for one in found.copied:
        assert text[one.start : one.end] == one.text


def test_copied_stretches_are_pointed_out_paragraph_by_paragraph() -> None:
    text = f"{DOCUMENT}\n \n　{DOCUMENT[:20]}\n供热"
    found = similarity(text, DOCUMENT * 2 + "供热")
    assert [one.text for one in found.copied] == [DOCUMENT, DOCUMENT[:20]]
    for one in found.copied:
        assert text[one.start : one.end] == one.text


def test_several_documents_count_as_one() -> None:
    first, second = DOCUMENT[:20], DOCUMENT[20:]
    assert similarity(first + second, first, second).percent == 100


def test_a_short_text_is_never_too_much() -> None:
    assert not similarity(DOCUMENT, DOCUMENT).too_much
    assert similarity(DOCUMENT * 4, DOCUMENT).too_much


HAN = st.text(alphabet="甲乙丙", max_size=60)


@given(HAN, HAN)
def test_the_share_is_that_of_all_common_runs(text: str, document: str) -> None:
    """Against the plain definition: all pairs of places."""
    copied = {
        place + step
        for place, other in product(range(len(text) - RUN + 1), range(len(document) - RUN + 1))
        if text[place : place + RUN] == document[other : other + RUN]
        for step in range(RUN)
    }
    assert similarity(text, document).share == pytest.approx(len(copied) / len(text) if text else 0)


@given(HAN, HAN, HAN)
def test_a_longer_document_never_lowers_the_share(text: str, document: str, more: str) -> None:
    assert similarity(text, document + more).share >= similarity(text, document).share


def test_twenty_thousand_characters_against_fifty_thousand_take_well_under_a_second() -> None:
    dice = random.Random(7)
    document = "".join(chr(dice.randrange(0x4E00, 0x9FA5)) for _ in range(50_000))
    text = document[:10_000] + document[30_000:40_000][::-1]
    start = time.process_time()
    found = similarity(text, document)
    assert time.process_time() - start < 1
    assert found.percent == 50


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("run = 13\nshare = 0.5", "least"),
        ("run = 0\nshare = 0.5\nleast = 9", "run"),
        ('run = 13\nshare = "半"\nleast = 9', "半"),
    ],
    ids=["a figure is absent", "no run", "a number in words"],
)
def test_a_faulty_data_file_is_refused(tmp_path: Path, content: str, named: str) -> None:
    (tmp_path / "excerpts.toml").write_text(content, encoding="utf-8")
    set_override_directory(tmp_path)
    try:
        with pytest.raises(VocabularyError, match=rf"excerpts\.toml.*{named}"):
            similarity("文", "文")
    finally:
        set_override_directory(None)


def test_the_threshold_lies_between_real_interpretations_and_excerpts(
    shared_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Excerpts are made from the same documents: every third sentence under two headings, as such interpretations are written."""
    folder = shared_data / "tianhe_policies"
    documents = {row["id"]: row["text"] for row in _rows(folder / "policies.dev.jsonl")}
    real = [
        similarity(row["plain_answer"], *(documents[one] for one in row["policy_ids"]))
        for row in _rows(folder / "interpretations.dev.jsonl")
    ]
    excerpts = [similarity(_excerpt(document), document) for document in documents.values()]
    with capsys.disabled():
        print("\ncopied, per cent: interpretations", sorted(one.percent for one in real))
        print("copied, per cent: excerpts       ", sorted(one.percent for one in excerpts))
    assert len(real) == 19
    assert not any(one.too_much for one in real)
    assert all(one.too_much for one in excerpts)


def _rows(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def _excerpt(document: str) -> str:
    sentences = [one for one in re.split(r"(?<=[。；\n])", document) if len(one) > 15]
    return "一、制定背景\n为了做好工作，制定本文件，现解读如下。\n二、主要内容\n" + "".join(sentences[::3])
