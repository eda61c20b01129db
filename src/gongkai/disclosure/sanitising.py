"""The one allow-list for bodies: whatever was typed, pasted or imported becomes this simple HTML, or nothing."""

import re
from collections.abc import Callable

import nh3

TAGS = frozenset(
    [
        "p",
        "h2",
        "h3",
        "h4",
        "strong",
        "em",
        "u",
        "s",
        "sub",
        "sup",
        "ul",
        "ol",
        "li",
        "table",
        "caption",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "a",
        "br",
        "hr",
        "blockquote",
        "img",
    ]
)
ATTRIBUTES = {
    "a": {"href", "title"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start"},
    "img": {"src", "alt"},
}
DROPPED_WITH_CONTENT = frozenset(
    {"script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "math", "title"}
)
SCHEMES = frozenset({"http", "https", "mailto", "tel"})
RENAMED = {"b": "strong", "i": "em", "strike": "s", "del": "s", "ins": "u", "h1": "h2", "h5": "h4", "h6": "h4"}
"""Tags that mean the same as an allowed one; how it looks is the stylesheet's affair."""

_RENAMED = re.compile(rf"<(/?)({'|'.join(RENAMED)})(?=[\s/>])", re.IGNORECASE)
_BLOCK = "div|section|article|center|p|table|ul|ol|h[1-6]|blockquote"
_PLAIN_BLOCK = re.compile(
    rf"<(div|section|article|center)\b[^<>]*>((?:(?!</?(?:{_BLOCK})\b).)*)</\1\s*>", re.IGNORECASE | re.DOTALL
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
PICTURE = re.compile(r"/pictures/([0-9a-f]{64})")
"""Address of a picture of our own: the SHA-256 of the file as it was uploaded. The same before and after publication, so that
a body need not be written anew; who may look at it is asked when it is fetched."""
IMG = re.compile(r'<img\b((?:[^<>"]|"[^"]*")*)>')
"""A picture in sanitised markup, where values are quoted and quotes in them are references."""
_SOURCE = re.compile(r'\ssrc="([^"]*)"')
_PICTURE_SCHEMES = frozenset({"data", "blob", "file"})


def sanitise(markup: str) -> str:
    """Allowed markup only; unknown tags lose their tags and keep their text, active content goes altogether.

    Tags of the same meaning become the allowed ones, and a block that holds only text becomes a paragraph, so that pasted and
    imported text keeps its structure. Links keep http(s), mailto and tel addresses and paths of our own, pictures only addresses of
    pictures of our own (`PICTURE`); NUL and other control characters are removed. Doing it twice to well-formed markup changes
    nothing more.
    """
    clean = _clean(markup, SCHEMES, _own_pictures)
    return IMG.sub(lambda found: found[0] if _SOURCE.search(found[1]) else "", clean).strip()


def sanitise_keeping_pictures(markup: str) -> str:
    """The same, with the addresses of pictures as they came (``data:``, ``https:``, ``file:`` …): well-formed markup in which
    `pictures` can look for them. Never to be shown or stored."""
    return _clean(markup, SCHEMES | _PICTURE_SCHEMES, None).strip()


def addresses_in(body: str) -> list[str]:
    """SHA-256 of every picture of our own in a sanitised body, in order, each once."""
    sources = (_SOURCE.search(found[1]) for found in IMG.finditer(body))
    known = (PICTURE.fullmatch(source[1]) for source in sources if source)
    return list(dict.fromkeys(picture[1] for picture in known if picture))


def _own_pictures(tag: str, attribute: str, value: str) -> str | None:
    return None if (tag, attribute) == ("img", "src") and not PICTURE.fullmatch(value) else value


def _clean(markup: str, schemes: frozenset[str], judge: Callable[[str, str, str], str | None] | None) -> str:
    tidy = _RENAMED.sub(lambda match: f"<{match[1]}{RENAMED[match[2].lower()]}", _CONTROL.sub("", markup))
    tidy = _PLAIN_BLOCK.sub(r"<p>\2</p>", tidy)
    # The filter is asked for every attribute, so only where there may be a picture: browsers read <image> as one too.
    return nh3.clean(
        tidy,
        tags=set(TAGS),
        attributes={"*": set(), **{tag: set(names) for tag, names in ATTRIBUTES.items()}},
        clean_content_tags=set(DROPPED_WITH_CONTENT),
        attribute_filter=judge if judge is not None and "<im" in tidy.lower() else None,
        url_schemes=set(schemes),
        link_rel="noopener noreferrer",
        strip_comments=True,
    )
