"""政策卡片 in the office: written by one, published by another, with every fault named and nothing typed lost."""

import re
from dataclasses import replace

import pytest
from django.db.models import QuerySet

from gongkai.audit.models import AuditRecord
from gongkai.disclosure.models import Edition, Item
from gongkai.policies.cards import cards_of, matchable
from gongkai.policies.models import CardState, PolicyCard
from gongkai.review import links
from gongkai.review.models import Link
from gongkai.rules.access import Role
from tests import factories

pytestmark = pytest.mark.django_db
ANSWERS = {
    "who_may_benefit": "六十周岁以上老年人",
    "what_is_given": "免费乘车",
    "how_to_apply": "带身份证办卡",
    "until_note": "长期有效",
    "contact": "区交通局",
    "phone": "0558-0000000",
}
ROW = {
    "field_0": "age",
    "operator_0": "at_least",
    "values_0": "60",
    "source_0": "六十周岁以上老年人免费乘车。",
    "margin_0": "1",
}


@pytest.fixture
def item(bureau):
    text = "<p>一、优待对象。六十周岁以上老年人免费\n乘车。</p><p>二、注册登记满一年的小微企业可以申请补贴。</p>"
    made = factories.published(bureau.body, title="关于老年人乘车的通知", body=text)
    Item.objects.filter(pk=made.pk).update(tags=["benefit.people"])
    return made


def save(bureau, item, **more):
    return bureau[Role.CLERK].post(f"/office/items/{item.pk}/card/", {**ANSWERS, **more})


def test_a_card_is_public_only_when_a_second_person_publishes_it(bureau, item):
    assert save(bureau, item, party="person", **ROW).status_code == 302
    assert cards_of([item.pk]) == {}
    assert bureau[Role.CLERK].post(f"/office/items/{item.pk}/card/", {"step": "publish"}, follow=True)
    assert cards_of([item.pk]) == {}, "the clerk may not publish"
    bureau[Role.REVIEWER].post(f"/office/items/{item.pk}/card/", {"step": "publish"})
    assert [card.what_is_given for card in cards_of([item.pk])[item.pk]] == ["免费乘车"]
    [(view, conditions)] = matchable("person")
    assert (view.item_id, conditions.clauses[0].values, conditions.clauses[0].margin) == (item.pk, (60,), 1)
    page = bureau[Role.CLERK].get(f"/items/{item.pk}/").content.decode()
    assert "免费乘车" in page


def test_a_card_of_a_policy_that_benefits_nobody_is_not_published(bureau, item):
    Item.objects.filter(pk=item.pk).update(tags=["person.old_age"])
    save(bureau, item)
    answer = bureau[Role.REVIEWER].post(f"/office/items/{item.pk}/card/", {"step": "publish"}, follow=True)
    assert "请先在专题标签中确认惠及对象" in answer.content.decode()
    assert cards_of([item.pk]) == {}


def test_a_new_version_takes_the_place_of_the_old_one_and_can_be_taken_down(bureau, item):
    for given in ("免费乘车", "半价乘车"):
        save(bureau, item, what_is_given=given)
        bureau[Role.REVIEWER].post(f"/office/items/{item.pk}/card/", {"step": "publish"})
    assert [card.what_is_given for card in cards_of([item.pk])[item.pk]] == ["半价乘车"]
    assert list(PolicyCard.objects.order_by("number").values_list("state", flat=True)) == [
        CardState.SUPERSEDED,
        CardState.PUBLISHED,
    ]
    bureau[Role.REVIEWER].post(f"/office/items/{item.pk}/card/", {"step": "withdraw"})
    assert cards_of([item.pk]) == {}


