"""政策文件库: facets that count right and have addresses of their own, validity on any day, the register, 立改废."""

import csv
import io
import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from gongkai.policies import library as policies
from gongkai.rules.publication import State
from gongkai.rules.relations import RelationKind
from gongkai.web.portal import library as pages
from tests import factories


def ids(response) -> list[int]:
    """Items listed on a page, in order."""
    article = response.text[response.text.index("<main") :]
    return [int(found) for found in re.findall(r'<a href="/items/(\d+)/">', article)]


def facet(response, label: str) -> dict[str, int]:
    """The values of a facet with their counts."""
    found = re.search(rf"<summary>{label}.*?</details>", response.text, re.S)
    if not found:
        return {}
    pairs = re.findall(r'facet-label">(.*?)</span> <span class="count">([\d,]+)<', found[0])
    return {name: int(count.replace(",", "")) for name, count in pairs}


def test_only_policy_documents_are_listed(client, district):
    assert sorted(ids(client.get("/policy-library/"))) == sorted(item.pk for item in district.documents)


def test_facets_count_what_choosing_them_would_list(client, district):
    page = client.get("/policy-library/")
    counted = facet(page, "有效性")
    assert counted == {"现行有效": 3, "废止": 1, "失效": 1}
    for code, label in (("in_force", "现行有效"), ("repealed", "废止"), ("expired", "失效")):
        assert len(ids(client.get(f"/policy-library/?validity={code}"))) == counted[label]


def test_several_values_of_a_facet_widen_and_several_facets_narrow(client, district):
    both = client.get("/policy-library/?validity=repealed&validity=expired")
    assert sorted(ids(both)) == sorted(item.pk for item in (district.documents[0], district.documents[3]))
    assert "有效性：废止" in both.text and "有效性：失效" in both.text
    assert ids(client.get("/policy-library/?validity=repealed&subject=09")) == []


def test_the_second_level_of_a_subject_opens_under_the_chosen_first(client, district):
    closed, opened = client.get("/policy-library/"), client.get("/policy-library/?subject=02")
    assert "政务公开" not in facet(closed, "主题分类")
    assert facet(opened, "主题分类")["政务公开"] == 5


def test_a_document_is_found_by_the_parts_of_its_number(client, district):
    edition = district.documents[2].current
    found = client.get(f"/policy-library/?mark={edition.document_mark}&year=2026&number=0{edition.document_serial}")
    assert ids(found) == [district.documents[2].pk]


def test_words_are_sought_in_the_title_or_everywhere(client, db, index):
    body = factories.body()
    in_title = factories.published(body, title="关于规范养老服务的通知", body="<p>略</p>")
    in_body = factories.published(body, title="关于有关工作的通知", body="<p>加强养老服务监管</p>")
    index()
    assert sorted(ids(client.get("/policy-library/?q=养老服务"))) == sorted([in_title.pk, in_body.pk])
    assert ids(client.get("/policy-library/?q=养老服务&scope=title")) == [in_title.pk]


def test_document_dates_include_both_ends(client, db, index):
    body = factories.body()
    days = [date(2026, 3, day) for day in (1, 2, 3, 4)]
    made = [factories.published(body, document_date=day) for day in days]
    index()
    found = ids(client.get("/policy-library/?from=2026-03-02&to=2026-03-03"))
    assert sorted(found) == [made[1].pk, made[2].pk]


# --- as of a day -------------------------------------------------------------------------------------------------------
@pytest.fixture
def history(client, db, index):
    """A document of 2020, repealed on 2024-06-01 by one of 2024; a third of 2020 whose term ended with 2023."""
    body = factories.body(code="qzfb", kind="district_government")
    common = {"normative": True}
    old = factories.published(body, document_date=date(2020, 1, 1), effective_from=date(2020, 2, 1), **common)
    new = factories.published(body, document_date=date(2024, 5, 1), effective_from=date(2024, 6, 1), **common)
    limited = factories.published(
        body, document_date=date(2020, 1, 1), effective_from=date(2020, 1, 1), expires_on=date(2023, 12, 31), **common
    )
    factories.relation(new, RelationKind.REPEALS, old, on=date(2024, 6, 1))
    index()
    return {"old": old.pk, "new": new.pk, "limited": limited.pk}


AS_OF = (
    ("2020-01-15", {"limited"}, {"old"}, "not yet effective"),
    ("2020-02-01", {"old", "limited"}, set(), "both in force"),
    ("2023-12-31", {"old", "limited"}, set(), "the last day of a term is a day of validity"),
    ("2024-01-01", {"old"}, {"limited"}, "the term has ended"),
    ("2024-05-31", {"old"}, {"limited", "new"}, "the new one is written but not in force"),
    ("2024-06-01", {"new"}, {"old", "limited"}, "the repeal takes effect"),
)


