"""专题 in the register: saving, publishing by another person, archiving; what a page shows follows the register."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests import factories

from gongkai.audit import generation
from gongkai.audit.models import AuditRecord
from gongkai.disclosure.models import Edition
from gongkai.organisations.actors import NotVisible
from gongkai.policies import topics
from gongkai.policies.models import Topic, TopicState
from gongkai.rules.access import Role
from gongkai.rules.publication import State
from gongkai.rules.reasons import Refused
from gongkai.rules.topics import BlockKind
from gongkai.search.indexer import reindex

pytestmark = pytest.mark.django_db
TEXT = {"kind": "text", "heading": "说明", "text": "第一段\n\n第二段"}


@pytest.fixture
def body(settings, tmp_path):
    settings.GONGKAI_DATA_DIR = tmp_path
    return factories.body()


@pytest.fixture
def clerk(body):
    return factories.actor(body, Role.CLERK)


@pytest.fixture
def reviewer(body):
    return factories.actor(body, Role.REVIEWER)


def made(clerk, body, *blocks):
    topic = topics.create_topic(actor=clerk, organisation_id=body.pk, title="助残专题", slug="zhu-can")
    return saved(clerk, topic, *blocks) if blocks else topic


def saved(clerk, topic, *blocks, title="助残专题"):
    return topics.save_topic(
        actor=clerk, topic_id=topic.pk, revision=topic.revision, title=title, summary="", blocks=blocks
    )


def published(actor, topic):
    return topics.publish_topic(actor=actor, topic_id=topic.pk, revision=topic.revision)


def test_what_one_person_writes_another_makes_public(body, clerk, reviewer):
    topic = made(clerk, body, TEXT)
    assert topics.public_topic("zhu-can") is None
    before = generation.current()
    published(reviewer, topic)
    generation.forget()
    assert generation.current() > before, "cached pages must lapse"
    public = topics.public_topic("zhu-can")
    assert [block.html for block in topics.shown(public.blocks)] == ["<p>第一段</p>\n\n<p>第二段</p>"]
    actions = AuditRecord.objects.order_by("sequence").values_list("action", flat=True)
    assert list(actions) == ["topic.create", "topic.edit", "topic.publish"]


def test_a_draft_changes_nothing_in_public_until_it_is_published(body, clerk, reviewer):
    topic = published(reviewer, made(clerk, body, TEXT))
    topic = saved(clerk, topic, {**TEXT, "text": "新的"}, title="新名称")
    public = topics.public_topic("zhu-can")
    assert (public.title, public.blocks[0]["text"], public.changed) == ("助残专题", TEXT["text"], True)
    published(reviewer, topic)
    assert topics.public_topic("zhu-can").title == "新名称"


@pytest.mark.parametrize(
    ("roles", "codes", "reason"),
    [
        ((Role.CLERK,), ["role"], "a clerk writes and does not publish"),
        ((Role.CLERK, Role.REVIEWER), ["same_person"], "nobody reviews himself"),
        ((Role.HEAD,), [], "the head answers for the body"),
        ((Role.LEGALITY_REVIEWER,), ["role"], "has no part in topics"),
    ],
)
def test_who_may_publish_what_he_wrote(body, roles, codes, reason):
    writer = factories.actor(body, *roles)
    clerk = factories.actor(body, Role.CLERK)
    topic = made(clerk if Role.LEGALITY_REVIEWER in roles else writer, body, TEXT)
    try:
        published(writer, topic)
        found = []
    except Refused as refusal:
        found = list(refusal.codes)
    assert found == codes, reason


def test_what_stands_in_the_way_of_publication_is_told_at_once(body, clerk, reviewer):
    topic = made(clerk, body, {**TEXT, "text": "联系人手机13800138000"}, {"kind": "items", "heading": "", "items": []})
    with pytest.raises(Refused) as refusal:
        published(reviewer, topic)
    assert sorted(refusal.value.codes) == ["block_missing", "block_missing", "personal_data"]


def test_nobody_publishes_what_he_has_not_seen(body, clerk, reviewer):
    seen = made(clerk, body, TEXT)
    saved(clerk, seen, {**TEXT, "text": "改过"})
    with pytest.raises(Refused) as refusal:
        topics.publish_topic(actor=reviewer, topic_id=seen.pk, revision=seen.revision)
    assert refusal.value.codes == ("conflict",)


def test_two_people_do_not_overwrite_each_other_unseen(body, clerk, reviewer):
    first = made(clerk, body)
    saved(clerk, first, TEXT)
    with pytest.raises(Refused) as refusal:
        topics.save_topic(
            actor=reviewer, topic_id=first.pk, revision=first.revision, title="另一", summary="", blocks=[]
        )
    assert refusal.value.codes == ("conflict",)
    assert topics.topic_for(clerk, first.pk).draft_blocks[0]["text"] == TEXT["text"]


def test_an_archived_topic_stays_readable_and_can_be_taken_up_again(body, clerk, reviewer):
    topic = published(reviewer, made(clerk, body, TEXT))
    with pytest.raises(Refused):
        topics.archive_topic(actor=clerk, topic_id=topic.pk)
    topics.archive_topic(actor=reviewer, topic_id=topic.pk)
    assert topics.public_topic("zhu-can").state == TopicState.ARCHIVED
    for refused in (lambda: saved(clerk, topic, TEXT), lambda: topics.archive_topic(actor=reviewer, topic_id=topic.pk)):
        with pytest.raises(Refused):
            refused()
    assert topics.reopen_topic(actor=reviewer, topic_id=topic.pk).state == TopicState.PUBLISHED


def test_a_draft_that_was_never_public_can_be_deleted(body, clerk):
    topic = made(clerk, body, TEXT)
    before = generation.current()
    topics.delete_topic(actor=clerk, topic_id=topic.pk, revision=topic.revision)
    assert not Topic.objects.exists()
    record = AuditRecord.objects.latest("sequence")
    assert (record.action, record.object_id, record.organisation_id) == ("topic.delete", str(topic.pk), body.pk)
    assert record.detail == {"title": "助残专题", "revision": topic.revision}
    generation.forget()
    assert generation.current() == before, "no public page has changed"
    assert made(clerk, body).slug == "zhu-can", "the address is free again"


@pytest.mark.parametrize(
    ("state", "said"), [("published", "请在结束后归档，页面保留"), ("archived", "已归档，页面保留")]
)
def test_what_has_been_public_is_archived_and_not_deleted(body, state, said):
    topic, head = factories.topic(body, state), factories.actor(body, Role.HEAD)
    with pytest.raises(Refused) as refusal:
        topics.delete_topic(actor=head, topic_id=topic.pk, revision=topic.revision)
    (reason,) = refusal.value.reasons
    assert reason.code == "state" and said in reason.message
    assert Topic.objects.filter(pk=topic.pk, state=state).exists()


@pytest.mark.parametrize(
    ("roles", "codes"),
    [((Role.CLERK,), ()), ((Role.SIGNER,), ()), ((Role.LEGALITY_REVIEWER,), ("role",)), ((Role.ADMINISTRATOR,), ("role",))],
)  # fmt: skip
def test_who_may_write_a_topic_may_delete_its_draft(body, roles, codes):
    topic, actor = factories.topic(body, "draft"), factories.actor(body, *roles)
    if codes:
        with pytest.raises(Refused) as refusal:
            topics.delete_topic(actor=actor, topic_id=topic.pk, revision=topic.revision)
        assert refusal.value.codes == codes
    else:
        topics.delete_topic(actor=actor, topic_id=topic.pk, revision=topic.revision)
    assert Topic.objects.exists() is bool(codes)


def test_nobody_deletes_what_he_has_not_seen(body, clerk, reviewer):
    seen = made(clerk, body, TEXT)
    saved(reviewer, seen, {**TEXT, "text": "改过"})
    with pytest.raises(Refused) as refusal:
        topics.delete_topic(actor=clerk, topic_id=seen.pk, revision=seen.revision)
    assert refusal.value.codes == ("conflict",) and Topic.objects.exists()


def test_a_topic_of_another_body_is_not_there(body, clerk):
    topic = made(clerk, body)
    stranger = factories.actor(factories.body(), Role.HEAD)
    for refused in (
        lambda: topics.topic_for(stranger, topic.pk),
        lambda: saved(stranger, topic, TEXT),
        lambda: published(stranger, topic),
        lambda: topics.delete_topic(actor=stranger, topic_id=topic.pk, revision=topic.revision),
        lambda: topics.create_topic(actor=stranger, organisation_id=body.pk, title="专题", slug="other"),
    ):
        with pytest.raises(NotVisible):
            refused()
    assert Topic.objects.filter(pk=topic.pk).exists()


def test_an_address_is_given_once(body, clerk):
    made(clerk, body)
    with pytest.raises(Refused) as refusal:
        topics.create_topic(actor=clerk, organisation_id=body.pk, title="", slug="zhu-can")
    assert sorted(refusal.value.codes) == ["slug_taken", "title_missing"]


def test_items_are_named_by_number_or_address_and_only_public_ones(body, clerk):
    one, two = factories.published_many(body, 2)
    hidden = factories.published(body, state=State.DRAFT)
    block = {
        "kind": "items",
        "heading": "文件",
        "items": [one.index_number, f"https://x.gov.cn/items/{two.pk}/?v=elder"],
    }
    topic = made(clerk, body, block)
    assert topic.draft_blocks[0]["items"] == [one.pk, two.pk]
    assert topics.references(topic.draft_blocks) == {one.pk: one.index_number, two.pk: two.index_number}
    rows = [{"day": "2026-01-05", "words": "启动", "item": f"/items/{hidden.pk}/"}]
    with pytest.raises(Refused) as refusal:
        saved(clerk, topic, {**block, "items": ["没有的号"]}, {"kind": "timeline", "heading": "进展", "rows": rows})
    assert [reason.field for reason in refusal.value.reasons] == ["block-1-items", "block-2-row-1-item"]


def test_blocks_follow_the_register(body):
    documents = factories.published_many(body, 3)
    notice = factories.published(body, kind="notice")
    reindex()
    blocks = [
        {"kind": "query", "heading": "政策", "address": "/policy-library/", "limit": "2",
         "query": {"filters": {"kind": ["policy_document"]}, "sort": "newest"}},
        {"kind": "items", "heading": "选定", "items": [notice.pk, documents[0].pk]},
        {"kind": "figures", "heading": "数据", "rows": [
            {"label": "户数", "number": "12", "unit": "户", "source": "示例", "day": "2026-01-05", "item": notice.pk}]},
        {"kind": "query", "heading": "旧的", "address": "/", "limit": "2", "query": {"filters": {"no-such-facet": ["1"]}}},
    ]  # fmt: skip
    topics.shown(blocks)  # what a process reads once and remembers: dictionaries, names
    with CaptureQueriesContext(connection) as captured:
        query, items, figures, unknown = topics.shown(blocks)
    assert len(captured) <= 3, captured.captured_queries
    assert (query.kind, len(query.entries), query.total, query.searchable) == (BlockKind.QUERY, 2, 3, True)
    assert [entry.card.id for entry in items.entries] == [notice.pk, documents[0].pk]
    assert figures.rows[0].item.card.id == notice.pk
    assert (unknown.entries, unknown.total) == ([], 0), "a question that is no longer understood lists nothing"
    Edition.objects.filter(item=notice).update(state="withdrawn")
    _, items, figures, _ = topics.shown(blocks)
    assert [entry.card.id for entry in items.entries] == [documents[0].pk]
    assert figures.rows[0].item is None


def test_text_is_sanitised():
    assert topics.html_of("<p onclick='x()'>好<script>alert(1)</script></p>") == "<p>好</p>"
