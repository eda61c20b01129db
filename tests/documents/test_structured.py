"""Documents made of blocks: printed as they are, carried to another process, the signature in company (GB/T 9704-2012 7.3.5, 7.3.6)."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import date

import pytest
from lxml import html
from tests.documents.sample_documents import notice

from gongkai.documents import OfficialDocument, digest, document_facts, render_docx, to_html, to_pdf, to_text
from gongkai.documents.__main__ import document_from
from gongkai.documents.composition import compose
from gongkai.documents.model import (
    Align,
    AttachmentMark,
    AttachmentNote,
    Block,
    Cell,
    Heading,
    ListBlock,
    Paragraph,
    Picture,
    Run,
    Script,
    Signature,
    SignatureNote,
    Table,
)


def text(words: str) -> Paragraph:
    return Paragraph((Run(words),))


SIGNED: tuple[Block, ...] = (Signature(("样例区教育局",), "2024年3月1日"), SignatureNote("联系电话：0558-0000000"))


def letter(*blocks: Block, seal: bool = True) -> OfficialDocument:
    return OfficialDocument(
        "样例区教育局答复书", document_number="样教〔2024〕1号", recipients="张示例", seal=seal, blocks=(*blocks, *SIGNED),
        document_date=date(2024, 3, 1),
    )  # fmt: skip


MISTAKEN = [
    "样例区人民政府办公室\n2024年1月1日",
    "2024年1月1日",
    "附件：名单",
    "附件1",
    "一、总体要求",
    "第一条 目的。",
    "各乡镇人民政府：",
    "样例区教育局答复书",
]


@pytest.mark.parametrize("words", MISTAKEN)
def test_nothing_in_a_block_is_taken_for_something_else(words: str) -> None:
    document = letter(text(words), text("正文。"))
    composed = compose(document)
    assert composed.body == document.blocks
    assert composed.recipients == "张示例："
    assert to_text(document).count("2024年3月1日\n　　（联系电话：0558-0000000）") == 1


def test_without_blocks_a_document_is_read_as_before() -> None:
    assert compose(notice()).recipients == "各乡镇人民政府、街道办事处，区政府各部门："
    assert isinstance(compose(notice()).body[-1], Signature)


def test_the_note_stands_in_brackets_below_the_date_in_every_edition(pdf_pages) -> None:
    document = letter(text("正文。"))
    assert to_text(document).endswith("2024年3月1日\n　　（联系电话：0558-0000000）\n")
    assert "2024年3月1日（联系电话：0558-0000000）" in pdf_pages(to_pdf(document))[0]
    with zipfile.ZipFile(io.BytesIO(render_docx(document).content)) as package:
        words = re.sub(r"<[^>]+>", "", package.read("word/document.xml").decode())
    assert words.endswith("2024年3月1日（联系电话：0558-0000000）")


@pytest.mark.parametrize("lines", range(8, 24))
def test_the_page_of_a_seal_has_words_of_the_text(lines: int, pdf_pages) -> None:
    """However many lines come before: the last paragraph goes over the page with the signature, never the signature alone."""
    document = letter(*(text(f"第{number}段文字。") for number in range(lines)), AttachmentNote(("名单",)))
    pages = pdf_pages(to_pdf(document))
    signed = next(page for page in pages if "样例区教育局2024年3月1日（联系电话" in page)
    assert f"第{lines - 1}段文字。附件：名单样例区教育局" in signed


def test_in_word_the_last_paragraph_is_kept_with_the_signature() -> None:
    with zipfile.ZipFile(io.BytesIO(render_docx(letter(text("甲。"), text("乙。"))).content)) as package:
        xml = package.read("word/document.xml").decode()
    paragraphs = {re.sub(r"<[^>]+>", "", one): one for one in re.findall(r"<w:p>.*?</w:p>", xml)}
    kept = {words for words, one in paragraphs.items() if "<w:keepNext/>" in one}
    assert {"乙。", "样例区教育局", "2024年3月1日"} <= kept
    assert "甲。" not in kept
    assert "（联系电话：0558-0000000）" not in kept


def test_published_texts_without_a_seal_are_set_as_before() -> None:
    with zipfile.ZipFile(io.BytesIO(render_docx(notice()).content)) as package:
        xml = package.read("word/document.xml").decode()
    before = next(one for one in re.findall(r"<w:p>.*?</w:p>", xml) if "联系人名单" in one)
    assert "<w:keepNext/>" not in before


EVERY_KIND: tuple[Block, ...] = (
    Heading(1, (Run("一、标题", level=1),)),
    Paragraph((Run("甲", strong=True), Run("2", script=Script.SUP, href="https://example.gov.cn")), Align.CENTER, indent=False),
    ListBlock(True, 3, ((text("项"), ListBlock(False, 1, ((text("子项"),),))),)),
    Table(1, 2, 0, (Cell(0, 0, 1, 1, ((Run("格"),),), True, Align.END), Cell(0, 1, 1, 1, ()))),
    Picture("data:image/png;base64,", "图"),
    AttachmentNote(("名单", "表")),
    AttachmentMark("附件1", "名单"),
)  # fmt: skip


def test_every_kind_of_block_is_carried_to_another_process_unchanged() -> None:
    document = replace(letter(*EVERY_KIND), sample=True, landscape=True)
    carried = document_from(json.loads(json.dumps(document_facts(document))))
    assert carried == document
    assert digest(carried) == digest(document)


def test_on_the_screen_every_word_is_escaped_and_in_its_element() -> None:
    shown = to_html(letter(*EVERY_KIND, text("<script>alert(1)</script>&\x00\u202e")))
    root = html.fromstring(f"<main>{shown}</main>")
    assert not root.xpath("//script | //@style | //img | //a")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&amp;</p>" in shown
    assert [one.tag for one in root][:4] == ["h2", "p", "p", "h3"]
    assert root.xpath("string(//ol[@start='3']/li/p)") == "项"
    assert root.xpath("string(//th[@scope='row'])") == "格"
    assert root.xpath("//p[@class='letter-signature']/text()") == ["样例区教育局", "2024年3月1日"]
    assert [one.text for one in root.xpath("//div[@class='letter-attachments']//li")] == ["名单", "表"]


def test_what_is_not_carried_is_refused() -> None:
    with pytest.raises(ValueError, match="blocks"):
        document_facts(notice())
    with pytest.raises(ValueError, match="blocks"):
        document_facts(replace(letter(), red_head=True))


def test_a_block_changes_the_digest() -> None:
    assert digest(letter(text("甲。"))) != digest(letter(text("乙。")))
