"""What became of the promises, to look at in the administration.

Nothing here is written or deleted: occasions are logged, changed and withdrawn in the portal,
where every change is checked and numbered, and what has been signed never changes.
"""

from __future__ import annotations

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from followup.models import (
    AgendaItem,
    Assessment,
    Attendance,
    CalendarFeed,
    Decision,
    LawNote,
    Meeting,
    MeetingDocument,
    Occasion,
    Reading,
    Reminder,
    ReminderSettings,
    Report,
    Review,
    ReviewComment,
    ReviewDocument,
    ReviewText,
    Signoff,
    Submission,
    Task,
)
from promises.admin import ReadOnly


class ReadingInline(ReadOnly, admin.StackedInline):
    model = Reading
    fields = ("metric", "value", "out_of", "source")


@admin.register(Occasion)
class OccasionAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("date", "activity", "place", "party", "member", "is_published", "withdrawn_at")
    list_filter = ("is_published", "party", "activity__promise", "is_example")
    list_select_related = ("activity", "place", "party", "member")
    search_fields = ("activity__title", "done", "outcome")
    date_hierarchy = "date"
    inlines = (ReadingInline,)


@admin.register(Reading)
class ReadingAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("date", "metric", "value", "out_of", "occasion", "source")
    list_select_related = ("metric", "occasion__activity")
    search_fields = ("metric__name", "source")
    date_hierarchy = "date"


class AssessmentInline(ReadOnly, admin.StackedInline):
    model = Assessment


class ReviewTextInline(ReadOnly, admin.StackedInline):
    model = ReviewText
    fields = ("kind", "text")


class SubmissionInline(ReadOnly, admin.StackedInline):
    model = Submission
    fields = ("submitted_at", "submitted_by", "returned_at", "return_note", "contents_sha256")


class SignoffInline(ReadOnly, admin.StackedInline):
    model = Signoff


@admin.register(Review)
class ReviewAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("__str__", "edition", "status", "agreement", "registry_number")
    list_filter = ("status",)
    list_select_related = ("agreement",)
    inlines = (ReviewTextInline, AssessmentInline, SubmissionInline)


@admin.register(Assessment)
class AssessmentAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("review", "goal", "undertaking", "promise", "value", "trend", "assessed_by")
    list_filter = ("value", "review")
    list_select_related = ("review", "goal", "undertaking", "promise", "assessed_by")


@admin.register(ReviewText)
class ReviewTextAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("review", "kind")
    list_filter = ("kind",)
    list_select_related = ("review",)


@admin.register(ReviewComment)
class ReviewCommentAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("review", "section", "member", "created_at", "resolved_at")
    list_select_related = ("review", "member")


@admin.register(Submission)
class SubmissionAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("review", "submitted_at", "submitted_by", "returned_at", "contents_sha256")
    list_select_related = ("review", "submitted_by")
    inlines = (SignoffInline,)


@admin.register(Signoff)
class SignoffAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("submission", "party", "name", "title", "is_delegate", "signed_at", "voided_at")
    list_select_related = ("submission", "party")


@admin.register(ReviewDocument)
class ReviewDocumentAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("submission", "adopted_at", "pdf_sha256")
    list_select_related = ("submission__review",)
    fields = ("submission", "adopted_at", "pdf_sha256")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).defer("pdf")


@admin.register(LawNote)
class LawNoteAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("paragraph", "agreement", "value", "noted_by", "noted_on", "withdrawn_at")
    list_select_related = ("agreement", "noted_by")


@admin.register(Report)
class ReportAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("kind", "starts_on", "ends_on", "body", "reported_on", "withdrawn_at")
    list_filter = ("kind",)
    exclude = ("pdf",)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).defer("pdf")


@admin.register(CalendarFeed)
class CalendarFeedAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("name", "member", "created_at", "revoked_at")
    list_select_related = ("member",)
    fields = readonly_fields = ("name", "member", "created_at", "revoked_at")


@admin.register(Reminder)
class ReminderAdmin(ReadOnly, admin.ModelAdmin):
    """Whether somebody was told, for the day they say that nobody told them."""

    list_display = ("member", "kind", "key", "created_at", "attempted_at", "sent_at")
    list_filter = ("kind",)
    list_select_related = ("member",)
    search_fields = ("member__name", "member__email")
    date_hierarchy = "created_at"


@admin.register(ReminderSettings)
class ReminderSettingsAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("member", "late", "task", "meeting", "review", "decision")
    list_select_related = ("member",)


class AgendaItemInline(ReadOnly, admin.StackedInline):
    model = AgendaItem


class AttendanceInline(ReadOnly, admin.StackedInline):
    model = Attendance


class DecisionInline(ReadOnly, admin.StackedInline):
    model = Decision


@admin.register(Meeting)
class MeetingAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("date", "kind", "status", "chair", "agreement", "locked_at")
    list_filter = ("kind", "status", "is_example")
    list_select_related = ("chair", "agreement")
    date_hierarchy = "date"
    inlines = (AgendaItemInline, AttendanceInline, DecisionInline)


@admin.register(Task)
class TaskAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("title", "owner", "due_on", "status", "meeting")
    list_filter = ("status", "is_example")
    list_select_related = ("owner", "meeting")
    search_fields = ("title", "closing_note")


@admin.register(MeetingDocument)
class MeetingDocumentAdmin(ReadOnly, admin.ModelAdmin):
    """The hashes and the time; the minutes themselves are read as a PDF in the portal."""

    list_display = ("meeting", "name", "signed_at", "pdf_sha256")
    list_select_related = ("meeting",)
    fields = ("meeting", "name", "title", "signed_at", "contents_sha256", "pdf_sha256")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[MeetingDocument]:
        return super().get_queryset(request).defer("contents", "pdf")
