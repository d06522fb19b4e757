"""The undertakings (åtaganden): each with what shows that it is kept."""

from datetime import date

from django.contrib import messages
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.urls import reverse
from django.utils import timezone

from followup.forms.statement import StatementForm
from followup.log.address import log_address
from followup.models import Assessment, Meeting
from followup.numbers.agreement import agreement_progress
from followup.numbers.evidence import time_by_year, undertaking_evidence, vacancies
from followup.numbers.meetings import meeting_rhythm
from followup.time.spans import Span
from promises.access import Action, may, shows, writes
from promises.forms.appointments import AppointForm, ChangeAppointmentForm
from promises.history import changes_of
from promises.models import Agreement, Appointment, Undertaking
from promises.models.appointment import functions_for

Evidence = Undertaking.Evidence

# What is shown by activities is logged as them.
STATED = {Evidence.TIME, Evidence.COORDINATOR, Evidence.MEETINGS}


@shows(Action.READ)
def undertaking(request: HttpRequest, pk: int) -> HttpResponse:
    """One undertaking with its evidence, from the agreement's first day to today."""
    undertaking, today = _undertaking(request, pk), timezone.localdate()
    agreement = undertaking.agreement
    span = Span(agreement.valid_from, max(today, agreement.valid_from))
    appointments = list(
        Appointment.objects.evidence_for(undertaking)
        .select_related("member", "party")
        .order_by(F("starts_on").desc(nulls_last=True), "-id")
    )
    evidence = undertaking_evidence(agreement, span, today)
    return render(
        request,
        "followup/plan/undertaking.html",
        {
            "undertaking": undertaking,
            "span": span,
            "evidence": next(one for one in evidence if one.undertaking == undertaking),
            "log_address": log_address(span, atagande=undertaking.pk),
            "is_shown_by_log": undertaking.evidence in {Evidence.TIME, Evidence.ACTIVITIES},
            "progress": agreement_progress(agreement, span, today, promises=[]).of(undertaking),
            "assessment": _latest_assessment(undertaking),
            "takes_statements": undertaking.evidence in STATED,
            "may_plan": may(request.user, Action.PLAN, today),
            "changes": changes_of(undertaking, *appointments, *undertaking.statements.all()),
        }
        | _by_kind(undertaking, appointments, span),
    )


@writes(Action.PLAN)
def appoint(request: HttpRequest, pk: int) -> HttpResponse:
    undertaking = _undertaking(request, pk)
    if not functions_for(undertaking):
        raise Http404("Ingen utses för det här åtagandet.")
    form = AppointForm(request.POST or None, undertaking=undertaking)
    if request.method == "POST" and (appointment := form.save_or_explain()):
        messages.success(request, f"{appointment.member.name} är utsedd.")
        return redirect(undertaking)
    context = {"form": form, "undertaking": undertaking, "cancel": undertaking.get_absolute_url()}
    return render(request, "followup/plan/appointment_form.html", context)


@writes(Action.PLAN)
def note_statement(request: HttpRequest, pk: int) -> HttpResponse:
    undertaking = _undertaking(request, pk)
    if undertaking.evidence not in STATED:
        raise Http404("Det som görs för åtagandet loggas.")
    form = StatementForm(
        request.POST or None,
        undertaking=undertaking,
        member=request.user,
        today=timezone.localdate(),
    )
    if request.method == "POST" and (statement := form.save_or_explain()):
        messages.success(request, "Uppgiften är sparad.")
        return redirect(statement)
    context = {"form": form, "undertaking": undertaking}
    return render(request, "followup/plan/statement_form.html", context)


@writes(Action.PLAN)
def change_appointment(request: HttpRequest, pk: int) -> HttpResponse:
    appointment = get_object_or_404(
        Appointment.objects.visible_to(request.user).select_related("member", "party", "agreement"),
        pk=pk,
    )
    back_to = _undertaking_of(appointment)
    form = ChangeAppointmentForm(request.POST or None, instance=appointment)
    if request.method == "POST" and form.save_or_explain():
        messages.success(request, f"Förordnandet för {appointment.member.name} är sparat.")
        return redirect(back_to)
    return render(
        request,
        "followup/plan/appointment_form.html",
        {
            "form": form,
            "appointment": appointment,
            "back_to": back_to,
            "cancel": resolve_url(back_to),
        },
    )


def _undertaking(request: HttpRequest, pk: int) -> Undertaking:
    visible = Agreement.objects.visible_to(request.user)
    return get_object_or_404(
        Undertaking.objects.filter(agreement__in=visible).select_related(
            "responsible", "agreement"
        ),
        pk=pk,
    )


def _undertaking_of(appointment: Appointment) -> Undertaking | str:
    """Where the appointment is shown; the list of undertakings when it is nowhere."""
    for undertaking in appointment.agreement.undertakings.all():
        is_theirs = undertaking.responsible_id in {None, appointment.party_id}
        if appointment.function in functions_for(undertaking) and is_theirs:
            return undertaking
    return f"{reverse('promises')}#ataganden"


def _by_kind(undertaking: Undertaking, appointments: list[Appointment], span: Span) -> dict:
    """What the page shows for the kind of evidence that the undertaking has."""
    agreement, today = undertaking.agreement, timezone.localdate()
    if undertaking.evidence == Evidence.TIME:
        return {"years": time_by_year(agreement, today, first=undertaking.responsible)}
    if undertaking.evidence == Evidence.COORDINATOR:
        return {
            "rosters": [_roster("Utsedda", appointments, today)],
            "vacancies": vacancies(appointments, span) if appointments else None,
            "unknown_since": [one for one in appointments if not one.is_from_a_known_day],
        }
    if undertaking.evidence == Evidence.MEETINGS:
        whole_year = Span(span.starts_on, span.ends_on.replace(month=12, day=31))
        return {
            "rosters": [
                _roster(label, [one for one in appointments if one.function == function], today)
                for function, label in (
                    (Appointment.Function.GROUP, "Samverkansgruppen"),
                    (Appointment.Function.COUNCIL, "Strategiska rådet"),
                )
                if function == Appointment.Function.GROUP
                or any(one.function == function for one in appointments)
            ],
            "rhythm": meeting_rhythm(agreement, Meeting.Kind.GROUP, whole_year, today),
        }
    return {}


def _roster(label: str, appointments: list[Appointment], today: date) -> dict[str, object]:
    """Who is appointed today and who has been, or will be."""
    current = [one for one in appointments if one.holds(today)]
    others = [one for one in appointments if one not in current]
    return {"label": label, "current": current, "others": others}


def _latest_assessment(undertaking: Undertaking) -> Assessment | None:
    return (
        Assessment.objects.filter(undertaking=undertaking)
        .exclude(value="")
        .select_related("review")
        .order_by("-review__ends_on", "-review__edition")
        .first()
    )
