"""The burn: a new PDF in which what was hidden does not exist."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gongkai.documents.redaction.boxes import check_boxes
from gongkai.documents.redaction.covering import cover, is_touched
from gongkai.documents.redaction.layer import operators, seen_on, sort_out
from gongkai.documents.redaction.limits import DPI, PAGE_PIXELS
from gongkai.documents.redaction.model import Burnt, BurntPage, PageSize, RedactionBox
from gongkai.documents.redaction.painting import in_pixels, is_grey, mark_sample, paint
from gongkai.documents.redaction.proof import Leaked, leaks
from gongkai.documents.redaction.source import SourceDocument
from gongkai.documents.redaction.withheld import Withheld
from gongkai.documents.redaction.writing import Encoded, PdfFile, encode
from gongkai.rules.reasons import Reason, Refused


class BoxesRefused(Refused):
    """The boxes cannot be burnt; `reasons` has every reason, in Chinese, with the remedy."""


@dataclass(slots=True)
class _Work:
    """What grows from page to page."""

    pages: list[BurntPage] = field(default_factory=list)
    hidden: int = 0
    unseen: int = 0
    withheld: Withheld = field(default_factory=Withheld)


def burn(
    source: SourceDocument,
    boxes: Sequence[RedactionBox],
    labels: Mapping[str, str],
    sample: bool = False,
    *,
    dpi: int = DPI,
) -> Burnt:
    """A new PDF of pictures of the pages with the boxes painted over, and a text layer of what is left (《条例》§37).

    `labels` gives the short label of each ground, which is written on its boxes where it fits. `sample` marks every page 示例数据.
    `dpi` is at least 200. Equal input gives equal bytes.

    Raises `BoxesRefused` with every reason, `Leaked` when the finished file fails its own proof (then there is no
    file), `Unreadable` for a page that cannot be shown.
    """
    reasons = [*check_boxes(boxes, source.pages, labels), *_resolution(source.pages, dpi)]
    if reasons:
        raise BoxesRefused(reasons)
    work = _Work()
    file = io.BytesIO()
    writer = PdfFile(file, text=True)
    for page in source.pages:
        here = [box for box in boxes if box.page == page.number]
        encoded, content = _page(source, page, here, labels, sample, dpi, work)
        writer.page(page.width, page.height, encoded, content)
    writer.finish()
    hidden_texts = work.withheld.texts()
    burnt = Burnt(
        file.getvalue(), tuple(work.pages), work.hidden, work.unseen, still_visible=work.withheld.still_visible()
    )
    if found := leaks(burnt, hidden_texts):
        raise Leaked(found)
    return burnt


def _resolution(pages: Sequence[PageSize], dpi: int) -> list[Reason]:
    if dpi < DPI:
        return [Reason("low_resolution", f"分辨率不能低于 {DPI} dpi。请调高后重试。", "", "dpi")]
    if any(page.width * page.height * (dpi / 72) ** 2 > PAGE_PIXELS for page in pages):
        return [Reason("high_resolution", f"页面较大，不能用 {dpi} dpi 生成。请改用 {DPI} dpi。", "", "dpi")]
    return []


def _page(
    source: SourceDocument,
    page: PageSize,
    boxes: Sequence[RedactionBox],
    labels: Mapping[str, str],
    sample: bool,
    dpi: int,
    work: _Work,
) -> tuple[Encoded, bytes]:
    """One page: its picture as it stands in the file, and the operators of its text layer."""
    characters = source.words(page.number)
    image = source.picture(page.number, dpi)
    rects = [box.rect for box in boxes]
    covered = cover(page, characters, rects)
    seen = seen_on(image, characters)
    work.withheld.add(page, characters, rects, seen)
    silent = [rect for rect in rects if not any(is_touched(page, one, rect) for one in characters if not one.is_blank)]
    layer = sort_out(characters, covered.hidden, seen, silent)
    painted = [in_pixels(rect, image.size) for rect in covered.additions]
    painted += [in_pixels(box.rect, image.size, labels[box.ground].strip()) for box in boxes]
    if sample:
        mark_sample(image)
    paint(image, painted)
    if is_grey(image):  # only now: that there was colour under a box is nobody's business either
        image = image.convert("L")
    work.pages.append(BurntPage(image.width, image.height, tuple(painted)))
    work.hidden += layer.hidden
    work.unseen += layer.unseen
    return encode(image), operators(page, layer.items)
