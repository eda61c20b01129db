"""专题: the list of topics, and a topic with its blocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from gongkai.policies import topics
from gongkai.policies.groups import public_groups
from gongkai.policies.models import Topic, TopicState
from gongkai.web.portal.pages import render
from gongkai.web.portal.reading import body_html


@require_safe
def topic_list(request: HttpRequest) -> HttpResponse:
    """Topics that are kept up, those that are archived; series, combinations and tracked policies."""
    found = topics.public_topics()
    return render(
        request,
        "topics.html",
        title="专题",
        section="topic",
        current=[one for one in found if one.state == TopicState.PUBLISHED],
        archived=[one for one in found if one.state == TopicState.ARCHIVED],
        groups=public_groups(),
    )


@require_safe
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """A topic; one that is archived stays, and says so."""
    found = topics.public_topic(slug)
    if found is None:
        raise Http404
    return topic_page(request, found, found.title, found.summary, found.blocks)


def topic_page(
    request: HttpRequest, found: Topic, title: str, summary: str, blocks: Sequence[Mapping[str, Any]], preview: bool = False
) -> HttpResponse:  # fmt: skip
    """The page of a topic, or the preview of its draft."""
    return render(
        request,
        "topic.html",
        title=title,
        section="topic",
        topic=found,
        summary=summary,
        blocks=topics.shown(blocks),
        body_html=lambda html: mark_safe(body_html(html)),  # noqa: S308 - sanitised by body_html
        preview=preview,
    )
