"""Five whole cases in a real browser, from the citizen's form to the letter: given in full, corrected and given in part, withheld after two
consultations that overlap, given up for want of payment, not held. The server's clock is moved on from day to day."""

import re
import time as clock_module
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from unittest import mock

import pypdfium2
import pytest
from django.core.management import call_command
from django.utils import timezone

from gongkai.foi import sweep
from gongkai.foi.models import BodySettings, Case, Letter
from gongkai.rules.access import Role
from tests import factories
from tests.documents.redaction.makers import one_page
from tests.foi.makers import SHANGHAI

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]

playwright = pytest.importorskip("playwright.sync_api")
Axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe
expect = playwright.expect
CHROMIUM = "/usr/bin/chromium"
BODY = "测试区教育局"
WANTED = "2025年城区小学学区划分方案"
SECRET_PHONE = "13900001234"


@pytest.fixture
def browser(monkeypatch) -> Iterator[object]:
    if not Path(CHROMIUM).exists():
        pytest.skip("NO BROWSER: chromium is not installed, so no whole case was tried in one")
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the driver runs an event loop in this thread
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


class Calendar:
    """The server's clock: it runs on from ten o'clock of the day it was set to."""

    def __init__(self) -> None:
        self.real = clock_module.time
        self.ahead = 0.0

    def set(self, day: date) -> None:
        """It is ten o'clock on this day."""
        self.ahead = datetime.combine(day, time(10), SHANGHAI).timestamp() - self.real()

    def time(self) -> float:
        """Seconds since 1970."""
        return self.real() + self.ahead

    def now(self) -> datetime:
        """The moment."""
        return datetime.fromtimestamp(self.time(), SHANGHAI)


@pytest.fixture
def calendar() -> Iterator[Calendar]:
    moved = Calendar()
    moved.set(date(2026, 3, 2))
    with mock.patch.object(clock_module, "time", moved.time), mock.patch.object(timezone, "now", moved.now):
        yield moved


