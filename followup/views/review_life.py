"""The steps in a review's life: read it, hand it in, return it, sign it, correct it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

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
    life_of,
    send_back,
    sign,
    submit,
)
from followup.views.review import visible_review
from promises.access import Action, require, signs_for, writes


@writes(Action.READ)
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole review as it stands, from the same contents as the PDF.

    At its end it is handed in or signed, by whoever may do that now.
    """
    review = visible_review(request, pk)
    if request.method == "POST":
        step = _hand_in if request.POST.get("step") == "submit" else _put_name_to
        return step(request, review)
    return _read(request, review)


def _read(request: HttpRequest, review: Review, form: SignForm | None = None) -> HttpResponse:
    """The review's page; `form` is the signature's when it comes back."""
    today = timezone.localdate()
    life = life_of(review, request.user, today)
    context: dict[str, object] = {"review": review, "life": life}
    if life.submission and (form or life.may_sign):
        # Before the contents: should they be exchanged in between, the signature is refused.
        shown = life.submission.contents_sha256
        context |= {
            "form": form or SignForm(initial={"contents_sha256": shown}),
            "contents_sha256": shown,
            "signatory": signs_for(request.user, today),
        }
    contents = contents_shown(review, today)
    if life.may_submit:
        context |= {
            "hindrances": hindrances(contents, today),
            "optional": [gap for gap in contents.gaps if not gap.blocks],
            "comments": review.comments.filter(resolved_at=None).count(),
        }
    return render(request, "followup/review/review_preview.html", context | {"contents": contents})


@require(Action.REVIEW)
def _hand_in(request: HttpRequest, review: Review) -> HttpResponse:
    """Hand in what was shown, for both to sign."""
    if not review.is_open:
        return _told(request, review, NOT_OPEN)
    try:
        submit(review, request.user, request.POST.get("contents_sha256", ""), timezone.now())
    except ValidationError as refused:
        for sentence in refused.messages:
            messages.warning(request, sentence)
        return redirect("review_preview", review.pk)
    messages.success(request, "Uppföljningen är inlämnad. Nu kan parterna skriva under.")
    return redirect(review)


@require(Action.SIGN)
def _put_name_to(request: HttpRequest, review: Review) -> HttpResponse:
    """Sign for one's party what was shown."""
    if review.status != Review.Status.SUBMITTED:
        return _told(request, review, NOT_SUBMITTED)
    form = SignForm(request.POST)
    if form.is_valid():
        try:
            read = form.cleaned_data["contents_sha256"]
            sign(review, request.user, read, timezone.now(), render=render_review)
        except ValidationError as refused:
            review.refresh_from_db()
            if review.status != Review.Status.SUBMITTED:
                return _told(request, review, refused.message)
            form = _again(review.submissions.open().get().contents_sha256, refused)
        else:
            messages.success(request, _signed_in_words(review))
            return redirect(review)
    return _read(request, review, form)


@writes(Action.REVIEW)
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


@writes(Action.REVIEW)
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
