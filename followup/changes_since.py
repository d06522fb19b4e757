"""What has changed since a day: what others have done first, each line leading to what is behind it.

Everything that leaves a date of its own is read in one query, as rows of the same form (`_ROWS`);
rows of a kind that say little one by one become a line with their number. The prognoses that the
figures have moved by themselves are found by computing them as they stood.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import (
    CharField,
    Count,
    DateField,
    Exists,
    F,
    IntegerField,
    Max,
    OuterRef,
    QuerySet,
    TextChoices,
    Value,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from followup.figures import WindowForecast, format_number
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
from followup.models.occasion import start_of
from followup.progress import computed_as_of
from promises.models import ActionPlan, Activity, Agreement, Member, Metric, SituationPicture

FIRST_VISIT = timedelta(days=30)


# --- Since when ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Since:
    """A day to look back to: `key` stands in the address. That day's own changes are included."""

    key: str
    label: str
    heading: str
    day: date


def ways_to_look_back(member: Member, on: date) -> list[Since]:
    """Since the member's last visit, and the last 7 and 30 days."""
    ways = [
        Since(str(days), f"{days} dagar", f"De senaste {days} dagarna", on - timedelta(days=days))
        for days in (7, 30)
    ]
    if member.previous_login is None:
        return [
            Since("besok", "Första besöket", "De senaste 30 dagarna", on - FIRST_VISIT),
            *ways,
        ]
    day = timezone.localdate(member.previous_login)
    heading = f"Sedan besöket {date_format(day)}"
    return [Since("besok", "Senaste besöket", heading, day), *ways]


def choose_since(ways: list[Since], key: str | None) -> Since:
    """The way with the key; when nobody asks for one that exists, since the last visit."""
    return next((way for way in ways if way.key == key), ways[0])


# --- The rows --------------------------------------------------------------------------------


class ChangeKind(TextChoices):
    """What has happened, the weightiest first: the order of the lines."""

    LOGGED = "logged"
    REVIEW_ADOPTED = "review_adopted"
    REVIEW_RETURNED = "review_returned"
    REVIEW_SUBMITTED = "review_submitted"
    REVIEW_SIGNED = "review_signed"
    PICTURE_ADOPTED = "picture_adopted"
    PLAN_DECIDED = "plan_decided"
    FORECAST_SET = "forecast_set"
    FORECAST_CHANGED = "forecast_changed"
    FORECAST_WITHDRAWN = "forecast_withdrawn"
    DECISIONS = "decisions"
    MINUTES_SIGNED = "minutes_signed"
    MEETING_HELD = "meeting_held"
    MEETING_CALLED = "meeting_called"
    ACTIVITY_CANCELLED = "activity_cancelled"
    WITHDRAWN = "withdrawn"
    TASK_CLOSED = "task_closed"
    ACTIVITY_ADDED = "activity_added"
    READINGS = "readings"


class _Row(NamedTuple):
    """A thing that happened: to what (`thing` is its key), when, said with what, by whom."""

    kind: str
    thing: int
    on: date
    what: str
    how: str
    who: int | None
    n: int


def _rows(
    kind: ChangeKind,
    found: QuerySet,
    *,
    on: Combinable,
    what: Combinable,
    thing: str = "pk",
    how: Combinable | None = None,
    who: str | None = None,
) -> QuerySet:
    """The found as rows; those that are alike in everything but the day are one, with a number."""
    nobody = Cast(Value(None), IntegerField())
    return (
        found.order_by()
        .annotate(
            row_kind=Value(kind.value, output_field=CharField()),
            row_thing=F(thing),
            row_what=Cast(what, CharField()),
            row_how=Cast(how or Value(""), CharField()),
            row_who=F(who) if who else nobody,
        )
        .values("row_kind", "row_thing", "row_what", "row_how", "row_who")
        .annotate(row_on=Max(on), row_n=Count("pk"))
        .values_list("row_kind", "row_thing", "row_on", "row_what", "row_how", "row_who", "row_n")
    )


def _day_of(moment: str) -> TruncDate:
    return TruncDate(moment, output_field=DateField())


