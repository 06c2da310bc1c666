"""What Brightwater sells, and Acme's contract for twenty seats from 15 January 2026."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from core.models import LegalEntity, User
from customers.models import Customer
from invoicing.actions import activate_contract, add_product, draft_contract, draft_invoice, issue_invoice
from invoicing.charges import Charge
from invoicing.contract_drafts import ContractDraft, ContractLineDraft
from invoicing.drafts import DraftLine, InvoiceDraft
from invoicing.models import BilledPeriod, Contract, ContractLine, Invoice, Product, TaxRate
from invoicing.queries.amending import lines_of
from invoicing.queries.charging import charges_of

STARTS, ENDS = date(2026, 1, 15), date(2027, 1, 14)
Agreed = Callable[..., Contract]
Billed = Callable[..., Invoice]


@pytest.fixture
def seats(books: LegalEntity, manager: User) -> Product:
    return add_product(by=manager, entity=books, code="SEAT", name="Seats", list_price=Decimal(120))


@pytest.fixture
def premium(books: LegalEntity, manager: User) -> Product:
    return add_product(by=manager, entity=books, code="SEAT-P", name="Premium seats", list_price=Decimal(200))


@pytest.fixture
def calls(books: LegalEntity, manager: User) -> Product:
    return add_product(by=manager, entity=books, code="CALL", name="Calls")


@pytest.fixture
def agreed(clerk: User, books: LegalEntity, acme: Customer, seats: Product) -> Agreed:
    """Nora writes an active contract: agreed() has 20 seats at 120 a year; agreed(*lines, **facts) has others."""

    def make(*lines: ContractLineDraft, **facts: Any) -> Contract:
        wanted = lines or (ContractLineDraft(seats, quantity=Decimal(20), unit_price=Decimal(120)),)
        values: dict[str, Any] = {"customer": acme, "starts_on": STARTS, "ends_on": ENDS, **facts}
        contract = draft_contract(by=clerk, entity=books, draft=ContractDraft(lines=wanted, **values))
        return activate_contract(by=clerk, contract=contract)

    return make


@pytest.fixture
def billed(clerk: User, books: LegalEntity, standard: TaxRate) -> Billed:
    """What a contract owes by the end of a day, as a draft with its billed days, or as an issued invoice."""

    def bill(contract: Contract, through: date, *, issue: bool = True) -> Invoice:
        charges = charges_of(lines_of(contract), through)
        lines = [_line(charge, standard) for charge in charges]
        draft = InvoiceDraft(customer=contract.customer, lines=lines, currency=contract.currency)
        invoice = draft_invoice(by=clerk, entity=books, draft=draft)
        for line, charge in zip(invoice.lines.order_by("position"), charges, strict=True):
            BilledPeriod.objects.create(
                line=charge.line, invoice_line=line, first_on=charge.days.first_on, last_on=charge.days.last_on,
                working=charge.working,
            )  # fmt: skip
        return issue_invoice(by=clerk, entity=books, invoice=invoice, issued_on=through) if issue else invoice

    return bill


def _line(charge: Charge, rate: TaxRate) -> DraftLine:
    return DraftLine(
        description=charge.line.description,
        quantity=charge.quantity,
        unit_price=charge.billed_price or Decimal(0),
        discount_percent=charge.line.discount_percent,
        tax_rate=rate,
        service_from=charge.days.first_on,
        service_until=charge.days.last_on,
    )


def shape_of(contract: Contract) -> list[tuple[int, Decimal, Decimal | None, date, date | None]]:
    """The lines as they read on the contract's page."""
    rows = ContractLine.objects.filter(contract=contract).order_by("position")
    return [(row.position, row.quantity, row.unit_price, row.starts_on, row.ends_on) for row in rows]
