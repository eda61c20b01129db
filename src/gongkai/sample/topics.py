"""A topic and the good interpretations of the sample district, made by the product's own actions from what the register holds."""

from __future__ import annotations

from gongkai.disclosure.models import Item
from gongkai.organisations.actors import actor_for
from gongkai.organisations.models import Membership
from gongkai.policies import exemplary, topics
from gongkai.rules.access import Actor, Role
from gongkai.rules.exemplary import Level
from gongkai.rules.publication import State
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
