"""Legal grounds: the words quoted are those of the law, the labels fit a redaction box."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from gongkai.rules.legal_grounds import grounds_for, legal_grounds, quoted, redaction_grounds

_NUMBERS = "零一二三四五六七八九十"


@pytest.fixture(scope="module")
def articles(shared_data: Path) -> dict[str, str]:
    """The articles of the 条例 by number (第十五条), blanks out, brackets full width."""
    lines = (shared_data / "laws_docs" / "xingzhengfagui.jsonl").read_text("utf-8").splitlines()
    found = next(json.loads(line) for line in lines if '"中华人民共和国政府信息公开条例"' in line[:200])
    text = re.sub(r"[ \n\u3000]|##第.章\S*", "", found["text"]).replace("(", "（").replace(")", "）")
    parts = re.split(r"(?<=[。；章则障开围])(?=第[一二三四五六七八九十]+条(?!第))", text)
    return {match[0]: part for part in parts if (match := re.match(r"第[一二三四五六七八九十]+条", part))}


@pytest.mark.parametrize("code", [one.code for one in legal_grounds().values() if one.short_law == "《条例》"])
def test_the_words_quoted_are_those_of_the_article(code: str, articles: dict[str, str]) -> None:
    ground = legal_grounds()[code]
    number = re.match(r"第[一二三四五六七八九十]+条", ground.article)
    assert number is not None
    assert ground.quote in articles[number[0]], ground.article


@pytest.mark.parametrize("code", [one.code for one in legal_grounds().values() if "项" in one.article])
def test_an_item_is_quoted_by_its_own_number(code: str, articles: dict[str, str]) -> None:
    ground = legal_grounds()[code]
    match = re.match(r"(第\S+?条)(?:第\S款)?第(\S)项", ground.article)
    assert match is not None
    assert f"（{match[2]}）{ground.quote}" in articles[match[1]]


BOXES = [
    ("personal_privacy", "《条例》第十五条 个人隐私"),
    ("enforcement_file", "《条例》第十六条第二款 行政执法案卷信息"),
    ("state_secret", "《条例》第十四条 国家秘密"),
]


@pytest.mark.parametrize(("code", "label"), BOXES)
def test_a_redaction_box_names_article_and_kind(code: str, label: str) -> None:
    assert legal_grounds()[code].box_label == label
    assert legal_grounds()[code] in redaction_grounds()


def test_what_withholds_is_what_articles_14_to_16_say() -> None:
    for ground in legal_grounds().values():
        assert ground.withholding == ground.article.startswith(("第十四条", "第十五条", "第十六条")), ground.code


def test_a_decision_on_several_grounds_quotes_each_article_once() -> None:
    sentences = quoted(["trade_secret", "personal_privacy", "state_secret"])
    assert len(sentences) == 2
    assert sentences[0].startswith("《中华人民共和国政府信息公开条例》第十五条规定：“涉及商业秘密")
    assert all(sentence.endswith(("。”", "”。")) for sentence in sentences)
    with pytest.raises(KeyError):
        quoted(["no_such_ground"])


def test_the_two_letters_of_what_is_not_held_rest_on_their_own_items() -> None:
    assert [one.article for one in grounds_for("not_held", "nonexistent")] == ["第三十六条第四项"]
    assert [one.article for one in grounds_for("not_held", "other_agency")] == ["第三十六条第五项"]
