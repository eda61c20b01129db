"""`gongkai catalogue`: a standard catalogue comes in whole as a new version, or not at all with every fault named."""

import io
import json
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from gongkai.audit.log import verify
from gongkai.audit.models import AuditRecord
from gongkai.catalogues.models import Catalogue, CatalogueRow, Duty
from gongkai.disclosure.public_tree import tree
from tests import factories

pytestmark = pytest.mark.django_db

TEN = (
    "序号",
    "一级事项",
    "二级事项",
    "公开内容（要素）",
    "公开依据",
    "公开时限",
    "公开主体",
    "公开渠道和载体",
    "公开对象",
    "公开方式",
    "公开层级",
)
WITHIN_20 = "信息形成或者变更之日起20个工作日内"


def cells(one: str, two: str = "", content: str = "名称、条件", **more: str) -> list[str]:
    """A row in the order of `TEN`."""
    values = {
        "一级事项": one, "二级事项": two, "公开内容（要素）": content, "公开时限": WITHIN_20, "公开主体": "区教育局",
        "公开渠道和载体": "■政府网站 □政府公报", "公开对象": "全社会", "公开方式": "主动", "公开层级": "县级",
    }  # fmt: skip
    values.update(more)
    return [values.get(header, "") for header in TEN]


def book(
    path: Path, *rows: list[str], title: str = "示例区义务教育领域基层政务公开标准目录", headers=TEN, merge=()
) -> Path:
    made = Workbook()
    sheet = made.worksheets[0]
    sheet.append([title])
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(headers))
    sheet.append(list(headers))
    for row in rows:
        sheet.append(row)
    for area in merge:
        sheet.merge_cells(area)
    made.save(path)
    return path


def jsonl(path: Path, *rows: object) -> Path:
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return path


