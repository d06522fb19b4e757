"""What can be searched for, by its words: derived from what is stored, and never written by hand.

`followup.search.index` keeps it true.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef, Q

from followup.words import AT_MOST, LONGEST, stem_of, words_of
from promises.models import Agreement
from promises.models.agreement import UnderAgreement

# A word in no more entries than this is looked up first, and what holds it is put in order. With
# a commoner one the entries are read in their order instead, until a page is full.
RARE = 2_000
AFTER_EVERY_LETTER = "\U0010ffff"


class SearchEntryQuerySet(UnderAgreement["SearchEntry"]):
    begins_with_few = True
    """Whether what `containing` found is few enough to be looked up before anything else."""

    def standing(self) -> SearchEntryQuerySet:
        """Without what has been withdrawn or struck."""
        return self.filter(is_withdrawn=False)

    def containing(self, text: str) -> SearchEntryQuerySet:
        """Those that hold every word of the text; without a text all, and without words none."""
        asked = words_of(text)[:AT_MOST]
        if not asked:
            return self.none() if text.strip() else self
        (rarest, is_rare), *others = SearchWord.objects.rarest_first(asked)
        entries = self._answering(rarest, is_rare)
        for word, _ in others:
            entries = entries._answering(word, False)
        entries.begins_with_few = is_rare
        return entries

    def _answering(self, word: str, is_rare: bool) -> SearchEntryQuerySet:
        found = SearchWord.objects.answering(word)
        if is_rare:
            return self.filter(pk__in=found.values("entry"))
        return self.filter(Exists(found.filter(entry=OuterRef("pk"))))


class SearchEntry(models.Model):
    """Something that can be found: what it is, its date, what it says and where it is read.

    The texts are those that every member may read; an internal note is never among them.
    """

    class Kind(models.TextChoices):
        OCCASION = "occasion", "Tillfälle"
        ACTIVITY = "activity", "Aktivitet"
        MEETING = "meeting", "Möte"
        DECISION = "decision", "Beslut"
        TASK = "task", "Uppdrag"
        PROMISE = "promise", "Löfte"
        UNDERTAKING = "undertaking", "Åtagande"

    kind = models.CharField("slag", max_length=20, choices=Kind, editable=False)
    object_id = models.PositiveBigIntegerField("nyckel", editable=False)
    agreement = models.ForeignKey(
        Agreement,
        verbose_name="överenskommelse",
        related_name="+",
        editable=False,
        on_delete=models.CASCADE,
    )
    when = models.CharField(max_length=60, blank=True, default="")  # in words, where it is no day
    date = models.DateField("datum", editable=False)
    title = models.CharField("rubrik", max_length=300, editable=False)
    text = models.TextField("text", blank=True, editable=False)
    address = models.CharField("adress", max_length=100, editable=False)
    is_withdrawn = models.BooleanField("tillbakadragen", default=False, editable=False)
    is_example = models.BooleanField("exempel", default=False, editable=False)

    objects = SearchEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "sökbar uppgift"
        verbose_name_plural = "sökbara uppgifter"
        ordering = ["-date", "-id"]
        indexes = [
            models.Index(fields=["-date", "-id"], name="search_newest"),
            models.Index(fields=["kind", "-date", "-id"], name="search_kind_newest"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "object_id"], name="search_entry_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.title}"


class SearchWordQuerySet(models.QuerySet["SearchWord"]):
    def answering(self, asked: str) -> SearchWordQuerySet:
        """The words that answer to one that was asked for; `followup.words.is_hit` says which."""
        if asked.isdecimal():
            return self.filter(word=asked)
        found = Q(word__gte=asked, word__lt=asked + AFTER_EVERY_LETTER)
        if (stem := stem_of(asked)) != asked:
            found |= Q(word=stem)
        return self.filter(found)

    def rarest_first(self, asked: list[str]) -> list[tuple[str, bool]]:
        """The words by how many answer to them, and whether they are few."""
        counts = {word: self.answering(word)[: RARE + 1].count() for word in asked}
        return [(word, counts[word] <= RARE) for word in sorted(counts, key=counts.__getitem__)]


class SearchWord(models.Model):
    """A word of an entry, or the stem of one.

    In order by the letters' own numbers on every database: that is what lets an index give all
    words that begin alike.
    """

    entry = models.ForeignKey(
        SearchEntry,
        verbose_name="uppgift",
        related_name="words",
        editable=False,
        db_index=False,
        on_delete=models.CASCADE,
    )
    word = models.CharField("ord", max_length=LONGEST, editable=False)

    objects = SearchWordQuerySet.as_manager()

    class Meta:
        verbose_name = "sökord"
        verbose_name_plural = "sökord"
        indexes = [models.Index(fields=["word", "entry"], name="search_word_entry")]
        constraints = [
            models.UniqueConstraint(fields=["entry", "word"], name="search_word_once_per_entry"),
        ]

    def __str__(self) -> str:
        return self.word
