"""Wishes: what others have asked for, of an activity that is done on request."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import promises.integrity
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('followup', '0003_meeting_chair_unknown'),
        ('promises', '0006_levels_without_number'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalWish',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('withdrawn_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='drogs tillbaka')),
                ('withdrawal_reason', models.CharField(blank=True, editable=False, max_length=500, validators=[promises.integrity.no_personal_numbers], verbose_name='skäl')),
                ('received_on', models.DateField(verbose_name='kom in den')),
                ('asked_by', models.CharField(max_length=120, validators=[promises.integrity.no_personal_numbers], verbose_name='vem som önskar')),
                ('wish', models.TextField(validators=[django.core.validators.MaxLengthValidator(4000, message='Texten är för lång: %(show_value)d tecken. Högst %(limit_value)d får plats. Korta den eller dela upp den.'), promises.integrity.no_personal_numbers], verbose_name='vad som önskas')),
                ('declined_reason', models.CharField(blank=True, max_length=500, validators=[promises.integrity.no_personal_numbers], verbose_name='skäl till att det inte möts')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='noterat')),
                ('is_example', models.BooleanField(default=False, editable=False, verbose_name='exempel')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('activity', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='promises.activity', verbose_name='aktivitet')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('met_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='followup.occasion', verbose_name='möttes av tillfället')),
                ('noted_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='noterat av')),
                ('withdrawn_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='drogs tillbaka av')),
            ],
            options={
                'verbose_name': 'historical önskemål',
                'verbose_name_plural': 'historical önskemål',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Wish',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('withdrawn_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='drogs tillbaka')),
                ('withdrawal_reason', models.CharField(blank=True, editable=False, max_length=500, validators=[promises.integrity.no_personal_numbers], verbose_name='skäl')),
                ('received_on', models.DateField(verbose_name='kom in den')),
                ('asked_by', models.CharField(max_length=120, validators=[promises.integrity.no_personal_numbers], verbose_name='vem som önskar')),
                ('wish', models.TextField(validators=[django.core.validators.MaxLengthValidator(4000, message='Texten är för lång: %(show_value)d tecken. Högst %(limit_value)d får plats. Korta den eller dela upp den.'), promises.integrity.no_personal_numbers], verbose_name='vad som önskas')),
                ('declined_reason', models.CharField(blank=True, max_length=500, validators=[promises.integrity.no_personal_numbers], verbose_name='skäl till att det inte möts')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='noterat')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('is_example', models.BooleanField(default=False, editable=False, verbose_name='exempel')),
                ('activity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='wishes', to='promises.activity', verbose_name='aktivitet')),
                ('met_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='wishes', to='followup.occasion', verbose_name='möttes av tillfället')),
                ('noted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='noterat av')),
                ('withdrawn_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='drogs tillbaka av')),
            ],
            options={
                'verbose_name': 'önskemål',
                'verbose_name_plural': 'önskemål',
                'ordering': ['-received_on', '-id'],
                'indexes': [models.Index(fields=['activity', '-received_on', '-id'], name='wish_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('asked_by', ''), _negated=True), models.Q(('wish', ''), _negated=True)), name='wish_says_what', violation_error_message='Skriv vem som önskar och vad.'), models.CheckConstraint(condition=models.Q(('met_by__isnull', True), ('declined_reason', ''), _connector='OR'), name='wish_met_or_declined', violation_error_message='Ett önskemål som är mött har inget skäl till motsatsen.')],
            },
        ),
    ]
