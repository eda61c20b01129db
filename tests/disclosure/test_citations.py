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
    clerk = factories.actor(organisation, Role.CLERK)
    item = actions.create_item(
        actor=clerk, organisation_id=organisation.pk, kind="policy_document", values=factories.values(**values)
    )
    release(organisation, item)
    return item


def release(organisation, item, **values):
    """Write what is left to write, and take the draft through review to publication."""
    clerk, reviewer, signer = (factories.actor(organisation, role) for role in (Role.CLERK, Role.REVIEWER, Role.SIGNER))
    if values:
        actions.save_draft(actor=clerk, item_id=item.pk, values=values)
    actions.submit(actor=clerk, item_id=item.pk)
    actions.approve(actor=reviewer, item_id=item.pk, secrecy_basis="可以公开")
    actions.sign(actor=signer, item_id=item.pk)


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


def test_a_second_document_of_the_same_name_takes_the_link_away(body):
    factories.published(body, title="示例乙管理办法", document_number="谯示〔2021〕9号")
    citing = publish(body, body=CITING)
    assert targets(citing)["《示例乙管理办法》"] is not None
    publish(body, title="示例乙管理办法", document_number="谯示〔2024〕1号")
    assert targets(citing)["《示例乙管理办法》"] is None


def test_a_corrected_number_takes_the_link_along(body):
    first = publish(body, title="示例甲之一", document_number="谯示〔2020〕3号")
    citing = publish(body, body=CITING)
    assert first.pk in targets(citing).values()
    actions.correct(actor=factories.actor(body, Role.CLERK), item_id=first.pk, change_note="更正文号")
    release(body, first, document_number="谯示〔2020〕4号")
    assert first.pk not in targets(citing).values()


def test_withdrawing_one_of_two_leaves_the_name_to_the_other(body):
    first = publish(body, title="示例乙管理办法", document_number="谯示〔2021〕9号")
    second = publish(body, title="示例乙管理办法", document_number="谯示〔2024〕1号")
    citing = publish(body, body=CITING)
    assert targets(citing)["《示例乙管理办法》"] is None
    actions.withdraw(actor=factories.actor(body, Role.REVIEWER), item_id=second.pk, reason="published_in_error")
    assert targets(citing)["《示例乙管理办法》"] == first.pk
