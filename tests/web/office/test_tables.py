"""Subsidy tables through the pages of the office: from the upload to the draft, with what goes wrong on the way."""

from __future__ import annotations

import re

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongkai.audit.models import AuditRecord
from gongkai.disclosure import actions
from gongkai.disclosure.models import Item
from gongkai.organisations.actors import actor_for
from gongkai.rules.access import Role
from gongkai.tables import preparing
from gongkai.tables.models import EditionTable, TableUpload
from tests.tables.makers import workbook
from tests.text.tables.makers import identity, record

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(bureau, settings, tmp_path) -> Item:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.STORAGES["default"], "OPTIONS": {"location": str(tmp_path)}},
    }
    answer = bureau[Role.CLERK].get("/office/")
    return actions.create_item(
        actor=actor_for(answer.wsgi_request.user),
        organisation_id=bureau.body.pk,
        kind="benefit_subsidy",
        values={"title": "补贴发放情况"},
    )


def upload(bureau, item: Item, rows, **more):
    file = SimpleUploadedFile("发放表.xlsx", workbook(rows, **more).getvalue())
    return bureau[Role.CLERK].post(f"/office/items/{item.pk}/table/", {"kind": "land_fertility", "file": file})


def work(task=preparing.read) -> TableUpload:
    """What the background does meanwhile."""
    begun = TableUpload.objects.get()
    task(begun.pk, begun.token)
    begun.refresh_from_db()
    return begun


def posted(page: str) -> dict[str, str]:
    """What the form of columns would send as it stands."""
    data = dict(re.findall(r'<input type="hidden" name="(sheet|header|depth)" value="([^"]*)"', page))
    for name, options in re.findall(r'<select[^>]* name="((?:column|exposure)-[^"]+)"[^>]*>(.*?)</select>', page, re.S):
        data[name] = re.search(r'value="([^"]*)" selected', options)[1] if " selected" in options else ""
    return data


def test_a_list_goes_all_the_way_into_the_draft(bureau, item):
    clerk = bureau[Role.CLERK]
    base = f"/office/items/{item.pk}/table/"
    assert "上传补贴表" in clerk.get(f"/office/items/{item.pk}/").text
    assert upload(bureau, item, [record(1), record(2)]).headers["Location"] == f"{base}check/"
    waiting = clerk.get(f"{base}check/")
    assert "正在读取" in waiting.text and "刷新进度" in waiting.text
    work()
    assert clerk.get(f"{base}check/").headers["Location"] == f"{base}columns/"
    page = clerk.get(f"{base}columns/").text
    assert '<tr class="is-head"><th scope="row">2</th>' in page
    data = posted(page)
    assert (data["column-4"], data["column-5"], data["column-9"], data["exposure-name"]) == (
        "name",
        "identity",
        "amount",
        "shown",
    )
    assert clerk.post(f"{base}columns/", {**data, "exposure-name": "masked"}).headers["Location"] == f"{base}check/"
    assert "正在检查" in clerk.get(f"{base}check/").text
    work(preparing.check)
    result = clerk.get(f"{base}check/").text
    assert "没有必须改正的错误" in result and "保留姓氏" in result
    before = result[result.index('<tr class="before">') :]
    assert (
        identity(1) in before and "欧阳大山" in before and "欧阳**" in before and f"{identity(1)[:6]}********" in before
    )
    assert clerk.post(f"{base}accept/").headers["Location"] == base
    shown = clerk.get(base).text
    assert "欧阳**" in shown and identity(1) not in shown and "500.00" in shown
    assert "2 条，个人信息已脱敏" in clerk.get(f"/office/items/{item.pk}/").text


def test_errors_are_listed_by_row_and_can_be_downloaded(bureau, item):
    clerk, base = bureau[Role.CLERK], f"/office/items/{item.pk}/table/"
    upload(bureau, item, [record(1), record(2, amount="二百五"), record(3, identity=341602190001010000)])
    work()
    clerk.post(f"{base}columns/", posted(clerk.get(f"{base}columns/").text))
    work(preparing.check)
    result = clerk.get(f"{base}check/").text
    assert "2 处必须改正" in result and "第 4 行 J 列" in result and "不是数字" in result
    assert "第 5 行 F 列" in result and "文本" in result
    assert "放入草稿</button>" not in result and "改正原表后重新上传" in result
    answer = clerk.get(f"{base}problems.csv")
    listed = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert listed.count("必须改正") == 2 and answer["Content-Disposition"].startswith("attachment")
    assert "错误" in clerk.post(f"{base}accept/", follow=True).text and not EditionTable.objects.exists()


def test_warnings_ask_for_a_tick(bureau, item):
    clerk, base = bureau[Role.CLERK], f"/office/items/{item.pk}/table/"
    upload(bureau, item, [record(1), record(2, identity=identity(1))])
    work()
    clerk.post(f"{base}columns/", posted(clerk.get(f"{base}columns/").text))
    work(preparing.check)
    assert "1 处提醒已经逐条核对" in clerk.get(f"{base}check/").text
    assert "请逐条核对" in clerk.post(f"{base}accept/", follow=True).text and not EditionTable.objects.exists()
    clerk.post(f"{base}accept/", {"warnings_seen": "on"})
    assert EditionTable.objects.exists()


