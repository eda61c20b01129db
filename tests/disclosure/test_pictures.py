"""Pictures in a body: taken in as files of the edition, refused with the remedy, shown to the office at once and to the public later."""

import base64
import io
import re

import pytest
from django.test import Client
from tests import factories

from gongkai.disclosure import actions, pictures
from gongkai.disclosure.models import Attachment
from gongkai.disclosure.sanitising import addresses_in, sanitise
from gongkai.rules.access import Role
from gongkai.rules.publication import State
from gongkai.rules.reasons import Refused

pytestmark = pytest.mark.django_db


_COLOURS = ["red", "blue", "green", "black"]


def _bytes(colour: str = "red", form: str = "PNG") -> bytes:
    return factories.picture(_COLOURS.index(colour), form)


def _data(content: bytes, media_type: str = "image/png") -> str:
    return f"data:{media_type};base64,{base64.b64encode(content).decode()}"


def _body(*sources: str) -> str:
    return "<p>如图。</p>" + "".join(f'<p><img src="{source}" alt="示意图"></p>' for source in sources)


def _draft(office, **more):
    clerk = factories.actor(office, Role.CLERK)
    return clerk, actions.create_item(
        actor=clerk, organisation_id=office.pk, kind="notice", values=factories.values(**more)
    )


def test_a_pasted_picture_becomes_a_file_of_the_draft_and_the_text_names_it():
    _clerk, item = _draft(factories.body(), body=_body(_data(_bytes()), _data(_bytes("blue")), _data(_bytes())))
    attached = item.working.attachments.filter(in_text=True)
    assert attached.count() == 2, "the same picture twice is one file"
    assert set(addresses_in(item.working.body)) == set(attached.values_list("file__sha256", flat=True))
    assert "data:" not in item.working.body and item.working.body.count("<img") == 3
    assert item.working.body_text == "如图。"


REFUSED = [
    ("https://example.org/a.png", "来自其他网站", "a page of ours fetches nothing from elsewhere"),
    ("//example.org/a.png", "来自其他网站", "nor by an address without a scheme"),
    ("file:///C:/Users/x/clip_image001.png", "从 Word 导入", "Word names a file on the writer's own disk"),
    ("blob:null/1", "单独插入", "an address that only the writer's browser knows"),
    ("data:image/png;base64,AAAA", "第1张图片", "no picture although it says so"),
    ("data:image/png;base64,%%%", "第1张图片", "not even base64"),
    (_data(b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "image/svg+xml"), "第1张", "SVG is a program"),
    (_data(_bytes(form="TIFF"), "image/tiff"), "转换格式", "no browser shows it"),
    ("/pictures/" + "0" * 64, "已不存在", "an address without a file"),
]


@pytest.mark.parametrize(("source", "words", "reason"), REFUSED)
def test_what_cannot_be_kept_is_refused_by_its_place_in_the_text(source, words, reason):
    with pytest.raises(Refused) as refusal:
        _draft(factories.body(), body=_body(source))
    assert words in str(refusal.value), reason
    assert all(one.field == "body" and "第1张图片" in one.message for one in refusal.value.reasons)


def test_every_picture_that_cannot_be_kept_is_named_at_once():
    with pytest.raises(Refused) as refusal:
        _draft(factories.body(), body=_body("https://a.example/1.png", _data(_bytes()), "file:///C:/3.png"))
    assert [re.search(r"第(\d)张", one.message)[1] for one in refusal.value.reasons] == ["1", "3"]


def test_knowing_the_digest_of_a_foreign_picture_opens_nothing():
    _, secret = _draft(factories.body(), body=_body(_data(_bytes("green"))))
    [digest] = addresses_in(secret.working.body)
    stranger = factories.body()
    with pytest.raises(Refused, match="已不存在"):
        _draft(stranger, body=_body(f"/pictures/{digest}"))
    assert Attachment.objects.filter(file__sha256=digest).count() == 1