def test_a_card_that_takes_longer_than_thirty_seconds_says_so_to_the_writer_and_to_the_reader(bureau, item):
    short = bureau[Role.CLERK].post(f"/office/items/{item.pk}/card/", ANSWERS, follow=True).content.decode()
    assert "秒读完" not in short
    longer = {**ANSWERS, "what_is_given": "多" * 198}
    page = bureau[Role.CLERK].post(f"/office/items/{item.pk}/card/", longer, follow=True).content.decode()
    characters = sum(map(len, longer.values()))
    seconds = -(-characters * 60 // 300)
    assert f"卡片约需 {seconds} 秒读完；各项合计 150 字以内的" in page
    bureau[Role.REVIEWER].post(f"/office/items/{item.pk}/card/", {"step": "publish"})
    assert f">{seconds} 秒看卡片<" in bureau[Role.CLERK].get(f"/items/{item.pk}/").content.decode()


FAULTS = [
    ({"party": "person", **ROW, "values_0": "很老"}, "第1项条件“年龄”的值不能识别", "no number"),
    ({"party": "person", **ROW, "source_0": ""}, "缺少原文", "no sentence"),
    ({"party": "enterprise", **ROW}, "不适用于企业", "the wrong party"),
    ({**ROW}, "“适用对象”应为个人或者企业", "conditions for nobody"),
    ({"party": "person", **ROW, "margin_0": "-2"}, "相差不超过", "a negative margin"),
    ({"what_is_given": "多" * 201}, "请压缩到 200 字以内", "too long"),
    ({"service_url": "javascript:alert(1)"}, "办理入口请填写以 http:// 或者 https:// 开头的完整网址", "a script"),
    ({"service_url": "https://zwfw.gov.cn/" + "a" * 500}, "不得超过 500 个字符", "an endless address"),
    ({"service_url": "http://192.168.1.8/guide"}, "指向本机或者内部网络", "nobody outside can open it"),
]


@pytest.mark.parametrize(("more", "said", "why"), FAULTS, ids=[row[-1] for row in FAULTS])
def test_faults_are_named_and_nothing_typed_is_lost(bureau, item, more, said, why):
    answer = save(bureau, item, **more)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert "带身份证办卡" in page
    for name, value in more.items():
        assert name == "party" or not value or value in page or name in ("field_0", "operator_0")
    assert not PolicyCard.objects.exists()


def test_what_is_missing_or_personal_is_refused_when_it_is_to_be_published(bureau, item):
    save(bureau, item, phone="", until_note="", who_may_benefit="张三，手机 13800138000")
    page = (
        bureau[Role.REVIEWER].post(f"/office/items/{item.pk}/card/", {"step": "publish"}, follow=True).content.decode()
    )
    assert "请填写“电话”" in page
    assert "请填写截止日期" in page
    assert "疑似个人信息（手机号）" in page
    assert cards_of([item.pk]) == {}


def test_more_rows_are_offered_and_those_typed_stay(bureau, item):
    page = save(bureau, item, party="person", **ROW, step="row").content.decode()
    assert 'value="60"' in page
    assert "field_2" in page
    assert not PolicyCard.objects.exists()


def test_the_text_proposes_conditions_and_those_ticked_are_filled_in_but_not_saved(bureau, item):
    page = save(bureau, item, party="person", step="propose").content.decode()
    [key] = re.findall(r'name="take" value="(age at_least \d+ 60)"', page)
    assert "不低于 60周岁" in page
    assert "登记月数" not in page.partition("offered-title")[2].partition("</ul>")[0], (
        "of firms, and the party is a person"
    )
    page = save(bureau, item, party="person", step="propose", take=[key, "made up"]).content.decode()
    assert 'name="values_0" value="60"' in page
    assert "六十周岁以上老年人免费" in page.partition('name="source_0"')[2].partition("</textarea>")[0]
    assert f'value="{key}"' not in page, "what is entered is not proposed again"
    assert not PolicyCard.objects.exists()


def test_of_a_range_the_second_limit_is_still_proposed_when_the_first_was_taken(bureau):
    item = factories.published(bureau.body, body="<p>年龄在18至60周岁的居民可以申请。</p>")
    page = save(bureau, item, party="person", step="propose", take=["age at_least 0 18"]).content.decode()
    assert 'name="values_0" value="18"' in page
    assert re.findall(r'name="take" value="(age [^"]+)"', page) == ["age at_most 0 60"]


def test_proposals_need_a_party_and_keep_what_was_typed(bureau, item):
    answer = save(bureau, item, step="propose")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请先选择政策匹配的适用对象" in page
    assert "带身份证办卡" in page


def test_a_source_that_does_not_stand_in_the_document_is_named_and_nothing_is_published(bureau, item):
    save(bureau, item, party="person", **{**ROW, "source_0": "七十周岁以上老年人免费乘车。"})
    answer = bureau[Role.REVIEWER].post(f"/office/items/{item.pk}/card/", {"step": "publish"}, follow=True)
    assert "第1项条件“年龄”的原文在文件正文和附件中没有找到" in answer.content.decode()
    assert cards_of([item.pk]) == {}


SERVICE = "https://zwfw.example.gov.cn/guide?id=1&x=2"


def publish(bureau, item, **more):
    assert save(bureau, item, **more).status_code == 302
    bureau[Role.REVIEWER].post(f"/office/items/{item.pk}/card/", {"step": "publish"})
    return bureau[Role.CLERK].get(f"/items/{item.pk}/").content.decode()


def test_the_way_to_the_service_stands_on_the_card_and_in_the_rail(bureau, item):
    page = publish(bureau, item, service_url=SERVICE)
    links = re.findall(
        r'<a class="button" href="([^"]*)" rel="([^"]*)">去办理<span class="visually-hidden">：([^<]*)', page
    )
    shown = SERVICE.replace("&", "&amp;")
    assert links == [(shown, "noopener noreferrer external", name) for name in ("政策卡片", "关于老年人乘车的通知")]
    assert page.count("前往 zwfw.example.gov.cn，离开本站") == 2
    rail = page.split('<aside class="related"')[1]
    assert re.search(r'<h2 id="to-service">办事</h2>.*?去办理', rail, re.DOTALL)
    kept = bureau[Role.CLERK].get(f"/office/items/{item.pk}/card/").content.decode()
    assert f'value="{shown}"' in kept, "the next version starts from it"


def test_a_service_of_this_site_does_not_say_that_one_leaves_it(bureau, item, settings):
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, site_url="https://zwfw.example.gov.cn")
    page = publish(bureau, item, service_url=SERVICE)
    assert page.count("去办理") == 2 and "离开本站" not in page


