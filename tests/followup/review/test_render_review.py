"""`manage.py render_review`: the same PDF as on the review's page, or a sentence that says why not."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from tests.factories import ReviewFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "brief_pdf")]


@pytest.fixture
def review(agreement, coordinator):
    return ReviewFactory(agreement=agreement, created_by=coordinator)


def render(*arguments) -> str:
    printed = StringIO()
    call_command("render_review", *map(str, arguments), stdout=printed)
    return printed.getvalue()


def test_the_command_writes_the_very_bytes_of_the_page(review, tmp_path, signed_in, coordinator):
    output = tmp_path / "uppföljning.pdf"

    printed = render(review.pk, "--output", output)

    page = signed_in(coordinator).get(reverse("review_pdf", args=[review.pk]))
    assert output.read_bytes() == page.content
    size = len(page.content) // 1024
    assert printed == (
        f"Tvåårsuppföljning 2023-01-01 – 2024-12-31 är skriven till {output} ({size} kB).\n"
    )
    assert list(tmp_path.iterdir()) == [output]


def test_an_unknown_number_names_the_reviews_there_are(review, tmp_path):
    with pytest.raises(CommandError) as refused:
        render(review.pk + 1, "--output", tmp_path / "a.pdf")

    assert str(refused.value) == (
        f"Det finns ingen uppföljning med nummer {review.pk + 1}. De som finns är: "
        f"{review.pk} (Tvåårsuppföljning 2023-01-01 – 2024-12-31)."
    )
    assert list(tmp_path.iterdir()) == []


def test_with_no_review_at_all_it_says_where_to_begin(tmp_path):
    with pytest.raises(CommandError) as refused:
        render(1, "--output", tmp_path / "a.pdf")

    assert str(refused.value) == (
        "Det finns ingen uppföljning med nummer 1. Ingen uppföljning är påbörjad än: börja en "
        "under Uppföljning i portalen."
    )


def test_a_folder_that_does_not_exist_is_named(review, tmp_path):
    output = tmp_path / "saknas" / "a.pdf"

    with pytest.raises(CommandError) as refused:
        render(review.pk, "--output", output)

    assert str(refused.value).startswith(f"Det går inte att skriva till {output} (")


def test_an_old_file_stands_untouched_when_the_new_one_cannot_be_written(review, tmp_path):
    output = tmp_path / "mapp"
    output.mkdir()

    with pytest.raises(CommandError):
        render(review.pk, "--output", output)

    assert list(tmp_path.iterdir()) == [output]
