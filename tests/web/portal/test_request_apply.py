"""在线申请: one page without session; every problem at once, nothing lost, sent twice is once, and what keeps programs out."""

import base64
import hashlib
import io
import json
import re
from datetime import timedelta
from html import unescape
from unittest import mock

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from gongkai.foi import drafts, search_first, tallies
from gongkai.foi.models import Case, CaseDocument, DraftFile, SearchFirst, Submission, Tally
from gongkai.web.portal import request_guard as guard
from tests import factories
from tests.web.portal.request_pages import APPLY, answer_to, filled, opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def body():
    return factories.body("谯城区教育局", phone="0558-5115678")


@pytest.fixture
def client():
    return Client()


@pytest.fixture
def page(client, monkeypatch, body):
    return opened(client, monkeypatch)


def picture(name: str = "扫描件.png", size: int = 8) -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (size, size), "white").save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), "image/png")


def test_an_application_is_taken_in_and_the_numbers_are_shown(client, page, body):
    answer = client.post(APPLY, filled(page, body))
    assert answer.status_code == 302
    shown = client.get(answer["Location"])
    submission = Submission.objects.get()
    text = shown.content.decode()
    assert submission.tracking_number in text
    assert "查询码" in text and "打印回执" in text and "《条例》§31" in text
    assert "no-store" in shown["Cache-Control"]
    assert Case.objects.get().state == "awaiting_confirmation"
    assert not answer.cookies and not shown.cookies


def test_no_purpose_and_no_fee_waiver_is_asked(page):
    assert not re.search(r"用途|减免|name=\"purpose\"", page.replace("不需要说明用途", ""))


def test_the_form_sent_twice_is_one_application_with_the_same_numbers(client, page, body):
    sent = filled(page, body)
    one, two = client.post(APPLY, sent), client.post(APPLY, sent)
    assert one.status_code == two.status_code == 302
    first, second = (client.get(each["Location"]).content.decode() for each in (one, two))
    code = re.compile(r"<dd>([2-9A-Z]{8})</dd>")
    assert code.search(first)[1] == code.search(second)[1]
    assert Submission.objects.count() == Case.objects.count() == 1


BAD = [
    ({"title": ""}, "请填写所需信息的名称", "§29 asks what is sought"),
    ({"title": "字" * 201}, "不能超过 200 字", "the register takes 200"),
    ({"description": "", "wanted_number": ""}, "请填写文号", "something to find it by"),
    ({"description": "字" * 5001}, "不能超过 5000 字", "more goes into an attachment"),
    ({"organisation": ""}, "请选择受理机关", "to whom"),
    ({"organisation": "999999"}, "不在可选范围内", "no such body"),
    ({"category": ""}, "请选择申请人类别", "a column of table three"),
    ({"category": "purpose"}, "不在可选范围内", "no such column"),
    ({"name": ""}, "请填写姓名或者名称", "§29（一）"),
    ({"name": "字" * 101}, "不能超过 100 字", "longer than the register"),
    ({"name": "a\x00b"}, "空字符", "a zero byte the database would not take"),
    ({"id_number": "110105190001010011"}, "身份证号码有误", "the check digit is wrong"),
    ({"id_kind": "uscc", "id_number": "123"}, "统一社会信用代码", "GB 32100"),
    ({"phone": ""}, "至少填写一种联系方式", "nobody could confirm with the applicant"),
    ({"email": "不是邮箱"}, "电子邮箱格式有误", "no address"),
    ({"postcode": "12"}, "6 位数字", "no postcode"),
    ({"delivery": "post"}, "请填写通信地址", "post needs an address"),
    ({"delivery": "mail"}, "请填写电子邮箱", "mail needs an address"),
    ({"agent_name": "示例代理人"}, "授权委托书", "whoever acts for another shows that he may"),
    ({"agent_name": "示例代理人"}, "代理人的联系电话", "and can be reached"),
    ({"answer": "99"}, "回答有误", "a wrong answer"),
    ({"answer": ""}, "请回答“安全验证”中的问题", "no answer"),
    ({"website": "http://spam.example"}, "留空", "the trap"),
    ({"form": "made-up"}, "表单已经失效", "not a form of ours"),
]  # fmt: skip


