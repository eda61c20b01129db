"""The body of a document as it is put on the page: cited documents linked, tables made to scroll, numbers set to the right.

Works on the sanitised HTML of an edition, tag by tag, so that nothing is ever inserted into a tag or into an existing link.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from markupsafe import Markup

from gongkai.disclosure.sanitising import sanitise

_TOKEN = re.compile(r"""(<(?:[^<>"']|"[^"]*"|'[^']*')*>)""")
_NAME = re.compile(r"</?([a-zA-Z0-9]+)")
_NUMERIC_CELL = re.compile(r"<td>(\s*(?:<p>)?\s*[-+−]?[\d,，]*\d(?:\.\d+)?\s*[%％]?\s*(?:</p>)?\s*)</td>")
_DATE = r"\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日"
_TABLE_OPEN = '<div class="table-wrap" tabindex="0" role="region" aria-label="表格，可左右滚动">'


@dataclass(slots=True)
class _State:
    """Where the scanner is: inside how many links, and inside how many tables."""

    links: int = 0
    tables: int = 0


def body_html(
    body: str,
    citations: Iterable[tuple[str, int]] = (),
    address: Callable[[int], str] = str,
    signatories: Iterable[str] = (),
) -> Markup:
    """The body of an edition for the page. `citations` are cited texts with the item each names; `address` makes their links.

    A paragraph that is only a date, or only the name of one of `signatories`, is the 落款 and stands on the right.
    """
    targets = {html.escape(text, quote=False): address(item) for text, item in citations if text.strip()}
    cited = _pattern(targets)
    state, out = _State(), []
    for position, token in enumerate(
        _TOKEN.split(_NUMERIC_CELL.sub(r'<td class="numeric">\1</td>', _signed(sanitise(body), signatories)))
    ):
        if position % 2:
            out.append(_tag(token, state))
        elif cited is not None and not state.links:
            out.append(cited.sub(lambda found: f'<a class="citation" href="{targets[found[0]]}">{found[0]}</a>', token))
        else:
            out.append(token)
    return Markup("".join(out))  # noqa: S704 - sanitised above; what was added is escaped


def _signed(body: str, signatories: Iterable[str]) -> str:
    names = "|".join(re.escape(html.escape(name, quote=False)) for name in signatories if name)
    return re.sub(rf"<p>(\s*(?:{_DATE}{'|' if names else ''}{names})\s*)</p>", r'<p class="signed">\1</p>', body)


def _pattern(targets: Iterable[str]) -> re.Pattern[str] | None:
    longest_first = sorted(targets, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first))) if longest_first else None


def _tag(token: str, state: _State) -> str:
    """Keep count of links and tables; give the outermost table a frame that scrolls."""
    found = _NAME.match(token)
    name, closing = (found.group(1).lower() if found else ""), token.startswith("</")
    if name == "a":
        state.links = max(0, state.links + (-1 if closing else 1))
    elif name == "table":
        state.tables = max(0, state.tables + (-1 if closing else 1))
        if closing:
            return f"{token}</div>" if state.tables == 0 else token
        return f"{_TABLE_OPEN}{token}" if state.tables == 1 else token
    return token
