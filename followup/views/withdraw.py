"""Taking back what should not have been noted, whatever it is: with a reason, and never deleted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format

from followup.forms.withdraw import WithdrawForm
from followup.models import Forecast, LawNote, Occasion, Reading, Report, Statement, Wish
from followup.models.kept import Withdrawable
from promises.access import Action, writes
from promises.models import Agreement, Member, Metric


@dataclass(frozen=True)
class Withdrawing:
    """A kind of thing that can be withdrawn: which ones a member may, and what is said of it.

    `back` leads to the page the thing is read on, and `named` says what that page tells of.
    """

    action: Action
    standing: Callable[[Member], QuerySet]
    back: Callable[[Withdrawable], object]
    afterwards: str
    done: str
    named: Callable[[Withdrawable], str] = str


def _view(kind: Withdrawing) -> Callable[..., HttpResponse]:
    @writes(kind.action)
    def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
        thing = get_object_or_404(kind.standing(request.user), pk=pk)
        form = WithdrawForm(request.POST or None, thing=thing, afterwards=kind.afterwards)
        if request.method == "POST" and form.withdraw_or_explain(request.user):
            messages.success(request, kind.done)
            return redirect(kind.back(thing))
        context = {"form": form, "thing": thing, "back": kind.back(thing)}
        return render(request, "followup/withdraw.html", context | {"named": kind.named(thing)})

    return withdraw


occasion = _view(
    Withdrawing(
        Action.LOG,
        lambda member: Occasion.objects.visible_to(member).carried_out().select_related("activity"),
        back=lambda occasion: occasion,
        afterwards=(
            "Till exempel: loggat två gånger. Tillfället räknas inte längre, men finns kvar."
        ),
        done="Tillfället är tillbakadraget och räknas inte längre.",
    )
)

reading = _view(
    Withdrawing(
        Action.LOG,
        lambda member: (
            Reading.objects.standing()
            .filter(occasion=None, metric__in=Metric.objects.visible_to(member))
            .select_related("metric")
        ),
        back=lambda reading: reading.metric,
        afterwards="Mätvärdet räknas inte längre, men finns kvar i historiken.",
        done="Mätvärdet är tillbakadraget och räknas inte längre.",
        named=lambda reading: f"{reading}, {date_format(reading.date)}",
    )
)

forecast = _view(
    Withdrawing(
        Action.PLAN,
        lambda member: Forecast.objects.visible_to(member).standing().select_related("activity"),
        back=lambda forecast: forecast.activity,
        afterwards="Efteråt gäller det som siffrorna säger. Prognosen finns kvar i historiken.",
        done="Prognosen är tillbakadragen. Nu gäller det siffrorna säger.",
    )
)

wish = _view(
    Withdrawing(
        Action.LOG,
        lambda member: Wish.objects.visible_to(member).standing().select_related("activity"),
        back=lambda wish: wish.activity,
        afterwards="Till exempel: noterat två gånger. Önskemålet räknas inte längre, men finns kvar.",
        done="Önskemålet är tillbakadraget och räknas inte längre.",
    )
)

law_note = _view(
    Withdrawing(
        Action.REVIEW,
        lambda member: LawNote.objects.standing().filter(
            agreement__in=Agreement.objects.visible_to(member)
        ),
        back=lambda note: note,
        afterwards="Efteråt gäller det som portalen visar. Anteckningen finns kvar i historiken.",
        done="Anteckningen är tillbakadragen ur lagkontrollen.",
        named=lambda note: f"{note}: {note.get_value_display()}. {note.rationale}",
    )
)

statement = _view(
    Withdrawing(
        Action.PLAN,
        lambda member: (
            Statement.objects.standing()
            .filter(undertaking__agreement__in=Agreement.objects.visible_to(member))
            .select_related("party")
        ),
        back=lambda statement: statement,
        afterwards="Uppgiften visas inte längre, men finns kvar i historiken.",
        done="Uppgiften är tillbakadragen.",
    )
)

report = _view(
    Withdrawing(
        Action.REVIEW,
        lambda member: Report.objects.visible_to(member).standing(),
        back=lambda report: report,
        afterwards="Till exempel: antecknad med fel datum. Rapporten och filen finns kvar.",
        done="Rapporten är tillbakadragen. Filen finns kvar.",
    )
)
