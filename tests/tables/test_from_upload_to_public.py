"""A subsidy list from the upload to the public: masked, checked, remembered, published and withdrawn with its edition."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone
from openpyxl import load_workbook

from gongkai.audit.models import AuditRecord
from gongkai.disclosure import actions, public, versions
from gongkai.disclosure import tables as table_actions
from gongkai.disclosure.models import Item
from gongkai.jobs import doctor
from gongkai.organisations.actors import SYSTEM
from gongkai.review.models import SecrecyReview
from gongkai.rules.access import Role
from gongkai.rules.reasons import Refused
from gongkai.tables import downloads, leftovers, preparing, records
from gongkai.tables import public as tables
from gongkai.tables.models import EditionTable, PublicTable, RememberedColumns, TableRow, TableTerm, TableUpload
from gongkai.workflow.engine import NotVisible
from tests import factories
from tests.disclosure.test_lifecycle import Desk
from tests.tables.makers import accepted, checked, uploaded, workbook
from tests.text.tables.makers import HEADS, identity, record

pytestmark = pytest.mark.django_db
ACCOUNT = "6217000000000000004"


@pytest.fixture
def desk(settings, tmp_path) -> Desk:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.STORAGES["default"], "OPTIONS": {"location": str(tmp_path)}},
    }
    return Desk()


@pytest.fixture
def item(desk: Desk) -> Item:
    return actions.create_item(
        actor=desk.clerk, organisation_id=desk.body.pk, kind="benefit_subsidy", values={"title": "2026年补贴发放情况"}
    )


def stored_files() -> list[str]:
    folders, names = default_storage.listdir("sealed") if default_storage.exists("sealed") else ([], [])
    return sorted([*folders, *names])


def everything_in_the_database() -> str:
    """All that the tables of the subsidy tables and of the audit log hold, as one text."""
    kept = []
    for model in (PublicTable, TableRow, TableTerm, TableUpload, RememberedColumns, AuditRecord):
        kept.append(json.dumps(list(model.objects.values()), ensure_ascii=False, default=str))
    return "".join(kept)


# --- the way in ------------------------------------------------------------------------------------------------------------
def test_an_upload_is_read_and_its_columns_are_proposed(desk, item):
    upload = uploaded(desk.clerk, item, [record(1)])
    assert (upload.state, upload.sheet, upload.header_row, upload.header_depth) == ("mapping", "发放表", 2, 1)
    assert [column.name for column in preparing.head_of(upload)] == list(HEADS)


def test_rows_are_masked_totalled_and_kept_in_order(desk, item):
    upload = checked(desk.clerk, item, [record(1), record(2, name="张三", area=1, amount=100)])
    assert (upload.state, upload.errors, upload.warnings, upload.row_count) == ("checked", 0, 0, 2)
    table = table_actions.accept(actor=desk.clerk, item_id=item.pk)
    first, second = table.rows.order_by("position")
    number = identity(1)
    assert first.cells == [
        "华佗镇", "大李村", "1组", "欧阳大山", f"{number[:6]}********{number[-4:]}", "***************0004", "100.00", "2.5", "250.00",
    ]  # fmt: skip
    assert (first.amount, first.quantity) == (25_000, 25_000)
    assert first.name < second.name, "ouyang before zhang"
    assert table.totals == {"area": "3.5", "amount": "350.00"}
    assert table.title == "2026年补贴明细表"


def test_nothing_personal_of_the_file_reaches_the_database(desk, item):
    """The file has identity numbers, accounts and telephones; neither a table nor a problem nor the audit log repeats them."""
    wrong = identity(3)[:17] + ("1" if identity(3)[17] != "1" else "2")
    rows = [record(1), record(2, identity=identity(1)), record(3, identity=wrong), record(4, remark="电话13900001234")]
    checked(desk.clerk, item, rows)
    kept = everything_in_the_database()
    for secret in (identity(1), identity(4), wrong, ACCOUNT, "13900001234"):
        assert secret not in kept
    upload = TableUpload.objects.get()
    with default_storage.open(upload.problem_file, "rb") as file:
        problems = file.read().decode()
    assert wrong not in problems and "校验码不符" in problems


def test_errors_stop_the_table_and_are_all_in_the_list(desk, item):
    rows = [record(number, amount="") for number in range(1, 301)]
    upload = checked(desk.clerk, item, rows)
    assert (upload.errors, upload.table, len(upload.problems)) == (300, None, preparing.SHOWN_PROBLEMS)
    with default_storage.open(upload.problem_file, "rb") as file:
        listed = list(csv.reader(io.StringIO(file.read().decode("utf-8-sig"))))
    assert listed[0] == list(preparing.PROBLEM_HEADS)
    assert listed[1][:5] == ["发放表", "3", "J", "金额", "必须改正"] and len(listed) == 301
    with pytest.raises(Refused, match="300 处必须改正"):
        table_actions.accept(actor=desk.clerk, item_id=item.pk, warnings_seen=True)
    assert not TableRow.objects.exists()


def test_warnings_must_be_looked_at(desk, item):
    checked(desk.clerk, item, [record(1), record(2, identity=identity(1))])
    with pytest.raises(Refused) as refusal:
        table_actions.accept(actor=desk.clerk, item_id=item.pk)
    assert refusal.value.codes == ("table_warnings",)
    table_actions.accept(actor=desk.clerk, item_id=item.pk, warnings_seen=True)
    assert AuditRecord.objects.get(action="item.table-accept").detail["warnings"] == 1


MISUSED = [
    ({"sheet": "没有"}, {"table_sheet", "table_head"}, "another sheet"),
    ({"header": (3, 1)}, "table_head", "a record taken for the head"),
    ({"header": (9, 1)}, "table_head", "an empty row"),
    ({"mapping": {4: "name", 5: "identity", 8: "area"}}, "table_column", "no amount"),
    ({"mapping": {4: "name", 5: "identity", 8: "area", 9: "amount", 7: "amount"}}, "table_column", "amount twice"),
    ({"mapping": {4: "name", 5: "identity", 8: "area", 9: "amount", 7: "machine_class"}}, "table_column", "of another kind"),
    ({"exposure": {"identity": "shown"}}, "table_exposure", "laxer than the rules"),
    ({"exposure": {"amount": "masked"}}, "table_exposure", "no mask"),
    ({"exposure": {"nothing": "hidden"}}, "table_exposure", "no such column"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "code", "reason"), MISUSED, ids=[case[-1] for case in MISUSED])
def test_columns_that_cannot_be_are_refused(desk, item, change, code, reason):
    upload = uploaded(desk.clerk, item, [record(1)])
    right = {
        "sheet": upload.sheet,
        "header": (2, 1),
        "mapping": {4: "name", 5: "identity", 8: "area", 9: "amount"},
        "exposure": {},
    }
    with pytest.raises(Refused) as refusal:
        table_actions.choose_columns(actor=desk.clerk, item_id=item.pk, **{**right, **change})
    assert set(refusal.value.codes) == ({code} if isinstance(code, str) else code), reason


def test_a_stricter_choice_is_kept_and_remembered(desk, item):
    upload = checked(desk.clerk, item, [record(1)], exposure={"name": "masked", "account": "hidden"})
    table = table_actions.accept(actor=desk.clerk, item_id=item.pk)
    assert table.rows.get().cells[3] == "欧阳**"
    assert "account" not in [column["code"] for column in table.columns]
    assert records.remembered(upload.organisation_id, "land_fertility").exposure == {
        "name": "masked",
        "account": "hidden",
    }


def test_the_next_file_of_the_body_is_mapped_as_the_last_one_and_those_of_others_are_not(desk, item):
    heads = ["序号", "镇", "村", "组", "户头", "证件", "卡", "标准", "地亩", "打款", "备注"]
    upload = uploaded(desk.clerk, item, [record(1)], heads=heads)
    mapping = {4: "name", 5: "identity", 8: "area", 9: "amount"}
    table_actions.choose_columns(
        actor=desk.clerk, item_id=item.pk, sheet=upload.sheet, header=(2, 1), mapping=mapping, exposure={}
    )
    upload.refresh_from_db()
    preparing.check(upload.pk, upload.token)
    table_actions.accept(actor=desk.clerk, item_id=item.pk)
    names = records.remembered(desk.body.pk, "land_fertility").names
    assert (names["户头"], names["打款"], names["镇"]) == ("name", "amount", "")
    assert records.remembered(desk.body.pk, "subsistence").names == {}
    assert records.remembered(factories.body().pk, "land_fertility").names == {}


BAD_FILES = [
    ("空.xlsx", b"", "空"),
    ("表.xlsx", b"no workbook at all", "内容却是"),
    ("表.pdf", b"%PDF-1.4\n%%EOF", "PDF"),
    ("表.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"W\0o\0r\0k\0b\0o\0o\0k\0\0\0" * 40, "xls"),
]


@pytest.mark.parametrize(("name", "content", "message"), BAD_FILES, ids=[case[0] for case in BAD_FILES])
def test_what_is_no_table_is_refused_with_the_remedy_and_not_kept(desk, item, name, content, message):
    with pytest.raises(Refused, match=message):
        table_actions.upload(actor=desk.clerk, item_id=item.pk, kind="other", name=name, stream=io.BytesIO(content))
    assert stored_files() == [] and not TableUpload.objects.exists()


def test_a_file_that_breaks_while_it_is_read_says_so_on_its_page(desk, item):
    data = bytearray(workbook([record(1)]).getvalue())
    place = data.index(b"xl/worksheets/sheet1.xml") + 60
    data[place : place + 40] = b"\0" * 40
    begun = table_actions.upload(
        actor=desk.clerk, item_id=item.pk, kind="other", name="表.xlsx", stream=io.BytesIO(bytes(data))
    )
    preparing.read(begun.pk, begun.token)
    begun.refresh_from_db()
    assert begun.state == "failed" and "已损坏" in begun.failure


def test_a_fault_of_ours_is_logged_and_said_to_be_ours(desk, item, monkeypatch, caplog):
    upload = uploaded(desk.clerk, item, [record(1)])
    monkeypatch.setattr(preparing, "find_head", lambda *_: 1 / 0)
    TableUpload.objects.filter(pk=upload.pk).update(state="reading")
    preparing.read(upload.pk, upload.token)
    upload.refresh_from_db()
    assert upload.state == "failed" and "系统" in upload.failure and "ZeroDivisionError" in caplog.text


# --- again, twice, half ------------------------------------------------------------------------------------------------------
def test_a_check_that_died_half_way_leaves_nothing_and_is_done_again(desk, item, monkeypatch):
    """The task is killed after its first step of rows was committed; run again it gives the whole table once."""
    monkeypatch.setattr(preparing, "STEP", 10)
    rows = [record(number) for number in range(1, 41)]
    create, calls = TableRow.objects.bulk_create, []

    def dying(made, **more):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt  # as SIGKILL: nothing of ours runs afterwards
        return create(made, **more)

    upload = uploaded(desk.clerk, item, rows)
    mapping = {3: "group", 4: "name", 5: "identity", 8: "area", 9: "amount"}
    table_actions.choose_columns(
        actor=desk.clerk, item_id=item.pk, sheet=upload.sheet, header=(2, 1), mapping=mapping, exposure={}
    )
    upload.refresh_from_db()
    monkeypatch.setattr(
        type(TableRow.objects),
        "bulk_create",
        lambda self, made, **more: (
            dying(made, **more) if self.model is TableRow else create.__func__(self, made, **more)
        ),
    )
    with pytest.raises(KeyboardInterrupt):
        preparing.check(upload.pk, upload.token)
    upload.refresh_from_db()
    half = upload.table_id
    assert upload.state == "checking" and TableRow.objects.filter(table_id=half).count() == 20
    with pytest.raises(Refused, match="还没有检查完"):
        table_actions.accept(actor=desk.clerk, item_id=item.pk, warnings_seen=True)
    assert public.document(item.pk, 1) is None
    monkeypatch.undo()
    preparing.check(upload.pk, upload.token)
    upload.refresh_from_db()
    assert upload.state == "checked" and upload.table_id != half
    assert list(TableRow.objects.values_list("position", flat=True)) == list(range(1, 41))
    assert PublicTable.objects.count() == 1


def test_running_the_task_again_or_for_an_older_request_changes_nothing(desk, item):
    upload = checked(desk.clerk, item, [record(1)])
    before = TableUpload.objects.values().get(), TableRow.objects.values().get()
    preparing.check(upload.pk, upload.token)
    preparing.check(upload.pk, "another")
    preparing.read(upload.pk, upload.token)
    after = TableUpload.objects.values().get(), TableRow.objects.values().get()
    assert {**before[0], "run": "", "updated_at": ""} == {**after[0], "run": "", "updated_at": ""}
    assert before[1] == after[1]


def test_a_run_that_was_overtaken_stops_and_writes_nothing(desk, item, monkeypatch):
    upload = uploaded(desk.clerk, item, [record(number) for number in range(1, 31)])
    mapping = {4: "name", 5: "identity", 8: "area", 9: "amount"}
    choose = {"actor": desk.clerk, "item_id": item.pk, "sheet": upload.sheet, "header": (2, 1), "exposure": {}}
    table_actions.choose_columns(**choose, mapping=mapping)
    upload.refresh_from_db()
    first = preparing._first_pass

    def overtaken(*arguments):
        outcome = first(*arguments)
        table_actions.choose_columns(**choose, mapping={**mapping, 3: "group"})
        return outcome

    monkeypatch.setattr(preparing, "_first_pass", overtaken)
    preparing.check(upload.pk, upload.token)
    monkeypatch.undo()
    upload.refresh_from_db()
    assert upload.state == "checking" and not PublicTable.objects.exists()
    preparing.check(upload.pk, upload.token)
    upload.refresh_from_db()
    assert upload.state == "checked" and upload.table.columns[0]["code"] == "group"


def test_a_new_upload_replaces_the_one_under_way_with_its_files(desk, item, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        checked(desk.clerk, item, [record(1), record(1)])
    first = set(stored_files())
    with django_capture_on_commit_callbacks(execute=True):
        uploaded(desk.clerk, item, [record(2)])
    assert not first & set(stored_files())
    assert TableUpload.objects.count() == 1 and not PublicTable.objects.exists() and not TableRow.objects.exists()


def test_giving_up_deletes_everything_the_upload_brought(desk, item, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        checked(desk.clerk, item, [record(1), record(1)])
    with django_capture_on_commit_callbacks(execute=True):
        table_actions.abandon(actor=desk.clerk, item_id=item.pk)
    assert stored_files() == [] and not TableRow.objects.exists()
    assert default_storage.listdir("tables")[1] == []


# --- with its edition --------------------------------------------------------------------------------------------------------
def publish(desk: Desk, item: Item) -> None:
    actions.submit(actor=desk.clerk, item_id=item.pk)
    actions.approve(actor=desk.reviewer, item_id=item.pk, secrecy_basis="不涉密，可以公开")
    actions.sign(actor=desk.signer, item_id=item.pk)
    item.refresh_from_db()


def test_an_item_needs_no_text_when_it_has_a_table(desk, item):
    with pytest.raises(Refused, match="正文或者附件"):
        actions.submit(actor=desk.clerk, item_id=item.pk)
    accepted(desk.clerk, item)
    publish(desk, item)
    assert public.item_page(item.pk).table_id == EditionTable.objects.get().table_id


def test_the_table_is_a_part_of_the_secrecy_review(desk, item):
    table = accepted(desk.clerk, item)
    actions.submit(actor=desk.clerk, item_id=item.pk)
    with pytest.raises(Refused, match="补贴表“2026年补贴明细表”"):
        actions.approve(actor=desk.reviewer, item_id=item.pk, secrecy_basis="可以公开", cleared=["body"])
    actions.approve(actor=desk.reviewer, item_id=item.pk, secrecy_basis="可以公开")
    assert SecrecyReview.objects.get(part=f"table:{table.pk}").digest == table.digest


def test_an_upload_does_not_outlive_the_draft_it_was_meant_for(desk, item, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        accepted(desk.clerk, item)
        kept = stored_files()
        uploaded(desk.clerk, item, [record(1)])
    with django_capture_on_commit_callbacks(execute=True):
        publish(desk, item)
    assert not TableUpload.objects.exists() and len(stored_files()) == 1 and set(stored_files()) <= set(kept)


def test_uploads_nobody_went_on_with_and_files_nobody_knows_are_removed(desk, item, django_capture_on_commit_callbacks):
    checked(desk.clerk, item, [record(1)])
    lost = default_storage.save("sealed/lost.xlsx", ContentFile(b"x"))
    default_storage.save("tables/987654-abc.csv", ContentFile(b"x"))
    now = timezone.now()
    assert table_actions.abandon_stale(actor=SYSTEM, now=now) == leftovers.remove_unreferenced(now) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert table_actions.abandon_stale(actor=SYSTEM, now=now + timedelta(days=31)) == 1
    assert not TableRow.objects.exists() and AuditRecord.objects.filter(action="item.table-abandon").exists()
    leftovers.remove_unreferenced(now + timedelta(days=2))
    assert stored_files() == [] and not default_storage.exists(lost)
    assert default_storage.listdir("tables")[1] == []


def test_the_sweep_leaves_what_is_in_use(desk, item):
    accepted(desk.clerk, item)
    uploaded(desk.clerk, item, [record(1)])
    before = {
        PublicTable.objects.get().source,
        TableUpload.objects.get().source,
        TableUpload.objects.get().preview_file,
    }
    leftovers.remove_unreferenced(timezone.now() + timedelta(days=400))
    assert before == {f"sealed/{name}" for name in stored_files()}


def test_the_doctor_misses_rows_and_editions(desk, item):
    def problems() -> tuple[str, ...]:
        return next(check.problems for check in doctor.examine() if check.name == "补贴表")

    table = accepted(desk.clerk, item)
    assert problems() == ()
    table.rows.filter(position=7).delete()
    EditionTable.objects.update(edition_id=987654)
    assert problems() == (f"补贴表 {table.pk} 应有 60 行，现有 59 行", "补贴表所属的版本不存在：987654")


def test_a_comparison_of_editions_tells_that_the_table_changed(desk, item):
    accepted(desk.clerk, item)
    publish(desk, item)
    actions.correct(actor=desk.clerk, item_id=item.pk, change_note="更正金额")
    accepted(desk.clerk, item, [record(1)])
    publish(desk, item)
    old, new = (versions.side_of(edition) for edition in item.editions.order_by("number"))
    changes = [(change.label, change.old, change.new) for change in versions.compared(old, new).facts]
    assert changes == [("附件", "2026年补贴明细表（60 条）", ""), ("附件", "", "2026年补贴明细表（1 条）")]


def test_a_table_cannot_be_changed_once_it_is_handed_in(desk, item):
    accepted(desk.clerk, item)
    actions.submit(actor=desk.clerk, item_id=item.pk)
    for act in (
        lambda: table_actions.remove(actor=desk.clerk, item_id=item.pk),
        lambda: table_actions.upload(
            actor=desk.clerk, item_id=item.pk, kind="other", name="表.xlsx", stream=workbook([record(1)])
        ),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.codes == ("not_draft",)


def test_a_correction_keeps_the_old_table_with_the_old_edition(desk, item):
    old = accepted(desk.clerk, item)
    publish(desk, item)
    actions.correct(actor=desk.clerk, item_id=item.pk, change_note="更正金额")
    assert records.table_of(Item.objects.get(pk=item.pk).working_id) == old, "until it gets another"
    new = accepted(desk.clerk, item, [record(1, amount=200, standard=80)])
    assert public.item_page(item.pk).table_id == old.pk, "the public goes on reading the old one"
    publish(desk, item)
    assert public.item_page(item.pk).table_id == new.pk
    assert public.item_page(item.pk, 1).table_id == old.pk and old.rows.count() == 60


def test_a_correction_of_the_text_alone_shares_the_table(desk, item):
    table = accepted(desk.clerk, item)
    publish(desk, item)
    actions.correct(actor=desk.clerk, item_id=item.pk, change_note="更正标题")
    publish(desk, item)
    assert [public.item_page(item.pk, number).table_id for number in (1, 2)] == [table.pk, table.pk]
    assert PublicTable.objects.count() == 1


def test_taking_the_table_off_a_correction_leaves_it_with_what_was_published(desk, item):
    table = accepted(desk.clerk, item)
    publish(desk, item)
    actions.correct(actor=desk.clerk, item_id=item.pk, change_note="另行公开")
    table_actions.remove(actor=desk.clerk, item_id=item.pk)
    assert PublicTable.objects.filter(pk=table.pk).exists() and public.item_page(item.pk).table_id == table.pk


def test_a_draft_thrown_away_takes_table_and_file_with_it(desk, item, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        accepted(desk.clerk, item)
    assert len(stored_files()) == 1, "the file itself stays with the table, problems and previews are gone"
    with django_capture_on_commit_callbacks(execute=True):
        actions.discard(actor=desk.clerk, item_id=item.pk)
    assert stored_files() == [] and default_storage.listdir("tables")[1] == []
    assert not PublicTable.objects.exists() and not TableRow.objects.exists() and not TableTerm.objects.exists()


# --- who may ---------------------------------------------------------------------------------------------------------------
def test_only_writers_of_the_body_may_touch_its_tables(desk, item):
    upload = checked(desk.clerk, item, [record(1)])
    stranger = factories.actor(factories.body(), Role.CLERK, Role.HEAD)
    office = factories.actor(factories.body(), Role.DISTRICT_OFFICE)
    before = stored_files()
    for act in (
        lambda who: table_actions.upload(
            actor=who, item_id=item.pk, kind="other", name="表.xlsx", stream=workbook([record(1)])
        ),
        lambda who: table_actions.choose_columns(
            actor=who, item_id=item.pk, sheet=upload.sheet, header=(2, 1), mapping={}, exposure={}
        ),
        lambda who: table_actions.accept(actor=who, item_id=item.pk),
        lambda who: table_actions.abandon(actor=who, item_id=item.pk),
        lambda who: table_actions.remove(actor=who, item_id=item.pk),
    ):
        with pytest.raises(NotVisible):
            act(stranger)
        with pytest.raises(Refused) as refusal:
            act(office)
        assert "role" in refusal.value.codes
    assert stored_files() == before, "nothing of strangers"


def test_every_write_is_audited(desk, item):
    accepted(desk.clerk, item)
    table_actions.remove(actor=desk.clerk, item_id=item.pk)
    uploaded(desk.clerk, item, [record(1)])
    table_actions.abandon(actor=desk.clerk, item_id=item.pk)
    done = list(
        AuditRecord.objects.filter(action__startswith="item.table")
        .order_by("sequence")
        .values_list("action", flat=True)
    )
    assert done == [f"item.table-{what}" for what in ("upload", "columns", "accept", "remove", "upload", "abandon")]


# --- reading it --------------------------------------------------------------------------------------------------------------
@pytest.fixture
def village(desk, item) -> tables.TableView:
    rows = [
        record(1, name="张三", village="大李村", group="10组", area=3, amount=300),
        record(2, name="张三丰", village="大李村", group="2组", area=2, amount=200),
        record(3, name="欧阳大山", village="前王村", group="1组", area=1, amount=100),
        record(4, name="李四", village="前王村", group="2组", area=4, amount=400),
    ]
    return tables.view(accepted(desk.clerk, item, rows, exposure={"name": "masked"}))


def found(table: tables.TableView, text: str = "", sort: str = "") -> list[int]:
    asked = tables.question(table, text, sort)
    return [row["position"] for row in tables.rows(tables.found(table, asked), asked).order_by(*asked.order)]


def summary(table: tables.TableView, text: str) -> tables.Summary:
    asked = tables.question(table, text, "")
    return tables.summary(table, asked, tables.found(table, asked))


SORTED = [
    ("", [1, 2, 3, 4], "as in the file"),
    ("-position", [4, 3, 2, 1], "from the end"),
    ("amount", [3, 2, 1, 4], "by amount"),
    ("-amount", [4, 1, 2, 3], "largest first"),
    ("quantity", [3, 2, 1, 4], "by area"),
    ("name", [4, 3, 1, 2], "by pinyin of what is shown"),
    ("place", [2, 1, 3, 4], "2组 before 10组"),
    ("cells", [1, 2, 3, 4], "not by anything else"),
    ("-id; drop", [1, 2, 3, 4], "nor by nonsense"),
]


@pytest.mark.parametrize(("sort", "expected", "reason"), SORTED, ids=[case[-1] for case in SORTED])
def test_rows_are_sorted_by_what_may_be_sorted_by(village, sort, expected, reason):
    assert found(village, sort=sort) == expected, reason


SEARCHED = [
    ("张三", [1], "a full name finds its masked form of the same length"),
    ("张三丰", [2], "three characters"),
    ("张", [1, 2], "a surname"),
    ("欧阳大山", [3], "a compound surname"),
    ("大李村", [1, 2], "a village"),
    ("大李村 张三丰", [2], "both"),
    ("2组", [2, 4], "a group"),
    ("華佗鎮", [1, 2, 3, 4], "in traditional characters"),
    ("没有", [], "nothing"),
    ("%", [], "no wildcard"),
    ("三丰", [], "what is hidden cannot be asked for"),
]


@pytest.mark.parametrize(("text", "expected", "reason"), SEARCHED, ids=[case[-1] for case in SEARCHED])
def test_names_and_places_are_searched_as_the_public_sees_them(village, text, expected, reason):
    assert found(village, text) == expected, reason


def test_a_word_that_is_nearly_everywhere_is_answered_too(village, monkeypatch):
    monkeypatch.setattr(tables, "MOST_RANGES", 0)
    assert found(village, "大李村 张三丰") == [2] and found(village, "2组", "-amount") == [4, 2]


def test_what_was_found_is_counted_and_added_up(village):
    assert summary(village, "张") == tables.Summary(2, "500.00")
    assert summary(village, "") == tables.Summary(4, "1,000.00")
    assert summary(village, "没有") == tables.Summary(0, "0.00")


def test_downloads_hold_the_masked_rows_and_the_totals(village):
    with downloads.opened(village.table, "csv") as file:
        lines = list(csv.reader(io.StringIO(file.read().decode("utf-8-sig"))))
    assert lines[0][:5] == ["序号", "乡镇", "村（社区）", "村民组", "姓名"]
    assert lines[1][4] == "张*" and lines[-1][0] == "合计" and lines[-1][-1] == "1,000.00"
    with downloads.opened(village.table, "xlsx") as file:
        sheet = load_workbook(io.BytesIO(file.read())).active
    values = list(sheet.values)
    assert values[1][4] == "张*" and values[1][-1] == 300 and values[-1][-1] == 1000
    assert set(village.sizes) == {"csv", "xlsx"}


def test_a_download_that_is_missing_is_made_again(village):
    before = {}
    for extension in ("csv", "xlsx"):
        with downloads.opened(village.table, extension) as file:
            before[extension] = len(file.read())
        default_storage.delete(downloads.storage_name(village.table, extension))
    with downloads.opened(village.table, "csv") as file:
        assert len(file.read()) == before["csv"]
    with downloads.opened(village.table, "xlsx") as file:
        assert load_workbook(io.BytesIO(file.read())).active.max_row == 6


def test_no_cell_becomes_a_formula_in_a_spreadsheet(desk, item):
    table = accepted(desk.clerk, item, [record(1, village="+SUM(A1)", group="@x")])
    with downloads.opened(table, "csv") as file:
        assert "'+SUM(A1)" in file.read().decode()
    with downloads.opened(table, "xlsx") as file:
        cells = [cell for row in load_workbook(io.BytesIO(file.read())).active.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_a_page_of_a_long_table_is_read_from_an_index(desk, item):
    table = accepted(desk.clerk, item)
    if connection.vendor == "postgresql":  # which reads sixty rows at once, unless it is told not to
        with connection.cursor() as cursor:
            cursor.execute(
                "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off"
            )
    for sort in TableRow.SORTS:
        asked = tables.question(tables.view(table), "", f"-{sort}")
        assert asked.sort == sort
        plan = tables.rows(tables.found(tables.view(table), asked), asked).order_by(*asked.order)[:51].explain()
        assert "USING INDEX" in plan or "Index Scan" in plan, (sort, plan)
        assert "TEMP B-TREE" not in plan and "Sort Key" not in plan, (sort, plan)
