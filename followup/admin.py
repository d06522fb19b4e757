"""What became of the promises, to look at in the administration when the pages do not suffice.

Nothing here is written or deleted: occasions are logged, changed and withdrawn in the portal,
where every change is checked and numbered, and what has been signed never changes.
"""

from __future__ import annotations

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from followup import models as followup
from promises.admin import ReadOnly

# The columns of each list. Those that are rows of another table are fetched with it, and so is
# what their own names are made of.
COLUMNS: dict[type[models.Model], tuple[str, ...]] = {
    followup.Occasion: ("date", "activity", "place", "party", "member", "withdrawn_at"),
    followup.Reading: ("date", "metric", "value", "out_of", "occasion", "source"),
    followup.Review: ("starts_on", "ends_on", "edition", "status", "agreement", "registry_number"),
    followup.Assessment: ("review", "goal", "undertaking", "promise", "value", "assessed_by"),
    followup.ReviewText: ("review", "kind"),
    followup.ReviewComment: ("review", "section", "member", "created_at", "resolved_at"),
    followup.Submission: ("review", "submitted_at", "submitted_by", "returned_at"),
    followup.Signoff: ("submission", "party", "name", "title", "is_delegate", "signed_at"),
    followup.ReviewDocument: ("submission", "adopted_at", "pdf_sha256"),
    followup.LawNote: ("paragraph", "agreement", "value", "noted_by", "noted_on", "withdrawn_at"),
    followup.Report: ("kind", "starts_on", "ends_on", "body", "reported_on", "withdrawn_at"),
    followup.CalendarFeed: ("name", "member", "created_at", "revoked_at"),
    # Whether somebody was told, for the day they say that nobody told them.
    followup.Reminder: ("member", "kind", "key", "created_at", "attempted_at", "sent_at"),
    followup.ReminderSettings: ("member", "late", "task", "meeting", "review", "decision"),
    followup.Meeting: ("date", "kind", "status", "chair", "agreement", "locked_at"),
    followup.Task: ("title", "owner", "due_on", "status", "meeting"),
    followup.MeetingDocument: ("meeting", "name", "signed_at", "pdf_sha256"),
}
NAMED_BY = {"occasion": "occasion__activity", "submission": "submission__review"}
# Long, read as a document in the portal, or the secret of an address.
NOT_SHOWN = frozenset({"pdf", "contents", "token_sha256"})


class ToRead(ReadOnly, admin.ModelAdmin):
    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        fields = {field.name for field in self.model._meta.fields}
        return super().get_queryset(request).defer(*fields & NOT_SHOWN)

    def get_readonly_fields(
        self, request: HttpRequest, obj: models.Model | None = None
    ) -> list[str]:
        fields = [field.name for field in self.model._meta.fields]
        return [name for name in fields if name not in NOT_SHOWN]

    get_fields = get_readonly_fields


for model, columns in COLUMNS.items():
    related = [
        NAMED_BY.get(name, name) for name in columns if model._meta.get_field(name).is_relation
    ]
    admin.site.register(model, ToRead, list_display=columns, list_select_related=related)
