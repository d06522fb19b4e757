"""A target may be so many a month in average over the year."""

from django.db import migrations, models

TARGET_PER = models.CharField(
    blank=True,
    choices=[
        ("year", "år"),
        ("half_year", "halvår"),
        ("quarter", "kvartal"),
        ("month", "månad"),
        ("month_in_average", "månad, i snitt över året"),
        ("season", "säsong"),
        ("period", "hela löftesperioden"),
    ],
    max_length=20,
    verbose_name="per",
)


class Migration(migrations.Migration):
    dependencies = [("promises", "0004_in_force")]

    operations = [
        migrations.AlterField(model_name=model, name="target_per", field=TARGET_PER)
        for model in ("activity", "formertarget", "historicalactivity")
    ]
