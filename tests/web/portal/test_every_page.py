"""Every public address answers, with and without data, in few queries, without cookies, and keeps the elder mode."""

import re
from dataclasses import replace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from gongkai.disclosure.models import Attachment
from gongkai.files.models import StoredFile
from gongkai.rules.relations import RelationKind
from tests import factories

LISTS = (
    ("/", 200, "home"),
    ("/search/", 200, "before anything is asked"),
    ("/search/?q=医疗保险", 200, "words"),
    ("/search/?q=低保 -公示 去年&exact=1", 200, "the query language"),
    ("/search/help/", 200, "what can be typed"),
    ("/search/popular/", 200, "how popular searches are found"),
    ("/interpretations/topic/", 200, "the interpretation special"),
    ("/interpretations/topic/?person=birth&form=infographic&enterprise=tax", 200, "narrowed on three dimensions"),
    ("/interpretations/topic/?person=%00&form=nonsense", 200, "values there are not"),
    ("/policy-matching/", 200, "who asks"),
    ("/policy-matching/person/", 200, "questions to a person"),
    ("/policy-matching/enterprise/", 200, "questions to a firm"),
    ("/policy-matching/nobody/", 404, "nobody else is asked"),
    ("/enterprise-relief/", 200, "for firms"),
    ("/enterprise-relief/?enterprise=finance", 200, "a stage of the firm"),
    ("/enterprise-relief/deadlines.ics", 200, "last days as a calendar"),
    ("/interpretations/popular/", 200, "what is read most"),
    ("/interpretations/popular/?kind=interpretation", 200, "of one kind"),
    ("/interpretations/popular/?kind=%00", 200, "a kind there is not"),
    ("/interpretations/popular/formula/", 200, "how the list is computed"),
    ("/topics/", 200, "topics"),
    ("/interpretations/exemplary/", 200, "good examples"),
    ("/interpretations/exemplary/?level=district", 200, "of the district"),
    ("/interpretations/exemplary/?level=%00", 200, "a level there is not"),
    ("/topics/nobody/", 404, "no such topic"),
    ("/search/?q=谯政办[2026]1号&scope=title&since=year&sort=newest", 200, "a number, with everything chosen"),
    ("/search/suggestions/?q=yiliao", 200, "suggestions for pinyin"),
    ("/search/suggestions/", 200, "suggestions for nothing"),
    ("/policy-library/", 200, "the library"),
    (
        "/policy-library/?q=通知&scope=title&validity=in_force&subject=02&year=2026&mark=谯政办&number=1&sort=oldest",
        200,
        "narrowed",
    ),
    ("/policy-library/?as-of=2026-04-01&validity=in_force", 200, "as of a day"),
    ("/policy-library/normative/", 200, "normative documents"),
    ("/policy-library/normative/?status=repealed", 200, "repealed ones"),
    ("/policy-library/normative/?status=nonsense", 200, "an unknown tab is the first one"),
    ("/policy-library/in-force-register/", 200, "register"),
    ("/policy-library/in-force-register/?as-of=2020-01-01&organisation=qzfb", 200, "register of a body on a day"),
    ("/policy-library/in-force-register.csv", 301, "old address of the register as a table"),
    ("/policy-library/changes/", 200, "acts"),
    ("/policy-library/changes/?tab=new&year=2026", 200, "new documents"),
    ("/policy-library/changes/?tab=expired", 200, "ended terms"),
    ("/statutory-content/", 200, "catalogue"),
    ("/statutory-content/fields/", 200, "key fields"),
    ("/statutory-content/organisations/", 200, "by body"),
    ("/statutory-content/grassroots/", 200, "grassroots catalogue"),
    ("/disclosure-guide/", 200, "guide of the district"),
    ("/disclosure-rules/", 200, "rules"),
    ("/annual-reports/", 200, "annual reports"),
    ("/information-requests/", 200, "how to apply"),
    ("/information-requests/period/", 200, "until when it must be answered"),
    ("/information-requests/period/?received=2024-09-25&extend=20", 200, "the same, reckoned"),
    ("/information-requests/period/?received=never&extend=99", 200, "the same, from nonsense"),
    ("/information-requests/apply/", 200, "the application form"),
    ("/information-requests/track/", 200, "progress"),
    ("/subscriptions/", 200, "all one follows"),
    ("/subscriptions/sent/", 200, "look into the mailbox"),
    ("/information-requests/answers/", 200, "answers given to others"),
    ("/information-requests/answers/?q=学区", 200, "narrowed"),
    ("/information-requests/answers/?organisation=nobody", 404, "a body that is not there"),
    ("/information-requests/answers/?after=x", 400, "a made-up place"),
    ("/information-requests/answers/1/", 404, "an answer that is not there"),
    ("/information-requests/matches/", 405, "a piece of the form, by POST only"),
    ("/organisations/", 200, "directory"),
    ("/site-map/", 200, "site map"),
    ("/accessibility/", 200, "accessibility"),
    ("/health/", 200, "health"),
    ("/robots.txt", 200, "robots"),
    ("/items/by-number/?number=谯政办[2026]99999号", 302, "unknown number goes to search"),
    ("/items/999999/", 404, "no such item"),
    ("/items/999999/document.pdf", 404, "no such document"),
    ("/organisations/nobody/", 404, "no such body"),
    ("/statutory-content/999999/", 404, "no such row"),
    ("/XxgkContent/show/1.html", 404, "an old address nobody knows"),
    ("/search", 301, "final stroke missing"),
    ("/policy-library/?after=forged", 400, "forged place in a list"),
    ("/policy-library/changes/?after=Zm9yZ2Vk", 400, "forged place in a table"),
    ("/policy-library/?year=abc&number=x&from=never&as-of=", 200, "nonsense in a form is no error"),
)
OF_A_BODY = (
    "policies", "disclosure-guide", "disclosure-rules", "statutory-content", "annual-reports", "information-requests",
)  # fmt: skip
MOST_QUERIES = 8
REMEMBERED = 4
"""What a process reads once for a generation of public content: its number, the dictionaries, names of bodies, topics."""


