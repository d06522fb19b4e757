"""The log as a sheet."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Prefetch
from django.utils import timezone

from followup.models import Occasion, Reading
from followup.models.occasion import OccasionQuerySet
from followup.spreadsheet.columns import (
    INTERNAL_NOTE,
    LOG,
    LOG_LAST,
    Column,
    counter_columns,
    counter_key,
    share_key,
    under_label,
)
from followup.spreadsheet.writing import Sheet
from promises.known import day_or_words
from promises.models import Metric

AT_A_TIME = 2_000

# A withdrawn occasion keeps what was counted at it.
COUNTED = Prefetch(
    "readings",
    queryset=Reading.objects.filter(withdrawn_at__isnull=True).select_related("metric"),
)


def log_sheet(occasions: OccasionQuerySet, *, with_internal_notes: bool) -> Sheet:
    """The occasions in the log's order, one a row, with a column for each thing counted at them."""
    columns = log_columns(
        Metric.objects.filter(activity__in=occasions.order_by().values("activity")),
        with_internal_notes=with_internal_notes,
    )
    return Sheet(
        "Logg",
        [column.heading for column in columns],
        [column.width for column in columns],
        _rows(occasions, columns),
    )


def log_columns(metrics, *, with_internal_notes: bool = True) -> list[Column]:
    """The columns of the log, in their order."""
    first = [column for column in LOG if with_internal_notes or column != INTERNAL_NOTE]
    return [*first, *counter_columns(metrics, beside=[*LOG, *LOG_LAST]), *LOG_LAST]


def _rows(occasions: OccasionQuerySet, columns: list[Column]) -> Iterator[list[object]]:
    found = occasions.with_everything().newest_first().prefetch_related(COUNTED)
    for occasion in found.iterator(chunk_size=AT_A_TIME):
        values = log_values(occasion)
        yield [values.get(column.key) for column in columns]


def log_values(occasion: Occasion) -> dict[str, object]:
    """What an occasion says in each of the columns, by key."""
    values: dict[str, object] = {
        "date": day_or_words(occasion),
        "under": under_label(occasion.activity),
        "activity": occasion.activity.title,
        "place": occasion.place and occasion.place.name,
        "party": occasion.party.short_name,
        "minutes": occasion.minutes,
        "participants": occasion.participants,
        "done": occasion.done,
        "outcome": occasion.outcome,
        "internal_note": occasion.internal_note,
        "public_sentence": occasion.public_sentence,
        "is_published": occasion.is_published,
        "member": occasion.member.name,
        "created_on": timezone.localdate(occasion.created_at),
        "withdrawn": occasion.withdrawal_reason,
        "activity_id": occasion.activity_id,
        "id": str(occasion.client_id),
        "version": occasion.version,
    }
    for reading in occasion.readings.all():
        values[counter_key(reading.metric.name)] = reading.value
        values[share_key(reading.metric.name)] = reading.out_of
    return values
