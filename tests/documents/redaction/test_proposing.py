"""Proposals: the product's detectors say what should be hidden, where, and on what that rests; a person decides."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.documents.redaction.makers import NAME, SECRET, typeset
from tests.text.extraction import samples

from gongkai.documents import OfficialDocument, to_pdf
from gongkai.documents.redaction import open_source

LIST = f"""<table><tr><td>序号</td><td>姓名</td><td>身份证号码</td><td>联系电话</td><td>家庭住址</td><td>金额</td></tr>
<tr><td>1</td><td>{NAME}</td><td>{SECRET}</td><td>13900001234</td><td>东镇南村3组12号</td><td>3600</td></tr>
<tr><td>2</td><td>阳小玲</td><td>340602190305061220</td><td>13900005678</td><td>东镇北村1组7号</td><td>4800</td></tr></table>"""


def test_every_cell_of_a_list_is_proposed_for_what_its_column_holds(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(to_pdf(OfficialDocument(title="资金发放名单", body_html=LIST)))
    with open_source(tmp_path / "a.pdf") as source:
        found = source.proposals()
    by_rule: dict[str, list[str]] = {one.rule: [] for one in found}
    for one in found:
        by_rule[one.rule].append("".join(one.text.split()))
    assert by_rule["personal-data.name"] == [NAME, "阳小玲"]
    assert SECRET in by_rule["personal-data.identity-number"]
    assert sorted(by_rule["personal-data.mobile"]) == ["13900001234", "13900005678"]
    assert len(by_rule["personal-data.address"]) == 2
    assert not [one for one in found if one.text in ("3600", "4800", "东镇")]


@pytest.mark.parametrize(
    ("markup", "rule", "text", "certain"),
    [
        (f"证件号码{SECRET}。", "personal-data.identity-number", SECRET, True),
        ("手机13900001234。", "personal-data.mobile", "13900001234", True),
        (f"申请人：{NAME}，女。", "personal-data.name", NAME, False),
        (f"#box(width: 5cm)[证件号码{SECRET[:10]}\\ {SECRET[10:]}]", "personal-data.identity-number", SECRET, True),
    ],
)
def test_what_is_proposed_says_on_what_it_rests(
    tmp_path: Path, markup: str, rule: str, text: str, certain: bool
) -> None:
    with open_source(typeset(tmp_path / "a.pdf", markup)) as source:
        (one,) = source.proposals()
        assert (one.rule, one.text.replace(" ", ""), one.certain) == (rule, text, certain)
        assert "《个人信息保护法》" in one.article
        assert one.label
        assert not one.recognised
        rects = {rect for found in source.find(text) for rect in found.rects}
        assert set(one.rects) == rects, "the place is that of the text itself"


def test_an_ordinary_text_has_no_proposals(tmp_path: Path) -> None:
    with open_source(
        typeset(tmp_path / "a.pdf", "验收报告样政办〔2024〕12号可以公开，金额3600元，电话0558-1234567。")
    ) as source:
        assert [one.rule for one in source.proposals() if one.certain] == []


def test_a_scan_has_proposals_that_ask_to_be_looked_at(tmp_path: Path) -> None:
    path = samples.scanned_pdf(tmp_path / "a.pdf", [f"证件号码{SECRET}", "验收报告可以公开"])
    with open_source(path) as source:
        (one,) = source.proposals()
    assert one.recognised
    assert one.text == SECRET


def test_a_text_is_found_whatever_its_widths_case_and_blanks(tmp_path: Path) -> None:
    with open_source(typeset(tmp_path / "a.pdf", "合同ＡＢ—12 号，合同 ab—12号")) as source:
        assert len(source.find("合同AB—12号")) == 2
