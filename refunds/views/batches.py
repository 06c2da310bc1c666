"""Refunds that wait to be paid, the files that pay them, and the banks that take these files."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from core.files import file_response
from core.forms import carry_out, shown
from core.keys import keys_in
from core.models import AuditEvent
from core.pages import PageRequest, staff_page
from core.scoping import get_visible
from core.xlsx import Cell, Column, Sheet, workbook_response
from invoicing.models import Refund
from refunds.actions import add_channel, cancel_batch, prepare_batch, release_batch, take_batch
from refunds.errors import BatchRefused
from refunds.forms import BatchForm, CardForm, ChannelForm, FailForm
from refunds.models import PaymentBatch, PaymentChannel
from refunds.queries.lines import lines_for, lines_for_each
from refunds.queries.payable import batches, card_payments, held_up, payments_under_way, refunds_to_pay
from refunds.views.doing import carried_out

ROWS = 100
COLUMNS = (
    Column("Refund", 16), Column("Customer", 12), Column("Name", 30), Column("Of", 18), Column("Approved", 12),
    Column("Paid to", 26), Column("Held up by", 50), Column("Currency", 9), Column("Amount", 14, total=True),
)  # fmt: skip


@staff_page("refunds.view")
def to_pay(request: PageRequest) -> HttpResponseBase:
    """Approved refunds that are not on their way, with what holds each up."""
    page = request.page
    rows = refunds_to_pay(page.entity)
    if request.GET.get("format") == "xlsx":
        return workbook_response([Sheet("Refunds to pay", COLUMNS, _cells(rows))], f"refunds-to-pay-{page.today}.xlsx")
    paged = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    shown_rows, under_way = list(paged), list(payments_under_way(page.entity)[:ROWS])
    why, cards, lines = held_up(shown_rows), card_payments(shown_rows), lines_for_each(under_way)
    context: dict[str, Any] = {
        "rows": [(row, why.get(row.pk, ""), cards.get(row.pk, [])) for row in shown_rows],
        "paged": paged,
        "form": BatchForm(page.entity, initial={"paid_on": page.today}),
        "card_form": CardForm(initial={"refunded_on": page.today}),
        "under_way": [(row, lines.get(row.pk, [])) for row in under_way],
        "fail_form": FailForm(initial={"failed_on": page.today}),
        "has_channel": PaymentChannel.objects.filter(entity=page.entity, is_active=True).exists(),
    }
    return render(request, "refunds/to_pay.html", context)


@require_POST
@staff_page("refunds.prepare_batch")
def prepare(request: PageRequest) -> HttpResponse:
    """Make a file of the chosen refunds."""
    page, form = request.page, BatchForm(request.page.entity, request.POST)
    chosen = keys_in(request.POST.getlist("refund"))
    refunds = list(Refund.objects.visible_to(page.by).filter(entity=page.entity, pk__in=chosen))
    if not form.is_valid():
        return redirect("refunds:to_pay")
    facts = {"channel": form.cleaned_data["channel"], "paid_on": form.cleaned_data["paid_on"]}
    said = "The file is made. Somebody else looks at it and releases it."
    made = carried_out(request, prepare_batch, said, refunds=refunds, **facts)
    return redirect("refunds:batch", made.pk) if made else redirect("refunds:to_pay")


@staff_page("refunds.view")
def files(request: PageRequest) -> HttpResponse:
    """Every file, the newest first."""
    paged = Paginator(batches(request.page.entity), ROWS).get_page(request.GET.get("page"))
    return render(request, "refunds/files.html", {"rows": paged})


@staff_page("refunds.view")
def batch(request: PageRequest, pk: int) -> HttpResponse:
    """One file: what is in it, who made and released it, and what the bank said."""
    found = _batch(request, pk)
    rows = found.payments.select_related("refund__customer", "refund__item", "bank_account", "line", "entry")
    history = AuditEvent.objects.filter(object_type="refunds.paymentbatch", object_id=str(pk)).select_related("by")
    under_way = [row for row in rows if row.entry_id and not row.line_id and not row.failed_on]
    context = {
        "found": found,
        "rows": rows,
        "history": history.order_by("-pk"),
        "file_lines": lines_for(under_way) if len(under_way) > 1 else [],
        "fail_form": FailForm(initial={"failed_on": request.page.today}),
    }
    return render(request, "refunds/batch.html", context)


@require_POST
@staff_page("refunds.release_batch")
def release(request: PageRequest, pk: int) -> HttpResponse:
    """Release a file that somebody else made."""
    said = "Released. Hand the file to the bank; the payees are told by mail."
    carried_out(request, release_batch, said, batch=_batch(request, pk), released_on=request.page.today)
    return redirect("refunds:batch", pk)


@require_POST
@staff_page("refunds.cancel_batch")
def cancel(request: PageRequest, pk: int) -> HttpResponse:
    """Take a file back before it is released."""
    carried_out(request, cancel_batch, "Cancelled. Its refunds wait to be paid again.", batch=_batch(request, pk))
    return redirect("refunds:batch", pk)


@require_POST
@staff_page("refunds.take_batch")
def take(request: PageRequest, pk: int) -> HttpResponse:
    """Fetch a released file for the bank; the first time is marked."""
    found = _batch(request, pk)
    try:
        taken = take_batch(by=request.page.by, batch=found)
    except BatchRefused as refusal:
        messages.error(request, refusal.message)
        return redirect("refunds:batch", pk)
    return file_response(taken.file, download=True)


@staff_page("refunds.view")
def channels(request: PageRequest) -> HttpResponse:
    """How our banks take files; a POST adds one."""
    page = request.page
    if request.method == "POST":
        page.ask_first("refunds.add_channel")
    form = ChannelForm(page.entity, request.POST or None, initial={"name": page.entity.legal_name[:60]})
    if request.method == "POST" and form.is_valid():
        if carry_out(form, add_channel, by=page.by, entity=page.entity, **form.cleaned_data):
            return redirect("refunds:channels")
    rows = PaymentChannel.objects.filter(entity=page.entity).select_related("bank_account")
    return shown(request, "refunds/channels.html", {"rows": rows}, form)


def _batch(request: PageRequest, pk: int) -> PaymentBatch:
    related = ("channel__entity", "channel__bank_account", "made_by", "released_by", "taken_by", "file")
    return get_visible(PaymentBatch.objects.select_related(*related), request.page.by, pk=pk)


def _cells(rows: Any) -> Iterator[list[Cell]]:
    refunds = list(rows)
    why = held_up(refunds)
    for row in refunds:
        yield [
            row.number, row.customer.code, row.customer.name, row.item.number, row.posted_on,
            str(row.bank_account or "where it came from"), why.get(row.pk, ""), row.currency, row.amount,
        ]  # fmt: skip
