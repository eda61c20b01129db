"""OFD, the national format for electronic documents (GB/T 33190-2016): a zip of XML that places text on pages.

Read here: the page tree, template pages, text objects with their transformations, document information, and the
pictures of pages that have no text. Left out: annotations, signatures and seals, paths.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from gongkai.text.extraction import ocr
from gongkai.text.extraction.contract import Code, Extracted, Unreadable
from gongkai.text.extraction.layout import Line, headline, join_segments, reflow, sort_reading_order
from gongkai.text.extraction.limits import Limits, too_large
from gongkai.text.extraction.markup import paragraphs_to_html, tidy
from gongkai.text.extraction.zips import BROKEN, parse_xml

_INFORMATION = ("Title", "Author", "Subject", "CreationDate", "ModDate", "Creator", "DocID")
_FEW = 10
_SMALLEST_PICTURE = 30.0
"""Millimetres: what is smaller in either direction is a logo or a stamp, no scanned page."""

_Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: _Matrix = (1, 0, 0, 1, 0, 0)


def extract_ofd(path: Path, limits: Limits) -> Extracted:
    """The text of an OFD file. Raises `Unreadable`: damaged, encrypted, huge, unsafe."""
    try:
        with zipfile.ZipFile(path) as archive:
            package = _Package(archive)
            if package.has("Encryptions.xml") or package.has("Doc_0/Encryptions.xml"):
                raise Unreadable(Code.ENCRYPTED, "OFD 文件已加密，无法读取。请用 OFD 阅读器取消加密后重新提交。")
            return _read(package, limits)
    except BROKEN as error:
        raise _damaged() from error


def _damaged() -> Unreadable:
    return Unreadable(Code.DAMAGED, "OFD 文件已损坏，无法打开。请用 OFD 阅读器重新导出后再提交。")


def _read(package: _Package, limits: Limits) -> Extracted:
    bodies = [body for body in package.xml("OFD.xml") if _name(body) == "DocBody"]
    if not bodies:
        raise _damaged()
    metadata: dict[str, str] = {}
    pages: list[list[Line]] = []
    pictures = 0
    for body in bodies:
        for name in _INFORMATION:
            if value := tidy(_text(body, "DocInfo", name)):
                metadata.setdefault(name, value)
        document = _Document(package, _text(body, "DocRoot"))
        if len(document.pages) > limits.pdf_pages:
            raise too_large("OFD 页数", f"{len(document.pages)} 页", f"{limits.pdf_pages} 页")
        for location in document.pages:
            lines, scanned = document.read_page(location, limits, may_scan=pictures < limits.ocr_pages)
            pictures += scanned
            pages.append(lines)
    paragraphs = reflow(pages)
    return Extracted(
        kind="ofd",
        text="\n".join(paragraphs),
        html=paragraphs_to_html(paragraphs),
        title=(headline(pages[0]) if pages else "") or metadata.get("Title", ""),
        metadata=metadata,
        pages=len(pages),
        ocr=pictures > 0,
        warnings=(ocr.WARNING.format(pages=pictures),) if pictures else (),
    )


class _Package:
    """The zip, addressed as OFD does: absolute from the root or relative to the file that refers."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        # Writers differ in case and in the leading slash of member names.
        self._names = {name.lstrip("/").lower(): name for name in archive.namelist()}

    def has(self, location: str) -> bool:
        """Whether the part exists."""
        return location.lower() in self._names

    def data(self, location: str) -> bytes:
        """The bytes of a part; KeyError if there is none."""
        return self._archive.read(self._names[location.lower()])

    def xml(self, location: str) -> etree._Element:
        """The root element of a part."""
        return parse_xml(self.data(location), "OFD 文件")

    @staticmethod
    def resolve(base: str, location: str) -> str:
        """The place of `location` as written in the part `base`."""
        location = location.replace("\\", "/").strip()
        if location.startswith("/"):
            return posixpath.normpath(location.lstrip("/"))
        return posixpath.normpath(posixpath.join(posixpath.dirname(base), location))


