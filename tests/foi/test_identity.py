"""Numbers of identity papers: nothing of them lies open in the database, keys can be changed, without the key they are lost."""

from datetime import date

import pytest
from cryptography.fernet import Fernet
from django.db import connection

from gongkai.foi import identity, intake
from gongkai.foi.models import Applicant
from gongkai.rules.reasons import Refused
from tests.foi.makers import Desk, applicant, on

pytestmark = pytest.mark.django_db

NUMBER = "11010519000101001X"


def test_no_table_holds_the_number(settings):
    desk = Desk()
    with on(date(2026, 3, 2)):
        desk.answered(desk.registered(date(2026, 3, 2)))
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found += [table for row in cursor.fetchall() if NUMBER in str(row)]
    assert found == []
    kept = Applicant.objects.get()
    assert kept.id_masked and kept.id_masked != NUMBER and identity.decrypt(kept.id_encrypted) == NUMBER


def test_a_new_key_in_front_reads_what_the_old_one_wrote_and_the_same_person_stays_the_same(settings):
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    settings.GONGKAI_FIELD_KEYS = old
    written, person = identity.encrypt(NUMBER), identity.same_person(NUMBER)
    settings.GONGKAI_FIELD_KEYS = f"{new},{old}"
    assert identity.decrypt(written) == NUMBER
    assert identity.same_person(NUMBER) == person
    assert identity.decrypt(identity.encrypt(NUMBER)) == NUMBER
    settings.GONGKAI_FIELD_KEYS = new
    with pytest.raises(Refused) as refusal:
        identity.decrypt(written)
    assert refusal.value.codes == ("field_key",)


def test_query_codes_survive_a_new_key(settings):
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    settings.GONGKAI_FIELD_KEYS = old
    case = Desk().online()
    given = case.submission.tracking_number, intake.query_code_of(case.submission.client_token)
    settings.GONGKAI_FIELD_KEYS = f"{new},{old}"
    assert intake.find(*given) == case.submission
    assert intake.find(given[0], "AAAAAAAA") is None
    assert given[1] not in case.submission.query_code_hash


def test_one_number_written_in_two_ways_is_one_person():
    spelt = identity.same_person("11010519000101001x"), identity.same_person(" 11010519000101001X")
    assert spelt[0] == spelt[1] != identity.same_person("110105190001010028")
    desk = Desk()
    first, second = (desk.online(applicant=applicant(id_number=number)) for number in (NUMBER, NUMBER.lower()))
    assert first.applicant.same_person == second.applicant.same_person
