"""Comments on a review: what the parties say to each other while they write it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from followup.forms.review import ReviewCommentForm
from followup.models import Review, ReviewComment
from followup.models.locks import Refusal, refused_in_words
from followup.views.review import visible_review
from followup.views.review_section import ASSESSED_IN, section_named
from promises.access import Action, require, writes


@writes(Action.REVIEW)
def on_section(request: HttpRequest, pk: int, section: str) -> HttpResponse:
    review = _not_adopted(request, pk)
    comment = ReviewComment(review=review, section=section_named(section).value)
    return _write(request, comment)


@writes(Action.REVIEW)
def on_assessment(request: HttpRequest, pk: int, assessment_pk: int) -> HttpResponse:
    review = _not_adopted(request, pk)
    assessment = get_object_or_404(review.assessments.all(), pk=assessment_pk)
    section = ASSESSED_IN[type(assessment.assessed)]
    comment = ReviewComment(review=review, section=section.value, assessment=assessment)
    return _write(request, comment)


@require_POST
@require(Action.REVIEW)
def resolve(request: HttpRequest, pk: int, comment_pk: int) -> HttpResponse:
    """Mark a comment as dealt with. It stays, with who did so."""
    review = _not_adopted(request, pk)
    comment = get_object_or_404(review.comments.all(), pk=comment_pk)
    if comment.resolved_at is None:
        comment.resolved_at, comment.resolved_by = timezone.now(), request.user
        _save(comment)
        messages.success(request, "Kommentaren är åtgärdad.")
    return redirect(_place(comment))


def _write(request: HttpRequest, comment: ReviewComment) -> HttpResponse:
    comment.member = request.user
    form = ReviewCommentForm(request.POST or None, instance=comment)
    if request.method == "POST" and form.is_valid():
        _save(form.instance)
        messages.success(request, "Kommentaren är sparad.")
        return redirect(_place(comment))
    earlier = comment.review.comments.filter(section=comment.section, assessment=comment.assessment)
    return render(
        request,
        "followup/review/review_comment.html",
        {
            "form": form,
            "review": comment.review,
            "comment": comment,
            "back": _place(comment),
            "comments": earlier.select_related("member__party", "resolved_by"),
        },
    )


@transaction.atomic
def _save(comment: ReviewComment) -> None:
    """Save. Raises LockedError when the review was adopted just before."""
    with refused_in_words(Refusal.REVIEW_CLOSED):
        comment.save()


def _place(comment: ReviewComment) -> str:
    """Where the comment is read."""
    if comment.assessment_id:
        address = reverse("assess", args=[comment.review_id, comment.assessment_id])
    else:
        address = reverse("review_section", args=[comment.review_id, comment.section])
    return f"{address}#kommentarer"


def _not_adopted(request: HttpRequest, pk: int) -> Review:
    review = visible_review(request, pk)
    if review.is_adopted:
        raise PermissionDenied("Uppföljningen är fastställd och kan inte kommenteras längre.")
    return review
