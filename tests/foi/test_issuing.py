"""Letters with their events: numbered once, frozen, and with a transfer made by the body that lets the case go."""

from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest

from gongkai.documents import to_text
from gongkai.documents.__main__ import document_from
from gongkai.foi import archive, issuing
from gongkai.foi.models import BodySettings, Case, Letter
from gongkai.organisations.actors import NotVisible
from gongkai.rules.access import Role
from gongkai.rules.case_events import CaseEvent as Event
from gongkai.rules.reasons import Refused
from tests import factories
from tests.foi.makers import DISCLOSED, Desk, on

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 2)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def text_of(letter: Letter) -> str:
    return to_text(document_from(letter.content))


def test_numbers_of_a_series_run_on_and_each_letter_has_its_own(desk):
    with on(DAY):
        for _ in range(3):
            desk.answered(desk.registered(DAY))
    answers = Letter.objects.filter(type="disclosed").order_by("pk").values_list("number", flat=True)
    assert list(answers) == [f"谯测公复〔2026〕{number}号" for number in (1, 2, 3)]
    receipts = Letter.objects.filter(type="receipt_notice").order_by("pk").values_list("number", flat=True)
    assert list(receipts) == [f"谯测公告知〔2026〕{number}号" for number in (1, 2, 3)]


def test_what_was_issued_stays_as_it_went_out(desk):
    with on(DAY):
        case = desk.registered(DAY)
        desk.answered(case)
    letter = Letter.objects.get(case=case, type="disclosed")
    before = text_of(letter)
    BodySettings.objects.update(mark="改测", reconsideration_organ="示例机关")
    desk.body.name = "改名后的机关"
    desk.body.save()
    Case.objects.filter(pk=case.pk).update(title="改过的名称")
    letter.refresh_from_db()
    assert text_of(letter) == before
    assert issuing.digest_of(letter.content) == letter.digest


def test_the_locked_words_come_from_the_law_and_not_from_the_clerk(desk):
    with on(DAY):
        case = desk.registered(DAY)
        desk.answered(case, {**DISCLOSED, "content": "如不服，请勿申请行政复议。"})
    text = text_of(Letter.objects.get(case=case, type="disclosed"))
    assert "可以自收到本答复之日起60日内" in text and "6个月内" in text


def test_no_letter_no_event(desk, monkeypatch):
    """A letter that cannot be made takes its event back with it."""
    with on(DAY):
        case = desk.registered(DAY)
        desk.drafted(case)
        desk.do(case, Event.SEND_FOR_REVIEW)
        desk.do(case, Event.APPROVE, by=desk.reviewer)
        events, letters = case.events.count(), Letter.objects.count()

        def fails(*_):
            raise RuntimeError("no letter")

        monkeypatch.setattr(issuing, "_keep", fails)
        with pytest.raises(RuntimeError):
            desk.do(case, Event.SIGN, by=desk.signer)
    case.refresh_from_db()
    assert (case.state, case.events.count(), Letter.objects.count()) == ("awaiting_sign_off", events, letters)


def test_a_transfer_tells_the_applicant_in_the_name_of_the_body_that_had_the_case(desk):
    other = Desk(factories.body("测试区民政局"))
    with on(DAY):
        case = desk.registered(DAY)
        desk.do(
            case, Event.TRANSFER, body=other.body.pk, reason="该信息由区民政局制作", consent="3月2日电话征得申请人同意"
        )
        letter = Letter.objects.get(case=case, type="transfer_notice")
        text = text_of(letter)
        assert desk.body.name in text and "测试区民政局" in text and letter.number.startswith("谯测")
        assert (case.organisation_id, case.state, case.number) == (other.body.pk, "awaiting_registration", "")
        other.do(case, Event.REGISTER)
        assert case.number and case.state == "in_progress"
        with pytest.raises(Refused):
            desk.do(case, Event.DRAFT, decision=DISCLOSED)


def test_a_case_that_nobody_registered_is_transferred_under_its_tracking_number(desk):
    other = factories.body("测试区民政局")
    with on(DAY):
        case = desk.online()
        desk.do(case, Event.TRANSFER, body=other.pk, reason="该信息由区民政局制作", consent="电话征得同意")
    assert case.submission.tracking_number in text_of(Letter.objects.get(type="transfer_notice"))


# --- archive -----------------------------------------------------------------------------------------------------------
def packed(desk: Desk, case: Case, **more) -> ZipFile:
    target = BytesIO()
    letters = [("答复书.pdf", b"%PDF-1.7 example")]
    archive.pack(actor=more.get("actor", desk.clerk), case_id=case.pk, target=target, letters=lambda _: letters)
    return ZipFile(target)


def test_the_archive_pack_holds_everything_and_its_list_proves_it(desk):
    with on(DAY):
        case = desk.registered(DAY)
        with pytest.raises(Refused) as refusal:
            packed(desk, case)
        assert refusal.value.codes == ("open",)
        desk.answered(case)
        pack = packed(desk, case)
    names = pack.namelist()
    assert [name[3:] for name in names] == ["申请内容.json", "办理记录.csv", "答复书.pdf", "卷内目录.csv"]
    listed = pack.read("00-卷内目录.csv").decode()
    last = case.events.order_by("-seq")[0]
    assert last.hash in listed and all(name in listed for name in names if name != "00-卷内目录.csv")
    assert "11010519000101001X" not in "".join(pack.read(name).decode(errors="replace") for name in names)


def test_the_archive_pack_is_for_those_who_handle_the_case(desk):
    with on(DAY):
        case = desk.registered(DAY)
        desk.answered(case)
        with pytest.raises(NotVisible):
            packed(desk, case, actor=factories.actor(factories.body(), Role.CLERK))
        with pytest.raises(Refused) as refusal:
            packed(desk, case, actor=factories.actor(desk.body, Role.LEGALITY_REVIEWER))
    assert refusal.value.codes == ("role",)
