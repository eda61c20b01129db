"""While the search cluster is away: what needs no search is served, what needs it says so, and nothing of it is kept."""

import socket

import pytest

from gongkai.search import service
from tests.web.portal.test_every_page import LISTS, OF_A_BODY, get

NOTICE = "检索服务暂时不可用，正在恢复"
IN_PLACE_OF_A_LIST = "本列表暂时无法显示"
SERVED = (
    ("/", "the home page, without its lists"),
    ("/statutory-content/", "the catalogue, without its numbers"),
    ("/statutory-content/fields/", "key fields"),
    ("/statutory-content/organisations/", "by body"),
    ("/statutory-content/grassroots/", "the grassroots catalogue"),
    ("/disclosure-guide/", "the guide"),
    ("/information-requests/", "how to apply"),
    ("/organisations/", "the directory"),
    ("/organisations/jyj/", "a body with its contacts"),
    ("/organisations/jyj/disclosure-guide/", "its guide"),
    ("/organisations/jyj/statutory-content/", "its catalogue"),
    ("/policy-library/changes/", "acts, which come from the register"),
    ("/site-map/", "the site map"),
)
NEEDING_SEARCH = (
    "/search/?q=医疗保险",
    "/policy-library/",
    "/policy-library/normative/",
    "/policy-library/in-force-register/",
    "/annual-reports/",
    "/organisations/jyj/policies/",
)


@pytest.fixture
def away(district, settings):
    """The documents are there; the cluster the settings name is not."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        settings.GONGKAI_SEARCH_URL = f"http://127.0.0.1:{probe.getsockname()[1]}/gongkai"
        yield district


def known_to_be_away(client) -> None:
    client.get("/search/?q=医疗")


@pytest.mark.parametrize(("address", "reason"), SERVED, ids=[reason for _, reason in SERVED])
def test_what_is_of_use_without_search_is_served_and_says_so(client, away, address, reason):
    known_to_be_away(client)
    response = client.get(address)
    assert response.status_code == 200, reason
    assert NOTICE in response.text
    assert response["Cache-Control"] == "no-store"


def test_documents_can_be_read(client, away):
    known_to_be_away(client)
    response = client.get(f"/items/{away.documents[4].pk}/")
    assert response.status_code == 200
    assert NOTICE in response.text and "区政府文件" in response.text


def test_a_table_is_not_begun_that_would_break_off(client, away):
    response = client.get("/policy-library/in-force-register/export.csv")
    assert response.status_code == 503
    assert response["Content-Type"] == "application/problem+json"
    assert "检索服务正在维护" in response.text


@pytest.mark.parametrize("address", NEEDING_SEARCH)
def test_what_needs_search_says_that_it_will_pass(client, away, address):
    response = client.get(address)
    assert response.status_code == 503
    assert "检索服务正在维护" in response.text and NOTICE in response.text
    assert "SEARCH_URL" not in response.text
    assert response["Retry-After"] == "30"
    assert response["Cache-Control"] == "no-store"


def test_no_page_fails_in_any_other_way(client, away):
    addresses = [address for address, *_ in LISTS] + [f"/organisations/jyj/{entry}/" for entry in OF_A_BODY]
    assert 500 not in {get(client, address).status_code for address in addresses}


def test_a_number_that_nobody_knows_is_not_shown_as_none(client, away):
    home = client.get("/").text
    assert IN_PLACE_OF_A_LIST in home and "暂无已公开的信息" not in home
    for address in ("/statutory-content/", "/organisations/", "/organisations/jyj/statutory-content/"):
        assert '<span class="count">0' not in client.get(address).text
    assert IN_PLACE_OF_A_LIST in client.get("/organisations/jyj/").text


def test_a_page_from_the_bad_time_is_not_kept_for_the_good(client, away, settings):
    assert NOTICE in client.get("/").text
    settings.GONGKAI_SEARCH_URL = ""
    service.forget_trouble()  # time has passed
    home = client.get("/").text
    assert NOTICE not in home and IN_PLACE_OF_A_LIST not in home
    assert "示例信息：notice" in home


def test_health_names_the_part_and_the_remedy(client, away):
    response = client.get("/health/?format=json")
    assert response.status_code == 503
    [index] = [check for check in response.json()["checks"] if check["name"] == "index"]
    assert "SEARCH_URL" in index["detail"]
    assert client.get("/health/").status_code == 503


def test_the_doctor_says_it_too(away):
    from gongkai.jobs.doctor import examine

    [index] = [check for check in examine() if check.name == "检索索引"]
    assert "SEARCH_URL" in index.problems[0]


def test_no_search_box_says_anything_while_all_is_well(client, district):
    assert NOTICE not in client.get("/").text + client.get("/search/?q=医疗").text
