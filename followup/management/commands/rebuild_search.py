"""manage.py rebuild_search: make everything that is stored searchable anew."""

from django.core.management.base import BaseCommand

from followup.search.index import rebuild


class Command(BaseCommand):
    help = (
        "Skriver sökregistret på nytt ur det som är lagrat. Behövs bara om uppgifter har lagts in "
        "vid sidan av portalen."
    )

    def handle(self, *args, **options) -> None:
        self.stdout.write(f"{rebuild()} uppgifter är sökbara.")