@pytest.mark.parametrize(("more", "said", "reason"), BAD, ids=[one[2] for one in BAD])
def test_what_is_wrong_is_said_at_its_field_and_everything_typed_is_kept(client, page, body, more, said, reason):
    answer = client.post(APPLY, filled(page, body, **more))
    text = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert said in text
    assert "示例申请人" in text or "name" in more
    assert "2025年秋季学期适用的方案" in text or "description" in more
    assert Submission.objects.count() == 0


def test_every_problem_is_said_at_once_with_a_link_to_its_field(client, page, body):
    answer = client.post(APPLY, filled(page, body, title="", name="", phone="", id_number="1", postcode="x"))
    text = answer.content.decode()
    for field in ("title", "name", "phone", "id_number", "postcode"):
        assert f'<a href="#id_{field}">' in text


def test_files_are_kept_over_a_correction_and_go_with_the_application(client, page, body):
    again = client.post(APPLY, {**filled(page, body, phone=""), "files": [picture()]})
    text = again.content.decode()
    assert "扫描件.png" in text and DraftFile.objects.count() == 1
    sent = client.post(APPLY, filled(text, body))
    assert sent.status_code == 302
    document = CaseDocument.objects.get()
    assert (document.name, document.kind, document.media_type) == ("扫描件.png", "application", "image/png")
    assert default_storage.exists(document.storage_name)
    assert DraftFile.objects.count() == 0
    assert not default_storage.url(document.storage_name).startswith("/items/")


