"""Paragraph by paragraph: what the portal has to show for it, and what lacks."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from dateutil.relativedelta import relativedelta
from django.db.models import Count, Max
from django.urls import reverse
from django.utils.formats import date_format

from followup.law.clocks import Duty
from followup.law.facts import Facts, HeldMeetings
from followup.law.rows import ClockRow
from followup.models import LawParagraph, Meeting, Occasion, Report
from followup.models.occasion import last_known_day
from followup.swedish import counted
from promises.models import Appointment, Party

# How far back a report to fullmäktige is looked for (13 §, "fortlöpande"). The law gives no number
# of months; this is the portal's.
REPORTED_WITHIN = relativedelta(years=1)


class Evidence(NamedTuple):
    """Something that shows it, and the page where it is seen."""

    text: str
    address: str = ""


class Shown(NamedTuple):
    """What there is to show for a paragraph, and what lacks; `lack` is empty when nothing does."""

    evidence: tuple[Evidence, ...] = ()
    lack: str = ""


# --- 4–6 §§: lägesbild and åtgärdsplan ------------------------------------------------------


PARTS = {
    "extent": "kartläggning av omfattningen",
    "consequences": "kartläggning av konsekvenserna",
    "other_information": "annan information",
    "analysis": "analys",
}


def _situation_picture(facts: Facts) -> Shown:
    picture = facts.picture
    if picture is None:
        return Shown(lack="Ingen lägesbild är antagen.")
    adopted = Evidence(
        f"Lägesbild, utgåva {picture.edition}, antagen {date_format(picture.adopted_on)} av "
        f"{picture.adopting_body}",
        picture.get_absolute_url(),
    )
    absent = [words for name, words in PARTS.items() if not getattr(picture, name).strip()]
    if absent:
        return Shown((adopted,), f"Lägesbilden saknar {', '.join(absent)}.")
    parts = Evidence("Den har kartläggning, annan information och analys", adopted.address)
    return Shown((adopted, parts))


def _action_plan(facts: Facts) -> Shown:
    plan = facts.plan
    if plan is None:
        return Shown(lack="Ingen åtgärdsplan är beslutad.")
    number = plan.registry_number
    decided = Evidence(
        f"Åtgärdsplan beslutad {date_format(plan.decided_on)} av {plan.deciding_body}, "
        + (f"diarienummer {number}" if number else "utan diarienummer"),
        plan.get_absolute_url(),
    )
    if not plan.picture.is_adopted:
        return Shown((decided,), "Lägesbilden som planen grundas på är inte antagen.")
    grounds = Evidence(
        f"Grundas på lägesbilden, utgåva {plan.picture.edition}", plan.picture.get_absolute_url()
    )
    return Shown((decided, grounds))


def _update(facts: Facts) -> Shown:
    """The law's own clocks; the agreement's is apart, and shows nothing here."""
    evidence, lacks = [], []
    for duty, thing, without in (
        (Duty.PICTURE, facts.picture, "Det finns ingen antagen lägesbild att uppdatera."),
        (Duty.PLAN, facts.plan, "Det finns ingen åtgärdsplan att följa upp."),
    ):
        if thing is None:
            lacks.append(without)
        elif (clock := facts.clocks[duty]).is_overdue:
            lacks.append(f"{duty} senast {date_format(clock.due_on)}, och den dagen har passerat.")
        else:
            evidence.append(Evidence(_in_time(duty, clock), thing.get_absolute_url()))
    return Shown(tuple(evidence), " ".join(lacks))


def _in_time(duty: Duty, clock: ClockRow) -> str:
    due = date_format(clock.due_on)
    if clock.last_on:
        return f"{duty} senast {due}. Gjordes {date_format(clock.last_on)}"
    return f"{duty} första gången senast {due}"


# --- 7–9 §§: samverkan and överenskommelser -------------------------------------------------


def _cooperation(facts: Facts) -> Shown:
    held = facts.meetings.get(Meeting.Kind.GROUP, HeldMeetings())
    if not held.lately:
        return Shown(lack="Samverkansgruppen har inte haft något möte de senaste två åren.")
    meetings = counted(held.lately, "möte", "möten")
    return Shown(
        (
            Evidence(
                f"Samverkansgruppen har haft {meetings} de senaste två åren, senast "
                f"{date_format(held.last_on)}",
                reverse("meetings"),
            ),
        )
    )


def _agreements(facts: Facts) -> Shown:
    evidence = tuple(
        Evidence(
            f"{one.title}, gäller från och med {date_format(one.valid_from)}. Parter: "
            + ", ".join(party.short_name for party in one.parties.all()),
            one.get_absolute_url(),
        )
        for one in facts.register
    )
    return Shown(evidence, "" if evidence else "Ingen överenskommelse gäller.")


def _agreement_contents(facts: Facts) -> Shown:
    evidence, lacks = [], []
    for one in facts.register:
        if not one.purposes:
            lacks.append(f"{one.title} har inga mål inlagda som visar syftena.")
        if not one.areas:
            lacks.append(f"{one.title} har inga åtaganden inlagda som visar områdena.")
        if one.purposes and one.areas:
            areas = counted(one.areas, "åtagande", "åtaganden")
            evidence.append(
                Evidence(
                    f"Syftena visas av {one.purposes} mål och områdena av {areas}",
                    one.get_absolute_url(),
                )
            )
    if not evidence and not lacks:
        lacks.append("Ingen överenskommelse gäller.")
    return Shown(tuple(evidence), " ".join(lacks))


# --- 10–13 §§: råd, samordning, information, ledning ----------------------------------------


def _council(facts: Facts) -> Shown:
    held = facts.meetings.get(Meeting.Kind.COUNCIL, HeldMeetings())
    seats = Appointment.objects.of_council(facts.agreement).in_force(facts.on)
    latest = (
        Meeting.objects.held(facts.on)
        .filter(agreement__in=facts.agreement.line, kind=Meeting.Kind.COUNCIL)
        .select_related("chair__party")
        .order_by("-date", "-id")
        .first()
    )
    evidence, lacks = [], []
    if number := seats.count():
        members = counted(number, "ledamot", "ledamöter")
        evidence.append(Evidence(f"Rådet har {members}", f"{reverse('promises')}#ataganden"))
    else:
        lacks.append("Ingen ledamot i rådet är utsedd.")
    if held.lately:
        meetings = counted(held.lately, "möte", "möten")
        evidence.append(
            Evidence(
                f"Rådet har haft {meetings} de senaste två åren, senast "
                f"{date_format(held.last_on)}",
                f"{reverse('meetings')}?slag=rad",
            )
        )
        if latest.chair is None:
            lacks.append("Det är inte noterat vem som ledde det senaste mötet i rådet.")
        elif latest.chair.party.kind != Party.Kind.MUNICIPALITY:
            lacks.append("Det senaste mötet i rådet leddes inte av kommunen.")
    else:
        lacks.append("Rådet har inte haft något möte de senaste två åren.")
    return Shown(tuple(evidence), " ".join(lacks))


def _coordination(facts: Facts) -> Shown:
    appointed = Appointment.objects.in_force(facts.on).filter(
        agreement=facts.agreement,
        function=Appointment.Function.COORDINATOR,
        party__kind=Party.Kind.MUNICIPALITY,
    )
    evidence = tuple(
        Evidence(
            f"{one.title or 'Samordnare'}, utsedd av {one.party.short_name.lower()} från och med "
            f"{one.first_day}",
            f"{reverse('promises')}#ataganden",
        )
        for one in appointed.select_related("party")
    )
    return Shown(evidence, "" if evidence else "Kommunen har ingen utsedd samordnare.")


def _information(facts: Facts) -> Shown:
    published = (
        Occasion.objects.published()
        .logged_by(facts.on)
        .in_line_with(facts.agreement)
        .filter(date__lte=facts.on)
        .aggregate(n=Count("id"), last_on=last_known_day())
    )
    if not published["n"]:
        return Shown(lack="Inget tillfälle är publicerat för invånarna.")
    occasions = counted(published["n"], "publicerat tillfälle", "publicerade tillfällen")
    last_on = published["last_on"]
    last = f", det senaste från {date_format(last_on)}" if last_on else ""
    return Shown(
        (
            Evidence(
                f"Invånarna kan läsa om {occasions}{last}",
                f"{reverse('occasions')}?publicerade=on&till={facts.on:%Y-%m-%d}"
                f"&loggat_till={facts.on:%Y-%m-%d}",
            ),
        )
    )


def _leadership(facts: Facts) -> Shown:
    reports = Report.objects.standing().filter(
        agreement__in=facts.agreement.line,
        kind=Report.Kind.COUNCIL,
        reported_on__lte=facts.on,
    )
    reported = reports.aggregate(n=Count("id"), last_on=Max("reported_on"))
    if not reported["n"]:
        return Shown(lack="Ingen rapport till fullmäktige är antecknad.")
    times = counted(reported["n"], "gång", "gånger")
    last = date_format(reported["last_on"])
    evidence = Evidence(f"Rapporterat till fullmäktige {times}, senast {last}", reverse("reports"))
    if reported["last_on"] <= facts.on - REPORTED_WITHIN:
        return Shown((evidence,), f"Mer än ett år har gått sedan rapporten {last}.")
    return Shown((evidence,))


SHOWN_FOR: dict[LawParagraph, Callable[[Facts], Shown]] = {
    LawParagraph.SITUATION_PICTURE: _situation_picture,
    LawParagraph.ACTION_PLAN: _action_plan,
    LawParagraph.UPDATE: _update,
    LawParagraph.COOPERATION: _cooperation,
    LawParagraph.AGREEMENTS: _agreements,
    LawParagraph.AGREEMENT_CONTENTS: _agreement_contents,
    LawParagraph.COUNCIL: _council,
    LawParagraph.COORDINATION: _coordination,
    LawParagraph.INFORMATION: _information,
    LawParagraph.LEADERSHIP: _leadership,
}
