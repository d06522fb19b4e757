"""Lagkontrollen: what lag (2023:196) asks for, what shows it, and what is noted by hand."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from followup.forms.law import LawNoteForm
from followup.law.clocks import Duty
from followup.law.findings import check_at
from followup.law.paragraphs import ASKED
from followup.models import LawNote, LawParagraph
from promises.access import Action, may, shows, with_agreement, with_agreement_or_404, writes
from promises.history import changes_of
from promises.models import Agreement


@shows(Action.READ)
@with_agreement
def law_check(request: HttpRequest, agreement: Agreement) -> HttpResponse:
    today = timezone.localdate()
    checked = check_at(agreement, today)
    running = {clock.name for clock in checked.clocks}
    return render(
        request,
        "followup/law/law_check.html",
        {
            "agreement": agreement,
            "today": today,
            "findings": checked.findings,
            "evident": sum(one.state == "evident" for one in checked.findings),
            "noted": sum(one.state == "noted" for one in checked.findings),
            "missing": sum(one.state == "missing" for one in checked.findings),
            "clocks": [
                (clock, (clock.due_on - today).days, (today - clock.due_on).days)
                for clock in checked.clocks
            ],
            "goals_stand_still": Duty.GOALS not in running,
            "law_runs": {Duty.PICTURE, Duty.PLAN} <= running,
            "may_note": may(request.user, Action.REVIEW, today),
            "changes": changes_of(*LawNote.objects.filter(agreement=agreement)),
        },
    )


@writes(Action.REVIEW)
@with_agreement_or_404
def note(request: HttpRequest, agreement: Agreement, paragraph: int) -> HttpResponse:
    """Note a paragraph by hand, or change what stands noted."""
    if paragraph not in LawParagraph.values:
        raise Http404("Lagkontrollen går igenom 4–13 §§.")
    today = timezone.localdate()
    standing = LawNote.objects.standing().filter(agreement=agreement, paragraph=paragraph).first()
    instance = standing or LawNote(agreement=agreement, paragraph=paragraph)
    form = LawNoteForm(request.POST or None, instance=instance)
    instance.noted_by, instance.noted_on = request.user, today
    if request.method == "POST" and (saved := form.save_or_explain()):
        messages.success(request, f"Anteckningen om {saved.get_paragraph_display()} är sparad.")
        return redirect(saved)
    context = {"form": form, "standing": standing, "asked": ASKED[LawParagraph(paragraph)]}
    return render(
        request, "followup/law/law_note_form.html", context | {"paragraph": LawParagraph(paragraph)}
    )
