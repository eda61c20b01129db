"""The gate: nothing serious goes out unseen; it is mended, cleared away, or left by a second person who says why.

《保密法实施条例》§42 (先审查、后公开, 逐项), 《个人信息保护法》§25, §28.
"""

import io

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone
from docx import Document
from tests import factories
from tests.text.inspection.makers import paragraph, part, run, said, word

from gongkai.audit.models import AuditRecord
from gongkai.disclosure import actions, findings, public
from gongkai.disclosure.models import Attachment, Item
from gongkai.disclosure.tasks import check_edition
from gongkai.disclosure.worklist import worklist
from gongkai.files.store import store
from gongkai.review import records
from gongkai.review.models import FileExamination, RecordedFinding, SecrecyReview
from gongkai.rules.access import Role
from gongkai.rules.publication import State
from gongkai.rules.reasons import Refused
from gongkai.search.models import OutboxEntry
from gongkai.workflow.engine import NotVisible

pytestmark = pytest.mark.django_db
MOBILE = "13900001234"
BODY = "<p>各单位：</p><p>名单核对请联系李某，手机 <strong>139</strong>00001234。</p>"


@pytest.fixture
def desk():
    from tests.disclosure.test_lifecycle import Desk

    return Desk()


def _open(item: Item, *, serious: bool = True) -> list[RecordedFinding]:
    item.refresh_from_db()
    edition = item.working_id or item.current_id
    return list(RecordedFinding.objects.filter(edition_id=edition, state="open", serious=serious))


def _submitted(desk, **values) -> Item:
    item = desk.draft(**values)
    actions.submit(actor=desk.clerk, item_id=item.pk)
    return item


def test_a_mobile_number_stops_the_review_until_it_is_masked_by_one_click(desk):
    item = _submitted(desk, body=BODY)
    with pytest.raises(Refused, match="必须处理"):
        actions.approve(actor=desk.reviewer, item_id=item.pk, secrecy_basis="可以公开")
    [finding] = _open(item)
    assert (finding.rule, finding.text, finding.part) == ("personal-data.mobile", MOBILE, "body")
    actions.send_back(actor=desk.reviewer, item_id=item.pk, remark="请隐去手机号码")
    assert "139****1234" in findings.mend(actor=desk.clerk, item_id=item.pk, finding_id=finding.pk)
    item.refresh_from_db()
    assert "<strong>139****1234</strong>" in item.working.body and not _open(item)
    actions.submit(actor=desk.clerk, item_id=item.pk)
    actions.approve(actor=desk.reviewer, item_id=item.pk, secrecy_basis="可以公开")
    actions.sign(actor=desk.signer, item_id=item.pk)
    item.refresh_from_db()
    assert item.state == State.PUBLISHED and MOBILE not in item.current.body_text
    assert AuditRecord.objects.filter(action="item.finding-mend", object_id=str(item.pk)).count() == 1


def test_what_comes_back_after_it_was_mended_is_open_again(desk):
    item = _submitted(desk, body=BODY)
    [finding] = _open(item)
    actions.send_back(actor=desk.reviewer, item_id=item.pk, remark="请修改")
    actions.save_draft(actor=desk.clerk, item_id=item.pk, values={"body": "<p>已删除。</p>"})
    check_edition.func(item.working_id)
    finding.refresh_from_db()
    assert finding.state == "mended"
    actions.save_draft(actor=desk.clerk, item_id=item.pk, values={"body": f"<p>又写上 {MOBILE}</p>"})
    check_edition.func(item.working_id)
    finding.refresh_from_db()
    assert finding.state == "open"


@pytest.mark.parametrize(
    ("who", "reason", "code"),
    [
        ("clerk", "该号码为对外公布的值班电话", "role"),  # a clerk has no such power
        ("author_and_reviewer", "该号码为对外公布的值班电话", "second_person"),  # nor has the writer, whatever the role
        ("reviewer", "无", "reason"),  # a second person has to say something
        ("reviewer", "   ", "reason"),
    ],
)
def test_a_serious_finding_is_not_set_aside(desk, who, reason, code):
    item = _submitted(desk, body=BODY)
    [finding] = _open(item)
    actor = desk.reviewer if who == "reviewer" else desk.clerk
    if who == "author_and_reviewer":
        actor = type(actor)(actor.user_id, actor.name, {desk.body.pk: frozenset({Role.CLERK, Role.REVIEWER})})
    with pytest.raises(Refused) as refusal:
        findings.set_aside(actor=actor, item_id=item.pk, finding_id=finding.pk, reason=reason)
    assert code in refusal.value.codes
    assert _open(item) == [finding]


