"""The life of a review: texts and comments with rows of their own, what is handed in and signed,
the log of reports, and the notes of the Lagkontroll.

No signature could be made before this, so that the empty tables for them are made anew.
"""

from datetime import datetime, time

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import promises.integrity
import simple_history.models
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone

TEXTS = {
    "summary": "summary",
    "decisions_needed": "decisions",
    "method": "method",
    "conclusions": "conclusions",
}
KINDS = [*TEXTS.values(), "situation", "dialogue", "cooperation", "deviations", "improvements"]


def give_each_text_a_row(apps, schema_editor):
    review_text = apps.get_model("followup", "ReviewText")
    for review in apps.get_model("followup", "Review").objects.all():
        written = {kind: getattr(review, name) for name, kind in TEXTS.items()}
        for kind in KINDS:
            review_text.objects.create(review=review, kind=kind, text=written.get(kind, ""))


def date_the_readings(apps, schema_editor):
    """When a reading was made known: with its occasion, else on the day it was read."""
    reading = apps.get_model("followup", "Reading")
    for one in reading.objects.select_related("occasion").iterator():
        noon = timezone.make_aware(datetime.combine(one.date, time(12)))
        one.created_at = one.occasion.created_at if one.occasion else noon
        one.save(update_fields=["created_at"])


