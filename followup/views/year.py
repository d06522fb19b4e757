"""The calendar's year as a wheel with its table, and next year's plan copied from this year's."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from followup.forms.next_year import NextYearForm
from followup.paper.charts.wheel import legend
from followup.paper.year_wheel import render_year_wheel
from followup.plan.next_year import copy_to_next_year, next_year
from followup.plan.year import year_plan, years_of
from followup.swedish import counted
from followup.views.files import as_pdf
from promises.access import Action, may, shows, with_agreement, with_agreement_or_404, writes
from promises.models import Agreement


@shows(Action.READ)
@with_agreement
def year(request: HttpRequest, agreement: Agreement) -> HttpResponse:
    """Who is to do what when in a year, whole or as one of the parties sees it."""
    today = timezone.localdate()
    chosen = _year(request, agreement)
    parties = list(agreement.parties.all())
    party = next((one for one in parties if str(one.pk) == request.GET.get("part")), None)
    plan = year_plan(agreement, chosen, today)
    return render(
        request,
        "followup/plan/year_wheel.html",
        {
            "plan": plan.of_party(party.pk) if party else plan,
            "years": years_of(agreement, today),
            "parties": parties,
            "party": party,
            "legend": legend(),
            "first": date(chosen, today.month if chosen == today.year else 1, 1),
            "may_plan": may(request.user, Action.PLAN, today),
        },
    )


@shows(Action.READ)
@with_agreement_or_404
def pdf(request: HttpRequest, agreement: Agreement) -> HttpResponse:
    """The year as one sees it on the page, on paper."""
    today = timezone.localdate()
    parties = agreement.parties.all()
    party = next((one for one in parties if str(one.pk) == request.GET.get("part")), None)
    plan = year_plan(agreement, _year(request, agreement), today)
    document = render_year_wheel(agreement, plan.of_party(party.pk) if party else plan, party)
    return as_pdf(document, f"arshjul-{plan.year}.pdf")


@writes(Action.PLAN)
@with_agreement
def plan_next_year(request: HttpRequest, agreement: Agreement) -> HttpResponse:
    """Show what of a year's plan there is to copy to the next, and copy what is ticked."""
    chosen = _year(request, agreement)
    plan = next_year(agreement, chosen)
    form = NextYearForm(request.POST if request.method == "POST" else None, plan=plan)
    if request.method == "POST" and form.is_valid():
        copied = copy_to_next_year(agreement, chosen, form.cleaned_data["rows"])
        messages.success(request, _copied_in_words(*copied, plan.next_year))
        return redirect(f"{reverse('year_wheel')}?ar={plan.next_year}")
    return render(request, "followup/plan/next_year.html", {"plan": plan, "form": form})


def _year(request: HttpRequest, agreement: Agreement) -> int:
    """The year that the address asks for, or this one when nobody asks for one there is."""
    today = timezone.localdate()
    asked = request.GET.get("ar", "")
    years = years_of(agreement, today)
    if asked.isascii() and asked.isdecimal() and len(asked) == 4 and int(asked) in years:
        return int(asked)
    return min(max(today.year, years[0]), years[-1])


def _copied_in_words(activities: int, occasions: int, year: int) -> str:
    said = counted(occasions, "planerat tillfälle", "planerade tillfällen")
    if activities:
        said = f"{counted(activities, 'aktivitet', 'aktiviteter')} och {said}"
    return f"Kopierat till {year}: {said}."