@pytest.mark.parametrize(
    ("more", "why"), [({}, "no address"), ({"service_url": SERVICE, "until": "2020-01-31"}, "too late to apply")]
)
def test_without_a_service_that_is_open_there_is_no_way_to_one(bureau, item, more, why):
    page = publish(bureau, item, **more)
    assert "免费乘车" in page
    assert not any(word in page for word in ("去办理", "办事</h2>", "离开本站")), why


def test_a_way_to_a_service_is_public_only_with_its_card(bureau, item):
    assert save(bureau, item, service_url=SERVICE).status_code == 302
    assert "去办理" not in bureau[Role.CLERK].get(f"/items/{item.pk}/").content.decode()


def test_a_service_is_visited_while_it_is_public_and_a_dead_one_is_not_offered(bureau, item, settings):
    settings.GONGKAI_PAGE_CACHE = False
    publish(bureau, item, service_url=SERVICE)
    link = Link.objects.get(address=SERVICE)
    assert link.kept
    Link.objects.filter(pk=link.pk).update(dead=True, answer="网页不存在（404）")
    page = bureau[Role.CLERK].get(f"/items/{item.pk}/").content.decode()
    assert "去办理" not in page
    assert page.count("网上办理入口暂时打不开，请拨打咨询电话") == 2, "on the card and in the rail"
    assert (
        "办理入口打不开（网页不存在（404））"
        in bureau[Role.CLERK].get(f"/office/items/{item.pk}/card/").content.decode()
    )
    bureau[Role.REVIEWER].post(f"/office/items/{item.pk}/card/", {"step": "withdraw"})
    assert not Link.objects.get(pk=link.pk).kept


