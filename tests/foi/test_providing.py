"""What goes out with an answer: the documents chosen, once signed, and nothing that should have been hidden first."""

from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from gongkai.documents.redaction import RedactionBox
from gongkai.foi import documents, redactions
from gongkai.foi.models import Case, CaseDocument
from gongkai.rules.case_events import CaseEvent as Event
from gongkai.rules.reasons import Refused
from gongkai.text.extraction import Code, Unreadable
from tests.documents.redaction.makers import one_page
from tests.foi.makers import DISCLOSED, Desk, on
from tests.web.office.test_cases import signed_in

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 2)
LINES = ("School No. 1", "13900001234")


@pytest.fixture
def desk() -> Desk:
    return Desk()


def paper(folder, *lines: str) -> bytes:
    drawn = b"".join(
        b"BT /H 14 Tf 40 %d Td (%s) Tj ET\n" % (240 - 40 * at, one.encode()) for at, one in enumerate(lines)
    )
    return one_page(folder / "paper.pdf", drawn, {}).read_bytes()


def add(desk: Desk, case: Case, content: bytes, name: str = "名单.pdf") -> CaseDocument:
    kept = documents.keep(name, BytesIO(content))
    return documents.add(actor=desk.clerk, case_id=case.pk, kind="responsive", files=[kept])[0]


def run_tasks() -> None:
    """What waits in the background, in this very transaction: a worker would close the test's connection."""
    while (waiting := DBTaskResult.objects.filter(status="READY").order_by("enqueued_at").first()) is not None:
        given = waiting.args_kwargs
        waiting.task.func(*given["args"], **given["kwargs"])
        waiting.delete()


def hide(desk: Desk, case: Case, document: CaseDocument, revision: int = 0) -> None:
    box = RedactionBox(1, 0.05, 0.28, 0.6, 0.40, "personal_privacy")
    redactions.save_boxes(
        actor=desk.clerk, case_id=case.pk, document_id=document.pk, boxes=[box], revision=revision, pages=1
    )


def names(case: Case) -> list[str]:
    return [one.name for one in documents.providable(case)]


def test_two_files_of_one_name_have_two_names(desk, tmp_path):
    with on(DAY):
        case = desk.registered(DAY)
        content = paper(tmp_path, "School No. 1")
        assert [add(desk, case, content).name for _ in range(3)] == ["名单.pdf", "名单（2）.pdf", "名单（3）.pdf"]
    assert documents.free_name("无后缀", {"无后缀"}) == "无后缀（2）"
    assert documents.free_name(".profile", {".profile"}) == ".profile（2）"


def test_personal_data_in_what_was_found_is_pointed_out_before_it_goes_anywhere(desk, tmp_path):
    with on(DAY):
        case = desk.registered(DAY)
        found, clean = add(desk, case, paper(tmp_path, *LINES)), add(desk, case, paper(tmp_path, "School No. 1"))
        run_tasks()
    found.refresh_from_db()
    clean.refresh_from_db()
    assert (found.layer["personal"], clean.layer["personal"]) == (1, 0)


def test_a_file_that_cannot_be_shown_as_pages_says_that_nobody_looked_into_it(desk, tmp_path, monkeypatch):
    def unreadable(*_, **__):
        raise Unreadable(Code.ENCRYPTED, "文件设有密码，请去除密码后重新上传。")

    monkeypatch.setattr("gongkai.documents.redaction.open_source", unreadable)
    with on(DAY):
        case = desk.registered(DAY)
        found = add(desk, case, paper(tmp_path, *LINES))
        run_tasks()
        page = signed_in(desk).get(reverse("office:case", args=[case.pk])).content.decode()
    found.refresh_from_db()
    assert "设有密码" in found.layer["unscreened"] and "personal" not in found.layer
    assert "没有能够检查个人信息" in page


def test_only_the_newest_redacted_copy_can_go_out_and_never_what_lies_under_it(desk, tmp_path):
    with on(DAY):
        case = desk.registered(DAY)
        document = add(desk, case, paper(tmp_path, *LINES))
        assert names(case) == ["名单.pdf"]
        hide(desk, case, document)
        assert names(case) == [], "what is to be hidden does not go out as it is"
        redactions.request_burn(actor=desk.clerk, case_id=case.pk, document_id=document.pk)
        run_tasks()
        assert names(case) == ["名单（部分公开）.pdf"]
        desk.drafted(case, {**DISCLOSED, "attachments": ["名单（部分公开）.pdf"]})
        hide(desk, case, document, revision=1)
        with pytest.raises(Refused) as refusal:
            desk.do(case, Event.SEND_FOR_REVIEW)
        assert refusal.value.codes == ("attachment_stale",)
        redactions.request_burn(actor=desk.clerk, case_id=case.pk, document_id=document.pk)
        run_tasks()
        assert names(case) == ["名单（部分公开，第2版）.pdf"]
        with pytest.raises(Refused) as refusal:
            desk.do(case, Event.SEND_FOR_REVIEW)
        assert refusal.value.codes == ("attachment",), "the copy that was chosen is not the newest any more"


def test_with_the_signature_the_applicant_may_have_what_was_chosen_and_nothing_else(desk, tmp_path):
    with on(DAY):
        case = desk.registered(DAY)
        content = paper(tmp_path, "School No. 1")
        chosen, other = add(desk, case, content), add(desk, case, content, "内部.pdf")
        desk.answered(case, {**DISCLOSED, "attachments": ["名单.pdf"]})
    chosen.refresh_from_db()
    other.refresh_from_db()
    assert (chosen.release, other.release) == ("applicant", "internal")


def test_a_document_taken_off_after_the_draft_stops_the_handing_on(desk, tmp_path):
    with on(DAY):
        case = desk.registered(DAY)
        document = add(desk, case, paper(tmp_path, "School No. 1"))
        desk.drafted(case, {**DISCLOSED, "attachments": ["名单.pdf"]})
        documents.take_off(actor=desk.clerk, case_id=case.pk, document_id=document.pk)
        with pytest.raises(Refused) as refusal:
            desk.do(case, Event.SEND_FOR_REVIEW)
    assert refusal.value.codes == ("attachment",)
