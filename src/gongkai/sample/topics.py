"""A topic, a series, a policy that is tracked, and the good interpretations of the sample district, made by the product's own actions
from what the register holds."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Count
from django.utils import timezone

from gongkai.disclosure.models import Item, Relation
from gongkai.organisations.actors import actor_for
from gongkai.organisations.models import Membership
from gongkai.policies import exemplary, topics
from gongkai.policies.groups import MemberLine, MilestoneLine, publish_group, save_group
from gongkai.policies.models import PolicyGroup
from gongkai.rules.access import Actor, Role
from gongkai.rules.exemplary import Level
from gongkai.rules.publication import State
from gongkai.rules.relations import RelationKind
from gongkai.search import SearchQuery, Sort, saved_queries

BODY, WORD = "jyj", "招生"
GOOD = 3


def load_topics() -> int:
    """Write, publish and fill them; returns how many topics. A district without the body or its documents gets none."""
    _good_interpretations()
    clerk, reviewer = _actor(BODY, Role.CLERK), _actor(BODY, Role.REVIEWER)
    documents = list(
        Item.objects.filter(
            organisation__code=BODY, kind="policy_document", current__state=State.PUBLISHED, current__title__contains=WORD
        )
        .select_related("current")
        .order_by("current__document_date")[:4]
    )  # fmt: skip
    if clerk is None or reviewer is None or not documents:
        return 0
    topic = topics.create_topic(
        actor=clerk,
        organisation_id=documents[0].organisation_id,
        title="义务教育招生入学专题",
        slug="zhao-sheng-ru-xue",
    )
    lists = (("政策文件", "policy_document"), ("政策解读", "interpretation"))
    blocks = [
        {
            "kind": "text",
            "heading": "",
            "text": "汇集本区义务教育招生入学的政策文件和解读，方便家长一次查全；咨询电话见各文件。",
        },
        *(_list(heading, kind) for heading, kind in lists),
        {"kind": "timeline", "heading": "历年文件", "rows": [_line(document) for document in documents]},
    ]
    summary = "招生政策、历年文件和解读一页查全。"
    topic = topics.save_topic(
        actor=clerk, topic_id=topic.pk, revision=topic.revision, title=topic.draft_title, summary=summary, blocks=blocks
    )
    topics.publish_topic(actor=reviewer, topic_id=topic.pk, revision=topic.revision)
    return 1


def load_groups() -> int:
    """A series (系列解读) of a policy with all that explains it, and its 执行跟踪 with milestones; returns how many groups.

    A district without the body, its people or an explained policy gets none.
    """
    clerk, signer = _actor(BODY, Role.CLERK), _actor(BODY, Role.SIGNER)
    explained = Relation.objects.filter(kind=RelationKind.INTERPRETS.value, target__organisation__code=BODY)
    best = (
        explained.filter(target__current__state=State.PUBLISHED.value, source__current__state=State.PUBLISHED.value)
        .values("target_id", "target__current__effective_from")
        .annotate(interpretations=Count("pk"))
        .filter(target__current__effective_from__lte=timezone.localdate())
        .order_by("-interpretations", "-target__current__effective_from", "target_id")
        .first()
    )
    if clerk is None or signer is None or best is None:
        return 0
    policy = Item.objects.select_related("current").get(pk=best["target_id"])
    sources = Item.objects.filter(relations__in=explained.filter(target=policy)).order_by("current__published_at")
    texts = [policy.index_number, *sources.values_list("index_number", flat=True)]
    name = policy.current.title if policy.current else ""
    begun: date = best["target__current__effective_from"]
    groups: list[dict[str, Any]] = [
        {
            "kind": PolicyGroup.Kind.SERIES.value,
            "title": f"系列解读：{name}"[:200],
            "summary": "文件和各种形式的解读集中阅读。",
            "members": [MemberLine(number) for number in texts],
        },
        {
            "kind": PolicyGroup.Kind.TRACKING.value,
            "title": f"执行跟踪：{name}"[:200],
            "summary": "文件确定的工作到哪一步了，以公开的信息为证。",
            "members": [MemberLine(policy.index_number)],
            "milestones": [
                MilestoneLine("发布文件解读", begun, begun, texts[1], "与文件同步发布。"),
                MilestoneLine("培训经办人员", begun + timedelta(days=60), begun + timedelta(days=52)),
                MilestoneLine("执行情况评估", timezone.localdate() + timedelta(days=90)),
            ],
        },
    ]
    for group in groups:
        made = save_group(actor=clerk, organisation_id=policy.organisation_id, **group)
        publish_group(actor=signer, group_id=made.pk)
    return len(groups)


def _list(heading: str, kind: str) -> dict[str, object]:
    query = SearchQuery(text=WORD, filters={"kind": (kind,)}, sort=Sort.NEWEST)
    address = f"/search/?kind={kind}&q={WORD}&sort=newest"
    return {
        "kind": "query",
        "heading": heading,
        "address": address,
        "query": saved_queries.to_json(query),
        "limit": "5",
    }


def _line(document: Item) -> dict[str, str]:
    edition = document.current
    day = edition.document_date.isoformat() if edition and edition.document_date else ""
    return {"day": day, "words": "印发招生工作文件。", "item": document.index_number}


def _good_interpretations() -> None:
    office = _actor("", Role.DISTRICT_OFFICE)
    found = Item.objects.filter(kind="interpretation", current__state=State.PUBLISHED).order_by(
        "-current__published_at"
    )
    for number in found.values_list("index_number", flat=True)[:GOOD] if office else ():
        exemplary.add_exemplary(actor=office, level=Level.DISTRICT, address=number)


def _actor(code: str, role: Role) -> Actor | None:
    held = Membership.objects.filter(role=role.value, **({"organisation__code": code} if code else {}))
    member = held.select_related("user").order_by("pk").first()
    return actor_for(member.user) if member else None
