"""The signed documents, changed by an administrator, and the agreement as a file."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from promises.access import Action, shows, writes
from promises.agreement_file.reading import AgreementFileError
from promises.agreement_file.writing import write
from promises.forms.documents import AgreementDocument, Document, PromisePeriodDocument
from promises.models import Agreement, PromisePeriod


@writes(Action.ADMINISTER)
def edit_agreement(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the agreement: its words, its days, and the rows under it."""
    agreement = get_object_or_404(
        Agreement.objects.visible_to(request.user).select_related("predecessor", "successor"),
        pk=pk,
    )
    document = AgreementDocument(request.POST or None, agreement, agreement)
    if request.method == "POST" and _saved(request, document, "Överenskommelsen är ändrad."):
        return redirect(agreement)
    return render(
        request,
        "promises/agreement_edit.html",
        {"joint": document, "form": document.form, "agreement": agreement},
    )


@writes(Action.ADMINISTER)
def edit_period(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the medborgarlöfte of a period: its words, its days, its promises."""
    period = get_object_or_404(
        PromisePeriod.objects.visible_to(request.user).select_related(
            "agreement", "predecessor", "successor"
        ),
        pk=pk,
    )
    document = PromisePeriodDocument(request.POST or None, period, period.agreement)
    if request.method == "POST" and _saved(request, document, "Löftesperioden är ändrad."):
        return redirect(period)
    return render(
        request,
        "promises/period_edit.html",
        {"joint": document, "form": document.form, "period": period},
    )


def _saved(request: HttpRequest, document: Document, sentence: str) -> bool:
    """Save the document and say so. A form in which nothing was changed is not saved."""
    if document.is_valid() and not document.is_changed:
        messages.info(request, "Inget var ändrat, så inget har sparats.")
        return True
    if document.save_or_explain() is None:
        return False
    messages.success(request, f"{sentence} Skälet står i historiken.")
    return True


@shows(Action.ADMINISTER)
def agreement_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The agreement with everything under it as a TOML file, to keep or to load elsewhere."""
    agreement = get_object_or_404(Agreement.objects.visible_to(request.user), pk=pk)
    try:
        text = write(agreement)
    except AgreementFileError as refused:
        messages.error(
            request, f"Filen går inte att skriva. Rätta det här först: {' '.join(refused.errors)}"
        )
        return redirect(agreement)
    return HttpResponse(
        text,
        content_type="application/toml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{agreement.key}.toml"'},
    )