class Migration(migrations.Migration):

    dependencies = [("followup", "0003_lock_minutes"), ("promises", "0002_collaboration")]

    operations = [
        migrations.DeleteModel("ReviewDocument"),
        migrations.DeleteModel("HistoricalSignoff"),
        migrations.DeleteModel("Signoff"),
        migrations.CreateModel(
            name='HistoricalLawNote',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('paragraph', models.PositiveSmallIntegerField(choices=[(4, '4 §'), (5, '5 §'), (6, '6 §'), (7, '7 §'), (8, '8 §'), (9, '9 §'), (10, '10 §'), (11, '11 §'), (12, '12 §'), (13, '13 §')], verbose_name='paragraf')),
                ('value', models.CharField(choices=[('met', 'Uppfyllt, visas på annat håll'), ('not_applicable', 'Gäller inte oss')], max_length=20, verbose_name='läge')),
                ('rationale', models.TextField(validators=[django.core.validators.MaxLengthValidator(4000, message='Texten är för lång: %(show_value)d tecken. Högst %(limit_value)d får plats. Korta den eller dela upp den.'), promises.integrity.no_personal_numbers], verbose_name='motivering')),
                ('noted_on', models.DateField(verbose_name='noterat den')),
                ('withdrawn_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='tillbakadragen')),
                ('is_example', models.BooleanField(default=False, editable=False, verbose_name='exempel')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical anteckning i lagkontrollen',
                'verbose_name_plural': 'historical anteckningar i lagkontrollen',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalReport',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('kind', models.CharField(choices=[('annual', 'Årsrapport'), ('council', 'Rapport till kommunfullmäktige'), ('status', 'Lägesrapport')], max_length=20, verbose_name='slag')),
                ('starts_on', models.DateField(verbose_name='från och med')),
                ('ends_on', models.DateField(verbose_name='till och med')),
                ('body', models.CharField(help_text='Till exempel kommunfullmäktige eller länsstyrelsen.', max_length=150, validators=[promises.integrity.no_personal_numbers], verbose_name='mottagare')),
                ('reported_on', models.DateField(verbose_name='rapporterad den')),
                ('registry_number', models.CharField(blank=True, max_length=60, validators=[promises.integrity.no_personal_numbers], verbose_name='diarienummer')),
                ('pdf_sha256', models.CharField(db_index=True, max_length=64, verbose_name='PDF-filens SHA-256')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='antecknad')),
                ('withdrawn_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='tillbakadragen')),
                ('withdrawal_reason', models.CharField(blank=True, editable=False, max_length=500, validators=[promises.integrity.no_personal_numbers], verbose_name='skäl')),
                ('is_example', models.BooleanField(default=False, editable=False, verbose_name='exempel')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical lämnad rapport',
                'verbose_name_plural': 'historical lämnade rapporter',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalReviewComment',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('section', models.CharField(choices=[('cover', 'Försättsblad'), ('summary', 'Sammanfattning'), ('method', 'Underlag och metod'), ('undertakings', 'Parternas åtaganden'), ('goals', 'Måluppfyllelse'), ('promises', 'Löftena'), ('situation', 'Lägesbild'), ('dialogue', 'Medborgardialog och återkoppling'), ('cooperation', 'Samverkan'), ('deviations', 'Avvikelser'), ('conclusions', 'Slutsatser och förslag'), ('law', 'Lagkontroll'), ('signatures', 'Underskrifter')], max_length=20, verbose_name='avsnitt')),
                ('text', models.TextField(validators=[django.core.validators.MaxLengthValidator(4000, message='Texten är för lång: %(show_value)d tecken. Högst %(limit_value)d får plats. Korta den eller dela upp den.'), promises.integrity.no_personal_numbers], verbose_name='kommentar')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='skriven')),
                ('resolved_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='åtgärdad')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical kommentar',
                'verbose_name_plural': 'historical kommentarer',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalReviewText',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('kind', models.CharField(choices=[('summary', 'Sammanfattning'), ('decisions', 'Beslut som behövs'), ('method', 'Underlag och metod'), ('situation', 'Utvecklingen i lägesbilden'), ('dialogue', 'Det här hörde vi, gjorde vi och berättade vi'), ('cooperation', 'Hur samverkan har fungerat'), ('deviations', 'Varför det inte blev som planerat'), ('conclusions', 'Slutsatser'), ('improvements', 'Utvecklingsmöjligheter')], max_length=20, verbose_name='text')),
                ('text', models.TextField(blank=True, validators=[django.core.validators.MaxLengthValidator(10000, message='Texten är för lång: %(show_value)d tecken. Högst %(limit_value)d får plats. Korta den eller dela upp den.'), promises.integrity.no_personal_numbers], verbose_name='text')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical text i uppföljning',
                'verbose_name_plural': 'historical texter i uppföljningar',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalSignoff',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('name', models.CharField(max_length=150, validators=[promises.integrity.no_personal_numbers], verbose_name='namn')),
                ('title', models.CharField(max_length=150, validators=[promises.integrity.no_personal_numbers], verbose_name='titel')),
                ('is_delegate', models.BooleanField(default=False, verbose_name='på delegation')),
                ('contents_sha256', models.CharField(max_length=64, verbose_name='innehållets SHA-256')),
                ('signed_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='undertecknad')),
                ('voided_at', models.DateTimeField(blank=True, null=True, verbose_name='ogiltig från')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical underskrift',
                'verbose_name_plural': 'historical underskrifter',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalSubmission',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('contents_sha256', models.CharField(db_index=True, max_length=64, verbose_name='innehållets SHA-256')),
                ('submitted_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='inlämnad')),
                ('returned_at', models.DateTimeField(blank=True, null=True, verbose_name='återlämnad')),
                ('return_note', models.TextField(blank=True, validators=[django.core.validators.MaxLengthValidator(4000, message='Texten är för lång: %(show_value)d tecken. Högst %(limit_value)d får plats. Korta den eller dela upp den.'), promises.integrity.no_personal_numbers], verbose_name='varför den återlämnas')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical inlämning',
                'verbose_name_plural': 'historical inlämningar',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='LawNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('paragraph', models.PositiveSmallIntegerField(choices=[(4, '4 §'), (5, '5 §'), (6, '6 §'), (7, '7 §'), (8, '8 §'), (9, '9 §'), (10, '10 §'), (11, '11 §'), (12, '12 §'), (13, '13 §')], verbose_name='paragraf')),
                ('value', models.CharField(choices=[('met', 'Uppfyllt, visas på annat håll'), ('not_applicable', 'Gäller inte oss')], max_length=20, verbose_name='läge')),
                ('rationale', models.TextField(validators=[django.core.validators.MaxLengthValidator(4000, message='Texten är för lång: %(show_value)d tecken. Högst %(limit_value)d får plats. Korta den eller dela upp den.'), promises.integrity.no_personal_numbers], verbose_name='motivering')),
                ('noted_on', models.DateField(verbose_name='noterat den')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('withdrawn_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='tillbakadragen')),
                ('is_example', models.BooleanField(default=False, editable=False, verbose_name='exempel')),
            ],
            options={
                'verbose_name': 'anteckning i lagkontrollen',
                'verbose_name_plural': 'anteckningar i lagkontrollen',
                'ordering': ['paragraph', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('annual', 'Årsrapport'), ('council', 'Rapport till kommunfullmäktige'), ('status', 'Lägesrapport')], max_length=20, verbose_name='slag')),
                ('starts_on', models.DateField(verbose_name='från och med')),
                ('ends_on', models.DateField(verbose_name='till och med')),
                ('body', models.CharField(help_text='Till exempel kommunfullmäktige eller länsstyrelsen.', max_length=150, validators=[promises.integrity.no_personal_numbers], verbose_name='mottagare')),
                ('reported_on', models.DateField(verbose_name='rapporterad den')),
                ('registry_number', models.CharField(blank=True, max_length=60, validators=[promises.integrity.no_personal_numbers], verbose_name='diarienummer')),
                ('pdf', models.BinaryField(verbose_name='PDF')),
                ('pdf_sha256', models.CharField(db_index=True, max_length=64, verbose_name='PDF-filens SHA-256')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='antecknad')),
                ('withdrawn_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='tillbakadragen')),
                ('withdrawal_reason', models.CharField(blank=True, editable=False, max_length=500, validators=[promises.integrity.no_personal_numbers], verbose_name='skäl')),
                ('is_example', models.BooleanField(default=False, editable=False, verbose_name='exempel')),
            ],
            options={
                'verbose_name': 'lämnad rapport',
                'verbose_name_plural': 'lämnade rapporter',
                'ordering': ['-reported_on', '-id'],
            },
        ),
        migrations.CreateModel(
            name='ReviewComment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('section', models.CharField(choices=[('cover', 'Försättsblad'), ('summary', 'Sammanfattning'), ('method', 'Underlag och metod'), ('undertakings', 'Parternas åtaganden'), ('goals', 'Måluppfyllelse'), ('promises', 'Löftena'), ('situation', 'Lägesbild'), ('dialogue', 'Medborgardialog och återkoppling'), ('cooperation', 'Samverkan'), ('deviations', 'Avvikelser'), ('conclusions', 'Slutsatser och förslag'), ('law', 'Lagkontroll'), ('signatures', 'Underskrifter')], max_length=20, verbose_name='avsnitt')),
                ('text', models.TextField(validators=[django.core.validators.MaxLengthValidator(4000, message='Texten är för lång: %(show_value)d tecken. Högst %(limit_value)d får plats. Korta den eller dela upp den.'), promises.integrity.no_personal_numbers], verbose_name='kommentar')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='skriven')),
                ('resolved_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='åtgärdad')),
            ],
            options={
                'verbose_name': 'kommentar',
                'verbose_name_plural': 'kommentarer',
                'ordering': ['created_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ReviewDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('pdf', models.BinaryField(verbose_name='PDF')),
                ('pdf_sha256', models.CharField(max_length=64, unique=True, verbose_name='PDF-filens SHA-256')),
                ('adopted_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='fastställd')),
            ],
            options={
                'verbose_name': 'fastställd handling',
                'verbose_name_plural': 'fastställda handlingar',
            },
        ),
        migrations.CreateModel(
            name='ReviewText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('summary', 'Sammanfattning'), ('decisions', 'Beslut som behövs'), ('method', 'Underlag och metod'), ('situation', 'Utvecklingen i lägesbilden'), ('dialogue', 'Det här hörde vi, gjorde vi och berättade vi'), ('cooperation', 'Hur samverkan har fungerat'), ('deviations', 'Varför det inte blev som planerat'), ('conclusions', 'Slutsatser'), ('improvements', 'Utvecklingsmöjligheter')], max_length=20, verbose_name='text')),
                ('text', models.TextField(blank=True, validators=[django.core.validators.MaxLengthValidator(10000, message='Texten är för lång: %(show_value)d tecken. Högst %(limit_value)d får plats. Korta den eller dela upp den.'), promises.integrity.no_personal_numbers], verbose_name='text')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='sparad version')),
            ],
            options={
                'verbose_name': 'text i uppföljning',
                'verbose_name_plural': 'texter i uppföljningar',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Signoff',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=150, validators=[promises.integrity.no_personal_numbers], verbose_name='namn')),
                ('title', models.CharField(max_length=150, validators=[promises.integrity.no_personal_numbers], verbose_name='titel')),
                ('is_delegate', models.BooleanField(default=False, verbose_name='på delegation')),
                ('contents_sha256', models.CharField(max_length=64, verbose_name='innehållets SHA-256')),
                ('signed_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='undertecknad')),
                ('voided_at', models.DateTimeField(blank=True, null=True, verbose_name='ogiltig från')),
            ],
            options={
                'verbose_name': 'underskrift',
                'verbose_name_plural': 'underskrifter',
                'ordering': ['signed_at'],
            },
        ),
        migrations.CreateModel(
            name='Submission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('contents', models.TextField(verbose_name='innehåll (kanonisk JSON)')),
                ('contents_sha256', models.CharField(db_index=True, max_length=64, verbose_name='innehållets SHA-256')),
                ('submitted_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='inlämnad')),
                ('returned_at', models.DateTimeField(blank=True, null=True, verbose_name='återlämnad')),
                ('return_note', models.TextField(blank=True, validators=[django.core.validators.MaxLengthValidator(4000, message='Texten är för lång: %(show_value)d tecken. Högst %(limit_value)d får plats. Korta den eller dela upp den.'), promises.integrity.no_personal_numbers], verbose_name='varför den återlämnas')),
            ],
            options={
                'verbose_name': 'inlämning',
                'verbose_name_plural': 'inlämningar',
                'ordering': ['submitted_at', 'id'],
            },
        ),
        migrations.AddField(
            model_name='historicalreading',
            name='created_at',
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='inlagt'),
        ),
        migrations.AddField(
            model_name='historicalreview',
            name='corrects',
            field=models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='followup.review', verbose_name='rättar'),
        ),
        migrations.AddField(
            model_name='reading',
            name='created_at',
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='inlagt'),
        ),
        migrations.AddField(
            model_name='review',
            name='corrects',
            field=models.OneToOneField(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='correction', to='followup.review', verbose_name='rättar'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('corrects__isnull', True), ('edition', 1)), models.Q(('corrects__isnull', False), ('edition__gt', 1)), _connector='OR'), name='review_first_edition_corrects_nothing', violation_error_message='En ny version rättar en tidigare.'),
        ),
        migrations.AddField(
            model_name='historicallawnote',
            name='agreement',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='promises.agreement', verbose_name='överenskommelse'),
        ),
        migrations.AddField(
            model_name='historicallawnote',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicallawnote',
            name='noted_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='noterat av'),
        ),
        migrations.AddField(
            model_name='historicalreport',
            name='agreement',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='promises.agreement', verbose_name='överenskommelse'),
        ),
        migrations.AddField(
            model_name='historicalreport',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalreport',
            name='noted_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='antecknad av'),
        ),
        migrations.AddField(
            model_name='historicalreviewcomment',
            name='assessment',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='followup.assessment', verbose_name='bedömning'),
        ),
        migrations.AddField(
            model_name='historicalreviewcomment',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalreviewcomment',
            name='member',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='skriven av'),
        ),
        migrations.AddField(
            model_name='historicalreviewcomment',
            name='resolved_by',
            field=models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='åtgärdad av'),
        ),
        migrations.AddField(
            model_name='historicalreviewcomment',
            name='review',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='followup.review', verbose_name='uppföljning'),
        ),
        migrations.AddField(
            model_name='historicalreviewtext',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalreviewtext',
            name='review',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='followup.review', verbose_name='uppföljning'),
        ),
        migrations.AddField(
            model_name='historicalsignoff',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalsignoff',
            name='member',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='undertecknare'),
        ),
        migrations.AddField(
            model_name='historicalsignoff',
            name='party',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='promises.party', verbose_name='part'),
        ),
        migrations.AddField(
            model_name='historicalsubmission',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalsubmission',
            name='returned_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='återlämnad av'),
        ),
        migrations.AddField(
            model_name='historicalsubmission',
            name='review',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='followup.review', verbose_name='uppföljning'),
        ),
        migrations.AddField(
            model_name='historicalsubmission',
            name='submitted_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='inlämnad av'),
        ),
        migrations.AddField(
            model_name='lawnote',
            name='agreement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='law_notes', to='promises.agreement', verbose_name='överenskommelse'),
        ),
        migrations.AddField(
            model_name='lawnote',
            name='noted_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='noterat av'),
        ),
        migrations.AddField(
            model_name='report',
            name='agreement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='promises.agreement', verbose_name='överenskommelse'),
        ),
        migrations.AddField(
            model_name='report',
            name='noted_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='antecknad av'),
        ),
        migrations.AddField(
            model_name='reviewcomment',
            name='assessment',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='followup.assessment', verbose_name='bedömning'),
        ),
        migrations.AddField(
            model_name='reviewcomment',
            name='member',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='skriven av'),
        ),
        migrations.AddField(
            model_name='reviewcomment',
            name='resolved_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='åtgärdad av'),
        ),
        migrations.AddField(
            model_name='reviewcomment',
            name='review',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='followup.review', verbose_name='uppföljning'),
        ),
        migrations.AddField(
            model_name='reviewtext',
            name='review',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='texts', to='followup.review', verbose_name='uppföljning'),
        ),
        migrations.AddField(
            model_name='signoff',
            name='member',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL, verbose_name='undertecknare'),
        ),
        migrations.AddField(
            model_name='signoff',
            name='party',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='promises.party', verbose_name='part'),
        ),
        migrations.AddField(
            model_name='submission',
            name='returned_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='återlämnad av'),
        ),
        migrations.AddField(
            model_name='submission',
            name='review',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='followup.review', verbose_name='uppföljning'),
        ),
        migrations.AddField(
            model_name='submission',
            name='submitted_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='inlämnad av'),
        ),
        migrations.AddField(
            model_name='signoff',
            name='submission',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signoffs', to='followup.submission', verbose_name='inlämning'),
        ),
        migrations.AddField(
            model_name='reviewdocument',
            name='submission',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='document', to='followup.submission', verbose_name='inlämning'),
        ),
        migrations.AddField(
            model_name='historicalsignoff',
            name='submission',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='followup.submission', verbose_name='inlämning'),
        ),
        migrations.AddConstraint(
            model_name='lawnote',
            constraint=models.UniqueConstraint(condition=models.Q(('withdrawn_at__isnull', True)), fields=('agreement', 'paragraph'), name='lawnote_one_per_paragraph', violation_error_message='Paragrafen har redan en anteckning.'),
        ),
        migrations.AddConstraint(
            model_name='lawnote',
            constraint=models.CheckConstraint(condition=models.Q(('rationale', ''), _negated=True), name='lawnote_with_reason', violation_error_message='Skriv en motivering.'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='report_ends_after_start', violation_error_message='Slutdatumet ska inte ligga före startdatumet.'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(('withdrawn_at__isnull', True), models.Q(('withdrawal_reason', ''), _negated=True), _connector='OR'), name='report_withdrawn_with_reason', violation_error_message='Skriv varför rapporten dras tillbaka.'),
        ),
        migrations.AddConstraint(
            model_name='reviewcomment',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='reviewcomment_says_something', violation_error_message='Skriv en kommentar.'),
        ),
        migrations.AddConstraint(
            model_name='reviewcomment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('resolved_at__isnull', True), ('resolved_by__isnull', True)), models.Q(('resolved_at__isnull', False), ('resolved_by__isnull', False)), _connector='OR'), name='reviewcomment_resolved_by_somebody', violation_error_message='Någon har åtgärdat kommentaren.'),
        ),
        migrations.AddConstraint(
            model_name='reviewtext',
            constraint=models.UniqueConstraint(fields=('review', 'kind'), name='reviewtext_once_per_kind'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.UniqueConstraint(condition=models.Q(('returned_at__isnull', True)), fields=('review',), name='submission_one_at_a_time', violation_error_message='Uppföljningen är redan inlämnad.'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('return_note', ''), ('returned_at__isnull', True), ('returned_by__isnull', True)), models.Q(('returned_at__isnull', False), ('returned_by__isnull', False), models.Q(('return_note', ''), _negated=True)), _connector='OR'), name='submission_returned_with_note', violation_error_message='Skriv varför uppföljningen återlämnas.'),
        ),
        migrations.AddConstraint(
            model_name='signoff',
            constraint=models.UniqueConstraint(fields=('submission', 'party'), name='signoff_once_per_party', violation_error_message='Parten har redan skrivit under.'),
        ),
        migrations.AddConstraint(
            model_name='signoff',
            constraint=models.UniqueConstraint(fields=('submission', 'member'), name='signoff_once_per_person', violation_error_message='Samma person kan inte skriva under för båda parterna.'),
        ),
        migrations.RunPython(give_each_text_a_row, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(date_the_readings, migrations.RunPython.noop, elidable=True),
    ]
