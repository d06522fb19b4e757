"""Reminders by e-mail: what is due to be told (`due`), the letter (`letter`), the post (`post`)."""

from followup.reminders.due import Notice, due_for
from followup.reminders.letter import letter_to
from followup.reminders.post import Outcome, Undelivered, recipients, send_reminders, unsent

__all__ = [
    "Notice",
    "Outcome",
    "Undelivered",
    "due_for",
    "letter_to",
    "recipients",
    "send_reminders",
    "unsent",
]
