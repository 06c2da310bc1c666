"""The audit trail: who did what to what, when, why, with what before and after."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render

from core.forms import DayField
from core.models import AuditEvent, User
from core.pages import Page, PageRequest, staff_page
from core.xlsx import Cell, Column, Sheet, workbook_response

MOST_ROWS = 100_000
COLUMNS = (
    Column("When", 20),
    Column("Who", 24),
    Column("What", 28),
    Column("To what", 36),
    Column("Before", 40),
    Column("After", 40),
    Column("Why", 40),
    Column("Request", 36),
)


class AuditFilter(forms.Form):
    """Narrows the trail."""

    q = forms.CharField(label="Document, name or event", required=False)
    by = forms.ModelChoiceField(label="Who", queryset=User.objects.none(), required=False, empty_label="Everyone")
    start = DayField(label="From", required=False)
    end = DayField(label="To", required=False)


@staff_page("core.view_audit")
def audit(request: PageRequest) -> HttpResponseBase:
    """The trail of the chosen company, newest first."""
    page = request.page
    form = AuditFilter(request.GET)
    field: Any = form.fields["by"]
    field.queryset = User.objects.filter(Q(role_grants__entity=page.entity) | Q(is_system=True)).distinct()
    events = narrowed(page, form.cleaned_data if form.is_valid() else {})
    if request.GET.get("format") == "xlsx":
        sheet = Sheet("Audit trail", COLUMNS, _rows(events[:MOST_ROWS], page), [("Company", page.entity.legal_name)])
        return workbook_response([sheet], f"audit-{page.entity.code}-{page.today}.xlsx")
    rows = Paginator(events, 50).get_page(request.GET.get("page"))
    return render(request, "core/audit.html", {"filter": form, "rows": rows})


@staff_page("core.view_audit")
def event(request: PageRequest, pk: int) -> HttpResponse:
    """One event with everything that it holds, and what else its request did."""
    readable = AuditEvent.objects.filter(entity__in=request.page.by.entity_ids("core.view_audit")).select_related("by")
    found = get_object_or_404(readable, pk=pk)
    same = readable.filter(request_id=found.request_id).exclude(pk=pk)[:20] if found.request_id else []
    return render(request, "core/event.html", {"event": found, "same": same, "facts": changed_facts(found)})


def narrowed(page: Page, wanted: dict[str, Any]) -> QuerySet[AuditEvent]:
    """Events of the company that fit the filter."""
    events = AuditEvent.objects.visible_to(page.by).filter(entity=page.entity).select_related("by")
    zone = page.entity.zone
    if words := wanted.get("q"):
        events = events.filter(Q(object_label__icontains=words) | Q(event__icontains=words) | Q(request_id=words))
    if wanted.get("by"):
        events = events.filter(by=wanted["by"])
    if wanted.get("start"):
        events = events.filter(at__gte=datetime.combine(wanted["start"], time.min, zone))
    if wanted.get("end"):
        events = events.filter(at__lt=datetime.combine(wanted["end"] + timedelta(days=1), time.min, zone))
    return events


def changed_facts(event: AuditEvent) -> list[tuple[str, Any, Any]]:
    """Each fact with its value before and after."""
    before, after = event.before or {}, event.after or {}
    return [(name, before.get(name, ""), after.get(name, "")) for name in {**before, **after}]


def _rows(events: QuerySet[AuditEvent], page: Page) -> Iterator[list[Cell]]:
    for row in events.iterator(chunk_size=2000):
        at = row.at.astimezone(page.entity.zone)
        yield [
            f"{at:%Y-%m-%d %H:%M:%S}",
            str(row.by),
            row.event,
            row.object_label,
            _told(row.before),
            _told(row.after),
            row.reason,
            row.request_id,
        ]


def _told(facts: dict[str, Any] | None) -> str:
    return "; ".join(f"{name}: {value}" for name, value in (facts or {}).items())
