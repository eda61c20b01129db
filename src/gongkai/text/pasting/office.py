"""The markup that Word and WPS put on the clipboard, as the simple HTML of a body.

Kept: headings (by element, by outline level), paragraphs, lists, tables with their spans, emphasis, raised and lowered signs, links,
pictures. Gone: fonts, colours, classes, conditional comments, ``o:p``, smart tags, VML, tracked deletions, remarks, bookmarks, blanks
that only indent.

A list of Word is no list in its markup but paragraphs with ``mso-list``; the sign or number stands in a part marked ``mso-list:Ignore``.
Signs and Arabic numbers become lists. The numbers of official documents (一、（一）第一条 ①) become text: they are quoted and compared.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape

import nh3
from lxml import html as lxml_html

from gongkai.text.pasting.lists import LIST, ListItem, nested, number_of, said, take_label
from gongkai.text.pasting.rtf import rtf_pictures

_DROPPED = frozenset(
    ["script", "style", "head", "title", "meta", "link", "xml", "template", "noscript", "iframe", "frame", "frameset", "object",
     "embed", "applet", "svg", "math", "audio", "video", "canvas", "map", "form", "input", "select", "textarea", "button", "base",
     "plaintext", "xmp", "noembed", "noframes"]
)  # fmt: skip
_BLOCKS = frozenset(
    ["p", "div", "section", "article", "header", "footer", "main", "aside", "center", "address", "figure", "figcaption", "dl", "dt", "dd",
     "pre", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "table", "body", "html", "hr", "caption"]
)  # fmt: skip
_INLINE = {
    "b": "strong",
    "strong": "strong",
    "i": "em",
    "em": "em",
    "u": "u",
    "s": "s",
    "strike": "s",
    "sub": "sub",
    "sup": "sup",
}
_HIDDEN = re.compile(
    r"display\s*:\s*none|mso-hide\s*:\s*all|mso-element\s*:\s*comment|visibility\s*:\s*hidden", re.IGNORECASE
)
_OUTLINE = re.compile(r"mso-outline-level\s*:\s*([1-9])", re.IGNORECASE)
_BOLD = re.compile(r"font-weight\s*:\s*(bold|[6-9]00)\b", re.IGNORECASE)
_NOT_BOLD = re.compile(r"font-weight\s*:\s*(normal|[1-5]00)\b", re.IGNORECASE)
_ITALIC = re.compile(r"font-style\s*:\s*italic", re.IGNORECASE)
_UNDERLINE = re.compile(r"text-decoration\s*:[^;]*underline|text-underline\s*:\s*(?!none)", re.IGNORECASE)
_RAISED = re.compile(r"vertical-align\s*:\s*(super|sub)\b", re.IGNORECASE)
_BLANK = re.compile(r"[ \t\r\n\xa0\u2002\u2003\u3000]+")
_EMPTY = re.compile(r"<(strong|em|u|s|sub|sup|a)(?: [^<>]*)?>(\s*)</\1>")
_JOINED = re.compile(r"</(strong|em|u|s)>(\s*)<\1>")
_PICTURE = re.compile(r"data:image/(?:png|jpe?g|gif|webp);base64,[A-Za-z0-9+/=\s]+\Z", re.IGNORECASE)
_REVEALED = re.compile(r"<!\[(?:if|endif)\b[^<>]{0,200}\]>", re.IGNORECASE)
_SPAN = re.compile(r"[1-9]\d{0,2}\Z")
_TAGS = {"p", "h2", "h3", "h4", "strong", "em", "u", "s", "sub", "sup", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td",
         "a", "br", "img"}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "ol": {"start"},
    "img": {"src", "alt"},
}
_LISTS = frozenset({"list", "ul", "ol"})
_WHOLE = _LISTS | {"table"}
"""Kinds of blocks that bring their own element."""
DEEPEST = 100
"""Elements within elements that are read; what is nested deeper is taken as its text."""


@dataclass(frozen=True, slots=True)
class Pasted:
    """What became of a paste."""

    html: str
    """Simple HTML; pictures are ``data:`` addresses."""
    lost: int = 0
    """Pictures of which only a path on the writer's disk came."""
    external: int = 0
    """Pictures of other sites, left out."""


def clean_office_html(markup: str) -> str:
    """`paste` without the rest of the clipboard, for those who want the text alone."""
    return paste(markup).html


