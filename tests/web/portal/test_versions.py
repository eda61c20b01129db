"""Every published edition stays citable; any two of them can be compared; what may no longer be read says so, and says nothing else."""

import io
import re
import zipfile
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gongkai.disclosure import bulk
from gongkai.disclosure.models import ChangeNote, Edition, Item
from gongkai.documents.blocks import blocks
from gongkai.rules.publication import State
from gongkai.text.html_text import html_to_text, text_to_html
from tests import factories
from tests.web.portal.test_items import attached, withdraw

FIRST = """第一条　为了规范政府信息公开工作，制定本办法。
第二条　申请应当在20个工作日内办理。
第三条　区政府办公室负责监督检查，每年通报一次。
第四条　本办法自公布之日起施行。"""
SECOND = FIRST.replace("20个", "15个").replace("第四条", "第四条　申请人可以当面提交申请。\n第五条")
THIRD = SECOND.replace("每年", "每半年")

pytestmark = pytest.mark.django_db


def corrected(item: Item, body: str, note: str, *, closes: str = "", **more) -> Edition:
    """Publish one more edition, the way the action leaves it."""
    before, now = item.current, timezone.now()
    edition = Edition.objects.create(
        item=item, number=before.number + 1, state=State.PUBLISHED.value, title=before.title, body=text_to_html(body), body_text=body,
        document_number=before.document_number, issuing_agencies=before.issuing_agencies, document_date=before.document_date,
        subjects=before.subjects, genre=before.genre, enquiry_agency=before.enquiry_agency, enquiry_phone=more.pop("phone", before.enquiry_phone),
        published_at=now, change_note=note, **more,
    )  # fmt: skip
    before.state, before.superseded_at = State.SUPERSEDED.value, now
    if closes:
        before.state, before.withdrawn_at, before.withdrawal_reason = State.WITHDRAWN.value, now, closes
    before.save(update_fields=sorted(Edition.LIFE_FIELDS))
    item.current = edition
    item.save()
    ChangeNote.objects.create(item=item, edition=edition, what="更正", note=note)
    return edition


@pytest.fixture
def item(index) -> Item:
    """A document with three published editions."""
    made = factories.published(
        factories.body("谯城区教育局", code="jyj"),
        title="谯城区政府信息公开办法",
        body=text_to_html(FIRST),
        at=timezone.now() - timedelta(days=30),
    )
    corrected(made, SECOND, "缩短办理期限，增加当面提交。")
    corrected(made, THIRD, "增加通报次数。", phone="0558-0000009")
    return made


