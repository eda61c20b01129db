"""The text edition."""

from tests.documents.sample_documents import SENTENCE, notice

from gongkai.documents import OfficialDocument, Provenance, to_text


def test_the_text_edition_reads_like_the_document() -> None:
    lines = to_text(notice()).split("\n")
    assert lines[:5] == [
        "样例区人民政府办公室关于印发政务公开工作方案的通知",
        "样政办〔2024〕12号",
        "",
        "各乡镇人民政府、街道办事处，区政府各部门：",
        f"　　{SENTENCE}",
    ]
    assert "　　附件：1.任务分解表" in lines and "　　　　　2.联系人名单" in lines
    assert "合计｜｜10⁴平方米" in lines
    assert "　　　　3.细则甲" in lines


def test_powers_and_indices_do_not_run_into_their_number() -> None:
    assert "10⁴与H₂O与x^(a/b)" in to_text(
        OfficialDocument("通知", "<p>10<sup>4</sup>与H<sub>2</sub>O与x<sup>a/b</sup></p>")
    )


def test_the_signature_stands_at_the_right() -> None:
    date_line = next(line for line in to_text(notice()).split("\n") if line.endswith("2024年3月1日"))
    assert date_line.startswith("　" * 10)


def test_lines_end_with_a_line_feed_and_nothing_else() -> None:
    text = to_text(notice(provenance=Provenance("1/2", "https://a.example/")))
    assert "\r" not in text and text.endswith("\n") and not text.endswith("\n\n")
    assert "索引号：1/2" in text and "去公章文字版" in text


def test_sample_and_empty_documents() -> None:
    assert to_text(notice(sample=True)).startswith("【示例数据】\n")
    assert to_text(OfficialDocument("通知", "")) == "通知\n"
