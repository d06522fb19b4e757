"""The review section by section: its texts and judgements beside the figures they rest on."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from followup.archive.record import Record
from followup.archive.reviews import SignedReview
from followup.forms.review import AssessmentForm, ReviewCoverForm, ReviewTextForm
from followup.models import Assessment, Review, ReviewText, Section
from followup.models.locks import Refusal
from followup.review.draft import DRAFTED, drafts_of, period_of
from followup.review.last_review import last_assessment
from followup.review.life import contents_shown
from followup.review.sections import gaps_of
from followup.views.review import visible_review
from promises.access import Action, may, require, shows, writes
from promises.autosave import autosaved, is_sent_by_script
from promises.models import Goal, Promise, Undertaking

ASSESSED_IN = {
    Goal: Section.GOALS,
    Undertaking: Section.UNDERTAKINGS,
    Promise: Section.PROMISES,
}


LOG_FILTERS = {Section.UNDERTAKINGS: "atagande", Section.PROMISES: "lofte"}


@dataclass(frozen=True)
class Entry:
    """One of the things a section judges: its figures, its assessment and what was asked of it."""

    section: Record
    assessment: Assessment | None
    open_comments: int
    log_filter: str
    """The filter by which the log shows its occasions."""


@never_cache
@shows(Action.READ)
def section(request: HttpRequest, pk: int, section: str) -> HttpResponse:
    """One section: what is written there, what it rests on, and what is said about it."""
    review, today = visible_review(request, pk), timezone.localdate()
    section = section_named(section)
    contents = contents_shown(review, today)
    comments = review.comments.filter(section=section, assessment=None)
    may_comment = not review.is_adopted and may(request.user, Action.REVIEW, today)
    return render(
        request,
        "followup/review/review_section.html",
        {
            "review": review,
            "contents": contents,
            "section": section,
            "figures": f"followup/review/section/{section.value}.html",
            "gaps": gaps_of(contents, section),
            "entries": _entries(review, contents, section),
            "forms": _forms(review, section),
            "comments": comments.select_related("member__party", "resolved_by"),
            "may_write": may_comment and review.is_open,
            "may_comment": may_comment,
            "sections": list(Section),
            **_beside(section),
        },
    )


@never_cache
@writes(Action.REVIEW)
def text(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """One text, beside a fresh draft of it to copy from; the draft never takes its place."""
    review = visible_review(request, pk)
    text = get_object_or_404(review.texts.all(), kind=kind)
    _refuse_to_open_closed(request, review)
    form = ReviewTextForm(request.POST or None, instance=text)
    if is_sent_by_script(request):
        return autosaved(form)
    if request.method == "POST" and form.save_or_explain():
        messages.success(request, f"Sparat: {text}.")
        return redirect(f"{text.get_absolute_url()}#text-{text.kind}")
    draft = drafts_of(period_of(review)).get(ReviewText.Kind(kind))
    context = {"form": form, "review": review, "text": text, "draft": draft}
    return render(request, "followup/review/review_text.html", context)


@never_cache
@writes(Action.REVIEW)
def cover(request: HttpRequest, pk: int) -> HttpResponse:
    """What stands on the cover."""
    review = visible_review(request, pk)
    _refuse_to_open_closed(request, review)
    form = ReviewCoverForm(request.POST or None, instance=review)
    if is_sent_by_script(request):
        return autosaved(form)
    if request.method == "POST" and form.save_or_explain():
        messages.success(request, "Försättsbladet är sparat.")
        return redirect("review_section", review.pk, Section.COVER.value)
    return render(request, "followup/review/review_cover.html", {"form": form, "review": review})


@never_cache
@writes(Action.READ)
def assess(request: HttpRequest, pk: int, assessment_pk: int) -> HttpResponse:
    """One judgement beside the figures it rests on, and beside the one before it."""
    review = visible_review(request, pk)
    assessment = get_object_or_404(
        review.assessments.select_related("goal", "undertaking", "promise"), pk=assessment_pk
    )
    if request.method == "POST":
        return _save_assessment(request, assessment)
    is_open = review.is_open and may(request.user, Action.REVIEW, timezone.localdate())
    return _assess_page(request, assessment, _assessment_form(request, assessment), is_open)


@require(Action.REVIEW)
def _save_assessment(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    form = _assessment_form(request, assessment)
    if is_sent_by_script(request):
        return autosaved(form)
    if form.save_or_explain():
        thing = assessment.assessed
        messages.success(
            request, f"Bedömningen av {thing._meta.verbose_name} {thing.number} är sparad."
        )
        return redirect(section_of(assessment))
    return _assess_page(request, assessment, form, is_open=True)


def _assessment_form(request: HttpRequest, assessment: Assessment) -> AssessmentForm:
    return AssessmentForm(
        request.POST or None,
        instance=assessment,
        member=request.user,
        today=timezone.localdate(),
        is_unfinished=is_sent_by_script(request),
    )


def _assess_page(
    request: HttpRequest, assessment: Assessment, form: AssessmentForm, is_open: bool
) -> HttpResponse:
    review, today = assessment.review, timezone.localdate()
    contents = contents_shown(review, today)
    return render(
        request,
        "followup/review/assess.html",
        {
            "contents": contents,  # whose days the numbers lead to in the log
            "form": form if is_open else None,
            "review": review,
            "assessment": assessment,
            "section": _figures_of(contents, assessment),
            "last": last_assessment(assessment),
            "back": section_of(assessment),
            "back_label": ASSESSED_IN[type(assessment.assessed)].label,
            "comments": assessment.comments.select_related("member__party", "resolved_by"),
            "may_comment": not review.is_adopted and may(request.user, Action.REVIEW, today),
        },
    )


def section_named(value: str) -> Section:
    """The section of that address. Raises Http404 for another."""
    try:
        return Section(value)
    except ValueError as unknown:
        raise Http404 from unknown


def section_of(assessment: Assessment) -> str:
    """Where in the review the assessment stands."""
    section = ASSESSED_IN[type(assessment.assessed)]
    address = reverse("review_section", args=[assessment.review_id, section.value])
    return f"{address}#bedomning-{assessment.pk}"


def _refuse_to_open_closed(request: HttpRequest, review: Review) -> None:
    """A closed review is read, not written; what was sent too late comes back with its reason."""
    if request.method != "POST" and not review.is_open:
        raise PermissionDenied(Refusal.REVIEW_CLOSED.label)


def _beside(section: Section) -> dict[str, Section | None]:
    """The sections before and after."""
    sections = [None, *Section, None]
    place = sections.index(section)
    return {"previous": sections[place - 1], "next": sections[place + 1]}


def _forms(review: Review, section: Section) -> list[tuple[ReviewTextForm, bool]]:
    """A form for each text of the section, with ids of its own, and whether it can be drafted."""
    return [
        (ReviewTextForm(instance=text, auto_id=f"id_{text.kind}_%s"), text.kind in DRAFTED)
        for text in review.texts.all()
        if ReviewText.Kind(text.kind).section == section
    ]


def _judged(contents: SignedReview, section: Section) -> tuple[Record, ...]:
    return {
        Section.GOALS: contents.goals,
        Section.UNDERTAKINGS: contents.undertakings,
        Section.PROMISES: contents.promises,
    }.get(section, ())


def _entries(review: Review, contents: SignedReview, section: Section) -> list[Entry]:
    judged = _judged(contents, section)
    if not judged:
        return []
    assessments = {
        one.assessed.pk: one
        for one in review.assessments.select_related("goal", "undertaking", "promise")
        if ASSESSED_IN[type(one.assessed)] == section
    }
    asked = list(
        review.comments.filter(section=section, resolved_at=None).values_list(
            "assessment", flat=True
        )
    )
    return [
        Entry(one, found, asked.count(found.pk) if found else 0, LOG_FILTERS.get(section, ""))
        for one, found in ((one, assessments.get(one.id)) for one in judged)
    ]


def _figures_of(contents: SignedReview, assessment: Assessment) -> Record:
    """The part of the review's contents that the assessment judges."""
    judged = _judged(contents, ASSESSED_IN[type(assessment.assessed)])
    return next(one for one in judged if one.id == assessment.assessed.pk)
