"""The biennial review: start it, write it, assess, preview, print."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from followup.forms.review import AssessmentForm, ReviewForm
from followup.models import Assessment, Review
from followup.models.review import default_period
from followup.pdf import render_review
from followup.review_contents import ReviewContents, contents_of
from followup.review_draft import start_review
from promises.access import Action, may, require
from promises.history import changes_of
from promises.models import Agreement, Goal, Promise, Undertaking


@require_safe
@require(Action.READ)
def reviews(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    agreement = Agreement.objects.visible_to(request.user).current(today)
    if agreement is None:
        return render(request, "promises/no_agreement.html")
    return render(
        request,
        "followup/reviews.html",
        {
            "agreement": agreement,
            "reviews": Review.objects.visible_to(request.user).select_related("agreement"),
            "next_review_due": agreement.next_review_due(today),
            "may_write": may(request.user, Action.REVIEW, today),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@require(Action.REVIEW)
def start(request: HttpRequest) -> HttpResponse:
    """Start a review; it is drafted from the log at once."""
    today = timezone.localdate()
    agreement = Agreement.objects.visible_to(request.user).current(today)
    if agreement is None:
        return render(request, "promises/no_agreement.html")
    starts_on, ends_on = default_period(agreement, today)
    initial = {"starts_on": starts_on, "ends_on": ends_on, "cutoff_on": ends_on}
    form = ReviewForm(request.POST or None, agreement=agreement, initial=initial)
    if request.method == "POST" and form.is_valid():
        review = start_review(form.instance, by=request.user)
        messages.success(request, "Uppföljningen är påbörjad. Utkastet är skrivet ur loggen.")
        return redirect(review)
    return render(request, "followup/review_start.html", {"form": form, "agreement": agreement})


@require_safe
@require(Action.READ)
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """The workspace: what is assessed, what lacks, and the way to each part."""
    review, today = _review(request, pk), timezone.localdate()
    contents = contents_of(review, today)
    return render(
        request,
        "followup/review.html",
        {
            "review": review,
            "contents": contents,
            "groups": _groups(review, contents),
            "assessed": review.assessments.exclude(value="").count(),
            "to_assess": review.assessments.count(),
            "may_write": review.is_open and may(request.user, Action.REVIEW, today),
            "changes": changes_of(
                review,
                *review.assessments.select_related("goal", "undertaking", "promise"),
                *review.texts.all(),
                *review.submissions.all(),
            ),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@require(Action.REVIEW)
def assess(request: HttpRequest, pk: int, assessment_pk: int) -> HttpResponse:
    """Assess one goal, undertaking or promise beside the figures the judgement rests on."""
    review = _open_review(request, pk)
    assessment = get_object_or_404(review.assessments.all(), pk=assessment_pk)
    form = AssessmentForm(
        request.POST or None, instance=assessment, member=request.user, today=timezone.localdate()
    )
    if request.method == "POST" and form.save_or_explain():
        messages.success(request, f"Bedömningen av {_label(assessment.assessed)} är sparad.")
        return redirect(f"{review.get_absolute_url()}#bedomningar")
    return render(
        request,
        "followup/assess.html",
        {
            "form": form,
            "review": review,
            "assessment": assessment,
            "section": _section(review, assessment),
        },
    )


@require_safe
@require(Action.READ)
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole review on the screen, from the same contents as the PDF."""
    review = _review(request, pk)
    contents = contents_of(review, timezone.localdate())
    return render(request, "followup/review_preview.html", {"review": review, "contents": contents})


@require_safe
@require(Action.READ)
def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    review = _review(request, pk)
    document = render_review(contents_of(review, timezone.localdate()))
    name = f"uppfoljning-{review.agreement.key}-{review.starts_on}-{review.ends_on}.pdf"
    return HttpResponse(
        document,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


def _review(request: HttpRequest, pk: int) -> Review:
    return get_object_or_404(
        Review.objects.visible_to(request.user).select_related("agreement"), pk=pk
    )


def _open_review(request: HttpRequest, pk: int) -> Review:
    review = _review(request, pk)
    if not review.is_open:
        raise PermissionDenied(
            f"Uppföljningen är {review.get_status_display().lower()} och kan inte ändras."
        )
    return review


def _groups(review: Review, contents: ReviewContents) -> list[tuple[str, list[tuple]]]:
    """What is assessed, group by group: each section with its assessment."""
    assessments = {
        (type(assessment.assessed), assessment.assessed.pk): assessment
        for assessment in review.assessments.select_related("goal", "undertaking", "promise")
    }
    return [
        (heading, [(section, assessments.get((model, section.id))) for section in sections])
        for heading, model, sections in (
            ("Parternas åtaganden", Undertaking, contents.undertakings),
            ("Målen", Goal, contents.goals),
            ("Löftena", Promise, contents.promises),
        )
    ]


def _label(assessed: Goal | Undertaking | Promise) -> str:
    return f"{assessed._meta.verbose_name} {assessed.number}"


def _section(review: Review, assessment: Assessment):
    """The part of the review's contents that the assessment judges."""
    contents = contents_of(review, timezone.localdate())
    sections = {Goal: contents.goals, Undertaking: contents.undertakings}.get(
        type(assessment.assessed), contents.promises
    )
    return next(section for section in sections if section.id == assessment.assessed.pk)
