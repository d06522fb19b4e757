"""By what each undertaking (åtagande) is seen to be kept, and where nothing shows it: a gap.

Which kind of evidence an undertaking has is data (`Undertaking.evidence`):

    TIME         the minutes its party has logged, on everything under the agreement
    COORDINATOR  who is appointed, today and on each day asked about, as far as it is noted
    MEETINGS     the samverkansgrupp's meetings that were held
    ACTIVITIES   the occasions carried out under it

An occasion whose time nobody noted counts as an occasion without a figure, never as 0 minutes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Count, Max, Sum
from django.db.models.functions import ExtractYear
from django.utils.formats import date_format

from followup.models import Meeting, Occasion, Statement
from followup.models.occasion import OccasionQuerySet, last_known_day
from followup.numbers.totals import Total
from followup.swedish import counted, days_in_words, in_a_row, working_time
from followup.time.spans import Span
from promises.models import Agreement, Appointment, Party, Undertaking

Evidence = Undertaking.Evidence


@dataclass(frozen=True)
class UndertakingEvidence:
    """What there is to show for an undertaking, and what lacks; either is empty when nothing is.

    `statements` are what the parties themselves say of the time. They are shown as that, beside
    what is noted and logged. Where nothing is, they are the evidence there is.
    """

    undertaking: Undertaking
    sentence: str
    lack: str
    statements: tuple[Statement, ...] = ()

    @property
    def in_words(self) -> str:
        """All there is to show: what is noted and logged, and then what is stated."""
        stated = (statement.in_words for statement in self.statements)
        return " ".join(filter(None, (self.sentence, *stated)))

    @property
    def is_evident(self) -> bool:
        return not self.lack

    @property
    def value(self) -> str:
        return "evident" if self.is_evident else "missing"

    @property
    def label(self) -> str:
        return "Finns" if self.is_evident else "Saknas"


def undertaking_evidence(
    agreement: Agreement, span: Span, on: date, cutoff_on: date | None = None
) -> tuple[UndertakingEvidence, ...]:
    """The evidence for each of the agreement's undertakings in the span, in five queries.

    With a cut-off, what was logged after that day does not count.

    Who is appointed is asked about the day `on`, and about each day of the span up to then from
    the agreement's first.
    """
    undertakings = agreement.undertakings.select_related("responsible")
    logged = Occasion.objects.carried_out(within=span).of_agreement(agreement)
    if cutoff_on is not None:
        logged = logged.logged_by(cutoff_on)
    facts = _Facts(
        time=_logged_time(logged, "party_id"),
        appointments=_coordinators(agreement),
        meetings=_meetings(agreement, span, on),
        occasions=_by_undertaking(logged),
        asked=Span(agreement.valid_from, on).overlap(span),
        on=on,
    )
    stated = _statements(agreement, span, cutoff_on)
    return tuple(
        _evidence(one, _TELL[Evidence(one.evidence)](one, facts), tuple(stated[one.pk]))
        for one in undertakings
    )


def _evidence(
    undertaking: Undertaking, told: _Told, statements: tuple[Statement, ...]
) -> UndertakingEvidence:
    lack = "" if statements and told.is_unnoted else told.lack
    return UndertakingEvidence(undertaking, told.sentence, lack, statements)


def _statements(
    agreement: Agreement, span: Span, cutoff_on: date | None
) -> defaultdict[int, list[Statement]]:
    stated = Statement.objects.standing().of_some_of(span)
    if cutoff_on is not None:
        stated = stated.logged_by(cutoff_on)
    found = stated.filter(undertaking__agreement=agreement).select_related("party")
    of: defaultdict[int, list[Statement]] = defaultdict(list)
    for statement in found.order_by("date", "id"):
        of[statement.undertaking_id].append(statement)
    return of


class _Heap(NamedTuple):
    """Some occasions or meetings: how many, and the day of the last."""

    number: int = 0
    last_on: date | None = None

    def told(self, one: str, several: str) -> _Told:
        last = f", senast {date_format(self.last_on)}" if self.last_on else ""
        return _Told(f"{counted(self.number, one, several)}{last}.")


class _Facts(NamedTuple):
    """What the database told about the span, for every undertaking at once."""

    time: dict[tuple, LoggedTime]
    appointments: list[Appointment]
    meetings: _Heap
    occasions: dict[int, _Heap]
    asked: Span
    on: date


class _Told(NamedTuple):
    sentence: str = ""
    lack: str = ""
    is_unnoted: bool = False
    """Whether it lacks because nobody has noted anything, which a party may state instead."""


# --- Avsatt tid ----------------------------------------------------------------------------


def _told_by_time(undertaking: Undertaking, facts: _Facts) -> _Told:
    party = undertaking.responsible
    shares = [
        share
        for (key,), share in facts.time.items()
        if party is None or key == undertaking.responsible_id
    ]
    occasions = sum(share.occasions for share in shares)
    minutes = sum((share.minutes for share in shares), Total())
    by = f" av {party.short_name.lower()}" if party else ""
    if not minutes.known:
        lack = f"Ingen tid är loggad{by}."
        if minutes.unknown_occasions:
            lack += f" {counted(minutes.unknown_occasions, 'tillfälle', 'tillfällen')} saknar tid."
        return _Told(lack=lack, is_unnoted=True)
    on_occasions = counted(occasions, "tillfälle", "tillfällen")
    sentence = f"{working_time(minutes.known)} loggade{by} på {on_occasions}"
    if minutes.unknown_occasions:
        sentence += f", varav {minutes.unknown_occasions} utan uppgift om tid"
    return _Told(f"{sentence}.")


class LoggedTime(NamedTuple):
    """Some logged time: minutes, and on how many occasions."""

    occasions: int = 0
    minutes: Total = Total()


def _logged_time(logged: OccasionQuerySet, *by: str) -> dict[tuple, LoggedTime]:
    """The time of the occasions that are alike in the fields, by what those are."""
    rows = (
        logged.order_by()
        .values_list(*by)
        .annotate(n=Count("id"), known=Sum("minutes"), with_minutes=Count("minutes"))
    )
    return {
        tuple(key): LoggedTime(n, Total(known, n - with_minutes))
        for *key, n, known, with_minutes in rows
    }


@dataclass(frozen=True)
class PartyTime:
    """The time a party logged in a year."""

    party: Party
    occasions: int
    minutes: Total


@dataclass(frozen=True)
class YearTime:
    year: int
    shares: tuple[PartyTime, ...]


def time_by_year(
    agreement: Agreement, on: date, first: Party | None = None
) -> tuple[YearTime, ...]:
    """The time each party logged, every calendar year of the agreement up to the date.

    The years are whole ones, also the one in which the agreement began; the party named comes
    first among the parties. Two queries.
    """
    parties = sorted(agreement.parties.all(), key=lambda party: (party != first, party.pk))
    years = range(agreement.valid_from.year, max(on, agreement.valid_from).year + 1)
    span = Span(Span.of_year(years[0]).starts_on, Span.of_year(years[-1]).ends_on)
    logged = Occasion.objects.carried_out(within=span).of_agreement(agreement)
    found = _logged_time(logged.annotate(year=ExtractYear("date")), "year", "party_id")
    return tuple(
        YearTime(
            year,
            tuple(
                PartyTime(party, *found.get((year, party.pk), LoggedTime())) for party in parties
            ),
        )
        for year in years
    )


# --- En utsedd samordnare ------------------------------------------------------------------


def _told_by_coordinator(undertaking: Undertaking, facts: _Facts) -> _Told:
    own = [
        appointment
        for appointment in facts.appointments
        if undertaking.responsible_id in {None, appointment.party_id}
    ]
    if not own:
        # Nobody has noted anybody: that is not so many days without.
        return _Told(lack="Ingen uppgift om någon utsedd.", is_unnoted=True)
    now = [appointment for appointment in own if appointment.holds(facts.on)]
    lacks = [] if now else ["Ingen är utsedd i dag."]
    if empty := vacancies(own, facts.asked):
        days = sum(stretch.days for stretch in empty)
        when = in_a_row(days_in_words(*stretch) for stretch in empty)
        lacks.append(f"{counted(days, 'dag', 'dagar')} utan någon utsedd: {when}.")
    return _Told(" ".join(_who(appointment) for appointment in now), " ".join(lacks))


def _coordinators(agreement: Agreement) -> list[Appointment]:
    coordinators = agreement.appointments.filter(function=Appointment.Function.COORDINATOR)
    return list(coordinators.select_related("member"))


def vacancies(appointments: Iterable[Appointment], within: Span) -> list[Span]:
    """The stretches of days within the span on which none of the appointments held, in order.

    One since an unknown day leaves none before its last: nobody has said that they were empty.
    """
    empty, from_on = [], within.starts_on
    for appointment in sorted(appointments, key=lambda one: one.starts_on or date.min):
        if appointment.starts_on:
            last_empty = min(appointment.starts_on - timedelta(days=1), within.ends_on)
            if from_on <= last_empty:
                empty.append(Span(from_on, last_empty))
        if appointment.ends_on is None:
            return empty
        from_on = max(from_on, appointment.ends_on + timedelta(days=1))
    if from_on <= within.ends_on:
        empty.append(Span(from_on, within.ends_on))
    return empty


def _who(appointment: Appointment) -> str:
    title = f" ({appointment.title})" if appointment.title else ""
    return f"{appointment.member.name}{title} sedan {appointment.first_day}."


# --- Samverkansgruppens möten --------------------------------------------------------------


def _told_by_meetings(undertaking: Undertaking, facts: _Facts) -> _Told:
    held = facts.meetings
    if not held.number:
        return _Told(lack="Inget möte är genomfört.", is_unnoted=True)
    return held.told("möte genomfört", "möten genomförda")


def _meetings(agreement: Agreement, span: Span, on: date) -> _Heap:
    held = Meeting.objects.held(on).filter(
        agreement=agreement, kind=Meeting.Kind.GROUP, date__range=span
    )
    return _Heap(**held.aggregate(number=Count("id"), last_on=Max("date")))


# --- Aktiviteter ---------------------------------------------------------------------------


def _told_by_activities(undertaking: Undertaking, facts: _Facts) -> _Told:
    carried_out = facts.occasions[undertaking.pk]
    if not carried_out.number:
        return _Told(lack="Inget tillfälle är genomfört.", is_unnoted=True)
    return carried_out.told("tillfälle genomfört", "tillfällen genomförda")


def _by_undertaking(logged: OccasionQuerySet) -> defaultdict[int, _Heap]:
    rows = (
        logged.filter(activity__undertaking__isnull=False)
        .order_by()
        .values("activity__undertaking_id")
        .annotate(number=Count("id"), last_on=last_known_day())
    )
    heaps: defaultdict[int, _Heap] = defaultdict(_Heap)
    for row in rows:
        heaps[row["activity__undertaking_id"]] = _Heap(row["number"], row["last_on"])
    return heaps


_TELL = {
    Evidence.TIME: _told_by_time,
    Evidence.COORDINATOR: _told_by_coordinator,
    Evidence.MEETINGS: _told_by_meetings,
    Evidence.ACTIVITIES: _told_by_activities,
}
