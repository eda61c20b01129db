"""Bad files handed in on the page, each between two good ones: what the clerk reads, and that the good ones are kept and nothing half.

A file that nobody can read is refused. One that can be read but must not go out (macros, scripts) is kept in the office and blocks publication.
"""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from lxml.html import fragment_fromstring

from gongkai.disclosure import actions
from gongkai.disclosure.models import Attachment, Item
from gongkai.disclosure.sanitising import TAGS
from gongkai.files.models import StoredFile
from gongkai.organisations.actors import actor_for
from gongkai.rules.access import Role
from gongkai.rules.reasons import Refused
from tests import factories
from tests.text.extraction import samples
from tests.text.inspection import makers
from tests.text.inspection import test_bad_files as bad
from tests.text.inspection.makers import Book, said
from tests.text.pasting.vectors import VECTORS

pytestmark = pytest.mark.django_db


def _broken_table(path: Path) -> None:
    data = samples.pdf(path).read_bytes()
    at = data.rfind(b"startxref")
    path.write_bytes(re.sub(rb"\d+ 0 obj", b"nothing", data[:at]) + b"startxref\n99999999\n%%EOF")


def _million_blank_rows(path: Path) -> None:
    makers.workbook(path, Book())
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t></t></is></c></row>' for n in range(2, 1_000_001))
    sheet = re.sub(
        r"<sheetData\s*/>|</sheetData>",
        lambda end: f"<sheetData>{rows}</sheetData>" if end[0] != "</sheetData>" else f"{rows}</sheetData>",
        sheet,
    )
    samples.rezip(path, {"xl/worksheets/sheet1.xml": sheet.encode()})


MACRO_WORD = "application/vnd.ms-word.document.macroEnabled.main+xml"
REFUSED = [
    ("wrong type behind a right name", "名单.docx", samples.pdf, "后缀是“.docx”，内容却是PDF 文件"),
    ("program behind a right name", "名单.xlsx", lambda p: p.write_bytes(b"MZ\x90\0\3\0rest"), "可执行程序"),
    ("zip bomb", "材料.zip", bad._bomb, "疑似压缩炸弹"),
    ("names that climb out", "材料.zip", lambda p: samples.zipped(p, {"../../etc/x": b"x"}), "指向包外目录"),
    ("encrypted", "方案.docx", lambda p: samples.ole(p, "EncryptedPackage"), "取消密码"),
    ("nothing in it", "方案.docx", lambda p: p.write_bytes(b""), "文件是空的（0 字节）"),
    ("external entity", "方案.docx", bad._with("word/document.xml", bad.OUTSIDE), "外部引用定义（DTD）"),
    ("macros", "方案.docm", lambda p: makers.word(p, said("话"), main_type=MACRO_WORD), "这是含有宏的 Word 文档"),
    ("a script in a drawing", "图.svg", lambda p: p.write_bytes(bad.SVG), "SVG 图片可能含有脚本，不能上传"),
    ("broken cross references", "公告.pdf", _broken_table, "PDF 文件已损坏"),
]
KEPT = [
    ("macros in a document of the common type", "方案.docx", bad._with("word/vbaProject.bin", b"x"), "文件含有宏"),
    (
        "a page with a script",
        "页面.html",
        lambda p: p.write_text("<html><body onload='x()'>话</body></html>"),
        "网页中有脚本",
    ),
]


@pytest.fixture
def desk():
    body = factories.body()
    person = factories.member(body, Role.CLERK)
    factories.member(body, Role.REVIEWER)
    item = actions.create_item(
        actor=actor_for(person), organisation_id=body.pk, kind="notice", values=factories.values()
    )
    client = Client()
    client.force_login(person)
    return client, item


def _hand_in(client: Client, item: Item, name: str, content: bytes):
    """The bad file between two good ones; the page that is shown afterwards."""
    files = [
        SimpleUploadedFile("第一份.txt", "第一份好的文件".encode()),
        SimpleUploadedFile(name, content),
        SimpleUploadedFile("第二份.txt", "第二份好的文件".encode()),
    ]
    return client.post(f"/office/items/{item.pk}/attachments/", {"attachments": files}, follow=True)