def test_the_clerk_may_choose_another_head_and_is_told_what_is_missing(bureau, item):
    clerk, base = bureau[Role.CLERK], f"/office/items/{item.pk}/table/"
    upload(bureau, item, [record(1)])
    work()
    page = clerk.get(f"{base}columns/?header=3&depth=1").text
    assert '<tr class="is-head"><th scope="row">3</th>' in page
    assert "第 9 行没有内容" in clerk.get(f"{base}columns/?header=9").text
    data = {**posted(clerk.get(f"{base}columns/").text), "column-9": "", "column-7": "identity"}
    answer = clerk.post(f"{base}columns/", data)
    assert answer.status_code == 422
    assert "还没有选择：金额" in answer.text and "“身份证号”对应了 2 列" in answer.text
    assert posted(answer.text)["column-7"] == "identity", "what was chosen is not lost"
    for nonsense in (
        {"header": "x"},
        {"sheet": "没有"},
        {"column-4": "nothing"},
        {"column-99999": "name"},
        {"exposure-name": "x"},
    ):
        assert clerk.post(f"{base}columns/", {**data, **nonsense}).status_code == 422


def test_what_cannot_be_uploaded_is_said_at_the_field(bureau, item):
    clerk, base = bureau[Role.CLERK], f"/office/items/{item.pk}/table/"
    for kind, file, message in (
        ("", SimpleUploadedFile("a.csv", "姓名\n张三".encode()), "请选择补贴表种类"),
        ("other", None, "请选择表格文件"),
        ("other", SimpleUploadedFile("a.xlsx", b"nothing"), "内容却是"),
        ("other", SimpleUploadedFile("a.csv", b""), "文件是空的"),
    ):
        answer = clerk.post(base, {"kind": kind, **({"file": file} if file else {})})
        assert answer.status_code == 422 and message in answer.text, message
    assert not TableUpload.objects.exists()


def test_a_file_that_cannot_be_read_says_why(bureau, item):
    clerk, base = bureau[Role.CLERK], f"/office/items/{item.pk}/table/"
    upload(bureau, item, [])
    TableUpload.objects.update(kind="other")
    default_storage.delete(TableUpload.objects.get().source)
    work()
    text = clerk.get(f"{base}check/").text
    assert "未能处理" in text and "重新上传" in text and "Traceback" not in text


def test_a_reviewer_sees_the_masked_table_and_may_not_replace_what_was_handed_in(bureau, item):
    clerk, base = bureau[Role.CLERK], f"/office/items/{item.pk}/table/"
    upload(bureau, item, [record(1)])
    work()
    clerk.post(f"{base}columns/", posted(clerk.get(f"{base}columns/").text))
    work(preparing.check)
    clerk.post(f"{base}accept/")
    clerk.post(f"/office/items/{item.pk}/submit/")
    page = bureau[Role.REVIEWER].get(base).text
    assert "***************0004" in page and identity(1) not in page and '<form class="grid-form"' not in page
    assert "只有草稿可以" in bureau[Role.REVIEWER].post(f"{base}remove/", follow=True).text
    assert EditionTable.objects.exists()
    assert "补贴表“2026年补贴明细表”" in bureau[Role.REVIEWER].get(f"/office/items/{item.pk}/").text


def test_the_uploaded_file_is_given_to_writers_alone_and_written_down(bureau, item):
    clerk, base = bureau[Role.CLERK], f"/office/items/{item.pk}/table/"
    upload(bureau, item, [record(1)])
    work()
    clerk.post(f"{base}columns/", posted(clerk.get(f"{base}columns/").text))
    work(preparing.check)
    clerk.post(f"{base}accept/")
    answer = clerk.post(f"{base}source/")
    assert answer["Content-Disposition"].startswith("attachment") and b"".join(answer.streaming_content)[:2] == b"PK"
    assert AuditRecord.objects.filter(action="item.table-source").count() == 1
    assert "下载原始文件" in clerk.get(base).text
    assert "下载原始文件" not in bureau[Role.DISTRICT_OFFICE].get(base).text
    assert bureau[Role.DISTRICT_OFFICE].post(f"{base}source/").status_code == 403
    assert clerk.get(f"{base}source/").status_code == 405


def test_giving_up_and_taking_off(bureau, item):
    clerk, base = bureau[Role.CLERK], f"/office/items/{item.pk}/table/"
    upload(bureau, item, [record(1)])
    assert "已放弃本次上传" in clerk.post(f"{base}abandon/", follow=True).text
    assert "没有正在办理的补贴表" in clerk.post(f"{base}abandon/", follow=True).text
    assert "草稿中没有补贴表" in clerk.post(f"{base}remove/", follow=True).text
    assert clerk.get(f"{base}columns/").headers["Location"] == base


def test_the_pages_cost_few_queries(bureau, item):
    clerk, base = bureau[Role.CLERK], f"/office/items/{item.pk}/table/"
    upload(bureau, item, [record(number) for number in range(1, 200)])
    work()
    clerk.post(f"{base}columns/", posted(clerk.get(f"{base}columns/").text))
    work(preparing.check)
    for where in (base, f"{base}check/", f"{base}columns/"):
        with CaptureQueriesContext(connection) as captured:
            assert clerk.get(where).status_code == 200
        assert len(captured) <= 12, (where, len(captured))