def paste(markup: str, rtf: str = "") -> Pasted:
    """`markup` from the clipboard as simple HTML; `rtf` is what lay beside it, where the pictures are.

    Pictures of the RTF take the places of those the markup has by path, in order, when there are as many: with any other number
    nobody could say which is which.
    """
    start = markup.find("<!--StartFragment-->")
    end = markup.rfind("<!--EndFragment-->")
    fragment = markup[start + 20 : end] if 0 <= start < end else markup
    root = _parse(fragment)
    if root is None:
        return Pasted("")
    by_path = sum(1 for image in root.iter("img") if _is_path(image))
    embedded = rtf_pictures(rtf) if by_path else []
    reader = _Reader(embedded if len(embedded) == by_path else [])
    reader.blocks(root)
    reader.end()
    return Pasted(_sanitised(reader.written()), reader.lost, reader.external)


def _parse(fragment: str) -> lxml_html.HtmlElement | None:
    readable = _REVEALED.sub("", fragment.replace("\x00", "")).encode("utf-8", "ignore").decode("utf-8")
    if not readable.strip():
        return None
    parser = lxml_html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    return lxml_html.document_fromstring(f"<html><body>{readable}</body></html>".encode(), parser=parser).find("body")


def _sanitised(made: str) -> str:
    """What was written here is simple already; the allow-list stands behind it all the same."""

    def judge(tag: str, attribute: str, value: str) -> str | None:
        return None if tag == "img" and attribute == "src" and not _PICTURE.match(value) else value

    return nh3.clean(
        made,
        tags=_TAGS,
        attributes={"*": set(), **{tag: set(names) for tag, names in _ATTRIBUTES.items()}},
        attribute_filter=judge,
        url_schemes={"http", "https", "mailto", "tel", "data"},
        link_rel=None,
        strip_comments=True,
    )


def _is_path(image: lxml_html.HtmlElement) -> bool:
    source = (image.get("src") or "").strip().lower()
    return not source.startswith(("data:", "http:", "https:", "//"))


