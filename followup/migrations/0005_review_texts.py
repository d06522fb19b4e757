"""The texts have rows of their own since the migration before."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("followup", "0004_review_life")]

    operations = [
        migrations.RemoveField(
            model_name='historicalreview',
            name='conclusions',
        ),
        migrations.RemoveField(
            model_name='historicalreview',
            name='decisions_needed',
        ),
        migrations.RemoveField(
            model_name='historicalreview',
            name='method',
        ),
        migrations.RemoveField(
            model_name='historicalreview',
            name='summary',
        ),
        migrations.RemoveField(
            model_name='review',
            name='conclusions',
        ),
        migrations.RemoveField(
            model_name='review',
            name='decisions_needed',
        ),
        migrations.RemoveField(
            model_name='review',
            name='method',
        ),
        migrations.RemoveField(
            model_name='review',
            name='summary',
        ),
    ]
