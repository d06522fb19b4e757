"""The form for a new calendar feed."""

from __future__ import annotations

from django import forms

from followup.models import CalendarFeed
from promises.forms.base import PlainSwedish
from promises.models import Member

MOST = 10


class CalendarFeedForm(PlainSwedish, forms.ModelForm):
    """What the member calls it; the address is made by the portal."""

    class Meta:
        model = CalendarFeed
        fields = ("name",)
        labels = {"name": "Var ska kalendern läsas?"}
        help_texts = {"name": "Till exempel ”telefonen”, så att du känner igen den i listan."}

    def __init__(self, *args, member: Member, **kwargs) -> None:
        super().__init__(*args, instance=CalendarFeed(member=member), **kwargs)

    def clean(self) -> dict:
        if self.instance.member.calendar_feeds.standing().count() >= MOST:
            raise forms.ValidationError(
                f"Du har redan {MOST} prenumerationer. Återkalla en som du inte använder först."
            )
        return super().clean()

    def save(self) -> tuple[CalendarFeed, str]:
        """The feed and its token, which is nowhere else."""
        token = CalendarFeed.new_token()
        self.instance.set_token(token)
        return super().save(), token
