"""The reports: what there are, each read on the screen and as a file, and the log of those handed over."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from followup.forms.report import HandOverForm, PeriodForm
from followup.law.year_report import year_due
from followup.models import Meeting, Report
from followup.reports.contents import ReportContents, digest, hand_over, report_contents
from followup.reports.kinds import FILE_NAMES, KINDS, ReportKind
from followup.reports.printing import render_report
from followup.views.files import as_pdf
from promises.access import Action, may, shows, with_agreement, with_agreement_or_404, writes
from promises.history import changes_of
from promises.models import Agreement


@shows(Action.READ)
@with_agreement
def reports(request: HttpRequest, agreement: Agreement) -> HttpResponse:
    """Every report there is, what it is for, when it is due, and what has been handed over."""
    today = timezone.localdate()
    handed_over = list(agreement.reports.select_related("noted_by").defer("pdf"))
    return render(
        request,
        "followup/reports/reports.html",
        {
            "kinds": [(kind, _latest(handed_over, kind)) for kind in KINDS.values()],
            "year_due": year_due(agreement, handed_over, today),
            "reports": handed_over,
            "meetings": Meeting.objects.held(today)
            .filter(agreement=agreement)
            .order_by("-date")[:3],
            "agreement": agreement,
        },
    )


@shows(Action.READ)
@with_agreement
def preview(request: HttpRequest, agreement: Agreement, slug: str) -> HttpResponse:
    """The report on the screen, from the very parts that the PDF is made of."""
    kind, today = _kind(slug), timezone.localdate()
    form = PeriodForm(request.GET.dict(), kind, agreement, today)
    context = {"kind": kind, "form": form, "may_note": may(request.user, Action.REVIEW, today)}
    if form.is_valid():
        report = _contents(form)
        query = urlencode(form.address)
        context |= {"report": report, "contents": report.period, "query": query}
    return render(request, f"followup/reports/{slug}.html", context)


@shows(Action.READ)
@with_agreement_or_404
def pdf(request: HttpRequest, agreement: Agreement, slug: str) -> HttpResponse:
    report = _asked_for(request, agreement, slug)
    period = report.period
    return as_pdf(render_report(report), f"{slug}-{period.starts_on}-{period.ends_on}.pdf")


@writes(Action.REVIEW)
@with_agreement_or_404
def note(request: HttpRequest, agreement: Agreement, slug: str) -> HttpResponse:
    """Note that the report has been handed over; its file is kept as it was."""
    contents, today = _asked_for(request, agreement, slug), timezone.localdate()
    period = contents.period
    report = Report(
        agreement=agreement,
        kind=contents.kind.kind,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        body=contents.kind.reader,
        noted_by=request.user,
        is_example=period.is_example,
    )
    form = HandOverForm(request.POST or None, instance=report, today=today, shown=digest(contents))
    if request.method == "POST" and form.is_valid():
        messages.success(request, "Rapporten är antecknad som lämnad, och filen är sparad.")
        return redirect(hand_over(form.save(commit=False), render_report(contents)))
    context = {"form": form, "report": contents, "contents": period}
    return render(
        request, "followup/reports/report_note.html", context | {"query": request.GET.urlencode()}
    )


@shows(Action.READ)
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """A report that was handed over: its facts and its file."""
    report = _handed_over(request, pk)
    return render(
        request,
        "followup/reports/report.html",
        {
            "report": report,
            "may_withdraw": may(request.user, Action.REVIEW, timezone.localdate()),
            "changes": changes_of(report),
        },
    )


@shows(Action.READ)
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """The file as it was handed over, byte for byte."""
    report = _handed_over(request, pk)
    name = FILE_NAMES[Report.Kind(report.kind)]
    return as_pdf(bytes(report.pdf), f"{name}-{report.starts_on}-{report.ends_on}.pdf")


def _kind(slug: str) -> ReportKind:
    if slug not in KINDS:
        raise Http404("Det finns ingen sådan rapport.")
    return KINDS[slug]


def _asked_for(request: HttpRequest, agreement: Agreement, slug: str) -> ReportContents:
    """The report that the address asks for, or 404 when it cannot be made."""
    kind, today = _kind(slug), timezone.localdate()
    form = PeriodForm(request.GET.dict(), kind, agreement, today)
    if not form.is_valid():
        raise Http404("Välj en annan tid för rapporten.")
    return _contents(form)


def _contents(form: PeriodForm) -> ReportContents:
    cutoff_on = form.cleaned_data["brytdatum"]
    return report_contents(form.kind, form.agreement, form.span, cutoff_on, form.span_label)


def _handed_over(request: HttpRequest, pk: int) -> Report:
    visible = Report.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("agreement", "noted_by"), pk=pk)


def _latest(handed_over: list[Report], kind: ReportKind) -> Report | None:
    """The one of its kind that was handed over last."""
    standing = (one for one in handed_over if one.withdrawn_at is None)
    return next((one for one in standing if one.kind == kind.kind), None)
