"""An occasion may last several days, or be known by its month, season or year alone."""

from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.functions import Cast, Substr
from django.db.models.lookups import Exact

VAGUE = ("month", "season", "year")
WAYS = [
    ("day", "Dag"),
    ("days", "Flera dagar"),
    ("month", "Månad"),
    ("season", "Årstid"),
    ("year", "År"),
]


def same_letters(number):
    first, last = (
        Substr(Cast(day, models.CharField()), 1, number) for day in ("date", "last_date")
    )
    return Exact(first, last)


FIELDS = [
    ("last_date", models.DateField(blank=True, null=True, verbose_name="sista dag")),
    (
        "known_by",
        models.CharField(
            choices=WAYS, default="day", editable=False, max_length=6, verbose_name="känt som"
        ),
    ),
]


class Migration(migrations.Migration):
    dependencies = [("followup", "0004_wish")]

    operations = [
        *(
            migrations.AddField(model, name, field)
            for model in ("occasion", "historicaloccasion")
            for name, field in FIELDS
        ),
        migrations.AddConstraint(
            "occasion",
            models.CheckConstraint(
                name="occasion_last_day_as_known",
                condition=Q(known_by="day", last_date=None)
                | Q(last_date__isnull=False, known_by="days", last_date__gt=F("date"))
                | Q(last_date__isnull=False, known_by__in=VAGUE, last_date__gte=F("date")),
                violation_error_message="Sista dagen ska vara efter den första.",
            ),
        ),
        migrations.AddConstraint(
            "occasion",
            models.CheckConstraint(
                name="occasion_within_month_or_year",
                condition=(~Q(known_by="month") | same_letters(7))
                & (~Q(known_by="year") | same_letters(4)),
                violation_error_message="Dagarna ska vara i samma månad eller år.",
            ),
        ),
        migrations.AddField(
            "searchentry", "when", models.CharField(blank=True, default="", max_length=60)
        ),
    ]