class Scene:
    """The citizen, the clerk, the reviewer and the one who signs, each with a browser of their own, and one case."""

    def __init__(self, browser, server, calendar: Calendar) -> None:
        self.browser, self.server, self.calendar = browser, server, calendar
        body = factories.body(BODY, kind="department", phone="0558-0000000", address="测试路1号")
        self.settings = BodySettings.objects.create(
            organisation=body, mark="谯测", fee_enabled=True, online_reconsideration="行政复议网上申请入口（示例）"
        )
        for name, role in (("clerk", Role.CLERK), ("reviewer", Role.REVIEWER), ("signer", Role.SIGNER)):
            factories.member(body, role, name=name)
        self.problems: list[str] = []
        self.clerk, self.reviewer, self.signer = (self.signed_in(name) for name in ("clerk", "reviewer", "signer"))
        self.citizen = self.page()
        self.numbers: tuple[str, str] = ("", "")
        self.case = Case()

    def page(self):
        made = self.browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai").new_page()
        made.set_default_timeout(30_000)
        made.on("console", lambda told: self.problems.append(told.text) if told.type == "error" else None)
        made.on("pageerror", lambda error: self.problems.append(str(error)))
        return made

    def signed_in(self, name: str):
        page = self.page()
        page.goto(f"{self.server.url}/account/login/")
        page.fill("[name=login]", name)
        page.fill("[name=password]", factories.PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url("**/office/**")
        return page

    # --- the citizen ---------------------------------------------------------------------------------------------------
    def apply(self, title: str = WANTED) -> None:
        """Fill in the form and note the two numbers, as the page says one should."""
        page = self.citizen
        page.goto(f"{self.server.url}/information-requests/apply/")
        page.get_by_label("受理机关").select_option(label=BODY)
        page.get_by_label("所需信息的名称").fill(title)
        page.get_by_label("其他特征描述").fill("城区小学，2025年秋季学期适用")
        page.get_by_label("自然人").check()
        page.get_by_label("姓名或者名称").fill("示例申请人")
        page.get_by_label("证件类型").select_option("identity_card")
        page.get_by_label("证件号码", exact=False).first.fill("11010519000101001X")
        page.get_by_label("联系电话").first.fill("13800138000")
        expect(page.locator("[data-proof]")).not_to_have_value("")  # the browser has worked out its proof
        self.calendar.ahead += 5  # nobody fills in the form faster
        page.get_by_role("button", name="提交申请").click()
        page.wait_for_url("**/received/**")
        shown = page.locator(".request-numbers dd").all_inner_texts()
        self.numbers = (shown[0].strip(), shown[1].strip())
        self.case = Case.objects.get()

    def track(self) -> str:
        """Open the page of the case with the two numbers; returns what it says."""
        page = self.citizen
        page.goto(f"{self.server.url}/information-requests/track/")
        page.get_by_label("申请编号").fill(self.numbers[0])
        page.get_by_label("查询码").fill(self.numbers[1])
        page.get_by_role("button", name="查询", exact=True).click()
        page.wait_for_selector(".request-case")
        return page.inner_text("main")

    # --- the office ----------------------------------------------------------------------------------------------------
    def open(self, page) -> str:
        """The case in the office; returns what the page says."""
        page.goto(f"{self.server.url}/office/cases/{self.case.pk}/")
        return page.inner_text("main")

    def take(self, page, label: str, **fields: str) -> None:
        """One event: its form is opened, filled in by the labels of its fields, and sent."""
        self.open(page)
        offer = page.locator("details.offer", has=page.locator("summary", has_text=re.compile(f"^{label}(《|国|$)")))
        if offer.get_attribute("open") is None:
            offer.locator("summary").click()
        for name, value in fields.items():
            field = offer.locator(f"[name={name}]")
            if field.evaluate("one => one.tagName") == "SELECT":
                field.select_option(label=value)
            else:
                field.fill(value)
        offer.get_by_role("button", name=label, exact=True).click()
        page.wait_for_load_state()
        assert f"已办理：{label}。" in page.inner_text("main"), page.inner_text("main")
        self.case.refresh_from_db()

    def register(self) -> None:
        """The clerk telephones and registers."""
        self.take(self.clerk, "确认收到", how="电话")
        self.take(self.clerk, "登记")
        assert self.case.state == "in_progress"

    def choose_outcome(self, outcome: str, letter: str = "") -> None:
        """Open the draft of this outcome."""
        page = self.clerk
        page.goto(f"{self.server.url}/office/cases/{self.case.pk}/draft/")
        page.locator("#outcome").select_option(outcome)
        page.get_by_role("button", name="选择", exact=True).click()
        if letter:
            page.locator("#letter").select_option(letter)
            page.get_by_role("button", name="更换").click()

    def answer(self, way: str = "网上答复") -> None:
        """From the draft that lies open to the service, each step by whom it belongs to."""
        self.clerk.get_by_role("button", name="保存并送审").click()
        self.clerk.wait_for_url(f"**/office/cases/{self.case.pk}/")
        self.take(self.reviewer, "审核通过", opinion="同意")
        self.take(self.signer, "签发")
        self.take(self.clerk, "送达", way=way)
        assert self.case.state == "closed"

    def letter(self, kind: str) -> str:
        """The text of the letter's PDF as the clerk downloads it."""
        found = Letter.objects.get(case=self.case, type=kind)
        answer = self.clerk.request.get(f"{self.server.url}/office/cases/{self.case.pk}/letters/{found.pk}/letter.pdf")
        assert answer.ok and found.number in text_of(answer.body())
        return text_of(answer.body())


def text_of(content: bytes) -> str:
    """The text of a PDF, line breaks left out."""
    with pypdfium2.PdfDocument(content) as document:
        return (
            "".join(page.get_textpage().get_text_bounded() for page in document).replace("\r\n", "").replace("\n", "")
        )


@pytest.fixture
def scene(browser, live_server, calendar, settings) -> Iterator[Scene]:
    settings.GONGKAI_IDLE_SECONDS = settings.GONGKAI_SESSION_SECONDS = settings.SESSION_COOKIE_AGE = 400 * 86_400
    made = Scene(browser, live_server, calendar)
    yield made
    assert not made.problems, made.problems


def test_information_is_given_in_full(scene):
    scene.apply()
    assert "等待工作人员与您确认" in scene.track()
    scene.register()
    assert scene.case.due_on == date(2026, 3, 30)
    assert "2026年3月30日" in scene.track()

    scene.calendar.set(date(2026, 3, 11))
    scene.choose_outcome("disclosed")
    page = scene.clerk
    page.locator("input[name=grounds][value=may_be_disclosed]").check()
    page.locator("#id_findings").fill("经检索，本机关制作并保存该信息。")
    page.locator("#id_content").fill("学区划分方案：示例路以东为第一小学学区。")
    page.locator("#id_delivery_way").fill("网上查询")
    scene.answer()
    assert (scene.case.outcome, scene.case.closed_on) == ("disclosed", date(2026, 3, 11))
    letter = scene.letter("disclosed")
    for words in ("示例申请人", WANTED, "示例路以东为第一小学学区", "60日", "6个月"):
        assert words in letter, words
    told = scene.track()
    assert "答复已送达" in told and "2026年3月11日" in told


def test_a_corrected_request_is_given_in_part_and_nothing_hidden_gets_out(scene, tmp_path):
    scene.apply("学校情况")
    scene.register()
    scene.calendar.set(date(2026, 3, 5))
    scene.take(scene.clerk, "发补正通知", items="请写明需要哪所学校、哪一年度的何种信息。", reply_by="2026-03-20")
    assert scene.case.state == "awaiting_correction"

    scene.calendar.set(date(2026, 3, 12))
    told = scene.track()
    assert "请写明需要哪所学校" in told and "2026年3月20日" in told
    page = scene.citizen
    page.locator(".request-case textarea[name=text]").fill("第一小学2025年秋季学期学生资助名单")
    page.locator(".request-case").get_by_role("button", name="提交", exact=True).last.click()
    page.get_by_text("等待工作人员与您确认收到").wait_for()

    assert "申请人于 2026-03-12 10:0" in scene.open(scene.clerk)
    scene.take(scene.clerk, "收到补正")  # what the citizen wrote is filled in
    assert scene.case.events.get(name="receive_correction").data["content"] == "第一小学2025年秋季学期学生资助名单"
    assert "等待工作人员与您确认收到" not in scene.track()
    assert scene.case.state == "in_progress" and scene.case.due_on == date(2026, 4, 10)

    _upload(scene, "学生资助名单.pdf", roster(tmp_path))
    _hide(scene)
    scene.choose_outcome("partially_disclosed")
    page = scene.clerk
    page.locator("input[name=grounds][value=severance]").check()
    page.locator("#id_findings").fill("经检索，本机关保存该名单。")
    page.locator("#id_reasoning").fill(
        "名单中的姓名和电话属于个人隐私，公开会对本人合法权益造成损害，其余内容可以公开。"
    )
    page.locator("#id_delivery_way").fill("网上查询")
    page.locator("#part-what-0").fill("学生姓名、联系电话")
    page.locator("#part-ground-0").select_option("personal_privacy")
    page.locator("input[name=attachments]").last.check()
    scene.answer()
    assert scene.case.outcome == "partially_disclosed"
    assert "第三十七条" in scene.letter("partially_disclosed")
    assert "答复已送达" in scene.track()
    given = [
        link.get_attribute("href")
        for link in scene.citizen.locator(".request-case a[href$='.pdf'], .request-case a[href*='documents']").all()
    ]
    texts = [
        text_of(answer.body())
        for href in given
        if (answer := scene.citizen.request.get(f"{scene.server.url}{href}")).ok
    ]
    assert any("第三十七条" in one for one in texts), "the letter is theirs to fetch"
    assert any("12 pupils" in one for one in texts), "and so is what was given with it"
    assert not any(SECRET_PHONE in one for one in texts)


def roster(folder: Path) -> bytes:
    """A page with what may be public and what may not."""
    lines = ("School No. 1", "Autumn 2025, 12 pupils", f"Contact {SECRET_PHONE}")
    drawn = b"".join(
        b"BT /H 14 Tf 40 %d Td (%s) Tj ET\n" % (240 - 40 * at, line.encode()) for at, line in enumerate(lines)
    )
    return one_page(folder / "roster.pdf", drawn, {}).read_bytes()


def _upload(scene: Scene, name: str, content: bytes) -> None:
    page = scene.clerk
    scene.open(page)
    page.locator("#document-kind").select_option(label="拟提供材料")
    page.locator("#document-files").set_input_files({"name": name, "mimeType": "application/pdf", "buffer": content})
    page.get_by_role("button", name="上传", exact=True).click()
    page.get_by_text("已上传 1 个文件。").wait_for()


def _hide(scene: Scene) -> None:
    """Draw a box over the line with the telephone number, with the mouse, and have the copy made."""
    page = scene.clerk
    page.get_by_role("link", name="遮盖", exact=True).click()
    page.locator("#ground").select_option("personal_privacy")
    frame = page.locator("[data-sheet] img")
    frame.scroll_into_view_if_needed()
    box = frame.bounding_box()
    across, down = (
        box["width"] / 400,
        box["height"] / 300,
    )  # the page has 400 × 300 points, the line stands at 160 from below
    page.mouse.move(box["x"] + 30 * across, box["y"] + (300 - 182) * down)
    page.mouse.down()
    page.mouse.move(box["x"] + 300 * across, box["y"] + (300 - 152) * down, steps=5)
    page.mouse.up()
    serious = [one for one in Axe().run(page).response["violations"] if one["impact"] in ("serious", "critical")]
    assert not serious, [(one["id"], one["nodes"][0]["target"]) for one in serious]
    page.get_by_role("button", name="保存并生成遮盖件").click()
    page.wait_for_url(f"**/office/cases/{scene.case.pk}/")
    call_command("db_worker", "--batch", "--no-startup-delay", "--no-reload", verbosity=0)
    scene.open(page)
    copy = page.locator(".attachments li", has=page.locator(".badge", has_text="遮盖件")).locator("a").first
    answer = page.request.get(f"{scene.server.url}{copy.get_attribute('href')}")
    assert answer.ok
    shown = text_of(answer.body())
    assert "School No. 1" in shown and "12 pupils" in shown
    assert SECRET_PHONE not in shown and SECRET_PHONE.encode() not in answer.body()


def test_two_consultations_overlap_and_the_information_is_withheld_under_article_15(scene):
    scene.apply("校园直饮水设备采购合同全文")
    scene.register()
    scene.calendar.set(date(2026, 3, 4))
    for name in ("示例净水设备公司", "示例管材公司"):
        scene.take(
            scene.clerk,
            "发征求意见",
            party="第三方（商业秘密、个人隐私，§32）",
            name=name,
            asked="合同单价和技术方案能否公开",
        )
        scene.calendar.set(date(2026, 3, 9))
    scene.take(
        scene.clerk, "征求意见书送达", consultation="示例净水设备公司（03月04日发出）", effective_on="2026-03-05"
    )
    scene.take(scene.clerk, "征求意见书送达", consultation="示例管材公司（03月09日发出）", effective_on="2026-03-09")
    assert scene.case.due_on is None, "the clock stands still while anybody is asked"
    assert "暂停计算" in scene.track()

    scene.calendar.set(date(2026, 3, 16))
    scene.take(
        scene.clerk,
        "意见收悉",
        consultation="示例净水设备公司（03月04日发出）",
        opinion="不同意公开",
        content="单价为商业秘密。",
    )
    assert scene.case.due_on is None, "the other one has not answered"
    scene.calendar.set(date(2026, 3, 20))
    scene.take(
        scene.clerk,
        "意见收悉",
        consultation="示例管材公司（03月09日发出）",
        opinion="不同意公开",
        content="技术方案为商业秘密。",
    )
    # Twenty working days from 3 March; those from 5 to 20 March are left out, once although two were asked.
    assert scene.case.due_on == date(2026, 4, 16)

    scene.choose_outcome("third_party_rights")
    page = scene.clerk
    page.locator("input[name=grounds][value=trade_secret]").check()
    for ground in ("decided_to_withhold", "third_party_consultation"):
        page.locator(f"input[name=grounds][value={ground}]").check()
    page.locator("#id_findings").fill("经检索，本机关保存该合同。")
    page.locator("#id_reasoning").fill("合同单价和技术方案不为公众所知悉，公开会损害第三方的竞争地位。")
    page.locator("#id_third_party_assessment").fill("两家公司的理由成立。")
    page.locator("#id_public_interest").fill("不公开不会对公共利益造成重大影响。")
    scene.answer()
    assert scene.case.outcome == "third_party_rights"
    letter = scene.letter("withheld")
    for words in ("第十五条", "商业秘密", "行政复议"):
        assert words in letter, words
    assert (
        "应当先自收到本决定之日起60日内向谯城区人民政府申请行政复议；对行政复议决定不服的，可以自收到复议决定书之日起15日内向人民法院提起行政诉讼。"
        in letter
    ), "since 2024 reconsideration comes before the court (《行政复议法》§23)"


def test_who_does_not_pay_gives_the_request_up(scene):
    scene.apply()
    scene.register()
    scene.calendar.set(date(2026, 3, 10))
    scene.take(scene.signer, "发收费通知", basis="按件", quantity="31", account="转账至财政专户（示例）")
    assert scene.case.state == "awaiting_payment"
    told = scene.track()
    assert "信息处理费" in told and "视为放弃申请" in told
    scene.calendar.set(date(2026, 4, 20))
    report = sweep.sweep()
    assert report.lapsed == 1 and not report.failed
    scene.case.refresh_from_db()
    assert scene.case.state == "in_progress"
    scene.choose_outcome("unpaid")
    page = scene.clerk
    page.locator("input[name=grounds][value=unpaid]").check()
    page.locator("#id_findings").fill("收费通知送达后，期限内未收到缴费。")
    scene.answer()
    assert scene.case.outcome == "unpaid"
    letter = scene.letter("deemed_abandonment")
    assert "期限届满，您没有缴纳费用。" in letter
    assert "根据上述规定，视为您放弃申请，本机关不再处理该政府信息公开申请。" in letter


def test_what_the_body_does_not_hold_is_searched_for_and_said_so(scene):
    scene.apply("1998年校办企业台账")
    scene.register()
    scene.calendar.set(date(2026, 3, 13))
    scene.take(
        scene.clerk, "登记检索情况", scope="机关档案室、业务系统", method="人工查阅和全文检索", keywords="校办企业 台账",
        result="未检索到", by="示例检索人",
    )  # fmt: skip
    scene.choose_outcome("not_held", "nonexistent")
    page = scene.clerk
    page.locator("input[name=grounds][value=nonexistent]").check()
    page.locator("#id_findings").fill("经检索机关档案室和业务系统，未发现该台账。")
    assert page.locator("#id_search_scope").input_value() == "机关档案室、业务系统", (
        "the record of the search is taken over"
    )
    scene.answer()
    letter = scene.letter("nonexistent")
    assert "机关档案室" in letter and "不存在" in letter
    assert scene.case.outcome == "not_held"
