"""What several paragraphs ask about: gathered once for all of them."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from dateutil.relativedelta import relativedelta
from django.db.models import Count, Max, Q, QuerySet

from followup.law.clocks import Duty, clocks_at, picture_at, plan_at
from followup.law.rows import ClockRow
from followup.models import Meeting, Review
from promises.models import ActionPlan, Agreement, SituationPicture

# How far back meetings that are to go on are looked for. The law gives no number of months; this
# is the portal's.
MEETINGS_WITHIN = relativedelta(years=2)


class HeldMeetings(NamedTuple):
    """The held meetings of the group or the council: how many of late, and the last of all."""

    lately: int = 0
    last_on: date | None = None


class Facts(NamedTuple):
    """What several paragraphs ask about."""

    agreement: Agreement
    on: date
    picture: SituationPicture | None
    plan: ActionPlan | None
    clocks: dict[Duty, ClockRow]
    meetings: dict[str, HeldMeetings]
    register: list[Agreement]


def facts_at(agreement: Agreement, on: date, counting: Review | None = None) -> Facts:
    """What there is on the day. A review that is told of it counts itself (`clocks_at`)."""
    picture, plan = picture_at(agreement, on), plan_at(agreement, on)
    return Facts(
        agreement=agreement,
        on=on,
        picture=picture,
        plan=plan,
        clocks=clocks_at(agreement, picture, plan, on, counting),
        meetings=_meetings(agreement, on),
        register=_register(agreement, on),
    )


def _meetings(agreement: Agreement, on: date) -> dict[str, HeldMeetings]:
    lately = Q(date__gt=on - MEETINGS_WITHIN)
    rows = (
        Meeting.objects.held(on)
        .filter(agreement__in=agreement.line)
        .order_by()
        .values("kind")
        .annotate(n=Count("id", filter=lately), last_on=Max("date"))
    )
    return {row["kind"]: HeldMeetings(row["n"], row["last_on"]) for row in rows}


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
