"""Something of every kind there is."""

from __future__ import annotations

from followup.models import MeetingDocument
from tests import factories, life


def add_one_of_each() -> None:
    """Something of every kind that the administration shows."""
    activity = factories.ActivityFactory(promise=factories.PromiseFactory())
    metric = factories.MetricFactory(activity=activity)
    occasion = factories.OccasionFactory(activity=activity, place=factories.PlaceFactory())
    factories.ReadingFactory(metric=metric, occasion=occasion)
    review = factories.ReviewFactory()
    factories.AssessmentFactory(
        review=review, promise=activity.promise, assessed_by=review.created_by
    )
    task = factories.TaskFactory()
    meeting = factories.MeetingFactory(agreement=task.agreement, chair=task.owner)
    item = factories.AgendaItemFactory(meeting=meeting)
    factories.DecisionFactory(item=item)
    factories.AttendanceFactory(meeting=meeting, member=task.owner)
    MeetingDocument.objects.create(
        meeting=meeting,
        signed_by=meeting.chair,
        name=meeting.chair.name,
        contents="{}",
        contents_sha256="0" * 64,
        pdf=b"%PDF",
        pdf_sha256=f"{meeting.pk:064}",
    )
    factories.DelegationFactory()
    factories.AppointmentFactory(member=review.created_by)
    factories.AccessibilityFeedbackFactory()
    factories.ReviewTextFactory(review=review)
    factories.ReviewCommentFactory(review=review)
    factories.LawNoteFactory()
    factories.WishFactory(noted_by=review.created_by)
    factories.StatementFactory()
    factories.ReportFactory()
    factories.CalendarFeedFactory()
    factories.ReminderFactory()
    factories.ReminderSettingsFactory()
    life.adopt(review)
