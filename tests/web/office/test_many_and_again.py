"""Bulk steps, copies, previews and the end of publication, through the pages."""

from datetime import timedelta

import pytest
from django.utils import timezone
from lxml import html as lxml_html

from gongkai.disclosure import actions
from gongkai.disclosure.models import Item
from gongkai.jobs.tick import tick
from gongkai.rules.access import Role
from gongkai.rules.publication import State
from tests import factories

pytestmark = pytest.mark.django_db
BULK = "/office/items/bulk/"


def _draft(bureau, **more) -> Item:
    clerk = factories.actor(bureau.body, Role.CLERK)
    values = factories.values(**{"subjects": ["0201"], "genre": "08", **more})
    return actions.create_item(actor=clerk, organisation_id=bureau.body.pk, kind="policy_document", values=values)


def _lines(answer) -> dict[str, str]:
    """What the page says of each item, by title."""
    page = lxml_html.fromstring(answer.content.decode())
    rows = page.xpath("//table//tbody/tr")
    return {row.xpath("string(th)").strip(): " ".join(row.xpath("string(td[2])").split()) for row in rows}


# --- many --------------------------------------------------------------------------------------------------------------
def test_handing_in_says_first_what_would_happen_and_then_what_did(bureau):
    good, bad = _draft(bureau), _draft(bureau, enquiry_phone="")
    foreseen = bureau[Role.CLERK].post(BULK, {"item": [good.pk, bad.pk], "step": "submit"})
    assert "1 条可以办理" in foreseen.content.decode()
    assert _lines(foreseen)[good.working.title] == "可以" and "咨询电话" in _lines(foreseen)[bad.working.title]
    assert set(Item.objects.values_list("state", flat=True)) == {State.DRAFT}, "nothing is done before it is confirmed"
    done = bureau[Role.CLERK].post(BULK, {"item": [good.pk, bad.pk], "step": "submit", "confirm": "1"})
    assert _lines(done)[good.working.title] == "已提交审核" and "咨询电话" in _lines(done)[bad.working.title]
    assert dict(Item.objects.values_list("pk", "state")) == {good.pk: State.REVIEW, bad.pk: State.DRAFT}


def test_withdrawing_asks_for_the_reason_and_publishing_for_nothing(bureau):
    items = factories.published_many(bureau.body, 2)
    ids = [item.pk for item in items]
    page = bureau[Role.HEAD].post(BULK, {"item": ids, "step": "withdraw"}).content.decode()
    assert 'name="reason"' in page and "2 条可以办理" in page
    assert bureau[Role.HEAD].post(BULK, {"item": ids, "step": "withdraw", "confirm": "1"}).status_code == 422
    bureau[Role.HEAD].post(BULK, {"item": ids, "step": "withdraw", "confirm": "1", "reason": "duplicate"})
    assert {item.current.withdrawal_reason for item in Item.objects.filter(pk__in=ids)} == {"duplicate"}
    life = {"approved_by_id": factories.user().pk, "secrecy_basis": "可以公开"}
    due = factories.published_many(bureau.body, 2, state=State.SCHEDULED, life=life)
    bureau[Role.CLERK].post(BULK, {"item": [item.pk for item in due], "step": "publish", "confirm": "1"})
    assert set(Item.objects.filter(pk__in=[item.pk for item in due]).values_list("state", flat=True)) == {
        State.PUBLISHED
    }


def test_reclassifying_replaces_the_rows_of_all(bureau):
    row = factories.row("新事项", organisation_kinds=["department"])
    items = [_draft(bureau), factories.published(bureau.body, rows=[factories.row("旧事项")])]
    answer = bureau[Role.CLERK].post(
        BULK, {"item": [item.pk for item in items], "step": "reclassify", "confirm": "1", "rows": [row.pk]}
    )
    assert list(_lines(answer).values()) == ["已调整目录事项"] * 2
    assert all(list(item.rows.all()) == [row] for item in items)


REFUSED = [
    ({"step": "submit"}, "请先勾选", "nothing is chosen"),
    ({"item": ["1"] * 1, "step": "nonsense"}, "请选择要办理的事项", "no such step"),
    ({"item": [str(number) for number in range(1, 102)], "step": "submit"}, "一次最多", "too many"),
    ({"item": ["x", "", "9" * 40], "step": "submit"}, "请先勾选", "ids that are none"),
]


@pytest.mark.parametrize(("data", "words", "reason"), REFUSED, ids=[case[2] for case in REFUSED])
def test_what_cannot_be_meant_goes_back_to_the_list(bureau, data, words, reason):
    answer = bureau[Role.CLERK].post(BULK, data, follow=True)
    assert answer.redirect_chain[-1][0] == "/office/items/" and words in answer.content.decode()


@pytest.mark.parametrize("confirm", [{}, {"confirm": "1"}])
def test_one_foreign_item_among_many_makes_the_page_not_there(bureau, confirm):
    own, foreign = _draft(bureau), factories.published(factories.body())
    answer = bureau[Role.CLERK].post(BULK, {"item": [own.pk, foreign.pk], "step": "submit", **confirm})
    assert answer.status_code == 404
    own.refresh_from_db()
    assert own.state == State.DRAFT


def test_items_of_two_bodies_are_not_put_under_the_rows_of_one(bureau):
    first, second = factories.published(bureau.body), factories.published(factories.body())
    answer = bureau[Role.DISTRICT_OFFICE].post(BULK, {"item": [first.pk, second.pk], "step": "reclassify"}, follow=True)
    assert "属于不同单位" in answer.content.decode()


