"""`manage.py render_review ID --output FILE`: a biennial review as PDF, the same as on its page."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from followup.models import Review
from followup.paper.review import printed


class Command(BaseCommand):
    help = "Skriver en uppföljning som PDF."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("id", metavar="ID", type=int, help="uppföljningens nummer")
        parser.add_argument(
            "--output",
            metavar="FILE",
            type=Path,
            required=True,
            help="filen som PDF:en skrivs till",
        )

    def handle(self, *, id: int, output: Path, **options: object) -> None:
        review = Review.objects.select_related("agreement").filter(pk=id).first()
        if review is None:
            raise CommandError(f"Det finns ingen uppföljning med nummer {id}. {existing_reviews()}")
        pdf = printed(review, timezone.localdate())
        write_whole(output, pdf)
        self.stdout.write(f"{review} är skriven till {output} ({len(pdf) // 1024} kB).")


def existing_reviews() -> str:
    """A sentence that names the reviews there are."""
    reviews = [f"{review.pk} ({review})" for review in Review.objects.order_by("pk")]
    if not reviews:
        return "Ingen uppföljning är påbörjad än: börja en under Uppföljning i portalen."
    return f"De som finns är: {', '.join(reviews)}."


def write_whole(output: Path, pdf: bytes) -> None:
    """Write all of the file or nothing of it: whoever opens it never meets half a PDF."""
    unfinished = output.with_name(f".{output.name}.unfinished")
    try:
        unfinished.write_bytes(pdf)
        unfinished.replace(output)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise CommandError(
            f"Det går inte att skriva till {output} ({error.strerror}). Kontrollera att mappen "
            "finns och att du får skriva i den."
        ) from error
