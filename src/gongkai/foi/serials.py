"""Numbers given out one after the other: registration numbers of cases and numbers of letters, by body, series and year; never twice."""

from gongkai.foi.models import Serial


def next_serial(organisation_id: int, series: str, year: int) -> int:
    """The next number of the series, beginning with 1; inside the caller's transaction, which holds the row until it ends."""
    Serial.objects.bulk_create(
        [Serial(organisation_id=organisation_id, series=series, year=year)], ignore_conflicts=True
    )
    row = Serial.objects.select_for_update().get(organisation_id=organisation_id, series=series, year=year)
    row.last += 1
    row.save(update_fields=["last"])
    return row.last
