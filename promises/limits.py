"""How much a text or a number may hold, with the Swedish sentence that says so."""

from django.core.validators import MaxLengthValidator, MaxValueValidator

NOTE = 4_000
NARRATIVE = 10_000
MINUTES = 10_000
PARTICIPANTS = 10_000
MEETINGS = 366


def text_of_at_most(characters: int) -> MaxLengthValidator:
    return MaxLengthValidator(
        characters,
        message=(
            "Texten är för lång: %(show_value)d tecken. Högst %(limit_value)d får plats. "
            "Korta den eller dela upp den."
        ),
    )


def number_of_at_most(value: int) -> MaxValueValidator:
    return MaxValueValidator(value, message="Talet är för stort. Högst %(limit_value)d godtas.")
