"""The page of an item: what it shows, what it must never show, and the files that go with it."""

import io
import re
import zipfile
from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from gongkai.disclosure import actions, chain
from gongkai.disclosure.models import Attachment, ChangeNote, Citation, Edition, LegacyAddress
from gongkai.files.models import StoredFile
from gongkai.organisations.actors import SYSTEM
from gongkai.rules.access import Role
from gongkai.rules.publication import State
from gongkai.rules.relations import RelationKind
from gongkai.search import SearchQuery, SearchUnavailable, search
from tests import factories


def page(client, item) -> str:
    response = client.get(f"/items/{item.pk}/")
    assert response.status_code == 200
    return response.text


def withdraw(item, note: str = "") -> None:
    """Take an item off the site the way the action leaves it."""
    edition = item.current
    edition.state, edition.withdrawn_at = State.WITHDRAWN.value, timezone.now()
    edition.withdrawal_reason, edition.withdrawal_note = "personal_privacy", note
    edition.save(update_fields=sorted(Edition.LIFE_FIELDS))


def attached(item, name: str = "名单.pdf", kind: str = "application/pdf") -> Attachment:
    digest = f"{item.pk:064d}"
    stored = StoredFile.objects.create(
        sha256=digest, storage_name=f"test/{digest}", size=4, kind="pdf", media_type=kind, pages=1
    )
    if not default_storage.exists(stored.storage_name):
        default_storage.save(stored.storage_name, ContentFile(b"%PDF"))
    return Attachment.objects.create(edition=item.current, file=stored, name=name, title="补贴名单")


def test_all_elements_of_a_policy_document_are_shown_once(client, district):
    item = factories.published(
        district.bureau,
        rows=[district.row],
        title="关于义务教育招生的通知",
        document_number="谯教〔2026〕7号",
        issuing_agencies=["谯城区教育局"],
        effective_from=date(2026, 4, 1),
        expires_on=timezone.localdate() + timedelta(days=400),
        genre="08",
        subjects=["1102"],
        audiences=["student"],
        keywords=["招生", "学区"],
        summary="规定学区划分。",
        normative=True,
        content_source="区教育局",
    )
    shown = page(client, item)
    for value in (
        item.index_number, "谯教〔2026〕7号", "谯城区教育局", "科技、教育\\教育", "通知", "学生", "政策文件 / 区政府文件", "2026-03-01",
        "2026-04-01", "现行有效", "区政府办公室", "0558-0000001", "招生、学区", "规定学区划分。", "信息来源：区教育局",
    ):  # fmt: skip
        assert value in shown, value
    assert shown.count('<dl class="facts"') == 1
    for extension in ("docx", "pdf", "txt"):
        assert f'href="/items/{item.pk}/document.{extension}"' in shown
    for name in ("ArticleTitle", "PubDate", "ContentSource", "Keywords", "Description", "Url"):
        assert f'<meta name="{name}"' in shown


def test_the_validity_banner_names_and_links_the_act(client, district):
    repealed, act = district.documents[0], district.documents[1]
    shown = page(client, repealed)
    assert 'class="validity-banner validity-repealed"' in shown
    assert act.current.document_number in shown
    assert f'href="/items/{act.pk}/">查看废止依据' in shown


def test_validity_is_computed_for_the_day_asked(client, district):
    before = (timezone.localdate() - timedelta(days=6)).isoformat()
    assert "validity-in_force" in client.get(f"/items/{district.documents[0].pk}/?as-of={before}").text


def test_relations_are_shown_from_both_ends(client, district):
    document, interpretation = district.documents[4], district.interpretation
    assert f'href="/items/{interpretation.pk}/"' in page(client, document)
    assert "文件解读" in page(client, document)
    assert f'href="/items/{document.pk}/"' in page(client, interpretation)
    assert "解读的文件" in page(client, interpretation)


def test_a_relation_to_something_unpublished_is_not_shown(client, district):
    draft = factories.published(district.bureau, state=State.DRAFT, title="尚未公开的草稿")
    factories.relation(draft, RelationKind.REPEALS, district.documents[4], on=date(2026, 1, 1))
    shown = page(client, district.documents[4])
    assert "尚未公开的草稿" not in shown
    assert "validity-in_force" in shown


def test_neighbours_of_the_same_row_lead_from_newest_to_oldest(client, db, index):
    body, row = factories.body(kind="district_government"), factories.row()
    moments = [timezone.now() - timedelta(days=day) for day in (3, 2, 1)]
    oldest, middle, newest = [factories.published(body, rows=[row], at=at) for at in moments]
    index()
    shown = page(client, middle)
    assert f'上一篇：<a href="/items/{newest.pk}/" rel="prev">' in shown
    assert f'下一篇：<a href="/items/{oldest.pk}/" rel="next">' in shown
    assert "上一篇" not in page(client, newest)
    assert "下一篇" not in page(client, oldest)


