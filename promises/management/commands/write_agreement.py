"""`manage.py write_agreement KEY [--output FILE]`: an agreement in the portal as a file."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from promises.agreement_file.reading import AgreementFileError
from promises.agreement_file.writing import write
from promises.models import Agreement


class Command(BaseCommand):
    help = "Skriver en samverkansöverenskommelse med allt under den till en TOML-fil."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "key", metavar="KEY", help="överenskommelsens nyckel, till exempel dorotea-2023-2026"
        )
        parser.add_argument(
            "--output", metavar="FILE", type=Path, help="filen; utan namn skrivs den ut här"
        )

    def handle(self, *, key: str, output: Path | None, **options: object) -> None:
        try:
            text = write(Agreement.objects.get(key=key))
        except Agreement.DoesNotExist as error:
            raise CommandError(f"Ingen överenskommelse har nyckeln ”{key}”. {_keys()}") from error
        except AgreementFileError as error:
            lines = "\n".join(f"- {fault}" for fault in error.errors)
            raise CommandError(
                f"Överenskommelsen {key} går inte att skriva som en fil:\n{lines}"
            ) from error
        if output is None:
            self.stdout.write(text, ending="")
            return
        try:
            output.write_text(text, encoding="utf-8")
        except OSError as error:
            raise CommandError(
                f"Det går inte att skriva till {output}. Kontrollera mappen och rättigheterna."
            ) from error
        self.stdout.write(f"Överenskommelsen {key} är skriven till {output}.")


def _keys() -> str:
    keys = ", ".join(Agreement.objects.order_by("valid_from").values_list("key", flat=True))
    return f"De som finns är: {keys}." if keys else "Ingen är inläst."
