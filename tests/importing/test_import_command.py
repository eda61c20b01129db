"""`gongkai import`: everything that can be read comes in once, everything else is rejected with a reason, and nothing stops the rest."""

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from tests import factories

from gongkai.audit.log import verify
from gongkai.disclosure.models import Item, LegacyAddress, Relation
from gongkai.importing.models import ImportedRecord
from gongkai.policies.validity import validity_of
from gongkai.rules.publication import State
from gongkai.search.models import OutboxEntry

pytestmark = pytest.mark.django_db

NOTICE = """谯城区示例局关于印发《示例补贴发放办法》的通知
谯示〔2024〕7号
各乡镇人民政府、街道办事处：
根据《示例条例》和《上级关于示例工作的意见》（亳示〔2020〕3号），现将《示例补贴发放办法》印发给你们，请认真贯彻执行。
谯城区示例局
2024年5月6日
示例补贴发放办法
第一条 为规范示例补贴发放，制定本办法。
第二条 本办法自2024年6月1日起施行，有效期至2029年5月31日。
"""


@pytest.fixture
def body():
    return factories.body("亳州市谯城区人民政府", kind="district_government", code="qzfb")


def run(*paths: Path, **options) -> str:
    out = io.StringIO()
    call_command("import", *[str(path) for path in paths], stdout=out, stderr=io.StringIO(), **options)
    return out.getvalue()


def jsonl(path: Path, *rows: object) -> Path:
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_document_without_metadata_gets_its_facts_from_its_own_text(body, tmp_path):
    run(jsonl(tmp_path / "a.jsonl", {"id": "1", "text": NOTICE}))
    edition = Item.objects.get().current
    assert edition.title == "谯城区示例局关于印发《示例补贴发放办法》的通知"
    assert edition.document_number == "谯示〔2024〕7号", "its own number, not the cited one"
    assert edition.issuing_agencies == ["谯城区示例局"]
    assert str(edition.document_date) == "2024-05-06"
    assert (str(edition.effective_from), str(edition.expires_on)) == ("2024-06-01", "2029-05-31")
    facts = ImportedRecord.objects.get().facts
    assert facts["document_number"]["source"] and facts["document_number"]["confidence"] > 0.6


def test_a_second_run_adds_nothing_and_says_so(body, tmp_path):
    path = jsonl(tmp_path / "a.jsonl", {"id": "1", "text": NOTICE}, {"id": "2", "title": "甲", "text": "正文二"})
    assert "新增 2" in run(path)
    before = list(Item.objects.order_by("pk").values())
    assert "新增 0，已有 2" in run(path)
    assert list(Item.objects.order_by("pk").values()) == before


KNOWN = [
    ({"id": "9", "text": NOTICE}, "the same content under another id"),
    ({"id": "9", "text": "  " + NOTICE.replace("\n", "\r\n\r\n")}, "the same content with other blanks"),
    (
        {"id": "9", "title": "改了标题", "text": "别的正文", "url": "https://old.example/art/1.html"},
        "the same web address",
    ),
]


@pytest.mark.parametrize(("row", "reason"), KNOWN, ids=[reason for _, reason in KNOWN])
def test_the_same_document_is_known_under_another_name(body, tmp_path, row, reason):
    run(jsonl(tmp_path / "a.jsonl", {"id": "1", "text": NOTICE, "url": "https://old.example/art/1.html"}))
    assert "新增 0，已有 1" in run(jsonl(tmp_path / "b.jsonl", row)), reason
    assert Item.objects.count() == 1


def test_one_bad_piece_is_rejected_with_its_reason_and_the_rest_goes_on(body, tmp_path):
    folder = tmp_path / "旧站"
    folder.mkdir()
    jsonl(
        folder / "a.jsonl", {"id": "1", "text": NOTICE}, "{坏行", "[]", {"id": "4", "title": "只有题录"}, {"other": 1}
    )
    (folder / "empty.docx").write_bytes(b"")
    (folder / "wrong.pdf").write_bytes(b"PK\x03\x04 not a pdf at all")
    (folder / "ok.txt").write_text(
        "关于示例事项的公告\n各单位：\n现公告如下。\n谯城区示例局\n2024年1月2日", encoding="utf-8"
    )
    with zipfile.ZipFile(folder / "包.zip", "w") as archive:
        archive.writestr("内/甲.txt", "关于甲事项的通知\n各单位：\n请办理。\n谯城区示例局\n2024年1月3日")
        archive.writestr("内/空.txt", "")
    rejects = tmp_path / "rejects.csv"
    report = run(folder, rejects=rejects)
    assert "新增 3" in report
    rows = list(csv.DictReader(rejects.read_text("utf-8-sig").splitlines()))
    assert {(Path(row["来源"].split("!")[-1]).name, row["原因代码"]) for row in rows} >= {
        ("a.jsonl:2", "damaged"),
        ("a.jsonl:3", "no_record"),
        ("a.jsonl:4", "no_text"),
        ("a.jsonl:5", "no_record"),
        ("empty.docx", "empty"),
        ("空.txt", "empty"),
    }
    assert any(row["来源"].endswith("wrong.pdf") for row in rows)
    assert all(len(row["原因"]) > 8 and row["原因"].endswith("。") for row in rows)


