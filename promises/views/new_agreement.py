"""The agreement that follows another: drafted, put before the signatories, and signed."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format

from promises.access import Action, may, require, writes
from promises.forms.new_agreement import AgreementSignForm, NewAgreementForm
from promises.history import changes_of
from promises.models import Agreement, Signatory
from promises.new_agreement import differences, present, sign, take_back
from promises.views.agreement import document_of


@writes(Action.PLAN)
def new_agreement(request: HttpRequest, pk: int) -> HttpResponse:
    """Draft the one that is to follow the agreement; when there is one already, it is shown."""
    visible = Agreement.objects.visible_to(request.user).select_related("successor")
    earlier = get_object_or_404(visible, pk=pk)
    if successor := getattr(earlier, "successor", None):
        messages.info(request, f"Efter ”{earlier}” kommer den här.")
        return redirect(successor)
    return _write(
        request,
        earlier,
        None,
        "Utkastet är sparat. Inget är ersatt förrän alla parter har skrivit under.",
    )


@writes(Action.PLAN)
def edit_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the draft, as long as it is not before the signatories."""
    draft = _draft(request, pk)
    if not draft.is_draft or draft.presented_on:
        messages.warning(request, "Den är framlagd för underskrift. Ta tillbaka den först.")
        return redirect(draft)
    return _write(request, draft.predecessor, draft, "Utkastet är ändrat.")


def _write(
    request: HttpRequest, earlier: Agreement, draft: Agreement | None, sentence: str
) -> HttpResponse:
    joint = NewAgreementForm(
        request.POST or None,
        earlier=earlier,
        draft=draft,
        member=request.user,
        today=timezone.localdate(),
    )
    if request.method == "POST" and (saved := joint.save_or_explain()):
        messages.success(request, sentence)
        return redirect(saved)
    context = {"joint": joint, "form": joint.form, "earlier": earlier, "draft": draft}
    return render(request, "promises/new_agreement.html", context)


@writes(Action.READ)
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft, what differs from the agreement it is to follow, and the step that comes next."""
    found = _draft(request, pk)
    if not found.is_draft:
        return redirect(found)
    if request.method != "POST":
        return _read(request, found)
    steps = {"present": _present, "take_back": _take_back, "sign": _sign}
    step = steps.get(request.POST.get("step", ""))
    return step(request, found) if step else _read(request, found)


def _draft(request: HttpRequest, pk: int) -> Agreement:
    """A draft that the member sees, or what it has become."""
    member = request.user
    seen = Agreement.objects.drafts_visible_to(member) | Agreement.objects.visible_to(member)
    agreements = seen.distinct().select_related("predecessor")
    return get_object_or_404(agreements, pk=pk, predecessor__isnull=False)


def _read(
    request: HttpRequest, draft: Agreement, form: AgreementSignForm | None = None
) -> HttpResponse:
    """The draft's page; `form` is the signature's when it comes back."""
    today, member = timezone.localdate(), request.user
    document = document_of(draft)
    awaited = draft.awaits_signature_of()
    signs = may(member, Action.SIGN, today) and member.party in awaited
    if form is None and draft.presented_on and signs:
        form = AgreementSignForm(
            today=today,
            initial={"name": member.name, "title": member.title, "signed_on": today},
        )
    rows = (*document["goals"], *document["undertakings"], *document["signatories"])
    context = {
        "agreement": draft,
        "earlier": draft.predecessor,
        "differences": differences(draft),
        "awaited": awaited,
        "may_plan": may(member, Action.PLAN, today),
        "form": form,
        "changes": changes_of(draft, *rows),
    }
    return render(request, "promises/agreement_draft.html", document | context)


@require(Action.PLAN)
def _present(request: HttpRequest, draft: Agreement) -> HttpResponse:
    try:
        present(draft, timezone.localdate())
    except ValidationError as refused:
        messages.warning(request, refused.messages[0])
    else:
        messages.success(
            request, "Överenskommelsen är framlagd. Nu kan parternas undertecknare skriva under."
        )
    return redirect(draft)


@require(Action.PLAN)
def _take_back(request: HttpRequest, draft: Agreement) -> HttpResponse:
    try:
        take_back(draft)
    except ValidationError as refused:
        messages.warning(request, refused.messages[0])
    else:
        messages.success(
            request,
            "Överenskommelsen är ett utkast igen. De som har skrivit under gör det på nytt.",
        )
    return redirect(draft)


@require(Action.SIGN)
def _sign(request: HttpRequest, draft: Agreement) -> HttpResponse:
    """Sign for one's party; the last signature makes it an agreement."""
    today = timezone.localdate()
    form = AgreementSignForm(
        request.POST, today=today, instance=Signatory(party=request.user.party)
    )
    if not form.is_valid():
        return _read(request, draft, form)
    try:
        signed = sign(draft, form.instance, by=request.user, on=today)
    except ValidationError as refused:
        messages.warning(request, refused.messages[0])
        return redirect(draft)
    messages.success(request, _signed_in_words(signed))
    return redirect(signed)


def _signed_in_words(signed: Agreement) -> str:
    if signed.is_draft:
        return "Underskriften är sparad. Överenskommelsen väntar på övriga parters."
    return (
        f"Alla parter har skrivit under. Den gäller från och med {date_format(signed.valid_from)}."
    )
