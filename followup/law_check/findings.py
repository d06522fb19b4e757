"""What the portal holds for each paragraph of lag (2023:196), and what lacks.

A paragraph is *evident* when nothing lacks, *noted* when somebody has written why the lack is
none, and else *missing*. The portal can show that something is there; whether it is enough is
for people to judge.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from dateutil.relativedelta import relativedelta
from django.db.models import Count, Max, Q, QuerySet
from django.urls import reverse
from django.utils.formats import date_format

from followup.law_check.clocks import clocks_at, picture_at, plan_at
from followup.law_check.paragraphs import ASKED
from followup.models import LawNote, LawParagraph, Meeting, Occasion, Report
from followup.review_contents.surroundings import (
    ClockRow,
    LawRow,
)
from promises.models import ActionPlan, Agreement, Appointment, Party, SituationPicture

# How far back something that is to go on is looked for: meetings, and (13 §, "fortlöpande")
# reports to fullmäktige. The law gives no number of months; these are the portal's.
MEETINGS_WITHIN = relativedelta(years=2)
REPORTED_WITHIN = relativedelta(years=1)


class Evidence(NamedTuple):
    """Something that shows it, and the page where it is seen."""

    text: str
    address: str = ""


class Shown(NamedTuple):
    """What there is to show for a paragraph, and what lacks; `lack` is empty when nothing does."""

    evidence: tuple[Evidence, ...] = ()
    lack: str = ""


@dataclass(frozen=True)
class Finding:
    """A paragraph of the Lagkontroll as it is read on the page."""

    paragraph: LawParagraph
    evidence: tuple[Evidence, ...]
    lack: str
    note: LawNote | None

    @property
    def heading(self) -> str:
        return ASKED[self.paragraph].heading

    @property
    def asks(self) -> str:
        return ASKED[self.paragraph].asks

    @property
    def state(self) -> str:
        if not self.lack:
            return "evident"
        return "noted" if self.note else "missing"

    @property
    def state_label(self) -> str:
        labels = {"evident": "Visas i portalen", "noted": "Noterat", "missing": "Saknas"}
        return labels[self.state]

    def as_row(self) -> LawRow:
        """The finding as a report keeps it: plain words, no links.

        What a note stands for is no lack any more.
        """
        note = self.note
        return LawRow(
            paragraph=self.paragraph.label,
            heading=self.heading,
            asks=self.asks,
            state=self.state,
            state_label=self.state_label,
            evidence=tuple(one.text for one in self.evidence),
            lack="" if note else self.lack,
            note=f"{note.get_value_display()}. {note.rationale}" if note else "",
            noted_by=note.noted_by.name if note else "",
            noted_on=note.noted_on if note else None,
        )


class LawCheck(NamedTuple):
    """Every paragraph, and the two two-year clocks."""

    findings: tuple[Finding, ...]
    clocks: tuple[ClockRow, ...]


def check_at(agreement: Agreement, on: date) -> LawCheck:
    """The Lagkontroll as of the day, in a constant number of queries.

    The notes are those that stand now: like an assessment, a note is written when the figures
    are in.
    """
    standing = LawNote.objects.standing().filter(agreement=agreement).select_related("noted_by")
    notes = {note.paragraph: note for note in standing}
    picture, plan = picture_at(agreement, on), plan_at(agreement, on)
    facts = _Facts(
        agreement=agreement,
        on=on,
        picture=picture,
        plan=plan,
        clocks=clocks_at(agreement, picture, plan, on),
        meetings=_meetings(agreement, on),
        register=_register(agreement, on),
    )
    findings = tuple(
        Finding(paragraph, *_SHOW[paragraph](facts), notes.get(paragraph))
        for paragraph in LawParagraph
    )
    return LawCheck(findings, facts.clocks)


class _Meetings(NamedTuple):
    """The held meetings of the group or the council: how many of late, and the last of all."""

    lately: int = 0
    last_on: date | None = None


class _Facts(NamedTuple):
    """What several paragraphs ask about."""

    agreement: Agreement
    on: date
    picture: SituationPicture | None
    plan: ActionPlan | None
    clocks: tuple[ClockRow, ...]
    meetings: dict[str, _Meetings]
    register: list[Agreement]


def _meetings(agreement: Agreement, on: date) -> dict[str, _Meetings]:
    lately = Q(date__gt=on - MEETINGS_WITHIN)
    rows = (
        Meeting.objects.held()
        .filter(agreement=agreement, date__lte=on)
        .order_by()
        .values("kind")
        .annotate(n=Count("id", filter=lately), last_on=Max("date"))
    )
    return {row["kind"]: _Meetings(row["n"], row["last_on"]) for row in rows}


def _number(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


# --- 4–6 §§: lägesbild and åtgärdsplan ------------------------------------------------------


PARTS = {
    "extent": "kartläggning av omfattningen",
    "consequences": "kartläggning av konsekvenserna",
    "other_information": "annan information",
    "analysis": "analys",
}


def _situation_picture(facts: _Facts) -> Shown:
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


def _action_plan(facts: _Facts) -> Shown:
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


def _update(facts: _Facts) -> Shown:
    """The law's own clocks; the agreement's is apart, and shows nothing here."""
    lacks = []
    if facts.picture is None:
        lacks.append("Det finns ingen antagen lägesbild att uppdatera.")
    if facts.plan is None:
        lacks.append("Det finns ingen åtgärdsplan att följa upp.")
    evidence = []
    addresses = [one.get_absolute_url() for one in (facts.picture, facts.plan) if one]
    for clock, address in zip(facts.clocks[1:], addresses, strict=True):
        due = date_format(clock.due_on)
        if clock.is_overdue:
            lacks.append(f"{clock.name} senast {due}, och den dagen har passerat.")
        elif clock.last_on:
            evidence.append(
                Evidence(
                    f"{clock.name} senast {due}. Gjordes {date_format(clock.last_on)}", address
                )
            )
        else:
            evidence.append(Evidence(f"{clock.name} första gången senast {due}", address))
    return Shown(tuple(evidence), " ".join(lacks))


# --- 7–9 §§: samverkan and överenskommelser -------------------------------------------------


def _cooperation(facts: _Facts) -> Shown:
    held = facts.meetings.get(Meeting.Kind.GROUP, _Meetings())
    if not held.lately:
        return Shown(lack="Samverkansgruppen har inte haft något möte de senaste två åren.")
    meetings = _number(held.lately, "möte", "möten")
    return Shown(
        (
            Evidence(
                f"Samverkansgruppen har haft {meetings} de senaste två åren, senast "
                f"{date_format(held.last_on)}",
                reverse("meetings"),
            ),
        )
    )


def _register(agreement: Agreement, on: date) -> list[Agreement]:
    """The agreements in force that the same parties, perhaps with others, have signed: those
    that whoever reads this one may read too.
    """
    register: QuerySet[Agreement] = Agreement.objects.all()
    for party in agreement.parties.all():
        register = register.filter(parties=party)
    counted = register.select_related("successor").annotate(
        purposes=Count("goals", distinct=True), areas=Count("undertakings", distinct=True)
    )
    in_order = counted.prefetch_related("parties").order_by("valid_from", "id")
    return [one for one in in_order if one.status(on).is_in_force]


def _agreements(facts: _Facts) -> Shown:
    evidence = tuple(
        Evidence(
            f"{one.title}, gäller från och med {date_format(one.valid_from)}. Parter: "
            + ", ".join(party.short_name for party in one.parties.all()),
            one.get_absolute_url(),
        )
        for one in facts.register
    )
    return Shown(evidence, "" if evidence else "Ingen överenskommelse gäller.")


def _agreement_contents(facts: _Facts) -> Shown:
    evidence, lacks = [], []
    for one in facts.register:
        if not one.purposes:
            lacks.append(f"{one.title} har inga mål inlagda som visar syftena.")
        if not one.areas:
            lacks.append(f"{one.title} har inga åtaganden inlagda som visar områdena.")
        if one.purposes and one.areas:
            areas = _number(one.areas, "åtagande", "åtaganden")
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


def _council(facts: _Facts) -> Shown:
    held = facts.meetings.get(Meeting.Kind.COUNCIL, _Meetings())
    seats = Appointment.objects.in_force(facts.on).filter(
        agreement=facts.agreement, function=Appointment.Function.COUNCIL
    )
    latest = (
        Meeting.objects.held()
        .filter(agreement=facts.agreement, kind=Meeting.Kind.COUNCIL, date__lte=facts.on)
        .select_related("chair__party")
        .order_by("-date", "-id")
        .first()
    )
    evidence, lacks = [], []
    if number := seats.count():
        members = _number(number, "ledamot", "ledamöter")
        evidence.append(Evidence(f"Rådet har {members}", reverse("undertakings")))
    else:
        lacks.append("Ingen ledamot i rådet är utsedd.")
    if held.lately:
        meetings = _number(held.lately, "möte", "möten")
        evidence.append(
            Evidence(
                f"Rådet har haft {meetings} de senaste två åren, senast "
                f"{date_format(held.last_on)}",
                f"{reverse('meetings')}?slag=rad",
            )
        )
        chair = latest.chair.party if latest.chair else None
        if chair is None or chair.kind != Party.Kind.MUNICIPALITY:
            lacks.append("Det senaste mötet i rådet leddes inte av kommunen.")
    else:
        lacks.append("Rådet har inte haft något möte de senaste två åren.")
    return Shown(tuple(evidence), " ".join(lacks))


def _coordination(facts: _Facts) -> Shown:
    appointed = Appointment.objects.in_force(facts.on).filter(
        agreement=facts.agreement,
        function=Appointment.Function.COORDINATOR,
        party__kind=Party.Kind.MUNICIPALITY,
    )
    evidence = tuple(
        Evidence(
            f"{one.title or 'Samordnare'}, utsedd av {one.party.short_name.lower()} från och med "
            f"{date_format(one.starts_on)}",
            reverse("undertakings"),
        )
        for one in appointed.select_related("party").order_by("starts_on", "id")
    )
    return Shown(evidence, "" if evidence else "Kommunen har ingen utsedd samordnare.")


def _information(facts: _Facts) -> Shown:
    published = (
        Occasion.objects.published()
        .logged_by(facts.on)
        .of_agreement(facts.agreement)
        .filter(date__lte=facts.on)
        .aggregate(n=Count("id"), last_on=Max("date"))
    )
    if not published["n"]:
        return Shown(lack="Inget tillfälle är publicerat för invånarna.")
    occasions = _number(published["n"], "publicerat tillfälle", "publicerade tillfällen")
    return Shown(
        (
            Evidence(
                f"Invånarna kan läsa om {occasions}, det senaste från "
                f"{date_format(published['last_on'])}",
                f"{reverse('occasions')}?publicerade=on&till={facts.on:%Y-%m-%d}"
                f"&loggat_till={facts.on:%Y-%m-%d}",
            ),
        )
    )


def _leadership(facts: _Facts) -> Shown:
    reports = Report.objects.standing().filter(
        agreement=facts.agreement, kind=Report.Kind.COUNCIL, reported_on__lte=facts.on
    )
    reported = reports.aggregate(n=Count("id"), last_on=Max("reported_on"))
    if not reported["n"]:
        return Shown(lack="Ingen rapport till fullmäktige är antecknad.")
    times = _number(reported["n"], "gång", "gånger")
    last = date_format(reported["last_on"])
    evidence = Evidence(f"Rapporterat till fullmäktige {times}, senast {last}", reverse("reports"))
    if reported["last_on"] <= facts.on - REPORTED_WITHIN:
        return Shown((evidence,), f"Mer än ett år har gått sedan rapporten {last}.")
    return Shown((evidence,))


_SHOW: dict[LawParagraph, Callable[[_Facts], Shown]] = {
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
