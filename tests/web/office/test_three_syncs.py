"""The signature of a normative document in the office: its interpretations are shown, go out with it, or are explained. And taking
back the signature of an interpretation, on which documents may rest."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from gongkai.disclosure.models import Item
from gongkai.policies import coverage
from gongkai.rules.access import Role
from gongkai.rules.publication import State
from gongkai.rules.relations import RelationKind
from tests import factories

pytestmark = pytest.mark.django_db
NOTE = "突发事件应对，解读于五个工作日内发布"
BOX, FIELD = 'name="with_interpretations"', 'name="interpretation_note"'
ASKED = "应当与解读同步组织、同步审签、同步部署"


def _waiting(bureau, *, kind="policy_document", state=State.SIGN_OFF, life=None, **values):
    """An item that waits for the sign-off, as it is after its reviews."""
    reviewed = {
        "author_id": bureau.desks[Role.CLERK].person.pk,
        "approved_by_id": bureau.desks[Role.REVIEWER].person.pk,
        "secrecy_basis": "不涉密，可以公开",
        **(life or {}),
    }
    return factories.published_many(bureau.body, 1, kind=kind, state=state, life=reviewed, **values)[0]


def _document(bureau, **values):
    return _waiting(bureau, **{"normative": True, **values})


def _interpretation(bureau, document, **values):
    made = _waiting(bureau, kind="interpretation", **values)
    made.tags, made.tags_open = ["form.department"], False
    made.save()
    factories.relation(made, RelationKind.INTERPRETS, document)
    return made


def _step(bureau, item, role=Role.SIGNER, step="sign"):
    """The signature, or another step, on the page of the item."""
    page = bureau[role].get(f"/office/items/{item.pk}/").content.decode()
    return re.search(rf'<details class="step[^"]*" id="step-{step}".*?</details>', page, re.DOTALL)[0]


def _sign(bureau, item, **typed):
    return bureau[Role.SIGNER].post(f"/office/items/{item.pk}/sign/", typed)


def _state(item):
    return State(Item.objects.get(pk=item.pk).state)


def test_without_any_interpretation_the_form_asks_why(bureau):
    shown = _step(bureau, _document(bureau))
    assert ASKED in shown and "国办发〔2017〕47号" in shown
    assert "尚无关联本文件的解读" in shown
    assert FIELD in shown and BOX not in shown


def test_an_interpretation_that_waits_is_offered_with_its_state(bureau):
    document = _document(bureau)
    waiting = _interpretation(bureau, document, title="文件解读甲")
    draft = _interpretation(bureau, document, title="文件解读乙", state=State.DRAFT)
    shown = _step(bureau, document)
    assert BOX in shown and FIELD in shown and "解读一并签发" in shown
    for one, title, label in ((waiting, "文件解读甲", "待签发"), (draft, "文件解读乙", "草稿")):
        assert re.search(rf'<li><a href="/office/items/{one.pk}/">{title}</a> <span class="badge[^>]*>{label}', shown)


def test_with_a_public_interpretation_nothing_more_is_asked(bureau):
    document = _document(bureau)
    _interpretation(bureau, document, title="文件解读丙", state=State.PUBLISHED)
    shown = _step(bureau, document)
    assert "文件解读丙" in shown and BOX not in shown and FIELD not in shown
    assert _sign(bureau, document).status_code == 302
    assert _state(document) == State.PUBLISHED


@pytest.mark.parametrize(
    ("kind", "normative", "why"),
    [
        ("policy_document", False, "not normative"),
        ("notice", True, "no policy"),
        ("interpretation", False, "no policy"),
    ],
)
def test_the_form_of_other_items_is_as_it_was(bureau, kind, normative, why):
    item = _waiting(bureau, kind=kind, normative=normative)
    if kind == "interpretation":
        Item.objects.filter(pk=item.pk).update(tags=["form.department"])
        factories.relation(item, RelationKind.INTERPRETS, factories.published(bureau.body))
    shown = _step(bureau, item)
    assert 'name="scheduled_for"' in shown, why
    assert not any(word in shown for word in (BOX, FIELD, ASKED, "解读一并", "本文件的解读"))


def test_a_signature_with_neither_comes_back_with_the_reason_at_its_field_and_what_was_typed(bureau):
    document = _document(bureau)
    answer = _sign(bureau, document, scheduled_for="2099-01-05T09:30", interpretation_note=" ")
    page = answer.content.decode()
    assert answer.status_code == 422 and _state(document) == State.SIGN_OFF
    assert 'href="#id_sign_interpretation_note"' in page and 'id="id_sign_interpretation_note"' in page
    assert "先把解读送签，与文件一并签发；不能同步的，请填写说明" in page
    assert 'value="2099-01-05T09:30"' in page


def test_a_wrong_time_loses_nothing_of_the_explanation(bureau):
    document = _document(bureau)
    _interpretation(bureau, document)
    answer = _sign(bureau, document, scheduled_for="明天", interpretation_note=NOTE, with_interpretations="on")
    page = answer.content.decode()
    assert answer.status_code == 422 and _state(document) == State.SIGN_OFF
    assert NOTE in page
    assert re.search(r'<input type="checkbox" name="with_interpretations"[^>]* checked', page)


def test_an_explanation_signs_and_is_read_in_the_office_only(bureau):
    document = _document(bureau)
    assert _sign(bureau, document, interpretation_note=NOTE).status_code == 302
    assert _state(document) == State.PUBLISHED
    page = bureau[Role.CLERK].get(f"/office/items/{document.pk}/").content.decode()
    assert f'<th scope="row">未同步解读的说明</th><td>{NOTE}</td>' in page
    listed = bureau[Role.CLERK].get(reverse("office:body-coverage", args=[bureau.body.pk])).content.decode()
    assert NOTE in listed
    assert NOTE not in bureau[Role.CLERK].get(f"/items/{document.pk}/").content.decode()
    record = bureau[Role.CLERK].get(f"/api/v1/items/{document.pk}/")
    assert record.status_code == 200 and NOTE not in record.content.decode()


def test_the_interpretation_goes_out_with_the_document(bureau):
    document = _document(bureau)
    interpretation = _interpretation(bureau, document)
    assert _sign(bureau, document, with_interpretations="on").status_code == 302
    assert (_state(document), _state(interpretation)) == (State.PUBLISHED, State.PUBLISHED)
    page = bureau[Role.HEAD].get(f"/office/items/{document.pk}/").content.decode()
    assert "一并签发的解读" in page and interpretation.index_number in page


def test_an_interpretation_that_cannot_be_signed_is_named_at_the_box(bureau):
    document = _document(bureau)
    other = _interpretation(bureau, document, title="文件解读丁", enquiry_phone="", enquiry_agency="", body="")
    answer = _sign(bureau, document, with_interpretations="on")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "解读《文件解读丁》不能一并签发" in page and 'href="#id_sign_with_interpretations"' in page
    assert (_state(document), _state(other)) == (State.SIGN_OFF, State.SIGN_OFF)


# --- the interpretation is taken back -----------------------------------------------------------------------------------
RESTING = "撤回签发后，下列文件没有与之同步的解读"


def _signed(bureau, *, state=State.PUBLISHED, **values):
    """A normative document that was signed here."""
    return _document(bureau, state=state, life={"signed_at": timezone.now()}, **values)


def _take_back(bureau, item, **typed):
    return bureau[Role.CLERK].post(f"/office/items/{item.pk}/return/", typed)


@pytest.mark.parametrize(("state", "label"), [(State.PUBLISHED, "已发布"), (State.SCHEDULED, "待发布")])
def test_who_takes_the_only_interpretation_back_is_asked_why(bureau, state, label):
    document = _signed(bureau, state=state, title="防汛规定")
    interpretation = _interpretation(bureau, document, state=State.SCHEDULED)
    shown = _step(bureau, interpretation, Role.CLERK, "return")
    assert RESTING in shown and ASKED in shown and FIELD in shown and 'name="remark"' in shown
    assert re.search(rf'<li><a href="/office/items/{document.pk}/">防汛规定</a> <span class="badge[^>]*>{label}', shown)
    answer = _take_back(bureau, interpretation, remark="有错字", interpretation_note=" ")
    page = answer.content.decode()
    assert answer.status_code == 422 and _state(interpretation) == State.SCHEDULED
    assert 'href="#id_return_interpretation_note"' in page and 'id="id_return_interpretation_note"' in page
    assert "规范性文件《防汛规定》" in page and "请填写未同步解读的说明" in page
    assert re.search(r'<textarea name="remark"[^>]*>\s*有错字', page), "what was typed is still there"


def test_an_explanation_takes_it_back_and_is_shown_where_that_of_the_signature_is(bureau):
    document = _signed(bureau, title="防汛规定")
    interpretation = _interpretation(bureau, document, state=State.SCHEDULED)
    figures = coverage.coverage([bureau.body], timezone.localdate())[0]
    assert (figures.uninterpreted, figures.explained) == (1, 0)
    assert _take_back(bureau, interpretation, interpretation_note=NOTE).status_code == 302
    assert _state(interpretation) == State.DRAFT
    figures = coverage.coverage([bureau.body], timezone.localdate())[0]
    assert (figures.uninterpreted, figures.explained) == (1, 1)
    listed = bureau[Role.CLERK].get(reverse("office:body-coverage", args=[bureau.body.pk])).content.decode()
    assert f'<td data-label="未同步解读的说明">{NOTE}</td>' in listed and "其中已说明原因 1 件" in listed
    page = bureau[Role.HEAD].get(f"/office/items/{document.pk}/").content.decode()
    assert f'<th scope="row">未同步解读的说明</th><td>{NOTE}</td>' in page
    assert "说明未同步解读的原因" in page and f"撤回签发的解读：{interpretation.index_number}" in page
    assert NOTE not in bureau[Role.CLERK].get(f"/items/{document.pk}/").content.decode()
    assert NOTE not in bureau[Role.CLERK].get(f"/api/v1/items/{document.pk}/").content.decode()


def test_with_another_interpretation_taking_one_back_asks_nothing_more(bureau):
    document = _signed(bureau)
    interpretation = _interpretation(bureau, document, state=State.SCHEDULED)
    _interpretation(bureau, document, state=State.PUBLISHED)
    shown = _step(bureau, interpretation, Role.CLERK, "return")
    assert 'name="remark"' in shown and RESTING not in shown and FIELD not in shown
    assert _take_back(bureau, interpretation, interpretation_note=NOTE).status_code == 302
    assert Item.objects.get(pk=document.pk).current.interpretation_note == ""


def test_an_explanation_that_is_an_essay_comes_back(bureau):
    interpretation = _interpretation(bureau, _signed(bureau), state=State.SCHEDULED)
    answer = _take_back(bureau, interpretation, interpretation_note="字" * 501)
    assert answer.status_code == 422 and "字" * 501 in answer.content.decode()
    assert _state(interpretation) == State.SCHEDULED


def test_documents_of_other_bodies_are_neither_named_nor_explained(bureau):
    foreign = factories.published(
        factories.body(), title="外单位规定", normative=True, state=State.SCHEDULED, life={"signed_at": timezone.now()}
    )
    interpretation = _interpretation(bureau, foreign, state=State.SCHEDULED)
    assert "外单位规定" not in _step(bureau, interpretation, Role.CLERK, "return")
    assert _take_back(bureau, interpretation, interpretation_note=NOTE).status_code == 302
    assert Item.objects.get(pk=foreign.pk).working.interpretation_note == ""
