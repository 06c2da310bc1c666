"""Writing drafts: a table of lines that grows by htmx, or by a button where there is no JavaScript."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from core.errors import Refused
from core.forms import carry_out, shown
from core.models import LegalEntity
from core.pages import PageRequest, staff_page
from core.scoping import get_visible
from customers.models import Customer
from invoicing.actions import change_draft, discard_draft, draft_invoice
from invoicing.drafts import InvoiceDraft, refuse_impossible
from invoicing.forms import DraftForm, draft_of, line_formset
from invoicing.forms.billing import HeaderForm
from invoicing.models import Invoice, TaxClass, TaxRate
from invoicing.queries.pages import bills_contracts, invoices_with_parts
from invoicing.queries.taxing import tax_rate_for, tax_table
from invoicing.taxing import TaxUnclear
from invoicing.totals import totals_of

MORE = 5


@staff_page("invoicing.draft_invoice")
def draft(request: PageRequest) -> HttpResponse:
    """A new draft."""
    page = request.page
    form = DraftForm(page.entity, request.POST or None, initial={**DraftForm.fresh(), **_chosen(request)})
    chosen = form.initial.get("customer")
    usual = _usual_rate(page.entity, chosen, page.today) if chosen else None
    lines = line_formset(page.entity, page.today, request.POST or None, usual=usual)
    if request.method == "POST" and not _asks_for_rows(request) and _are_valid(form, lines):
        made = carry_out(form, draft_invoice, by=page.by, entity=page.entity, draft=draft_of(form, lines))
        if made:
            messages.success(request, f"{made} is saved.")
            return redirect("invoicing:invoice", made.pk)
    return _page(request, form, lines)


@staff_page("invoicing.change_draft")
def change(request: PageRequest, pk: int) -> HttpResponse:
    """An existing draft."""
    page = request.page
    found = get_visible(invoices_with_parts(), page.by, pk=pk)
    if found.is_issued:
        messages.error(request, f"{found} is issued and stays as it is. Correct it with a credit note.")
        return redirect("invoicing:invoice", pk)
    if bills_contracts(found):
        return _change_header(request, found)
    form = DraftForm(found.entity, request.POST or None, initial=DraftForm.facts_of(found))
    usual = _usual_rate(found.entity, found.customer, page.today)
    lines = line_formset(found.entity, page.today, request.POST or None, found, usual)
    if request.method == "POST" and not _asks_for_rows(request) and _are_valid(form, lines):
        facts = {"invoice": found, "draft": draft_of(form, lines), "version": form.cleaned_data["version"] or 0}
        if carry_out(form, change_draft, by=page.by, **facts):
            messages.success(request, f"{found} is saved.")
            return redirect("invoicing:invoice", pk)
    return _page(request, form, lines, found)


def _change_header(request: PageRequest, found: Invoice) -> HttpResponse:
    """What may change in a draft whose lines contracts say."""
    form = HeaderForm(found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        header = {name: form.cleaned_data[name] for name in form.fields if name != "version"}
        facts = {"invoice": found, "draft": InvoiceDraft.of(found, **header), "version": form.cleaned_data["version"]}
        if carry_out(form, change_draft, by=request.page.by, **facts):
            messages.success(request, f"{found} is saved.")
            return redirect("invoicing:invoice", found.pk)
    return shown(request, "invoicing/draft_header.html", {"invoice": found}, form)


@require_POST
@staff_page("invoicing.discard_draft")
def discard(request: PageRequest, pk: int) -> HttpResponse:
    """Throw a draft away."""
    found = get_visible(Invoice.objects.select_related("entity"), request.page.by, pk=pk)
    name = str(found)
    discard_draft(by=request.page.by, invoice=found)
    messages.success(request, f"{name} is discarded. The audit trail keeps what it said.")
    return redirect("invoicing:invoices")


@staff_page("invoicing.draft_invoice")
def line_row(request: PageRequest) -> HttpResponse:
    """One more empty row for the table of lines."""
    lines = line_formset(request.page.entity, request.page.today)
    row = lines.empty_form
    asked = request.GET.get("index", "")
    index = int(asked) if asked.isdecimal() else 0
    row.prefix = f"{lines.prefix}-{index}"
    return render(request, "invoicing/draft_form.html#row", {"line": row, "next": index + 1})


@require_POST
@staff_page("invoicing.draft_invoice")
def totals(request: PageRequest) -> HttpResponse:
    """What the lines come to as they are typed."""
    page = request.page
    form = DraftForm(page.entity, request.POST)
    lines = line_formset(page.entity, page.today, request.POST)
    form.is_valid()
    used = [line for line in lines if line.is_valid() and line.is_used]
    customer = form.cleaned_data.get("customer") or Customer(currency=page.entity.currency, entity=page.entity)
    context: dict[str, Any] = {}
    try:
        written = draft_of(_only(form, customer), used)
        refuse_impossible(written, page.entity)
        hint = _tax_hint(page.entity, written, page.today) if customer.pk else ""
        context = {"totals": written.totals, "currency": written.in_currency, "hint": hint}
    except Refused as refusal:
        context = {"refusal": refusal}
    return render(request, "invoicing/draft_form.html#totals", context)


def _usual_rate(entity: LegalEntity, customer: Customer, on: date) -> TaxRate | None:
    """What the rules say for products of the standard class."""
    return tax_table(entity, [customer], on).rate_or_none(customer, TaxClass.STANDARD)


def _tax_hint(entity: LegalEntity, written: InvoiceDraft, on: date) -> str:
    """Why the rates of a draft may not be the right ones; nothing where one of them is what the rules say."""
    customer, charged = written.customer, {line.tax_rate.category for line in written.lines}
    try:
        usual = tax_rate_for(entity=entity, customer=customer, tax_class=TaxClass.STANDARD, on=on)
    except TaxUnclear as unclear:
        return unclear.message
    if not charged or usual.category in charged:
        return ""
    return f"By the tax rules {customer} is charged “{usual}” for what is taxed at the standard rate."


def _only(form: DraftForm, customer: Customer) -> DraftForm:
    """The form with what matters for sums, whatever else in it is still wrong."""
    form.cleaned_data = {
        "customer": customer,
        "currency": form.cleaned_data.get("currency", ""),
        "request_id": "",
    }
    return form


def _are_valid(form: DraftForm, lines: Any) -> bool:
    return bool(form.is_valid() & lines.is_valid())


def _asks_for_rows(request: PageRequest) -> bool:
    """Without JavaScript a button sends the form to get more rows."""
    return "more" in request.POST


def _chosen(request: PageRequest) -> dict[str, Any]:
    code = request.GET.get("customer", "")
    found = Customer.objects.filter(entity=request.page.entity, code=code).first() if code else None
    return {"customer": found} if found else {}


def _page(request: PageRequest, form: DraftForm, lines: Any, invoice: Invoice | None = None) -> HttpResponse:
    if _asks_for_rows(request):
        form, lines = _with_more_rows(request, invoice)
    context: dict[str, Any] = {"lines": lines, "invoice": invoice}
    if invoice is not None and request.method == "GET":
        written = [(line.tax_rate, line.net) for line in invoice.lines.all()]
        context |= {"totals": totals_of(written, invoice.currency), "currency": invoice.currency}
    if request.method == "POST" and not _asks_for_rows(request) and lines.total_error_count():
        form.add_error(None, "Some lines need a look; they are marked below.")
    return shown(request, "invoicing/draft_form.html", context, form)


def _with_more_rows(request: PageRequest, invoice: Invoice | None) -> tuple[DraftForm, Any]:
    entity = invoice.entity if invoice is not None else request.page.entity
    data = request.POST.copy()
    data["lines-TOTAL_FORMS"] = str(int(data.get("lines-TOTAL_FORMS") or 0) + MORE)
    lines = line_formset(entity, request.page.today, data, invoice)
    for line in lines:
        line.empty_permitted = True
    return DraftForm(entity, initial=request.POST.dict()), lines