def test_a_service_of_a_new_version_or_of_another_list_is_visited_on(bureau, item):
    publish(bureau, item, service_url=SERVICE)
    publish(bureau, item, service_url=SERVICE, what_is_given="半价乘车")
    assert Link.objects.get(address=SERVICE).kept, "the next version has it too"
    publish(bureau, item, service_url="")
    assert not Link.objects.get(address=SERVICE).kept
    listed = factories.exemplary(link=links.keep(SERVICE))
    publish(bureau, item, service_url=SERVICE)
    publish(bureau, item, service_url="")
    assert Link.objects.get(address=SERVICE).kept, f"{listed} lists it"


# --- several matters of one document ------------------------------------------------------------------------------------
REWARDS = (
    "<p>关于印发若干政策的通知</p><p>第一条　首次入规奖励。登记满一年的企业，奖励二十万元。</p>"
    "<p>第二条　设备更新补助。从业人员不少于50人的企业，按设备投资的百分之八补助。</p>"
)


@pytest.fixture
def rewards(bureau):
    made = factories.published(bureau.body, title="关于工业若干政策的通知", body=REWARDS)
    Item.objects.filter(pk=made.pk).update(tags=["benefit.enterprise"])
    return made


def matter(bureau, item, number, name, **more):
    """Write the card of a matter and publish it; returns what the reviewer is told."""
    address = f"/office/items/{item.pk}/card/{number}/"
    answers = {**ANSWERS, "matter_name": name, "what_is_given": f"给{number}", **more}
    assert bureau[Role.CLERK].post(address, answers).status_code == 302
    return bureau[Role.REVIEWER].post(address, {"step": "publish"}, follow=True).content.decode()


def test_each_matter_has_its_card_its_conditions_and_its_place_in_the_text(bureau, rewards):
    registered = {"field_0": "months_registered", "operator_0": "at_least", "values_0": "12"}
    staff = {"field_0": "employees", "operator_0": "at_least", "values_0": "50"}
    matter(
        bureau,
        rewards,
        1,
        "首次入规奖励",
        basis="第一条",
        party="enterprise",
        source_0="登记满一年的企业",
        **registered,
    )
    matter(bureau, rewards, 2, "设备更新补助", basis="第二条", party="enterprise", source_0="不少于50人的企业", **staff)
    assert [(card.key, card.matter_name) for card in cards_of([rewards.pk])[rewards.pk]] == [
        (f"{rewards.pk}-1", "首次入规奖励"),
        (f"{rewards.pk}-2", "设备更新补助"),
    ]
    assert [conditions.policy for _, conditions in matchable("enterprise")] == [f"{rewards.pk}-1", f"{rewards.pk}-2"]
    page = bureau[Role.CLERK].get(f"/items/{rewards.pk}/").content.decode()
    assert "政策卡片（2 项）" in page
    for number in (1, 2):
        assert f'href="/items/{rewards.pk}/#article-{number}"' in page
        assert f'<p id="article-{number}">第{"一二"[number - 1]}条' in page
    asked = {"months_registered": "24", "employees": "10"}
    answer = bureau[Role.CLERK].post("/policy-matching/enterprise/", asked).content.decode()
    met = answer.split('data-verdict="met"')[1].split("</section>")[0]
    assert f'id="match-{rewards.pk}-1"' in met and "设备更新补助" not in met
    assert f'id="match-{rewards.pk}-2"' in answer.split('data-verdict="not_met"')[1].split("</section>")[0]