def test_a_picture_copied_from_another_item_of_ones_body_comes_along():
    body = factories.body()
    _, first = _draft(body, body=_body(_data(_bytes())))
    [digest] = addresses_in(first.working.body)
    _, second = _draft(body, body=_body(f"/office/items/{first.pk}/pictures/{digest}"))
    assert addresses_in(second.working.body) == [digest]
    assert second.working.attachments.get().file_id == first.working.attachments.get().file_id


def test_the_office_sees_it_at_once_and_the_public_when_it_is_published():
    body = factories.body()
    _clerk, item = _draft(body, body=_body(_data(_bytes())))
    [digest] = addresses_in(item.working.body)
    office, stranger, public = Client(), Client(), Client()
    office.force_login(factories.member(body, Role.REVIEWER))
    stranger.force_login(factories.member(factories.body(), Role.HEAD))
    inside = f"/office/items/{item.pk}/pictures/{digest}"
    assert f'src="{inside}"' in office.get(f"/office/items/{item.pk}/").content.decode()
    answer = office.get(inside)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert stranger.get(inside).status_code == 404
    assert public.get(f"/pictures/{digest}").status_code == 404
    item.working.state = State.PUBLISHED.value
    item.working.save()
    type(item).objects.filter(pk=item.pk).update(current=item.working_id, working=None, state=State.PUBLISHED)
    answer = public.get(f"/pictures/{digest}")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    page = public.get(f"/items/{item.pk}/").content.decode()
    assert f'<img src="/pictures/{digest}" alt="示意图">' in page
    assert "正文图片" not in page, "a picture in the text is not listed below it"
    item.refresh_from_db()
    actions.withdraw(actor=factories.actor(body, Role.HEAD), item_id=item.pk, reason="published_in_error")
    assert public.get(f"/pictures/{digest}").status_code == 404, "what is withdrawn is gone, its pictures too"


def test_pictures_taken_out_of_the_text_leave_the_draft_when_it_is_handed_in():
    office = factories.body()
    factories.member(office, Role.REVIEWER)
    clerk, item = _draft(office, body=_body(_data(_bytes())))
    actions.add_picture(actor=clerk, item_id=item.pk, name="另一张.png", stream=io.BytesIO(_bytes("black")))
    actions.save_draft(actor=clerk, item_id=item.pk, values={"body": "<p>没有图了。</p>"})
    assert item.working.attachments.count() == 2, "somebody may be about to save a text that shows them"
    actions.submit(actor=clerk, item_id=item.pk)
    assert item.working.attachments.count() == 0


def test_a_text_that_is_a_picture_counts_as_a_text():
    clerk, item = _draft(factories.body(), body=f'<p><img src="{_data(_bytes())}" alt="一图读懂"></p>')
    facts = actions.publication_facts(clerk, item, item.working)
    assert "body" in facts.present_fields and "attachments" not in facts.present_fields


def test_the_generated_word_file_shows_the_picture():
    import zipfile

    from gongkai.documents.__main__ import RENDERERS, document_from

    digest = "a" * 64
    facts = {
        "title": "标题", "body_html": _body(f"/pictures/{digest}"), "document_number": "", "issuing_agencies": [],
        "document_date": None, "attachments": [], "sample": False, "index_number": "", "url": "",
        "images": {f"/pictures/{digest}": base64.b64encode(_bytes()).decode()},
    }  # fmt: skip
    made = zipfile.ZipFile(io.BytesIO(RENDERERS["docx"](document_from(facts))))
    assert [name for name in made.namelist() if name.startswith("word/media/")]
    assert not [
        name
        for name in zipfile.ZipFile(io.BytesIO(RENDERERS["docx"](document_from({**facts, "images": {}})))).namelist()
        if name.startswith("word/media/")
    ]


def test_addresses_change_between_office_and_store_and_back():
    stored = sanitise(f'<p><img src="/pictures/{"b" * 64}" alt="a &gt; &quot; src=x"></p>')
    shown = pictures.for_office(stored, 7)
    assert f'src="/office/items/7/pictures/{"b" * 64}"' in shown
    assert pictures.from_office(shown) == stored
