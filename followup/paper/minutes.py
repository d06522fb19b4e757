"""The minutes of a meeting → their PDF, with what the chair signs attached."""

from __future__ import annotations

from followup.archive.minutes import SignedMinutes
from followup.meetings.minutes import Signature
from followup.paper.pdf import data_attachment, render_document


def render_minutes(minutes: SignedMinutes, signature: Signature | None) -> bytes:
    """The minutes as PDF; without a signature they say that they are a draft."""
    return render_document(
        "followup/meetings/minutes_print.html",
        {"minutes": minutes, "signature": signature, "contents_sha256": minutes.sha256},
        [
            data_attachment(
                "protokoll.json",
                "Protokollets innehåll, det som justeras",
                minutes.text,
                minutes.date,
            )
        ],
    )
