"""What is typed is kept while it is typed, overwrites nobody's save, and two people who saved the same draft choose."""

import pytest
from lxml import html as lxml_html

from gongkai.audit.models import AuditRecord
from gongkai.disclosure import chain
from gongkai.disclosure.models import Edition, Item, WorkingCopy
from gongkai.rules.access import Role
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(bureau, typed) -> Item:
    bureau[Role.CLERK].post(f"/office/items/create/?organisation={bureau.body.pk}&kind=policy_document", typed)
    return Item.objects.get()


def _form(answer) -> dict[str, str]:
    [form] = lxml_html.fromstring(answer.content.decode()).xpath("//form[contains(@class, 'editor-form')]")
    return {name: value.removeprefix("\n") for name, value in form.form_values()}


def _edit(item) -> str:
    return f"/office/items/{item.pk}/edit/"


def _keep(bureau, item, typed, role=Role.CLERK, **more):
    return bureau[role].post(f"/office/items/{item.pk}/autosave/", {**typed, "revision": "0", **more})


# --- keeping -----------------------------------------------------------------------------------------------------------
def test_a_copy_is_kept_beside_the_draft_and_offered_when_the_editor_is_opened_again(bureau, typed, item):
    answer = _keep(bureau, item, typed, summary="写到一半", subjects=["0201", "0202"])
    assert set(answer.json()) == {"saved_at", "behind", "others"}
    item.refresh_from_db()
    assert (item.working.summary, item.working.revision) == ("", 0), "the draft is as it was"
    page = bureau[Role.CLERK].get(_edit(item))
    assert "恢复自动保存的内容" in page.content.decode() and _form(page)["summary"] == ""
    back = bureau[Role.CLERK].post(_edit(item), {**typed, "tool": "restore"})
    assert _form(back)["summary"] == "写到一半" and back.content.decode().count('value="0202" checked') == 1


def test_saving_throws_the_copy_away_and_so_does_the_button(bureau, typed, item):
    _keep(bureau, item, typed, summary="写到一半")
    bureau[Role.CLERK].post(_edit(item), {**typed, "revision": "0", "summary": "写完了"})
    assert not WorkingCopy.objects.exists()
    _keep(bureau, item, typed, revision="1")
    bureau[Role.CLERK].post(_edit(item), {**typed, "tool": "drop"})
    assert not WorkingCopy.objects.exists()
    assert "恢复自动保存的内容" not in bureau[Role.CLERK].get(_edit(item)).content.decode()


def test_nobody_gets_anothers_copy_but_learns_that_he_is_writing(bureau, typed, item):
    _keep(bureau, item, typed, summary="信息员写的")
    page = bureau[Role.REVIEWER].get(_edit(item)).content.decode()
    assert "信息员写的" not in page and "也在编辑这份草稿" in page
    back = bureau[Role.REVIEWER].post(_edit(item), {**typed, "tool": "restore"}, follow=True)
    assert "信息员写的" not in back.content.decode()
    answer = _keep(bureau, item, typed, Role.REVIEWER).json()
    assert answer["others"] == [str(bureau.desks[Role.CLERK].person)]


def test_a_copy_behind_a_save_is_kept_and_says_so_and_meets_the_conflict_when_it_is_saved(bureau, typed, item):
    bureau[Role.REVIEWER].post(_edit(item), {**typed, "revision": "0", "summary": "审核员写的"})
    assert _keep(bureau, item, typed, summary="信息员写的").json()["behind"] is True
    item.refresh_from_db()
    assert item.working.summary == "审核员写的"
    fields = _form(bureau[Role.CLERK].post(_edit(item), {**typed, "tool": "restore"}))
    assert (fields["summary"], fields["revision"]) == ("信息员写的", "0")
    assert bureau[Role.CLERK].post(_edit(item), {**typed, **fields}).status_code == 409


def test_it_is_audited_when_it_begins_and_not_every_twenty_seconds(bureau, typed, item):
    for number in range(3):
        _keep(bureau, item, typed, summary=f"第{number}次")
    assert AuditRecord.objects.filter(action="item.autosave").count() == 1


def test_what_is_no_draft_any_more_is_not_kept(bureau, typed, item):
    bureau[Role.CLERK].post(f"/office/items/{item.pk}/submit/")
    answer = _keep(bureau, item, typed)
    assert answer.status_code == 409 and "只有草稿" in answer.json()["errors"][0]
    assert not WorkingCopy.objects.exists()


