"""`manage.py load_example`: an invented log to look at, with accounts to sign in with."""

from django.core.management.base import BaseCommand, CommandError

from followup.example.loading import PASSWORD, ExampleRefusedError, load_example
from followup.models import Occasion
from promises.models import Activity, Member


class Command(BaseCommand):
    help = "Läser in en påhittad tvåårig logg med exempelkonton. Kräver DEBUG."

    def handle(self, **options: object) -> None:
        try:
            is_new = load_example()
        except ExampleRefusedError as error:
            raise CommandError(f"{error} Inget har ändrats.") from error
        self.stdout.write(
            loaded_line() if is_new else "Inget att ändra: exempelloggen är redan inläst."
        )
        self.stdout.write("")
        self.stdout.write(f"Exempelkonton (lösenordet är {PASSWORD} för alla):")
        for line in accounts_table():
            self.stdout.write(line)


def loaded_line() -> str:
    activities = Activity.objects.filter(is_example=True).count()
    occasions = Occasion.objects.filter(is_example=True).count()
    return (
        f"Exempelloggen är inläst: {activities} aktiviteter, {occasions} tillfällen och en "
        "tvåårsuppföljning."
    )


def accounts_table() -> list[str]:
    """The example accounts in columns as wide as their contents, under a line of headings."""
    rows = [("E-postadress", "Roll", "Titel", "Part")]
    members = Member.objects.filter(is_example=True).select_related("party").order_by("id")
    for member in members:
        if not member.has_usable_password():
            continue  # invited, or gone
        rows.append((member.email, member.get_role_display(), member.title, str(member.party)))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    rows.insert(1, tuple("-" * width for width in widths))
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
