"""The log and the plan as files to take away, and files read in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from followup.forms.log.narrowing import OccasionFilter
from followup.log.columns import HEADINGS, REPORTED
from followup.models import Occasion
from followup.paper.tables import as_csv
from followup.spreadsheet.columns import ACTIVITIES, PLANNED, Column
from followup.spreadsheet.forms import ColumnsForm, UploadForm
from followup.spreadsheet.kept_file import KeptFile, find, forget, keep
from followup.spreadsheet.log import log_sheet
from followup.spreadsheet.log_import import LogImport, import_columns
from followup.spreadsheet.plan import activities_sheet, planned_sheet
from followup.spreadsheet.plan_import import PlanImport, is_of_activities
from followup.spreadsheet.reading import Table, UnreadableError
from followup.spreadsheet.writing import CSV, XLSX, Sheet, as_xlsx
from followup.swedish import counted
from followup.views.files import as_download
from promises.access import Action, may, shows, writes
from promises.forms.base import Confirmation
from promises.forms.joint import Joint, Part
from promises.models import Activity, Member, PlannedOccasion

# --- Files to take away --------------------------------------------------------------------


@shows(Action.READ)
def log_xlsx(request: HttpRequest) -> HttpResponse:
    return as_download(as_xlsx("Logg", [_log(request)]), "logg.xlsx", XLSX)


@shows(Action.READ)
def log_csv(request: HttpRequest) -> HttpResponse:
    return _csv(_log(request), "logg.csv")


@shows(Action.READ)
def plan_xlsx(request: HttpRequest) -> HttpResponse:
    return as_download(
        as_xlsx("Plan", [_activities(request), _planned(request)]), "plan.xlsx", XLSX
    )


@shows(Action.READ)
def plan_csv(request: HttpRequest) -> HttpResponse:
    return _csv(_planned(request), "plan.csv")


@shows(Action.READ)
def activities_csv(request: HttpRequest) -> HttpResponse:
    return _csv(_activities(request), "aktiviteter.csv")


def _log(request: HttpRequest) -> Sheet:
    """The log as the address narrows it, with what the member may read of it."""
    visible = Occasion.objects.visible_to(request.user)
    return log_sheet(
        OccasionFilter(request.GET, queryset=visible, member=request.user).qs,
        with_internal_notes=may(request.user, Action.READ_INTERNAL, timezone.localdate()),
    )


def _activities(request: HttpRequest) -> Sheet:
    return activities_sheet(Activity.objects.visible_to(request.user))


def _planned(request: HttpRequest) -> Sheet:
    return planned_sheet(PlannedOccasion.objects.visible_to(request.user), timezone.localdate())


def _csv(sheet: Sheet, name: str) -> HttpResponse:
    return as_download(as_csv(sheet.headings, sheet.rows).encode(), name, CSV)


# --- Files read in -------------------------------------------------------------------------


@dataclass(frozen=True)
class Kind:
    """What can be read in: the log or the plan, and how its pages put it."""

    title: str
    list_name: str  # the name of the address that lists it
    list_title: str
    the_list: str
    lede: str
    one: str
    several: str
    columns: Callable[[Table, Member], Sequence[Column]]
    needed: Callable[[Table], Sequence[tuple[str, ...]]]

    def counted(self, number: int) -> str:
        return counted(number, self.one, self.several)


LOG = Kind(
    title="Läs in tillfällen",
    list_name="occasions",
    list_title="Logg",
    the_list="loggen",
    lede="Välj loggens egen fil, eller ett kalkylblad som ni har fört själva. Du får se vad som händer innan något sparas.",
    one="tillfälle",
    several="tillfällen",
    columns=lambda table, member: import_columns(member),
    needed=lambda table: [("date",), ("activity", "activity_id"), ("done",)],
)
PLAN = Kind(
    title="Läs in planen",
    list_name="activities",
    list_title="Aktiviteter",
    the_list="planen",
    lede="Välj planens egen fil, eller ett kalkylblad med dagar som ni har planerat. Du får se vad som händer innan något sparas.",
    one="rad",
    several="rader",
    columns=lambda table, member: ACTIVITIES if is_of_activities(table) else PLANNED,
    needed=lambda table: (
        [("under",), ("title",)]
        if is_of_activities(table)
        else [("date",), ("activity", "activity_id")]
    ),
)


@writes(Action.LOG)
def read_in_log(request: HttpRequest) -> HttpResponse:
    return _read_in(request, LOG)


@writes(Action.PLAN)
def read_in_plan(request: HttpRequest) -> HttpResponse:
    return _read_in(request, PLAN)


def _read_in(request: HttpRequest, kind: Kind) -> HttpResponse:
    """Choose a file, say what its columns are, look at what it would do, and read it in."""
    if not (token := request.GET.get("fil")):
        return _choose(request, kind)
    if not (file := find(token, request.user)):
        messages.warning(
            request, "Filen ligger inte kvar: den sparas högst en timme. Välj den igen."
        )
        return redirect(request.path)
    if request.method == "POST" and "las-in" in request.POST and file.keys:
        return _save(request, kind, file, token)
    return _say_columns(request, kind, file, token)


def _choose(request: HttpRequest, kind: Kind) -> HttpResponse:
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(*sent)
    if form.is_valid():
        file = KeptFile(_tables(form.tables, kind))
        columns = _columns_forms(request, kind, file, None)
        token = keep(file, request.user)
        if not all(one.is_recognised for one in columns):
            return redirect(f"{request.path}?fil={token}")
        file = KeptFile(file.tables, tuple(one.guessed_keys for one in columns))
        keep(file, request.user, token)
        return _preview(request, kind, file, token)
    return render(request, "followup/spreadsheet/read_in.html", {"form": form, "kind": kind})


def _tables(tables: list[Table], kind: Kind) -> list[Table]:
    """The sheets to be read: of the log the one that looks most like it, of the plan both kinds."""
    if kind is LOG:
        return [max(tables, key=lambda table: len(set(table.headings) & REPORTED_HEADINGS))]
    of_activities = [table for table in tables if is_of_activities(table)]
    others = [table for table in tables if not is_of_activities(table)]
    return of_activities[:1] + others[:1]


REPORTED_HEADINGS = {HEADINGS[name] for name in REPORTED}


def _columns_forms(
    request: HttpRequest, kind: Kind, file: KeptFile, data: dict | None
) -> list[ColumnsForm]:
    return [
        ColumnsForm(
            data,
            prefix=f"blad{n}" if n else None,
            table=table,
            columns=kind.columns(table, request.user),
            needed=kind.needed(table),
            member=None if is_of_activities(table) and kind is PLAN else request.user,
        )
        for n, table in enumerate(file.tables)
    ]


def _say_columns(request: HttpRequest, kind: Kind, file: KeptFile, token: str) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    forms = _columns_forms(request, kind, file, data)
    joint = Joint(Part(form.table.name if len(forms) > 1 else "", form) for form in forms)
    if data is not None and joint.is_valid():
        chosen = [form.cleaned_data.get("activity") for form in forms]
        activity = next((one.pk for one in chosen if one), None)
        keys = tuple(form.keys_of(form.cleaned_data) for form in forms)
        file = KeptFile(file.tables, keys, activity)
        keep(file, request.user, token)
        return _preview(request, kind, file, token)
    context = {"joint": joint, "forms": forms, "kind": kind, "token": token}
    said = {
        "refused": "Kolumnerna går inte att läsa så",
        "advice": "Rätta det här och gå vidare igen. Det du har valt står kvar.",
    }
    return render(request, "followup/spreadsheet/read_in_columns.html", context | said)


def _import(request: HttpRequest, kind: Kind, file: KeptFile) -> LogImport | PlanImport:
    options = {
        "member": request.user,
        "today": timezone.localdate(),
        "activity": file.activity,
        "sent": request.POST.dict(),
    }
    if kind is LOG:
        return LogImport(file.tables[0], file.keys[0], **options)
    return PlanImport(list(zip(file.tables, file.keys, strict=True)), **options)


def _preview(
    request: HttpRequest, kind: Kind, file: KeptFile, token: str, *, complaint: str = ""
) -> HttpResponse:
    try:
        sheets = _import(request, kind, file).examine()
    except UnreadableError as too_much:
        messages.error(request, str(too_much))
        return redirect(request.path)
    digests = set().union(*(sheet.digests for sheet in sheets))
    changing = sum(len(sheet.new) + len(sheet.changed) for sheet in sheets)
    return render(
        request,
        "followup/spreadsheet/read_in_preview.html",
        {
            "kind": kind,
            "token": token,
            "sheets": sheets,
            "new_places": sorted({n for sheet in sheets for n in sheet.new_places.values()}),
            "faults": [fault for sheet in sheets for fault in sheet.faults],
            "doubts": [doubt for sheet in sheets for doubt in sheet.doubts],
            "confirmation": digests
            and Confirmation(
                initial={"shown": " ".join(sorted(digests))}, prefix="integrity", label_suffix=""
            ),
            "changing": kind.counted(changing) if changing else "",
            "complaint": complaint,
        },
    )


def _save(request: HttpRequest, kind: Kind, file: KeptFile, token: str) -> HttpResponse:
    reading = _import(request, kind, file)
    sheets = reading.examine()
    faulty = any(sheet.faults or sheet.doubts for sheet in sheets)
    if any(sheet.new_places for sheet in sheets) and "nya-platser" not in request.POST:
        complaint = "Kryssa för att de nya platserna ska läggas till, eller ändra dem i filen."
    elif faulty:
        complaint = "Inget är sparat. Rätta det som står nedan."
    else:
        complaint = ""
    new, changed = (sum(len(getattr(s, name)) for s in sheets) for name in ("new", "changed"))
    if complaint or not reading.save():
        complaint = complaint or "Någon annan hann ändra, så inget är sparat. Se över igen."
        return _preview(request, kind, file, token, complaint=complaint)
    forget(token, request.user)
    messages.success(request, f"Inläst: {kind.counted(new)} lades till och {changed} ändrades.")
    return redirect(reverse(kind.list_name))
