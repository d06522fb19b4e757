"""A metric is read, and a place is to be visited, from a day on."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('promises', '0006_levels_without_number'),
    ]

    operations = [
        migrations.AddField(
            model_name='historicalmetric',
            name='in_force_from',
            field=models.DateField(blank=True, null=True, verbose_name='räknas från och med'),
        ),
        migrations.AddField(
            model_name='historicalplace',
            name='interval_from',
            field=models.DateField(blank=True, null=True, verbose_name='gäller från och med'),
        ),
        migrations.AddField(
            model_name='metric',
            name='in_force_from',
            field=models.DateField(blank=True, null=True, verbose_name='räknas från och med'),
        ),
        migrations.AddField(
            model_name='place',
            name='interval_from',
            field=models.DateField(blank=True, null=True, verbose_name='gäller från och med'),
        ),
    ]
