"""Where on a page the article is: the place with the most text outside links.

Names that content systems of government sites give to the article (zoom, TRS_Editor, UCAP-CONTENT …) are taken as
hints; a hint counts only where the text is, because the same names are used for search boxes and buttons.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import html as lxml_html

_HINTS = re.compile(
    r"^(?:zoom|zoomcon|ucap-?content|trs_editor|trs_uedit\w*|view|tk_article|bt_content|vsb_content\w*|fontzoom|artibody"
    r"|article[-_]?(?:content|body|con|text|main)[-_\w]*|content[-_]?(?:article|body|text|main)|content|conten?t?xt|contxt\w*"
    r"|news[-_]?(?:content|con|text|body)|text[-_]?content|main[-_]?content|detail[-_]?(?:content|con)|j-fontcontent"
    r"|info_cont|wzcon|wznr|nr|xxnr|zwnr|gsj_htmlcon_bot|pages_content|b12c|printcontent|print-content|info-?content|con_text)$",
    re.IGNORECASE,
)
_FURNITURE = re.compile(
    r"(?:^|[-_\s])(?:nav\w*|menu\w*|mainnav|bread\w*|crumbs?|curb|foot\w*|share\w*|bdshare\w*|bdsharebuttonbox|print|toolbar|tools?"
    r"|sidebar|side-bar|copyright|ewm|qr-?_?code|qrcode|qr_container|font-?size|set-?font|fontset|pagination|pagebar|page_div|pagediv"
    r"|related\w*|prev\w*|next\w*|sxp|sxy|op-row|search\w*|login\w*|extended|others|attr|article-btn|closewin|jiucuo|quickbar)(?:$|[-_\s])",
    re.IGNORECASE,
)
_FURNITURE_TAGS = frozenset({"nav", "footer", "aside", "input", "audio", "video", "canvas"})
_CONTAINERS = frozenset(
    {
        "body",
        "div",
        "section",
        "article",
        "main",
        "form",
        "center",
        "td",
        "tr",
        "tbody",
        "table",
        "dl",
        "dd",
        "span",
        "font",
    }
)
_PUNCTUATION = re.compile("[，。；、？！]")
_HINT_SHARE = 0.25
_HINT_FLOOR = 40
_DESCENT = 0.7
_HINTED_DESCENT = 0.85
_MAY_DROP = 0.4
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_MAY_HIDE = 0.6


@dataclass(slots=True)
class _Weight:
    """How many characters an element holds: outside and inside links."""

    text: int = 0
    links: int = 0


def main_content(body: lxml_html.HtmlElement) -> lxml_html.HtmlElement:
    """The element that holds the article; `body` itself if no part of it stands out."""
    weights = _weigh(body)
    total = weights[body].text
    best: lxml_html.HtmlElement | None = None
    for element, weight in weights.items():
        if weight.text < max(_HINT_FLOOR, _HINT_SHARE * total) or not _is_hinted(element):
            continue
        # Document order: an inner hint replaces an outer one when it holds nearly all of the outer's text.
        if (
            best is None
            or weight.text > weights[best].text
            or (best in element.iterancestors() and weight.text > _HINTED_DESCENT * weights[best].text)
        ):
            best = element
    if best is not None:
        return _descend(best, weights, _HINTED_DESCENT)
    if total < _HINT_FLOOR:
        # A page of links (a column's list) has hardly any other text: there the links are the content.
        for weight in weights.values():
            weight.text += weight.links
    return _descend(body, weights, _DESCENT)


def drop_hidden(body: lxml_html.HtmlElement) -> None:
    """Remove what readers do not see, for example a second copy of the article for a reading aid.

    A hidden element with most of the text stays: there a script shows the article after loading.
    """
    weights = _weigh(body)
    for element, weight in weights.items():
        if (
            element is not body
            and _HIDDEN.search(element.get("style") or "")
            and weight.text <= _MAY_HIDE * weights[body].text
        ):
            element.drop_tree()


def drop_furniture(main: lxml_html.HtmlElement) -> None:
    """Remove menus, share and print buttons, pagers and the like inside the article's element."""
    weights = _weigh(main)
    total = weights[main].text + weights[main].links
    for element, weight in weights.items():
        if element is main or element.getparent() is None or weight.text > _MAY_DROP * total:
            continue
        names = f"{element.get('id', '')} {element.get('class', '')}"
        if element.tag in _FURNITURE_TAGS or (names != " " and element.tag != "a" and _FURNITURE.search(names)):
            element.drop_tree()


def _weigh(root: lxml_html.HtmlElement) -> dict[lxml_html.HtmlElement, _Weight]:
    """The weight of every element under `root`, in document order, without recursion (pages can nest deeply)."""
    weights = {element: _Weight() for element in root.iter() if isinstance(element.tag, str)}
    for element in reversed(weights):
        weight = weights[element]
        weight.text += _length(element.text)
        if element.tag == "a":
            weight.links += weight.text
            weight.text = 0
        if element is root:
            break
        parent = weights.get(element.getparent())
        if parent is not None:
            parent.text += weight.text + _length(element.tail)
            parent.links += weight.links
    return weights


def _length(text: str | None) -> int:
    """Characters of a piece of text; a piece without punctuation is a label rather than prose and counts a quarter."""
    if not text:
        return 0
    length = len("".join(text.split()))
    return length if _PUNCTUATION.search(text) else (length + 3) // 4


def _is_hinted(element: lxml_html.HtmlElement) -> bool:
    names = [element.get("id") or "", *(element.get("class") or "").split()]
    return element.tag in ("ucapcontent", "article") or any(_HINTS.match(name) for name in names if name)


def _descend(
    element: lxml_html.HtmlElement, weights: dict[lxml_html.HtmlElement, _Weight], share: float
) -> lxml_html.HtmlElement:
    """Follow the child that holds at least `share` of the text, down to where the text divides into paragraphs."""
    while True:
        children = [child for child in element if child.tag in _CONTAINERS]
        heaviest = max(children, key=lambda child: weights[child].text, default=None)
        if (
            heaviest is None
            or weights[heaviest].text < share * weights[element].text
            or heaviest.tag in ("span", "font")
        ):
            break
        element = heaviest
    # Never stop inside a table: its rows belong together.
    while element.tag in ("tr", "tbody") and element.getparent() is not None:
        element = element.getparent()
    return element
