"""The agreement of an activity, as a column: that of its promise or undertaking."""

import django.db.models.deletion
from django.db import migrations, models


def name_the_agreement(apps, schema_editor):
    activities = apps.get_model("promises", "Activity").objects.all()
    for through in ("promise__period__agreement", "undertaking__agreement"):
        own = activities.filter(pk=models.OuterRef("pk")).values(through)[:1]
        under = through.partition("__")[0]
        activities.filter(**{f"{under}__isnull": False}).update(agreement=models.Subquery(own))
    if schema_editor.connection.vendor == "postgresql":
        # It changes no table while a foreign key of a row in it waits to be looked at.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def field(**kwargs):
    return models.ForeignKey(
        blank=True,
        editable=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="activities",
        to="promises.agreement",
        verbose_name="överenskommelse",
        **kwargs,
    )


class Migration(migrations.Migration):
    dependencies = [("promises", "0001_version_0_1")]

    operations = [
        migrations.AddField("activity", "agreement", field(null=True)),
        migrations.RunPython(name_the_agreement, migrations.RunPython.noop, elidable=True),
        migrations.AlterField("activity", "agreement", field()),
    ]