@pytest.mark.parametrize(("day", "valid", "others", "reason"), AS_OF, ids=[case[3] for case in AS_OF])
def test_the_library_as_of_a_day(client, history, day, valid, others, reason):
    every = client.get(f"/policy-library/?as-of={day}")
    assert set(ids(every)) == {history[name] for name in valid | others}, "documents written later did not exist"
    binding = client.get(f"/policy-library/?as-of={day}&validity=in_force")
    assert set(ids(binding)) == {history[name] for name in valid}


@pytest.mark.parametrize(("day", "valid", "others", "reason"), AS_OF, ids=[case[3] for case in AS_OF])
def test_the_register_as_of_a_day(client, history, day, valid, others, reason):
    assert set(ids(client.get(f"/policy-library/in-force-register/?as-of={day}"))) == {history[name] for name in valid}


def test_the_library_of_a_day_is_walked_page_by_page(client, db, index, monkeypatch):
    monkeypatch.setattr(policies, "SCAN_STEP", 7)  # pages that span several steps of the scan
    body = factories.body()
    made = {item.pk for item in factories.published_many(body, 25, document_date=date(2020, 1, 1))}
    gone = factories.published_many(body, 25, document_date=date(2020, 1, 1), expires_on=date(2020, 6, 1))
    assert gone
    index()
    met, address = [], "/policy-library/?as-of=2021-01-01&validity=in_force"
    for _ in range(10):
        page = client.get(address)
        met += ids(page)
        following = re.search(r'<a href="([^"]*)" rel="next"', page.text)
        if following is None:
            break
        address = following[1].replace("&amp;", "&")
    assert sorted(met) == sorted(made)


# --- the register as a table -------------------------------------------------------------------------------------------
def table(response) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_the_table_has_every_document_once(client, history):
    heads, *rows = table(client.get("/policy-library/in-force-register/export.csv?as-of=2023-06-01"))
    assert sorted(int(row[heads.index("编号")]) for row in rows) == sorted([history["old"], history["limited"]])
    assert {row[heads.index("有效期至")] for row in rows} == {"", "2023-12-31"}


def test_the_old_address_of_the_table_leads_to_the_export_of_the_same_question(client, history):
    answer = client.get("/policy-library/in-force-register.csv?as-of=2023-06-01", follow=True)
    assert answer.redirect_chain == [("/policy-library/in-force-register/export.csv?as-of=2023-06-01", 301)]
    assert len(table(answer)) == 3


def test_a_title_cannot_become_a_formula(client, db, index):
    factories.published(factories.body(), normative=True, title='=HYPERLINK("http://evil")')
    index()
    heads, row = table(client.get("/policy-library/in-force-register/export.csv"))
    assert row[heads.index("标题")].startswith("'=")


def test_the_register_of_one_body_has_its_documents_only(client, history, index):
    other = factories.body(code="other")
    factories.published(other, normative=True, document_date=date(2020, 1, 1))
    index()
    assert len(ids(client.get("/policy-library/in-force-register/?organisation=other"))) == 1


# --- normative documents and changes -----------------------------------------------------------------------------------
def test_the_tabs_of_the_normative_library_share_the_documents_out(client, district):
    listed = {key: ids(client.get(f"/policy-library/normative/?status={key}")) for key, *_ in pages.NORMATIVE_TABS}
    assert sorted(listed["in-force"]) == sorted(item.pk for item in district.documents[1:3])
    assert listed["repealed"] == [district.documents[0].pk]
    assert listed["expired"] == [district.documents[3].pk]


def test_changes_name_the_act_and_its_day(client, district):
    page = client.get("/policy-library/changes/")
    day = (timezone.localdate() - timedelta(days=5)).isoformat()
    assert ids(page) == [district.documents[0].pk, district.documents[1].pk]
    assert day in page.text and "废止" in page.text
    assert ids(client.get("/policy-library/changes/?year=1999")) == []


def test_an_act_that_is_not_public_is_not_listed(client, district):
    draft = factories.published(district.bureau, state=State.DRAFT)
    factories.relation(draft, RelationKind.REPEALS, district.documents[2], on=date(2026, 1, 1))
    assert draft.pk not in ids(client.get("/policy-library/changes/"))


def test_ended_terms_are_listed_by_the_day_they_ended(client, district):
    page = client.get("/policy-library/changes/?tab=expired")
    assert ids(page) == [district.documents[3].pk]
    assert (timezone.localdate() - timedelta(days=10)).isoformat() in page.text
