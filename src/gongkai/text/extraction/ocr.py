"""Text from pictures by RapidOCR, whose models travel in its wheel: nothing is fetched, nothing leaves the machine."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from PIL import Image, ImageOps, ImageSequence

from gongkai.text.extraction.contract import Code, Extracted, Unreadable
from gongkai.text.extraction.layout import Line, headline, join_segments, reflow, sort_reading_order
from gongkai.text.extraction.limits import Limits, too_large
from gongkai.text.extraction.markup import paragraphs_to_html

WARNING = "本文件有 {pages} 页由图片识别（OCR）而来，文字可能有误，请对照原件核对。"
THREADS = 2
_LONGEST_SIDE = 2400
"""Pixels: an A4 page at 200 dpi goes in unreduced, larger sheets are reduced, which bounds the memory taken."""
_lock = Lock()


@cache
def _engine() -> Any:
    """One engine a process: loading the models takes about a second, and they are large."""
    from rapidocr import RapidOCR  # loaded when the first picture comes, not at every start of the program

    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    return RapidOCR(
        params={
            "Global.log_level": "error",
            "Global.max_side_len": _LONGEST_SIDE,
            "EngineConfig.onnxruntime.intra_op_num_threads": THREADS,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


def read_lines(image: Image.Image) -> list[Line]:
    """The lines of text in a picture, in reading order, in pixels."""
    import numpy

    pixels = numpy.asarray(image.convert("RGB"))[:, :, ::-1]
    with _lock:
        result = _engine()(pixels)
    if result is None or result.boxes is None or not result.txts:
        return []
    pieces = []
    for box, text in zip(result.boxes, result.txts, strict=True):
        xs, ys = [float(point[0]) for point in box], [float(point[1]) for point in box]
        pieces.append(Line(text, min(xs), max(xs), min(ys), max(ys)))
    return join_segments(sort_reading_order(pieces))


def read_characters(image: Image.Image) -> list[list[tuple[str, float, float, float, float]]]:
    """The lines of a picture as characters with left, top, right and bottom in pixels, top lines first.

    The boxes of one line touch each other: where a character ends is only guessed, so the gap is shared out.
    """
    import numpy

    pixels = numpy.asarray(image.convert("RGB"))[:, :, ::-1]
    with _lock:
        result = _engine()(pixels, return_word_box=True)
    if result is None or not result.word_results or not result.txts:
        return []
    lines = [_touching([(one[0], one[2]) for one in words if one[2]]) for words in result.word_results]
    return sorted((line for line in lines if line), key=lambda line: (round(line[0][2] / 12), line[0][1]))


def _touching(words: list[tuple[str, Any]]) -> list[tuple[str, float, float, float, float]]:
    """The characters of words with their corners; a word of several characters is shared out evenly."""
    placed: list[tuple[str, float, float, float, float]] = []
    for text, corners in words:
        xs, ys = [float(point[0]) for point in corners], [float(point[1]) for point in corners]
        left, step = min(xs), (max(xs) - min(xs)) / max(len(text), 1)
        placed += [(char, left + step * at, min(ys), left + step * (at + 1), max(ys)) for at, char in enumerate(text)]
    for at in range(len(placed) - 1):
        char, left, top, right, bottom = placed[at]
        following, next_left, next_top, next_right, next_bottom = placed[at + 1]
        gap = next_left - right
        if abs(gap) < (bottom - top):  # a wider one is a blank
            middle = right + gap / 2
            placed[at] = (char, left, top, middle, bottom)
            placed[at + 1] = (following, middle, next_top, next_right, next_bottom)
    return placed


def extract_image(path: Path, limits: Limits) -> Extracted:
    """A picture, or each page of a multi-page TIFF. Raises `Unreadable`: damaged, huge."""
    pages = [read_lines(image) for image in _frames(path, limits)]
    paragraphs = reflow(pages)
    return Extracted(
        kind="image",
        text="\n".join(paragraphs),
        html=paragraphs_to_html(paragraphs),
        title=headline(pages[0]) if pages else "",
        pages=len(pages),
        ocr=True,
        warnings=(WARNING.format(pages=len(pages)),),
    )


def open_image(path_or_file: Any, limits: Limits) -> Image.Image:
    """A picture whose claimed size has been checked before any pixel is unpacked."""
    try:
        image = Image.open(path_or_file)
    except Image.DecompressionBombError as error:
        raise too_large(
            "图片像素", "过多", f"{limits.image_pixels // 1_000_000} 百万像素", "请缩小后重新提交"
        ) from error
    except (OSError, ValueError, SyntaxError) as error:
        raise _damaged() from error
    if image.width * image.height > limits.image_pixels:
        size = f"{image.width}×{image.height}"
        raise too_large("图片像素", size, f"{limits.image_pixels // 1_000_000} 百万像素", "请缩小后重新提交")
    return image


def _frames(path: Path, limits: Limits) -> Iterator[Image.Image]:
    with open_image(path, limits) as image:
        count = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
        if count > limits.ocr_pages:
            raise too_large("图片页数", f"{count} 页", f"{limits.ocr_pages} 页")
        try:
            for frame in ImageSequence.Iterator(image):
                yield ImageOps.exif_transpose(frame.convert("RGB")) or frame
                if count == 1:
                    break
        except (OSError, ValueError, SyntaxError, EOFError) as error:
            raise _damaged() from error


def _damaged() -> Unreadable:
    return Unreadable(Code.DAMAGED, "图片已损坏，无法打开。请重新扫描或导出后再提交。")