def _all_rows(member: Member, since: date) -> Iterator[QuerySet]:
    """One query set for each kind of change, of what the member may see."""
    moment = start_of(since)
    agreements = Agreement.objects.visible_to(member)
    activities = Activity.objects.visible_to(member)
    occasions = Occasion.objects.visible_to(member)
    yield _rows(
        ChangeKind.LOGGED,
        occasions.carried_out().logged_since(since),
        thing="member_id",
        on=_day_of("created_at"),
        what=Value(""),
        who="member_id",
    )
    yield _rows(
        ChangeKind.WITHDRAWN,
        occasions.filter(withdrawn_at__gte=moment),
        on=_day_of("withdrawn_at"),
        what=F("activity__title"),
        who="withdrawn_by_id",
    )
    submissions = Submission.objects.filter(review__agreement__in=agreements)
    ends_on = F("review__ends_on")
    yield _rows(
        ChangeKind.REVIEW_SUBMITTED,
        submissions.filter(submitted_at__gte=moment),
        thing="review_id",
        on=_day_of("submitted_at"),
        what=ends_on,
        who="submitted_by_id",
    )
    yield _rows(
        ChangeKind.REVIEW_RETURNED,
        submissions.filter(returned_at__gte=moment),
        thing="review_id",
        on=_day_of("returned_at"),
        what=ends_on,
        who="returned_by_id",
    )
    yield _rows(
        ChangeKind.REVIEW_SIGNED,
        Signoff.objects.filter(submission__in=submissions, signed_at__gte=moment),
        thing="submission__review_id",
        on=_day_of("signed_at"),
        what=F("submission__review__ends_on"),
        how=F("name"),
        who="member_id",
    )
    yield _rows(
        ChangeKind.REVIEW_ADOPTED,
        ReviewDocument.objects.filter(submission__in=submissions, adopted_at__gte=moment),
        thing="submission__review_id",
        on=_day_of("adopted_at"),
        what=F("submission__review__ends_on"),
    )
    meetings = Meeting.objects.filter(agreement__in=agreements)
    yield _rows(
        ChangeKind.MEETING_CALLED,
        meetings.filter(called_at__gte=moment).exclude(status=Meeting.Status.CANCELLED),
        on=_day_of("called_at"),
        what=F("date"),
    )
    yield _rows(
        ChangeKind.MEETING_HELD,
        meetings.held().filter(date__gte=since),
        on=F("date"),
        what=F("date"),
    )
    yield _rows(
        ChangeKind.MINUTES_SIGNED,
        meetings.filter(locked_at__gte=moment),
        on=_day_of("locked_at"),
        what=F("date"),
        who="chair_id",
    )
    yield _rows(
        ChangeKind.DECISIONS,
        Decision.objects.filter(
            meeting__in=meetings, withdrawn_at__isnull=True, created_at__gte=moment
        ),
        thing="meeting_id",
        on=_day_of("created_at"),
        what=F("meeting__date"),
    )
    yield _rows(
        ChangeKind.TASK_CLOSED,
        Task.objects.filter(agreement__in=agreements, closed_on__gte=since),
        on=F("closed_on"),
        what=F("title"),
        who="owner_id",
    )
    forecasts = Forecast.objects.filter(activity__in=activities)
    yield _rows(
        ChangeKind.FORECAST_SET,
        forecasts.standing().filter(made_at__gte=moment),
        thing="activity_id",
        on=_day_of("made_at"),
        what=F("activity__title"),
        how=F("value"),
        who="made_by_id",
    )
    # One that was replaced is told of by the one that took its place.
    replaced = Forecast.objects.standing().filter(activity=OuterRef("activity"))
    yield _rows(
        ChangeKind.FORECAST_WITHDRAWN,
        forecasts.filter(withdrawn_at__gte=moment, made_at__lt=moment).exclude(Exists(replaced)),
        thing="activity_id",
        on=_day_of("withdrawn_at"),
        what=F("activity__title"),
        who="withdrawn_by_id",
    )
    yield _rows(
        ChangeKind.PICTURE_ADOPTED,
        SituationPicture.objects.filter(agreement__in=agreements, adopted_on__gte=since),
        on=F("adopted_on"),
        what=F("adopting_body"),
    )
    yield _rows(
        ChangeKind.PLAN_DECIDED,
        ActionPlan.objects.filter(picture__agreement__in=agreements, decided_on__gte=since),
        on=F("decided_on"),
        what=F("deciding_body"),
    )
    yield _rows(
        ChangeKind.ACTIVITY_ADDED,
        activities.filter(created_at__gte=moment).exclude(status=Activity.Status.CANCELLED),
        on=_day_of("created_at"),
        what=F("title"),
    )
    as_cancelled = Activity.history.filter(id=OuterRef("pk"), status=Activity.Status.CANCELLED)
    yield _rows(
        ChangeKind.ACTIVITY_CANCELLED,
        activities.filter(
            Exists(as_cancelled.filter(history_date__gte=moment)),
            ~Exists(as_cancelled.filter(history_date__lt=moment)),
            status=Activity.Status.CANCELLED,
        ),
        on=Value(since, output_field=DateField()),
        what=F("title"),
    )
    # What was counted at an occasion comes with it.
    yield _rows(
        ChangeKind.READINGS,
        Reading.objects.standing().filter(
            metric__in=Metric.objects.visible_to(member),
            occasion__isnull=True,
            created_at__gte=moment,
        ),
        thing="metric_id",
        on=_day_of("created_at"),
        what=F("metric__name"),
    )


