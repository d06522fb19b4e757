"""What became of the promises, to look at in the administration when the pages do not suffice.

Nothing here is written or deleted: occasions are logged, changed and withdrawn in the portal,
where every change is checked and numbered, and what has been signed never changes.
"""

from followup import models as followup
from promises.admin import show

show(followup.Occasion, "date", "activity", "place", "party", "member", "withdrawn_at")
show(
    followup.Reading,
    "date",
    "metric",
    "value",
    "out_of",
    "occasion",
    "source",
    named_by="occasion__activity",
)
show(followup.Review, "starts_on", "ends_on", "edition", "status", "agreement", "registry_number")
show(
    followup.Assessment,
    "review",
    "goal",
    "undertaking",
    "promise",
    "value",
    "assessed_by",
    named_by="review__agreement",
)
show(followup.ReviewText, "review", "kind", named_by="review__agreement")
show(
    followup.ReviewComment,
    "review",
    "section",
    "member",
    "created_at",
    "resolved_at",
    named_by="review__agreement",
)
show(
    followup.Submission,
    "review",
    "submitted_at",
    "submitted_by",
    "returned_at",
    named_by="review__agreement",
)
show(
    followup.Signoff,
    "submission",
    "party",
    "name",
    "title",
    "is_delegate",
    "signed_at",
    named_by="submission__review__agreement",
)
show(
    followup.ReviewDocument,
    "submission",
    "adopted_at",
    "pdf_sha256",
    named_by="submission__review__agreement",
)
show(followup.LawNote, "paragraph", "agreement", "value", "noted_by", "noted_on", "withdrawn_at")
show(followup.Report, "kind", "starts_on", "ends_on", "body", "reported_on", "withdrawn_at")
show(followup.CalendarFeed, "name", "member", "created_at", "revoked_at")
# Whether somebody was told, for the day they say that nobody told them.
show(followup.Reminder, "member", "kind", "key", "created_at", "attempted_at", "sent_at")
show(followup.ReminderSettings, "member", "late", "task", "meeting", "review", "decision")
show(followup.Meeting, "date", "kind", "status", "chair", "agreement", "locked_at")
show(followup.Task, "title", "owner", "due_on", "status", "meeting")
show(followup.MeetingDocument, "meeting", "name", "signed_at", "pdf_sha256")
