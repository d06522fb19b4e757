"""The next edition of the lägesbild, begun as a copy of the latest adopted one."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Max

from promises.models import Agreement, Cause, Member, Problem, SituationPicture, Source

TEXTS = ("extent", "consequences", "other_information", "analysis")


@transaction.atomic
def start_picture(agreement: Agreement, by: Member, on: date) -> SituationPicture:
    """Begin the agreement's next lägesbild, dated on the day.

    The texts, sources and problems of the latest adopted edition follow, with the problems'
    causes, sources and promises. What was struck out there does not. Raises IntegrityError when
    a draft has been begun already: there is only one at a time.
    """
    earlier = agreement.pictures.adopted().with_parts().order_by("-edition").first()
    last = agreement.pictures.aggregate(last=Max("edition"))["last"] or 0
    draft = SituationPicture.objects.create(
        agreement=agreement, edition=last + 1, dated_on=on, created_by=by
    )
    if earlier is not None:
        for name in TEXTS:
            setattr(draft, name, getattr(earlier, name))
        draft.is_example = earlier.is_example
        draft.save()
        _copy_parts(earlier, draft)
    return draft


def _copy_parts(earlier: SituationPicture, draft: SituationPicture) -> None:
    copies = {
        source.pk: Source.objects.create(
            picture=draft,
            kind=source.kind,
            title=source.title,
            dated_on=source.dated_on,
            summary=source.summary,
        )
        for source in earlier.sources.all()
    }
    for problem in earlier.problems.all():
        copy = Problem.objects.create(
            picture=draft,
            title=problem.title,
            extent=problem.extent,
            consequences=problem.consequences,
            priority=problem.priority,
        )
        copy.sources.set(copies[source.pk] for source in problem.sources.all())
        copy.promises.set(problem.promises.all())
        for cause in problem.causes.all():
            Cause.objects.create(problem=copy, kind=cause.kind, wording=cause.wording)