# --- The lines -------------------------------------------------------------------------------


@dataclass(frozen=True)
class ChangeLine:
    """Something that has changed, said in a sentence, and the page that shows it.

    `is_own` when all of it is the reader's own doing.
    """

    kind: ChangeKind
    sentence: str
    address: str
    on: date
    is_own: bool = False


def changes_since(
    member: Member, since: date, on: date, forecasts: Iterable[WindowForecast]
) -> list[ChangeLine]:
    """What has changed from the day on that the member may see: others' doing first.

    `forecasts` are today's, of those activities whose prognosis is to be compared with what it
    was when the day began. Three queries, however much has changed.
    """
    first, *rest = _all_rows(member, since)
    by_kind: dict[ChangeKind, list[_Row]] = defaultdict(list)
    for row in first.union(*rest, all=True):
        by_kind[ChangeKind(row[0])].append(_Row(*row))
    _keep_the_furthest(by_kind)
    lines = [
        line for kind, rows in by_kind.items() for line in _in_lines(kind, rows, member, since)
    ]
    lines += _moved(forecasts, since, on)
    order = list(ChangeKind)
    return sorted(lines, key=lambda one: (one.is_own, order.index(one.kind), -one.on.toordinal()))


def _keep_the_furthest(by_kind: dict[ChangeKind, list[_Row]]) -> None:
    """A meeting that was called, held and signed is told of once, by the last of the three."""
    told: set[int] = set()
    for kind in (ChangeKind.MINUTES_SIGNED, ChangeKind.MEETING_HELD, ChangeKind.MEETING_CALLED):
        by_kind[kind] = [row for row in by_kind[kind] if row.thing not in told]
        told |= {row.thing for row in by_kind[kind]}


def _in_lines(
    kind: ChangeKind, rows: list[_Row], member: Member, since: date
) -> Iterator[ChangeLine]:
    if not rows:
        return
    if kind is ChangeKind.LOGGED:
        yield _logged(rows, member, since)
    elif kind in _TOGETHER and len(rows) > 1:
        several, address = _TOGETHER[kind]
        yield ChangeLine(
            kind,
            f"{len(rows)} {several}",
            address(),
            max(row.on for row in rows),
            is_own={row.who for row in rows} == {member.pk},
        )
    else:
        for row in rows:
            sentence, page = _ALONE[kind]
            yield ChangeLine(
                kind, sentence(row), reverse(page, args=[row.thing]), row.on, row.who == member.pk
            )


def _logged(rows: list[_Row], member: Member, since: date) -> ChangeLine:
    count = sum(row.n for row in rows)
    own = sum(row.n for row in rows if row.thing == member.pk)
    sentence = (
        f"{format_number(count)} {'tillfälle loggat' if count == 1 else 'tillfällen loggade'}"
    )
    if own:
        sentence += ", av dig" if own == count else f", {format_number(own)} av dig"
    address = f"{reverse('occasions')}?loggat_fran={since.isoformat()}"
    last_on = max(row.on for row in rows)
    return ChangeLine(ChangeKind.LOGGED, sentence, address, last_on, is_own=own == count)


