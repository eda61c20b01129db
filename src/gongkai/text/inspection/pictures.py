"""Pictures: what the camera wrote (place, author, device), and the words in them by character recognition."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from PIL import ExifTags, Image

from gongkai.text.extraction import ocr
from gongkai.text.inspection.draft import Draft
from gongkai.text.inspection.office import PROPERTIES

_PEOPLE = {"Artist": "作者", "Copyright": "版权", "XPAuthor": "作者", "CameraOwnerName": "机主", "HostComputer": "设备"}
_DEVICES = {"Make": "设备厂商", "Model": "设备型号", "BodySerialNumber": "设备序列号", "Software": "程序"}
_WORDS = {"ImageDescription": "说明", "UserComment": "备注", "XPTitle": "标题", "XPComment": "备注", "XPKeywords": "关键词",
          "XPSubject": "主题", "DocumentName": "文档名", "DateTimeOriginal": "拍摄时间"}  # fmt: skip
_LABELS = _PEOPLE | _DEVICES | _WORDS
_XMP_TEXT = re.compile(r">([^<>]*\S[^<>]*)<|=\"([^\"<>]{2,})\"")
_URL = re.compile(r"^https?://(?:ns\.adobe|www\.w3|purl)|^adobe:ns:|^(?:W5M0MpCehiHzreSzNTczkc9d|begin|end)")
_LONGEST = 2_000


def read_picture(path: Path, draft: Draft) -> None:
    """Fill `draft` from a picture. Raises `Unreadable`: damaged, huge."""
    with ocr.open_image(path, draft.limits) as image:
        read_tags(image, draft, "图片")
    if draft.budget.pictures > 0:
        extracted = ocr.extract_image(path, replace(draft.limits, ocr_pages=draft.budget.pictures))
        draft.budget.pictures -= extracted.pages
        draft.flowing(extracted.text)
    elif draft.limits.ocr_pages:
        draft.find("file.unread", message="图片过多，这张图片未识别。请减少图片或者分开上传。", place="图片")


def read_tags(image: Image.Image, draft: Draft, place: str) -> None:
    """What is written beside the pixels: a place, people, devices, notes."""
    with draft.section(PROPERTIES if place == "图片" else f"{place}的属性", hidden=True):
        for name, value in _tags(image):
            label = _LABELS.get(name, name)
            at = draft.line(f"{label}：{value}")
            if name == "GPS":
                draft.find("file.author", message=f"图片中有拍摄地点（{value}）。", text=value, at=at)
            elif name in _PEOPLE or name in _DEVICES:
                draft.find("file.author", message=f"图片属性中的“{label}”为“{value}”。", text=value, at=at)
            draft.paths(value, at)


def _tags(image: Image.Image) -> Iterator[tuple[str, str]]:
    try:
        exif = image.getexif()
        tables = [dict(exif), exif.get_ifd(ExifTags.IFD.Exif)]
        place = _place(exif.get_ifd(ExifTags.IFD.GPSInfo))
    except (OSError, ValueError, SyntaxError, KeyError, TypeError):  # a damaged list of tags says nothing
        tables, place = [], ""
    if place:
        yield "GPS", place
    for table in tables:
        for tag, value in table.items():
            name = ExifTags.TAGS.get(tag, "")
            if name in _LABELS and (words := _words(name, value)):
                yield name, words
    for key, value in image.info.items():
        if isinstance(key, str) and key.lower() not in ("exif", "icc_profile", "dpi", "jfif", "photoshop"):
            yield from _free_text(key, value)
    for _, data in getattr(image, "applist", []):
        if data.startswith((b"http://ns.adobe.com/", b"Photoshop")):
            yield from _free_text("XMP", data)


def _free_text(key: str, value: Any) -> Iterator[tuple[str, str]]:
    """Notes of PNG and GIF, and XMP packets wherever they stand."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", errors="replace")
    if not isinstance(value, str) or not value.strip():
        return
    if "<x:xmpmeta" in value or "<rdf:RDF" in value or key.lower() == "xmp":
        people = xmp_people(value)
        yield from (("Artist", name) for name in people)
        yield from (("XMP", words) for words in xmp_words(value) if words not in people)
    else:
        yield ("Artist" if key.lower() == "author" else key), value[:_LONGEST]


def xmp_words(packet: str, most: int = 1_000_000) -> list[str]:
    """The values in the first `most` characters of XML, without the addresses of XMP's vocabularies (ISO 16684-1)."""
    values = (a or b for a, b in _XMP_TEXT.findall(packet[:most]))
    return list(dict.fromkeys(v.strip()[:_LONGEST] for v in values if not _URL.match(v.strip())))


def xmp_people(packet: str) -> list[str]:
    """The names of authors in an XMP packet (dc:creator)."""
    blocks = re.findall(r"<dc:creator\b.*?</dc:creator>", packet[:1_000_000], re.DOTALL)
    return [words for block in blocks for words in xmp_words(block)]


def _words(name: str, value: Any) -> str:
    if isinstance(value, bytes):
        if name == "UserComment":
            value = value[8:]
        encoding = "utf-16-le" if name.startswith("XP") else "utf-8"
        value = value.decode(encoding, errors="replace")
    return str(value).replace("\0", " ").strip()[:_LONGEST]


def _place(gps: dict[int, Any]) -> str:
    """Latitude and longitude in degrees, as EXIF has them: degrees, minutes, seconds."""
    try:
        north = sum(float(part) / 60**power for power, part in enumerate(gps[2]))
        east = sum(float(part) / 60**power for power, part in enumerate(gps[4]))
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return "有定位信息" if gps else ""
    return f"{gps.get(1, 'N')}{north:.5f} {gps.get(3, 'E')}{east:.5f}"
