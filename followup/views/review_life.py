"""The steps in a review's life: hand it in, return it, sign it, correct it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from followup.forms.review_life import ReturnForm, SignForm
from followup.models import Review
from followup.paper.review import render_review
from followup.review.life import (
    CORRECTED,
    NOT_ADOPTED,
    NOT_OPEN,
    NOT_SUBMITTED,
    contents_shown,
    correct,
    hindrances,
    send_back,
    sign,
    submit,
)
from followup.views.review import visible_review
from promises.access import Action, require, signs_for


@require_http_methods(["GET", "HEAD", "POST"])
@require(Action.REVIEW)
def hand_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Read it through once more, see what is missing, and hand it in for both to sign."""
    review, today = visible_review(request, pk), timezone.localdate()
    if not review.is_open:
        return _told(request, review, NOT_OPEN)
    if request.method == "POST":
        try:
            submit(review, request.user, request.POST.get("contents_sha256", ""), timezone.now())
        except ValidationError as refused:
            for sentence in refused.messages:
                messages.warning(request, sentence)
            return redirect("review_submit", pk)
        messages.success(request, "Uppföljningen är inlämnad. Nu kan parterna skriva under.")
        return redirect(review)
    contents = contents_shown(review, today)
    context = {
        "review": review,
        "contents_sha256": contents.sha256,
        "hindrances": hindrances(contents, today),
        "optional": [gap for gap in contents.gaps if not gap.blocks],
        "comments": review.comments.filter(resolved_at=None).count(),
    }
    return render(request, "followup/review/review_submit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Action.REVIEW)
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Return it with a note: signatures become void, and it can be changed again."""
    review = visible_review(request, pk)
    if review.status != Review.Status.SUBMITTED:
        return _told(request, review, NOT_SUBMITTED)
    form = ReturnForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            send_back(review, request.user, form.cleaned_data["return_note"], timezone.now())
        except ValidationError as refused:
            return _told(request, review, refused.message)
        messages.success(request, "Uppföljningen är återlämnad. Den kan ändras och lämnas in igen.")
        return redirect(review)
    submission = review.submissions.open().get()
    context = {"form": form, "review": review, "signoffs": submission.signoffs.all()}
    return render(request, "followup/review/review_return.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Action.SIGN)
def put_name_to(request: HttpRequest, pk: int) -> HttpResponse:
    """Read what is handed in, and sign it for one's party."""
    review, today = visible_review(request, pk), timezone.localdate()
    if review.status != Review.Status.SUBMITTED:
        return _told(request, review, NOT_SUBMITTED)
    shown = review.submissions.open().get().contents_sha256
    form = SignForm(request.POST or None, initial={"contents_sha256": shown})
    if request.method == "POST" and form.is_valid():
        try:
            read = form.cleaned_data["contents_sha256"]
            sign(review, request.user, read, timezone.now(), render=render_review)
        except ValidationError as refused:
            form = _again(shown, refused)
        else:
            messages.success(request, _signed_in_words(review))
            return redirect(review)
    context = {
        "form": form,
        "review": review,
        "contents": contents_shown(review, today),
        "contents_sha256": shown,
        "signatory": signs_for(request.user, today),
    }
    return render(request, "followup/review/review_sign.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Action.REVIEW)
def begin_correction(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the next version of an adopted review."""
    review = visible_review(request, pk)
    if not review.is_adopted:
        return _told(request, review, NOT_ADOPTED)
    if request.method == "POST":
        try:
            correction = correct(review, request.user)
        except ValidationError as refused:
            return _told(request, review, refused.message)
        messages.success(request, f"Version {correction.edition} är påbörjad som en kopia.")
        return redirect(correction)
    if Review.objects.filter(corrects=review).exists():
        return _told(request, review, CORRECTED)
    return render(request, "followup/review/review_correct.html", {"review": review})


def _told(request: HttpRequest, review: Review, why: str) -> HttpResponse:
    """Back to the review, and why: it has come further than the page that was open."""
    messages.info(request, why)
    return redirect(review)


def _again(shown: str, refused: ValidationError) -> SignForm:
    """The form once more, about what is shown now, with what stood in the way."""
    form = SignForm({"contents_sha256": shown})
    form.is_valid()
    form.errors.pop("has_read", None)
    form.add_error(None, refused)
    return form


def _signed_in_words(review: Review) -> str:
    if review.is_adopted:
        return "Du har skrivit under. Båda parterna har skrivit under: uppföljningen är fastställd."
    return (
        "Du har skrivit under. Uppföljningen är fastställd när även den andra parten har gjort det."
    )
