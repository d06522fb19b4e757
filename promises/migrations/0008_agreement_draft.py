"""An agreement may be a draft of the one to follow, and its goals and undertakings come of others."""

from django.db import migrations, models
from django.db.models.deletion import DO_NOTHING, PROTECT

from promises.integrity import no_personal_numbers

IS_DRAFT = models.BooleanField(default=False, editable=False, verbose_name="utkast")
PRESENTED_ON = models.DateField(
    blank=True, editable=False, null=True, verbose_name="framlagd för underskrift"
)
ENDED_REASON = models.CharField(
    blank=True,
    editable=False,
    max_length=500,
    validators=[no_personal_numbers],
    verbose_name="skäl till att det avslutas",
)
BEFORE = "i den föregående överenskommelsen"


def predecessor(model):
    """What it comes of, and in the history the number of that."""
    return [
        migrations.AddField(
            model_name=model,
            name="predecessor",
            field=models.OneToOneField(
                blank=True,
                editable=False,
                null=True,
                on_delete=PROTECT,
                related_name="successor",
                to=f"promises.{model}",
                verbose_name=BEFORE,
            ),
        ),
        migrations.AddField(
            model_name=f"historical{model}",
            name="predecessor",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                editable=False,
                null=True,
                on_delete=DO_NOTHING,
                related_name="+",
                to=f"promises.{model}",
                verbose_name=BEFORE,
            ),
        ),
    ]


class Migration(migrations.Migration):
    dependencies = [("promises", "0007_read_from")]

    operations = [
        *(
            migrations.AddField(model_name=model, name=name, field=field)
            for model in ("agreement", "historicalagreement")
            for name, field in (("is_draft", IS_DRAFT), ("presented_on", PRESENTED_ON))
        ),
        *(
            migrations.AddField(model_name=model, name="ended_reason", field=ENDED_REASON)
            for model in ("goal", "historicalgoal", "undertaking", "historicalundertaking")
        ),
        *predecessor("goal"),
        *predecessor("undertaking"),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_draft", False), ("predecessor__isnull", False), _connector="OR"),
                name="agreement_draft_follows_another",
                violation_error_message="Ett utkast följer på en annan överenskommelse.",
            ),
        ),
    ]
