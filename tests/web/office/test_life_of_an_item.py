"""From the first word to publication, correction and withdrawal, through the pages and nothing else."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from gongkai.disclosure.models import Edition, Item
from gongkai.rules.access import Role
from gongkai.rules.publication import State
from tests import factories

pytestmark = pytest.mark.django_db


def _create(bureau, typed, kind="policy_document", **more):
    address = f"/office/items/create/?organisation={bureau.body.pk}&kind={kind}"
    return bureau[Role.CLERK].post(address, {**typed, **more})


def _item(bureau, typed, **more) -> Item:
    answer = _create(bureau, typed, **more)
    assert answer.status_code == 302, answer.content.decode()
    return Item.objects.latest("pk")


def _state(item) -> str:
    item.refresh_from_db()
    return item.state


def _to_sign_off(bureau, item):
    bureau[Role.CLERK].post(f"/office/items/{item.pk}/submit/")
    bureau[Role.REVIEWER].post(
        f"/office/items/{item.pk}/approve/", {"secrecy_basis": "逐项审查，可以公开", "cleared": ["body"]}
    )
    assert _state(item) == State.SIGN_OFF


def test_an_item_goes_all_the_way(bureau, typed):
    item = _item(bureau, typed)
    edition = item.working
    assert edition.document_number == "测教〔2026〕12号", "the number is put into its official form"
    assert edition.issuing_agencies == ["测试区教育局", "测试区财政局"]
    _to_sign_off(bureau, item)
    assert bureau[Role.SIGNER].post(f"/office/items/{item.pk}/sign/").status_code == 302
    assert _state(item) == State.PUBLISHED
    assert (
        bureau[Role.CLERK].post(f"/office/items/{item.pk}/correct/", {"change_note": "更正咨询电话"}).status_code == 302
    )
    corrected = {**typed, "enquiry_phone": "0558-1111111", "revision": "0"}
    assert bureau[Role.CLERK].post(f"/office/items/{item.pk}/edit/", corrected).status_code == 302
    item.refresh_from_db()
    assert item.current.enquiry_phone == "0558-0000000", "the public goes on reading the published edition"
    assert item.working.enquiry_phone == "0558-1111111"
    _to_sign_off(bureau, item)
    bureau[Role.SIGNER].post(f"/office/items/{item.pk}/sign/")
    item.refresh_from_db()
    assert (item.current.number, item.current.enquiry_phone) == (2, "0558-1111111")
    answer = bureau[Role.HEAD].post(
        f"/office/items/{item.pk}/withdraw/", {"reason": "published_in_error", "note": "误发"}
    )
    assert answer.status_code == 302 and _state(item) == State.WITHDRAWN
    page = bureau[Role.CLERK].get(f"/office/items/{item.pk}/").content.decode()
    for word in ("已撤回", "发布有误", "误发", "审核通过", "签发"):
        assert word in page


def test_a_wrong_form_comes_back_whole_with_every_error_linked_to_its_field(bureau, typed):
    wrong = {
        "title": "",
        "document_number": "没有年份的号",
        "document_date": "昨天",
        "expires_on": "2026-01-01",
        "effective_from": "2026-02-01",
    }
    answer = _create(bureau, {**typed, **wrong}, summary="写了半天的概述")
    page = answer.content.decode()
    assert answer.status_code == 422 and Item.objects.count() == 0
    for field in ("title", "document_number", "document_date", "expires_on"):
        assert f'href="#id_{field}"' in page and f'id="id_{field}"' in page, field
    assert "写了半天的概述" in page and "没有年份的号" in page and "各学校" in page, "nothing typed is lost"


def test_what_may_not_be_typed_is_not_taken(bureau, typed):
    item = _item(
        bureau, typed, published_at="2020-01-01T00:00", state="published", author=str(bureau.desks[Role.HEAD].person.pk)
    )
    edition = item.working
    assert (edition.published_at, edition.state, edition.author_id) == (
        None,
        State.DRAFT,
        bureau.desks[Role.CLERK].person.pk,
    )


def test_active_content_never_reaches_the_preview(bureau, typed):
    nasty = '<p onclick="x()">正文</p><script>alert(1)</script><img src=x onerror=alert(1)><a href="javascript:alert(1)">链接</a>'
    item = _item(bureau, typed, body=nasty, title='"><script>alert(2)</script>')
    page = bureau[Role.CLERK].get(f"/office/items/{item.pk}/").content.decode()
    for word in ("alert(1)", "onclick", "onerror", "javascript:", "<script>alert"):
        assert word not in page, word
    assert "正文" in page and "链接" in page


def test_the_catalogue_rows_offered_are_those_of_the_body(bureau, typed):
    field = factories.row("本局领域")
    own = factories.row("本局事项", parent=field)
    own.duties.create(organisation=bureau.body)
    of_kind = factories.row("部门共有事项", organisation_kinds=["department"])
    foreign = factories.row("他局事项", organisation_kinds=["department"])
    foreign.duties.create(organisation=factories.body())
    page = bureau[Role.CLERK].get(f"/office/items/create/?organisation={bureau.body.pk}&kind=notice").content.decode()
    assert "本局事项" in page and "部门共有事项" in page and "他局事项" not in page
    assert f'value="{field.pk}"' not in page.split("公开目录事项")[1].split("</details>")[0], (
        "a branch is no place for items"
    )
    assert _create(bureau, typed, rows=[str(foreign.pk)]).status_code == 422
    item = _item(bureau, typed, rows=[str(own.pk), str(of_kind.pk)])
    assert set(item.rows.all()) == {own, of_kind}


def test_kinds_ask_for_their_own_elements(bureau, typed):
    page = (
        bureau[Role.CLERK].get(f"/office/items/create/?organisation={bureau.body.pk}&kind=pre_notice").content.decode()
    )
    assert "公示期限" in page and "意见反映渠道" in page
    item = _item(bureau, typed, kind="pre_notice", detail_notice_period="2026年3月1日至3月7日")
    assert item.working.details == {"notice_period": "2026年3月1日至3月7日"}
    assert "意见反映渠道" in bureau[Role.CLERK].post(f"/office/items/{item.pk}/submit/").content.decode()
    bureau[Role.CLERK].post(
        f"/office/items/{item.pk}/edit/",
        {
            **typed,
            "detail_notice_period": "2026年3月1日至3月7日",
            "detail_feedback_channel": "来信来电",
            "revision": "0",
        },
    )
    assert bureau[Role.CLERK].post(f"/office/items/{item.pk}/submit/").status_code == 302


def test_a_save_by_somebody_else_is_shown_and_nothing_is_overwritten_unseen(bureau, typed):
    item = _item(bureau, typed)
    first = {**typed, "revision": "0", "summary": "审核员补充的概述"}
    assert bureau[Role.REVIEWER].post(f"/office/items/{item.pk}/edit/", first).status_code == 302
    mine = {**typed, "revision": "0", "summary": "我写的概述"}
    answer = bureau[Role.CLERK].post(f"/office/items/{item.pk}/edit/", mine)
    page = answer.content.decode()
    assert answer.status_code == 409 and "审核员补充的概述" in page and "我写的概述" in page
    assert Edition.objects.get(item=item).summary == "审核员补充的概述"
    assert 'name="revision" value="1"' in page, "saving again from this page is a knowing choice"
    assert bureau[Role.CLERK].post(f"/office/items/{item.pk}/edit/", {**mine, "revision": "1"}).status_code == 302
    assert Edition.objects.get(item=item).summary == "我写的概述"


def test_a_refused_file_is_named_and_the_text_is_kept(bureau, typed):
    files = [SimpleUploadedFile("好的.txt", "附件内容".encode()), SimpleUploadedFile("坏的.docx", b"PK\x03\x04broken")]
    answer = _create(bureau, typed, attachments=files)
    item = Item.objects.get()
    assert answer.status_code == 302 and answer.headers["Location"].endswith("/edit/")
    assert list(item.working.attachments.values_list("name", flat=True)) == ["好的.txt"]
    said = " ".join(str(message) for message in get_messages(answer.wsgi_request))
    assert "坏的.docx" in said and "其他内容已保存" in said


def test_attachments_are_added_downloaded_and_removed(bureau, typed):
    item = _item(bureau, typed)
    clerk = bureau[Role.CLERK]
    clerk.post(
        f"/office/items/{item.pk}/attachments/", {"attachments": SimpleUploadedFile("报名表.txt", "表格内容".encode())}
    )
    file = item.working.attachments.get()
    answer = clerk.get(f"/office/items/{item.pk}/attachments/{file.pk}/")
    assert BytesIO(b"".join(answer.streaming_content)).read().decode() == "表格内容"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    clerk.post(f"/office/items/{item.pk}/attachments/{file.pk}/remove/")
    assert item.working.attachments.count() == 0


@pytest.mark.parametrize(
    ("role", "step", "sent", "article"),
    [
        (Role.REVIEWER, "approve", {}, "保密审查结论"),
        (Role.REVIEWER, "send-back", {}, "退回意见"),
        (Role.HEAD, "sign", {"scheduled_for": "明天"}, "定时发布时间"),
    ],
)
def test_a_step_without_its_words_comes_back_with_what_is_missing(bureau, typed, role, step, sent, article):
    item = _item(bureau, typed)
    bureau[Role.CLERK].post(f"/office/items/{item.pk}/submit/")
    if step == "sign":
        bureau[Role.REVIEWER].post(
            f"/office/items/{item.pk}/approve/", {"secrecy_basis": "可以公开", "cleared": ["body"]}
        )
    answer = bureau[role].post(f"/office/items/{item.pk}/{step}/", sent)
    assert answer.status_code == 422 and article in answer.content.decode()


def test_a_clerk_reads_beside_the_step_why_it_cannot_be_taken_yet(bureau, typed):
    item = _item(bureau, {**typed, "document_date": "", "enquiry_phone": ""})
    page = bureau[Role.CLERK].get(f"/office/items/{item.pk}/").content.decode()
    for word in ("请填写成文日期", "请填写咨询电话", "《条例》§17"):
        assert word in page
    answer = bureau[Role.CLERK].post(f"/office/items/{item.pk}/submit/")
    assert answer.status_code == 422 and _state(item) == State.DRAFT


def test_nobody_reviews_his_own_text(bureau, typed):
    address = f"/office/items/create/?organisation={bureau.body.pk}&kind=notice"
    bureau[Role.HEAD].post(address, typed)
    item = Item.objects.get()
    bureau[Role.HEAD].post(f"/office/items/{item.pk}/submit/")
    answer = bureau[Role.HEAD].post(
        f"/office/items/{item.pk}/approve/", {"secrecy_basis": "可以公开", "cleared": ["body"]}
    )
    assert answer.status_code == 422 and "不能审核自己起草" in answer.content.decode()
    assert _state(item) == State.REVIEW


def test_signing_for_later_waits_and_can_be_taken_back(bureau, typed):
    item = _item(bureau, typed)
    _to_sign_off(bureau, item)
    later = timezone.localtime() + timedelta(days=2)
    bureau[Role.SIGNER].post(f"/office/items/{item.pk}/sign/", {"scheduled_for": later.strftime("%Y-%m-%dT%H:%M")})
    assert _state(item) == State.SCHEDULED
    assert item.working.scheduled_for.astimezone(later.tzinfo).strftime("%H:%M") == later.strftime("%H:%M")
    bureau[Role.SIGNER].post(f"/office/items/{item.pk}/return/", {"remark": "内容有调整"})
    assert _state(item) == State.DRAFT


def test_a_returned_draft_comes_first_on_the_writers_worklist(bureau, typed):
    item = _item(bureau, typed)
    bureau[Role.CLERK].post(f"/office/items/{item.pk}/submit/")
    assert typed["title"] in bureau[Role.REVIEWER].get("/office/").content.decode()
    bureau[Role.REVIEWER].post(f"/office/items/{item.pk}/send-back/", {"remark": "请补充依据"})
    page = bureau[Role.CLERK].get("/office/").content.decode()
    assert "退回修改" in page and "请补充依据" in page and "我的草稿" not in page
    assert typed["title"] not in bureau[Role.REVIEWER].get("/office/").content.decode()


def test_documents_whose_validity_ends_soon_are_on_the_worklist(bureau):
    today = timezone.localdate()
    factories.published(bureau.body, title="即将到期的办法", expires_on=today + timedelta(days=30))
    factories.published(bureau.body, title="还早的办法", expires_on=today + timedelta(days=31))
    factories.published(bureau.body, title="已到期的办法", expires_on=today - timedelta(days=1))
    page = bureau[Role.CLERK].get("/office/").content.decode()
    assert "即将到期的办法" in page and "还早的办法" not in page and "已到期的办法" not in page


def test_ties_are_found_by_number_or_title_made_and_undone(bureau, typed):
    item = _item(bureau, typed)
    target = factories.published(factories.body(), title="全区招生工作办法", document_number="谯政〔2025〕7号")
    factories.published(factories.body(), title="毫不相干的通知", document_number="谯政〔2025〕8号")
    clerk, address = bureau[Role.CLERK], f"/office/items/{item.pk}/relations/"
    for text in ("谯政[2025]7号", "全区招生", target.index_number):
        page = clerk.get(address, {"q": text}).content.decode()
        assert "全区招生工作办法" in page and "毫不相干" not in page, text
    answer = clerk.post(address, {"q": "全区招生", "target": target.pk, "kind": "repeals"})
    assert answer.status_code == 422 and "请填写" in answer.content.decode(), "a repeal needs its day"
    clerk.post(address, {"target": target.pk, "kind": "repeals", "effective_on": "2026-04-01"})
    tie = item.relations.get()
    assert (tie.target, tie.kind) == (target, "repeals")
    clerk.post(f"/office/items/{item.pk}/relations/{tie.pk}/remove/")
    assert not item.relations.exists()


def test_a_published_item_moves_to_another_row_without_a_new_edition(bureau):
    old, new = (
        factories.row("旧栏目", organisation_kinds=["department"]),
        factories.row("新栏目", organisation_kinds=["department"]),
    )
    item = factories.published(bureau.body, rows=[old])
    bureau[Role.CLERK].post(f"/office/items/{item.pk}/reclassify/", {"rows": [str(new.pk)]})
    assert list(item.rows.all()) == [new] and item.editions.count() == 1


def test_a_discarded_draft_is_gone(bureau, typed):
    item = _item(bureau, typed)
    answer = bureau[Role.CLERK].post(f"/office/items/{item.pk}/discard/")
    assert answer.headers["Location"] == "/office/items/"
    assert bureau[Role.CLERK].get(f"/office/items/{item.pk}/").status_code == 404
