"""检索情况 and 热门搜索 in the office, through the pages."""

import csv
import io

import pytest
from django.utils import timezone

from gongkai.rules.access import Role
from gongkai.search_log.models import ExcludedSearch, Treatment
from gongkai.search_log.popular import compute
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def searches():
    factories.searched("医保缴费", searchers=20, networks=10)
    factories.searched("=老年食堂", searchers=6, networks=4, nothing=6)
    factories.searched("个别人的词", searchers=2, networks=2, nothing=2)
    compute(timezone.now())


def test_the_report_tells_what_was_sought_and_only_counts_what_few_sought(bureau, searches):
    page = bureau[Role.DISTRICT_OFFICE].get("/office/search-report/").content.decode()
    assert "医保缴费" in page and "老年食堂" in page and "个别人的词" not in page
    assert "其余 2 人次" in page
    nothing = bureau[Role.DISTRICT_OFFICE].get("/office/search-report/?view=nothing").content.decode()
    assert "老年食堂" in nothing and "医保缴费" not in nothing
    assert "建议：发布相关信息" in nothing


@pytest.mark.parametrize(
    "query",
    ["view=x", "days=7", "days=x", "from=2026-01-01&to=2025-01-01", "from=bad", "from=1900-01-01", "untreated=1"],
)
def test_whatever_is_in_the_address_gets_an_answer(bureau, searches, query):
    assert bureau[Role.ADMINISTRATOR].get(f"/office/search-report/?{query}").status_code == 200


def test_the_table_for_spreadsheets_holds_the_same_and_runs_no_formula(bureau, searches):
    answer = bureau[Role.DISTRICT_OFFICE].get("/office/search-report.csv?view=nothing")
    rows = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert rows[0][0] == "检索词"
    assert rows[1][:6] == ["'=老年食堂", "6", "0", "0", "0", "6"]
    assert rows[2][1] == "2" and "不列出文字" in rows[2][0]


def test_a_step_is_registered_and_shown_and_the_page_stays_where_it_was(bureau, searches):
    client = bureau[Role.DISTRICT_OFFICE]
    one = factories.searched("新生入学", networks=5)
    address = f"/office/search-report/{one.pk}/treat/"
    answer = client.post(address, {"step": "no_action", "note": "", "view": "most", "days": "7"}, follow=True)
    assert "请填写原因" in answer.content.decode() and not Treatment.objects.exists()
    answer = client.post(address, {"step": "no_action", "note": "已有专栏", "view": "most", "days": "7"})
    assert answer.headers["Location"] == "/office/search-report/?view=most&days=7"
    page = client.get(answer.headers["Location"]).content.decode()
    assert "标记无需处理" in page and "已有专栏" in page
    assert client.post(address, {"step": "nonsense"}, follow=True).status_code == 200
    assert client.post("/office/search-report/999999/treat/", {"step": "publish"}).status_code == 404


def test_a_form_cannot_lead_elsewhere(bureau, searches):
    one = factories.searched("新生入学", networks=5)
    answer = bureau[Role.DISTRICT_OFFICE].post(
        f"/office/search-report/{one.pk}/treat/", {"step": "publish", "view": "most\r\nX: y", "from": "//evil&x=1"}
    )
    assert answer.headers["Location"] == "/office/search-report/"


def test_a_popular_search_is_excluded_with_a_public_reason_and_restored(bureau, searches):
    client = bureau[Role.DISTRICT_OFFICE]
    page = client.get("/office/popular-searches/?term=医保缴费").content.decode()
    assert 'value="医保缴费"' in page
    wrong = client.post("/office/popular-searches/", {"term": "", "reason": "", "note": "", "whole": "yes"})
    assert wrong.status_code == 422
    for field in ("term", "reason", "note"):
        assert f'href="#id_{field}"' in wrong.content.decode()
    wanted = {"term": "医保缴费", "reason": "misleading", "note": "示例理由", "whole": "yes"}
    assert client.post("/office/popular-searches/", wanted).status_code == 302
    assert "医保缴费" not in client.get("/search/popular/").content.decode()
    assert client.post("/office/popular-searches/", wanted).status_code == 422, "excluded already"
    log = client.get("/office/audit/").content.decode()
    assert "排除热门搜索" in log and "示例理由" in log and "容易引起误解" in log
    made = ExcludedSearch.objects.get()
    assert client.post(f"/office/popular-searches/{made.pk}/restore/").status_code == 302
    assert "医保缴费" in client.get("/search/popular/").content.decode()
    assert client.post(f"/office/popular-searches/{made.pk}/restore/").status_code == 404
