"""An appointment whose first day nobody knows has none."""

from django.db import migrations, models

FIRST_DAY = models.DateField(blank=True, null=True, verbose_name="från och med")


class Migration(migrations.Migration):
    dependencies = [("promises", "0002_activity_agreement")]

    operations = [
        migrations.AlterModelOptions(
            name="appointment",
            options={
                "ordering": [models.OrderBy(models.F("starts_on"), nulls_first=True), "id"],
                "verbose_name": "förordnande",
                "verbose_name_plural": "förordnanden",
            },
        ),
        migrations.AlterField("appointment", "starts_on", FIRST_DAY),
        migrations.AlterField("historicalappointment", "starts_on", FIRST_DAY.clone()),
    ]
