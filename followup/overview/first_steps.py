"""The way from an empty portal to the first log, as far as it has been gone.

Nothing is ticked off by hand: every step is read from what is stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta
from django.urls import reverse
from django.utils.formats import date_format

from followup.models import Occasion
from followup.swedish import in_a_row
from promises.models import Activity, Agreement, Member, Promise, PromisePeriod

# The roles that every party needs somebody in, and what they are called.
NEEDED_ROLES = {Member.Role.COORDINATOR: "samordnare", Member.Role.SIGNATORY: "undertecknare"}


@dataclass(frozen=True)
class Step:
    """One step: why it is taken, what is left of it, and where it is taken."""

    key: str
    title: str
    why: str
    is_done: bool
    left: str
    """What remains, in a sentence; empty when nothing does or nothing can be said yet."""
    action: str
    address: str


def first_steps(member: Member, on: date) -> list[Step]:
    """The five steps, for an administrator, as they stand on the date."""
    agreement = Agreement.objects.visible_to(member).current(on)
    period = agreement and PromisePeriod.objects.in_line_with(agreement).current(on)
    return [
        _agreement_step(agreement, on),
        _period_step(agreement, on),
        _member_step(agreement),
        _plan_step(period),
        _log_step(agreement),
    ]


def _agreement_step(agreement: Agreement | None, on: date) -> Step:
    left = _without_one_to_follow(agreement, on) if agreement else ""
    address = reverse("agreement") if agreement else ""
    if agreement and left and not agreement.draft:
        action, address = "Ny överenskommelse", reverse("new_agreement", args=[agreement.pk])
    elif agreement and agreement.draft:
        action, address = "Läs utkastet", agreement.draft.get_absolute_url()
    else:
        action = "Läs överenskommelsen"
    return Step(
        key="agreement",
        title="Överenskommelsen är inlagd",
        why="Allt i portalen hänger på den: målen, åtagandena, löftena och parterna.",
        is_done=agreement is not None and not left,
        left=left,
        action=action,
        address=address,
    )


def _without_one_to_follow(agreement: Agreement, on: date) -> str:
    """That it runs out within a year, or has ended, and none that is signed follows it."""
    runs_on = agreement.runs_until_further_notice and agreement.valid_to < on
    if agreement.replaced_by or runs_on or agreement.valid_to > on + relativedelta(years=1):
        return ""
    when = f"{'går' if agreement.valid_to >= on else 'gick'} ut {date_format(agreement.valid_to)}"
    rest = "den nya är inte undertecknad än" if agreement.draft else "ingen ny är påbörjad"
    return f"Överenskommelsens tid {when}, och {rest}."


def _period_step(agreement: Agreement | None, on: date) -> Step:
    """The latest löftesperiod there is: it has not run out, and every party has signed it."""
    periods = agreement and PromisePeriod.objects.in_line_with(agreement)
    latest = periods and periods.select_related("agreement").order_by("starts_on", "id").last()
    left, action, address = "", "Läs löftena", reverse("promises") if agreement else ""
    if latest is None:
        left = "Överenskommelsen har ingen löftesperiod." if agreement else ""
    elif latest.ends_on < on:
        left = f"{latest} slutade {date_format(latest.ends_on)}, och ingen ny är inlagd."
        action = "Förbered nästa löftesperiod"
        address = f"{reverse('new_period')}?efter={latest.pk}"
    elif to_sign := latest.awaits_signature_of(on):
        names = in_a_row([party.short_name for party in to_sign])
        left = f"{latest} är inte undertecknad av {names}, och syns inte för invånarna än."
        action, address = "Skriv in underskrifterna", reverse("period_edit", args=[latest.pk])
    return Step(
        key="period",
        title="Löftesperioden är undertecknad",
        why="När alla parter har skrivit under blir löftena offentliga. När en period går mot sitt "
        "slut tar nästa över: aktiviteterna och de planerade dagarna följer med.",
        is_done=latest is not None and not left,
        left=left,
        action=action,
        address=address,
    )


def _member_step(agreement: Agreement | None) -> Step:
    lacking = _roles_lacking(agreement) if agreement else []
    return Step(
        key="members",
        title="Ledamöterna är inbjudna",
        why="Varje part behöver minst en samordnare, som planerar och loggar, "
        "och en undertecknare, som skriver under uppföljningen.",
        is_done=agreement is not None and not lacking,
        left=" ".join(lacking),
        action="Bjud in en ledamot",
        address=reverse("member_invite") if agreement else "",
    )


def _roles_lacking(agreement: Agreement) -> list[str]:
    """A sentence for each party that somebody is missing in."""
    parties = agreement.parties.all()
    filled = set(
        Member.objects.active().filter(party__in=parties).values_list("party_id", "role").distinct()
    )
    sentences = []
    for party in parties:
        missing = [word for role, word in NEEDED_ROLES.items() if (party.pk, role) not in filled]
        if missing:
            sentences.append(f"{party.short_name} saknar {' och '.join(missing)}.")
    return sentences


def _plan_step(period: PromisePeriod | None) -> Step:
    promises = Promise.objects.filter(period=period) if period else Promise.objects.none()
    planned = Activity.objects.filter(promise__in=promises).values("promise")
    unplanned = list(promises.exclude(pk__in=planned).order_by("number"))
    numbers = [promise.number for promise in unplanned]
    under_the_first = f"?promise={unplanned[0].pk}" if unplanned else ""
    return Step(
        key="plan",
        title="Varje löfte har en aktivitet",
        why="En aktivitet säger hur löftet ska hållas, av vem och hur ofta.",
        is_done=period is not None and not unplanned,
        left=f"Löfte {in_a_row(numbers)} saknar aktivitet." if numbers else "",
        action="Planera en aktivitet",
        address=reverse("activity_add") + under_the_first if period else "",
    )


def _log_step(agreement: Agreement | None) -> Step:
    is_done = (
        agreement is not None
        and Occasion.objects.carried_out()
        .filter(activity__in=Activity.objects.of_agreement(agreement))
        .exists()
    )
    return Step(
        key="log",
        title="Det första tillfället är loggat",
        why="Ett tillfälle är en gång som något blev gjort. Siffrorna och uppföljningen räknas ur dem.",
        is_done=is_done,
        left="",
        action="Logga ett tillfälle",
        address=reverse("log") if agreement else "",
    )
