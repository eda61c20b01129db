"""From an event of life or of a firm on the home page to the card of the right policy: two clicks, counted by the browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

COUNT_CLICKS = """
addEventListener("click", () => {
  sessionStorage.setItem("clicks", Number(sessionStorage.getItem("clicks") || 0) + 1);
}, true);
"""
EVENTS = [
    ("出生", "婴幼儿养育补贴实施办法", "一次性住院分娩补助", "a child is born"),
    ("入学", "家庭经济困难学生资助管理办法", "义务教育寄宿生小学1250元", "school begins"),
    ("工作", "稳岗扩岗补贴政策", "每招用一人补助", "a graduate is taken on"),
    ("购房", "购买新建商品住房补贴", "首套新建商品住房", "a first home"),
    ("结婚", "婚姻登记便民服务工作", "全国通办婚姻登记", "two marry"),
    ("创业", "创业担保贷款实施办法", "财政按实际利息", "a business of one's own"),
    ("生活", "城乡居民最低生活保障工作实施细则", "补差发放低保金", "an income too low to live on"),
    ("就医", "困难群众医疗救助实施细则", "住院和慢特病自付部分", "an illness"),
    ("养老", "推进基本养老服务体系建设实施方案", "高龄津贴", "old age"),
    ("金融贷款", "小微企业续贷过桥资金管理暂行办法", "日费率不超过", "a firm's loan falls due"),
    ("人才招录", "稳岗扩岗补贴政策", "返还上年度失业保险费", "a firm keeps its people"),
    ("科技创新", "科技创新券管理办法", "按合同实付金额", "a firm buys research"),
]


@pytest.mark.parametrize(("stage", "title", "given", "why"), EVENTS, ids=[row[-1] for row in EVENTS])
def test_two_clicks_lead_to_the_card(open_page: OpenPage, server: str, stage: str, title: str, given: str, why: str):
    page, _ = open_page()
    page.add_init_script(COUNT_CLICKS)
    page.goto(server)
    page.locator(".home-stages").get_by_role("link", name=stage, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(stage)
    page.locator(".policy-card-title").filter(has_text=title).first.get_by_role("link").click()
    card = page.locator("#policy-card .policy-card dl").filter(has_text=given)
    for asked in ("谁能享受", "给什么", "怎么办", "截止", "找谁"):
        expect(card.locator("dt", has_text=asked)).to_be_visible()
    assert card.locator("a[href^='tel:']").inner_text().startswith("0558-")
    assert page.evaluate("Number(sessionStorage.getItem('clicks'))") == 2


def test_two_clicks_lead_to_one_of_several_matters(open_page: OpenPage, server: str):
    page, _ = open_page()
    page.add_init_script(COUNT_CLICKS)
    page.goto(server)
    page.locator(".home-stages").get_by_role("link", name="养老", exact=True).click()
    page.locator(".matter-list").get_by_role("link", name="失能老年人护理补贴", exact=True).click()
    card = page.locator("#card-2")
    expect(card).to_contain_text("经济困难的失能老年人")
    expect(card).to_be_in_viewport()
    basis = card.get_by_role("link", name="第二部分第（一）项", exact=True)
    assert page.evaluate("Number(sessionStorage.getItem('clicks'))") == 2
    basis.click()
    expect(page.locator("#article-part2-1")).to_be_in_viewport()
    page.evaluate(
        "location.hash = ''; document.querySelectorAll('details.matter').forEach(one => { one.open = false; })"
    )
    expect(card).to_be_hidden()
    page.evaluate("location.hash = 'card-2'")
    expect(card).to_be_visible()
