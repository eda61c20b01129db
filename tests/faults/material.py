"""A directory as an old site leaves it: a list in JSON Lines, pages, Word files and an archive of pages; in our own words."""

from __future__ import annotations

import json
import random
import zipfile
from dataclasses import dataclass
from pathlib import Path

from docx import Document

_MATTERS = (
    "农田水利",
    "校车安全",
    "老旧小区改造",
    "就业培训",
    "河道保洁",
    "食品小作坊",
    "社区养老",
    "乡村道路",
    "秸秆利用",
    "公共阅读",
)
_VERBS = ("做好", "规范", "加强", "推进", "完善")
_WHEN = ("每季度末", "年底前", "收到申请后十个工作日内", "次月五日前")
_WHO = ("各乡镇人民政府", "有关部门", "申请人", "村民委员会", "牵头单位")


@dataclass(frozen=True, slots=True)
class _Document:
    number: int
    title: str
    paragraphs: tuple[str, ...]

    @property
    def document_number(self) -> str:
        return f"谯政办〔{2012 + self.number % 14}〕{self.number}号"

    @property
    def date(self) -> str:
        return f"{2012 + self.number % 14}-{1 + self.number % 12:02d}-{1 + self.number % 28:02d}"


def write_material(directory: Path, *, documents: int) -> list[str]:
    """Write `documents` documents, two thirds in a list, the rest as single files and in an archive; return their titles."""
    directory.mkdir(parents=True)
    made = [_document(number) for number in range(1, documents + 1)]
    listed, loose = made[: documents * 2 // 3], made[documents * 2 // 3 :]
    pages, words, packed = loose[::2], loose[1::4], loose[3::4]
    _list(directory / "信息清单.jsonl", listed)
    for document in pages:
        (directory / f"{document.number:04d}.html").write_text(_page(document), "utf-8")
    for document in words:
        _word(directory / f"{document.number:04d}.docx", document)
    with zipfile.ZipFile(directory / "其余.zip", "w") as archive:
        for document in packed:
            archive.writestr(f"{document.number:04d}.html", _page(document))
    return [document.title for document in made]


def _document(number: int) -> _Document:
    rng = random.Random(number)
    matter, verb = rng.choice(_MATTERS), rng.choice(_VERBS)
    paragraphs = tuple(
        f"{'一二三四五六七八'[position]}、{rng.choice(_WHO)}应当{rng.choice(_VERBS)}{rng.choice(_MATTERS)}工作，"
        f"{rng.choice(_WHEN)}将第{number}号台账报区政府办公室，并对{matter}情况逐项核对。"
        for position in range(8)
    )
    return _Document(number, f"谯城区人民政府办公室关于{verb}{matter}有关工作的通知之{number}", paragraphs)


def _list(path: Path, documents: list[_Document]) -> None:
    with path.open("w", encoding="utf-8") as lines:
        for document in documents:
            row = {
                "id": f"T{document.number}",
                "title": document.title,
                "document_number": document.document_number,
                "document_date": document.date,
                "issuing_agencies": "谯城区人民政府办公室",
                "url": f"https://old.example/{document.number}.html",
                "text": "\n".join(document.paragraphs),
            }
            lines.write(json.dumps(row, ensure_ascii=False) + "\n")


def _page(document: _Document) -> str:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in document.paragraphs)
    return (
        f'<html><head><meta charset="utf-8"><title>{document.title}</title><meta name="ArticleTitle" content="{document.title}">'
        f"</head><body><h1>{document.title}</h1><div class='content'><p>{document.document_number}</p>{body}</div></body></html>"
    )


def _word(path: Path, document: _Document) -> None:
    word = Document()
    word.add_heading(document.title, 0)
    word.core_properties.title = document.title
    word.add_paragraph(document.document_number)
    for paragraph in document.paragraphs:
        word.add_paragraph(paragraph)
    word.save(str(path))
