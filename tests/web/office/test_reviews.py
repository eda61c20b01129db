"""三审三校 on the pages: the way through the chain, remarks at their words, the book of every step, chains and delegations set."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from gongkai.disclosure import actions, remarks
from gongkai.disclosure.models import Item
from gongkai.organisations.actors import actor_for
from gongkai.organisations.models import Delegation
from gongkai.review.models import Remark, ReviewChain
from gongkai.rules.access import Role
from tests import factories

pytestmark = pytest.mark.django_db
BODY = "<p>申报时间为9月1日。</p><p>补贴对象为<strong>种粮</strong>大户。</p>"


@pytest.fixture
def body():
    return factories.body()


@pytest.fixture
def people(body):
    return {role: factories.member(body, role) for role in Role}


def _client(person):
    client = Client()
    client.force_login(person)
    return client


def _handed_in(body, people, **values):
    clerk = actor_for(people[Role.CLERK])
    item = actions.create_item(
        actor=clerk,
        organisation_id=body.pk,
        kind="policy_document",
        values=factories.values(body=BODY, **values),
    )
    actions.submit(actor=clerk, item_id=item.pk)
    return item


def _page(client, item):
    return client.get(f"/office/items/{item.pk}/").content.decode()


def _stops(page):
    return re.findall(r'<li class="(done|here|later)"[^>]*><strong>([^<]+)</strong>', page)


def test_the_page_shows_how_far_it_is_and_asks_each_reviewer_only_for_his_part(body, people):
    item = _handed_in(body, people, normative=True)
    reviewer, lawyer = _client(people[Role.REVIEWER]), _client(people[Role.LEGALITY_REVIEWER])
    page = _page(reviewer, item)
    assert _stops(page) == [("done", "起草"), ("here", "审核"), ("later", "合法性审核"), ("later", "签发")]
    assert 'name="secrecy_basis"' in page
    answer = reviewer.post(
        f"/office/items/{item.pk}/approve/",
        {"secrecy_basis": "不涉密，可以公开", "cleared": ["body"], "opinion": "数字已核对"},
    )
    assert answer.status_code == 302
    page = _page(lawyer, item)
    assert _stops(page)[1:3] == [("done", "审核"), ("here", "合法性审核")]
    assert "合法性审核通过" in page
    assert 'name="secrecy_basis"' not in page, "the secrecy review is on record already"
    assert "请联系合法性审核办理" in _page(reviewer, item)
    assert lawyer.post(f"/office/items/{item.pk}/approve/", {"opinion": ""}).status_code == 302
    assert _stops(_page(lawyer, item))[-1] == ("here", "签发")
    record = lawyer.get(f"/office/items/{item.pk}/editions/1/review-record/").content.decode()
    for words in ("数字已核对", "保密关、文字关", "一校", "合法性审核", "不涉密，可以公开"):
        assert words in record, words


def test_the_worklist_of_each_holds_what_waits_for_his_step(body, people):
    item = _handed_in(body, people, normative=True)
    title = item.working.title

    def waits_for(role):
        return title in _client(people[role]).get("/office/").content.decode()

    assert (waits_for(Role.REVIEWER), waits_for(Role.LEGALITY_REVIEWER)) == (True, False)
    actions.approve(actor=actor_for(people[Role.REVIEWER]), item_id=item.pk, secrecy_basis="不涉密")
    assert (waits_for(Role.REVIEWER), waits_for(Role.LEGALITY_REVIEWER)) == (False, True)


def test_a_remark_is_shown_at_its_words_and_dealt_with_in_the_draft(body, people):
    item = _handed_in(body, people)
    reviewer, clerk = _client(people[Role.REVIEWER]), _client(people[Role.CLERK])
    answer = reviewer.post(
        f"/office/items/{item.pk}/remarks/",
        {"part": "body", "quote": "种粮大户", "near": "20", "text": "<b>请用规范名称</b>"},
    )
    assert answer.status_code == 302
    made = Remark.objects.get()
    page = _page(reviewer, item)
    assert f'<mark id="remark-{made.pk}" class="remark-mark"' in page
    assert "&lt;b&gt;请用规范名称" in page
    assert "<b>请用规范名称" not in page
    assert reviewer.post(f"/office/items/{item.pk}/send-back/", {"remark": ""}).status_code == 302
    assert "请用规范名称" in clerk.get(f"/office/items/{item.pk}/edit/").content.decode()
    refused = clerk.post(f"/office/items/{item.pk}/submit/")
    assert refused.status_code == 422
    assert "还有 1 条修改意见没有办理" in refused.content.decode()
    answer = clerk.post(f"/office/items/{item.pk}/remarks/{made.pk}/answer/", {"text": "已改为适度规模经营主体"})
    assert answer["Location"].endswith("#remarks")
    assert clerk.post(f"/office/items/{item.pk}/submit/").status_code == 302


def test_words_that_do_not_stand_there_come_back_with_what_was_typed(body, people):
    item = _handed_in(body, people)
    answer = _client(people[Role.REVIEWER]).post(
        f"/office/items/{item.pk}/remarks/", {"part": "body", "quote": "没有这句", "text": "请核对数字"}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "正文中没有“没有这句”" in page
    assert "请核对数字" in page
    assert not Remark.objects.exists()


def test_a_remark_whose_words_are_gone_stays_in_the_list_without_a_mark(body, people):
    item = _handed_in(body, people)
    reviewer = actor_for(people[Role.REVIEWER])
    remarks.remark(actor=reviewer, item_id=item.pk, part="body", quote="种粮", text="请核对")
    actions.send_back(actor=reviewer, item_id=item.pk, remark="")
    clerk = actor_for(people[Role.CLERK])
    actions.save_draft(actor=clerk, item_id=item.pk, values={"body": "<p>全部改写。</p>"})
    page = _page(_client(people[Role.CLERK]), item)
    assert "请核对" in page
    assert "remark-mark" not in page


def test_chains_are_set_and_taken_back_on_their_page(body, people):
    client = _client(people[Role.ADMINISTRATOR])
    wrong = client.post("/office/review-chains/", {"organisation": body.pk, "kind": "", "steps": ["final_review"]})
    assert wrong.status_code == 422
    assert "每个流程都必须有“审核”环节" in wrong.content.decode()
    steps = ["final_review", "review", "second_review"]
    answer = client.post(
        "/office/review-chains/", {"organisation": body.pk, "kind": "", "steps": steps, "distinct": "on"}
    )
    assert answer.status_code == 302
    assert "起草 → 审核 → 复审 → 终审 → 签发" in client.get("/office/review-chains/").content.decode()
    item = _handed_in(body, people)
    assert Item.objects.get(pk=item.pk).working.review_steps == ["review", "second_review", "final_review"]
    client.post(f"/office/review-chains/{ReviewChain.objects.get().pk}/drop/")
    assert not ReviewChain.objects.exists()


def test_a_colleague_is_let_act_until_a_day_and_the_page_says_for_whom(body, people):
    signer = _client(people[Role.SIGNER])
    address = f"/office/delegations/create/{body.pk}/"
    today = timezone.localdate()
    values = {
        "delegate": people[Role.REVIEWER].pk,
        "roles": ["signer"],
        "starts_on": today.isoformat(),
        "ends_on": (today - timedelta(1)).isoformat(),
        "reason": "出差",
    }
    wrong = signer.post(address, values)
    assert wrong.status_code == 422
    assert "结束日期早于开始日期" in wrong.content.decode()
    assert signer.post(address, {**values, "ends_on": today.isoformat()}).status_code == 302
    deputy = _client(people[Role.REVIEWER])
    assert "代理中" in deputy.get("/office/delegations/").content.decode()
    item = _handed_in(body, people)
    actions.approve(actor=actor_for(people[Role.HEAD]), item_id=item.pk, secrecy_basis="不涉密")
    assert deputy.post(f"/office/items/{item.pk}/sign/", {}).status_code == 302
    shown = deputy.get(f"/office/items/{item.pk}/editions/1/review-record/").content.decode()
    assert f"{people[Role.REVIEWER]}（代{people[Role.SIGNER]}）" in shown
    deputy.post(f"/office/delegations/{Delegation.objects.get().pk}/end/")
    assert "提前结束" in signer.get("/office/delegations/").content.decode()


def test_a_clerk_has_nothing_to_delegate(body, people):
    client = _client(people[Role.CLERK])
    assert client.get(f"/office/delegations/create/{body.pk}/").status_code == 403
    assert client.get(f"/office/delegations/create/{factories.body().pk}/").status_code == 404
