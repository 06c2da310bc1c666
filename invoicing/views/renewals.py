"""Renewals due in the next 90 days: what each comes to, a quote to send, and the decision."""

from datetime import timedelta
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from core.forms import carry_out, shown
from core.pages import PageRequest, staff_page
from core.xlsx import Cell, Column, Sheet, workbook_response
from invoicing.actions import quote_renewal, renew_contract
from invoicing.forms.amendments import QuoteForm, RenewForm
from invoicing.queries.renewals import Renewal, as_worklist, offer_of, renewals_due
from invoicing.views.contracts import opened

ROWS = 50
VALID_FOR = timedelta(days=30)
COLUMNS = (
    Column("Contract", 18), Column("Customer", 12), Column("Name", 36), Column("Last day", 12), Column("Notice by", 12),
    Column("Renews by itself", 10), Column("Quoted", 12), Column("Currency", 9), Column("Next term", 14, total=True),
)  # fmt: skip


@staff_page("invoicing.view")
def renewals(request: PageRequest) -> HttpResponseBase:
    """Contracts whose term ends soon, the first to end on top."""
    page = request.page
    due = renewals_due(page.entity, as_of=page.as_at)
    if request.GET.get("format") == "xlsx":
        rows = (_cells(row) for row in as_worklist(list(due)))
        sheet = Sheet("Renewals", COLUMNS, rows, [("Company", page.entity.legal_name)])
        return workbook_response([sheet], f"renewals-{page.entity.code}-{page.as_at}.xlsx")
    shown_page = Paginator(due, ROWS).get_page(request.GET.get("page"))
    context = {"rows": shown_page, "renewals": as_worklist(list(shown_page)), "request_id": uuid4().hex}
    return render(request, "invoicing/renewals.html", context)


@staff_page("invoicing.quote_renewal")
def quote(request: PageRequest, pk: int) -> HttpResponse:
    """Offer the next term: see what it comes to, then send it."""
    page, found = request.page, opened(request, pk)
    page.ask_first("invoicing.quote_renewal", found.entity)
    initial = {
        "percent": found.indexation_percent,
        "valid_until": min(page.today + VALID_FOR, found.ends_on or page.today + VALID_FOR),
        "request_id": uuid4().hex,
    }
    form = QuoteForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        facts = {**form.cleaned_data, "quoted_on": page.today}
        if made := carry_out(form, quote_renewal, by=page.by, contract=found, **facts):
            messages.success(request, f"{made} is on its way.")
            return redirect("invoicing:contract", pk)
    offer = carry_out(form, offer_of, contract=found) if not form.is_bound and found.ends_on else None
    return shown(request, "invoicing/quote.html", {"contract": found, "offer": offer}, form)


@require_POST
@staff_page("invoicing.view")
def renew(request: PageRequest, pk: int) -> HttpResponse:
    """Agree the next term."""
    page, found = request.page, opened(request, pk)
    page.ask_first("invoicing.renew_contract", found.entity)
    form = RenewForm(request.POST)
    if form.is_valid():
        facts = {"percent": form.cleaned_data["percent"], "source_id": f"{form.cleaned_data['request_id']}:{pk}"}
        if carry_out(form, renew_contract, by=page.by, contract=found, **facts):
            found.refresh_from_db()
            messages.success(request, f"{found} runs until {found.ends_on:%d %B %Y} now.")
            return redirect("invoicing:renewals")
    messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    return redirect("invoicing:contract", pk)


def _cells(row: Renewal) -> list[Cell]:
    contract, quoted = row.contract, row.quote.quoted_on if row.quote else None
    head: list[Cell] = [contract.number, contract.customer.code, contract.customer.name, contract.ends_on]
    automatic = "yes" if row.is_automatic else "no"
    net = row.offer.net if row.offer else None
    return [*head, row.notice_by, automatic, quoted, contract.currency, net]