def test_a_dry_run_writes_nothing_and_prints_one_object_a_document(body, tmp_path):
    path = jsonl(
        tmp_path / "a.jsonl", {"id": "x-1", "text": NOTICE}, {"id": "x-2", "title": "乙", "text": "只有一句话。"}
    )
    lines = run(path, dry_run=True, json=True).splitlines()
    first, second = (json.loads(line) for line in lines)
    assert (first["id"], first["document_number"]["value"], first["document_date"]["value"]) == (
        "x-1",
        "谯示〔2024〕7号",
        "2024-05-06",
    )
    assert first["issuing_agencies"]["value"] == ["谯城区示例局"]
    assert second["document_number"]["value"] is None, "a number is never made up"
    for fact in ("document_number", "issuing_agencies", "document_date", "subject", "validity"):
        assert set(first[fact]) == {"value", "confidence", "source"}
    assert (Item.objects.count(), ImportedRecord.objects.count(), OutboxEntry.objects.count()) == (0, 0, 0)


def test_lists_in_spreadsheets_and_csv_come_in_row_by_row(body, tmp_path):
    text = "序号,文件标题,发文字号,成文日期,正文,原文链接\n1,关于甲的通知,谯示〔2023〕1号,2023年1月5日,各单位：请办理甲。,https://old.example/a/1\n"
    (tmp_path / "清单.csv").write_bytes(text.encode("gb18030"))
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["谯城区示例局文件清单"])
    book.active.append(["标题", "文号", "成文日期", "正文"])
    book.active.append(["关于乙的通知", "谯示[2023]2号", "2023-02-06", "各单位：请办理乙。"])
    book.save(tmp_path / "清单.xlsx")
    assert "新增 2" in run(tmp_path)
    found = {item.current.title: item.current.document_number for item in Item.objects.select_related("current")}
    assert found == {"关于甲的通知": "谯示〔2023〕1号", "关于乙的通知": "谯示〔2023〕2号"}
    assert LegacyAddress.objects.get().path == "/a/1"


def test_interpretations_are_tied_to_their_documents_whatever_the_order(body, tmp_path):
    jsonl(tmp_path / "a-解读.jsonl", {"id": "i1", "title": "补贴办法解读", "text": "一问一答。", "policy_ids": ["p1"]})
    jsonl(tmp_path / "b-文件.jsonl", {"id": "p1", "text": NOTICE})
    run(tmp_path)
    tie = Relation.objects.get()
    assert (tie.kind, tie.source.kind, tie.target.kind) == ("interprets", "interpretation", "policy_document")
    run(tmp_path)
    assert Relation.objects.count() == 1


@pytest.mark.parametrize("batch", [1, 100], ids=["in another batch", "in the same batch"])
def test_an_interpretation_names_a_document_that_came_in_under_another_name(body, tmp_path, batch):
    """The page of the old site and the list of documents both have the document; the interpretation knows the list's name of it."""
    url = "https://old.example/art/1.html"
    jsonl(tmp_path / "a-网页.jsonl", {"id": "page", "text": NOTICE, "url": url})
    jsonl(tmp_path / "b-文件.jsonl", {"id": "p1", "title": "清单中的题名", "text": "清单中的正文。", "url": url})
    jsonl(tmp_path / "c-文件.jsonl", {"id": "p2", "text": NOTICE})
    jsonl(tmp_path / "d-解读.jsonl", {"id": "i1", "title": "办法解读", "text": "一问一答。", "policy_ids": ["p1"]})
    jsonl(tmp_path / "e-解读.jsonl", {"id": "i2", "title": "办法图解", "text": "图解文字。", "policy_ids": ["p2"]})
    assert "新增 3，已有 2" in run(tmp_path, batch=batch)
    (document,) = Item.objects.filter(kind="policy_document")
    assert sorted(Relation.objects.values_list("source__current__title", "target_id")) == [
        ("办法图解", document.pk),
        ("办法解读", document.pk),
    ]