FILES = [
    (SimpleUploadedFile("空.pdf", b""), "空", "nothing in it"),
    (SimpleUploadedFile("假.pdf", b"MZ" + b"\0" * 100), "请", "a program under a false name"),
    (SimpleUploadedFile("表.csv", b"a,b\n1,2\n"), "pdf、docx、jpg", "no paper"),
    (SimpleUploadedFile("坏.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 40), "图片", "a broken picture"),
    (SimpleUploadedFile("动.gif", b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"), "jpg", "another kind of picture"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "said", "reason"), FILES, ids=[one[2] for one in FILES])
def test_a_bad_file_is_refused_with_its_name_and_nothing_else_is_lost(client, page, body, file, said, reason):
    answer = client.post(APPLY, {**filled(page, body), "files": [picture("好.png"), file]})
    text = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert file.name in text and said in text
    assert [one.name for one in DraftFile.objects.all()] == ["好.png"]
    assert "示例申请人" in text


def test_a_file_above_twenty_megabytes_is_refused(client, page, body, monkeypatch):
    monkeypatch.setattr(drafts, "MAX_BYTES", 1024 * 1024)
    large = SimpleUploadedFile("大.pdf", b"%PDF-1.4\n" + b"0" * 1024 * 1024)
    assert "超过 1 MB" in client.post(APPLY, {**filled(page, body), "files": [large]}).content.decode()


def test_no_more_than_five_files_are_kept_and_one_can_be_taken_away(client, page, body):
    answer = client.post(APPLY, {**filled(page, body, name=""), "files": [picture(f"{n}.png", n) for n in range(1, 8)]})
    text = unescape(answer.content.decode())
    assert DraftFile.objects.count() == 5 and "最多提交 5 个文件" in text
    one = DraftFile.objects.first()
    after = client.post(APPLY, filled(text, body, step=f"remove-{one.pk}"))
    assert after.status_code == 200
    assert DraftFile.objects.count() == 4 and not default_storage.exists(one.storage_name)


def test_nobody_can_take_away_a_file_of_another_form(client, page, body, monkeypatch):
    client.post(APPLY, {**filled(page, body, name=""), "files": [picture()]})
    other = opened(client, monkeypatch)
    client.post(APPLY, filled(other, body, step=f"remove-{DraftFile.objects.get().pk}"))
    assert DraftFile.objects.count() == 1


def test_files_of_forms_that_are_never_sent_go_after_a_day(client, page, body):
    client.post(APPLY, {**filled(page, body, name=""), "files": [picture()]})
    name = DraftFile.objects.get().storage_name
    assert name in drafts.in_use()
    assert drafts.sweep(timezone.now()) == 0
    assert drafts.sweep(timezone.now() + timedelta(hours=25)) == 1
    assert not default_storage.exists(name) and DraftFile.objects.count() == 0


def test_a_form_that_lay_too_long_comes_again_with_everything_in_it_and_can_then_be_sent(
    client, page, body, monkeypatch
):
    sent = filled(page, body)
    monkeypatch.setattr(guard, "FORM_SECONDS", -1)
    late = client.post(APPLY, sent)
    assert late.status_code == 422 and "停留时间较长" in late.content.decode()
    monkeypatch.setattr(guard, "FORM_SECONDS", 6 * 3600)
    text = client.post(APPLY, {**sent, "form": re.search(r'name="form" value="([^"]+)"', late.content.decode())[1], "answer": answer_to(late.content.decode()), "question": re.search(r'name="question" value="([^"]+)"', late.content.decode())[1]})  # fmt: skip
    assert text.status_code == 302


def test_nobody_fills_in_the_form_in_a_moment(client, body):
    page = client.get(APPLY).content.decode()
    answer = client.post(APPLY, filled(page, body))
    assert answer.status_code == 422 and "提交得太快" in answer.content.decode()
    assert Submission.objects.count() == 0


def solved(page: str) -> str:
    """The proof of work, as the worker of the page makes it."""
    asked = json.loads(unescape(re.search(r'data-challenge="([^"]+)"', page)[1]))
    number = next(
        n for n in range(asked["maxnumber"] + 1)
        if hashlib.sha256(f"{asked['salt']}{n}".encode()).hexdigest() == asked["challenge"]
    )  # fmt: skip
    return base64.b64encode(json.dumps({**asked, "number": number}).encode()).decode()


def test_a_proof_of_work_stands_for_the_answer_and_is_not_asked_for_again(client, page, body):
    sent = filled(page, body, answer="", proof=solved(page), name="")
    again = client.post(APPLY, sent).content.decode()
    assert "安全验证：" not in again
    assert client.post(APPLY, filled(again, body)).status_code == 302


@pytest.mark.parametrize(
    "proof",
    ["x", base64.b64encode(b"[]").decode(), base64.b64encode(b"{}").decode(), "A" * 3000, base64.b64encode(b'{"algorithm":1,"challenge":2,"number":3,"salt":4,"signature":5}').decode()],
)  # fmt: skip
def test_a_made_up_proof_is_none(client, page, body, proof):
    assert client.post(APPLY, filled(page, body, answer="", proof=proof)).status_code == 422


def test_a_proof_counts_for_its_own_form_only(client, page, body, monkeypatch):
    other = opened(client, monkeypatch)
    assert client.post(APPLY, filled(other, body, answer="", proof=solved(page))).status_code == 422


def test_a_question_is_good_for_one_try(client, page, body):
    sent = filled(page, body)
    client.post(APPLY, {**sent, "answer": "99"})
    assert client.post(APPLY, sent).status_code == 422


@pytest.mark.parametrize(("written", "right"), [("12", True), ("１２", True), ("十二", True), ("012", True), ("12。", True), ("13", False), ("二十", False)])  # fmt: skip
def test_numbers_are_read_as_people_write_them(written, right):
    assert (guard._number(written) == "12") is right


def test_more_applications_than_an_address_may_send_wait_and_nothing_is_lost(client, body, monkeypatch):
    monkeypatch.setattr(guard, "MOST_SENT", {"proof": 30, "question": 2})
    for _ in range(2):
        assert client.post(APPLY, filled(opened(client, monkeypatch), body)).status_code == 302
    third = client.post(APPLY, filled(opened(client, monkeypatch), body))
    assert third.status_code == 422
    assert "一小时内最多在线提交 2 件" in third.content.decode() and "示例申请人" in third.content.decode()
    elsewhere = client.post(APPLY, filled(opened(client, monkeypatch), body), REMOTE_ADDR="192.0.2.9")
    assert elsewhere.status_code == 302


def test_too_many_posts_are_answered_with_429_and_the_text_is_kept(client, page, body, monkeypatch):
    monkeypatch.setattr(guard, "MOST_TRIES", 0)
    answer = client.post(APPLY, filled(page, body))
    assert answer.status_code == 429 and "示例申请人" in answer.content.decode()


def test_no_address_is_kept_in_clear(client, page, body):
    client.post(APPLY, filled(page, body), REMOTE_ADDR="192.0.2.77")
    assert Tally.objects.count() and all("192.0.2.77" not in one.key for one in Tally.objects.all())


# --- 先查后申 -----------------------------------------------------------------------------------------------------------
@pytest.fixture
def known(monkeypatch):
    found = [search_first.Match("学区划分方案", "区教育局", timezone.localdate(), "已公开信息", "portal:accessibility")]
    monkeypatch.setattr(search_first, "_sources", lambda: (lambda text, body: found,))


def test_what_is_public_is_shown_without_script_and_opening_it_is_counted_once(client, page, body, known):
    looked = client.post(APPLY, filled(page, body, step="look"))
    text = looked.content.decode()
    assert looked.status_code == 200 and "学区划分方案" in text and "请修改以下" not in text and "示例申请人" in text
    address = re.search(r'href="(/information-requests/opened/[^"]+)"', text)[1]
    for _ in range(2):
        answer = client.get(address)
        assert answer.status_code == 302 and answer["Location"] == "/accessibility/"
    day = SearchFirst.objects.get()
    assert (day.shown, day.opened, day.opened_not_submitted, day.submitted) == (1, 1, 1, 0)


def test_a_form_that_is_sent_in_after_a_match_was_opened_counts_as_sent(client, page, body, known):
    text = client.post(APPLY, filled(page, body, step="look")).content.decode()
    client.get(re.search(r'href="(/information-requests/opened/[^"]+)"', text)[1])
    assert client.post(APPLY, filled(text, body)).status_code == 302
    day = SearchFirst.objects.get()
    assert (day.shown, day.opened, day.opened_not_submitted, day.submitted) == (1, 1, 0, 1)


def test_matches_are_given_to_the_page_while_somebody_types_and_to_nobody_without_its_form(client, page, body, known):
    form = re.search(r'name="form" value="([^"]+)"', page)[1]
    answer = client.post("/information-requests/matches/", {"form": form, "title": "学区"})
    assert "学区划分方案" in answer.content.decode() and 'target="_blank"' in answer.content.decode()
    assert client.post("/information-requests/matches/", {"form": "x", "title": "学区"}).content == b""
    assert SearchFirst.objects.get().shown == 1


def test_a_made_up_address_of_a_match_is_not_there(client):
    assert client.get("/information-requests/opened/x:y/").status_code == 404


def test_while_search_is_away_the_form_works(client, page, body, monkeypatch):
    from gongkai.search import SearchUnavailable

    def away(text, body):
        raise SearchUnavailable("away")

    monkeypatch.setattr(search_first, "_sources", lambda: (away,))
    assert client.post(APPLY, filled(page, body, step="look")).status_code == 200
    assert client.post(APPLY, filled(page, body)).status_code == 302


def test_the_confirmation_lapses_after_two_hours(client, page, body):
    address = client.post(APPLY, filled(page, body))["Location"]
    later = timezone.now().timestamp() + 3 * 3600
    with mock.patch("time.time", lambda: later):
        answer = client.get(address)
    assert answer.status_code == 302 and answer["Location"] == "/information-requests/track/"
    assert client.get("/information-requests/received/x:y/").status_code == 404


def test_the_body_of_the_page_one_comes_from_is_chosen(client, body):
    assert f'value="{body.pk}" selected' in client.get(f"{APPLY}?body={body.code}").content.decode()


def test_tallies_are_forgotten_when_they_are_over():
    assert tallies.count("a", "b", seconds=60) == 1
    assert tallies.count("a", "b", seconds=60) == 2
    assert tallies.counted("a", "c") == 0
    assert tallies.sweep(timezone.now() + timedelta(seconds=61)) == 1
