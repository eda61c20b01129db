"""The PDF edition: what it says, where it stands on the page, and that no text acts as markup."""

import io
import threading
from datetime import date

import pypdfium2 as pdfium
import pytest
from PIL import Image
from pypdf import PdfReader
from tests.documents.conftest import pages_of
from tests.documents.sample_documents import SENTENCE, notice

from gongkai.documents import Imprint, OfficialDocument, Provenance, render_pdf, to_pdf
from gongkai.documents.fonts import covered

MM = 72 / 25.4
HOSTILE = '#import "x": * $a_1$ \\ #sys.inputs *粗* _斜_ @ref <label> `raw` // 注释 /* */ = 标题 "] } #{ [ ~ -- \'引\' http://a'


def _printed(content: bytes) -> str:
    return "".join(pages_of(content))


def _boxes(content: bytes, page: int) -> list[tuple[str, tuple[float, float, float, float]]]:
    text = pdfium.PdfDocument(io.BytesIO(content))[page].get_textpage()
    return [(text.get_text_range(index, 1), text.get_charbox(index)) for index in range(text.count_chars())]


def test_every_paragraph_cell_and_fact_is_printed() -> None:
    printed = _printed(
        to_pdf(notice(provenance=Provenance("113416/2024-1", "https://www.example.gov.cn/a/1.html", "ab" * 32)))
    )
    for part in (
        "样例区人民政府办公室关于印发政务公开工作方案的通知",
        "样政办〔2024〕12号",
        "各乡镇人民政府、街道办事处，区政府各部门：",
        SENTENCE,
        "一、总体要求",
        "应公开尽公开",
        "（一）加强领导。各单位主要负责人亲自过问",
        "（1）健全机制",
        "3.细则甲",
        "目录编制",
        "区司法局",
        "104平方米",
        "附件：1.任务分解表2.联系人名单",
        "样例区人民政府办公室2024年3月1日",
        "索引号：113416/2024-1",
        "https://www.example.gov.cn/a/1.html",
        "ab" * 32,
    ):
        assert "".join(part.split()) in printed, part


def test_pages_have_the_size_margins_lines_and_characters_of_the_standard() -> None:
    content = to_pdf(OfficialDocument("通知", f"<p>{SENTENCE * 60}</p>"))
    document = pdfium.PdfDocument(io.BytesIO(content))
    assert document[1].get_size() == pytest.approx((210 * MM, 297 * MM), abs=0.1)
    boxes = [(sign, box) for sign, box in _boxes(content, 1) if sign.strip() and box[1] > 35 * MM - 1]
    left, right = min(box[0] for _, box in boxes), max(box[2] for _, box in boxes)
    top = max(box[3] for _, box in boxes)
    assert 28 * MM - 1 <= left <= 28 * MM + 4
    assert 210 * MM - 26 * MM - 9 <= right <= 210 * MM - 26 * MM + 1
    assert 297 * MM - 37 * MM - 8 <= top <= 297 * MM - 37 * MM + 1
    lines = [line for line in document[1].get_textpage().get_text_range().splitlines() if "—" not in line]
    assert len(lines) == 22
    assert all(26 <= len(line) <= 30 for line in lines[:-1])


def test_page_numbers_stand_right_on_odd_and_left_on_even_pages() -> None:
    content = to_pdf(OfficialDocument("通知", f"<p>{SENTENCE * 60}</p>"))
    for page, right in ((0, True), (1, False)):
        dashes = [box for sign, box in _boxes(content, page) if sign == "—"]
        assert len(dashes) == 2
        assert (dashes[0][0] > 105 * MM) is right
        assert all(20 * MM < box[1] < 35 * MM - 7 * MM + 4 for box in dashes)


def test_without_a_seal_the_agency_stands_two_characters_from_the_right() -> None:
    content = to_pdf(
        notice(body_html="<p>甲。</p>", attachments=(), document_number="", issuing_agencies=("样例区财政局委员会",))
    )
    box = next(box for sign, box in _boxes(content, 0)[::-1] if sign == "会")
    assert 210 * MM - 26 * MM - box[2] == pytest.approx(32, abs=2)


