"""An appointment may be known since a month, a season or a year."""

from django.db import migrations, models
from django.db.models import Q

KNOWN_BY = models.CharField(
    choices=[
        ("day", "Dag"),
        ("days", "Flera dagar"),
        ("month", "Månad"),
        ("season", "Årstid"),
        ("year", "År"),
    ],
    default="day",
    editable=False,
    max_length=6,
    verbose_name="känt som",
)


class Migration(migrations.Migration):
    dependencies = [("promises", "0008_agreement_draft")]

    operations = [
        migrations.AddField("appointment", "known_by", KNOWN_BY),
        migrations.AddField("historicalappointment", "known_by", KNOWN_BY.clone()),
        migrations.AddConstraint(
            "appointment",
            models.CheckConstraint(
                name="appointment_known_by_what_it_starts_on",
                condition=Q(known_by="day")
                | Q(known_by__in=("month", "season", "year"), starts_on__isnull=False),
                violation_error_message="Skriv sedan vilken månad, årstid eller vilket år.",
            ),
        ),
    ]