HOSTILE = (
    ("<script>alert(1)</script>", "script"),
    ('"><img src=x onerror=alert(1)>', "attribute breaking out"),
    ("{{ 7*7 }}{% raw %}", "template code"),
)


@pytest.mark.parametrize(("text", "reason"), HOSTILE)
def test_hostile_text_in_any_field_stays_text(client, db, index, text, reason):
    body = factories.body(f"单位{text}", short_name=text, kind="district_government")
    row = factories.row(label=text)
    item = factories.published(
        body, rows=[row], title=f"标题{text}", summary=text, keywords=[text], content_source=text, enquiry_agency=text,
        issuing_agencies=[text], document_number=text,
    )  # fmt: skip
    other = factories.published(body, title=f"另一条{text}")
    factories.relation(other, RelationKind.IMPLEMENTS, item)
    ChangeNote.objects.create(item=item, what="更正", note=text)
    index()
    addresses = ("/", f"/items/{item.pk}/", f"/statutory-content/{row.pk}/", "/policy-library/", f"/organisations/{body.code}/",
                 "/organisations/", f"/search/?q={text}", "/search/?q=标题", "/site-map/")  # fmt: skip
    for address in addresses:
        shown = client.get(address).text
        assert "<script>alert" not in shown, (address, reason)
        assert "<img" not in shown, (address, reason)
        assert "7*7" in shown or "{{" not in text, (address, reason)


def test_a_hostile_body_loses_what_is_active(client, db, index):
    item = factories.published(factories.body(), title="正文")
    body = (
        '<p onclick="alert(1)">一</p><script>alert(2)</script><a href="javascript:alert(3)">链</a>'
        '<style>p{}</style><iframe src="//evil"></iframe><p style="position:fixed">二</p>'
    )
    # past the form and the actions, straight into the table: the page must not trust what is stored
    with connection.cursor() as cursor:
        cursor.execute("UPDATE disclosure_edition SET body = %s WHERE id = %s", [body, item.current_id])
    shown = page(client, item)
    article = shown[shown.index('class="document-body"') : shown.index("</article>")]
    for active in ("onclick", "javascript:", "<script", "<style", "<iframe", "position:fixed"):
        assert active not in article
    assert "一" in article and "二" in article


def test_only_certain_citations_are_linked(client, district):
    target = district.documents[0]
    number = target.current.document_number
    item = factories.published(
        district.bureau,
        title="引用文件",
        body=f"<p>根据{number}和《某不存在的办法》，现通知如下。</p>",
        document_number="谯教〔2026〕88号",
    )
    assert Citation.objects.filter(edition=item.current, target=target).exists()
    shown = page(client, item)
    assert f'<a class="citation" href="/items/{target.pk}/">{number}</a>' in shown
    assert "《某不存在的办法》</a>" not in shown
    cited = page(client, target)
    assert "被引用" in cited and "谯教〔2026〕88号" in cited


def test_a_withdrawn_item_says_so_and_nothing_else(client, district):
    item = factories.published(
        district.bureau, title="不该公开的标题", body="<p>不该公开的正文</p>", rows=[district.row]
    )
    attachment = attached(item)
    withdraw(item, note="已通知当事人")
    response = client.get(f"/items/{item.pk}/")
    assert response.status_code == 410
    assert "涉及个人隐私" in response.text and "已通知当事人" in response.text and item.index_number in response.text
    for address in (
        "",
        "editions/1/",
        "document.pdf",
        "document.docx",
        "document.txt",
        f"attachments/{attachment.pk}/名单.pdf",
    ):
        answer = client.get(f"/items/{item.pk}/{address}")
        assert answer.status_code in (404, 410), address
        assert "不该公开" not in answer.content.decode("utf-8", "replace")


@pytest.mark.parametrize("state", [State.DRAFT, State.REVIEW, State.SIGN_OFF, State.SCHEDULED])
def test_what_is_not_published_does_not_exist_for_the_public(client, db, index, state):
    item = factories.published(factories.body(), state=state)
    attachment = attached(item) if item.current else None
    index()
    assert client.get(f"/items/{item.pk}/").status_code == 404
    assert client.get(f"/items/{item.pk}/editions/1/").status_code == 404
    assert client.get(f"/items/{item.pk}/document.txt").status_code == 404
    if attachment:
        assert client.get(f"/items/{item.pk}/attachments/{attachment.pk}/x").status_code == 404


