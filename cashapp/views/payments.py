"""The queue of electronic payments: what must be posted before the close of business, and each with its facts."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from cashapp.actions.payments import return_payment, say_payer, tell_of_payment
from cashapp.actions.payments.taking_back import TakenBack
from cashapp.forms.payments import PayerForm, TakenBackForm, ToldForm
from cashapp.models import ElectronicPayment
from cashapp.queries.payments import (
    VIEWS,
    QueueRow,
    found_payments,
    hours_of,
    live_receipt,
    payments_of,
    queue_figures,
    queue_rows,
)
from core import clock
from core.forms import Form, carry_out
from core.money import ZERO
from core.pages import PageRequest, staff_page
from core.scoping import get_visible
from core.xlsx import Cell, Column, Sheet, workbook_response

PAGE_SIZE = 50
COLUMNS = [
    Column("Payment", 26),
    Column("Provider", 16),
    Column("How", 16),
    Column("Customer", 32),
    Column("Payer", 28),
    Column("Received", 18),
    Column("Waits, working hours", 18),
    Column("Due by", 18),
    Column("State", 20),
    Column("Currency", 10),
    Column("Amount", 14, total=True),
    Column("Surcharge", 12, total=True),
]


@staff_page("cashapp.view")
def payments_page(request: PageRequest) -> HttpResponseBase:
    """What waits, with its clock; other views show what became of the rest."""
    page, now = request.page, clock.now()
    view = request.GET.get("view", "open")
    view = view if view in VIEWS else "open"
    query = request.GET.get("q", "").strip()
    everything = payments_of([page.entity], page.by)
    rows = found_payments(everything.filter(VIEWS[view][1]), query)
    if view not in ("open", "expected"):
        rows = rows.order_by("-received_at", "-pk")
    hours = hours_of(page.entity)
    if request.GET.get("format") == "xlsx":
        cells = _cells(queue_rows(rows.iterator(chunk_size=2000), hours, now))
        sheet = Sheet("Payments", COLUMNS, cells, [("Company", page.entity.name), ("View", VIEWS[view][0])])
        return workbook_response([sheet], f"payments-{page.entity.code}-{page.today}.xlsx")
    pages = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "pages": pages,
        "rows": queue_rows(pages.object_list, hours, now),
        "view": view,
        "views": [(name, label, everything.filter(where).count()) for name, (label, where) in VIEWS.items()],
        "query": query,
        "figures": queue_figures(page.entity, page.by, now),
        "zone": hours.zone.key,
        "may_post": page.may("cashapp.post_payment") and page.is_live and view == "open",
    }
    return render(request, "cashapp/payments.html", context)


def _cells(rows: list[QueueRow]) -> Iterator[list[Cell]]:
    for row in rows:
        payment = row.payment
        yield [
            payment.reference,
            str(payment.provider or ""),
            payment.get_method_display(),
            payment.customer.name if payment.customer else "",
            payment.payer,
            payment.received_at,
            row.waits,
            row.due_at,
            row.state[0],
            payment.currency,
            payment.amount,
            payment.surcharge,
        ]


@staff_page("cashapp.view")
def payment_page(request: PageRequest, pk: int) -> HttpResponse:
    """One payment: what was told of it, and what can be done."""
    return _shown(request, _payment(request, pk))


@require_POST
@staff_page("cashapp.view")
def say_payer_of(request: PageRequest, pk: int) -> HttpResponse:
    """Say whose payment it is."""
    payment = _payment(request, pk)
    request.page.ask_first("cashapp.say_payer", payment.entity)
    form = PayerForm(request.POST, prefix="payer", by=request.page.by, entity=payment.entity)
    if form.is_valid():
        customer = form.cleaned_data["customer"]
        if carry_out(form, say_payer, by=request.page.by, payment=payment, customer=customer):
            messages.success(request, f"It is a payment of {customer.name}.")
            return redirect("cashapp:payment", payment.pk)
    return _shown(request, payment, payer_form=form)


@require_POST
@staff_page("cashapp.view")
def tell(request: PageRequest, pk: int) -> HttpResponse:
    """Add what the provider tells."""
    payment = _payment(request, pk)
    request.page.ask_first("cashapp.tell_of_payment", payment.entity)
    form = ToldForm(request.POST, prefix="told")
    if form.is_valid():
        facts = form.cleaned_data
        told = carry_out(
            form,
            tell_of_payment,
            by=request.page.by,
            payment=payment,
            kind=facts["kind"],
            at=clock.now(),
            note=facts["note"],
        )
        if told:
            messages.success(request, f"{told.get_kind_display()}.")
            return redirect("cashapp:payment", payment.pk)
    return _shown(request, payment, told_form=form)


@require_POST
@staff_page("cashapp.view")
def take_back(request: PageRequest, pk: int) -> HttpResponse:
    """All of a posted payment went back."""
    payment = _payment(request, pk)
    request.page.ask_first("cashapp.return_payment", payment.entity)
    form = TakenBackForm(request.POST, prefix="back")
    if form.is_valid():
        facts = form.cleaned_data
        told = TakenBack(
            kind=facts["kind"],
            at=clock.now(),
            on=facts["on"],
            reference=facts["reference"],
            reason=facts["reason"],
            fee=facts["fee"] or ZERO,
        )
        receipt = carry_out(form, return_payment, by=request.page.by, payment=payment, told=told)
        if receipt:
            messages.success(request, f"{receipt} is taken back. What it paid is open again.")
            return redirect("cashapp:payment", payment.pk)
    return _shown(request, payment, back_form=form)


def _payment(request: PageRequest, pk: int) -> ElectronicPayment:
    rows = ElectronicPayment.objects.select_related("entity", "provider__clearing", "customer", "recorded_by")
    return get_visible(rows, request.page.by, pk=pk)


def _shown(request: PageRequest, payment: ElectronicPayment, **forms: Form) -> HttpResponse:
    page = request.page
    receipt = live_receipt(payment)
    annotated = payments_of([payment.entity], page.by).get(pk=payment.pk)
    (row,) = queue_rows([annotated], hours_of(payment.entity), clock.now())
    is_open = row.state[0] in {"Received", "Authorised", "Captured"}
    context: dict[str, Any] = {
        "payment": payment,
        "row": row,
        "receipt": receipt,
        "is_open": is_open,
        "facts": payment.facts.select_related("recorded_by", "receipt__item", "payout", "credit__line"),
        "may_change": page.may("cashapp.post_payment") and page.is_live,
        "payer_form": PayerForm(prefix="payer", by=page.by, entity=payment.entity),
        "told_form": ToldForm(prefix="told"),
        "back_form": TakenBackForm(prefix="back", initial={"on": page.today}),
    }
    status = 422 if forms else 200
    return render(request, "cashapp/payment.html", {**context, **forms, "refused": forms}, status=status)
