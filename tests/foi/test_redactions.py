"""Boxes in work: two who draw at once, what cannot be hidden, and a copy that is opened again."""

from datetime import date

import pypdfium2
import pytest
from django.core.files.storage import default_storage

from gongkai.documents.redaction import RedactionBox
from gongkai.foi import documents, redactions
from gongkai.foi.models import CaseDocument
from gongkai.organisations.actors import NotVisible
from gongkai.rules.access import Role
from gongkai.rules.reasons import Refused
from tests import factories
from tests.foi.makers import Desk, on
from tests.foi.test_providing import add, hide, paper, run_tasks

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 2)
LINES = ("Primary School", "13900001234")


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def found(desk, tmp_path) -> CaseDocument:
    with on(DAY):
        return add(desk, desk.registered(DAY), paper(tmp_path, *LINES))


def text_of(document: CaseDocument) -> str:
    with default_storage.open(document.storage_name, "rb") as stream, pypdfium2.PdfDocument(stream.read()) as pdf:
        return pdf[0].get_textpage().get_text_bounded()


def test_who_saves_second_is_told_and_overwrites_nothing(desk, found):
    with on(DAY):
        hide(desk, found.case, found)
        with pytest.raises(Refused) as refusal:
            hide(desk, found.case, found)
        assert refusal.value.codes == ("changed",)
        hide(desk, found.case, found, revision=1)
    found.refresh_from_db()
    assert (found.layer["revision"], len(redactions.boxes_of(found))) == (2, 1)


def test_a_box_without_a_ground_or_outside_the_page_is_refused(desk, found):
    with on(DAY):
        for box, code in (
            (RedactionBox(1, 0.1, 0.1, 0.2, 0.2, ""), "no_ground"),
            (RedactionBox(9, 0.1, 0.1, 0.2, 0.2, "personal_privacy"), "no_such_page"),
        ):
            with pytest.raises(Refused) as refusal:
                redactions.save_boxes(
                    actor=desk.clerk, case_id=found.case_id, document_id=found.pk, boxes=[box], revision=0, pages=1
                )
            assert refusal.value.codes == (code,)
    found.refresh_from_db()
    assert not redactions.boxes_of(found)


def test_the_copy_holds_nothing_of_what_was_hidden_and_the_original_all_of_it(desk, found):
    with on(DAY):
        hide(desk, found.case, found)
        redactions.request_burn(actor=desk.clerk, case_id=found.case_id, document_id=found.pk)
        run_tasks()
    copy = found.copies.get()
    assert LINES[0] in text_of(copy) and LINES[1] not in text_of(copy)
    with default_storage.open(copy.storage_name, "rb") as stream:
        assert LINES[1].encode() not in stream.read()
    assert LINES[1] in text_of(found), "the original stays as it is"
    assert copy.layer["boxes"] and copy.layer["hidden"] >= len(LINES[1])


def test_boxes_are_open_to_change_after_the_copy_was_made(desk, found):
    with on(DAY):
        hide(desk, found.case, found)
        redactions.request_burn(actor=desk.clerk, case_id=found.case_id, document_id=found.pk)
        run_tasks()
        found.refresh_from_db()
        assert len(redactions.boxes_of(found)) == 1 and found.layer["burnt"] == found.layer["revision"] == 1
        redactions.save_boxes(
            actor=desk.clerk, case_id=found.case_id, document_id=found.pk, boxes=[], revision=1, pages=1
        )
        found.refresh_from_db()
        assert redactions.boxes_of(found) == []
        assert documents.providable(found.case)[0].name == "名单.pdf"


def test_a_copy_of_boxes_that_have_changed_since_is_not_kept(desk, found):
    with on(DAY):
        hide(desk, found.case, found)
        redactions.request_burn(actor=desk.clerk, case_id=found.case_id, document_id=found.pk)
        hide(desk, found.case, found, revision=1)
        assert redactions.make_copy(found.pk, 1, None) is None
    assert not found.copies.exists()


def test_another_body_finds_no_document_and_a_reviewer_of_law_may_not_hide(desk, found):
    with on(DAY):
        stranger = Desk(factories.body("另一机关"))
        with pytest.raises(NotVisible):
            hide(stranger, found.case, found)
        lawyer = factories.actor(desk.body, Role.LEGALITY_REVIEWER)
        with pytest.raises(Refused) as refusal:
            redactions.request_burn(actor=lawyer, case_id=found.case_id, document_id=found.pk)
    assert "role" in refusal.value.codes
