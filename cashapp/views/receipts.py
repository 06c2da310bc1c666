"""Receipts: the list, one receipt with what it paid, and the money that is not applied or not identified."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from cashapp.actions.applying import unapply_receipt
from cashapp.actions.ending import move_receipt, return_receipt, reverse_receipt
from cashapp.actions.exchanges import Exchange, exchange_receipt
from cashapp.actions.receipts import post_receipt
from cashapp.exchanging import Rate
from cashapp.forms.receipts import ExchangeForm, MoveForm, ReasonForm, ReceiptForm
from cashapp.models import Receipt, ReceiptExchange
from cashapp.money_in import Incoming
from cashapp.queries.exchanges import document_abroad, has_abroad
from cashapp.queries.money import day_to_undo
from cashapp.queries.receipts import (
    corrections_of,
    found_receipts,
    in_suspense,
    payments_of_receipt,
    receipts_of,
    sums_per_currency,
    trail_behind,
    unapplied,
)
from cashapp.queries.remittances import remittances_of_line
from core.forms import Form, carry_out, shown
from core.models import AuditEvent, User
from core.money import Money
from core.pages import PageRequest, staff_page
from core.scoping import get_visible
from core.xlsx import Cell, Column, Sheet, workbook_response

PAGE_SIZE = 50
COLUMNS = [
    Column("Receipt", 18),
    Column("Received", 12),
    Column("Customer", 36),
    Column("Code", 12),
    Column("Payer", 36),
    Column("Text", 50),
    Column("Currency", 10),
    Column("Amount", 16, total=True),
    Column("On account", 16, total=True),
    Column("State", 18),
]


@staff_page("cashapp.view")
def receipts_page(request: PageRequest) -> HttpResponseBase:
    """What came in, the latest first."""
    page = request.page
    query = request.GET.get("q", "").strip()
    rows = found_receipts(receipts_of(page.entity, page.by), query)
    if request.GET.get("format") == "xlsx":
        notes = [("Company", page.entity.legal_name), ("As at", f"{page.today}")]
        sheet = Sheet("Receipts", COLUMNS, _cells(rows.iterator(chunk_size=2000)), notes)
        return workbook_response([sheet], f"receipts-{page.entity.code}-{page.today}.xlsx")
    context = {
        "rows": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "query": query,
        "on_account": sums_per_currency(unapplied(page.entity, page.by), "item__open_amount"),
        "suspense": sums_per_currency(in_suspense(page.entity, page.by), "amount"),
        "may_post": page.may("cashapp.post_receipt") and page.is_live,
    }
    return render(request, "cashapp/receipts.html", context)


def _cells(rows: Iterator[Receipt]) -> Iterator[list[Cell]]:
    for row in rows:
        customer = row.item.customer
        state = row.get_ending_display() if row.ending else "Posted"
        yield [
            row.item.number,
            row.received_on,
            customer.name,
            customer.code,
            row.payer,
            row.text,
            row.currency,
            row.amount,
            row.item.open_amount,
            state,
        ]


@staff_page("cashapp.view")
def receipt_page(request: PageRequest, pk: int) -> HttpResponse:
    """One receipt: what it paid, on which evidence, and how to undo it."""
    return _shown(request, _receipt(request, pk))


@staff_page("cashapp.post_receipt")
def new_receipt(request: PageRequest) -> HttpResponse:
    """Record money that no bank statement tells of."""
    page = request.page
    first = {"received_on": page.today, "request_id": uuid4()}
    form = ReceiptForm(request.POST or None, by=page.by, entity=page.entity, initial=first)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        receipt = carry_out(form, _post_by_hand, request=request, facts=facts)
        if receipt is not None:
            messages.success(request, f"{receipt} posted. Apply it to what it pays.")
            return redirect("cashapp:receipt", receipt.pk)
    return shown(request, "cashapp/new_receipt.html", {}, form)


def _post_by_hand(request: PageRequest, facts: dict[str, Any]) -> Receipt:
    account = facts["bank_account"]
    incoming = Incoming(
        money=Money(facts["amount"], account.currency),
        received_on=facts["received_on"],
        key=f"by-hand:{facts['request_id']}",
        bank_account=account,
        text=facts["text"],
    )
    return post_receipt(by=request.page.by, customer=facts["customer"], incoming=incoming)


# Undoing -------------------------------------------------------------------------------------------------------------

UNDOING = {
    "unapply_form": "cashapp.unapply_receipt",
    "reverse_form": "cashapp.reverse_receipt",
    "return_form": "cashapp.return_receipt",
}


@require_POST
@staff_page("cashapp.view")
def unapply(request: PageRequest, pk: int) -> HttpResponse:
    """Take a receipt off what it pays."""

    def act(receipt: Receipt, on: date, reason: str) -> object:
        return unapply_receipt(by=request.page.by, receipt=receipt, unapplied_on=on, reason=reason)

    return _undo(request, pk, "unapply_form", act, "Taken off. The money is on account.")


@require_POST
@staff_page("cashapp.view")
def reverse(request: PageRequest, pk: int) -> HttpResponse:
    """Take a receipt back."""

    def act(receipt: Receipt, on: date, reason: str) -> object:
        return reverse_receipt(by=request.page.by, receipt=receipt, reversed_on=on, reason=reason)

    return _undo(request, pk, "reverse_form", act, "Reversed. Its bank line is to be matched again.")


@require_POST
@staff_page("cashapp.view")
def return_(request: PageRequest, pk: int) -> HttpResponse:
    """The bank took the money back."""

    def act(receipt: Receipt, on: date, reason: str) -> object:
        return return_receipt(by=request.page.by, receipt=receipt, returned_on=on, reason=reason)

    return _undo(request, pk, "return_form", act, "Returned. What it paid is open again.")


@require_POST
@staff_page("cashapp.view")
def move(request: PageRequest, pk: int) -> HttpResponse:
    """Give a receipt, or a part of it, to another customer."""
    receipt = _receipt(request, pk)
    request.page.ask_first("cashapp.move_receipt", receipt.entity)
    form = MoveForm(request.POST, by=request.page.by, entity=receipt.entity, prefix="move")
    if form.is_valid():
        facts = form.cleaned_data
        moved = carry_out(
            form,
            move_receipt,
            by=request.page.by,
            receipt=receipt,
            customer=facts["customer"],
            moved_on=facts["on"],
            reason=facts["reason"],
            amount=facts["amount"],
        )
        if moved is not None:
            messages.success(request, f"Moved to {moved.item.customer.name} as {moved}.")
            return redirect("cashapp:receipt", moved.pk)
    return _shown(request, receipt, move_form=form)


@require_POST
@staff_page("cashapp.view")
def exchange(request: PageRequest, pk: int) -> HttpResponse:
    """Settle a document of another currency with what is on account."""
    receipt = _receipt(request, pk)
    request.page.ask_first("cashapp.exchange_receipt", receipt.entity)
    form = ExchangeForm(request.POST, prefix="exchange")
    if form.is_valid():
        done = carry_out(form, _exchange, by=request.page.by, receipt=receipt, facts=form.cleaned_data)
        if done is not None:
            messages.success(request, f"{done.used_money} settle {done.settled_money} of {done.item.number}.")
            return redirect("cashapp:receipt", receipt.pk)
    return _shown(request, receipt, exchange_form=form)


def _exchange(*, by: User, receipt: Receipt, facts: dict[str, Any]) -> ReceiptExchange:
    rate = Rate(facts["rate"], ReceiptExchange.RateKind.AGREED) if facts["rate"] else None
    chosen = Exchange(document_abroad(receipt, facts["document"]), facts["amount"], rate)
    return exchange_receipt(
        by=by,
        receipt=receipt,
        exchange=chosen,
        exchanged_on=facts["on"],
        request_id=facts["request_id"] or None,
    )


def _undo(
    request: PageRequest, pk: int, name: str, act: Callable[[Receipt, date, str], object], words: str
) -> HttpResponse:
    receipt = _receipt(request, pk)
    request.page.ask_first(UNDOING[name], receipt.entity)
    form = ReasonForm(request.POST, prefix=name)
    if form.is_valid():
        done = carry_out(form, act, receipt=receipt, on=form.cleaned_data["on"], reason=form.cleaned_data["reason"])
        if done is not None:
            messages.success(request, words)
            return redirect("cashapp:receipt", receipt.pk)
    return _shown(request, receipt, **{name: form})


# Reading -------------------------------------------------------------------------------------------------------------


def _receipt(request: PageRequest, pk: int) -> Receipt:
    rows = Receipt.objects.select_related(
        "item__customer__terms",
        "item__line__entry",
        "entity",
        "bank_account",
        "line__statement",
        "moved_from__item",
        "identified_from",
        "recorded_by",
        "ended_by",
        "end_entry",
    )
    return get_visible(rows, request.page.by, pk=pk)


def _shown(request: PageRequest, receipt: Receipt, **forms: Form) -> HttpResponse:
    page = request.page
    today = {"on": page.today}
    context: dict[str, Any] = {
        "receipt": receipt,
        "customer": receipt.item.customer,
        "payments": payments_of_receipt(receipt),
        "deductions": receipt.deductions.select_related("item").order_by("pk"),
        "corrections": [
            (each, ReasonForm(prefix=f"undo-{each.pk}", initial=today)) for each in corrections_of(receipt)
        ],
        "may_exchange": page.may("cashapp.exchange_receipt") and page.is_live and has_abroad(receipt),
        "exchange_form": ExchangeForm(prefix="exchange", initial={**today, "request_id": uuid4().hex}),
        "moved_to": receipt.moved_to.select_related("item__customer").order_by("pk"),
        "trail": trail_behind(receipt),
        "remittances": remittances_of_line(receipt.line) if receipt.line else [],
        "events": AuditEvent.objects.filter(object_type="cashapp.receipt", object_id=str(receipt.pk)).select_related(
            "by"
        ),
        "may_change": page.may("cashapp.reverse_receipt") and page.is_live and receipt.is_live,
        "may_correct": page.may("cashapp.correct_receipt") and page.is_live,
        "sum_key": f"r{receipt.pk}",
        "unapply_form": ReasonForm(prefix="unapply_form", initial=today),
        "reverse_form": ReasonForm(prefix="reverse_form", initial={"on": day_to_undo(receipt, page.today)}),
        "return_form": ReasonForm(prefix="return_form", initial=today),
        "move_form": MoveForm(prefix="move", by=page.by, entity=receipt.entity, initial=today),
    }
    status = 422 if forms else 200
    return render(request, "cashapp/receipt.html", {**context, **forms, "refused": forms}, status=status)
