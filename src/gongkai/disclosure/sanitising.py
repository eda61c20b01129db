"""The one allow-list for bodies: whatever was typed, pasted or imported becomes this simple HTML, or nothing."""

import re

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
    ]
)
ATTRIBUTES = {
    "a": {"href", "title"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start"},
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


def sanitise(markup: str) -> str:
    """Allowed markup only; unknown tags lose their tags and keep their text, active content goes altogether.

    Tags of the same meaning become the allowed ones, and a block that holds only text becomes a paragraph, so that pasted and
    imported text keeps its structure. Links keep http(s), mailto and tel addresses and paths of our own; NUL and other control
    characters are removed. Doing it twice to well-formed markup changes nothing more.
    """
    tidy = _RENAMED.sub(lambda match: f"<{match[1]}{RENAMED[match[2].lower()]}", _CONTROL.sub("", markup))
    tidy = _PLAIN_BLOCK.sub(r"<p>\2</p>", tidy)
    return nh3.clean(
        tidy,
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        clean_content_tags=set(DROPPED_WITH_CONTENT),
        url_schemes=set(SCHEMES),
        link_rel="noopener noreferrer",
        strip_comments=True,
    ).strip()
