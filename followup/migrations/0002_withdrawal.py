"""What is withdrawn has its day, its member and its reason in the same columns, whatever it is."""

import django.db.models.deletion
import promises.integrity
from django.conf import settings
from django.db import migrations, models


def tell_by_whom_and_why(apps, schema_editor):
    """Until now the reason stood in the history only. A report's row is locked, and keeps its own."""
    for name in ("Reading", "LawNote", "Forecast"):
        history = apps.get_model("followup", f"Historical{name}").objects.order_by("-history_id")
        rows = apps.get_model("followup", name).objects.filter(withdrawn_at__isnull=False)
        for row in rows:
            last = history.filter(id=row.pk, withdrawn_at=row.withdrawn_at).last()
            if last:
                row.withdrawn_by_id = row.withdrawn_by_id or last.history_user_id
                row.withdrawal_reason = (last.history_change_reason or "")[:500]
                row.save(update_fields=["withdrawn_by", "withdrawal_reason"])
    if schema_editor.connection.vendor == "postgresql":
        # It changes no table while a foreign key of a row in it waits to be looked at.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):

    dependencies = [
        ('followup', '0001_version_0_1'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='forecast',
            name='withdrawal_reason',
            field=models.CharField(blank=True, editable=False, max_length=500, validators=[promises.integrity.no_personal_numbers], verbose_name='skäl'),
        ),
        migrations.AddField(
            model_name='historicalforecast',
            name='withdrawal_reason',
            field=models.CharField(blank=True, editable=False, max_length=500, validators=[promises.integrity.no_personal_numbers], verbose_name='skäl'),
        ),
        migrations.AddField(
            model_name='historicallawnote',
            name='withdrawal_reason',
            field=models.CharField(blank=True, editable=False, max_length=500, validators=[promises.integrity.no_personal_numbers], verbose_name='skäl'),
        ),
        migrations.AddField(
            model_name='historicallawnote',
            name='withdrawn_by',
            field=models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='drogs tillbaka av'),
        ),
        migrations.AddField(
            model_name='historicalreading',
            name='withdrawal_reason',
            field=models.CharField(blank=True, editable=False, max_length=500, validators=[promises.integrity.no_personal_numbers], verbose_name='skäl'),
        ),
        migrations.AddField(
            model_name='historicalreading',
            name='withdrawn_by',
            field=models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='drogs tillbaka av'),
        ),
        migrations.AddField(
            model_name='historicalreport',
            name='withdrawn_by',
            field=models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='drogs tillbaka av'),
        ),
        migrations.AddField(
            model_name='lawnote',
            name='withdrawal_reason',
            field=models.CharField(blank=True, editable=False, max_length=500, validators=[promises.integrity.no_personal_numbers], verbose_name='skäl'),
        ),
        migrations.AddField(
            model_name='lawnote',
            name='withdrawn_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='drogs tillbaka av'),
        ),
        migrations.AddField(
            model_name='reading',
            name='withdrawal_reason',
            field=models.CharField(blank=True, editable=False, max_length=500, validators=[promises.integrity.no_personal_numbers], verbose_name='skäl'),
        ),
        migrations.AddField(
            model_name='reading',
            name='withdrawn_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='drogs tillbaka av'),
        ),
        migrations.AddField(
            model_name='report',
            name='withdrawn_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='drogs tillbaka av'),
        ),
        migrations.AlterField(
            model_name='forecast',
            name='withdrawn_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='drogs tillbaka'),
        ),
        migrations.AlterField(
            model_name='forecast',
            name='withdrawn_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='drogs tillbaka av'),
        ),
        migrations.AlterField(
            model_name='historicalforecast',
            name='withdrawn_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='drogs tillbaka'),
        ),
        migrations.AlterField(
            model_name='historicalforecast',
            name='withdrawn_by',
            field=models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='drogs tillbaka av'),
        ),
        migrations.AlterField(
            model_name='historicallawnote',
            name='withdrawn_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='drogs tillbaka'),
        ),
        migrations.AlterField(
            model_name='historicaloccasion',
            name='withdrawn_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='drogs tillbaka'),
        ),
        migrations.AlterField(
            model_name='historicaloccasion',
            name='withdrawn_by',
            field=models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='drogs tillbaka av'),
        ),
        migrations.AlterField(
            model_name='historicalreading',
            name='withdrawn_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='drogs tillbaka'),
        ),
        migrations.AlterField(
            model_name='historicalreport',
            name='withdrawn_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='drogs tillbaka'),
        ),
        migrations.AlterField(
            model_name='lawnote',
            name='withdrawn_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='drogs tillbaka'),
        ),
        migrations.AlterField(
            model_name='occasion',
            name='withdrawn_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='drogs tillbaka'),
        ),
        migrations.AlterField(
            model_name='occasion',
            name='withdrawn_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='drogs tillbaka av'),
        ),
        migrations.AlterField(
            model_name='reading',
            name='withdrawn_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='drogs tillbaka'),
        ),
        migrations.AlterField(
            model_name='report',
            name='withdrawn_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='drogs tillbaka'),
        ),
        migrations.RunPython(tell_by_whom_and_why, migrations.RunPython.noop, elidable=True),
    ]