def test_the_real_interpretations_are_imported_with_all_their_links(body, shared_data):
    folder = shared_data / "tianhe_policies"
    rows = [json.loads(line) for line in (folder / "interpretations.dev.jsonl").open(encoding="utf-8")]
    run(folder)
    names = {key.rpartition(":")[2]: item for key, item in ImportedRecord.objects.values_list("key", "item_id")}
    wanted = {(names[row["id"]], names[policy]) for row in rows for policy in row["policy_ids"]}
    tied = set(Relation.objects.filter(kind="interprets").values_list("source_id", "target_id"))
    assert wanted <= tied
    print(f"{len(rows)} interpretations with {len(wanted)} links")


def test_versions_of_one_law_replace_each_other_and_the_older_is_no_longer_valid(body, tmp_path):
    law = {"title": "示例管理条例", "category": "行政法规"}
    jsonl(
        tmp_path / "laws.jsonl",
        {**law, "id": "v2", "version_date": "2020-03-01", "text": "第一条 新的规定。"},
        {**law, "id": "v1", "version_date": "2010-01-01", "text": "第一条 旧的规定。"},
    )
    run(tmp_path)
    old, new = (ImportedRecord.objects.get(key__endswith=key).item for key in ("v1", "v2"))
    validity = validity_of([old.pk, new.pk])
    assert (validity[old.pk].status.value, validity[new.pk].status.value) == ("repealed", "in_force")


def test_citations_link_once_the_cited_document_has_come_in(body, tmp_path):
    jsonl(tmp_path / "a.jsonl", {"id": "1", "text": NOTICE})
    run(tmp_path)
    cited = "上级关于示例工作的意见\n亳示〔2020〕3号\n各县区：\n现提出如下意见。\n亳州市示例局\n2020年2月3日"
    jsonl(tmp_path / "b.jsonl", {"id": "2", "text": cited})
    run(tmp_path)
    target = Item.objects.get(current__document_number="亳示〔2020〕3号")
    assert target.cited_by.count() >= 1


def test_what_comes_in_as_draft_is_not_public(body, tmp_path):
    run(jsonl(tmp_path / "a.jsonl", {"id": "1", "text": NOTICE}), as_draft=True)
    item = Item.objects.get()
    assert (item.state, item.current, item.working.published_at) == (State.DRAFT, None, None)
    assert OutboxEntry.objects.count() == 0


def test_an_unknown_body_is_named_with_the_remedy(body, tmp_path):
    with pytest.raises(CommandError, match="gongkai organisations"):
        run(jsonl(tmp_path / "a.jsonl", {"id": "1", "text": NOTICE}), organisation="没有")


def test_every_imported_item_is_in_the_audit_log(body, tmp_path):
    run(jsonl(tmp_path / "a.jsonl", {"id": "1", "text": NOTICE}))
    assert verify().records >= 2 and verify().broken_at is None


@pytest.mark.slow
def test_the_real_sets_come_in_whole_and_a_second_run_adds_nothing(body, shared_data):
    paths = [shared_data / name for name in ("policy_docs", "tianhe_policies")]
    first = run(*paths)
    items = Item.objects.count()
    assert items >= 190, first
    run(*paths)
    assert Item.objects.count() == items


def test_the_same_id_in_two_folders_names_two_documents(body, tmp_path):
    for folder, title in (("甲", "关于甲的通知"), ("乙", "关于乙的通知")):
        (tmp_path / folder).mkdir()
        jsonl(tmp_path / folder / "list.jsonl", {"id": "1", "title": title, "text": f"{title}正文"})
    assert "新增 2" in run(tmp_path)
    assert "新增 0，已有 2" in run(tmp_path / "甲" / "list.jsonl", tmp_path / "乙" / "list.jsonl")


def test_the_same_id_twice_in_one_list_is_rejected_unless_it_says_the_same(body, tmp_path):
    row = {"id": "1", "title": "甲", "text": "第一份正文"}
    path = jsonl(
        tmp_path / "a.jsonl", row, {**row, "text": "第二份正文"}, row, {"id": "2", "title": "丙", "text": "第三份"}
    )
    report = run(path)
    assert "新增 2，已有 1，未导入 1" in report
    assert "duplicate_id" in report


def test_a_dry_run_names_what_would_be_rejected(body, tmp_path):
    [line] = run(jsonl(tmp_path / "a.jsonl", {"id": "1", "title": "只有题录"}), dry_run=True, json=True).splitlines()
    assert "正文" in json.loads(line)["rejected"]
