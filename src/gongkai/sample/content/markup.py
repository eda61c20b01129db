"""From the line notation of the sample texts to the HTML of an item's body.

One line is one paragraph. ``第…章`` is a chapter heading; ``一、`` a heading when it is short and has no full stop;
``| a | b |`` lines make a table whose first line is the heading and whose caption is the line ``表：…`` before it;
``>> `` puts a line to the right (落款); ``= `` is a heading of its own, e.g. the name of the measures in a notice.
"""

from __future__ import annotations

import re
from html import escape

_CHAPTER = re.compile(r"第[一二三四五六七八九十]+章[ 　]")
_HEADING = re.compile(r"[一二三四五六七八九十]+、[^。；：]{1,28}$")
_ARTICLE = re.compile(r"(第[一二三四五六七八九十百]+条)([ 　])")


def to_html(text: str) -> str:
    """Return the body as HTML (h2, h3, p, table); everything is escaped."""
    shown: list[str] = []
    lines = text.split("\n")
    position = 0
    while position < len(lines):
        line = lines[position]
        if line.startswith(("| ", "表：")):
            end = position + 1
            while end < len(lines) and lines[end].startswith("| "):
                end += 1
            shown.append(_table(lines[position:end]))
            position = end
            continue
        if line:
            shown.append(_paragraph(escape(line, quote=False)))
        position += 1
    return "\n".join(shown)


def _paragraph(line: str) -> str:
    if line.startswith("&gt;&gt; "):
        return f'<p class="signature">{line[9:]}</p>'
    if line.startswith("= "):
        return f"<h2>{line[2:]}</h2>"
    first = line[0]
    if first == "第":
        if _CHAPTER.match(line):
            return f"<h3>{line}</h3>"
        article = _ARTICLE.match(line)
        if article:
            return f"<p><strong>{article[1]}</strong>{article[2]}{line[article.end() :]}</p>"
    elif first in "一二三四五六七八九十" and len(line) < 32 and _HEADING.match(line):
        return f"<h3>{line}</h3>"
    return f"<p>{line}</p>"


def _table(lines: list[str]) -> str:
    caption = ""
    if lines[0].startswith("表："):
        caption = f"<caption>{escape(lines[0][2:], quote=False)}</caption>"
        lines = lines[1:]
    rows = [[escape(cell.strip(), quote=False) for cell in line.strip().strip("|").split("|")] for line in lines]
    head = "".join(f'<th scope="col">{cell}</th>' for cell in rows[0])
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows[1:])
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