def test_a_second_person_sets_a_serious_finding_aside_and_the_log_says_why(desk):
    item = _submitted(desk, body=BODY)
    [finding] = _open(item)
    reason = "该号码为防汛值班手机，依法对外公布"
    findings.set_aside(actor=desk.reviewer, item_id=item.pk, finding_id=finding.pk, reason=reason)
    actions.approve(actor=desk.reviewer, item_id=item.pk, secrecy_basis="可以公开")
    actions.sign(actor=desk.signer, item_id=item.pk)
    item.refresh_from_db()
    assert item.state == State.PUBLISHED
    logged = AuditRecord.objects.get(action="item.finding-override")
    assert (logged.actor_id, logged.detail["justification"]) == (desk.reviewer.user_id, reason)

    actions.correct(actor=desk.clerk, item_id=item.pk, change_note="更正日期")
    actions.submit(actor=desk.clerk, item_id=item.pk)
    assert not _open(item), "the same words need no second decision in the next edition"


def test_a_warning_stops_nothing(desk):
    item = _submitted(desk, body="<p>请拨打邻居家座机0558-5123456转告。</p>")
    assert [one.rule for one in _open(item, serious=False) if one.part == "body"] == ["personal-data.landline"]
    actions.approve(actor=desk.reviewer, item_id=item.pk, secrecy_basis="可以公开")
    actions.sign(actor=desk.signer, item_id=item.pk)
    item.refresh_from_db()
    assert item.state == State.PUBLISHED


def _with_comment(tmp_path) -> io.BytesIO:
    remark = '<w:comment w:id="1" w:author="示例">' + said("此人与局长有亲属关系") + "</w:comment>"
    body = paragraph(run("公示名单见附表。"), '<w:r><w:commentReference w:id="1"/></w:r>')
    path = word(tmp_path / "名单.docx", body, part("comments.xml", "comments", "comments", remark))
    return io.BytesIO(path.read_bytes())


def test_a_remark_in_a_word_file_is_found_and_the_public_gets_a_copy_without_it(desk, tmp_path):
    item = desk.draft()
    attachment = actions.attach(actor=desk.clerk, item_id=item.pk, name="名单.docx", stream=_with_comment(tmp_path))
    actions.submit(actor=desk.clerk, item_id=item.pk)
    [finding] = _open(item)
    assert (finding.rule, finding.part_label) == ("file.comments", "附件“名单.docx”")
    findings.mend(actor=desk.clerk, item_id=item.pk, finding_id=finding.pk)
    actions.approve(actor=desk.reviewer, item_id=item.pk, secrecy_basis="可以公开")
    actions.sign(actor=desk.signer, item_id=item.pk)
    attachment.refresh_from_db()
    given = public.download(item.pk, attachment.pk)
    assert given is not None and given.name == "名单.docx"
    with (
        default_storage.open(given.storage_name, "rb") as copy,
        default_storage.open(attachment.file.storage_name, "rb") as kept,
    ):
        copied, original = copy.read(), kept.read()
    assert "亲属关系" in _whole(original) and "亲属关系" not in _whole(copied)
    assert [paragraph.text for paragraph in Document(io.BytesIO(copied)).paragraphs] == ["公示名单见附表。"]


def _whole(content: bytes) -> str:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return "".join(package.read(name).decode("utf-8", "replace") for name in package.namelist())


def test_each_part_is_cleared_by_the_secrecy_review_and_recorded(desk):
    item = desk.draft()
    file = io.BytesIO("公开内容".encode())
    actions.attach(actor=desk.clerk, item_id=item.pk, name="附件.txt", stream=file)
    actions.submit(actor=desk.clerk, item_id=item.pk)
    with pytest.raises(Refused, match=r"附件“附件\.txt”"):
        actions.approve(actor=desk.reviewer, item_id=item.pk, secrecy_basis="不涉密", cleared=["body"])
    assert not SecrecyReview.objects.exists(), "a review that was refused leaves no record"
    actions.approve(actor=desk.reviewer, item_id=item.pk, secrecy_basis="不涉密，可以公开")
    reviews = SecrecyReview.objects.values_list("part_label", "cleared", "basis", "reviewer_name")
    assert list(reviews) == [
        ("标题和正文", True, "不涉密，可以公开", desk.reviewer.name),
        ("附件“附件.txt”", True, "不涉密，可以公开", desk.reviewer.name),
    ]


