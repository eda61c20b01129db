"""The one allow-list for bodies: whatever was typed, pasted or imported becomes this simple HTML, or nothing."""

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
RENAMED = (("<h1", "<h2"), ("</h1>", "</h2>"), ("<h5", "<h4"), ("</h5>", "</h4>"), ("<b>", "<strong>"), ("</b>", "</strong>"),
           ("<i>", "<em>"), ("</i>", "</em>"))  # fmt: skip


def sanitise(markup: str) -> str:
    """Allowed markup only; unknown tags lose their tags and keep their text, active content goes altogether.

    Links keep http(s), mailto and tel addresses and paths of our own; NUL and other control characters are removed.
    """
    for old, new in RENAMED:
        markup = markup.replace(old, new)
    clean = "".join(character for character in markup if character >= " " or character in "\n\t")
    return nh3.clean(
        clean,
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        clean_content_tags=set(DROPPED_WITH_CONTENT),
        url_schemes=set(SCHEMES),
        link_rel="noopener noreferrer",
        strip_comments=True,
    ).strip()
