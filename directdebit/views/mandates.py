"""Mandates: the list, one mandate, a new one, and the file that lodges them."""

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from core.forms import carry_out, shown
from core.pages import PageRequest, staff_page
from core.scoping import get_visible
from core.xlsx import Cell, Column, Sheet, workbook_response
from customers.models import Customer
from directdebit.actions.mandates import cancel_mandate, draft_mandate, pause_mandate, release_mandate, resume_mandate
from directdebit.actions.submitting import lodge_mandates
from directdebit.dormancy import lapses_on
from directdebit.forms.core import MandateForm, ReasonForm, SignedForm
from directdebit.models import Creditor, Mandate
from directdebit.queries.mandates import (
    LAPSING,
    found_mandates,
    mandates_of,
    mandates_of_customer,
    tabs_on,
    views_of,
    waiting_to_be_lodged,
    with_lapse,
)

PAGE_SIZE = 50
COLUMNS = [
    Column("Reference", 24),
    Column("Customer", 36),
    Column("Code", 12),
    Column("Scheme", 14),
    Column("State", 16),
    Column("Account", 10),
    Column("Signed", 12),
    Column("Usable from", 12),
    Column("Last used", 12),
    Column("Lapses", 12),
    Column("Paused", 30),
]


@staff_page("directdebit.view")
def mandates(request: PageRequest) -> HttpResponseBase:
    """Whom we may draw from, and how far each mandate is."""
    page = request.page
    everything = mandates_of(page.entity, page.by)
    view, query = request.GET.get("view", "live"), request.GET.get("q", "").strip()
    tabs = tabs_on(page.today)
    rows = found_mandates(everything, tabs.get(view, tabs["live"])[1], query)
    if request.GET.get("format") == "xlsx":
        notes = [("Company", page.entity.legal_name), ("As at", f"{page.today}")]
        sheet = Sheet("Mandates", COLUMNS, _cells(rows.iterator(chunk_size=2000)), notes)
        return workbook_response([sheet], f"mandates-{page.entity.code}-{page.today}.xlsx")
    shown_rows = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    counted = views_of(everything, tabs)
    context = {
        "rows": shown_rows,
        "mandates": with_lapse(shown_rows, page.today),
        "tabs": counted,
        "lapsing": next(tab for tab in counted if tab.key == LAPSING),
        "view": view,
        "query": query,
        "to_lodge": waiting_to_be_lodged(page.entity),
    }
    return render(request, "directdebit/mandates.html", context)


def _cells(rows: Iterator[Mandate]) -> Iterator[list[Cell]]:
    for row in rows:
        yield [
            row.reference,
            row.customer.name,
            row.customer.code,
            row.creditor.get_scheme_display(),
            row.get_state_display(),
            str(row.bank_account),
            row.signed_on,
            row.usable_from,
            row.last_collected_on,
            lapses_on(row) if row.is_live else None,
            row.paused_reason,
        ]


@staff_page("directdebit.view")
def mandate(request: PageRequest, pk: int) -> HttpResponse:
    """One mandate, its life and what was collected by it."""
    return _shown(request, _mandate(request, pk), ReasonForm())


def _mandate(request: PageRequest, pk: int) -> Mandate:
    rows = Mandate.objects.select_related(
        "creditor", "customer", "bank_account__verified_by", "entity", "created_by", "file"
    )
    found = get_visible(rows, request.page.by, pk=pk)
    request.page.entity = found.entity
    return found


def _shown(request: PageRequest, found: Mandate, form: ReasonForm) -> HttpResponse:
    context = {
        "mandate": found,
        "events": found.events.select_related("by"),
        "collections": found.collections.order_by("-collect_on", "-pk")[:PAGE_SIZE],
        "lapses_on": lapses_on(found) if found.is_live else None,
        "signed_form": SignedForm(),
    }
    return shown(request, "directdebit/mandate.html", context, form)


@staff_page("directdebit.draft_mandate")
def new_mandate(request: PageRequest, pk: int) -> HttpResponse:
    """Write down a customer's instruction."""
    customer = _customer(request, pk)
    page = request.page
    page.ask_first("directdebit.draft_mandate", customer.entity)
    form = MandateForm(request.POST or None, customer=customer, initial={"signed_on": page.today})
    if request.method == "POST" and form.is_valid():
        made = carry_out(form, draft_mandate, by=page.by, customer=customer, **form.cleaned_data)
        if made is not None:
            messages.success(request, f"Mandate {made} is drafted. Release it once the account is verified.")
            return redirect("directdebit:mandate", made.pk)
    return shown(request, "directdebit/mandate_form.html", {"customer": customer}, form)


@staff_page("directdebit.view")
def of_customer(request: PageRequest, pk: int) -> HttpResponse:
    """A customer's mandates, for the panel on its page and as a page of its own."""
    customer = _customer(request, pk)
    context = {"customer": customer, "mandates": mandates_of_customer(customer, request.page.by)}
    template = "directdebit/of_customer.html"
    return render(request, f"{template}#panel" if request.htmx else template, context)


def _customer(request: PageRequest, pk: int) -> Customer:
    customer = get_visible(Customer.objects.select_related("entity"), request.page.by, pk=pk)
    request.page.entity = customer.entity
    return customer


@require_POST
@staff_page("directdebit.view")
def release(request: PageRequest, pk: int) -> HttpResponse:
    """Make a drafted mandate count."""
    return _done(request, pk, release_mandate, "directdebit.release_mandate", released_on=request.page.today)


@require_POST
@staff_page("directdebit.view")
def resume(request: PageRequest, pk: int) -> HttpResponse:
    """Draw by a paused mandate again."""
    return _done(request, pk, resume_mandate, "directdebit.resume_mandate")


@require_POST
@staff_page("directdebit.view")
def pause(request: PageRequest, pk: int) -> HttpResponse:
    """Draw nothing by it for now."""
    return _done(request, pk, pause_mandate, "directdebit.pause_mandate", **_reason(request))


@require_POST
@staff_page("directdebit.view")
def cancel(request: PageRequest, pk: int) -> HttpResponse:
    """End it."""
    day = {"cancelled_on": request.page.today}
    return _done(request, pk, cancel_mandate, "directdebit.cancel_mandate", **day, **_reason(request))


def _reason(request: PageRequest) -> dict[str, str]:
    return {"reason": request.POST.get("reason", "")}


def _done(
    request: PageRequest, pk: int, action: Callable[..., Mandate], permission: str, /, **facts: Any
) -> HttpResponse:
    found = _mandate(request, pk)
    request.page.ask_first(permission, found.entity)
    form = ReasonForm(request.POST)
    form.full_clean()
    form.errors.clear()
    done = carry_out(form, action, by=request.page.by, mandate=found, **facts)
    if done is None:
        return _shown(request, found, form)
    messages.success(
        request, f"Mandate {done}: {done.get_state_display().lower()}{', paused' if done.is_paused else ''}."
    )
    return redirect("directdebit:mandate", pk)


@require_POST
@staff_page("directdebit.view")
def lodge(request: PageRequest, pk: int) -> HttpResponse:
    """Make the file that lodges and cancels instructions."""
    creditor = get_visible(Creditor.objects.select_related("entity", "bank_account"), request.page.by, pk=pk)
    request.page.ask_first("directdebit.lodge_mandates", creditor.entity)
    made = lodge_mandates(by=request.page.by, creditor=creditor, lodged_on=request.page.today)
    messages.success(
        request, f"{made} holds {made.count} instructions. Fetch it and hand it in by {made.input_on:%d %b}."
    )
    return redirect("directdebit:submission", made.pk)