class _Document:
    """One document of the package: its pages, its templates and its pictures."""

    def __init__(self, package: _Package, location: str) -> None:
        self._package = package
        location = package.resolve("OFD.xml", location)
        root = package.xml(location)
        resolve = package.resolve
        self.pages = [resolve(location, page.get("BaseLoc", "")) for page in _all(root, "Page")]
        self._templates = {
            page.get("ID", ""): resolve(location, page.get("BaseLoc", "")) for page in _all(root, "TemplatePage")
        }
        self._used: set[str] = set()
        self._media: dict[str, str] = {}
        for resource in [*_all(root, "DocumentRes"), *_all(root, "PublicRes")]:
            self._read_media(resolve(location, resource.text or ""))

    def _read_media(self, location: str) -> None:
        if not self._package.has(location):
            return
        root = self._package.xml(location)
        folder = self._package.resolve(location, root.get("BaseLoc", ".")) + "/"
        for media in _all(root, "MultiMedia"):
            self._media[media.get("ID", "")] = self._package.resolve(folder, _text(media, "MediaFile"))

    def read_page(self, location: str, limits: Limits, *, may_scan: bool) -> tuple[list[Line], bool]:
        """The lines of a page and whether they were read from a picture."""
        root = self._package.xml(location)
        contents = [root]
        for template in _all(root, "Template"):
            identifier = template.get("TemplateID", "")
            # A template carries letterheads and rulings, the same on each page: its words are read once.
            if identifier in self._templates and identifier not in self._used:
                self._used.add(identifier)
                contents.insert(0, self._package.xml(self._templates[identifier]))
        pieces = [piece for content in contents for text in _all(content, "TextObject") for piece in _pieces(text)]
        lines = join_segments(sort_reading_order(pieces))
        if sum(len(line.text.strip()) for line in lines) >= _FEW or not may_scan:
            return lines, False
        scanned = [line for data in self._pictures(root) for line in _scan(data, limits)]
        return (lines + scanned, True) if scanned else (lines, False)

    def _pictures(self, root: etree._Element) -> Iterator[bytes]:
        for picture in _all(root, "ImageObject"):
            width, height = _numbers(picture.get("Boundary"), 4)[2:]
            location = self._media.get(picture.get("ResourceID", ""), "")
            if min(width, height) >= _SMALLEST_PICTURE and self._package.has(location):
                yield self._package.data(location)


def _scan(data: bytes, limits: Limits) -> list[Line]:
    with ocr.open_image(io.BytesIO(data), limits) as image:
        return ocr.read_lines(image)


@dataclass(slots=True)
class _Pen:
    """Where the next character goes, in the object's own coordinates."""

    x: float = 0.0
    y: float = 0.0


def _pieces(element: etree._Element) -> Iterator[Line]:
    """The lines of one text object, in millimetres from the upper left corner of the page (GB/T 33190 11.3)."""
    box_x, box_y, _, _ = _numbers(element.get("Boundary"), 4)
    matrix = _matrix(element.get("CTM"))
    size = _numbers(element.get("Size"), 1)[0] or 4.0
    pen = _Pen()
    for code in _all(element, "TextCode"):
        text = code.text or ""
        pen.x = float(code.get("X") or pen.x)
        pen.y = float(code.get("Y") or pen.y)
        steps_x, steps_y = _deltas(code.get("DeltaX")), _deltas(code.get("DeltaY"))
        run: list[str] = []
        start, end = (pen.x, pen.y), (pen.x, pen.y)
        for index, character in enumerate(text):
            down = steps_y[index - 1] if 0 < index <= len(steps_y) else 0.0
            step = steps_x[index - 1] if 0 < index <= len(steps_x) else 0.0
            if run and (abs(down) > 0.5 * size or step > 2.2 * size):
                yield _line(run, start, end, size, matrix, box_x, box_y)
                run, start = [], (pen.x + step, pen.y + down)
            pen.x, pen.y = pen.x + step, pen.y + down
            end = (pen.x, pen.y)
            run.append(character)
        if run:
            yield _line(run, start, end, size, matrix, box_x, box_y)


def _line(
    run: list[str],
    start: tuple[float, float],
    end: tuple[float, float],
    size: float,
    matrix: _Matrix,
    box_x: float,
    box_y: float,
) -> Line:
    a, b, c, d, e, f = matrix
    # Without steps for each character (some writers leave them out) the width is that of full-width characters.
    last = end[0] if end[0] > start[0] or len(run) == 1 else start[0] + size * (len(run) - 1)
    left, base = a * start[0] + c * start[1] + e, b * start[0] + d * start[1] + f
    right = a * (last + size * (0.5 if run[-1].isascii() else 1.0)) + c * start[1] + e
    height = size * abs(d or c or 1)
    return Line("".join(run), box_x + min(left, right), box_x + max(left, right), box_y + base - height, box_y + base)


def _deltas(text: str | None) -> list[float]:
    """Distances between characters; `g 3 4.2` stands for three times 4.2 (GB/T 33190 11.3, table 46)."""
    values: list[float] = []
    parts = iter((text or "").split())
    for part in parts:
        if part == "g":
            count, value = next(parts, "0"), next(parts, "0")
            values.extend([float(value)] * min(int(count), 100_000))
        else:
            values.append(float(part))
    return values


def _matrix(text: str | None) -> _Matrix:
    if not text:
        return _IDENTITY
    a, b, c, d, e, f = _numbers(text, 6)
    return a, b, c, d, e, f


def _numbers(text: str | None, count: int) -> list[float]:
    values = [float(part) for part in (text or "").split()[:count]]
    return values + [0.0] * (count - len(values))


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _all(root: etree._Element, name: str) -> Iterator[etree._Element]:
    """Elements by local name: writers use different prefixes and even different namespace addresses."""
    return root.iter("{*}" + name)


def _text(element: etree._Element, *names: str) -> str:
    for name in names:
        found = next((child for child in element if _name(child) == name), None)
        if found is None:
            return ""
        element = found
    return element.text or ""
