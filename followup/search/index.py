"""Keeps what can be searched for true: each save of something writes its entry and words anew.

What was stored before there was a search, or came by another way than a save, is brought in by
`rebuild`: after `migrate` when nothing is searchable yet, and by `manage.py rebuild_search`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from django.apps.registry import Apps
from django.db import models, transaction
from django.utils import timezone
from django.utils.formats import date_format

from followup.models import AgendaItem, Decision, Meeting, Occasion, SearchEntry, SearchWord, Task
from followup.words import composed, kept
from promises.known import KnownBy, when_in_words
from promises.models import Activity, Place, Promise, Undertaking

AT_A_TIME = 500
Kind = SearchEntry.Kind


@dataclass(frozen=True)
class Searchable:
    """A kind of thing: its model, what has to be read along, and how an entry is made of one."""

    model: type[models.Model]
    entry_of: Callable[[models.Model], SearchEntry]
    along: tuple[str, ...]


def _entry(
    kind: Kind,
    thing: models.Model,
    *,
    agreement: int,
    day: date,
    when: str = "",
    title: str,
    texts: Iterable[object],
    address: str = "",
    is_withdrawn: bool = False,
) -> SearchEntry:
    said = " · ".join(" ".join(str(text).split()) for text in texts if text)
    return SearchEntry(
        kind=kind,
        object_id=thing.pk,
        agreement_id=agreement,
        date=day,
        when=when,
        title=composed(title)[:300],
        text=composed(said),
        address=address or thing.get_absolute_url(),
        is_withdrawn=is_withdrawn,
        is_example=getattr(thing, "is_example", False),
    )


def _of_occasion(occasion: Occasion) -> SearchEntry:
    # The internal note is not searched: a reader who may not read it could guess at it.
    return _entry(
        Kind.OCCASION,
        occasion,
        agreement=occasion.activity.agreement_id,
        day=occasion.date,
        when="" if occasion.known_by == KnownBy.DAY else when_in_words(occasion),
        title=occasion.activity.title,
        texts=(occasion.done, occasion.outcome, occasion.public_sentence, occasion.place),
        is_withdrawn=occasion.is_withdrawn,
    )


def _of_activity(activity: Activity) -> SearchEntry:
    return _entry(
        Kind.ACTIVITY,
        activity,
        agreement=activity.agreement_id,
        day=activity.planned_from or timezone.localdate(activity.created_at),
        title=activity.title,
        texts=(
            activity.description,
            activity.get_kind_display(),
            activity.place,
            activity.cancellation_reason,
        ),
    )


def _of_meeting(meeting: Meeting) -> SearchEntry:
    items = [item for item in meeting.items.all() if not item.is_withdrawn]
    agenda = [text for item in items for text in (item.title, item.background, item.notes)]
    return _entry(
        Kind.MEETING,
        meeting,
        agreement=meeting.agreement_id,
        day=meeting.date,
        title=f"Möte i {meeting.get_kind_display().lower()}, {date_format(meeting.date)}",
        texts=(meeting.introduction, *agenda, meeting.location, meeting.cancellation_reason),
    )


def _of_decision(decision: Decision) -> SearchEntry:
    return _entry(
        Kind.DECISION,
        decision,
        agreement=decision.meeting.agreement_id,
        day=decision.meeting.date,
        title=decision.item.title,
        texts=(decision.wording,),
        address=f"{decision.meeting.get_absolute_url()}#beslut",
        is_withdrawn=decision.withdrawn_at is not None,
    )


def _of_task(task: Task) -> SearchEntry:
    return _entry(
        Kind.TASK,
        task,
        agreement=task.agreement_id,
        day=task.due_on,
        title=task.title,
        texts=(task.closing_note,),
    )


def _of_promise(promise: Promise) -> SearchEntry:
    return _entry(
        Kind.PROMISE,
        promise,
        agreement=promise.period.agreement_id,
        day=promise.period.starts_on,
        title=str(promise),
        texts=(promise.wording,),
    )


def _of_undertaking(undertaking: Undertaking) -> SearchEntry:
    return _entry(
        Kind.UNDERTAKING,
        undertaking,
        agreement=undertaking.agreement_id,
        day=undertaking.agreement.valid_from,
        title=str(undertaking),
        texts=(undertaking.wording,),
    )


SEARCHABLE = {
    Kind.OCCASION: Searchable(Occasion, _of_occasion, ("activity", "place")),
    Kind.ACTIVITY: Searchable(Activity, _of_activity, ("place",)),
    Kind.MEETING: Searchable(Meeting, _of_meeting, ()),
    Kind.DECISION: Searchable(Decision, _of_decision, ("meeting", "item")),
    Kind.TASK: Searchable(Task, _of_task, ()),
    Kind.PROMISE: Searchable(Promise, _of_promise, ("period",)),
    Kind.UNDERTAKING: Searchable(Undertaking, _of_undertaking, ("agreement",)),
}
COMPARED = ("agreement_id", "date", "title", "text", "address", "is_withdrawn", "is_example")


# --- One at a time, as it is saved -----------------------------------------------------------


@transaction.atomic
def index(kind: Kind, thing: models.Model) -> None:
    """Write the thing's entry and words, if anything in them has changed."""
    entry = SEARCHABLE[kind].entry_of(thing)
    values = {name: getattr(entry, name) for name in COMPARED}
    stored = SearchEntry.objects.filter(kind=kind, object_id=thing.pk).first()
    if stored and values == {name: getattr(stored, name) for name in COMPARED}:
        return
    SearchEntry.objects.bulk_create(
        [entry],
        update_conflicts=True,
        unique_fields=["kind", "object_id"],
        update_fields=COMPARED,
    )
    if stored is None or (stored.title, stored.text) != (entry.title, entry.text):
        if stored:
            entry.words.all().delete()
        SearchWord.objects.bulk_create(_words(entry), ignore_conflicts=True)