def run(*paths: Path, version: str = "2026", code: str = "grassroots", more: tuple[str, ...] = ()) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    arguments = ["--code", code, "--name", "基层政务公开标准目录", "--version", version, *more]
    call_command("catalogue", *map(str, paths), *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def refused(*paths: Path, **more) -> str:
    with pytest.raises(CommandError) as refusal:
        run(*paths, **more)
    return str(refusal.value)


def labels() -> list[tuple[int, str]]:
    return list(CatalogueRow.objects.order_by("pk").values_list("depth", "label"))


# --- what comes in -----------------------------------------------------------------------------------------------------
def test_a_sheet_becomes_field_matter_and_leaf_with_the_ten_columns(tmp_path):
    out, err = run(book(tmp_path / "a.xlsx", cells("招生管理", "学校介绍", 序号="1", 公开依据="《示例条例》")))
    assert labels() == [(0, "义务教育"), (1, "招生管理"), (2, "学校介绍")], "the field is named in the title"
    leaf = CatalogueRow.objects.get(label="学校介绍")
    assert leaf.path == "/".join(["", *map(str, CatalogueRow.objects.order_by("pk").values_list("pk", flat=True)), ""])
    assert (leaf.code, leaf.disclosure_field, leaf.sequence) == ("03-1-1", "03", "1")
    assert (leaf.level1_matter, leaf.level2_matter) == ("招生管理", "学校介绍")
    assert (leaf.content_elements, leaf.disclosure_basis) == ("名称、条件", "《示例条例》")
    assert (leaf.disclosure_time_limit, leaf.disclosing_body) == (WITHIN_20, "区教育局")
    assert leaf.disclosure_channels == ["government_website"], "only the ticked box"
    assert (leaf.disclosure_target, leaf.disclosure_method, leaf.disclosure_tier) == ("全社会", "主动", "县级")
    assert leaf.organisation_kinds == ["district_government", "department"]
    assert "栏目 2 个，公开事项 1 项" in out
    assert err == ""


def test_merged_cells_and_same_as_above_take_the_value_above(tmp_path):
    rows = [
        cells("招生管理", "学校介绍", 公开时限="实时公开"),
        cells("", "招生政策", 公开时限="同上"),
        cells("教育概况", "教育统计", 公开时限="〃"),
    ]
    run(book(tmp_path / "a.xlsx", *rows, merge=("B3:B4",)))
    limits = dict(CatalogueRow.objects.filter(depth=2).values_list("label", "disclosure_time_limit"))
    assert limits == {"学校介绍": "实时公开", "招生政策": "实时公开", "教育统计": "实时公开"}
    assert CatalogueRow.objects.get(label="招生政策").parent.label == "招生管理"


def test_a_matter_left_blank_below_another_in_csv_belongs_to_it(tmp_path):
    lines = [TEN, cells("招生管理", "学校介绍"), cells("", "招生政策")]
    path = tmp_path / "义务教育.csv"
    path.write_text("\n".join(",".join(line) for line in lines), encoding="gb18030")
    run(path)
    assert labels() == [(0, "义务教育"), (1, "招生管理"), (2, "学校介绍"), (2, "招生政策")], "field from the file name"


def test_ticked_columns_become_their_answers(tmp_path):
    made = Workbook()
    sheet = made.worksheets[0]
    sheet.append(["义务教育领域基层政务公开标准目录"])
    sheet.append(
        ["序号", "公开事项", "", "公开内容（要素）", "公开主体", "公开对象", "", "公开方式", "", "公开层级", "", "备注"]
    )
    sheet.append(["", "一级事项", "二级事项", "", "", "全社会", "特定群体", "主动", "依申请公开", "县级", "乡级", ""])
    sheet.append(["1", "招生管理", "学校介绍", "名称", "区教育局", "√", "", "√", "", "√", "√"])
    sheet.append(["2", "招生管理", "资助名单", "名单", "区教育局", "", "学生家长", "", "√", "√", ""])
    for area in ("A1:L1", "A2:A3", "B2:C2", "D2:D3", "E2:E3", "F2:G2", "H2:I2", "J2:K2", "L2:L3"):
        sheet.merge_cells(area)
    made.save(tmp_path / "a.xlsx")
    run(tmp_path / "a.xlsx")
    found = CatalogueRow.objects.filter(depth=2).values_list(
        "label", "disclosure_target", "disclosure_method", "disclosure_tier"
    )
    assert list(found) == [
        ("学校介绍", "全社会", "主动", "县级、乡级"),
        ("资助名单", "特定群体（学生家长）", "依申请公开", "县级"),
    ]


def test_each_sheet_of_a_book_is_a_field_and_hidden_sheets_are_left_out(tmp_path):
    made = Workbook()
    for number, name in enumerate(("社会救助", "养老服务领域", "示例特色", "草稿")):
        sheet = made.worksheets[0] if number == 0 else made.create_sheet()
        sheet.title = name
        sheet.append(list(TEN))
        sheet.append(cells("政策", f"文件{number}"))
    made.worksheets[3].sheet_state = "hidden"
    made.save(tmp_path / "all.xlsx")
    _, err = run(tmp_path / "all.xlsx")
    tops = CatalogueRow.objects.filter(depth=0).values_list("label", "disclosure_field", "code")
    assert list(tops) == [("社会救助", "05", "05"), ("养老服务", "06", "06"), ("示例特色", "示例特色", "L3")]
    assert "“示例特色”不在试点领域词表中" in err


def test_an_unknown_channel_and_an_unclear_time_limit_are_pointed_out(tmp_path):
    row = cells("招生管理", "学校介绍", 公开时限="视情况", 公开渠道和载体="政府网站、示例终端")
    _, err = run(book(tmp_path / "a.xlsx", row))
    assert "示例终端" in err and "视情况" in err
    assert CatalogueRow.objects.get(depth=2).disclosure_channels == ["government_website", "other"]


def test_a_remark_below_the_table_is_no_row(tmp_path):
    _, err = run(book(tmp_path / "a.xlsx", cells("招生管理", "学校介绍"), ["注：本目录由区教育局解释"]))
    assert CatalogueRow.objects.filter(depth=2).count() == 1
    assert "略过“注：本目录" in err


def test_a_matter_with_content_and_with_matters_below_stays_a_branch(tmp_path):
    _, err = run(book(tmp_path / "a.xlsx", cells("招生管理", "", "总的要求"), cells("招生管理", "学校介绍")))
    assert CatalogueRow.objects.get(label="招生管理").content_elements == "总的要求"
    assert "既有公开内容又有下级事项" in err
    assert Duty.objects.count() == 0


def test_a_department_catalogue_has_three_levels_of_its_own(tmp_path):
    headers = ("一级分类", "二级分类", "三级分类", "内容要求", "责任单位")
    rows = [["政策法规", "规范性文件", "意见征集", "草案及说明", "法规科"], ["机构领导", "", "", "领导分工", "办公室"]]
    run(book(tmp_path / "a.xlsx", *rows, headers=headers, title="养老服务中心公开目录"), code="department")
    assert labels() == [(0, "政策法规"), (0, "机构领导"), (1, "规范性文件"), (2, "意见征集")], "no field from the title"
    assert set(CatalogueRow.objects.exclude(content_elements="").values_list("disclosing_body", flat=True)) == {
        "法规科",
        "办公室",
    }


# --- versions ----------------------------------------------------------------------------------------------------------
def test_a_new_version_takes_the_place_of_the_old_and_both_are_in_the_log(tmp_path):
    path = book(tmp_path / "a.xlsx", cells("招生管理", "学校介绍"))
    run(path, version="2025")
    run(path, version="其他", code="statutory")
    out, _ = run(path, more=("--effective-from", "2026-01-01", "--source", "示例公开〔2026〕1号"))
    assert "原版本 2025 已不再现行" in out
    current = set(Catalogue.objects.filter(is_current=True).values_list("code", "version"))
    assert current == {("grassroots", "2026"), ("statutory", "其他")}, "another catalogue is left alone"
    new = Catalogue.objects.get(version="2026")
    assert (new.effective_from, new.source) == (date(2026, 1, 1), "示例公开〔2026〕1号")
    assert [node.label for node in tree("grassroots")] == ["义务教育"]
    assert AuditRecord.objects.filter(action="catalogue.adopt").latest("sequence").detail["replaced"] == "2025"
    assert verify().broken_at is None


def test_a_version_that_exists_is_refused(tmp_path):
    path = book(tmp_path / "a.xlsx", cells("招生管理", "学校介绍"))
    run(path)
    assert "已有版本“2026”" in refused(path)
    assert Catalogue.objects.get().is_current


def test_a_dry_run_reports_the_same_and_writes_nothing(tmp_path):
    factories.body("示例区教育局", short_name="区教育局")
    path = book(tmp_path / "a.xlsx", cells("招生管理", "学校介绍"))
    out, _ = run(path, more=("--dry-run",))
    assert "公开事项 1 项，公开职责 1 条" in out and "没有写入任何内容" in out
    assert not Catalogue.objects.exists() and not CatalogueRow.objects.exists() and not AuditRecord.objects.exists()


# --- what is refused ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("rows", "sentence", "reason"),
    [
        ([cells("招生管理", "学校介绍", "")], "第1条：“义务教育／招生管理／学校介绍”没有公开内容", "no content"),
        ([cells("", "", 序号="1")], "第1条：没有事项名称", "no name"),
        (
            [cells("招生", "介绍"), cells("概况", "统计"), cells("招生", "介绍", "别的")],
            "第3条：“义务教育／招生／介绍”与a.xlsx第1条重复",
            "the same leaf twice",
        ),
        ([cells("招生管理", "学校介绍", 公开时限="同上")], "第1条：“同上”写“同上”", "nothing above to be the same as"),
        ([cells("招" * 101)], "第1条：栏目名称超过100字", "longer than the column"),
    ],
)
def test_a_faulty_row_is_named_and_nothing_is_written(tmp_path, rows, sentence, reason):
    sound = book(tmp_path / "b.xlsx", cells("其他", "事项"), title="社会救助")
    assert sentence in refused(book(tmp_path / "a.xlsx", *rows), sound), reason
    assert not Catalogue.objects.exists()


