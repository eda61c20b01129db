"""Pictures in a body: files of the edition like any attachment, shown where the text has them instead of listed below it.

A body names a picture by the SHA-256 of its file (``/pictures/<sha256>``, see `sanitising.PICTURE`). Whatever comes in otherwise
is either turned into such a file (``data:`` addresses of what was pasted or chosen) or refused with the remedy; nothing is ever
fetched from elsewhere.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterable, Mapping
from html import escape, unescape
from io import BytesIO
from typing import Any, BinaryIO

from django.db import transaction
from django.db.models import Max

from gongkai.audit.log import Entry, record
from gongkai.disclosure.models import Attachment, Edition, Item
from gongkai.disclosure.sanitising import IMG, PICTURE, addresses_in, sanitise_keeping_pictures
from gongkai.files.models import StoredFile
from gongkai.files.store import store
from gongkai.organisations.actors import NotVisible
from gongkai.rules.access import Actor, visible_organisations
from gongkai.rules.reasons import Reason, Refused

SUFFIXES: Mapping[str, str] = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp"}
"""What every browser shows; the media types a picture in the text may have."""
MAX_BYTES = 20 * 1024 * 1024
_ATTRIBUTE = re.compile(r'\s(src|alt)="([^"]*)"')
_DATA = re.compile(r"data:image/[a-z0-9.+-]+(?:;[a-z]+=[^;,]*)*;base64,(.*)", re.IGNORECASE | re.DOTALL)
_OFFICE = re.compile(r'(\ssrc=")/office/items/\d+(/pictures/[0-9a-f]{64}")')


# --- addresses ---------------------------------------------------------------------------------------------------------
def for_office(body: str, item_id: int) -> str:
    """A sanitised body for those who work on the item: its pictures have office addresses, which need no publication."""
    return re.sub(r' src="(/pictures/[0-9a-f]{64})"', rf' src="/office/items/{item_id}\1"', body)


def from_office(body: str) -> str:
    """What an editor gives back, with the addresses that are stored."""
    return _OFFICE.sub(r"\1\2", body)


def with_addresses(body: str, address_for: Callable[[bytes], str]) -> str:
    """A body from `sanitise_keeping_pictures` with an address in place of every picture whose content is in it."""

    def replace(found: re.Match[str]) -> str:
        attributes = {name: unescape(value) for name, value in _ATTRIBUTE.findall(found[1])}
        embedded = _DATA.fullmatch(attributes.get("src", ""))
        if embedded is None:
            return found[0]
        try:
            address = address_for(base64.b64decode(embedded[1], validate=False))
        except (binascii.Error, ValueError):
            return ""
        return f'<img src="{escape(address)}" alt="{escape(attributes.get("alt", ""))}">'

    return IMG.sub(replace, body)


# --- taking in ---------------------------------------------------------------------------------------------------------
def take_in(values: Mapping[str, Any]) -> tuple[dict[str, Any], frozenset[str]]:
    """`values` of an edition with every picture of the body stored, and the digests of those that came with their content.

    Called outside transactions, for storing takes time. Raises `Refused` with one reason for each picture that cannot be kept, naming it by its place in the text.
    """
    taken = dict(values)
    body = from_office(str(taken.get("body") or ""))
    if "<im" not in body.lower():  # browsers read <image> as a picture too
        return taken, frozenset()
    reasons: list[Reason] = []
    own: set[str] = set()
    place = 0

    def replace(found: re.Match[str]) -> str:
        nonlocal place
        place += 1
        attributes = {name: unescape(value) for name, value in _ATTRIBUTE.findall(found[1])}
        try:
            address = _address(attributes.get("src", "").strip(), place, own)
        except Refused as refusal:
            reasons.extend(refusal.reasons)
            return ""
        return f'<img src="{address}" alt="{escape(attributes.get("alt", ""))}">' if address else ""

    taken["body"] = IMG.sub(replace, sanitise_keeping_pictures(body))
    if reasons:
        raise Refused(reasons)
    return taken, frozenset(own)


def _address(source: str, place: int, own: set[str]) -> str:
    """The stored address of a picture, whose content is stored on the way when it came with it. Raises `Refused`."""
    if PICTURE.fullmatch(source):
        return source
    embedded = _DATA.fullmatch(source)
    if embedded:
        try:
            content = base64.b64decode(embedded[1], validate=False)
        except (binascii.Error, ValueError):
            raise _refused(place, "已损坏，请删除后重新插入。") from None
        file = keep(f"正文第{place}张图片", BytesIO(content), place)
        own.add(file.sha256)
        return address_of(file)
    if source.lower().startswith(("http:", "https:", "//")):
        raise _refused(place, "来自其他网站，不能引用外部图片。请将图片保存到本机后重新插入，或者删除该图片。")
    if not re.match(r"[a-z]+:", source, re.IGNORECASE):
        return ""  # no address of any picture, so nobody has seen one there
    raise _refused(place, "没有随文字一起粘贴过来。请用“从 Word 导入”上传文档，或者单独插入该图片。")


def _refused(place: int, what: str) -> Refused:
    return Refused([Reason("picture", f"正文第{place}张图片{what}", field="body")])


def keep(name: str, stream: BinaryIO, place: int | None = None) -> StoredFile:
    """Store a picture for a text. Raises `Refused` for what is no picture that every browser shows, or larger than 20 MB."""
    content = stream.read(MAX_BYTES + 1)
    called = f"正文第{place}张图片" if place else f"图片“{name}”"
    if len(content) > MAX_BYTES:
        message = f"{called}超过 {MAX_BYTES // 1024 // 1024} MB，请压缩后重新插入。"
        raise Refused([Reason("picture_huge", message, field="body")])
    try:
        file = store(name, BytesIO(content))
    except Refused as refusal:
        message = refusal.reasons[0].message.replace(f"附件“{name}”：", "")
        raise Refused([Reason("picture", f"{called}：{message}", field="body")]) from refusal
    if file.media_type not in SUFFIXES:
        message = f"{called}不是 PNG、JPEG、GIF 或者 WebP 格式，浏览器不能显示，请转换格式后重新插入。"
        raise Refused([Reason("picture_format", message, field="body")])
    return file


def address_of(file: StoredFile) -> str:
    """What a body says to show the picture."""
    return f"/pictures/{file.sha256}"


# --- what belongs to an edition ----------------------------------------------------------------------------------------
def attach_those_in(edition: Edition, actor: Actor, own: Iterable[str] = ()) -> list[StoredFile]:
    """Make every picture of the body a file of the edition; called in the transaction that saves it. Returns the new ones.

    `own` are digests of what this very save brought. Any other must belong to an item the actor may see: a digest alone opens
    nothing. Raises `Refused`, naming the picture, when one is not to be had.
    """
    wanted = addresses_in(edition.body)
    if not wanted:
        return []
    present = dict(edition.attachments.filter(file__sha256__in=wanted).values_list("file__sha256", "pk"))
    missing = [digest for digest in wanted if digest not in present]
    files = {file.sha256: file for file in StoredFile.objects.filter(sha256__in=missing, media_type__in=SUFFIXES)}
    allowed = set(own) | _seen(actor, missing)
    added = []
    for digest in missing:
        file = files.get(digest) if digest in allowed else None
        if file is None:
            raise _refused(wanted.index(digest) + 1, "已不存在，请删除后重新插入。")
        attach(edition, file)
        added.append(file)
    return added


def attach(edition: Edition, file: StoredFile) -> Attachment:
    """Make `file` a picture in the text of `edition`."""
    position = (edition.attachments.aggregate(last=Max("position"))["last"] or 0) + 1
    name = f"正文图片{file.sha256[:8]}.{SUFFIXES[file.media_type]}"
    return Attachment.objects.create(edition=edition, file=file, name=name, title=name, position=position, in_text=True)


def _seen(actor: Actor, digests: list[str]) -> set[str]:
    """Those of `digests` that belong to items of bodies the actor sees."""
    bodies = visible_organisations(actor)
    known = Attachment.objects.filter(file__sha256__in=digests)
    if bodies is not None:
        known = known.filter(edition__item__organisation_id__in=bodies)
    return set(known.values_list("file__sha256", flat=True))


@transaction.atomic
def drop_unused(*, actor: Actor, item: Item, edition: Edition) -> None:
    """Take the pictures that no longer stand in the text off the edition, before it is handed in: nobody would see them again."""
    unused = edition.attachments.filter(in_text=True).exclude(file__sha256__in=addresses_in(edition.body))
    names = list(unused.values_list("name", flat=True))
    if names:
        unused.delete()
        detail = {"name": "、".join(names)}
        record(actor=actor, entries=[Entry("item.detach", "item", str(item.pk), item.organisation_id, detail)])


def picture_for(item: Item, digest: str) -> StoredFile:
    """A picture of any edition of a visible item. Raises `NotVisible`."""
    found = (
        Attachment.objects.filter(edition__item=item, file__sha256=digest, file__media_type__in=SUFFIXES)
        .select_related("file")
        .defer("file__text")
        .first()
    )
    if found is None:
        raise NotVisible
    return found.file
