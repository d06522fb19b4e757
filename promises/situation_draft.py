"""The next edition of the lägesbild, begun as a copy of the latest adopted one."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Max

from promises.copying import copy_for, what_comes_along
from promises.models import Agreement, Member, SituationPicture


@transaction.atomic
def start_picture(agreement: Agreement, by: Member, on: date) -> SituationPicture:
    """Begin the agreement's next lägesbild, dated on the day.

    The texts, sources and problems of the latest adopted edition follow, with the problems'
    causes, sources and promises. What was struck out there does not. Raises IntegrityError when
    a draft has been begun already: there is only one at a time.
    """
    in_line = SituationPicture.objects.in_line_with(agreement)
    earlier = in_line.adopted().with_parts().latest_first().first()
    last = in_line.aggregate(last=Max("edition"))["last"] or 0
    draft = SituationPicture.objects.create(
        agreement=agreement, edition=last + 1, dated_on=on, created_by=by
    )
    if earlier is not None:
        for name, value in what_comes_along(earlier).items():
            setattr(draft, name, value)
        draft.save()
        _copy_parts(earlier, draft)
    return draft


def _copy_parts(earlier: SituationPicture, draft: SituationPicture) -> None:
    copies = {}
    for source in earlier.sources.all():
        copies[source.pk] = copy_for(source, picture=draft)
        copies[source.pk].save()
    for problem in earlier.problems.all():
        copy = copy_for(problem, picture=draft)
        copy.save()
        copy.sources.set(copies[source.pk] for source in problem.sources.all())
        copy.promises.set(problem.promises.all())
        for cause in problem.causes.all():
            copy_for(cause, problem=copy).save()
