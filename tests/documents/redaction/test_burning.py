"""Burning: what was hidden is in the new file in no form, what was left can still be found (《条例》§37)."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest
from pypdf import Transformation
from pypdf.generic import DictionaryObject, NameObject, RectangleObject, StreamObject, TextStringObject
from tests.documents.redaction.makers import (
    LABELS,
    NAME,
    SECRET,
    assert_gone,
    assert_kept,
    boxes_over,
    burnt_without,
    one_page,
    stream,
    texts_of,
    typeset,
)

from gongkai.documents import OfficialDocument, to_pdf
from gongkai.documents.redaction import MARK, RedactionBox, burn, open_source

BODY = f"""
<p>申请人{NAME}，身份证号码{SECRET}，请求公开东镇道路工程的验收报告。</p>
<p>经查，该工程于2024年5月验收合格，验收报告可以公开。</p>
<table><tr><td>序号</td><td>姓名</td><td>金额</td></tr>
<tr><td>1</td><td>{NAME}</td><td>3600</td></tr><tr><td>2</td><td>阳小玲</td><td>4800</td></tr></table>
"""


def _letter(path: Path) -> Path:
    path.write_bytes(to_pdf(OfficialDocument(title="关于验收报告的答复", body_html=BODY)))
    return path


def _columns(path: Path) -> Path:
    words = f"东镇道路工程已经完工。验收报告可以公开。联系人{NAME}证件{SECRET}。"
    return typeset(path, f"#set page(columns: 2)\n{words * 14}")


def _framed(path: Path) -> Path:
    row = f"[东镇], [{NAME}], [{SECRET}],"
    head = "#table(columns: (3cm, 3cm, 9cm), [镇], [姓名], [身份证号码],"
    return typeset(path, f"{head}{row * 3})\n验收报告可以公开。")


def _turned(path: Path, angle: int) -> Path:
    writer = pypdf.PdfWriter(clone_from=str(_letter(path)))
    for page in writer.pages:
        page.rotate(angle)
    writer.write(str(path))
    return path


def _cropped(path: Path) -> Path:
    """The paper begins at (-50, 100) and only a part of it is shown."""
    writer = pypdf.PdfWriter(clone_from=str(_letter(path)))
    page = writer.pages[0]
    page.add_transformation(Transformation().translate(-50, 100))
    page.mediabox = RectangleObject((-50, 100, 545, 942))
    page.cropbox = RectangleObject((0, 400, 545, 900))
    page.rotate(90)
    writer.write(str(path))
    return path


def _upright(path: Path) -> Path:
    """Lines that run down the page, and one turned by a quarter."""
    down = "\\ ".join(f"验收报告可以公开联系人{NAME}")
    return typeset(
        path,
        f"#place(right, {{ set par(leading: 0.2em); [{down}] }})\n#rotate(90deg, reflow: true)[证件{SECRET}号东镇]",
    )


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (_letter, "running text and a table by our own typesetter"),
        (_columns, "columns: lines of two columns stand on one height"),
        (_framed, "cells beside each other"),
        (lambda path: _turned(path, 90), "the page is shown turned"),
        (lambda path: _turned(path, 180), "upside down"),
        (lambda path: _turned(path, 270), "turned the other way"),
        (_cropped, "a part of a sheet that does not begin at the origin, turned besides"),
        (_upright, "vertical and turned lines"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_hidden_is_gone_and_what_is_left_is_found(
    tmp_path: Path, make: Callable[[Path], Path], reason: str
) -> None:
    with open_source(make(tmp_path / "a.pdf")) as source:
        burnt = burnt_without(source, NAME, SECRET)
    assert_gone(burnt, NAME, SECRET)
    assert_kept(burnt, MARK)
    kept = "东镇" if make in (_framed,) else "验收报告可以公开"
    assert_kept(burnt, kept)
    assert burnt.hidden_characters >= len(NAME) + len(SECRET)
    assert burnt.still_visible == ()


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    contents = set()
    for _ in range(2):
        with open_source(_letter(tmp_path / "a.pdf")) as source:
            contents.add(burnt_without(source, NAME).content)
    assert len(contents) == 1


def test_the_text_does_not_tell_how_much_was_hidden(tmp_path: Path) -> None:
    read = []
    for hidden in ("甲乙", "甲乙丙丁戊己庚辛"):
        with open_source(typeset(tmp_path / "a.pdf", f"验收人{hidden}签字")) as source:
            read.append(texts_of(burnt_without(source, hidden).content))
    assert read[0] == read[1] == (f"验收人{MARK}签字", f"验收人{MARK}签字")


@pytest.mark.parametrize(
    ("share", "left", "reason"),
    [
        (0.4, True, "less than half: a mask that leaves both ends, as the law's practice has it"),
        (0.6, False, "more than half: what is left would let the number be guessed"),
    ],
)
def test_a_number_is_hidden_whole_when_most_of_it_is(tmp_path: Path, share: float, left: bool, reason: str) -> None:
    with open_source(typeset(tmp_path / "a.pdf", f"证件{SECRET}号")) as source:
        (found,) = source.find(SECRET)
        (rect,) = found.rects
        box = RedactionBox(1, rect.x0, rect.y0, rect.x0 + rect.width * share, rect.y1, "privacy")
        burnt = burn(source, [box], LABELS)
    for text in texts_of(burnt.content):
        assert (SECRET[-6:] in text) is left
        assert SECRET[:6] not in text
    assert_kept(burnt, "证件", "号")
    rightmost = max(one.right for one in burnt.pages[0].painted) / burnt.pages[0].width
    assert (rightmost >= rect.x1) is not left, reason


def test_a_character_half_covered_is_painted_over_whole(tmp_path: Path) -> None:
    with open_source(typeset(tmp_path / "a.pdf", f"验收人{NAME}签字")) as source:
        (found,) = source.find(NAME)
        (rect,) = found.rects
        middle = (rect.y0 + rect.y1) / 2
        burnt = burn(source, [RedactionBox(1, rect.x0, rect.y0, rect.x1, middle, "privacy")], LABELS)
    assert_gone(burnt, NAME)
    assert max(one.bottom for one in burnt.pages[0].painted) > (rect.y1 - 0.004) * burnt.pages[0].height


def test_overlapping_boxes_of_different_grounds_are_both_painted(tmp_path: Path) -> None:
    with open_source(_letter(tmp_path / "a.pdf")) as source:
        boxes = boxes_over(source, NAME)
        moved = [
            RedactionBox(box.page, max(box.x0 - 0.02, 0), box.y0, box.x1, box.y1 + 0.01, "process") for box in boxes
        ]
        burnt = burn(source, [*boxes, *moved], LABELS)
    assert_gone(burnt, NAME)
    assert {one.label for one in burnt.pages[0].painted if one.label} == {"第十五条", "第十六条"}


def test_text_broken_over_two_lines_is_hidden_on_both(tmp_path: Path) -> None:
    with open_source(
        typeset(tmp_path / "a.pdf", f"#box(width: 6cm)[证件号码{SECRET[:9]}\\ {SECRET[9:]}可以公开]")
    ) as source:
        (found,) = source.find(SECRET)
        assert len(found.rects) == 2
        burnt = burnt_without(source, SECRET)
    assert_gone(burnt, SECRET)
    assert_kept(burnt, "证件号码", "可以公开")


def test_what_stays_open_elsewhere_is_reported(tmp_path: Path) -> None:
    with open_source(typeset(tmp_path / "a.pdf", f"甲：{NAME}\n\n乙：{NAME}")) as source:
        burnt = burn(source, boxes_over(source, NAME)[:1], LABELS)
    assert burnt.still_visible == (NAME,)


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        (
            f"可以公开 #place[{NAME}] #place(rect(width: 8cm, height: 2em, fill: black)) #v(3em) 完",
            "a bar that leaves the tips",
        ),
        (
            f"可以公开 #place[{NAME}] #place(dy: -12pt, rect(width: 8cm, height: 2em, fill: black)) #v(3em) 完",
            "a black bar",
        ),
        (f"可以公开 #text(fill: white)[{NAME}] 完", "white on white"),
        (f"可以公开 #place(dx: 900pt)[{NAME}] 完", "beyond the edge of the page"),
    ],
)
def test_text_that_no_reader_sees_is_not_taken_over(tmp_path: Path, markup: str, reason: str) -> None:
    with open_source(typeset(tmp_path / "a.pdf", markup)) as source:
        burnt = burnt_without(source, "完")
    assert_gone(burnt, NAME)
    assert_kept(burnt, "可以公开")


def test_a_second_revision_does_not_carry_the_first_along(tmp_path: Path) -> None:
    path = typeset(tmp_path / "a.pdf", f"证件{SECRET}号，{NAME}")
    second = typeset(tmp_path / "b.pdf", "证件号已经删除，可以公开")
    old = path.read_bytes()
    writer = pypdf.PdfWriter(str(path), incremental=True)
    page, other = writer.pages[0], pypdf.PdfReader(str(second)).pages[0]
    content = other["/Contents"].get_object()
    assert content is not None
    page[NameObject("/Contents")] = content.clone(writer).indirect_reference
    page[NameObject("/Resources")] = other["/Resources"].clone(writer)
    writer.write(str(path))
    assert path.read_bytes().startswith(old), "the older revision is still in the file"
    with open_source(path) as source:
        burnt = burnt_without(source, "删除")
    assert_gone(burnt, NAME, SECRET)
    assert_kept(burnt, "证件号已经")


def test_attachments_remarks_outline_properties_and_scripts_stay_behind(tmp_path: Path) -> None:
    path = _letter(tmp_path / "a.pdf")
    writer = pypdf.PdfWriter(clone_from=str(path))
    writer.add_attachment(f"{SECRET}.txt", f"证件{SECRET}".encode())
    writer.add_outline_item(title=f"证件{SECRET}", page_number=0)
    writer.add_metadata({"/Author": NAME, "/Title": SECRET, "/Keywords": SECRET})
    script = {
        NameObject("/S"): NameObject("/JavaScript"),
        NameObject("/JS"): TextStringObject(f"app.alert('{SECRET}')"),
    }
    writer._root_object[NameObject("/OpenAction")] = DictionaryObject(script)
    packet = StreamObject()
    packet.set_data(f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{SECRET}{NAME}</x:xmpmeta>".encode())
    writer._root_object[NameObject("/Metadata")] = writer._add_object(packet)
    note = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Text"),
            NameObject("/Rect"): RectangleObject((100, 100, 120, 120)),
            NameObject("/Contents"): TextStringObject(f"证件{SECRET}"),
        }
    )
    writer.add_annotation(0, note)
    writer.write(str(path))
    with open_source(path) as source:
        before = source.page_image(1, 50)
        burnt = burnt_without(source, NAME, SECRET)
    with open_source(_letter(tmp_path / "b.pdf")) as plain:
        assert plain.page_image(1, 50) == before, "a note is a remark about the page and is not drawn on it"
    assert_gone(burnt, NAME, SECRET)
    assert_kept(burnt, "验收报告可以公开")


def test_what_is_written_in_a_form_field_is_found_and_hidden(tmp_path: Path) -> None:
    shown = f"BT /H 12 Tf 5 8 Td ({SECRET}) Tj ET".encode()
    field = (
        b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (id) /F 4 /V (%s) /Rect [50 100 300 130] /AP << /N 11 0 R >> >>"
    )
    form = stream(b"/Type /XObject /Subtype /Form /BBox [0 0 250 30] /Resources << /Font << /H 5 0 R >> >>", shown)
    content = b"BT /H 12 Tf 50 200 Td (Number of the applicant) Tj ET"
    path = one_page(tmp_path / "a.pdf", content, {10: field % SECRET.encode(), 11: form}, page=b"/Annots [10 0 R]")
    with open_source(path) as source:
        burnt = burnt_without(source, SECRET)
    assert_gone(burnt, SECRET)
    assert_kept(burnt, "Number of the applicant")


def test_a_black_rectangle_laid_over_text_as_an_annotation_does_not_come_off(tmp_path: Path) -> None:
    content = f"BT /H 14 Tf 50 200 Td (Open words) Tj 0 -80 Td ({SECRET}) Tj ET".encode()
    cover = b"<< /Type /Annot /Subtype /Square /F 4 /Rect [40 100 300 150] /AP << /N 11 0 R >> >>"
    form = stream(b"/Type /XObject /Subtype /Form /BBox [0 0 260 50]", b"0 g 0 0 260 50 re f")
    path = one_page(tmp_path / "a.pdf", content, {10: cover, 11: form}, page=b"/Annots [10 0 R]")
    with open_source(path) as source:
        assert source.find(SECRET), "the text is still in the file"
        burnt = burnt_without(source, "words")
    assert_gone(burnt, SECRET)
    assert burnt.unseen_characters == len(SECRET)
    assert_kept(burnt, "Open")


def test_sample_files_say_so_on_every_page(tmp_path: Path) -> None:
    with open_source(_letter(tmp_path / "a.pdf")) as source:
        boxes = boxes_over(source, NAME)
        assert burn(source, boxes, LABELS, sample=True).content != burn(source, boxes, LABELS).content


@pytest.mark.parametrize("seed", range(6))
def test_whatever_the_boxes_every_character_is_hidden_or_still_there(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    boxes = []
    for _ in range(chance.randint(1, 6)):
        x, y = chance.uniform(0, 0.8), chance.uniform(0.1, 0.5)
        boxes.append(RedactionBox(1, x, y, x + chance.uniform(0.02, 0.2), y + chance.uniform(0.01, 0.1), "privacy"))
    with open_source(_letter(tmp_path / "a.pdf")) as source:
        shown = [one for one in source.words(1) if not one.is_blank]
        burnt = burn(source, boxes, LABELS)
    inside = sum(any(box.rect.holds(one.frame.middle) for box in boxes) for one in shown)
    assert burnt.hidden_characters >= inside
    for read in texts_of(burnt.content):
        assert len(read.replace(MARK, "")) == len(shown) - burnt.hidden_characters - burnt.unseen_characters
