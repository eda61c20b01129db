"""The simple HTML every reader of this package writes: building it, and the one place where it is sanitised."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

import nh3

_TAGS = {"p", "h1", "h2", "h3", "h4", "table", "tr", "td", "th", "ul", "ol", "li", "br", "strong", "em", "a"}
_ATTRIBUTES = {"a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif);base64,", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\u200b-\u200f\u2028\u2029\u202a-\u202e\u2060]")
_BLANKS = re.compile(r"[ \t\r\n\xa0\u2002\u2003\u3000]+")


def tidy(text: str) -> str:
    """One paragraph: no control or invisible characters, runs of blanks as one blank, no indent."""
    return _BLANKS.sub(" ", _CONTROL.sub("", text)).strip()


def sanitise(html: str, *, pictures: bool = False) -> str:
    """`html` with the allowed tags and nothing else: no script, style, event, or non-web link; with `pictures` also those whose
    content is in their address."""
    return nh3.clean(
        html,
        tags=_TAGS | ({"img"} if pictures else set()),
        attributes={**_ATTRIBUTES, "img": {"src", "alt"}} if pictures else _ATTRIBUTES,
        attribute_filter=_judge if pictures else None,
        url_schemes={"http", "https", "mailto"} | ({"data"} if pictures else set()),
        link_rel=None,
        strip_comments=True,
    )


def _judge(tag: str, attribute: str, value: str) -> str | None:
    is_data = value.lower().startswith("data:")
    is_picture = tag == "img" and attribute == "src"
    return value if is_data == is_picture and (not is_picture or _PICTURE.match(value)) else None


def paragraphs_to_html(paragraphs: Iterable[str]) -> str:
    """Plain paragraphs as `<p>` elements; a paragraph with tabs is a table row, neighbouring rows form a table."""
    parts: list[str] = []
    rows: list[list[str]] = []
    for paragraph in paragraphs:
        if "\t" in paragraph:
            rows.append(paragraph.split("\t"))
            continue
        if rows:
            parts.append(table_to_html(rows))
            rows = []
        parts.append(f"<p>{escape(paragraph, quote=False)}</p>")
    if rows:
        parts.append(table_to_html(rows))
    return "\n".join(parts)


def table_to_html(rows: Sequence[Sequence[str]], *, header: bool = False) -> str:
    """Rows of plain cells as a table; `header` marks the first row as column names."""
    lines = []
    for index, row in enumerate(rows):
        tag = "th" if header and index == 0 else "td"
        lines.append("<tr>" + "".join(f"<{tag}>{escape(cell, quote=False)}</{tag}>" for cell in row) + "</tr>")
    return "<table>" + "".join(lines) + "</table>"
