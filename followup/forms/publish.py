"""Many occasions' public sentences on one page, published with one button."""

from __future__ import annotations

from datetime import date

from django import forms
from django.db import transaction
from django.http import QueryDict

from followup.models import Occasion
from followup.models.occasion import OccasionQuerySet
from promises.forms.base import StaleError, VersionedForm
from promises.forms.joint import Joint, Part
from promises.known import when_in_words

ROWS = "rad"  # the keys of the rows that the page was opened with
GONE = (
    "Ett av tillfällena har dragits tillbaka sedan sidan öppnades och står inte längre med. Se över "
    "resten och spara igen."
)
UNTOUCHED = "Inget är ändrat. Kryssa i det som ska publiceras, eller skriv om en mening, och spara."


class PublishForm(VersionedForm):
    """One occasion's sentence to the citizens, and whether they may read it."""

    class Meta:
        model = Occasion
        fields = ("public_sentence", "is_published")
        labels = {"is_published": "Publicera"}
        widgets = {"public_sentence": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args, today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["public_sentence"].is_plainly_optional = True
        self.fields["is_published"].is_plainly_optional = True

    def clean_is_published(self) -> bool:
        is_published = self.cleaned_data["is_published"]
        if is_published and self.instance.date > self.today:
            raise forms.ValidationError("Dagen har inte varit än, så tillfället är hemligt.")
        return is_published


class PublishSheet(Joint):
    """The occasions of the page: all that is changed is saved, or nothing is."""

    def __init__(self, data: QueryDict | None, occasions: list[Occasion], today: date) -> None:
        self.is_sent = data is not None
        sent = {*data.getlist(ROWS)} if data else set()
        self.is_short = len(sent) > len(occasions)
        self.forms = [
            PublishForm(data if sent else None, instance=one, today=today, prefix=f"t{one.pk}")
            for one in occasions
        ]
        self.changed = [form for form in self.forms if form.is_bound and form.has_changed()]
        super().__init__(Part(_caption(form.instance), form) for form in self.forms)

    @property
    def between_rows(self) -> list[tuple[str, str]]:
        if self.is_short:
            return [("Listan", GONE)]
        if self.is_sent and not self.changed:
            return [("Listan", UNTOUCHED)]
        return []

    @property
    def conflict(self):
        """The first occasion that somebody else has saved meanwhile, shown above the list."""
        return next((form.conflict for form in self.forms if form.conflict), None)

    def is_valid(self) -> bool:
        return super().is_valid() and not self.between_rows

    def save_or_explain(self) -> list[Occasion] | None:
        """Save every row that was changed, or put the reasons on the sheet and return None."""
        if not self.is_valid():
            return None
        stale = None
        try:
            with transaction.atomic():
                for form in self.changed:
                    stale = form
                    form.save()
        except StaleError:
            stale._show_conflict()
            return None
        return [form.instance for form in self.changed]


def rows_sent(data: QueryDict, among: OccasionQuerySet, at_most: int) -> list[Occasion]:
    """The occasions whose rows came with the form, in the list's order."""
    keys = {key for key in data.getlist(ROWS)[:at_most] if key.isascii() and key.isdecimal()}
    return list(among.filter(pk__in=[key for key in keys if len(key) < 19]).newest_first())


def _caption(occasion: Occasion) -> str:
    return f"{occasion.activity.title}, {when_in_words(occasion)}"