def test_a_review_that_leaves_a_part_out_is_not_helped_by_an_earlier_one(desk):
    item = _submitted(desk)
    actions.approve(actor=desk.reviewer, item_id=item.pk, secrecy_basis="不涉密，可以公开")
    actions.send_back(actor=desk.signer, item_id=item.pk, remark="请再核对")
    actions.submit(actor=desk.clerk, item_id=item.pk)
    with pytest.raises(Refused, match="标题和正文"):
        actions.approve(actor=desk.reviewer, item_id=item.pk, secrecy_basis="不涉密", cleared=[])


@pytest.mark.parametrize(
    ("values", "part"),
    [
        ({"summary": f"咨询李某，手机{MOBILE}。"}, "summary"),  # stands on the page as much as the body does
        ({"details": {"notice_period": f"公示期5天，联系{MOBILE}"}}, "details"),
        ({"title": f"关于联系{MOBILE}的通知"}, "title"),
    ],
)
def test_what_the_page_says_beside_the_body_is_checked_too(desk, values, part):
    item = _submitted(desk, **values)
    assert [(one.rule, one.part) for one in _open(item)] == [("personal-data.mobile", part)]


def test_a_note_of_a_correction_is_checked_before_the_public_reads_it(desk):
    item = desk.published()
    actions.correct(actor=desk.clerk, item_id=item.pk, change_note=f"更正李某的手机{MOBILE}")
    actions.submit(actor=desk.clerk, item_id=item.pk)
    assert [one.part for one in _open(item)] == ["change_note"]


def test_a_scan_nobody_has_read_yet_is_set_aside_by_nobody(desk):
    from tests.disclosure.test_scanned_attachments import picture

    item = desk.draft()
    actions.attach(actor=desk.clerk, item_id=item.pk, name="扫描件.png", stream=picture("公示"))
    actions.submit(actor=desk.clerk, item_id=item.pk)
    [finding] = _open(item)
    assert finding.rule == "file.not-examined"
    with pytest.raises(Refused) as refusal:
        findings.set_aside(actor=desk.reviewer, item_id=item.pk, finding_id=finding.pk, reason="情况紧急，先行发布")
    assert refusal.value.codes == ("not_examined",)


def test_nothing_is_called_cleared_away_of_a_file_that_has_no_clean_copy(desk, tmp_path):
    item = desk.draft()
    actions.attach(actor=desk.clerk, item_id=item.pk, name="名单.docx", stream=_with_comment(tmp_path))
    actions.submit(actor=desk.clerk, item_id=item.pk)
    [finding] = _open(item)
    FileExamination.objects.update(public_file=None)
    with pytest.raises(Refused, match="另存"):
        findings.mend(actor=desk.clerk, item_id=item.pk, finding_id=finding.pk)
    assert _open(item) == [finding]


def test_of_a_list_with_hundreds_of_numbers_the_first_are_kept_and_the_rest_is_counted(desk):
    numbers = "".join(f"<p>第{n}户139{n:08d}</p>" for n in range(records.MOST + 50))
    item = _submitted(desk, body=numbers)
    kept = _open(item)
    assert len(kept) == records.MOST + 1
    assert [one.message for one in kept if not one.text] == [
        f"同类问题共 {records.MOST + 50} 处，只列出前 {records.MOST} 处；请整体处理后重新上传或者保存。"
    ]


def test_the_copy_a_rescan_makes_is_found_by_search_and_written_down(desk, tmp_path):
    item = factories.published(desk.body)
    file = store("名单.docx", _with_comment(tmp_path))
    attachment = Attachment.objects.create(edition=item.current, file=file, name="名单.docx", title="名单.docx")
    OutboxEntry.objects.all().delete()
    call_command("rescan", "--quiet")
    attachment.refresh_from_db()
    assert attachment.public_file_id not in (None, file.pk)
    assert list(OutboxEntry.objects.values_list("item_id", flat=True)) == [item.pk]
    assert AuditRecord.objects.filter(action="item.public-copies", object_id=str(item.pk)).count() == 1


