"""The signed minutes as they are kept."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone

from followup.models.kept import Kept
from followup.models.locks import LockedError
from followup.models.meeting.meeting import Meeting
from promises.integrity import no_personal_numbers
from promises.models import Member


class MeetingDocument(Kept):
    """The signed minutes as an archival document: the frozen contents, the PDF and both hashes.

    The chair's name and title are copied, since people change titles and leave.
    """

    meeting = models.OneToOneField(
        Meeting, verbose_name="möte", related_name="document", on_delete=models.PROTECT
    )
    signed_by = models.ForeignKey(
        Member, verbose_name="justerat av", related_name="+", on_delete=models.PROTECT
    )
    name = models.CharField("namn", max_length=150, validators=[no_personal_numbers])
    title = models.CharField("titel", max_length=150, blank=True, validators=[no_personal_numbers])
    signed_at = models.DateTimeField("justerat", default=timezone.now)
    contents = models.TextField("innehåll (kanonisk JSON)")
    contents_sha256 = models.CharField("innehållets SHA-256", max_length=64)
    pdf = models.BinaryField("PDF")
    pdf_sha256 = models.CharField("PDF-filens SHA-256", max_length=64, unique=True)

    class Meta:
        verbose_name = "justerat protokoll"
        verbose_name_plural = "justerade protokoll"

    def __str__(self) -> str:
        return f"Protokoll: {self.meeting}"

    def save(self, **kwargs: Any) -> None:
        """Save it once. Raises LockedError the second time."""
        if not self._state.adding:
            raise LockedError("Ett justerat protokoll ändras aldrig.")
        super().save(**kwargs)