def _names(item: Item) -> list[str]:
    return list(Attachment.objects.filter(edition__item=item).order_by("position").values_list("name", flat=True))


def _on_disk() -> set[str]:
    root = Path(settings.MEDIA_ROOT)
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


@pytest.mark.parametrize(("what", "name", "make", "words"), REFUSED, ids=[case[0] for case in REFUSED])
def test_a_file_nobody_can_read_is_refused_and_the_others_are_kept(desk, tmp_path, what, name, make, words):
    client, item = desk
    make(tmp_path / name)
    before = _on_disk()
    answer = _hand_in(client, item, name, (tmp_path / name).read_bytes())
    page = answer.content.decode()
    assert answer.status_code == 200
    assert name in page and words in page, what
    assert "Traceback" not in page
    assert _names(item) == ["第一份.txt", "第二份.txt"]
    known = set(StoredFile.objects.values_list("storage_name", flat=True))
    assert _on_disk() - before <= known, "nothing half stored"


@pytest.mark.parametrize(("what", "name", "make", "words"), KEPT, ids=[case[0] for case in KEPT])
def test_a_file_that_must_not_go_out_is_kept_and_blocks_publication(desk, tmp_path, what, name, make, words):
    client, item = desk
    made = make(tmp_path / name)
    content = (made if isinstance(made, Path) else tmp_path / name).read_bytes()
    _hand_in(client, item, name, content)
    assert name in _names(item), what
    page = client.post(f"/office/items/{item.pk}/check/", follow=True).content.decode()
    assert words in page, what
    assert "个严重问题" in page


def test_a_million_blank_rows_are_read_quickly_and_weigh_nothing(desk, tmp_path):
    client, item = desk
    _million_blank_rows(tmp_path / "表.xlsx")
    _hand_in(client, item, "表.xlsx", (tmp_path / "表.xlsx").read_bytes())
    stored = Attachment.objects.get(name="表.xlsx").file
    assert len(stored.text) < 2000


def test_two_gigabytes_are_cut_off_before_they_fill_the_disk(desk):
    class Endless(BytesIO):
        """A stream of two gigabytes that counts what was taken of it."""

        taken = 0

        def read(self, size: int = -1) -> bytes:
            if self.taken >= 2 * 1024**3:
                return b""
            self.taken += size
            return bytes(size)

    _, item = desk
    stream = Endless()
    person = actor_for(item.created_by)
    with pytest.raises(Refused) as refusal:
        actions.attach(actor=person, item_id=item.pk, name="巨大.zip", stream=stream)
    assert "超过 200 MB" in str(refusal.value)
    assert stream.taken < 220 * 1024**2
    assert _names(item) == []


@pytest.mark.parametrize("vector", VECTORS, ids=range(len(VECTORS)))
def test_no_vector_of_the_cheat_sheet_reaches_a_page(desk, vector):
    client, item = desk
    markup = vector[0] if isinstance(vector, tuple) else vector
    revision = item.working.revision
    values = {"body": f"<p>正文</p>{markup}"}
    try:
        actions.save_draft(actor=actor_for(item.created_by), item_id=item.pk, values=values, revision=revision)
    except Refused as refusal:  # a picture that is none: told, and nothing is saved
        assert "正文第1张图片" in str(refusal)
        return
    page = client.get(f"/office/items/{item.pk}/").content.decode()
    body = fragment_fromstring(
        page.split('class="article-body">')[1].split("</article>")[0].rsplit("</div>", 1)[0], "div"
    )
    tags = {element.tag for element in body.iter()}
    assert tags <= {"div", *TAGS, "mark"}, "nothing but the tags of a text"
    for element in body.iter():
        assert not [name for name in element.attrib if name.startswith("on") or name == "style"]
        for name in ("href", "src"):
            assert not re.match(r"\s*(javascript|vbscript|data)\s*:", element.get(name, ""), re.IGNORECASE)
