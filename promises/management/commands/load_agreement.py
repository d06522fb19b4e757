"""`manage.py load_agreement [FILE]`: load an agreement file, the Dorotea one unless named."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from promises.agreement_file import DOROTEA
from promises.agreement_file.contents import AgreementFile
from promises.agreement_file.loading import Loaded, load
from promises.agreement_file.reading import AgreementFileError, read
from promises.integrity import doubts


class Command(BaseCommand):
    help = "Läser in en samverkansöverenskommelse med allt under den från en TOML-fil."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file",
            metavar="FILE",
            nargs="?",
            type=Path,
            default=DOROTEA,
            help="filen; utan namn läses Dorotea kommuns överenskommelse 2023–2026",
        )

    def handle(self, *, file: Path, **options: object) -> None:
        try:
            content = file.read_bytes()
            agreement_file = read(content)
            loaded = load(agreement_file)
        except FileNotFoundError as error:
            raise CommandError(f"Filen {file} finns inte. Inget har ändrats.") from error
        except OSError as error:
            raise CommandError(
                f"Filen {file} går inte att läsa. Inget har ändrats. Kontrollera att det är en "
                "fil och att du har rätt att läsa den."
            ) from error
        except AgreementFileError as error:
            faults = "\n".join(f"- {fault}" for fault in error.errors)
            raise CommandError(
                f"Filen {file} går inte att läsa in:\n{faults}\n"
                "Inget har ändrats. Rätta filen och kör kommandot igen."
            ) from error
        for line in [*report(agreement_file, loaded), *remarks(content.decode("utf-8-sig"))]:
            self.stdout.write(line)


def report(agreement_file: AgreementFile, loaded: Loaded) -> list[str]:
    """What was done, in Swedish, a line for each."""
    key = loaded.agreement.key
    contents = ", ".join(
        [
            counted(len(agreement_file.goals), "mål", "mål"),
            counted(len(agreement_file.undertakings), "åtagande", "åtaganden"),
            counted(len(agreement_file.promises), "löfte", "löften"),
        ]
    )
    if loaded.changed_nothing:
        return [f"Inget att ändra: överenskommelsen {key} är redan inläst ({contents})."]
    if loaded.is_new:
        done, new_rows = "inläst", []  # they are all new
    else:
        done, new_rows = "uppdaterad", [f"- Nytt: {row}" for row in loaded.created]
    changes = [f"- {change}" for change in loaded.changed]
    return [f"Överenskommelsen {key} är {done}: {contents}.", *new_rows, *changes]


def remarks(text: str) -> list[str]:
    """What in the file may point somebody out: nobody is there to confirm it in a form."""
    lines = []
    for doubt in doubts(text):
        row = text.count("\n", 0, doubt.start) + 1
        lines.append(
            f"- Kontrollera rad {row}: ”{doubt.hint}” {doubt.kind.value}. Inget i filen får "
            "peka ut någon enskild."
        )
    return lines


def counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
