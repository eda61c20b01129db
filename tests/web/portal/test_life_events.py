"""Searching an event of life by its everyday name leads to the stage."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("生孩子", "/interpretations/topic/?person=birth"),
        ("买房", "/interpretations/topic/?person=home"),
        ("上学", "/interpretations/topic/?person=schooling"),
        ("看病", "/interpretations/topic/?person=medical_care"),
        ("注册公司", "/interpretations/topic/?enterprise=entry_exit"),
    ],
)
def test_the_results_page_names_the_stage(client, text, address):
    page = client.get("/search/", {"q": text}).content.decode()
    assert f'href="{address}"' in page
    assert client.get(address).status_code == 200


def test_other_questions_are_left_alone(client):
    assert "您是不是想了解" not in client.get("/search/", {"q": "防汛抗旱"}).content.decode()
