"""The agreement that follows another: drafted by the parties, put before them, signed, in force.

The parties decide of each goal and undertaking that it continues, is changed, or ends. The draft
replaces nothing. It takes over on its first day when every party has signed it before that: then
the activities, the plan's days, the metrics and the appointments go on under it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q, QuerySet
from django.utils.formats import date_format

from promises.copying import copy_for, copy_metrics
from promises.models import (
    Agreement,
    Appointment,
    Goal,
    Member,
    Party,
    Signatory,
    Undertaking,
)
from promises.plan_takeover import PlanTakeover, still_planned

SOMEBODY_WAS_FIRST = "Någon annan hann före: ett utkast finns redan. Inget har sparats från dig."
NOT_BEFORE_THEM = "Överenskommelsen är inte framlagd för underskrift, eller redan undertecknad."
ENDS = "Åtagandet avslutas. Skäl: {reason}"
APART = 1000  # beyond every number, so that rows can change places


@dataclass(frozen=True, kw_only=True)
class Line:
    """A goal or an undertaking of the draft: new, or what an earlier one continues or becomes."""

    words: dict[str, object]
    earlier: Goal | Undertaking | None = None
    standing: Goal | Undertaking | None = None
    """Its row, when the draft has it already."""


def lay_out(
    draft: Agreement, model: type[Goal | Undertaking], lines: Sequence[Line], ended: dict[int, str]
) -> None:
    """Let the draft hold these lines, in this order; `ended` tells why an earlier row has none."""
    standing = model.objects.filter(agreement=draft)
    for row in standing.exclude(pk__in=[line.standing.pk for line in lines if line.standing]):
        row.delete()
    standing.update(number=F("number") + APART)
    for number, line in enumerate(lines, start=1):
        row = line.standing or model(agreement=draft, predecessor=line.earlier)
        row.number = number
        for name, value in line.words.items():
            setattr(row, name, value)
        row.full_clean()
        row.save()
    for earlier in model.objects.filter(agreement=draft.predecessor):
        reason = ended.get(earlier.pk, "")
        if earlier.ended_reason != reason:
            earlier.ended_reason = reason
            earlier.full_clean()
            earlier.save()


@transaction.atomic
def present(draft: Agreement, on: date) -> None:
    """Put it before the signatories, as it stands. Its words stand still from now."""
    draft = _held(draft)
    if draft.presented_on is not None:
        raise ValidationError("Överenskommelsen är redan framlagd för underskrift.")
    _refuse_passed_first_day(draft, on)
    draft.presented_on = on
    _save(draft, "Framlagd för underskrift")


@transaction.atomic
def take_back(draft: Agreement) -> None:
    """Let it be changed again. Those who have signed it sign anew; the history keeps that they had."""
    draft = _held(draft)
    if draft.presented_on is None:
        raise ValidationError(NOT_BEFORE_THEM)
    for signatory in draft.signatories.all():
        signatory._change_reason = "Återtagen till utkast"
        signatory.delete()
    draft.presented_on = None
    _save(draft, "Återtagen till utkast")


@transaction.atomic
def sign(
    draft: Agreement,
    signature: Signatory,
    *,
    by: Member,
    on: date,
) -> Agreement:
    """Sign it for a party. The last party's signature makes it an agreement.

    Raises ValidationError when it is not before the signatories, the party has signed or is none
    of its parties, or its first day has passed: nobody is to be judged by it for days on which it
    was no agreement.
    """
    draft = _held(draft)
    if draft.presented_on is None or signature.party not in draft.awaits_signature_of():
        raise ValidationError(NOT_BEFORE_THEM)
    _refuse_passed_first_day(draft, on)
    signature.agreement = draft
    signature.number = draft.signatories.count() + 1
    signature.full_clean()
    signature.save()
    if not draft.awaits_signature_of():
        _take_effect(draft, by)
    return draft


def _held(draft: Agreement) -> Agreement:
    """The draft, held so that two who act at the same moment take turns."""
    held = Agreement.objects.select_for_update().get(pk=draft.pk)
    if not held.is_draft:
        raise ValidationError(NOT_BEFORE_THEM)
    return held


def _refuse_passed_first_day(draft: Agreement, on: date) -> None:
    if draft.valid_from < on:
        raise ValidationError(
            f"Överenskommelsen skulle börja gälla {date_format(draft.valid_from)}, och den dagen "
            "har passerat. Ändra första dagen i utkastet innan den skrivs under."
        )


def _save(draft: Agreement, reason: str) -> None:
    draft.version += 1
    draft._change_reason = reason
    draft.save()


def _take_effect(draft: Agreement, by: Member) -> None:
    earlier = draft.predecessor
    assert earlier is not None, "the constraint agreement_draft_follows_another"
    draft.is_draft = False
    _save(draft, "Undertecknad av alla parter")
    for goal in draft.goals.filter(predecessor__isnull=False).select_related("predecessor"):
        copy_metrics(goal.predecessor.metrics.all(), goal=goal)
    plan = PlanTakeover()
    going_on = {row.predecessor_id: row for row in draft.undertakings.all()}
    for undertaking in earlier.undertakings.all():
        activities = undertaking.activities.loggable()
        if undertaking.pk in going_on:
            to = going_on[undertaking.pk]
            plan.go_on(activities, draft.valid_from, draft, undertaking=to)
        else:
            reason = ENDS.format(reason=undertaking.ended_reason)
            plan.leave(activities, draft.valid_from, reason)
    plan.move_days(still_planned(), by)
    _carry_appointments(earlier, draft)


def _carry_appointments(earlier: Agreement, new: Agreement) -> None:
    """Who is appointed when the new one begins stays so, from its first day; the earlier one's
    appointment ends the day before. One that begins later is the new one's.
    """
    last = new.valid_from - timedelta(days=1)
    parties = set(new.parties.values_list("pk", flat=True))
    lasting = Q(ends_on__isnull=True) | Q(ends_on__gt=last)
    for appointment in Appointment.objects.filter(lasting, agreement=earlier):
        begins_later = appointment.starts_on and appointment.starts_on > last
        if appointment.party_id in parties:
            copy = copy_for(appointment, agreement=new)
            if begins_later:
                copy.starts_on, copy.ends_on = appointment.starts_on, appointment.ends_on
            else:
                copy.starts_on, copy.ends_on = new.valid_from, appointment.ends_on
            copy.save()
        if not begins_later:
            appointment.end(last)


# --- What differs from the earlier one -----------------------------------------------------------


class Difference(models.TextChoices):
    NEW = "new", "Ny"
    CHANGED = "changed", "Ändrad"
    ENDED = "ended", "Avslutas"


@dataclass(frozen=True)
class Differing:
    """One thing that differs: what it is called, what it was and is to be, and why it ends."""

    kind: Difference
    name: str
    before: str = ""
    after: str = ""
    reason: str = ""


COMPARED = (
    "title",
    "valid_from",
    "valid_to",
    "runs_until_further_notice",
    "followup_interval_years",
    "registry_number",
    "letterhead",
    "introduction",
    "goals_introduction",
    "foundations",
    "undertakings_introduction",
    "followup_clause",
    "time_plan",
)


def differences(draft: Agreement) -> list[Differing]:
    """What the draft says otherwise than the agreement it is to follow, in the document's order."""
    return [
        *_fields_that_differ(draft),
        *_parties_that_differ(draft),
        *_rows_that_differ(draft, Goal),
        *_rows_that_differ(draft, Undertaking),
    ]


