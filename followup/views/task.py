"""The uppdrag: who has taken upon themselves to do what, by when, and how it went."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from followup.forms.lists import TaskFilter
from followup.forms.tasks import CloseTaskForm, TaskForm
from followup.models import Task
from promises.access import Action, may, shows, with_agreement, writes
from promises.history import changes_of
from promises.models import Agreement

PAGE_SIZE = 50


@shows(Action.READ)
def tasks(request: HttpRequest) -> HttpResponse:
    """The open ones, nearest date first, unless others are asked for."""
    today = timezone.localdate()
    visible = Task.objects.visible_to(request.user)
    rows = visible.select_related("owner", "meeting")
    narrowed = TaskFilter(request.GET, queryset=rows, member=request.user, today=today)
    page = Paginator(narrowed.qs, PAGE_SIZE).get_page(request.GET.get("sida"))
    return render(
        request,
        "followup/meetings/tasks.html",
        {
            "rows": [
                (task, task.is_overdue(today), task.owner_id == request.user.pk) for task in page
            ],
            "page": page,
            "filter": narrowed,
            "views": TaskFilter.SHOWN.items(),
            "shown": narrowed.shown,
            "overdue": visible.overdue(today).count(),
            "may_meet": may(request.user, Action.MEET, today),
        },
    )


@writes(Action.MEET)
@with_agreement
def add(request: HttpRequest, agreement: Agreement) -> HttpResponse:
    """An uppdrag given between meetings."""
    task = Task(agreement=agreement, created_by=request.user)
    form = TaskForm(request.POST or None, instance=task, agreement=agreement)
    if request.method == "POST" and form.save_or_explain():
        messages.success(request, f"Uppdraget är noterat. {task.owner.name} ansvarar för det.")
        return redirect(task)
    return render(request, "followup/meetings/task_form.html", {"form": form})


@shows(Action.READ)
def task(request: HttpRequest, pk: int) -> HttpResponse:
    task, today = _task(request, pk), timezone.localdate()
    return render(
        request,
        "followup/meetings/task.html",
        {
            "task": task,
            "is_overdue": task.is_overdue(today),
            "may_meet": may(request.user, Action.MEET, today),
            "may_close": _may_close(request, task),
            "changes": changes_of(task),
        },
    )


@writes(Action.MEET)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    task = _open_task(request, pk)
    form = TaskForm(request.POST or None, instance=task, agreement=task.agreement)
    if request.method == "POST" and form.save_or_explain():
        messages.success(request, "Ändringen är sparad.")
        return redirect(task)
    return render(request, "followup/meetings/task_form.html", {"form": form, "task": task})


@writes(Action.READ)
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """The owner closes the task, whatever role they have; so may those who keep the minutes."""
    task = _open_task(request, pk)
    if not _may_close(request, task):
        raise PermissionDenied(
            f"Bara den som ansvarar för uppdraget, {task.owner.name}, och samordnarna kan avsluta det."
        )
    form = CloseTaskForm(request.POST or None, instance=task, today=timezone.localdate())
    if request.method == "POST" and form.save_or_explain():
        messages.success(request, f"Uppdraget är avslutat: {task.get_status_display().lower()}.")
        return redirect(task)
    return render(request, "followup/meetings/task_close.html", {"form": form, "task": task})


def _task(request: HttpRequest, pk: int) -> Task:
    return get_object_or_404(
        Task.objects.visible_to(request.user).select_related(
            "agreement", "owner", "meeting", "item", "created_by"
        ),
        pk=pk,
    )


def _open_task(request: HttpRequest, pk: int) -> Task:
    task = _task(request, pk)
    if task.status != Task.Status.OPEN:
        raise PermissionDenied("Uppdraget är avslutat och kan inte ändras.")
    return task


def _may_close(request: HttpRequest, task: Task) -> bool:
    return task.owner == request.user or may(request.user, Action.MEET, timezone.localdate())
