"""专题 in the office: from an empty page to the public one without script, and nothing typed is lost on the way."""

import re

import pytest
from django.urls import reverse

from gongkai.policies.models import Topic
from gongkai.rules.access import Role
from gongkai.search.indexer import reindex
from gongkai.web.office.topics import kept_list
from tests import factories

ADDRESS = "https://www.example.gov.cn/policy-library/?subject=02&v=elder&after=xyz"


@pytest.fixture
def index(settings, tmp_path):
    settings.GONGKAI_DATA_DIR = tmp_path
    settings.GONGKAI_PAGE_CACHE = False  # pages lapse on commit, and a test commits nothing
    return reindex


def fields(page: str) -> dict[str, str]:
    """What a browser would post of the editor's form, without its buttons."""
    form = re.search(r'<form class="topic-form".*?</form>', page, re.S)[0]
    found = {}
    for tag in re.findall(r"<input [^>]*>", form):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        found[attributes["name"]] = attributes.get("value", "")
    found |= dict(re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.S))
    return {name: text.replace("&amp;", "&") for name, text in found.items()}


def begun(bureau, slug: str = "can-bao") -> str:
    given = {"organisation": bureau.body.pk, "title": "参保专题", "slug": slug}
    answer = bureau[Role.CLERK].post(reverse("office:topic-create"), given)
    assert answer.status_code == 302, answer.text
    return answer["Location"]


def test_from_nothing_to_the_public_page(bureau, index):
    document = factories.published(bureau.body, subjects=["0201"])
    index()
    clerk, address = bureau[Role.CLERK], begun(bureau)
    form = fields(clerk.get(address).text)
    for kind in ("query", "items", "text", "figures", "timeline"):
        page = clerk.post(address, {**form, "do": f"add-{kind}"})
        assert page.status_code == 200
        form = fields(page.text)
    form |= {
        "summary": "参保一站查",
        "block-1-heading": "最新政策", "block-1-address": ADDRESS, "block-1-limit": "5",
        "block-2-heading": "重点", "block-2-items": f"{document.index_number}\n\n",
        "block-3-text": "第一段\n\n第二段",
        "block-4-heading": "数据", "block-4-row-1-label": "人数", "block-4-row-1-number": "12", "block-4-row-1-unit": "人",
        "block-4-row-1-source": "区医保局", "block-4-row-1-day": "2026-06-30", "block-4-row-1-item": document.index_number,
        "block-5-heading": "进展", "block-5-row-2-day": "2026-01-05", "block-5-row-2-words": "启动",
    }  # fmt: skip
    assert clerk.post(address, {**form, "do": "save"}).status_code == 302
    stored = Topic.objects.get()
    query, items, _, figures, timeline = stored.draft_blocks
    assert (query["address"], query["query"]["filters"]["subjects"]) == ("/policy-library/?subject=02", ["02"])
    assert items["items"] == [document.pk] and figures["rows"][0]["item"] == document.pk
    assert len(timeline["rows"]) == 1, "an empty row is no row"
    again = fields(clerk.get(address).text)
    assert again["block-2-items"] == again["block-4-row-1-item"] == document.index_number
    assert again["block-3-text"] == "第一段\n\n第二段"
    preview = clerk.get(f"{address}preview/").text
    assert "noindex" in preview and "尚未发布" in preview and "<p>第二段</p>" in preview
    reviewer = bureau[Role.REVIEWER]
    assert reviewer.post(f"{address}publish/", {"revision": stored.revision}).status_code == 302
    public = clerk.get("/topics/can-bao/").text
    assert document.current.title in public and "区医保局" in public and "尚未发布" not in public
    reviewer.post(f"{address}archive/")
    assert "本专题已归档" in reviewer.get("/topics/can-bao/").text
    assert "恢复" in reviewer.get(address).text
    reviewer.post(f"{address}reopen/")
    assert "本专题已归档" not in reviewer.get("/topics/can-bao/").text


