"""The biennial review: start it, see how far it has come, print."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify

from followup.forms.review import ReviewForm
from followup.law.clocks import days_to_review, review_clock
from followup.models import Review
from followup.paper.review import printed
from followup.review.draft import start_review
from followup.review.life import contents_shown, life_of
from followup.review.sections import progress_of
from followup.views.files import as_pdf
from promises.access import Action, may, shows, with_agreement, writes
from promises.history import changes_of
from promises.models import Agreement


@shows(Action.READ)
@with_agreement
def reviews(request: HttpRequest, agreement: Agreement) -> HttpResponse:
    today = timezone.localdate()
    before = _predecessor(request, agreement)
    return render(
        request,
        "followup/review/reviews.html",
        {
            "agreement": agreement,
            "reviews": Review.objects.visible_to(request.user).select_related("agreement"),
            "clock": review_clock(agreement, today),
            "left_before": before and days_to_review(before, today),
            "may_write": may(request.user, Action.REVIEW, today),
        },
    )


@writes(Action.REVIEW)
@with_agreement
def start(request: HttpRequest, agreement: Agreement) -> HttpResponse:
    """Start a review of the agreement, or of the one it replaced; it is drafted from the log."""
    today = timezone.localdate()
    if request.GET.get("avtal") == "foregaende":
        agreement = _predecessor(request, agreement) or agreement
    days = days_to_review(agreement, today)
    initial = {}
    if days:
        initial = {"starts_on": days.starts_on, "ends_on": days.ends_on, "cutoff_on": days.ends_on}
    form = ReviewForm(request.POST or None, agreement=agreement, initial=initial)
    if request.method == "POST" and form.is_valid():
        review = start_review(form.instance, by=request.user)
        messages.success(request, "Uppföljningen är påbörjad. Utkastet är skrivet ur loggen.")
        return redirect(review)
    context = {
        "form": form,
        "agreement": agreement,
        "days": days,
        "begun": days and Review.objects.begun(agreement, days),
    }
    return render(request, "followup/review/review_start.html", context)


def _predecessor(request: HttpRequest, agreement: Agreement) -> Agreement | None:
    """The agreement that this one replaced, if the member sees it: its last review is written
    when it has ended.
    """
    return Agreement.objects.visible_to(request.user).filter(successor=agreement).first()


@shows(Action.READ)
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """The workspace: how far each section has come, what lacks there, and the way to it."""
    review, today = visible_review(request, pk), timezone.localdate()
    contents = contents_shown(review, today)
    return render(
        request,
        "followup/review/review.html",
        {
            "review": review,
            "contents": contents,
            "life": life_of(review, request.user, today),
            "progress": progress_of(review, contents),
            "assessed": review.assessments.exclude(value="").count(),
            "to_assess": review.assessments.count(),
            "may_write": review.is_open and may(request.user, Action.REVIEW, today),
            "changes": changes_of(
                review,
                *review.assessments.select_related("goal", "undertaking", "promise"),
                *review.texts.all(),
                *review.submissions.all(),
                *review.comments.all(),
                by_sitting=True,
            ),
        },
    )


@shows(Action.READ)
def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The adopted document as it was stored, byte for byte; before that how it stands."""
    review = visible_review(request, pk)
    standing = "" if review.is_adopted else f"-{slugify(review.get_status_display())}"
    name = f"uppfoljning-{review.starts_on}-{review.ends_on}-version-{review.edition}{standing}.pdf"
    return as_pdf(printed(review, timezone.localdate()), name)


def visible_review(request: HttpRequest, pk: int) -> Review:
    return get_object_or_404(
        Review.objects.visible_to(request.user).select_related("agreement"), pk=pk
    )
