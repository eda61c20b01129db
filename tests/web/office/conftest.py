"""A body with its people, each at a desk of his own."""

from dataclasses import dataclass

import pytest
from django.test import Client

from gongkai.organisations.models import Organisation, User
from gongkai.rules.access import Role
from tests import factories


@dataclass(frozen=True)
class Desk:
    """A person signed in."""

    person: User
    client: Client


@dataclass(frozen=True)
class Bureau:
    """A body and its desks by role."""

    body: Organisation
    desks: dict[Role, Desk]

    def __getitem__(self, role: Role) -> Client:
        return self.desks[role].client


@pytest.fixture
def bureau(db) -> Bureau:
    body = factories.body("测试区教育局")
    desks = {}
    for role in Role:
        person = factories.member(body, role)
        client = Client()
        client.force_login(person)
        desks[role] = Desk(person, client)
    return Bureau(body, desks)


@pytest.fixture
def typed() -> dict[str, object]:
    """What a clerk types for a policy document that may be submitted."""
    return {
        "title": "测试区教育局关于做好招生工作的通知",
        "body": "<p>各学校：</p><p>现将有关事项通知如下。</p>",
        "document_number": "测教[2026]012号",
        "issuing_agencies": "测试区教育局、测试区财政局",
        "document_date": "2026-03-01",
        "subjects": ["0201"],
        "genre": "08",
        "enquiry_phone": "0558-0000000",
        "disclosure_attribute": "proactive",
    }
