"""Runs: a list of the long work of a company, and one run with its progress as it goes."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from core.actions.runs import cancel_run
from core.models import Run
from core.pages import PageRequest, leads_somewhere, staff_page
from core.scoping import get_visible

STOP_POLLING = 286
MOST_ERRORS = 200


@staff_page("core.view")
def runs(request: PageRequest) -> HttpResponse:
    """Everything that ran or runs, newest first."""
    page = request.page
    found = Run.objects.visible_to(page.by).filter(entity=page.entity).select_related("started_by")
    kinds = list(found.order_by("kind").values_list("kind", flat=True).distinct())
    if (kind := request.GET.get("kind", "")) in kinds:
        found = found.filter(kind=kind)
    rows = Paginator(found, 50).get_page(request.GET.get("page"))
    return render(request, "core/runs.html", {"rows": rows, "kinds": kinds, "kind": kind})


@staff_page("core.view")
def run(request: PageRequest, pk: int) -> HttpResponse:
    """One run; its progress asks again every second until it is over."""
    found = get_visible(Run.objects.select_related("entity", "started_by"), request.page.by, pk=pk)
    context = {"run": found, "errors": found.errors.all()[:MOST_ERRORS], "asked": bool(request.htmx)}
    if found.link and leads_somewhere(found.link, by=request.page.by, entity=found.entity):
        context["link"] = found.link
    if request.htmx:
        return render(request, "core/run.html#progress", context, status=STOP_POLLING if found.is_over else 200)
    return render(request, "core/run.html", context)


@staff_page("core.view")
@require_POST
def stop(request: PageRequest, pk: int) -> HttpResponse:
    """Stop a run."""
    found = cancel_run(by=request.page.by, run=get_visible(Run, request.page.by, pk=pk))
    messages.success(request, f"“{found.title}” stops. What is done stays done.")
    return redirect("core:run", pk)