@pytest.mark.parametrize("revision", ["", "x", "-1", "9" * 30, "\x00"])
def test_a_revision_that_is_none_is_no_trouble(bureau, typed, item, revision):
    assert _keep(bureau, item, typed, revision=revision).status_code in (200, 409)


def test_too_much_is_refused_with_the_remedy(bureau, typed, item, monkeypatch):
    monkeypatch.setattr("gongkai.disclosure.working_copies.LARGEST", 100)
    answer = _keep(bureau, item, typed, summary="长" * 200)
    assert answer.status_code == 409 and "保存并继续编写" in answer.json()["errors"][0]


def test_publication_leaves_no_copies_behind(bureau, typed, item):
    _keep(bureau, item, typed, Role.HEAD)
    edition = item.working
    edition.state = "scheduled"
    edition.save()
    chain.make_public(factories.actor(bureau.body, Role.HEAD), item, edition)
    assert not WorkingCopy.objects.exists()


# --- two people --------------------------------------------------------------------------------------------------------
@pytest.fixture
def conflict(bureau, typed, item):
    """The reviewer has saved; what the clerk typed, and the page of the conflict."""
    row = factories.row("另一事项", organisation_kinds=["department"])
    bureau[Role.REVIEWER].post(
        _edit(item), {**typed, "revision": "0", "summary": "审核员的概述", "keywords": "审核员的词", "rows": [row.pk]}
    )
    mine = {**typed, "revision": "0", "summary": "我的概述", "body": "<p>我的正文。</p>"}
    answer = bureau[Role.CLERK].post(_edit(item), mine)
    assert answer.status_code == 409
    return mine, answer


def test_every_field_that_differs_is_shown_with_both_contents(conflict):
    page = lxml_html.fromstring(conflict[1].content.decode())
    names = {radio.get("name") for radio in page.xpath("//input[@type='radio']")}
    assert names == {"choose_summary", "choose_keywords", "choose_body", "choose_rows"}
    text = page.text_content()
    assert "审核员的概述" in text and "我的概述" in text and "另一事项" in text


WAYS = [
    ("merge:mine", {}, "我的概述", "", "<p>我的正文。</p>", "everything mine"),
    ("merge:chosen", {"choose_summary": "theirs"}, "审核员的概述", "", "<p>我的正文。</p>", "one of theirs"),
    (
        "merge:chosen",
        {"choose_summary": "theirs", "choose_keywords": "theirs", "choose_body": "theirs"},
        "审核员的概述",
        "审核员的词",
        "<p>各学校：</p><p>现将有关事项通知如下。</p>",
        "all that matter of theirs",
    ),
    ("merge:chosen", {"choose_nonsense": "theirs", "choose_state": "theirs"}, "我的概述", "", "<p>我的正文。</p>", "names that are no fields"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("tool", "chosen", "summary", "keywords", "body", "reason"), WAYS, ids=[way[5] for way in WAYS]
)
def test_the_ways_out_show_the_merged_form_and_saving_it_works(
    bureau, item, conflict, tool, chosen, summary, keywords, body, reason
):
    mine, _ = conflict
    answer = bureau[Role.CLERK].post(_edit(item), {**mine, "revision": "1", "tool": tool, **chosen})
    fields = _form(answer)
    assert (fields["summary"], fields["keywords"], fields["body"]) == (summary, keywords, body), reason
    assert Edition.objects.get(item=item).summary == "审核员的概述", "nothing is saved yet"
    assert bureau[Role.CLERK].post(_edit(item), {**mine, **fields}).status_code == 302
    assert Edition.objects.get(item=item).summary == summary


def test_theirs_as_a_whole_leaves_the_draft_as_it_is(bureau, item, conflict):
    answer = bureau[Role.CLERK].post(_edit(item), {**conflict[0], "revision": "1", "tool": "merge:theirs"}, follow=True)
    assert _form(answer)["summary"] == "审核员的概述"


def test_a_third_save_meanwhile_is_not_overwritten_unseen(bureau, typed, item, conflict):
    bureau[Role.HEAD].post(_edit(item), {**typed, "revision": "1", "summary": "负责人的概述"})
    answer = bureau[Role.CLERK].post(_edit(item), {**conflict[0], "revision": "1", "tool": "merge:mine"})
    assert answer.status_code == 409 and "负责人的概述" in answer.content.decode()
