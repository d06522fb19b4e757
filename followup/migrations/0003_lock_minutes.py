"""Signed minutes never change: the database itself refuses (see followup/locks.py)."""

from django.db import migrations

from followup.models.locks import LockChildren, LockRows

LOCKED = "Protokollet är justerat och låst. Inget i mötet kan ändras längre."
DOCUMENT = "Ett justerat protokoll ändras aldrig."


class Migration(migrations.Migration):
    dependencies = [("followup", "0002_collaboration")]

    operations = [
        LockRows("followup_meeting", when="OLD.locked_at IS NOT NULL", message=LOCKED),
        *(
            LockChildren(
                table,
                key="meeting_id",
                parent="followup_meeting",
                when="locked_at IS NOT NULL",
                message=LOCKED,
            )
            for table in ("followup_agendaitem", "followup_attendance", "followup_decision")
        ),
        LockRows("followup_meetingdocument", message=DOCUMENT),
    ]
