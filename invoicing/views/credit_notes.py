"""Crediting an invoice: drafting, issuing within one's authority, asking for approval, and approving."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from controls.models import ApprovalRequest, Authority
from controls.queries import is_within_limit, open_request
from core import clock
from core.errors import NotAllowed, Refused
from core.forms import carry_out, day_in, shown
from core.money import Money, round_to_currency
from core.pages import PageRequest, staff_page
from core.scoping import get_visible
from invoicing.actions import (
    approve_credit_note,
    discard_credit_note,
    draft_credit_note,
    draft_rebill,
    issue_credit_note,
    request_credit_note,
)
from invoicing.credits import Credit, Creditable, Everything, LineCredit, PartOf, SomeLines
from invoicing.forms import AmountCreditForm, CreditLineFormSet, IssueForm, ReasonForm, SendForm
from invoicing.forms.deliveries import DeliveryForm
from invoicing.models import CreditNote, Invoice
from invoicing.queries.creditable import creditable
from invoicing.queries.delivered import deliveries_of
from invoicing.queries.delivery import messages_about, other_deliveries_of
from invoicing.queries.links import accesses_of, links_of
from invoicing.queries.pages import (
    credit_notes_with_parts,
    history_of,
    invoices_with_parts,
    journal_lines_of,
    open_of_day,
    settlements_of,
)
from invoicing.queries.structured import offered_for


@staff_page("invoicing.draft_credit_note")
def draft(request: PageRequest, pk: int) -> HttpResponse:
    """Credit an invoice: all that is left, some lines, or an amount."""
    invoice = get_visible(invoices_with_parts(), request.page.by, pk=pk)
    left = creditable(invoice)
    initial = {"what": "everything", "request_id": uuid4().hex}
    form = ReasonForm(request.POST or None, request.FILES or None, initial=initial)
    whole = round_to_currency(left.gross_left.amount, invoice.currency)
    amount = AmountCreditForm(request.POST or None, initial={"amount": whole})
    lines = CreditLineFormSet(request.POST or None, prefix="lines", initial=[{"line": line.pk} for line in left.lines])
    if request.method == "POST" and form.is_valid() & amount.is_valid() & lines.is_valid():
        made = _drafted(request, invoice, left, form, amount, lines)
        if made:
            messages.success(request, f"{made} is saved. It has no number before it is issued.")
            return redirect("invoicing:credit_note", made.pk)
    rows = [
        {"form": row, "line": line, "left": left.left_of_lines[line.pk]}
        for row, line in zip(lines, left.lines, strict=False)
    ]
    context = {"invoice": invoice, "left": left.gross_left, "rows": rows, "lines": lines, "amount": amount}
    return shown(request, "invoicing/credit_form.html", context, form)


def _drafted(
    request: PageRequest, invoice: Invoice, left: Creditable, form: ReasonForm, amount: AmountCreditForm, lines: Any
) -> CreditNote | None:
    facts = {
        "by": request.page.by,
        "invoice": invoice,
        "reason_code": form.cleaned_data["reason_code"],
        "reason": form.cleaned_data["reason"],
        "file": form.upload,
        "request_id": form.cleaned_data["request_id"] or None,
    }
    if form.cleaned_data["what"] == "rebill":
        return carry_out(form, draft_rebill, **facts)
    credit = _credit(form.cleaned_data["what"], invoice, left, amount, lines)
    if credit is None:
        form.add_error("what", "Write an amount." if form.cleaned_data["what"] == "amount" else "Choose a line.")
        return None
    return carry_out(form, draft_credit_note, credit=credit, **facts)


def _credit(what: str, invoice: Invoice, left: Creditable, amount: AmountCreditForm, lines: Any) -> Credit | None:
    if what == "everything":
        return Everything()
    if what == "amount":
        asked: Decimal | None = amount.cleaned_data["amount"]
        return PartOf(Money(asked, invoice.currency)) if asked else None
    by_pk = {line.pk: line for line in left.lines}
    chosen = [
        LineCredit(by_pk[row["line"]], quantity=row.get("quantity"), net=row.get("net"))
        for row in (line.cleaned_data for line in lines)
        if row.get("line") in by_pk and (row.get("quantity") or row.get("net"))
    ]
    return SomeLines(chosen) if chosen else None


@staff_page("invoicing.view")
def credit_note(request: PageRequest, pk: int) -> HttpResponse:
    """One credit note: a draft with what can be done about it, or what became of it."""
    page = request.page
    found = get_visible(credit_notes_with_parts(), page.by, pk=pk)
    sent = list(messages_about(found)) if found.is_issued else []
    waiting = None if found.is_issued else _request_about(found)
    context = {
        "credit_note": found,
        "left": open_of_day(found, as_of=page.as_at, today=page.today),
        "settlements": settlements_of(found, as_of=page.as_at),
        "journal": journal_lines_of(found) if found.is_issued else [],
        "sent": sent,
        "send_form": SendForm.fresh(sent[0].to_addresses if sent else []),
        "arrived": list(other_deliveries_of(found)),
        "delivery_form": DeliveryForm.fresh(page.today),
        "issue_form": IssueForm(initial={"issued_on": page.today}),
        "waiting": waiting,
        "within_limit": not found.is_issued and _is_within_limit(request, found),
        "history": history_of(found),
        "offered": offered_for(found),
        "delivery": deliveries_of([found]).get(found.pk),
        "links": list(links_of(found.invoice)[:1]) if found.is_issued else [],
        "accesses": list(accesses_of(found.invoice).filter(credit_note=found)[:20]),
        "now": clock.now(),
    }
    return render(request, "invoicing/credit_note.html", context)


@require_POST
@staff_page("invoicing.issue_credit_note")
def issue(request: PageRequest, pk: int) -> HttpResponse:
    """Issue a credit note within one's own authority."""
    found = get_visible(CreditNote.objects.select_related("entity", "customer"), request.page.by, pk=pk)
    form = IssueForm(request.POST)
    day = day_in(form, "issued_on", request.page.today)
    try:
        issued = issue_credit_note(by=request.page.by, credit_note=found, issued_on=day)
        messages.success(request, f"{issued} is issued and set against its invoice.")
    except NotAllowed:
        raise
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("invoicing:credit_note", pk)