def test_a_correction_shows_its_reason_and_keeps_the_earlier_edition(client, district, settings):
    settings.GONGKAI_PAGE_CACHE = False
    actor = factories.actor(district.bureau, Role.CLERK)
    item = factories.published(district.bureau, title="更正前的标题", document_number="")
    edition = actions.correct(actor=actor, item_id=item.pk, change_note="标题中的年份有误")
    assert "更正前的标题" in page(client, item), "while the correction is being written the public reads the old text"
    assert client.get(f"/items/{item.pk}/editions/2/").status_code == 404, (
        "an edition being written is nobody's business"
    )
    edition.title = "更正后的标题"
    edition.save()
    item.refresh_from_db()
    chain.make_public(SYSTEM, item, edition)
    shown = page(client, item)
    assert "更正后的标题" in shown and "标题中的年份有误" in shown and "历次版本" in shown
    old = client.get(f"/items/{item.pk}/editions/1/")
    assert old.status_code == 200
    assert "更正前的标题" in old.text and "这是历史版本" in old.text and 'content="noindex"' in old.text


def test_generated_files_carry_the_text(client, district):
    item = district.documents[4]
    word = client.get(f"/items/{item.pk}/document.docx")
    with zipfile.ZipFile(io.BytesIO(word.content)) as archive:
        assert "医疗保险参保缴费" in archive.read("word/document.xml").decode()
    assert client.get(f"/items/{item.pk}/document.pdf").content.startswith(b"%PDF")
    text = client.get(f"/items/{item.pk}/document.txt")
    assert "医疗保险参保缴费" in text.content.decode()
    assert text["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
    assert client.get(f"/items/{item.pk}/document.exe").status_code == 404


def test_an_attachment_is_sent_under_its_own_name(client, district):
    item = district.documents[4]
    attachment = attached(item, name="名单 2026.pdf")
    response = client.get(f"/items/{item.pk}/attachments/{attachment.pk}/{attachment.name}")
    assert b"".join(response.streaming_content) == b"%PDF"
    assert response["Content-Disposition"] == "inline; filename*=UTF-8''%E5%90%8D%E5%8D%95%202026.pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert client.get(f"/items/{district.documents[0].pk}/attachments/{attachment.pk}/x").status_code == 404


def test_a_page_never_opens_in_the_browser_from_an_attachment(client, district):
    attachment = attached(district.documents[4], name="页面.html", kind="text/html")
    response = client.get(f"/items/{district.documents[4].pk}/attachments/{attachment.pk}/页面.html")
    assert response["Content-Disposition"].startswith("attachment")


def test_old_addresses_lead_to_the_item_for_good(client, district):
    item = district.documents[4]
    for path in ("/XxgkContent/show/12.html", "/show.aspx?id=9"):
        LegacyAddress.objects.create(url=f"http://old.example{path}", path=path, item=item)
        response = client.get(path)
        assert (response.status_code, response["Location"]) == (301, f"/items/{item.pk}/")


@pytest.mark.parametrize("typed", ["谯教〔2026〕31号", "谯教[2026]31号", "谯教（2026）第031号", " 谯教【2026】31号 "])
def test_a_document_is_found_by_its_number_however_it_is_typed(client, db, index, typed):
    item = factories.published(factories.body(), document_number="谯教〔2026〕31号")
    response = client.get("/items/by-number/", {"number": typed})
    assert (response.status_code, response["Location"]) == (302, f"/items/{item.pk}/")


def test_a_document_can_be_read_while_the_index_is_mended(client, district, monkeypatch):
    def broken(engine, query):
        raise SearchUnavailable("索引损坏")

    monkeypatch.setattr("gongkai.search.engines.embedded.EmbeddedEngine.search", broken)
    with pytest.raises(SearchUnavailable):
        search(SearchQuery())
    assert "区政府文件" in page(client, district.documents[4])


def test_each_basis_bears_its_validity_of_today(client, district):
    body, today = district.bureau, timezone.localdate()
    item, gone, ending, kept = (
        factories.published(body, title=title) for title in ("细则", "旧办法", "将废办法", "新办法")
    )
    for basis in (gone, ending, kept):
        factories.relation(item, RelationKind.IMPLEMENTS, basis)
    factories.relation(factories.published(body), RelationKind.REPEALS, gone, today)
    factories.relation(item, RelationKind.REPEALS, ending, today + timedelta(days=1))
    draft = factories.published(body, state=State.DRAFT)
    factories.relation(draft, RelationKind.REPEALS, kept, today)
    shown = dict(re.findall(r">([^<]+)</a> *<span class=\"badge validity-\w+\">([^<]+)<", page(client, item)))
    assert shown == {"旧办法": "废止", "将废办法": "现行有效", "新办法": "现行有效"}
