"""A real wholesaler's sales come in as orders, are billed by day and credited where cancelled, to the penny.

One day runs by default; `O2C_SALES_DAYS=all pytest --timeout=0` on this file takes all nine months.
"""

import os
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from itertools import groupby

import pytest
from django.db.models import Sum

from controls.actions import set_up_limits
from core.models import LegalEntity, User
from customers.models import Address, Customer, PaymentTerms
from invoicing.actions import (
    activate_contract,
    draft_charges,
    draft_contract,
    draft_credit_note,
    issue_credit_note,
    issue_invoices_unsent,
    set_up_tax_rates,
)
from invoicing.contract_drafts import ContractDraft, ContractLineDraft
from invoicing.credits import LineCredit, SomeLines
from invoicing.models import Contract, CreditNote, Invoice, InvoiceLine, Product
from ledger.actions import set_up_ledger
from ledger.balances import control_account
from tests.shared import shared_path
from tests.stories.online_retail import Cancelled, Order, Sales, days_of, read_sales

DAYS = os.environ.get("O2C_SALES_DAYS", "1")


@pytest.fixture
def wholesaler(uk: LegalEntity, system: User) -> LegalEntity:
    set_up_ledger(by=system, entity=uk)
    set_up_limits(by=system, entity=uk)
    set_up_tax_rates(by=system, entity=uk)
    return uk


@pytest.fixture
def sales() -> Sales:
    files = sorted(shared_path("data/sales/uci_online_retail").glob("*.csv.gz"))
    return read_sales(days_of(files, None if DAYS == "all" else int(DAYS)))


def customers_of(entity: LegalEntity, orders: Iterable[Order]) -> dict[str, Customer]:
    """Everybody who bought, billed in Britain."""
    terms = PaymentTerms.objects.create(entity=entity, code="N30", name="30 days net", net_days=30)
    codes = sorted({order.customer for order in orders})
    rows = [Customer(entity=entity, code=code, name=f"Shop {code}", currency="GBP", terms=terms) for code in codes]
    for row in rows:
        row.payment_reference = row.code
    made = Customer.objects.bulk_create(rows)
    Address.objects.bulk_create(
        [Address(customer=row, lines="1 High Street", city="Hull", country="GB") for row in made]
    )
    return {row.code: row for row in made}


def products_of(entity: LegalEntity, orders: Iterable[Order]) -> dict[str, Product]:
    names = {line.article: line.description for order in orders for line in order.lines}
    made = Product.objects.bulk_create([Product(entity=entity, code=code, name=name) for code, name in names.items()])
    return {row.code: row for row in made}


def take_order(by: User, order: Order, customer: Customer, products: dict[str, Product]) -> Contract:
    lines = tuple(
        ContractLineDraft(products[line.article], line.quantity, line.price, line.description, cycle="fixed")
        for line in order.lines
    )
    draft = ContractDraft(
        customer, order.on, lines, kind="order", ends_on=order.on, source="uci", source_id=order.number
    )
    return activate_contract(by=by, contract=draft_contract(by=by, entity=customer.entity, draft=draft))


def bill_day(by: User, entity: LegalEntity, day: date, customers: list[Customer]) -> None:
    drafts = draft_charges(by=by, entity=entity, customers=customers, through=day, invoice_on=day)
    issue_invoices_unsent(by=by, entity=entity, invoices=drafts, issued_on=day)


def credit(by: User, cancelled: Iterable[Cancelled], billed: dict[tuple[str, int], InvoiceLine]) -> None:
    """One credit note for each invoice, with all that was cancelled of it that day."""
    by_invoice: dict[int, list[tuple[InvoiceLine, Decimal]]] = defaultdict(list)
    for one in cancelled:
        line = billed[one.order, one.line]
        by_invoice[line.invoice_id].append((line, one.quantity))
    for lines in by_invoice.values():
        parts: dict[InvoiceLine, Decimal] = defaultdict(Decimal)
        for line, quantity in lines:
            parts[line] += quantity
        chosen = SomeLines([LineCredit(line, quantity=quantity) for line, quantity in parts.items()])
        invoice = lines[0][0].invoice
        draft = draft_credit_note(by=by, invoice=invoice, credit=chosen, reason_code="cancellation", reason="Cancelled")
        issue_credit_note(by=by, credit_note=draft, issued_on=max(one.on for one in cancelled))


@pytest.mark.django_db
def test_the_sales_of_a_wholesaler_come_to_what_the_source_says(
    wholesaler: LegalEntity, sales: Sales, clerk: User, finance_manager: User
) -> None:
    orders = sorted(sales.orders.values(), key=lambda order: (order.on, order.number))
    customers, products = customers_of(wholesaler, orders), products_of(wholesaler, orders)
    cancelled = {day: list(some) for day, some in groupby(sales.cancellations, key=lambda one: one.on)}

    for day, of_day in groupby(orders, key=lambda order: order.on):
        taken = list(of_day)
        for order in taken:
            take_order(clerk, order, customers[order.customer], products)
        bill_day(clerk, wholesaler, day, [customers[order.customer] for order in taken])
    lines = InvoiceLine.objects.filter(billed_periods__line__contract__source="uci").select_related(
        "invoice__entity", "invoice__customer", "tax_rate"
    )
    billed = {
        (
            line.billed_periods.all()[0].line.contract.source_id or "",
            line.billed_periods.all()[0].line.position - 1,
        ): line
        for line in lines.prefetch_related("billed_periods__line__contract")
    }
    for some in cancelled.values():
        credit(finance_manager, some, billed)

    sold = Invoice.objects.aggregate(net=Sum("net"), gross=Sum("gross"))
    given_back = CreditNote.objects.aggregate(net=Sum("net"), gross=Sum("gross"))
    assert len(billed) == sum(len(order.lines) for order in orders)
    assert Invoice.objects.count() == len(orders)
    assert sold["net"] - given_back["net"] - sales.sold_before == sales.total
    [control] = control_account(entity=wholesaler, as_of=date(2011, 12, 31))
    assert (control.difference, control.items) == (0, sold["gross"] - given_back["gross"])
