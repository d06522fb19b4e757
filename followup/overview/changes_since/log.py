"""Changes in the log: occasions logged and withdrawn, and readings of metrics."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F, QuerySet
from django.urls import reverse

from followup.models import Occasion, Reading
from followup.overview.changes_since.change import (
    Change,
    ChangeKind,
    ChangeLine,
    LookBack,
    Row,
    day_of,
    one_by_one,
    together,
)
from followup.swedish import counted, format_number
from promises.models import Metric


def _logged(back: LookBack) -> QuerySet[Occasion]:
    return Occasion.objects.visible_to(back.member).carried_out().logged_since(back.since)


def _withdrawn(back: LookBack) -> QuerySet[Occasion]:
    return Occasion.objects.visible_to(back.member).filter(withdrawn_at__gte=back.moment)


def _readings(back: LookBack) -> QuerySet[Reading]:
    """What was counted at an occasion comes with it."""
    metrics = Metric.objects.visible_to(back.member)
    standing = Reading.objects.standing().filter(metric__in=metrics)
    return standing.filter(occasion__isnull=True, created_at__gte=back.moment)


def _in_all(kind: ChangeKind, rows: list[Row], back: LookBack) -> Iterator[ChangeLine]:
    """How many were logged in all, and how many of them by the reader."""
    count = sum(row.n for row in rows)
    own = sum(row.n for row in rows if row.thing == back.member.pk)
    sentence = counted(count, "tillfälle loggat", "tillfällen loggade")
    if 0 < own < count:
        sentence += f", {format_number(own)} av dig"
    address = f"{reverse('occasions')}?loggat_fran={back.since.isoformat()}"
    yield ChangeLine(kind, sentence, address, max(row.on for row in rows), is_own=own == count)


LOG_CHANGES = (
    Change(
        ChangeKind.LOGGED,
        found=_logged,
        on=day_of("created_at"),
        thing="member_id",
        who="member_id",
        told=_in_all,
    ),
    Change(
        ChangeKind.WITHDRAWN,
        found=_withdrawn,
        on=day_of("withdrawn_at"),
        what=F("activity__title"),
        who="withdrawn_by_id",
        told=together(
            "tillfällen drogs tillbaka",
            lambda: f"{reverse('occasions')}?tillbakadragna=on",
            alone=one_by_one(
                lambda row: f"Ett tillfälle av ”{row.what}” drogs tillbaka", "occasion"
            ),
        ),
    ),
    Change(
        ChangeKind.READINGS,
        found=_readings,
        on=day_of("created_at"),
        thing="metric_id",
        what=F("metric__name"),
        told=one_by_one(
            lambda row: f"”{row.what}”: {counted(row.n, 'nytt mätvärde', 'nya mätvärden')}",
            "metric",
        ),
    ),
)
