"""The order of the parts, and that nothing is printed twice."""

import pytest
from tests.documents.sample_documents import SENTENCE, notice

from gongkai.documents import OfficialDocument, Provenance, digest
from gongkai.documents.composition import compose, signature_indents
from gongkai.documents.model import AttachmentNote, Paragraph, Signature, runs_text
from gongkai.documents.title_lines import break_title


def test_title_number_and_recipients_of_the_body_give_way_to_the_facts() -> None:
    body = (
        '<p style="text-align:center">样例区人民政府</p><p>关于开展检查的通知</p><p>样政[2024]3号</p>'
        f"<p>各乡镇人民政府：</p><p>{SENTENCE}</p>"
    )
    composed = compose(
        OfficialDocument("样例区人民政府关于开展检查的通知", body, "样政〔2024〕3号", recipients="各乡镇人民政府")
    )
    assert composed.recipients == "各乡镇人民政府："
    assert [runs_text(block.runs) for block in composed.body if isinstance(block, Paragraph)] == [SENTENCE]


def test_recipients_are_found_in_the_body_when_not_stated() -> None:
    assert compose(notice()).recipients == "各乡镇人民政府、街道办事处，区政府各部门："


def test_a_first_paragraph_ending_in_a_colon_is_not_taken_for_recipients_without_any() -> None:
    assert compose(OfficialDocument("通告", "<p>现将结果公布如下：</p><p>甲。</p>")).recipients == ""


def test_signature_and_attachment_note_come_from_the_facts_after_the_text_and_before_the_attachments() -> None:
    body = f"<p>{SENTENCE}</p><p>附件1</p><p>任务分解表</p><p>内容。</p>"
    kinds = [type(block).__name__ for block in compose(notice(body_html=body)).body]
    assert kinds == ["Paragraph", "AttachmentNote", "Signature", "AttachmentMark", "Paragraph"]


def test_a_signature_or_note_in_the_body_is_not_doubled() -> None:
    body = f"<p>{SENTENCE}</p><p>附件：1.任务分解表</p><p>样例区人民政府办公室</p><p>2024年3月1日</p>"
    found = compose(notice(body_html=body)).body
    assert [block for block in found if isinstance(block, Signature)] == [
        Signature(("样例区人民政府办公室",), "2024年3月1日")
    ]
    assert not [block for block in found if isinstance(block, AttachmentNote)]


@pytest.mark.parametrize(
    ("agencies", "seal", "indents", "reason"),
    [
        (
            ("样例区人民政府办公室",),
            False,
            (2.0, 10 - 6.85),
            "7.3.5.2: the date starts two characters right of the agency",
        ),
        (("财政局",), False, (6.85 + 4 - 3, 2.0), "7.3.5.2: a longer date stands two from the right itself"),
        (("财政局",), True, (4 + (6.85 - 3) / 2, 4.0), "7.3.5.1: with a seal the date stands four from the right"),
        ((), False, (2.0,), "a date alone"),
    ],
)
def test_signature_indents(agencies: tuple[str, ...], seal: bool, indents: tuple[float, ...], reason: str) -> None:
    assert signature_indents(Signature(agencies, "2024年3月10日"), seal=seal) == pytest.approx(indents), reason


def test_a_title_is_broken_between_words_into_even_lines() -> None:
    lines = break_title("样例区人民政府办公室关于印发样例区医疗保障基金使用监督管理办法实施细则的通知", 20)
    assert lines == ("样例区人民政府办公室关于", "印发样例区医疗保障基金使用", "监督管理办法实施细则的通知")


@pytest.mark.parametrize("title", ["通知", "", "甲" * 300, "x" * 45])
def test_titles_that_need_no_breaking_or_cannot_be_broken_stay_whole(title: str) -> None:
    assert break_title(title, 20) == (title,)


def test_the_digest_ignores_how_html_is_written_and_the_footer_digest_itself() -> None:
    plain = notice(body_html="<p>甲。</p>", provenance=Provenance("1/2"))
    spaced = notice(body_html="\n<div><p>  甲。\n</p></div>", provenance=Provenance("1/2", digest="f" * 64))
    assert digest(plain) == digest(spaced)
    assert len(digest(plain)) == 64


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "另一个标题"},
        {"body_html": "<p>乙。</p>"},
        {"document_number": "样政办〔2024〕13号"},
        {"sample": True},
        {"seal": True},
        {"images": {"a.png": b"x"}},
    ],
)
def test_the_digest_changes_with_anything_printed(changes: dict[str, object]) -> None:
    assert digest(notice(**changes)) != digest(notice())
