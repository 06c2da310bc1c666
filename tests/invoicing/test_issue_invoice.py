"""Issuing: a number, a day, an entry in the journal, an open item, and a message on its way."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError, InternalError

from core.errors import NotAllowed, Refused
from core.models import AuditEvent, ExchangeRate, LegalEntity, NumberSeries, User
from core.money import money
from customers.models import Address, Customer, TaxCertificate
from invoicing.actions import change_draft, discard_draft, issue_invoice, issue_invoices, issue_invoices_unsent
from invoicing.actions.errors import NotADraft, NotReady
from invoicing.drafts import DraftLine, InvoiceDraft
from invoicing.models import Invoice, TaxRate
from ledger.models import JournalLine
from ledger.periods import PeriodClosed
from messaging.models import Message

Day = Callable[[int], date]
Drafted = Callable[..., Invoice]
Line = Callable[..., DraftLine]

pytestmark = pytest.mark.django_db


def test_an_issued_invoice_has_a_number_a_due_date_and_a_reference(
    acme: Customer, clerk: User, drafted: Drafted, books: LegalEntity, may: Day
) -> None:
    invoice = issue_invoice(by=clerk, entity=books, invoice=drafted(acme), issued_on=may(4))

    assert invoice.number == "INV-2026-000001"
    assert invoice.due_on == may(4) + timedelta(days=30)
    assert invoice.reference == "RF51INV2026000001"
    assert Invoice.objects.get(pk=invoice.pk).number == invoice.number


def test_receivables_revenue_and_tax_are_posted_per_rate(
    acme: Customer, clerk: User, drafted: Drafted, books: LegalEntity, line: Line, reduced: TaxRate, may: Day
) -> None:
    """
    1100 Receivables          1,410.00
        4000 Revenue  S20                 1,000.00
        2200 Tax      S20                   200.00
        4000 Revenue  S5                    200.00
        2200 Tax      S5                     10.00
    """
    invoice = drafted(acme, line("400", quantity=2), line("200"), line("200", tax_rate=reduced))

    issued = issue_invoice(by=clerk, entity=books, invoice=invoice, issued_on=may(4))

    lines = JournalLine.objects.filter(entry=issued.entry).order_by("pk")
    assert [(row.account.role, row.tax_code, row.debit, row.credit) for row in lines] == [
        ("receivables", "", 1410, 0),
        ("revenue", "S20", 0, 1000),
        ("output_tax", "S20", 0, 200),
        ("revenue", "S5", 0, 200),
        ("output_tax", "S5", 0, 10),
    ]
    assert issued.item is not None
    assert issued.item.open_money == money("1410.00 GBP")
