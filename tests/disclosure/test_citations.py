"""A citation is linked only while exactly one published document bears the name it gives."""

import pytest
from tests import factories

from gongkai.disclosure import actions
from gongkai.disclosure.models import Citation
from gongkai.rules.access import Role

pytestmark = pytest.mark.django_db
CITING = "<p>根据《关于示例甲的通知》（谯示〔2020〕3号）和《示例乙管理办法》，现通知如下。</p>"


@pytest.fixture
def body():
    return factories.body()


def publish(organisation, **values):
    """Through the actions, so that links are made as in the office."""
    clerk, reviewer, signer = (factories.actor(organisation, role) for role in (Role.CLERK, Role.REVIEWER, Role.SIGNER))
    item = actions.create_item(
        actor=clerk, organisation_id=organisation.pk, kind="policy_document", values=factories.values(**values)
    )
    actions.submit(actor=clerk, item_id=item.pk)
    actions.approve(actor=reviewer, item_id=item.pk, secrecy_basis="可以公开")
    actions.sign(actor=signer, item_id=item.pk)
    return item


def targets(item):
    return {citation.text: citation.target_id for citation in Citation.objects.filter(edition__item=item)}


def test_a_document_published_later_is_linked_by_number_and_by_title(body):
    citing = publish(body, body=CITING)
    assert set(targets(citing).values()) == {None}
    first = publish(body, title="关于示例甲的通知", document_number="谯示〔2020〕3号")
    second = publish(body, title="关于印发《示例乙管理办法》的通知", document_number="谯示〔2021〕9号")
    assert {first.pk, second.pk} <= set(targets(citing).values())


def test_a_name_borne_by_two_documents_links_to_neither(body):
    factories.published(body, title="示例甲之一", document_number="谯示〔2020〕3号")
    factories.published(body, title="示例乙管理办法", document_number="谯示〔2021〕9号")
    factories.published(body, title="示例乙管理办法", document_number="谯示〔2021〕10号")
    factories.published(body, title="示例甲之二", document_number="谯示〔2020〕3号")
    citing = publish(body, body=CITING)
    publish(body, title="示例甲之三", document_number="谯示〔2020〕3号")
    assert set(targets(citing).values()) == {None}