@require_POST
@staff_page("invoicing.request_credit_note")
def ask(request: PageRequest, pk: int) -> HttpResponse:
    """Ask for approval."""
    found = get_visible(CreditNote.objects.select_related("entity", "customer"), request.page.by, pk=pk)
    try:
        request_credit_note(by=request.page.by, credit_note=found, requested_on=request.page.today)
        messages.success(request, "It waits for approval now. You see the answer here and under Approvals.")
    except NotAllowed:
        raise
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("invoicing:credit_note", pk)


@require_POST
@staff_page("invoicing.issue_credit_note")
def approve(request: PageRequest, pk: int) -> HttpResponse:
    """Approve a request and issue its credit note."""
    asked = get_visible(ApprovalRequest, request.page.by, pk=pk, subject_type="invoicing.creditnote")
    rows = CreditNote.objects.select_related("entity", "customer")
    found = get_visible(rows, request.page.by, pk=int(asked.subject_id))
    issued = approve_credit_note(
        by=request.page.by,
        request=asked,
        credit_note=found,
        issued_on=request.page.today,
        comment=request.POST.get("comment", ""),
    )
    messages.success(request, f"{issued} is approved and issued.")
    return redirect("invoicing:credit_note", issued.pk)


@require_POST
@staff_page("invoicing.discard_credit_note")
def discard(request: PageRequest, pk: int) -> HttpResponse:
    """Throw the draft of a credit note away."""
    found = get_visible(CreditNote.objects.select_related("entity", "customer"), request.page.by, pk=pk)
    invoice_pk = found.invoice_id
    discard_credit_note(by=request.page.by, credit_note=found)
    messages.success(request, "The draft is discarded. The audit trail keeps what it said.")
    return redirect("invoicing:invoice", invoice_pk)


def _request_about(found: CreditNote) -> ApprovalRequest | None:
    return open_request(kind=Authority.CREDIT_NOTE, subject_type="invoicing.creditnote", subject_id=found.pk)


def _is_within_limit(request: PageRequest, found: CreditNote) -> bool:
    try:
        return is_within_limit(
            by=request.page.by,
            entity=found.entity,
            kind=Authority.CREDIT_NOTE,
            amount=found.money,
            counts_with=f"customer:{found.customer_id}",
            as_of=request.page.today,
        )
    except Refused:
        return False
