"""The kinds of change that are told of: what is found of each, and how it is said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from django.db.models import DateField, Exists, OuterRef, QuerySet, Value
from django.urls import reverse

from followup.models import (
    Decision,
    Forecast,
    Meeting,
    Occasion,
    Reading,
    ReviewDocument,
    Signoff,
    Submission,
    Task,
)
from followup.numbers.targets import WindowForecast
from followup.overview.changes import Change, ChangeKind, ChangeLine, LookBack, Row, lines_of
from followup.swedish import counted, format_number
from promises.models import ActionPlan, Activity, Member, Metric, SituationPicture


def changes_since(
    member: Member, since: date, on: date, forecasts: Iterable[WindowForecast]
) -> list[ChangeLine]:
    """What has changed from the day on that the member may see; `forecasts` are today's."""
    return lines_of(CHANGES, LookBack(member, since, on), forecasts)


class _Logged(Change):
    """How many occasions were logged in all, and how many of them by the reader."""

    def lines(self, rows: list[Row], back: LookBack) -> Iterator[ChangeLine]:
        if not rows:
            return
        count = sum(row.n for row in rows)
        own = sum(row.n for row in rows if row.thing == back.member.pk)
        sentence = counted(count, "tillfälle loggat", "tillfällen loggade")
        if 0 < own < count:
            sentence += f", {format_number(own)} av dig"
        address = f"{reverse('occasions')}?loggat_fran={back.since.isoformat()}"
        yield ChangeLine(self.kind, sentence, address, max(row.on for row in rows), own == count)


def _cancelled(back: LookBack) -> QuerySet[Activity]:
    """Cancelled by now and not before: only the history knows when, so it is dated the first day."""
    as_cancelled = Activity.history.filter(id=OuterRef("pk"), status=Activity.Status.CANCELLED)
    return back.activities.filter(
        Exists(as_cancelled.filter(history_date__gte=back.moment)),
        ~Exists(as_cancelled.filter(history_date__lt=back.moment)),
        status=Activity.Status.CANCELLED,
    ).annotate(known_on=Value(back.since, output_field=DateField()))


def _forecasts_withdrawn(back: LookBack) -> QuerySet[Forecast]:
    """One that was replaced is told of by the one that took its place."""
    replaced = Forecast.objects.standing().filter(activity=OuterRef("activity"))
    mine = Forecast.objects.filter(activity__in=back.activities, made_at__lt=back.moment)
    return mine.exclude(Exists(replaced))


def _readings(back: LookBack) -> QuerySet[Reading]:
    """What was counted at an occasion comes with it."""
    metrics = Metric.objects.visible_to(back.member)
    return Reading.objects.standing().filter(metric__in=metrics, occasion__isnull=True)


def _meetings(back: LookBack) -> QuerySet[Meeting]:
    return Meeting.objects.filter(agreement__in=back.agreements)


def _submissions(back: LookBack) -> QuerySet[Submission]:
    return Submission.objects.filter(review__agreement__in=back.agreements)


def _review(row: Row) -> str:
    return f"ppföljningen till och med {row.what_day}"


