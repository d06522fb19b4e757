"""What a correction changes in the adopted review it corrects, in words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from followup.archive.reviews import SignedReview, read_review
from followup.models import Review, ReviewText
from followup.review.contents import AssessedSection, Difference, LogRow, ReviewContents
from followup.swedish import out_of, working_time
from promises.known import when_in_words

NOTHING = "–"


def differences_from(corrected: Review | None, contents: ReviewContents) -> tuple[Difference, ...]:
    """Everything a reader of both would notice, in the order it is read.

    Empty for a first edition, which corrects nothing.
    """
    if corrected is None:
        return ()
    frozen = corrected.submissions.open().get().contents
    return differences(read_review(frozen, contents.standing), contents)


def differences(
    before: SignedReview | ReviewContents, after: SignedReview | ReviewContents
) -> tuple[Difference, ...]:
    """What differs between two versions of a review."""
    old, new = dict(_said(before)), dict(_said(after))
    # What both say comes where the new version says it, what was taken out at the end.
    places = [*new, *(where for where in old if where not in new)]
    pairs = {where: (old.get(where, ""), new.get(where, "")) for where in places}
    return tuple(
        Difference(where, _only_in(was, now), _only_in(now, was))
        for where, (was, now) in pairs.items()
        if was != now
    )


def _only_in(text: str, other: str) -> str:
    """The paragraphs of the text that the other one does not have."""
    others = _paragraphs(other)
    return "\n\n".join(one for one in _paragraphs(text) if one not in others) or NOTHING


def _paragraphs(text: str) -> list[str]:
    return [one.strip() for one in re.split(r"\n\s*\n", text) if one.strip()]


def _said(contents: SignedReview | ReviewContents) -> Iterator[tuple[str, str]]:
    """Everything the review says as pairs of where and what, each place once."""
    yield "Diarienummer", contents.registry_number
    for kind in ReviewText.Kind:
        yield kind.label, getattr(contents.texts, kind.value)
    yield "Genomförda tillfällen", str(contents.tally.occasions)
    yield "Nådda åtagandenivåer", f"{contents.targets_met} av {contents.targets}"
    sections: list[AssessedSection] = [*contents.undertakings, *contents.goals, *contents.promises]
    for section in sections:
        yield from _said_of(section)
    if contents.situation:
        yield "Lägesbild", contents.situation.title
    for row in contents.law.rows:
        yield f"Lagkontroll, {row.paragraph}", f"{row.state_label} {row.note or row.lack}".strip()
    for what, rows in (
        ("Tillfälle", contents.log),
        ("Tillbakadraget tillfälle", contents.deviations.withdrawn),
        ("Sent loggat tillfälle", contents.deviations.late),
        ("Sent loggat i förra perioden", contents.late_before),
    ):
        yield from _logged(what, rows)


def _said_of(section: AssessedSection) -> Iterator[tuple[str, str]]:
    judged = section.assessment
    for what, text in (
        ("bedömning", judged.value_label),
        ("utveckling", judged.trend_label),
        ("motivering", judged.rationale),
        ("hinder", judged.obstacles),
        ("lärdomar", judged.lessons),
        ("förslag", judged.proposal_label),
    ):
        yield f"{section.label}, {what}", text
    for row in section.metrics:
        yield f"{section.label}, {row.activity} {row.figure.name}", row.figure.text
    for row in getattr(section, "activities", ()):
        target = row.target
        told = (
            f"{out_of(target.done_of_required, target.required)} "
            if target and target.windows
            else ""
        )
        yield (
            f"{section.label}, {row.title}",
            f"{told}{row.status_label}, {row.occasions} tillfällen",
        )


def _logged(what: str, rows: tuple[LogRow, ...]) -> Iterator[tuple[str, str]]:
    seen: Counter[str] = Counter()
    for row in rows:
        where = f"{what} {when_in_words(row)}, {row.activity}"
        seen[where] += 1
        number = f" ({seen[where]})" if seen[where] > 1 else ""
        counted = [
            row.place,
            row.party,
            working_time(row.minutes) if row.minutes is not None else "",
            f"{row.participants} deltagare" if row.participants is not None else "",
            row.done,
            row.outcome,
            row.withdrawal_reason,
        ]
        yield f"{where}{number}", ". ".join(part.rstrip(".") for part in counted if part)
