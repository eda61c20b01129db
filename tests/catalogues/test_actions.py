"""Adopting a catalogue is for the district office, and never for nothing."""

import pytest

from gongkai.catalogues.actions import adopt_catalogue
from gongkai.catalogues.models import Catalogue
from gongkai.catalogues.reading import Entry
from gongkai.rules.access import Role
from gongkai.rules.catalogue import StandardRow
from gongkai.rules.reasons import Refused
from tests import factories

pytestmark = pytest.mark.django_db
ENTRY = Entry("第1条", ("政策",), StandardRow(matter_level_1="政策", content_elements="文件"), False, False)


def adopt(role: Role, entries=(ENTRY,), **more):
    actor = factories.actor(factories.body(), role)
    return adopt_catalogue(
        actor=actor, **{"code": "own", "name": "目录", "version": "1", "entries": list(entries), **more}
    )


@pytest.mark.parametrize("role", list(Role))
def test_only_the_district_office_adopts_a_catalogue(role):
    if role is Role.DISTRICT_OFFICE:
        assert adopt(role).leaves == 1
    else:
        with pytest.raises(Refused, match="区公开办"):
            adopt(role)
    assert Catalogue.objects.exists() == (role is Role.DISTRICT_OFFICE)


@pytest.mark.parametrize(
    ("more", "field", "reason"),
    [
        ({"code": "有 空格"}, "code", "the code stands in addresses"),
        ({"version": "9" * 21}, "version", "longer than its column"),
        ({"name": ""}, "name", "a catalogue has a name"),
        ({"entries": []}, "", "an empty catalogue would hide the one in force"),
    ],
)
def test_a_faulty_heading_is_refused(more, field, reason):
    with pytest.raises(Refused) as refusal:
        adopt(Role.DISTRICT_OFFICE, **more)
    assert [one.field for one in refusal.value.reasons] == [field], reason