def test_who_has_no_role_is_refused_line_by_line(bureau):
    item = factories.published(bureau.body)
    answer = bureau[Role.CLERK].post(
        BULK, {"item": [item.pk], "step": "withdraw", "confirm": "1", "reason": "duplicate"}
    )
    assert "您的角色不能撤回" in next(iter(_lines(answer).values()))
    item.refresh_from_db()
    assert item.state == State.PUBLISHED


# --- again -------------------------------------------------------------------------------------------------------------
def test_a_copy_takes_text_and_rows_and_leaves_what_belongs_to_the_document(bureau):
    row = factories.row("事项")
    source = factories.published(
        bureau.body, rows=[row], expires_on=timezone.localdate() + timedelta(days=9), summary="概述"
    )
    answer = bureau[Role.CLERK].post(f"/office/items/{source.pk}/copy/")
    made = Item.objects.exclude(pk=source.pk).get()
    assert answer.headers["Location"] == f"/office/items/{made.pk}/edit/"
    assert made.index_number != source.index_number and made.state == State.DRAFT
    assert (made.working.title, made.working.body, made.working.summary) == (
        source.current.title,
        source.current.body,
        "概述",
    )
    assert list(made.rows.all()) == [row]
    assert (made.working.document_number, made.working.document_mark, made.working.document_date, made.working.expires_on) == (
        "", "", None, None,
    )  # fmt: skip
    assert made.working.author_id == bureau.desks[Role.CLERK].person.pk


def test_the_district_office_sees_but_does_not_copy_into_another_body(bureau):
    source = factories.published(factories.body())
    assert bureau[Role.DISTRICT_OFFICE].post(f"/office/items/{source.pk}/copy/").status_code == 403
    assert Item.objects.count() == 1


# --- before ------------------------------------------------------------------------------------------------------------
def test_the_preview_shows_the_draft_as_the_public_page_and_lets_no_other_site_frame_it(bureau):
    item = _draft(bureau, body="<p>尚未公开的正文。</p><p>2026年3月1日</p>")
    for view, mark in (
        ("desktop", "preview-desktop"),
        ("phone", "preview-phone"),
        ("elder", "?v=elder"),
        ("x", "preview-desktop"),
    ):
        page = bureau[Role.CLERK].get(f"/office/items/{item.pk}/preview/?view={view}")
        assert page.status_code == 200 and mark in page.content.decode(), view
    frame = bureau[Role.CLERK].get(f"/office/items/{item.pk}/preview/page/?v=elder")
    text = frame.content.decode()
    assert "尚未公开的正文" in text and 'class="elder"' in text and '<p class="signed">' in text
    assert frame["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in frame["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in bureau[Role.CLERK].get(f"/office/items/{item.pk}/")["Content-Security-Policy"]
    assert frame["Cache-Control"].find("no-store") >= 0


@pytest.mark.parametrize("kind", ["notice", "policy_document", "interpretation", "reprint", "nil_statement"])
def test_an_empty_draft_of_any_kind_can_be_looked_at(bureau, kind):
    clerk = factories.actor(bureau.body, Role.CLERK)
    item = actions.create_item(actor=clerk, organisation_id=bureau.body.pk, kind=kind, values={"title": "只有标题"})
    assert "只有标题" in bureau[Role.CLERK].get(f"/office/items/{item.pk}/preview/page/").content.decode()


def test_saving_can_lead_to_the_preview(bureau, typed):
    item = _draft(bureau)
    answer = bureau[Role.CLERK].post(
        f"/office/items/{item.pk}/edit/", {**typed, "revision": "0", "save_and_preview": "1"}
    )
    assert answer.headers["Location"] == f"/office/items/{item.pk}/preview/"


# --- until -------------------------------------------------------------------------------------------------------------
def test_on_the_day_after_the_last_the_tick_withdraws_and_says_why(bureau, client):
    today = timezone.localdate()
    over = factories.published(bureau.body, public_until=today - timedelta(days=1))
    last_day = factories.published(bureau.body, public_until=today)
    always = factories.published(bureau.body)
    report = tick()
    assert report.withdrawn == 1 and not report.idle
    states = dict(Item.objects.values_list("pk", "state"))
    assert states == {over.pk: State.WITHDRAWN, last_day.pk: State.PUBLISHED, always.pk: State.PUBLISHED}
    over.refresh_from_db()
    assert over.current.withdrawal_reason == "term_ended"
    page = client.get(f"/items/{over.pk}/")
    assert page.status_code == 410 and "公开期限届满" in page.content.decode()
    assert tick().withdrawn == 0


def test_a_last_day_that_has_passed_is_refused_before_it_is_handed_in(bureau):
    item = _draft(bureau, public_until=timezone.localdate() - timedelta(days=1))
    answer = bureau[Role.CLERK].post(f"/office/items/{item.pk}/submit/")
    assert answer.status_code == 422 and "公开截止日期已过" in answer.content.decode()
    assert "次日自动撤回" in answer.content.decode()


# --- the meter ---------------------------------------------------------------------------------------------------------
def test_the_meter_says_what_an_inspection_would_deduct_and_which_figures_are_settings(bureau):
    item = _draft(bureau, enquiry_phone="", summary="概述")
    for address in (f"/office/items/{item.pk}/", f"/office/items/{item.pk}/edit/"):
        text = " ".join(lxml_html.fromstring(bureau[Role.CLERK].get(address).content.decode()).text_content().split())
        assert "现在检查，预计扣" in text and "必填：咨询电话 −2（设定值）" in text, address
        assert "内容概述 −" not in text, "what is there costs nothing"