CHANGES = (
    _Logged(
        ChangeKind.LOGGED,
        found=lambda back: Occasion.objects.visible_to(back.member).carried_out(),
        on="created_at",
        thing="member_id",
    ),
    Change(
        ChangeKind.WITHDRAWN,
        found=lambda back: Occasion.objects.visible_to(back.member),
        on="withdrawn_at",
        said=lambda row: f"Ett tillfälle av ”{row.what}” drogs tillbaka",
        page="occasion",
        what="activity__title",
        who="withdrawn_by_id",
        together=(
            "tillfällen drogs tillbaka",
            lambda back: f"{reverse('occasions')}?tillbakadragna=on",
        ),
    ),
    Change(
        ChangeKind.READINGS,
        found=_readings,
        on="created_at",
        said=lambda row: f"”{row.what}”: {counted(row.n, 'nytt mätvärde', 'nya mätvärden')}",
        page="metric",
        thing="metric_id",
        what="metric__name",
    ),
    Change(
        ChangeKind.REVIEW_SUBMITTED,
        found=_submissions,
        on="submitted_at",
        said=lambda row: f"U{_review(row)} lämnades in",
        page="review",
        thing="review_id",
        what="review__ends_on",
        who="submitted_by_id",
    ),
    Change(
        ChangeKind.REVIEW_RETURNED,
        found=_submissions,
        on="returned_at",
        said=lambda row: f"U{_review(row)} återlämnades",
        page="review",
        thing="review_id",
        what="review__ends_on",
        who="returned_by_id",
    ),
    Change(
        ChangeKind.REVIEW_SIGNED,
        found=lambda back: Signoff.objects.filter(submission__in=_submissions(back)),
        on="signed_at",
        said=lambda row: f"{row.how} skrev under u{_review(row)}",
        page="review",
        thing="submission__review_id",
        what="submission__review__ends_on",
        how="name",
        who="member_id",
    ),
    Change(
        ChangeKind.REVIEW_ADOPTED,
        found=lambda back: ReviewDocument.objects.filter(submission__in=_submissions(back)),
        on="adopted_at",
        said=lambda row: f"U{_review(row)} är fastställd",
        page="review",
        thing="submission__review_id",
        what="submission__review__ends_on",
    ),
    Change(
        ChangeKind.MEETING_CALLED,
        found=lambda back: _meetings(back).exclude(status=Meeting.Status.CANCELLED),
        on="called_at",
        said=lambda row: f"Kallelse till mötet {row.what_day}",
        page="meeting",
        what="date",
    ),
    Change(
        ChangeKind.MEETING_HELD,
        found=lambda back: _meetings(back).held(back.on),
        on="date",
        said=lambda row: f"Mötet {row.what_day} hölls",
        page="meeting",
        what="date",
    ),
    Change(
        ChangeKind.MINUTES_SIGNED,
        found=_meetings,
        on="locked_at",
        said=lambda row: f"Protokollet från {row.what_day} justerades",
        page="meeting",
        what="date",
        who="chair_id",
    ),
    Change(
        ChangeKind.DECISIONS,
        found=lambda back: Decision.objects.filter(meeting__in=_meetings(back), withdrawn_at=None),
        on="created_at",
        said=lambda row: f"{row.n} beslut på mötet {row.what_day}",
        page="meeting",
        thing="meeting_id",
        what="meeting__date",
    ),
    Change(
        ChangeKind.TASK_CLOSED,
        found=lambda back: Task.objects.filter(agreement__in=back.agreements),
        on="closed_on",
        said=lambda row: f"Uppdraget ”{row.what}” är avslutat",
        page="task",
        what="title",
        who="owner_id",
        together=("uppdrag avslutade", lambda back: f"{reverse('tasks')}?visa=klara"),
    ),
    Change(
        ChangeKind.PICTURE_ADOPTED,
        found=lambda back: SituationPicture.objects.filter(agreement__in=back.agreements),
        on="adopted_on",
        said=lambda row: f"Lägesbild antagen av {row.what}",
        page="situation_picture",
        what="adopting_body",
    ),
    Change(
        ChangeKind.PLAN_DECIDED,
        found=lambda back: ActionPlan.objects.filter(picture__agreement__in=back.agreements),
        on="decided_on",
        said=lambda row: f"Åtgärdsplan beslutad av {row.what}",
        page="action_plan",
        what="deciding_body",
    ),
    Change(
        ChangeKind.ACTIVITY_ADDED,
        found=lambda back: back.activities.exclude(status=Activity.Status.CANCELLED),
        on="created_at",
        said=lambda row: f"Ny aktivitet: ”{row.what}”",
        page="activity",
        what="title",
        together=("nya aktiviteter", lambda back: reverse("activities")),
    ),
    Change(
        ChangeKind.ACTIVITY_CANCELLED,
        found=_cancelled,
        on="known_on",
        said=lambda row: f"”{row.what}” ställdes in",
        page="activity",
        what="title",
    ),
    Change(
        ChangeKind.FORECAST_SET,
        found=lambda back: Forecast.objects.standing().filter(activity__in=back.activities),
        on="made_at",
        said=lambda row: f"”{row.what}” bedömdes till {Forecast.Value(row.how).label}",
        page="activity",
        thing="activity_id",
        what="activity__title",
        how="value",
        who="made_by_id",
    ),
    Change(
        ChangeKind.FORECAST_WITHDRAWN,
        found=_forecasts_withdrawn,
        on="withdrawn_at",
        said=lambda row: f"Bedömningen av ”{row.what}” togs tillbaka",
        page="activity",
        thing="activity_id",
        what="activity__title",
        who="withdrawn_by_id",
    ),
)