def _moved(forecasts: Iterable[WindowForecast], since: date, on: date) -> Iterator[ChangeLine]:
    """The prognoses that the figures give another value than when the day began."""
    running = {one.activity.pk: one for one in forecasts}
    before = computed_as_of([one.activity for one in running.values()], since - timedelta(days=1))
    for key, then in before.items():
        now = running[key]
        if then.span == now.span and then.computed != now.computed:
            yield ChangeLine(
                ChangeKind.FORECAST_CHANGED,
                f"”{now.activity.title}” gick från {then.computed.label} till {now.computed.label}",
                now.activity.get_absolute_url(),
                on,
            )


def _day(row: _Row) -> str:
    return date_format(date.fromisoformat(row.what))


def _review(row: _Row) -> str:
    return f"ppföljningen till och med {_day(row)}"


def _readings(row: _Row) -> str:
    return f"”{row.what}”: {row.n} {'nytt mätvärde' if row.n == 1 else 'nya mätvärden'}"


_ALONE: dict[ChangeKind, tuple[Callable[[_Row], str], str]] = {
    ChangeKind.REVIEW_ADOPTED: (lambda row: f"U{_review(row)} är fastställd", "review"),
    ChangeKind.REVIEW_RETURNED: (lambda row: f"U{_review(row)} återlämnades", "review"),
    ChangeKind.REVIEW_SUBMITTED: (lambda row: f"U{_review(row)} lämnades in", "review"),
    ChangeKind.REVIEW_SIGNED: (lambda row: f"{row.how} skrev under u{_review(row)}", "review"),
    ChangeKind.PICTURE_ADOPTED: (
        lambda row: f"Lägesbild antagen av {row.what}",
        "situation_picture",
    ),
    ChangeKind.PLAN_DECIDED: (lambda row: f"Åtgärdsplan beslutad av {row.what}", "action_plan"),
    ChangeKind.FORECAST_SET: (
        lambda row: f"”{row.what}” bedömdes till {Forecast.Value(row.how).label}",
        "activity",
    ),
    ChangeKind.FORECAST_WITHDRAWN: (
        lambda row: f"Bedömningen av ”{row.what}” togs tillbaka",
        "activity",
    ),
    ChangeKind.DECISIONS: (
        lambda row: f"{row.n} beslut på mötet {_day(row)}",
        "meeting",
    ),
    ChangeKind.MINUTES_SIGNED: (lambda row: f"Protokollet från {_day(row)} justerades", "meeting"),
    ChangeKind.MEETING_HELD: (lambda row: f"Mötet {_day(row)} hölls", "meeting"),
    ChangeKind.MEETING_CALLED: (lambda row: f"Kallelse till mötet {_day(row)}", "meeting"),
    ChangeKind.ACTIVITY_CANCELLED: (lambda row: f"”{row.what}” ställdes in", "activity"),
    ChangeKind.WITHDRAWN: (
        lambda row: f"Ett tillfälle av ”{row.what}” drogs tillbaka",
        "occasion",
    ),
    ChangeKind.TASK_CLOSED: (lambda row: f"Uppdraget ”{row.what}” är avslutat", "task"),
    ChangeKind.ACTIVITY_ADDED: (lambda row: f"Ny aktivitet: ”{row.what}”", "activity"),
    ChangeKind.READINGS: (_readings, "metric"),
}

# Kinds that are told of together when there are several.
_TOGETHER: dict[ChangeKind, tuple[str, Callable[[], str]]] = {
    ChangeKind.WITHDRAWN: (
        "tillfällen drogs tillbaka",
        lambda: f"{reverse('occasions')}?tillbakadragna=on",
    ),
    ChangeKind.TASK_CLOSED: ("uppdrag avslutade", lambda: f"{reverse('tasks')}?visa=klara"),
    ChangeKind.ACTIVITY_ADDED: ("nya aktiviteter", lambda: reverse("activities")),
}
