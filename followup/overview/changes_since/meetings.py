"""Changes in the collaboration: meetings called, held and signed, decisions, and tasks closed."""

from __future__ import annotations

from django.db.models import F, QuerySet
from django.urls import reverse

from followup.models import Decision, Meeting, Task
from followup.overview.changes_since.change import (
    Change,
    ChangeKind,
    LookBack,
    Row,
    day_of,
    one_by_one,
    together,
)

# A meeting that was called, held and signed is told of once, by the last of the three.
FURTHEST_FIRST = (ChangeKind.MINUTES_SIGNED, ChangeKind.MEETING_HELD, ChangeKind.MEETING_CALLED)


def keep_the_furthest(by_kind: dict[ChangeKind, list[Row]]) -> None:
    """Of the rows of each meeting, keep the one of the furthest it has come."""
    told: set[int] = set()
    for kind in FURTHEST_FIRST:
        by_kind[kind] = [row for row in by_kind[kind] if row.thing not in told]
        told |= {row.thing for row in by_kind[kind]}


def _meetings(back: LookBack) -> QuerySet[Meeting]:
    return Meeting.objects.filter(agreement__in=back.agreements)


def _called(back: LookBack) -> QuerySet[Meeting]:
    called = _meetings(back).filter(called_at__gte=back.moment)
    return called.exclude(status=Meeting.Status.CANCELLED)


def _held(back: LookBack) -> QuerySet[Meeting]:
    return _meetings(back).held().filter(date__gte=back.since)


def _signed(back: LookBack) -> QuerySet[Meeting]:
    return _meetings(back).filter(locked_at__gte=back.moment)


def _decisions(back: LookBack) -> QuerySet[Decision]:
    return Decision.objects.filter(
        meeting__in=_meetings(back), withdrawn_at__isnull=True, created_at__gte=back.moment
    )


def _closed(back: LookBack) -> QuerySet[Task]:
    return Task.objects.filter(agreement__in=back.agreements, closed_on__gte=back.since)


MEETING_CHANGES = (
    Change(
        ChangeKind.MEETING_CALLED,
        found=_called,
        on=day_of("called_at"),
        what=F("date"),
        told=one_by_one(lambda row: f"Kallelse till mötet {row.what_day}", "meeting"),
    ),
    Change(
        ChangeKind.MEETING_HELD,
        found=_held,
        on=F("date"),
        what=F("date"),
        told=one_by_one(lambda row: f"Mötet {row.what_day} hölls", "meeting"),
    ),
    Change(
        ChangeKind.MINUTES_SIGNED,
        found=_signed,
        on=day_of("locked_at"),
        what=F("date"),
        who="chair_id",
        told=one_by_one(lambda row: f"Protokollet från {row.what_day} justerades", "meeting"),
    ),
    Change(
        ChangeKind.DECISIONS,
        found=_decisions,
        on=day_of("created_at"),
        thing="meeting_id",
        what=F("meeting__date"),
        told=one_by_one(lambda row: f"{row.n} beslut på mötet {row.what_day}", "meeting"),
    ),
    Change(
        ChangeKind.TASK_CLOSED,
        found=_closed,
        on=F("closed_on"),
        what=F("title"),
        who="owner_id",
        told=together(
            "uppdrag avslutade",
            lambda: f"{reverse('tasks')}?visa=klara",
            alone=one_by_one(lambda row: f"Uppdraget ”{row.what}” är avslutat", "task"),
        ),
    ),
)
