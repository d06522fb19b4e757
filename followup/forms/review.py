"""Forms for the biennial review."""

from __future__ import annotations

from datetime import date

from django import forms

from followup.models import Assessment, Review, ReviewText
from promises.forms import PlainSwedish, VersionedForm
from promises.models import Agreement, Member


class ReviewForm(PlainSwedish, forms.ModelForm):
    """Start a review: which days it covers and when the log is closed for it."""

    class Meta:
        model = Review
        fields = ("starts_on", "ends_on", "cutoff_on", "registry_number")

    def __init__(self, *args, agreement: Agreement, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.instance.agreement = agreement

    def clean(self) -> dict:
        cleaned = super().clean()
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", "Slutdatumet ska inte ligga före startdatumet.")
        if ends_on and cleaned.get("cutoff_on") and cleaned["cutoff_on"] < ends_on:
            self.add_error("cutoff_on", "Brytdatumet ska inte ligga före periodens slut.")
        same_period = Review.objects.filter(
            agreement=self.instance.agreement, starts_on=starts_on, ends_on=ends_on
        )
        if starts_on and ends_on and same_period.exists():
            self.add_error("starts_on", "Det finns redan en uppföljning av den perioden.")
        return cleaned


class ReviewCoverForm(VersionedForm):
    """What stands on the cover besides what is known."""

    class Meta:
        model = Review
        fields = ("registry_number",)


class ReviewTextForm(VersionedForm):
    """One of the review's own texts, drafted from the log and then edited."""

    class Meta:
        model = ReviewText
        fields = ("text",)
        widgets = {"text": forms.Textarea(attrs={"rows": 8})}

    HELP = {
        ReviewText.Kind.SUMMARY: "Läses först, och ofta ensam. Högst en sida.",
        ReviewText.Kind.DECISIONS: "Vad kommunchefen och polisen behöver ta ställning till.",
        ReviewText.Kind.METHOD: "Vad uppföljningen bygger på, och vad som saknas.",
    }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        kind = ReviewText.Kind(self.instance.kind)
        self.fields["text"].label = kind.label
        self.fields["text"].help_text = self.HELP.get(kind, "")


class AssessmentForm(VersionedForm):
    """Assess one goal, undertaking or promise on its own scale, with the reason for it."""

    class Meta:
        model = Assessment
        fields = ("value", "trend", "rationale", "obstacles", "lessons", "proposal")
        help_texts = {
            "rationale": "Vad grundar ni bedömningen på? Hänvisa till det som loggen säger.",
        }
        widgets = {
            "value": forms.RadioSelect,
            "trend": forms.RadioSelect,
            "proposal": forms.RadioSelect,
            "rationale": forms.Textarea(attrs={"rows": 5}),
            "obstacles": forms.Textarea(attrs={"rows": 3}),
            "lessons": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args, member: Member, today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.member, self.today = member, today
        scale = [(value.value, value.label) for value in self.instance.scale]
        self.fields["value"].choices = scale
        self.fields["value"].required = True
        self.fields["value"].error_messages["required"] = "Välj ett steg på skalan."
        self.fields["rationale"].required = True
        self.fields["rationale"].error_messages["required"] = (
            "Skriv en motivering: vad bedömningen grundar sig på."
        )
        self.fields["proposal"].choices = Assessment.Proposal.choices
        if self.instance.goal_id:
            self.fields["trend"].choices = Assessment.Trend.choices
        else:
            del self.fields["trend"]

    def save(self, commit: bool = True) -> Assessment:
        self.instance.assessed_by, self.instance.assessed_on = self.member, self.today
        return super().save(commit)