def words(page: str) -> str:
    """A page as it is read: blanks folded, tags gone, marks kept as 〔…〕."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


# --- editions ----------------------------------------------------------------------------------------------------------
def test_every_edition_has_an_address_of_its_own_with_its_dates_and_says_which_is_current(client, item):
    first, third = client.get(f"/items/{item.pk}/editions/1/"), client.get(f"/items/{item.pk}/editions/3/")
    assert first.status_code == third.status_code == 200
    assert "这是历史版本（第 1 版）" in first.text and "由新版本取代" in first.text and "20个工作日" in first.text
    assert "第 1 版（历史版本）" in first.text and "第 3 版（现行版本）" in third.text
    for number, page in ((1, first.text), (3, third.text)):
        assert f'href="/items/{item.pk}/editions/{number}/" rel="nofollow">http' in page, "the address to cite"
    assert f'href="/items/{item.pk}/editions/1/compare/3/"' in first.text


def test_the_item_page_carries_the_correction_notice_and_leads_to_the_tables(client, item):
    page = client.get(f"/items/{item.pk}/").text
    assert "更正说明：" in words(page) and "增加通报次数。" in page
    assert f'href="/items/{item.pk}/editions/2/compare/3/"' in page
    assert f'href="/items/{item.pk}/editions/1/compare/2/"' in page
    assert page.count('<span class="badge kind">现行</span>') == 1


def test_an_item_published_once_has_no_correction_notice(client, index):
    page = client.get(f"/items/{factories.published(factories.body()).pk}/").text
    assert "更正说明" not in page and "历次版本" not in page
    assert "第 1 版（现行版本）" in page


@pytest.mark.parametrize("extension", ["docx", "txt"])
def test_an_earlier_edition_can_be_taken_away_as_a_file(client, item, extension):
    answer = client.get(f"/items/{item.pk}/editions/1/document.{extension}")
    assert answer.status_code == 200
    text = answer.content.decode() if extension == "txt" else _word(answer.content)
    assert "20个工作日" in text and "15个工作日" not in text


# --- the table -----------------------------------------------------------------------------------------------------------
def test_the_table_shows_what_changed_by_more_than_colour(client, item):
    page = client.get(f"/items/{item.pk}/editions/1/compare/3/").text
    assert "修改 2 条、新增 1 条、序号调整 1 条。信息要素变动 1 项。" in page
    assert '<del><span class="visually-hidden">〔删去：</span>20<span class="visually-hidden">〕</span></del>' in page
    assert '<ins><span class="visually-hidden">〔新增：</span>15<span class="visually-hidden">〕</span></ins>' in page
    assert "第四条→<wbr>第五条" in page
    assert "0558-0000009" in page, "an element that changed"
    for note in ("缩短办理期限，增加当面提交。", "增加通报次数。"):
        assert note in page, "the notices of all corrections in between"


def test_only_the_changed_clauses_can_be_asked_for_without_script(client, item):
    address = f"/items/{item.pk}/editions/2/compare/3/"
    whole, changed = client.get(address).text, client.get(f"{address}?changed=1").text
    assert "制定本办法" in whole and "制定本办法" not in changed
    assert "每半年" in words(changed).replace("〔新增：", "").replace("〕", "") and "（2 段未修改）" in changed
    assert f'href="{address}?changed=1"' in whole and f'href="{address}"' in changed


def test_the_older_edition_always_stands_on_the_left(client, item):
    answer = client.get(f"/items/{item.pk}/editions/3/compare/1/?changed=1")
    assert answer.status_code == 302 and answer["Location"] == f"/items/{item.pk}/editions/1/compare/3/?changed=1"


CHOICES = [
    ("?from=3&to=1", "editions/1/compare/3/", "either order"),
    ("?from=2&to=2", "editions/2/", "one edition twice is that edition"),
    ("", "editions/2/compare/3/", "no choice: the last change"),
    ("?from=9&to=x", "editions/2/compare/3/", "nonsense: the last change"),
    ("?from=1&to=2&v=elder&changed=1", "editions/1/compare/2/?v=elder&changed=1", "mode and filter stay"),
]


@pytest.mark.parametrize(("query", "target", "why"), CHOICES, ids=[row[2] for row in CHOICES])
def test_two_editions_are_chosen_in_a_form(client, item, query, target, why):
    answer = client.get(f"/items/{item.pk}/compare/{query}")
    assert answer.status_code == 302 and answer["Location"] == f"/items/{item.pk}/{target}", why


def test_every_link_of_the_table_stays_in_elder_mode(client, item):
    page = client.get(f"/items/{item.pk}/editions/1/compare/3/?v=elder&changed=1").text
    main = page[page.index("<main") : page.index("</main>")]
    links = re.findall(r'href="(/[^"]*)"', main)
    assert len(links) > 5 and [link for link in links if "v=elder" not in link and ".svg" not in link] == []
    assert 'name="v" value="elder"' in main and 'name="changed" value="1"' in main


def test_the_list_of_editions_says_what_each_correction_was(client, index):
    """As the sample district and the import write it: several editions at once."""
    body, now = factories.body(), timezone.now()
    values = factories.values(title="办法")
    days = [timedelta(days=10), timedelta(days=5)]
    earlier = tuple(
        bulk.EarlierEdition({**values, "body": f"<p>{note}前</p>"}, now - before, note)
        for before, note in zip(days, ("第一次更正", "第二次更正"), strict=True)
    )
    [made] = bulk.write(
        [bulk.BulkItem(organisation=body, kind="policy_document", values=values, at=now, earlier=earlier)]
    )
    notes = dict(Edition.objects.filter(item=made).values_list("number", "change_note"))
    assert notes == {1: "", 2: "第一次更正", 3: "第二次更正"}
    page = client.get(f"/items/{made.pk}/editions/1/compare/3/").text
    assert page.index("第一次更正") < page.index("第二次更正")


def test_crawlers_are_kept_from_the_endless_pairs(client, item):
    assert "Disallow: /items/*/compare/" in client.get("/robots.txt").text
    assert 'content="noindex, nofollow"' in client.get(f"/items/{item.pk}/editions/1/compare/2/").text
    assert "compare" not in client.get("/sitemap-part-0.xml").content.decode()


def test_a_comparison_costs_few_queries_and_is_kept(client, item, settings):
    settings.GONGKAI_PAGE_CACHE = False
    address = f"/items/{item.pk}/editions/1/compare/3/"
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    assert len(captured) <= 4
    settings.GONGKAI_PAGE_CACHE = True
    assert client.get(address)["Cache-Control"] == "public, no-cache"


HOSTILE = "<script>alert(1)</script>{{ 7*7 }}"


def test_hostile_text_stays_text_on_the_page_and_on_paper(client, index):
    made = factories.published(factories.body(), title=f"标题{HOSTILE}", body=text_to_html(f"第一条　{HOSTILE}旧"))
    corrected(made, f"第一条　{HOSTILE}新\n第二条　{HOSTILE}", HOSTILE)
    page = client.get(f"/items/{made.pk}/editions/1/compare/2/").text
    assert "<script>alert" not in page and "7*7" in page
    answer = client.get(f"/items/{made.pk}/editions/1/compare/2/document.docx")
    assert answer.status_code == 200 and "alert(1)" in _word(answer.content)


# --- what the public may not see ---------------------------------------------------------------------------------------
def test_an_edition_that_is_being_written_cannot_be_compared(client, item):
    Edition.objects.create(item=item, number=4, state=State.REVIEW.value, title="暗号标题", body_text="第一条　暗号")
    for path in ("editions/3/compare/4/", "editions/4/compare/3/", "editions/3/compare/4/document.docx", "editions/4/"):
        answer = client.get(f"/items/{item.pk}/{path}", follow=True)
        assert answer.status_code == 404 and "暗号" not in answer.text, path
    assert "暗号" not in client.get(f"/items/{item.pk}/compare/?from=3&to=4", follow=True).text


ADDRESSES = ("editions/1/", "editions/1/compare/2/", "editions/1/compare/2/document.docx", "editions/1/document.docx")


@pytest.mark.parametrize("path", ADDRESSES)
def test_an_edition_closed_for_privacy_says_so_with_the_reason_and_nothing_else(client, index, path):
    made = factories.published(factories.body(), title="名单公示", body="<p>暗号张某</p>")
    corrected(made, "张某某", "去标识化处理", closes="personal_privacy")
    answer = client.get(f"/items/{made.pk}/{path}")
    assert answer.status_code == 410
    assert "该版本已停止公开" in answer.text and "涉及个人隐私" in answer.text
    assert "暗号" not in answer.text and f'href="/items/{made.pk}/"' in answer.text


def test_a_closed_edition_stays_in_the_list_by_its_number_and_is_not_offered_for_comparison(client, index):
    made = factories.published(factories.body(), title="名单公示", body="<p>暗号张某</p>")
    corrected(made, "张某某", "去标识化处理", closes="personal_privacy")
    page = client.get(f"/items/{made.pk}/").text
    assert "已停止公开" in page and "/compare/" not in page and "暗号" not in page
    detail = client.get(f"/api/v1/items/{made.pk}/editions/1/")
    assert detail.status_code == 410 and "第 1 版已停止公开" in detail.json()["detail"]


@pytest.mark.parametrize("path", ["", *ADDRESSES])
def test_a_withdrawn_item_says_so_at_all_its_addresses(client, item, path):
    withdraw(item, "核查后重新发布")
    answer = client.get(f"/items/{item.pk}/{path}")
    if path == "editions/1/document.docx":
        assert answer.status_code in (404, 410)
        return
    assert answer.status_code == 410 and "涉及个人隐私" in answer.text and "核查后重新发布" in answer.text
    assert "个工作日" not in answer.text


@pytest.mark.parametrize(
    "path", ["editions/1/compare/9/", f"editions/1/compare/{10**30}/", f"editions/{10**30}/compare/{10**31}/", "editions/2/compare/2/",
             f"editions/{10**30}/", "editions/1/compare/3/document.exe", f"editions/{10**30}/document.txt"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(client, item, path):
    assert client.get(f"/items/{item.pk}/{path}").status_code == 404


def test_an_item_that_is_not_there_is_not_found(client, index):
    for number in (99, 10**30):
        for path in ("compare/", "editions/1/compare/2/", "editions/1/document.txt", f"attachments/{number}/x.pdf"):
            assert client.get(f"/items/{number}/{path}").status_code == 404


# --- on paper ------------------------------------------------------------------------------------------------------------
def _word(content: bytes) -> str:
    return zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()


def test_the_word_table_is_landscape_with_struck_and_underlined_text(client, item):
    answer = client.get(f"/items/{item.pk}/editions/1/compare/3/document.docx")
    assert answer.status_code == 200 and "%E4%BF%AE%E6%94%B9%E5%89%8D%E5%90%8E" in answer["Content-Disposition"]
    xml = _word(answer.content)
    assert 'w:orient="landscape"' in xml and xml.count("<w:sectPr>") == 1
    assert re.search(r"<w:strike/>(?:(?!</w:r>).)*>20</w:t>", xml)
    assert re.search(r'<w:u w:val="single"/>(?:(?!</w:r>).)*>15</w:t>', xml)
    assert "去公章" not in xml and "本对照表由系统" in xml
    assert "更正说明（第 2 版" in xml


def test_the_pdf_is_made_once_and_again_the_same(client, item):
    address = f"/items/{item.pk}/editions/1/compare/3/document.pdf"
    first = client.get(address)
    assert first.content.startswith(b"%PDF") and first["Content-Type"] == "application/pdf"
    assert client.get(address).content == first.content


def test_a_replaced_file_is_told(client, item):
    attached(item)
    page = client.get(f"/items/{item.pk}/editions/2/compare/3/").text
    assert "补贴名单" in page and "（无）" in page


def test_struck_text_of_an_edition_is_struck_in_its_own_files_too():
    [paragraph] = blocks("<p>应当<s>十日</s><u>五日</u>内答复。</p>")
    looks = [(run.text, run.strike, run.underline) for run in paragraph.runs]
    assert looks == [("应当", False, False), ("十日", True, False), ("五日", False, True), ("内答复。", False, False)]
    assert html_to_text("<p>应当<s>十日</s></p>") == "应当十日"
