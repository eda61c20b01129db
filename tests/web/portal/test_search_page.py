"""一站搜: marks, passages, groups, time ranges, and help when nothing is found."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from tests import factories


def titles(response) -> list[str]:
    return [re.sub("<[^>]+>", "", found) for found in re.findall(r'<h3><a href="/items/\d+/">(.*?)</a>', response.text)]


def test_words_are_marked_in_title_and_passage(client, db, index):
    factories.published(
        factories.body(),
        title="关于医疗保险缴费的通知",
        body="<p>前文。</p><p>城乡居民应当按时缴费，逾期不补。</p><p>后文。</p>",
    )
    index()
    page = client.get("/search/?q=缴费")
    assert "医疗保险<mark>缴费</mark>的通知" in page.text
    assert "按时<mark>缴费</mark>，逾期不补" in page.text


def test_groups_and_facets_count_the_same(client, district):
    page = client.get("/search/")
    tabs = page.text.partition('aria-label="结果分组"')[2].partition("</nav>")[0]
    groups = dict(re.findall(r">(\w+) <span class=\"count\">(\d+)<", tabs))
    assert groups == {"全部": "9", "政策": "5", "解读": "1", "信息公开": "3"}
    assert len(titles(client.get("/search/?group=interpretation"))) == 1


def test_counts_of_groups_do_not_change_with_the_group_chosen_but_with_all_else(client, district):
    def tabs(address):
        part = client.get(address).text.partition('aria-label="结果分组"')[2].partition("</nav>")[0]
        return dict(re.findall(r">(\w+) <span class=\"count\">(\d+)<", part))

    assert tabs("/search/?group=policy") == tabs("/search/")
    assert tabs("/search/?kind=interpretation") == {"全部": "1", "解读": "1"}


def test_an_empty_result_names_what_to_do(client, district):
    page = client.get("/search/?q=参保缴费&group=interaction")
    assert "没有找到符合条件的信息" in page.text
    wide = client.get("/search/?q=参保缴费")
    total = re.search(r"共 (\d+) 条", wide.text)[1]
    assert f"有 {total} 条结果" in page.text
    assert "依申请公开" in page.text


@pytest.mark.parametrize(("since", "expected"), [("week", 1), ("month", 2), ("year", 3), ("", 4)])
def test_time_ranges(client, db, index, since, expected):
    now = timezone.now()
    for days in (1, 20, 200, 800):
        factories.published(factories.body(), at=now - timedelta(days=days))
    index()
    assert len(titles(client.get(f"/search/?since={since}"))) == expected


def test_days_from_and_to_are_whole_days(client, db, index):
    day = timezone.localdate() - timedelta(days=50)
    late = timezone.localtime().replace(year=day.year, month=day.month, day=day.day, hour=23, minute=30)
    factories.published(factories.body(), at=late)
    index()
    assert len(titles(client.get(f"/search/?from={day}&to={day}"))) == 1
    assert titles(client.get(f"/search/?to={day - timedelta(days=1)}")) == []


def test_a_number_in_any_spelling_finds_its_document_first(client, district):
    number = district.documents[2].current.document_number
    typed = number.replace("〔", "(").replace("〕", ")")
    assert titles(client.get("/search/", {"q": typed}))[0] == district.documents[2].current.title


def test_nothing_found_says_what_to_do(client, district):
    page = client.get("/search/?q=量子纠缠核聚变")
    assert page.status_code == 200
    for help_ in ("没有找到符合条件的信息", "换一个说法", "/information-requests/", "/organisations/"):
        assert help_ in page.text


def test_what_was_typed_is_shown_as_text_and_kept_in_the_form(client, district):
    page = client.get("/search/", {"q": '"><script>x</script>'})
    assert "<script>x" not in page.text
    assert 'value="&#34;&gt;&lt;script&gt;x&lt;/script&gt;"' in page.text


def test_unpublished_items_are_never_found(client, db, index):
    from gongkai.rules.publication import State

    factories.published(factories.body(), title="秘密草稿", state=State.DRAFT)
    index()
    assert titles(client.get("/search/?q=秘密草稿")) == []