def test_several_matters_need_names_of_their_own(bureau, rewards):
    matter(bureau, rewards, 1, "")
    assert "第1项政策卡片还没有事项名称" in matter(bureau, rewards, 2, "设备更新补助")
    matter(bureau, rewards, 1, "设备更新补助")
    assert "事项名称与第1项相同" in matter(bureau, rewards, 2, "设备更新补助")
    assert "请填写事项名称" in matter(bureau, rewards, 2, "")
    assert len(cards_of([rewards.pk])[rewards.pk]) == 1
    assert "政策卡片已发布" in matter(bureau, rewards, 2, "首次入规奖励")
    bureau[Role.REVIEWER].post(f"/office/items/{rewards.pk}/card/", {"step": "withdraw"})
    assert [card.matter for card in cards_of([rewards.pk])[rewards.pk]] == [2], "only the first was taken down"
    page = bureau[Role.CLERK].get(f"/items/{rewards.pk}/").content.decode()
    assert "首次入规奖励" in page and "政策卡片（" not in page, "one card is shown as one"


def test_matters_follow_on_each_other(bureau, rewards):
    address = f"/office/items/{rewards.pk}/card"
    for number, status in ((0, 404), (1, 200), (2, 404), (31, 404), (10**20, 404)):
        assert bureau[Role.CLERK].get(f"{address}/{number}/").status_code == status
    save(bureau, rewards)
    page = bureau[Role.CLERK].get(f"{address}/2/").content.decode()
    assert "新的一项" in page
    assert bureau[Role.CLERK].post(f"{address}/3/", ANSWERS).status_code == 404
    assert PolicyCard.objects.count() == 1


def test_a_draft_can_be_thrown_away_and_its_matter_with_it(bureau, rewards):
    matter(bureau, rewards, 1, "首次入规奖励")
    address = f"/office/items/{rewards.pk}/card"
    for number, name in ((1, "改写的名称"), (2, "误建的一项"), (3, "第三项")):
        bureau[Role.CLERK].post(f"{address}/{number}/", {**ANSWERS, "matter_name": name})
    for number in (1, 2):
        page = bureau[Role.CLERK].post(f"{address}/{number}/", {"step": "discard"}, follow=True).content.decode()
        assert "政策卡片草稿已放弃" in page
    assert "误建的一项" not in page and "第三项" in page
    assert [card.matter_name for card in cards_of([rewards.pk])[rewards.pk]] == ["首次入规奖励"], "what is public stays"
    page = bureau[Role.CLERK].post(f"{address}/2/", {"step": "discard"}, follow=True).content.decode()
    assert "没有可以放弃的政策卡片草稿" in page
    assert bureau[Role.CLERK].get(f"{address}/4/").status_code == 200
    assert AuditRecord.objects.filter(action="item.card-discard").count() == 2


def test_the_text_proposes_only_what_its_part_says(bureau, rewards):
    page = save(bureau, rewards, party="enterprise", basis="第二条", step="propose").content.decode()
    offered = re.findall(r'name="take" value="(\w+)', page)
    assert offered == ["employees"]
    page = save(bureau, rewards, party="enterprise", step="propose").content.decode()
    assert set(re.findall(r'name="take" value="(\w+)', page)) == {"employees", "above_scale"}


def test_a_part_the_document_does_not_have_is_refused_when_typed_and_when_it_is_gone(bureau, rewards):
    answer = save(bureau, rewards, basis="第九条")
    assert answer.status_code == 422
    save(bureau, rewards, basis="第二条")
    QuerySet(Edition).filter(item=rewards).update(body_text="第一条　只有一条。")  # as a correction would leave it
    page = bureau[Role.CLERK].get(f"/office/items/{rewards.pk}/card/").content.decode()
    assert "第二条　（现行文本中没有这一条款）" in page, "what was chosen stays to be seen"
    answer = bureau[Role.REVIEWER].post(f"/office/items/{rewards.pk}/card/", {"step": "publish"}, follow=True)
    assert "依据条款“第二条”在文件正文和附件中没有找到" in answer.content.decode()
    assert cards_of([rewards.pk]) == {}


def test_a_name_that_is_too_long_is_named(bureau, rewards):
    answer = save(bureau, rewards, matter_name="奖" * 41)
    assert answer.status_code == 422
    assert "“事项名称”有 41 字，请压缩到 40 字以内" in answer.content.decode()