@dataclass(slots=True)
class _Reader:
    """Walks the tree; `out` holds finished blocks, `items` the list paragraphs that wait to become a list."""

    embedded: Sequence[tuple[str, bytes]]
    out: list[tuple[str, str]] = field(default_factory=list)
    items: list[ListItem] = field(default_factory=list)
    inline: list[str] = field(default_factory=list)
    lost: int = 0
    external: int = 0
    taken: int = 0

    # --- blocks ------------------------------------------------------------------------------------------------------
    def blocks(self, parent: lxml_html.HtmlElement, depth: int = 0) -> None:
        """The content of an element that holds blocks, text between them included."""
        self._text(parent.text)
        for element in parent:
            self._one(element, depth)
            self._text(element.tail)

    def _one(self, element: lxml_html.HtmlElement, depth: int) -> None:
        tag = _name(element)
        if not tag or tag in _DROPPED or _hidden(element):
            return
        if depth > DEEPEST:
            self._text(str(element.text_content()))
        elif tag == "table":
            self.end()
            self.out.append(("table", self._table(element, depth)))
        elif tag in ("ul", "ol"):
            self.end()
            self.out.append((tag, self._list(element, depth)))
        elif tag == "br":
            self.inline.append("<br>")
        elif tag == "hr" or tag == "caption":
            self.end()
        elif tag in _BLOCKS and not _holds_blocks(element):
            self.end_paragraph()
            self._paragraph(element, tag, depth)
        elif tag in _BLOCKS:
            self.end_paragraph()
            self.blocks(element, depth + 1)
            self.end_paragraph()
        elif _holds_blocks(element):  # <b><p>…</p></b> of some editors: structure before looks
            self.blocks(element, depth + 1)
        else:
            self.inline.append(self._look(element, depth))

    def _paragraph(self, element: lxml_html.HtmlElement, tag: str, depth: int) -> None:
        style = element.get("style") or ""
        outline = _OUTLINE.search(style)
        listed = LIST.search(style)
        label = take_label(element) if listed else ""
        html = _tidy(self._inside(element, depth))
        level = int(tag[1]) if tag[0] == "h" and tag[1:].isdigit() else int(outline[1]) if outline else 0
        if "msotitle" in (element.get("class") or "").lower():
            level = level or 1
        if level:
            self._end_list()
            self.out.append((f"heading{min(level, 6)}", _without_strong(f"{said(label)}{html}")))
        elif listed and label and (number := number_of(label)) is not None:
            self.items.append(ListItem(int(listed[2]), number, html))
        else:
            self._end_list()
            self.out.append(("p", f"{said(label)}{html}" if html or label else ""))

    def end_paragraph(self) -> None:
        """Text that stands outside any block is a paragraph of its own."""
        html, self.inline = _tidy("".join(self.inline)), []
        if html:
            self._end_list()
            self.out.append(("p", html))

    def end(self) -> None:
        """Close what is open."""
        self.end_paragraph()
        self._end_list()

    def _end_list(self) -> None:
        if self.items:
            self.out.append(("list", nested(self.items)))
            self.items = []

    def _list(self, element: lxml_html.HtmlElement, depth: int) -> str:
        """A list that is one in the markup."""
        tag = _name(element)
        parts: list[str] = []
        for child in element:
            name = _name(child)
            if name in ("ul", "ol") and depth < DEEPEST:
                inner = self._list(child, depth + 1)
                if parts and parts[-1].endswith("</li>"):
                    parts[-1] = f"{parts[-1][:-5]}{inner}</li>"
                elif inner:
                    parts.append(f"<li>{inner}</li>")
            elif name and name not in _DROPPED and not _hidden(child):
                inner = self._cell(child, depth + 1)
                if inner:
                    parts.append(f"<li>{inner}</li>")
        start = element.get("start") or ""
        first = f' start="{start}"' if tag == "ol" and start.isdigit() and start != "1" else ""
        return f"<{tag}{first}>{''.join(parts)}</{tag}>" if parts else ""

    def _table(self, table: lxml_html.HtmlElement, depth: int) -> str:
        rows = []
        for row in _descend(table, "tr"):
            head = _name(row.getparent()) == "thead"
            cells = []
            for cell in row:
                if _name(cell) in ("td", "th") and not _hidden(cell):
                    tag = "th" if head else _name(cell)
                    spans = "".join(
                        f' {name}="{value}"'
                        for name in ("colspan", "rowspan")
                        if _SPAN.match(value := (cell.get(name) or "").strip()) and value != "1"
                    )
                    cells.append(f"<{tag}{spans}>{self._cell(cell, depth + 1)}</{tag}>")
            if cells:
                rows.append((head, f"<tr>{''.join(cells)}</tr>"))
        if not rows:
            return ""
        heads = "".join(row for head, row in rows if head)
        body = "".join(row for head, row in rows if not head)
        return f"<table>{f'<thead>{heads}</thead>' if heads else ''}<tbody>{body}</tbody></table>"

    def _cell(self, element: lxml_html.HtmlElement, depth: int) -> str:
        """The content of a cell or list item: inline where it is one paragraph (with lists below it), blocks where there are several."""
        inner = _Reader(self.embedded, taken=self.taken)
        inner.blocks(element, depth)
        inner.end()
        self.taken, self.lost, self.external = inner.taken, self.lost + inner.lost, self.external + inner.external
        full = [(kind, html) for kind, html in inner.out if html]
        plain = bool(full) and full[0][0] == "p" and all(kind in _LISTS for kind, _ in full[1:])
        return "".join(
            html if kind in _WHOLE or (plain and not place) else f"<p>{html}</p>"
            for place, (kind, html) in enumerate(full)
        )

    # --- inline ------------------------------------------------------------------------------------------------------
    def _text(self, text: str | None) -> None:
        if text:
            self.inline.append(escape(_BLANK.sub(" ", text), quote=False))

    def _inside(self, element: lxml_html.HtmlElement, depth: int) -> str:
        parts = [escape(_BLANK.sub(" ", element.text or ""), quote=False)]
        for child in element:
            tag = _name(child)
            if tag and tag not in _DROPPED and not _hidden(child):
                if depth > DEEPEST:
                    parts.append(escape(str(child.text_content()), quote=False))
                else:
                    parts.append("<br>" if tag == "br" else self._look(child, depth))
            parts.append(escape(_BLANK.sub(" ", child.tail or ""), quote=False))
        return "".join(parts)

    def _look(self, element: lxml_html.HtmlElement, depth: int) -> str:
        """An inline element with the looks that carry meaning."""
        tag, style = _name(element), element.get("style") or ""
        if tag == "img":
            return self._picture(element)
        if tag == "del" and (element.get("cite") or "msodel" in (element.get("class") or "").lower()):
            return ""
        inner = self._inside(element, depth + 1)
        if not inner.strip():
            return " " if inner else ""
        if tag == "a":
            address = (element.get("href") or "").strip()
            safe = re.match(r"(?:https?://|mailto:|tel:)[^\s\"'<>\\]+\Z", address, re.IGNORECASE)
            return f'<a href="{escape(address)}">{inner}</a>' if safe else inner
        for look in _looks(tag, style):
            inner = f"<{look}>{inner}</{look}>"
        return inner

    def _picture(self, image: lxml_html.HtmlElement) -> str:
        source = (image.get("src") or "").strip()
        alt = escape(_BLANK.sub(" ", image.get("alt") or "")[:200])
        if _PICTURE.match(source):
            return f'<img src="{escape(source)}" alt="{alt}">'
        if not _is_path(image):
            self.external += 1
            return ""
        if self.taken < len(self.embedded):
            media_type, content = self.embedded[self.taken]
            self.taken += 1
            return f'<img src="data:{media_type};base64,{base64.b64encode(content).decode()}" alt="{alt}">'
        self.lost += 1
        return ""

    # --- result ------------------------------------------------------------------------------------------------------
    def written(self) -> str:
        """All blocks in order; empty ones are left out, headings begin at the second level."""
        levels = sorted({kind for kind, html in self.out if kind.startswith("heading") and html})
        tags = {kind: f"h{min(2 + place, 4)}" for place, kind in enumerate(levels)}
        parts = []
        for kind, html in self.out:
            if html:
                tag = tags.get(kind, kind)
                parts.append(html if kind in _WHOLE else f"<{tag}>{html}</{tag}>")
        return "".join(parts)


