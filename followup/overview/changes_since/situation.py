"""Changes in what the promises stand on: a lägesbild adopted, an åtgärdsplan decided."""

from __future__ import annotations

from django.db.models import F, QuerySet

from followup.overview.changes_since.change import Change, ChangeKind, LookBack, one_by_one
from promises.models import ActionPlan, SituationPicture


def _adopted(back: LookBack) -> QuerySet[SituationPicture]:
    pictures = SituationPicture.objects.filter(agreement__in=back.agreements)
    return pictures.filter(adopted_on__gte=back.since)


def _decided(back: LookBack) -> QuerySet[ActionPlan]:
    plans = ActionPlan.objects.filter(picture__agreement__in=back.agreements)
    return plans.filter(decided_on__gte=back.since)


SITUATION_CHANGES = (
    Change(
        ChangeKind.PICTURE_ADOPTED,
        found=_adopted,
        on=F("adopted_on"),
        what=F("adopting_body"),
        told=one_by_one(lambda row: f"Lägesbild antagen av {row.what}", "situation_picture"),
    ),
    Change(
        ChangeKind.PLAN_DECIDED,
        found=_decided,
        on=F("decided_on"),
        what=F("deciding_body"),
        told=one_by_one(lambda row: f"Åtgärdsplan beslutad av {row.what}", "action_plan"),
    ),
)