def test_what_is_wrong_is_told_by_block_and_nothing_typed_is_lost(bureau, index):
    clerk, address = bureau[Role.CLERK], begun(bureau)
    form = fields(clerk.post(address, {**fields(clerk.get(address).text), "do": "add-query"}).text)
    form = fields(clerk.post(address, {**form, "do": "add-timeline"}).text)
    form |= {
        "title": "", "block-1-heading": "列表", "block-1-address": "/site-map/", "block-1-limit": "很多",
        "block-2-row-1-day": "昨天", "block-2-row-1-words": "<启动>", "block-2-row-1-item": "无此号",
    }  # fmt: skip
    page = clerk.post(address, {**form, "do": "save"})
    assert page.status_code == 422
    for words in (
        "请填写专题名称",
        "不是本站可以引用的信息列表",
        "1 至 20 的整数",
        "“昨天”不是有效日期",
        "没有找到“无此号”",
    ):
        assert words in page.text, words
    for anchor in re.findall(r'<li><a href="#([^"]+)"', page.text):
        assert f'id="{anchor}"' in page.text
    after = {name: text.replace("&lt;", "<").replace("&gt;", ">") for name, text in fields(page.text).items()}
    assert {
        name: text for name, text in form.items() if text and name not in ("csrfmiddlewaretoken",)
    }.items() <= after.items()
    assert Topic.objects.get().draft_blocks == []


def test_buttons_move_and_remove_and_keep_what_is_typed(bureau):
    clerk, address = bureau[Role.CLERK], begun(bureau)
    form = fields(clerk.post(address, {**fields(clerk.get(address).text), "do": "add-text"}).text)
    form = fields(clerk.post(address, {**form, "block-1-text": "甲", "do": "add-text"}).text)
    form = fields(clerk.post(address, {**form, "block-2-text": "乙", "do": "add-figures"}).text)
    form["block-3-row-2-label"] = "人数"
    form = fields(clerk.post(address, {**form, "do": "up-2"}).text)
    assert (form["block-1-text"], form["block-2-text"], form["block-3-row-1-label"]) == ("乙", "甲", "人数")
    form = fields(clerk.post(address, {**form, "do": "row-3"}).text)
    assert (form["block-3-rows"], form["block-3-row-1-label"]) == ("3", "人数")
    form = fields(clerk.post(address, {**form, "do": "remove-1"}).text)
    assert (form["count"], form["block-1-text"], form["block-2-row-1-label"]) == ("2", "甲", "人数")
    for nonsense in ("up-1", "down-9", "remove-0", "row-x", "add-film", "row-1"):
        assert fields(clerk.post(address, {**form, "do": nonsense}).text)["count"] == "2", nonsense


def test_who_comes_second_sees_it_and_keeps_what_he_typed(bureau):
    clerk, address = bureau[Role.CLERK], begun(bureau)
    mine = fields(clerk.get(address).text)
    bureau[Role.REVIEWER].post(address, {**mine, "title": "他人的名称", "do": "save"})
    page = clerk.post(address, {**mine, "title": "我的名称", "do": "save"})
    assert page.status_code == 422 and "保存了新的内容" in page.text
    assert fields(page.text)["title"] == "我的名称"
    assert Topic.objects.get().draft_title == "他人的名称"
    clerk.post(address, {**fields(page.text), "do": "save"})
    assert Topic.objects.get().draft_title == "我的名称"


def test_a_refused_publication_is_explained(bureau):
    clerk, address = bureau[Role.CLERK], begun(bureau)
    assert "至少增加一个板块" in clerk.get(address).text
    page = bureau[Role.SIGNER].post(f"{address}publish/", {"revision": "1"}, follow=True)
    assert "至少增加一个板块" in page.text
    assert Topic.objects.get().state == "draft"