def _words(entry: SearchEntry) -> Iterator[SearchWord]:
    for word in sorted(kept(f"{entry.title} {entry.text}")):
        yield SearchWord(entry=entry, word=word)


def connect() -> None:
    """From now on every save is searchable at once."""
    for kind, searchable in SEARCHABLE.items():
        models.signals.post_save.connect(
            _on_save(kind), sender=searchable.model, weak=False, dispatch_uid=f"search {kind}"
        )
    for model, affected in (
        (AgendaItem, _of_item),
        (Activity, _of_renamed),
        (Meeting, _of_moved),
        (Place, _of_place),
    ):
        models.signals.post_save.connect(
            _on_change(affected), sender=model, weak=False, dispatch_uid=f"search by {model}"
        )


def _on_save(kind: Kind) -> Callable:
    def save(instance: models.Model, raw: bool = False, **kwargs) -> None:
        if not raw:
            index(kind, instance)

    return save


def _on_change(affected: Callable) -> Callable:
    """What is written in the entry of one thing can be the name of another."""

    def save(instance: models.Model, created: bool, raw: bool = False, **kwargs) -> None:
        if not raw:
            for kind, things in affected(instance, created):
                for thing in things:
                    index(kind, thing)

    return save


def _of_item(item: AgendaItem, created: bool):
    yield Kind.MEETING, [item.meeting]
    if not created:
        yield Kind.DECISION, _all(Kind.DECISION).filter(item=item)


def _of_renamed(activity: Activity, created: bool):
    if created:
        return
    under = _all(Kind.OCCASION).filter(activity=activity)
    entries = SearchEntry.objects.filter(kind=Kind.OCCASION)
    some = entries.filter(object_id__in=under.values("pk")[:1]).first()
    if some and some.title != composed(activity.title):
        yield Kind.OCCASION, under


def _of_moved(meeting: Meeting, created: bool):
    if not created:
        yield Kind.DECISION, _all(Kind.DECISION).filter(meeting=meeting)


def _of_place(place: Place, created: bool):
    if not created:
        yield Kind.OCCASION, _all(Kind.OCCASION).filter(place=place)
        yield Kind.ACTIVITY, _all(Kind.ACTIVITY).filter(place=place)


# --- All of it ---------------------------------------------------------------------------------


@transaction.atomic
def rebuild() -> int:
    """Write every entry anew from what is stored, and tell how many there are."""
    SearchWord.objects.all().delete()
    SearchEntry.objects.all().delete()
    return sum(_index_all(kind) for kind in SEARCHABLE)


def _index_all(kind: Kind) -> int:
    count = 0
    things = _all(kind).order_by("pk").iterator(AT_A_TIME)
    while batch := list(islice(things, AT_A_TIME)):
        entries = SearchEntry.objects.bulk_create(map(SEARCHABLE[kind].entry_of, batch))
        words = (word for entry in entries for word in _words(entry))
        SearchWord.objects.bulk_create(words, batch_size=5_000)
        count += len(entries)
    return count


def _all(kind: Kind) -> models.QuerySet:
    searchable = SEARCHABLE[kind]
    things = searchable.model._default_manager.select_related(*searchable.along)
    return things.prefetch_related("items") if kind is Kind.MEETING else things


def fill_when_empty(using: str, apps: Apps | None = None, **kwargs) -> None:
    """After a migration: bring in what had been stored before there was a search."""
    if apps is None:
        return  # an emptied database has nothing to bring in
    try:
        entries = apps.get_model("followup", "SearchEntry")
    except LookupError:
        return  # migrated back to a time before it
    if not entries._default_manager.using(using).exists():
        rebuild()