def test_a_foreign_finding_is_not_there(desk):
    ours, other = _submitted(desk, body=BODY), _submitted(desk, body=BODY)
    [finding] = _open(other)
    with pytest.raises(NotVisible):
        findings.mend(actor=desk.clerk, item_id=ours.pk, finding_id=finding.pk)


def test_a_remedy_for_words_that_have_changed_is_refused(desk):
    item = _submitted(desk, body=BODY)
    [finding] = _open(item)
    actions.send_back(actor=desk.reviewer, item_id=item.pk, remark="请修改")
    actions.save_draft(actor=desk.clerk, item_id=item.pk, values={"body": "<p>另写。</p>"})
    with pytest.raises(Refused, match="重新检查"):
        findings.mend(actor=desk.clerk, item_id=item.pk, finding_id=finding.pk)


def test_a_second_item_of_the_same_title_is_pointed_out(desk):
    first = desk.published()
    again = _submitted(desk, title=first.current.title)
    [finding] = [one for one in _open(again, serious=False) if one.rule == "title.duplicate"]
    assert first.index_number in finding.message


def test_rescan_puts_what_was_published_before_the_gate_on_the_worklist_of_its_body(desk, capsys):
    item = factories.published(desk.body, body=BODY)
    clean = factories.published(desk.body)
    call_command("rescan", "--quiet")
    assert "已检查 2 件，1 件有待处理的严重问题（共 1 处）" in capsys.readouterr().out
    groups = {group.type.code: group for group in worklist(desk.clerk, timezone.now())}
    assert [task.item_id for task in groups["findings"].tasks] == [item.pk] != [clean.pk]
    call_command("rescan", "--quiet")
    assert len(_open(item)) == 1, "a second run adds nothing"


def test_the_command_says_where_in_which_file(tmp_path, capsys):
    import json

    path = tmp_path / "名单.txt"
    path.write_text(f"联系人电话：{MOBILE}", encoding="utf-8")
    with pytest.raises(SystemExit):
        call_command("check", str(path), "--json")
    [row] = [one for one in json.loads(capsys.readouterr().out) if one["rule"] == "personal-data.mobile"]
    assert (row["file"], row["text"], row["severity"]) == (str(path), MOBILE, "serious")
    assert row["end"] - row["start"] == len(MOBILE)


def test_names_of_our_own_bodies_are_no_typos_and_are_missed_where_they_are_one_character_off():
    body = factories.body("测试区双沟镇人民政府", short_name="双沟镇")
    clerk = factories.actor(body, Role.CLERK)
    text = "<p>双沟镇负责落实，材料报测试区双勾镇人民政府。</p>"
    item = actions.create_item(actor=clerk, organisation_id=body.pk, kind="notice", values=factories.values(body=text))
    findings.recheck(actor=clerk, item_id=item.pk)
    wording = [
        (one.rule, one.text, one.replacement)
        for one in RecordedFinding.objects.filter(edition_id=item.working_id)
        if one.rule.startswith("wording.") and one.part == "body"
    ]
    assert wording == [("wording.official-name", "测试区双勾镇人民政府", "测试区双沟镇人民政府")]


def test_a_number_that_was_taken_out_of_the_text_is_not_kept_with_its_finding():
    body = factories.body()
    clerk = factories.actor(body, Role.CLERK)
    number = "110105190101010017"
    item = actions.create_item(
        actor=clerk, organisation_id=body.pk, kind="notice", values=factories.values(body=f"<p>证号{number}。</p>")
    )
    findings.recheck(actor=clerk, item_id=item.pk)
    found = RecordedFinding.objects.get(edition_id=item.working_id, text=number)
    findings.mend(actor=clerk, item_id=item.pk, finding_id=found.pk)
    found.refresh_from_db()
    assert (found.state, found.text) == ("mended", "110105********0017")
    assert number not in str(RecordedFinding.objects.filter(edition_id=item.working_id).values_list())
    actions.save_draft(actor=clerk, item_id=item.pk, values={"body": f"<p>证号{number}。</p>"})
    findings.recheck(actor=clerk, item_id=item.pk)
    found.refresh_from_db()
    assert (found.state, found.text) == ("open", number), "and is found again when it comes back"
