"""链通: a document and its interpretation side by side, each 条 or 部分 that the interpretation names linked both ways."""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from markupsafe import Markup

from gongkai.disclosure import public
from gongkai.disclosure.public_ties import interprets
from gongkai.disclosure.validity import validity_of
from gongkai.text.clause_mentions import article_key, heading_key, mentions
from gongkai.text.clauses import Level, split
from gongkai.web.portal.pages import render
from gongkai.web.portal.reading import body_html
from gongkai.web.shared.templating import absolute, address_of

_TAG = re.compile(r"""(<(?:[^<>"']|"[^"]*"|'[^']*')*>)""")
_BLOCK = re.compile(r"<(/?)(p|li|h[1-6]|td|th)\b")
_SHOWN = 8
"""Links back to the interpretation that stand at one article."""


@dataclass(frozen=True, slots=True)
class Paired:
    """The two texts with their links."""

    document: Markup
    interpretation: Markup
    articles: tuple[str, ...]
    """Keys of the articles that are linked, in the order of the document."""


@require_safe
def reading_together(request: HttpRequest, item_id: int, other_id: int) -> HttpResponse:
    """The page of both; 404 unless the one interprets the other and both are public. Seven queries."""
    if not interprets(other_id, item_id):
        raise Http404
    document, interpretation = public.document(item_id), public.document(other_id)
    if document is None or interpretation is None:
        raise Http404
    validity = validity_of([item_id]).get(item_id) if document.kind == "policy_document" else None
    pair = paired(
        str(body_html(document.edition["body"], signatories=document.edition["issuing_agencies"])),
        str(body_html(interpretation.edition["body"])),
        document.title,
    )
    return render(
        request,
        "reading_together.html",
        title=f"文件与解读对照阅读：{document.title}",
        section="library",
        document=document,
        interpretation=interpretation,
        validity=validity,
        pair=pair,
        mark_url=absolute(address_of("portal:item", document.id)),
    )


def paired(document: str, interpretation: str, title: str) -> Paired:
    """Link the sanitised HTML of an interpretation and of the document called `title`."""
    articles = {key: place for place, key in _articles(document)}
    linked, named = _linked(interpretation, title, articles)
    back = {place: (key, named[key]) for key, place in articles.items() if named.get(key)}
    return Paired(Markup(_anchored(document, back)), Markup(linked), tuple(key for key, _ in back.values()))  # noqa: S704 - sanitised HTML, and links of our own


def with_anchors(document: Markup, labels: Iterable[str]) -> Markup:
    """The sanitised HTML of a document with the anchor ``article-{key}`` at each of the parts called `labels` (第三条) that it has."""
    wanted = {article_key(label) for label in labels} - {""}
    if not wanted:
        return document
    places = {key: place for place, key in _articles(document) if key in wanted}
    return Markup(_anchored(document, {place: (key, ()) for key, place in places.items()}))  # noqa: S704 - as it came


def _articles(document: str) -> Iterator[tuple[int, str]]:
    """(number of the tag that opens its block, key) of each article, of a document without articles of its headings 一、 and （一）;
    later ones first: the first one of a number is meant."""
    articles, headings, part = [], [], ""
    for place, text in _blocks(_TAG.split(document)):
        clauses = split(html.unescape(text).strip())
        if not clauses:
            continue
        first = clauses[0]
        if first.level is Level.ARTICLE and (key := article_key(first.number)):
            articles.append((place, key))
        elif key := heading_key(first.number, part):
            part = key if first.level is Level.HEADING else part
            headings.append((place, key))
    return reversed(articles or headings)


def _blocks(tokens: Sequence[str]) -> Iterator[tuple[int, str]]:
    """(number of the opening tag, text) of each block."""
    place, said = None, ""
    for position, token in enumerate(tokens):
        if position % 2 == 0:
            said += token
        elif block := _BLOCK.match(token):
            if place is not None:
                yield place, said
            place, said = (None if block[1] else position), ""
    if place is not None:
        yield place, said


def _linked(interpretation: str, title: str, articles: Mapping[str, int]) -> tuple[str, dict[str, list[int]]]:
    """The interpretation with a link at each mention of an article there is, and the numbers of the mentions of each article."""
    named: defaultdict[str, list[int]] = defaultdict(list)
    out, said, links, serial = [], "", 0, 0
    for position, token in enumerate(_TAG.split(interpretation)):
        if position % 2:
            links += token.startswith(("<a ", "<a>")) - token.startswith("</a")
            said = "" if _BLOCK.match(token) else said
            out.append(token)
            continue
        done = 0
        for one in mentions(said + token, title) if not links else ():
            start, end = one.start - len(said), one.end - len(said)
            if start < 0 or one.article not in articles:
                continue
            serial += 1
            named[one.article].append(serial)
            out.append(token[done:start])
            out.append(
                f'<a id="mention-{serial}" class="clause-link" href="#article-{one.article}">{token[start:end]}</a>'
            )
            done = end
        out.append(token[done:])
        said += token
    return "".join(out), named


def _anchored(document: str, back: Mapping[int, tuple[str, Sequence[int]]]) -> str:
    """The document with an anchor at each named article, and links from it to where it is explained."""
    tokens = _TAG.split(document)
    for place, (key, serials) in back.items():
        opening = re.sub(r"\sid=(\"[^\"]*\"|'[^']*')", "", tokens[place])
        tokens[place] = f'{opening[:-1]} id="article-{key}">'
        links = "".join(
            f'<a class="clause-back" href="#mention-{serial}">解读{number if len(serials) > 1 else ""}'
            f'<span class="visually-hidden">（{_named(key)}的解读）</span></a>'
            for number, serial in enumerate(serials[:_SHOWN], 1)
        )
        end = next((i for i in range(place + 2, len(tokens), 2) if _BLOCK.match(tokens[i])), None)
        if end is not None:
            tokens[end] = links + tokens[end]
    return "".join(tokens)


def _named(key: str) -> str:
    if key.startswith("part"):
        part, _, item = key.removeprefix("part").partition("-")
        return f"第{part}部分" + (f"（{item}）" if item else "")
    number, _, inserted = key.partition("之")
    return f"第{number}条{'之' if inserted else ''}{inserted}"
