"""Who works on an item sees what changed: any two editions, and the draft against what the public reads."""

import io
import zipfile

import pytest

from gongkai.disclosure import actions
from gongkai.disclosure.models import Edition, Item
from gongkai.organisations.actors import actor_for
from gongkai.rules.access import Role
from gongkai.rules.publication import State
from tests import factories

pytestmark = pytest.mark.django_db

PUBLIC = "<p>第一条　申请应当在20个工作日内办理。</p><p>第二条　本办法自公布之日起施行。</p>"
DRAFT = (
    "<p>第一条　申请应当在15个工作日内办理。</p><p>第二条　可以当面申请。</p><p>第三条　本办法自公布之日起施行。</p>"
)


@pytest.fixture
def item(bureau) -> Item:
    """A published item whose correction waits for review."""
    made = factories.published(bureau.body, title="公开办法", body=PUBLIC, enquiry_phone="0558-0000001")
    clerk = actor_for(bureau.desks[Role.CLERK].person)
    actions.correct(actor=clerk, item_id=made.pk, change_note="缩短办理期限")
    actions.save_draft(actor=clerk, item_id=made.pk, values={"body": DRAFT, "enquiry_phone": "0558-0000002"})
    actions.submit(actor=clerk, item_id=made.pk)
    made.refresh_from_db()
    return made


def test_the_reviewer_is_told_what_the_correction_changes_and_led_to_the_table(bureau, item):
    page = bureau[Role.REVIEWER].get(f"/office/items/{item.pk}/").content.decode()
    assert "修改 1 条、新增 1 条、序号调整 1 条。信息要素变动 1 项。" in page
    assert f'href="/office/items/{item.pk}/editions/1/compare/2/?changed=1"' in page


def test_an_item_without_a_correction_says_nothing_of_changes(bureau):
    made = factories.published(bureau.body)
    assert "/compare/" not in bureau[Role.REVIEWER].get(f"/office/items/{made.pk}/").content.decode()


def test_the_table_marks_the_draft_against_the_published_edition(bureau, item):
    page = bureau[Role.REVIEWER].get(f"/office/items/{item.pk}/editions/1/compare/2/").content.decode()
    for words in (
        "〔删去：</span>20",
        "〔新增：</span>15",
        "审核中",
        "缩短办理期限",
        "0558-0000002",
        "第 2 版，审核中",
    ):
        assert words in page, words


def test_the_older_edition_always_stands_on_the_left(bureau, item):
    answer = bureau[Role.CLERK].get(f"/office/items/{item.pk}/editions/2/compare/1/")
    assert answer.status_code == 302 and answer["Location"] == f"/office/items/{item.pk}/editions/1/compare/2/"


def test_every_edition_leads_to_its_comparison_with_the_others(bureau, item):
    page = bureau[Role.CLERK].get(f"/office/items/{item.pk}/editions/1/").content.decode()
    assert f'href="/office/items/{item.pk}/editions/1/compare/2/"' in page


@pytest.mark.parametrize("extension", ["docx", "pdf"])
def test_the_table_can_be_taken_to_a_meeting(bureau, item, extension):
    answer = bureau[Role.REVIEWER].get(f"/office/items/{item.pk}/editions/1/compare/2/document.{extension}")
    assert answer.status_code == 200
    if extension == "docx":
        xml = zipfile.ZipFile(io.BytesIO(answer.content)).read("word/document.xml").decode()
        assert "<w:strike/>" in xml and "可以当面申请" in xml
    else:
        assert answer.content.startswith(b"%PDF")


def test_a_printed_draft_is_made_anew_when_the_draft_changes(bureau, item):
    address = f"/office/items/{item.pk}/editions/1/compare/2/document.docx"
    before = bureau[Role.REVIEWER].get(address).content
    draft = item.working
    draft.body = draft.body.replace("当面", "邮寄")
    draft.body_text = draft.body_text.replace("当面", "邮寄")
    draft.save()
    assert bureau[Role.REVIEWER].get(address).content != before


@pytest.mark.parametrize("path", ["1/compare/1/", "1/compare/9/", f"1/compare/{10**30}/", "1/compare/2/document.txt"])
def test_what_is_not_there_is_not_found(bureau, item, path):
    assert bureau[Role.CLERK].get(f"/office/items/{item.pk}/editions/{path}").status_code == 404


def test_the_life_of_a_correction_ends_in_two_citable_editions(bureau, item, client):
    """Through the actions: what the public sees after publication is what the table of the office announced."""
    actions.approve(actor=actor_for(bureau.desks[Role.REVIEWER].person), item_id=item.pk, secrecy_basis="可以公开")
    actions.sign(actor=actor_for(bureau.desks[Role.SIGNER].person), item_id=item.pk)
    states = list(Edition.objects.filter(item=item).order_by("number").values_list("state", flat=True))
    assert states == [State.SUPERSEDED, State.PUBLISHED]
    page = client.get(f"/items/{item.pk}/editions/1/compare/2/").text
    assert "修改 1 条、新增 1 条、序号调整 1 条。信息要素变动 1 项。" in page and "缩短办理期限" in page
    assert "更正说明" in client.get(f"/items/{item.pk}/").text


def test_a_correction_that_closes_earlier_editions_leaves_a_notice_at_their_address(bureau, client):
    people = {role: actor_for(bureau.desks[role].person) for role in (Role.CLERK, Role.REVIEWER, Role.SIGNER)}
    made = factories.published(bureau.body, body="<p>暗号张某</p>")
    actions.correct(
        actor=people[Role.CLERK], item_id=made.pk, change_note="去标识化", closes_earlier="personal_privacy"
    )
    actions.save_draft(actor=people[Role.CLERK], item_id=made.pk, values={"body": "<p>张某某</p>"})
    actions.submit(actor=people[Role.CLERK], item_id=made.pk)
    actions.approve(actor=people[Role.REVIEWER], item_id=made.pk, secrecy_basis="可以公开")
    actions.sign(actor=people[Role.SIGNER], item_id=made.pk)
    for path in ("editions/1/", "editions/1/compare/2/"):
        answer = client.get(f"/items/{made.pk}/{path}")
        assert answer.status_code == 410 and "涉及个人隐私" in answer.text and "暗号" not in answer.text
    own = bureau[Role.CLERK].get(f"/office/items/{made.pk}/editions/1/compare/2/").content.decode()
    assert "暗号" in own, "those who work on it still see what it was"