def _fields_that_differ(draft: Agreement) -> list[Differing]:
    found = []
    for name in COMPARED:
        before, after = getattr(draft.predecessor, name), getattr(draft, name)
        if before != after:
            label = Agreement._meta.get_field(name).verbose_name
            kind = Difference.CHANGED
            found.append(Differing(kind, label[0].upper() + label[1:], _said(before), _said(after)))
    return found


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "Ja" if value else "Nej"
    return date_format(value) if isinstance(value, date) else str(value)


def _parties_that_differ(draft: Agreement) -> list[Differing]:
    before, after = set(draft.predecessor.parties.all()), set(draft.parties.all())
    by_id = sorted(before ^ after, key=lambda party: party.pk)
    return [
        Differing(Difference.NEW, "Part", after=party.name)
        if party in after
        else Differing(Difference.ENDED, "Part", before=party.name)
        for party in by_id
    ]


def _rows_that_differ(draft: Agreement, model: type[Goal | Undertaking]) -> list[Differing]:
    rows = model.objects.filter(agreement=draft).select_related("predecessor")
    answered = {"responsible", "predecessor__responsible"} if model is Undertaking else set()
    rows = rows.select_related("predecessor", *answered)
    found = []
    for row in rows.order_by("number"):
        before = _row_said(row.predecessor) if row.predecessor else ""
        if before != _row_said(row):
            kind = Difference.CHANGED if before else Difference.NEW
            found.append(Differing(kind, str(row), before, _row_said(row)))
    going_on = [row.predecessor_id for row in rows if row.predecessor_id]
    ended = model.objects.filter(agreement=draft.predecessor_id).exclude(pk__in=going_on)
    return found + [
        Differing(Difference.ENDED, f"{row} i den förra", _row_said(row), reason=row.ended_reason)
        for row in ended.order_by("number")
    ]


def _row_said(row: Goal | Undertaking) -> str:
    return (
        f"{row.wording} ({row.responsible_label})" if isinstance(row, Undertaking) else row.wording
    )


def parties_to_choose(member: Member, earlier: Agreement) -> QuerySet[Party]:
    """Those of the agreements that the member sees, and of the draft, if there is one."""
    seen = Agreement.objects.visible_to(member) | Agreement.objects.drafts_visible_to(member)
    return Party.objects.filter(Q(agreements__in=seen) | Q(agreements=earlier)).distinct()