def get(client: Client, address: str):
    """The answer with its content read."""
    response = client.get(address)
    response.text_read = (b"".join(response.streaming_content) if response.streaming else response.content).decode(
        "utf-8", "replace"
    )
    return response


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "status", "reason"), LISTS, ids=[case[2] for case in LISTS])
def test_an_empty_site_answers_everywhere(client, index, address, status, reason):
    assert get(client, address).status_code == status, reason


@pytest.mark.parametrize(("address", "status", "reason"), LISTS, ids=[case[2] for case in LISTS])
def test_a_site_with_content_answers_everywhere(client, district, settings, address, status, reason):
    settings.GONGKAI_PAGE_CACHE = False
    with CaptureQueriesContext(connection) as first:
        get(client, address)
    with CaptureQueriesContext(connection) as queries:
        response = get(client, address)
    assert response.status_code == status, reason
    for asked, most in ((first, MOST_QUERIES + REMEMBERED), (queries, MOST_QUERIES)):
        assert len(asked) <= most, "\n".join(query["sql"][:120] for query in asked)
    assert not response.cookies
    assert "cookie" not in response.get("Vary", "").lower()


@pytest.mark.parametrize("entry", ["", *[f"{entry}/" for entry in OF_A_BODY]])
def test_every_body_has_the_six_entries(client, district, entry):
    with CaptureQueriesContext(connection) as queries:
        response = client.get(f"/organisations/{district.bureau.code}/{entry}")
    assert response.status_code == 200
    assert len(queries) <= MOST_QUERIES
    for link in OF_A_BODY:
        assert f'href="/organisations/{district.bureau.code}/{link}/"' in response.text


def test_every_named_address_is_tried_here_or_in_the_tests_of_items_and_their_versions():
    elsewhere = {"item", "edition", "document", "attachment", "row", "body-row", "legacy", "organisation"}
    elsewhere |= {"edition-document", "compare", "comparison", "comparison-document"}  # test_versions.py
    elsewhere.add("reading-together")  # test_reading_together.py
    elsewhere.add("policy-group")  # tests/policies/test_groups.py
    elsewhere.add("picture")  # tests/disclosure/test_pictures.py
    elsewhere |= {"table", "table-document"}  # test_tables.py
    elsewhere.add("logged-answer")  # test_logged_answers.py
    elsewhere |= {"request-opened", "request-received"}  # test_request_apply.py
    elsewhere |= {
        "request-status",
        "request-answer",
        "request-withdraw",
        "request-letter",
        "request-document",
    }  # test_request_tracking.py
    elsewhere |= {f"subscription-{page}" for page in ("new", "confirm", "leave", "manage")}  # test_following.py
    elsewhere.add("calendar")  # test_calendars.py
    elsewhere.add("topic")  # test_topics.py
    elsewhere.add("policy-questions")  # test_policy_matching.py
    tried = {re.split(r"[?]", address)[0] for address, *_ in LISTS}
    names = set()
    for pattern in get_resolver("gongkai.web.portal.urls").url_patterns:
        if pattern.name in elsewhere or pattern.name.startswith("body-"):
            continue
        names.add(pattern.name)
        assert f"/{pattern.pattern}" in tried, f"{pattern.name} is not tried"
    assert len(names) > 15