def _name(element: lxml_html.HtmlElement) -> str:
    """The element's name, "" for comments; names with a prefix (o:p, w:sdt, st1:date, v:shape) as they are."""
    return element.tag.lower() if isinstance(element.tag, str) else ""


def _hidden(element: lxml_html.HtmlElement) -> bool:
    """Not to be seen, or markup of shapes and equations that no page can show."""
    name = _name(element)
    return bool(_HIDDEN.search(element.get("style") or "")) or name.startswith(("v:", "m:", "x:"))


def _holds_blocks(element: lxml_html.HtmlElement) -> bool:
    return any(_name(inner) in _BLOCKS for inner in element.iterdescendants())


def _looks(tag: str, style: str) -> Iterator[str]:
    """The elements that say what tag and style say, inner ones first."""
    meant = _INLINE.get(tag, "")
    if meant == "strong" and _NOT_BOLD.search(style):
        meant = ""
    if meant:
        yield meant
    if meant != "strong" and _BOLD.search(style):
        yield "strong"
    if meant != "em" and _ITALIC.search(style):
        yield "em"
    if tag == "span" and _UNDERLINE.search(style):
        yield "u"
    raised = _RAISED.search(style)
    if raised and meant not in ("sub", "sup"):
        yield "sup" if raised[1].lower() == "super" else "sub"


def _descend(parent: lxml_html.HtmlElement, wanted: str) -> Iterator[lxml_html.HtmlElement]:
    """Rows of a table, whatever stands between; nested tables are not entered."""
    stack = list(reversed(parent))
    while stack:
        element = stack.pop()
        name = _name(element)
        if name == wanted:
            yield element
        elif name and name not in ("table", "td", "th") and name not in _DROPPED:
            stack.extend(reversed(element))


def _without_strong(html: str) -> str:
    """A heading is strong by itself."""
    return re.sub(r"</?strong>", "", html)


def _tidy(html: str) -> str:
    """Inline HTML without blank ends, empty elements and needless seams."""
    while (shorter := _EMPTY.sub(r"\2", html)) != html:
        html = shorter
    html = _JOINED.sub(r"\2", html)
    html = re.sub(r" {2,}", " ", html)
    html = re.sub(r"\A((?:<(?:strong|em|u|s)>)*)(?:\s|<br>)+", r"\1", html).rstrip()
    while html.endswith("<br>"):
        html = html[:-4].rstrip()
    return html
