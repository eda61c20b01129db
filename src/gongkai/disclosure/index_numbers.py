"""Giving out 索引号 (《条例》§12: the catalogue has an index; form: rules 7.5, USCC/yyyymm-serial)."""

from datetime import date

from django.db import transaction

from gongkai.disclosure.models import IndexNumberCounter
from gongkai.organisations.models import Organisation
from gongkai.rules.index_number import format_index_number, period


def allocate(organisation: Organisation, on: date, count: int = 1) -> list[str]:
    """Give out the next `count` numbers of `organisation` for the month of `on`, inside the caller's transaction.

    The counter row is locked until that transaction ends: concurrent writers wait, a roll-back gives the serials back, and a
    committed serial is never given again, whatever becomes of its item.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("index numbers are given out in the transaction that uses them")
    month = period(on)
    key = {"organisation_id": organisation.pk, "period": month}
    counter = IndexNumberCounter.objects.select_for_update().filter(**key).first()
    if counter is None:
        IndexNumberCounter.objects.bulk_create([IndexNumberCounter(**key)], ignore_conflicts=True)
        counter = IndexNumberCounter.objects.select_for_update().get(**key)
    first = counter.last + 1
    counter.last += count
    counter.save(update_fields=["last"])
    return [format_index_number(organisation.uscc, on, serial) for serial in range(first, first + count)]