def test_a_detail_page_with_everything_stays_within_the_queries(client, district):
    document = district.documents[4]
    stored = StoredFile.objects.create(
        sha256="0" * 64, storage_name="x", size=2048, kind="pdf", media_type="application/pdf", pages=3
    )
    for number in range(6):
        Attachment.objects.create(
            edition=document.current, file=stored, name=f"附件{number}.pdf", title=f"附件{number}"
        )
    for extra in factories.published_many(district.bureau, 12, rows=[district.row]):
        factories.relation(extra, RelationKind.IMPLEMENTS, document)
    client.get(f"/items/{extra.pk}/")  # what a process looks up once and remembers is looked up before
    with CaptureQueriesContext(connection) as queries:
        response = client.get(f"/items/{document.pk}/")
    assert response.status_code == 200
    assert len(queries) <= MOST_QUERIES, "\n".join(query["sql"][:120] for query in queries)
    assert response.text.count("PDF，2 KB，3 页") == 6


def test_the_number_of_rows_does_not_change_the_number_of_queries(client, district, index, settings):
    settings.GONGKAI_PAGE_CACHE = False
    client.get("/")
    with CaptureQueriesContext(connection) as few:
        client.get(f"/statutory-content/{district.row.pk}/")
    factories.published_many(district.bureau, 40, rows=[district.row])
    index()
    with CaptureQueriesContext(connection) as many:
        response = client.get(f"/statutory-content/{district.row.pk}/")
    assert "下一页" in response.text
    assert len(many) == len(few) <= MOST_QUERIES


@pytest.mark.parametrize(
    "address",
    ["/", "/policy-library/", "/search/?q=通知", "/organisations/jyj/", "/items/{item}/", "/statutory-content/"],
)
def test_every_link_of_an_elder_page_stays_in_elder_mode(client, district, address):
    address = address.format(item=district.documents[4].pk)
    response = client.get(f"{address}{'&' if '?' in address else '?'}v=elder")
    assert '<html lang="zh-CN" class="elder">' in response.text
    links = re.findall(r'<a [^>]*href="(/[^"]*)"[^>]*>', response.text)
    leaving = re.findall(r'<a class="elder-switch" href="([^"]*)"', response.text)
    assert len(leaving) == 1 and "elder" not in leaving[0]
    strayed = [link for link in links if "v=elder" not in link and link not in leaving]
    assert strayed == []
    for form in re.findall(r"<form.*?</form>", response.text, re.S):
        assert 'name="v" value="elder"' in form


def test_the_sample_ribbon_is_on_every_page_and_goes_with_the_setting(client, district, settings):
    assert "示例数据" in client.get("/").text
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, sample=False)
    assert "sample-ribbon" not in Client().get("/").text


def test_empty_footer_fields_leave_no_trace(client, district):
    page = client.get("/").text
    for word in ("ICP", "公安备案", "网站标识码"):
        assert word not in page


def test_the_links_below_a_list_lead_through_all_of_it_and_back(client, db, index):
    body = factories.body(code="jyj")
    made = {item.pk for item in factories.published_many(body, 45)}
    index()

    def walk(address: str, direction: str) -> list[list[int]]:
        pages = []
        for _ in range(5):
            page = client.get(address).text
            pages.append([int(found) for found in re.findall(r'<a href="/items/(\d+)/">', page[page.index("<main") :])])
            link = re.search(rf'<a href="([^"]*)" rel="{direction}"', page)
            if link is None:
                return [*pages, [address]]
            address = link[1].replace("&amp;", "&")
        return pages

    *onwards, [last] = walk("/organisations/jyj/policies/", "next")
    assert [len(page) for page in onwards] == [20, 20, 5]
    assert {pk for page in onwards for pk in page} == made
    *back, _ = walk(last, "prev")
    assert back == onwards[::-1]
