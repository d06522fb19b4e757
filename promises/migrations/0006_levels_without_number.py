"""A target may be on request, or left unstated on purpose: neither has a number."""

from django.db import migrations, models
from django.db.models import Q

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
        ("on_request", "önskemål som kommer in"),
        ("not_stated", "inte särskilt angivet"),
    ],
    max_length=20,
    verbose_name="per",
)
WITHOUT_COUNT = ("", "on_request", "not_stated")


def _whole(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name,
        condition=Q(target_count__isnull=True, target_per__in=WITHOUT_COUNT)
        | Q(target_count__isnull=False, target_count__gte=1) & ~Q(target_per__in=WITHOUT_COUNT),
        violation_error_message=(
            "Åtagandenivån behöver både ett antal (minst 1) och per vad det räknas. På "
            "önskemål och inte särskilt angivet har inget antal."
        ),
    )


class Migration(migrations.Migration):
    dependencies = [("promises", "0005_in_average")]

    operations = [
        *(
            migrations.AlterField(model_name=model, name="target_per", field=TARGET_PER)
            for model in ("activity", "formertarget", "historicalactivity")
        ),
        *(
            operation
            for model in ("activity", "formertarget")
            for operation in (
                migrations.RemoveConstraint(model, f"{model}_target_whole"),
                migrations.AddConstraint(model, _whole(f"{model}_target_whole")),
            )
        ),
    ]