@pytest.mark.parametrize(
    "place", ["title", "body_html", "document_number", "recipients", "agency", "attachment", "cell"]
)
def test_hostile_text_is_printed_and_never_obeyed(place: str) -> None:
    escaped = HOSTILE.replace("<", "&lt;").replace(">", "&gt;")
    changes: dict[str, object] = {
        "agency": {"issuing_agencies": (HOSTILE,), "red_head": True},
        "attachment": {"attachments": (HOSTILE,)},
        "cell": {"body_html": f"<table><tr><td>{escaped}</td></tr></table>"},
        "body_html": {"body_html": f"<p>{escaped}</p>"},
    }.get(place, {place: HOSTILE})
    assert isinstance(changes, dict)
    assert "".join(HOSTILE.split()) in _printed(to_pdf(notice(**changes)))


def test_equal_documents_give_equal_bytes_and_others_do_not() -> None:
    assert to_pdf(notice()) == to_pdf(notice())
    assert to_pdf(notice()) != to_pdf(notice(body_html="<p>别的。</p>"))


def test_many_threads_may_ask_at_once() -> None:
    expected, found = to_pdf(notice()), []
    threads = [threading.Thread(target=lambda: found.append(to_pdf(notice()))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 4


def test_properties_name_the_title_and_nobody() -> None:
    reader = PdfReader(io.BytesIO(to_pdf(notice())))
    assert reader.metadata is not None
    assert reader.metadata.title == "样例区人民政府办公室关于印发政务公开工作方案的通知"
    assert not reader.metadata.author
    assert reader.metadata.creation_date is not None and reader.metadata.creation_date.date() == date(2024, 3, 1)
    assert str(reader.trailer["/Root"]["/Lang"]).lower().startswith("zh")
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert [entry.title for entry in reader.outline if not isinstance(entry, list)][-1] == "一、总体要求"


def test_a_heading_level_left_out_does_not_break_the_outline() -> None:
    for body in (
        "<p>（1）先来四级</p><p>一、后来一级</p><p>1.三级</p>",
        "<p>正文。</p><p>附件</p><table><tr><td>表</td></tr></table><p>（一）附件里的标题</p>",
    ):
        headings = PdfReader(io.BytesIO(to_pdf(OfficialDocument("通知", body)))).outline
        assert headings and not isinstance(headings[0], list)


def test_characters_without_type_are_marked_and_reported() -> None:
    rendered = render_pdf(OfficialDocument("通知", "<p>笑😀脸☑已选</p>"))
    assert "笑〓脸☑已选" in _printed(rendered.content)
    assert "U+1F600" in rendered.warnings[0] and len(rendered.warnings) == 1


def test_the_fonts_cover_what_official_documents_use() -> None:
    assert not [sign for sign in "谯亳〔〕〇①⑳㎡℃‰→√×÷≥ⅠⅫ㈠℡☐☑“”‘’…—·￥〓" if ord(sign) not in covered()]


def test_a_long_table_repeats_its_header_and_keeps_rows_whole() -> None:
    rows = "".join(f"<tr><td>{n}</td><td>事项{n}甲{'乙丙' * 20}丁{n}</td><td>某局</td></tr>" for n in range(1, 61))
    pages = pages_of(
        to_pdf(OfficialDocument("清单", f"<table><tr><td>序号</td><td>事项</td><td>单位</td></tr>{rows}</table>"))
    )
    assert len(pages) > 2 and all("序号事项单位" in page for page in pages)
    for n in range(1, 61):
        assert any(f"事项{n}甲" in page and f"丁{n}" in page for page in pages), n


def test_a_wide_table_gets_landscape_pages_and_the_text_after_it_upright_ones() -> None:
    row = "<tr>" + "".join(f"<td>指标名称数据{n}</td>" for n in range(16)) + "</tr>"
    content = to_pdf(OfficialDocument("清单", f"<p>前文。</p><table>{row * 4}</table><p>后文。</p>"))
    sizes = [page.get_size() for page in pdfium.PdfDocument(io.BytesIO(content))]
    assert [width > height for width, height in sizes] == [False, True, False]
    assert all(f"指标名称数据{n}" in pages_of(content)[1] for n in range(16))


def test_an_attachment_mark_stands_on_the_landscape_page_of_its_table() -> None:
    row = "<tr>" + "".join(f"<td>指标名称数据{n}</td>" for n in range(16)) + "</tr>"
    pages = pages_of(
        to_pdf(OfficialDocument("通知", f"<p>前文。</p><p>附件1</p><p>指标表</p><table>{row * 4}</table>"))
    )
    assert len(pages) == 2 and pages[1].startswith("附件1指标表指标名称数据0")


def test_nothing_runs_out_of_the_page_however_long_a_word_is() -> None:
    body = f"<p>{'8' * 200}</p><table><tr><td>{'A1' * 60}</td><td>{'甲' * 100}</td><td>乙</td></tr></table>"
    content = to_pdf(OfficialDocument("https://" + "a" * 80, body))
    assert max(box[2] for _, box in _boxes(content, 0)) <= 210 * MM - 26 * MM + 1
    assert "8" * 200 in _printed(content)


@pytest.mark.parametrize("body", ["", "<p> </p>", "<table><tr></tr></table>", "<ul><li></li></ul>"])
def test_a_document_without_text_is_still_a_document(body: str) -> None:
    assert "标题" in _printed(to_pdf(OfficialDocument("标题", body)))
    assert len(pages_of(to_pdf(OfficialDocument("", body)))) == 1


def test_a_joint_document_names_every_agency_in_head_and_signature() -> None:
    agencies = ("样例区发展和改革委员会", "样例区财政局", "样例区市场监督管理局")
    content = to_pdf(notice(issuing_agencies=agencies, red_head=True, body_html="<p>甲。</p>"))
    printed = _printed(content)
    assert all(printed.count(agency) == 2 for agency in agencies)
    assert "文件" in printed
    head = min(297 * MM - box[3] for sign, box in _boxes(content, 0) if sign.strip())
    assert head == pytest.approx((37 + 35) * MM, abs=8), "7.2.4: 35 mm below the upper edge of the text"


def test_without_red_head_nothing_is_red() -> None:
    image = pdfium.PdfDocument(io.BytesIO(to_pdf(notice())))[0].render(scale=0.5).to_pil().convert("RGB")
    assert not [colour for _, colour in image.getcolors(100_000) or () if colour[0] > colour[1] + 40]


def test_sample_documents_say_so_on_every_page() -> None:
    assert all(
        "示例数据" in page for page in pages_of(to_pdf(notice(sample=True, body_html=f"<p>{SENTENCE * 60}</p>")))
    )


def test_the_imprint_names_copies_printer_and_day() -> None:
    printed = _printed(to_pdf(notice(imprint=Imprint("样例区人民政府办公室", date(2024, 3, 5), "区委各部门"))))
    assert "抄送：区委各部门。" in printed and "样例区人民政府办公室2024年3月5日印发" in printed


def _png() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (300, 200), "navy").save(buffer, "PNG")
    return buffer.getvalue()


def test_pictures_come_from_the_caller_and_never_from_disk(tmp_path) -> None:
    (tmp_path / "secret.png").write_bytes(_png())
    body = f'<p>图：<img src="a.png" alt="流程图"><img src="{tmp_path}/secret.png" alt="外来"></p>'
    rendered = render_pdf(OfficialDocument("通知", body, images={"a.png": _png()}))
    image = pdfium.PdfDocument(io.BytesIO(rendered.content))[0].render(scale=1).to_pil().convert("RGB")
    assert any(colour[2] > 100 > colour[0] for _, colour in image.getcolors(500_000) or ())
    assert "〔图片：外来〕" in _printed(rendered.content)
    assert rendered.warnings == ("图片未能显示，请重新上传：外来。",)
