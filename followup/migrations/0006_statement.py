"""What a party states of an undertaking, with its source."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import promises.integrity
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('followup', '0005_occasion_as_known'),
        ('promises', '0009_appointment_as_known'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalStatement',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('withdrawn_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='drogs tillbaka')),
                ('withdrawal_reason', models.CharField(blank=True, editable=False, max_length=500, validators=[promises.integrity.no_personal_numbers], verbose_name='skäl')),
                ('date', models.DateField(verbose_name='första dagen')),
                ('last_date', models.DateField(verbose_name='sista dagen')),
                ('known_by', models.CharField(choices=[('day', 'Dag'), ('days', 'Flera dagar'), ('month', 'Månad'), ('season', 'Årstid'), ('year', 'År')], editable=False, max_length=6, verbose_name='känt som')),
                ('meetings', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(366, message='Talet är för stort. Högst %(limit_value)d godtas.')], verbose_name='antal möten')),
                ('wording', models.CharField(blank=True, max_length=500, validators=[promises.integrity.no_personal_numbers], verbose_name='uppgift')),
                ('source', models.CharField(help_text='Var det står, till exempel Kommunens uppföljning av 2023.', max_length=300, validators=[promises.integrity.no_personal_numbers], verbose_name='källa')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='noterat')),
                ('is_example', models.BooleanField(default=False, editable=False, verbose_name='exempel')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('noted_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='noterat av')),
                ('party', models.ForeignKey(blank=True, db_constraint=False, help_text='Den som lämnar uppgiften.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='promises.party', verbose_name='part')),
                ('undertaking', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='promises.undertaking', verbose_name='åtagande')),
                ('withdrawn_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='drogs tillbaka av')),
            ],
            options={
                'verbose_name': 'historical uppgift från en part',
                'verbose_name_plural': 'historical uppgifter från parterna',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Statement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('withdrawn_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='drogs tillbaka')),
                ('withdrawal_reason', models.CharField(blank=True, editable=False, max_length=500, validators=[promises.integrity.no_personal_numbers], verbose_name='skäl')),
                ('date', models.DateField(verbose_name='första dagen')),
                ('last_date', models.DateField(verbose_name='sista dagen')),
                ('known_by', models.CharField(choices=[('day', 'Dag'), ('days', 'Flera dagar'), ('month', 'Månad'), ('season', 'Årstid'), ('year', 'År')], editable=False, max_length=6, verbose_name='känt som')),
                ('meetings', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(366, message='Talet är för stort. Högst %(limit_value)d godtas.')], verbose_name='antal möten')),
                ('wording', models.CharField(blank=True, max_length=500, validators=[promises.integrity.no_personal_numbers], verbose_name='uppgift')),
                ('source', models.CharField(help_text='Var det står, till exempel Kommunens uppföljning av 2023.', max_length=300, validators=[promises.integrity.no_personal_numbers], verbose_name='källa')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='noterat')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('is_example', models.BooleanField(default=False, editable=False, verbose_name='exempel')),
                ('noted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='noterat av')),
                ('party', models.ForeignKey(help_text='Den som lämnar uppgiften.', on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='promises.party', verbose_name='part')),
                ('undertaking', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='promises.undertaking', verbose_name='åtagande')),
                ('withdrawn_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='drogs tillbaka av')),
            ],
            options={
                'verbose_name': 'uppgift från en part',
                'verbose_name_plural': 'uppgifter från parterna',
                'ordering': ['-date', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('meetings__gte', 1), ('meetings__isnull', False), ('wording', '')), models.Q(('meetings', None), models.Q(('wording', ''), _negated=True)), _connector='OR'), name='statement_of_meetings_or_in_words', violation_error_message='Skriv antalet möten eller uppgiften.'), models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='statement_with_its_source', violation_error_message='Skriv var uppgiften står.'), models.CheckConstraint(condition=models.Q(('last_date__gte', models.F('date'))), name='statement_ends_after_start', violation_error_message='Sista dagen ska vara efter den första.'), models.UniqueConstraint(condition=models.Q(('withdrawn_at__isnull', True)), fields=('undertaking', 'party', 'date', 'last_date'), name='statement_once_per_party_and_time', violation_error_message='Parten har redan lämnat en uppgift om den tiden.')],
            },
        ),
    ]
