"""Forms for the biennial review."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils.formats import date_format

from followup.forms.locking import OpenForm
from followup.models import Assessment, Review, ReviewComment, ReviewText
from followup.models.locks import Refusal
from followup.swedish import days_in_words
from promises.forms.base import PlainSwedish
from promises.handbook import hint
from promises.models import Agreement, Member

SCALE = hint("Vad ni gjorde, mot det som lovades.", "skalorna", "uppfoljning", "skalor")
SCALE_OF_GOALS = hint("Vad det ledde till.", "skalorna", "uppfoljning", "skalor")


class ReviewForm(PlainSwedish, forms.ModelForm):
    """Start a review: which days it covers and when the log is closed for it."""

    class Meta:
        model = Review
        fields = ("starts_on", "ends_on", "cutoff_on", "registry_number")
        help_texts = {
            "cutoff_on": hint(
                "Det som loggas senare än så räknas inte med. Två till fyra veckor efter periodens "
                "slut är lagom.",
                "brytdatum",
                "uppfoljning",
                "brytdatum",
            )
        }

    def __init__(self, *args, agreement: Agreement, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.instance.agreement = agreement

    def clean(self) -> dict:
        cleaned = super().clean()
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        self.refuse_disorder(
            "ends_on", "cutoff_on", "Brytdatumet ska inte ligga före periodens slut."
        )
        self.refuse_disorder(
            "starts_on", "ends_on", "Slutdatumet ska inte ligga före startdatumet."
        )
        last_day = self.instance.agreement.last_day
        if ends_on and last_day and ends_on > last_day:
            self.add_error(
                "ends_on", f"Överenskommelsen gäller till och med {date_format(last_day)}."
            )
        if starts_on and ends_on:
            self._refuse_days_already_reviewed(starts_on, ends_on)
        return cleaned

    def _refuse_days_already_reviewed(self, starts_on: date, ends_on: date) -> None:
        """No day is followed up twice; a correction is begun from the review it corrects."""
        other = Review.objects.filter(
            agreement=self.instance.agreement, starts_on__lte=ends_on, ends_on__gte=starts_on
        ).first()
        if other is None:
            return
        if (other.starts_on, other.ends_on) == (starts_on, ends_on):
            self.add_error("starts_on", "Det finns redan en uppföljning av den perioden.")
        else:
            days = days_in_words(other.starts_on, other.ends_on)
            self.add_error("starts_on", f"Perioden går in i den som redan följs upp: {days}.")


class OpenReviewForm(OpenForm):
    """A form for a review or something in it, as long as the review has not been handed in."""

    refusal = Refusal.REVIEW_CLOSED

    @property
    def is_open(self) -> bool:
        review = self.instance if isinstance(self.instance, Review) else self.instance.review
        return review.is_open


class ReviewCoverForm(OpenReviewForm):
    """What stands on the cover besides what is known."""

    class Meta:
        model = Review
        fields = ("registry_number",)


class ReviewTextForm(OpenReviewForm):
    """One of the review's own texts, drafted from the log and then edited."""

    class Meta:
        model = ReviewText
        fields = ("text",)
        widgets = {"text": forms.Textarea(attrs={"rows": 8})}

    HELP = {
        ReviewText.Kind.SUMMARY: "Läses först, och ofta ensam. Högst en sida.",
        ReviewText.Kind.DECISIONS: "Vad kommunchefen och polisen behöver ta ställning till.",
        ReviewText.Kind.METHOD: "Vad uppföljningen bygger på, och vad som saknas.",
        ReviewText.Kind.SITUATION: "Vad som har blivit bättre, sämre eller är oförändrat.",
        ReviewText.Kind.DIALOGUE: "Vad invånarna har sagt, vad det ledde till och hur de fick veta det.",
        ReviewText.Kind.COOPERATION: "Vad som har fungerat mellan parterna, och vad som inte har det.",
        ReviewText.Kind.DEVIATIONS: "Skälen till det som ställdes in, blev sent eller inte nådde åtagandenivån.",
        ReviewText.Kind.CONCLUSIONS: "Vad ni har lärt er av perioden.",
        ReviewText.Kind.IMPROVEMENTS: "Vad ni vill göra annorlunda i nästa period.",
    }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        kind = ReviewText.Kind(self.instance.kind)
        self.fields["text"].label = kind.label
        self.fields["text"].help_text = self.HELP[kind]
        self.fields["text"].is_plainly_optional = True


class AssessmentForm(OpenReviewForm):
    """Assess one goal, undertaking or promise on its own scale, with the reason for it.

    While it `is_unfinished` it can be saved without a value, so that a motivering is kept as it
    is written.
    """

    class Meta:
        model = Assessment
        fields = ("value", "trend", "rationale", "obstacles", "lessons", "proposal")
        help_texts = {
            "trend": "Oförändrad kan vara ett bra resultat, när läget redan är gott.",
            "rationale": hint(
                "Vad grundar ni bedömningen på? Hänvisa till det som loggen säger, till exempel "
                "”Sex av sex kontroller gjordes”.",
                "motiveringen",
                "uppfoljning",
                "motivering",
            ),
            "obstacles": "Vad som stod i vägen, till exempel väder eller en obesatt tjänst.",
            "lessons": "Vad ni gör annorlunda nästa gång.",
            "proposal": "Vad som bör hända i nästa period.",
        }
        error_messages = {
            "value": {"required": "Välj ett steg på skalan."},
            "rationale": {"required": "Skriv en motivering: vad bedömningen grundar sig på."},
        }
        widgets = {
            "value": forms.RadioSelect,
            "trend": forms.RadioSelect,
            "proposal": forms.RadioSelect,
            "rationale": forms.Textarea(attrs={"rows": 5}),
            "obstacles": forms.Textarea(attrs={"rows": 3}),
            "lessons": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(
        self, *args, member: Member, today: date, is_unfinished: bool = False, **kwargs
    ) -> None:
        super().__init__(*args, **kwargs)
        self.member, self.today = member, today
        scale = [(value.value, value.label) for value in self.instance.scale]
        self.fields["value"].choices = scale
        self.fields["value"].help_text = SCALE_OF_GOALS if self.instance.goal_id else SCALE
        self.fields["value"].required = not is_unfinished
        self.fields["rationale"].required = not is_unfinished
        self.fields["proposal"].choices = Assessment.Proposal.choices
        if self.instance.goal_id:
            self.fields["trend"].choices = Assessment.Trend.choices
        else:
            del self.fields["trend"]

    def save(self, commit: bool = True) -> Assessment:
        if self.instance.value:
            self.instance.assessed_by, self.instance.assessed_on = self.member, self.today
        return super().save(commit)


class ReviewCommentForm(PlainSwedish, forms.ModelForm):
    """What a member has to say of a section, or of one assessment in it."""

    class Meta:
        model = ReviewComment
        fields = ("text",)
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "text": "Läses av båda parternas ledamöter i portalen. Står inte i uppföljningen."
        }
