"""Publish many occasions at once, or stop publishing them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from followup.forms.publish import PublishSheet, rows_sent
from followup.log.pages import page_of
from followup.models import Occasion
from followup.models.occasion import OccasionQuerySet
from followup.swedish import counted, in_a_row
from promises.access import Action, writes

PAGE_SIZE = 30
# The word in the address, and what it says on the page.
SHOWN = {
    "": "Inte publicerade",
    "med": "Har en mening",
    "utan": "Saknar mening",
    "publicerade": "Publicerade",
}


@writes(Action.LOG)
def publish(request: HttpRequest) -> HttpResponse:
    """The sentences of a page of occasions, to be written, published or taken back together."""
    today = timezone.localdate()
    visible = Occasion.objects.visible_to(request.user).carried_out().with_everything()
    shown = request.GET.get("visa") if request.GET.get("visa") in SHOWN else ""
    listed = _listed(visible.filter(date__lte=today), shown)
    page, data = page_of(request.GET, listed, PAGE_SIZE), None
    rows = page.rows
    if request.method == "POST":
        data = request.POST
        rows = rows_sent(data, visible, PAGE_SIZE) or rows
    sheet = PublishSheet(data, rows, today)
    if request.method == "POST" and (saved := sheet.save_or_explain()):
        messages.success(request, _saved_in_words(saved))
        return redirect(request.get_full_path())
    context = {"sheet": sheet, "page": page, "shown": shown, "choices": SHOWN.items()}
    return render(request, "followup/log/publish.html", context)


def _listed(occasions: OccasionQuerySet, shown: str) -> OccasionQuerySet:
    if shown == "publicerade":
        return occasions.published()
    unpublished = occasions.filter(is_published=False)
    if shown == "med":
        return unpublished.exclude(public_sentence="")
    return unpublished.filter(public_sentence="") if shown == "utan" else unpublished


def _saved_in_words(saved: list[Occasion]) -> str:
    public = sum(occasion.is_published for occasion in saved)
    hidden = len(saved) - public
    said = []
    if public:
        said.append(
            counted(public, "ändrat tillfälle är publicerat", "ändrade tillfällen är publicerade")
        )
    if hidden:
        said.append(
            counted(
                hidden,
                "ändrat tillfälle är inte publicerat",
                "ändrade tillfällen är inte publicerade",
            )
        )
    return f"Sparat: {in_a_row(said)}."
