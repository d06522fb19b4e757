"""`manage.py send_reminders [--dry-run] [--date YYYY-MM-DD]`: one letter to each who waits for one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.formats import date_format

from followup.models import Reminder
from followup.reminders.due import Notice
from followup.reminders.post import send_reminders, unsent
from followup.swedish import counted


class Command(BaseCommand):
    help = (
        "Skickar påminnelser med e-post, ett brev till var och en som har något som väntar. "
        "Det som är skickat skickas inte igen, så kommandot kan köras hur ofta som helst."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="visa vad som skulle skickas, men skicka inget"
        )
        parser.add_argument(
            "--date",
            metavar="ÅÅÅÅ-MM-DD",
            type=date.fromisoformat,
            help="den dag påminnelserna gäller; utan värde i dag",
        )

    def handle(self, *, dry_run: bool, date: date | None, **options: object) -> None:
        on = date or timezone.localdate()
        if dry_run:
            self._show(on)
            return
        outcome = send_reminders(on)
        self.stdout.write(f"{date_format(on)}: {_sent_in_words(outcome.sent)}")
        for one in outcome.failed:
            self.stderr.write(f"Till {one.address} gick det inte att skicka: {one.reason}")
        if outcome.failed:
            raise CommandError(
                f"{len(outcome.failed)} brev kunde inte skickas. Nästa körning försöker igen."
            )

    def _show(self, on: date) -> None:
        letters = [*unsent(on)]
        for member, notices in letters:
            self.stdout.write(f"{member.email}: {_kinds_in_words(notices)}")
        self.stdout.write(
            f"{date_format(on)}: {len(letters)} brev skulle skickas. Inget är skickat."
        )


def _sent_in_words(letters: list[list[Notice]]) -> str:
    if not letters:
        return "inga brev att skicka."
    kinds = _kinds_in_words(notice for notices in letters for notice in notices)
    return f"{counted(len(letters), 'brev är skickat', 'brev är skickade')} ({kinds})."


def _kinds_in_words(notices: Iterable[Notice]) -> str:
    counts = Counter(notice.kind for notice in notices)
    return ", ".join(
        f"{kind.label.lower()}: {counts[kind]}" for kind in Reminder.Kind if counts[kind]
    )
