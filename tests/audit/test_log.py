"""The audit log: chained, verifiable, never changed."""

import pytest
from django.db import connection, transaction

from gongkai.audit import generation
from gongkai.audit.log import Entry, record, verify
from gongkai.audit.models import AuditError, AuditHead, AuditRecord
from gongkai.rules.access import Actor

pytestmark = pytest.mark.django_db
WRITER = Actor(7, "示例信息员")


def write(number: int, *, public: bool = False) -> None:
    for serial in range(number):
        with transaction.atomic():
            record(actor=WRITER, entries=[Entry("item.edit", "item", str(serial), 1, {"说明": "改动"})], public=public)


def test_an_untouched_chain_verifies():
    write(5)
    result = verify()
    assert (result.records, result.broken_at) == (5, None)


def test_an_empty_log_verifies():
    assert verify().broken_at is None


TAMPERINGS = [
    # statement, where the walk must notice it, why somebody would do it
    ("UPDATE audit_auditrecord SET actor_name = '他人' WHERE sequence = 3", 3, "blame another"),
    ("UPDATE audit_auditrecord SET detail = '{}' WHERE sequence = 2", 2, "hide what was changed"),
    ("UPDATE audit_auditrecord SET at = '2020-01-01 00:00:00+00:00' WHERE sequence = 4", 4, "back-date"),
    ("DELETE FROM audit_auditrecord WHERE sequence = 3", 3, "remove one"),
    ("DELETE FROM audit_auditrecord WHERE sequence = 5", 6 - 1, "remove the last"),
    ("DELETE FROM audit_auditrecord WHERE sequence = 1", 1, "remove the first"),
]


@pytest.mark.parametrize(("statement", "place", "reason"), TAMPERINGS, ids=[row[2] for row in TAMPERINGS])
def test_tampering_behind_the_products_back_is_found_where_it_happened(statement, place, reason):
    write(5)
    with connection.cursor() as cursor:
        cursor.execute(statement)
    assert verify().broken_at == place, reason


def test_a_forged_hash_of_a_changed_record_breaks_at_the_next():
    write(3)
    from gongkai.audit.log import _hash

    forged = AuditRecord.objects.get(sequence=2)
    forged.actor_name = "他人"
    AuditRecord.objects.filter(sequence=2).update(actor_name="他人", hash=_hash(forged))
    assert verify().broken_at == 3


def test_records_cannot_be_saved_again_or_deleted():
    write(1)
    entry = AuditRecord.objects.get()
    with pytest.raises(AuditError):
        entry.save()
    with pytest.raises(AuditError):
        entry.delete()


def test_a_rolled_back_change_leaves_no_record():
    class Failure(Exception):
        pass

    with pytest.raises(Failure), transaction.atomic():
        record(actor=WRITER, entries=[Entry("item.edit", "item", "1")])
        raise Failure
    assert AuditRecord.objects.count() == 0
    write(1)
    assert verify().broken_at is None


@pytest.mark.django_db(transaction=True)
def test_recording_outside_a_transaction_is_refused():
    with pytest.raises(transaction.TransactionManagementError):
        record(actor=WRITER, entries=[Entry("item.edit", "item", "1")])


@pytest.mark.django_db(transaction=True)
def test_only_public_changes_and_bumps_move_the_generation():
    write(1)
    before = generation.current()
    write(2)
    generation.forget()
    assert generation.current() == before
    write(1, public=True)
    assert generation.current() == before + 1
    generation.bump()
    assert generation.current() == before + 2
    assert AuditHead.objects.count() == 1
