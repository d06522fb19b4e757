"""A meeting that was held long ago may have a chair that nobody knows."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("followup", "0002_withdrawal"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            "meeting",
            "chair",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="chaired_meetings",
                to=settings.AUTH_USER_MODEL,
                verbose_name="ordförande",
            ),
        ),
        migrations.AddConstraint(
            "meeting",
            models.CheckConstraint(
                condition=models.Q(status__in=["held", "cancelled"])
                | models.Q(chair__isnull=False),
                name="meeting_to_come_has_a_chair",
                violation_error_message="Välj vem som leder mötet.",
            ),
        ),
    ]