def test_all_faults_of_all_files_and_of_the_heading_are_said_at_once(tmp_path):
    (tmp_path / "b.csv").write_text("甲,乙\n一,二\n", encoding="utf-8")
    (tmp_path / "c.jsonl").write_text("{broken\n", encoding="utf-8")
    text = refused(
        book(tmp_path / "a.xlsx", cells("一", content=""), cells("二")),
        tmp_path / "b.csv",
        tmp_path / "c.jsonl",
        tmp_path / "none.csv",
        more=("--effective-from", "2999-01-01"),
    )
    for sentence in (
        "没有公开内容",
        "没有认出“一级事项”“公开内容（要素）”列",
        "不是有效的 JSON",
        "无法打开文件",
        "启用日期2999-01-01未到",
    ):
        assert sentence in text
    assert "共 5 处" in text


def test_an_empty_file_is_refused(tmp_path):
    (tmp_path / "a.jsonl").write_text("\n", encoding="utf-8")
    assert "没有读到任何目录事项" in refused(tmp_path / "a.jsonl")


def test_the_help_shows_an_example(capsys):
    with pytest.raises(SystemExit):
        call_command("catalogue", "--help")
    assert "gongkai catalogue 标准目录.xlsx --code grassroots" in capsys.readouterr().out


# --- real material -----------------------------------------------------------------------------------------------------
def test_rows_of_real_grassroots_catalogues_come_in(shared_data):
    towns = [factories.body(f"示例{n}镇人民政府", kind="township", short_name=f"示例{n}镇") for n in (1, 2)]
    factories.body("示例区民政局", short_name="区民政局")
    out, err = run(shared_data / "disclosure_catalog_excerpts" / "grassroots_standard_catalog_rows.jsonl")
    assert "公开事项 17 项" in out
    assert CatalogueRow.objects.filter(depth=0).count() == 6
    assert "“涉农资金”不在试点领域词表中" in err
    same = CatalogueRow.objects.get(label="招标投标")
    above = CatalogueRow.objects.get(label="办理过程信息")
    assert same.disclosure_time_limit == above.disclosure_time_limit
    owing = Duty.objects.values_list("organisation_id", flat=True)
    assert set(owing) == {town.pk for town in towns}, "“县级政府民政部门” names no body for certain"
    assert CatalogueRow.objects.get(label="监督", level1_matter="综合业务").duties.count() == 2


def test_rows_of_a_real_department_catalogue_come_in(shared_data):
    path = shared_data / "disclosure_catalog_excerpts" / "anhui_department_catalog_tree.jsonl"
    out, _ = run(path, code="department")
    assert "公开事项 11 项" in out
    assert CatalogueRow.objects.get(depth=2).parent.parent.label == "政策法规"
    assert not Duty.objects.exists()