def test_a_mistaken_draft_is_deleted_from_its_page(bureau):
    clerk, address = bureau[Role.CLERK], begun(bureau)
    page = clerk.get(address).text
    step = re.search(r'<details class="step step-warning" id="step-delete">.*?</details>', page, re.S)[0]
    assert "不能恢复" in step, "what it means is said before the button"
    revision = re.search(r'name="revision" value="(\d+)"', step)[1]
    assert f'action="{address}"' in step and 'name="do" value="delete"' in step
    assert clerk.get(f"{address}?do=delete").status_code == 200 and Topic.objects.exists(), "only a POST deletes"
    answer = clerk.post(address, {"do": "delete", "revision": revision}, follow=True)
    assert answer.redirect_chain == [(reverse("office:topics"), 302)] and "专题草稿已删除" in answer.text
    assert not Topic.objects.exists() and clerk.get(address).status_code == 404
    assert clerk.post(address, {"do": "delete", "revision": revision}).status_code == 404, "pressed twice"


@pytest.mark.parametrize("state", ["published", "archived"])
def test_what_has_been_public_is_not_offered_for_deletion_and_refused(bureau, state):
    topic = factories.topic(bureau.body, state)
    address = reverse("office:topic", args=[topic.pk])
    assert "step-delete" not in bureau[Role.HEAD].get(address).text
    page = bureau[Role.HEAD].post(address, {"do": "delete", "revision": topic.revision}, follow=True)
    assert page.redirect_chain == [(address, 302)] and "专题已经公开，不能删除" in page.text
    assert Topic.objects.filter(pk=topic.pk).exists()


def test_a_draft_that_another_has_changed_is_not_deleted(bureau):
    clerk, address = bureau[Role.CLERK], begun(bureau)
    form = fields(clerk.get(address).text)
    bureau[Role.REVIEWER].post(address, {**form, "title": "他人的名称", "do": "save"})
    for revision in (form["revision"], "", "x"):
        page = clerk.post(address, {"do": "delete", "revision": revision}, follow=True)
        assert "草稿又有修改，请核对后再删除" in page.text
    assert Topic.objects.get().draft_title == "他人的名称"


def test_only_those_who_write_topics_of_the_body_delete_its_drafts(bureau):
    topic, foreign = factories.topic(bureau.body, "draft"), factories.topic(factories.body(), "draft")
    given = {"do": "delete", "revision": topic.revision}
    for role in Role:
        if role in (Role.LEGALITY_REVIEWER, Role.ADMINISTRATOR):
            assert bureau[role].post(reverse("office:topic", args=[topic.pk]), given).status_code == 403
        if role not in (Role.DISTRICT_OFFICE, Role.ADMINISTRATOR):
            assert bureau[role].post(reverse("office:topic", args=[foreign.pk]), given).status_code == 404
    assert Topic.objects.count() == 2
    assert bureau[Role.DISTRICT_OFFICE].post(reverse("office:topic", args=[foreign.pk]), given).status_code == 302
    assert list(Topic.objects.all()) == [topic]


@pytest.mark.parametrize(
    ("address", "kept", "reason"),
    [
        ("/policy-library/?q=医保&since=week", "/policy-library/?q=%E5%8C%BB%E4%BF%9D", "since when is answered once and never again"),
        ("http://10.0.0.5:8000/search/?q=x&sort=newest", "/search/?q=x&sort=newest", "as it is called inside the network"),
        ("/policy-library/?as-of=2025-01-01", None, "as of a day: computed, not asked"),
        ("/policy-library/changes/", None, "acts, not items"),
        ("/items/1/", None, "no list"),
        ("/organisations/nobody/", None, "a body that is not there"),
        ("http://[", None, "no address"),
        ("", None, "nothing"),
    ],
)  # fmt: skip
def test_which_addresses_are_lists(db, address, kept, reason):
    found, query = kept_list(address)
    assert (found if query is not None else None) == kept, reason
