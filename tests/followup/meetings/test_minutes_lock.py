"""Signed minutes never change: not by a model, not in bulk, not by SQL, not in the administration."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib import admin
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from followup.models import AgendaItem, Attendance, Decision, Meeting, MeetingDocument
from followup.models.locks import LockedError, Refusal
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(agreement, coordinator) -> Meeting:
    """A meeting with one of everything, locked."""
    meeting = factories.MeetingFactory(agreement=agreement, chair=coordinator, status="held")
    item = factories.AgendaItemFactory(meeting=meeting)
    factories.DecisionFactory(item=item)
    factories.AttendanceFactory(meeting=meeting, member=coordinator)
    MeetingDocument.objects.create(
        meeting=meeting,
        signed_by=coordinator,
        name="Sara",
        contents="{}",
        contents_sha256="0" * 64,
        pdf=b"%PDF",
        pdf_sha256="0" * 64,
    )
    meeting.locked_at = timezone.now()
    meeting.save()
    return meeting


@pytest.fixture
def parts(meeting) -> dict[str, object]:
    return {
        "meeting": meeting,
        "item": meeting.items.get(),
        "attendance": meeting.attendances.get(),
        "decision": meeting.decisions.get(),
    }


CHANGES = {
    "meeting": {"location": "Någon annanstans"},
    "item": {"notes": "Annat sades."},
    "attendance": {"presence": "absent"},
    "decision": {"wording": "Annat beslöts."},
}


@pytest.mark.parametrize("part", CHANGES)
def test_a_model_refuses_in_swedish(part, parts):
    row = parts[part]
    for name, value in CHANGES[part].items():
        setattr(row, name, value)
    with pytest.raises(LockedError, match=Refusal.MINUTES_SIGNED.label):
        row.save()


@pytest.mark.parametrize("part", CHANGES)
def test_a_bulk_update_is_refused_by_the_database(part, parts):
    row = parts[part]
    with pytest.raises(IntegrityError, match=Refusal.MINUTES_SIGNED), transaction.atomic():
        type(row).objects.filter(pk=row.pk).update(**CHANGES[part])
    for name, value in CHANGES[part].items():
        setattr(row, name, value)
    with pytest.raises(IntegrityError, match=Refusal.MINUTES_SIGNED), transaction.atomic():
        type(row).objects.bulk_update([row], [*CHANGES[part]])


@pytest.mark.parametrize("part", CHANGES)
def test_sql_by_hand_is_refused_too(part, parts):
    row = parts[part]
    [(column, value)] = CHANGES[part].items()
    with (
        pytest.raises(IntegrityError, match=Refusal.MINUTES_SIGNED),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            f"UPDATE {row._meta.db_table} SET {column} = %s WHERE id = %s", [value, row.pk]
        )


def test_a_lock_cannot_be_taken_off(meeting):
    with pytest.raises(IntegrityError, match=Refusal.MINUTES_SIGNED), transaction.atomic():
        Meeting.objects.filter(pk=meeting.pk).update(locked_at=None)


def test_nothing_is_added_to_a_locked_meeting(meeting, reader):
    item = meeting.items.get()
    added = [
        AgendaItem(meeting=meeting, number=2, title="Efteråt"),
        Attendance(meeting=meeting, member=reader),
        Decision(meeting=meeting, item=item, wording="Efteråt"),
    ]
    for row in added:
        with pytest.raises(LockedError, match=Refusal.MINUTES_SIGNED.label):
            row.save()
        with pytest.raises(IntegrityError, match=Refusal.MINUTES_SIGNED), transaction.atomic():
            type(row).objects.bulk_create([row])


def test_nothing_is_moved_into_a_locked_meeting_or_out_of_it(meeting, agreement, coordinator):
    other = factories.MeetingFactory(agreement=agreement, chair=coordinator)
    into = factories.AgendaItemFactory(meeting=other)
    for item, goal in ((into, meeting), (meeting.items.get(), other)):
        with pytest.raises(IntegrityError, match=Refusal.MINUTES_SIGNED), transaction.atomic():
            AgendaItem.objects.filter(pk=item.pk).update(meeting=goal)


def test_an_unlocked_meeting_beside_it_can_be_changed(meeting, agreement, coordinator):
    other = factories.MeetingFactory(agreement=agreement, chair=coordinator)
    item = factories.AgendaItemFactory(meeting=other)
    assert Meeting.objects.filter(pk=other.pk).update(location="Folkets hus") == 1
    assert AgendaItem.objects.filter(pk=item.pk).update(notes="Sagt.") == 1


def test_a_signed_document_never_changes(meeting):
    document = meeting.document
    document.name = "Någon annan"
    with pytest.raises(LockedError):
        document.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        MeetingDocument.objects.update(pdf=b"%PDF annan")
    assert bytes(MeetingDocument.objects.get().pdf) == b"%PDF"


def test_nothing_is_deleted_not_even_before_the_lock(parts, meeting):
    for row in [*parts.values(), meeting.document]:
        with pytest.raises(LockedError, match=Refusal.KEPT.label):
            row.delete()
        with pytest.raises(LockedError, match=Refusal.KEPT.label):
            type(row).objects.all().delete()


def test_an_uppdrag_lives_on_after_the_lock(meeting, agreement, coordinator):
    task = factories.TaskFactory(agreement=agreement, meeting=meeting, owner=coordinator)
    task.status, task.closed_on = "done", date(2024, 5, 20)
    task.save()
    assert agreement.tasks.get().status == "done"


def test_a_move_on_a_locked_agenda_is_refused(agreement, coordinator):
    meeting = factories.MeetingFactory(agreement=agreement, chair=coordinator, status="held")
    first, _ = [factories.AgendaItemFactory(meeting=meeting, number=n) for n in (1, 2)]
    meeting.locked_at = timezone.now()
    meeting.save()
    with pytest.raises(LockedError, match=Refusal.MINUTES_SIGNED.label):
        first.move(1)


def test_the_administration_only_shows_it(administrator, signed_in, meeting):
    client = signed_in(administrator)
    address = f"/admin/followup/meeting/{meeting.pk}/change/"
    client.post(address, {"location": "Någon annanstans"})
    meeting.refresh_from_db()
    assert meeting.location == ""
    assert not admin.site._registry[Meeting].has_change_permission(None)
