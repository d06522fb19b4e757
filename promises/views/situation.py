"""The lägesbild: read it, begin the next edition, write it, adopt it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from promises.access import Action, may, shows, with_agreement, writes
from promises.clocks import clocks_on
from promises.forms.situation.picture import AdoptForm, PictureForm, SourceForm
from promises.forms.situation.problem import ProblemForm
from promises.history import changes_of
from promises.models import ActionPlan, Agreement, Problem, SituationPicture, Source
from promises.models.situation import ADOPTED
from promises.situation_draft import start_picture

ONE_DRAFT = "Det finns redan ett utkast till lägesbild. Fortsätt på det, eller anta det först."


@shows(Action.READ)
@with_agreement
def situation(request: HttpRequest, agreement: Agreement) -> HttpResponse:
    """The current picture with its editions, the åtgärdsplan, and the clocks apart."""
    today = timezone.localdate()
    pictures = SituationPicture.objects.in_line_with(agreement)
    picture = pictures.with_parts().current()
    clocks = clocks_on(agreement, today)
    plans = ActionPlan.objects.visible_to(request.user).select_related("picture", "period")
    return render(
        request,
        "promises/situation.html",
        {
            "agreement": agreement,
            "picture": picture,
            "draft": pictures.drafts().first(),
            "editions": pictures.latest_first(),
            "clocks": clocks,
            "days_left": {name: (clock.due_on - today).days for name, clock in clocks.items()},
            "days_late": {name: (today - clock.due_on).days for name, clock in clocks.items()},
            "plans": plans,
            "latest": plans.first(),
            "has_adopted": pictures.adopted().exists(),
            "may_write": may(request.user, Action.SITUATION, today),
        },
    )


@shows(Action.READ)
def picture(request: HttpRequest, pk: int) -> HttpResponse:
    """One edition, as it was adopted; or the draft, with the way to each part of it."""
    picture = get_object_or_404(
        SituationPicture.objects.visible_to(request.user).with_parts(), pk=pk
    )
    may_write = may(request.user, Action.SITUATION, timezone.localdate())
    sources, problems = picture.sources.all(), picture.problems.all()
    causes = [cause for problem in problems for cause in problem.causes.all()]
    return render(
        request,
        "promises/situation_picture.html",
        {
            "picture": picture,
            "may_write": may_write and not picture.is_adopted,
            # Not by way of the picture: it has only those that stand at hand.
            "struck_sources": Source.objects.struck().filter(picture=picture),
            "struck_problems": Problem.objects.struck().filter(picture=picture),
            "changes": changes_of(picture, *sources, *problems, *causes),
        },
    )


@writes(Action.SITUATION)
@with_agreement
def start(request: HttpRequest, agreement: Agreement) -> HttpResponse:
    """Begin the next edition, after a page that says what it begins with."""
    today = timezone.localdate()
    if request.method == "POST":
        try:
            draft = start_picture(agreement, by=request.user, on=today)
        except IntegrityError:
            messages.warning(request, ONE_DRAFT)
            return redirect("situation")
        messages.success(request, f"Utgåva {draft.edition} är påbörjad. Den är ett utkast.")
        return redirect(draft)
    pictures = SituationPicture.objects.in_line_with(agreement).latest_first()
    earlier, draft = pictures.adopted().first(), pictures.drafts().first()
    return render(request, "promises/situation_start.html", {"earlier": earlier, "draft": draft})


@writes(Action.SITUATION)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The date and the parts that the law asks for."""
    picture = _draft(request, pk)
    form = PictureForm(request.POST or None, instance=picture)
    if request.method == "POST" and form.save_or_explain():
        messages.success(request, "Lägesbildens texter är sparade.")
        return redirect(picture)
    return render(request, "promises/situation_form.html", {"form": form, "picture": picture})


@writes(Action.SITUATION)
def source(request: HttpRequest, pk: int, source_pk: int | None = None) -> HttpResponse:
    """Change an underlag of the draft, or add one."""
    picture = _draft(request, pk)
    source = source_pk and get_object_or_404(picture.sources, pk=source_pk)
    form = SourceForm(request.POST or None, instance=source or Source(picture=picture))
    if request.method == "POST" and (source := form.save_or_explain()):
        done = "struket" if source.withdrawn_at else "sparat"
        messages.success(request, f"Underlaget ”{source.title}” är {done}.")
        return redirect(f"{picture.get_absolute_url()}#underlag")
    context = {"form": form, "picture": picture, "is_new": source_pk is None}
    return render(request, "promises/source_form.html", context)


@writes(Action.SITUATION)
def problem(request: HttpRequest, pk: int, problem_pk: int | None = None) -> HttpResponse:
    """Change a problem in the draft, or add one."""
    picture, today = _draft(request, pk), timezone.localdate()
    problem = problem_pk and get_object_or_404(picture.problems, pk=problem_pk)
    instance = problem or Problem(picture=picture)
    form = ProblemForm(request.POST or None, instance=instance, today=today)
    if request.method == "POST" and (problem := form.save_or_explain()):
        done = "struket" if problem.withdrawn_at else "sparat"
        messages.success(request, f"Problemet ”{problem.title}” är {done}.")
        return redirect(f"{picture.get_absolute_url()}#problem")
    context = {"form": form, "picture": picture, "is_new": problem_pk is None}
    return render(request, "promises/problem_form.html", context)


@writes(Action.SITUATION)
def adopt(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that the picture has been adopted; from then on it is not changed."""
    picture = _draft(request, pk)
    form = AdoptForm(request.POST or None, instance=picture, today=timezone.localdate())
    if request.method == "POST" and form.save_or_explain():
        messages.success(request, "Lägesbilden är antagen och låst.")
        return redirect(picture)
    return render(
        request,
        "promises/situation_adopt.html",
        {"form": form, "picture": picture, "lacks": picture.lacks()},
    )


def _draft(request: HttpRequest, pk: int) -> SituationPicture:
    """The draft, or 403 with the reason when it has been adopted."""
    picture = get_object_or_404(
        SituationPicture.objects.visible_to(request.user).select_related("agreement"), pk=pk
    )
    if picture.is_adopted:
        raise PermissionDenied(ADOPTED)
    return picture
