"""A form that comes twice gives what it gave first; the same form with other content is refused."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from core.errors import SameKeyOtherContent
from core.models import LegalEntity, User
from customers.models import Customer
from invoicing.actions import (
    draft_bulk_credit,
    draft_credit_note,
    draft_rebill,
    prepare_billing_run,
    quote_renewal,
)
from invoicing.credits import Everything, LineCredit, SomeLines
from invoicing.drafts import DraftLine
from invoicing.models import BillingRun, BulkCredit, CreditNote, Invoice, RenewalQuote, TaxRate
from tests.invoicing.billing import contract_of

pytestmark = pytest.mark.django_db
Issued = Callable[..., Invoice]
Line = Callable[..., DraftLine]
WHY: dict[str, Any] = {"reason_code": "price", "reason": "The price was agreed otherwise"}
FORM: dict[str, Any] = {**WHY, "request_id": "form-1"}
MAY, JUNE = date(2026, 5, 31), date(2026, 6, 30)


def test_a_credit_note_does_not_become_a_rebill_under_the_same_form(
    acme: Customer, clerk: User, issued: Issued
) -> None:
    invoice = issued(acme)
    credit = draft_credit_note(by=clerk, invoice=invoice, credit=Everything(), **FORM)

    with pytest.raises(SameKeyOtherContent, match="with other content"):
        draft_rebill(by=clerk, invoice=invoice, **FORM)

    credit.refresh_from_db()
    assert not credit.rebills


def test_a_rebill_is_not_taken_for_a_plain_credit_under_the_same_form(
    acme: Customer, clerk: User, issued: Issued
) -> None:
    invoice = issued(acme)
    rebill = draft_rebill(by=clerk, invoice=invoice, **FORM)
    assert rebill.rebills

    with pytest.raises(SameKeyOtherContent):
        draft_credit_note(by=clerk, invoice=invoice, credit=Everything(), **FORM)

    assert draft_rebill(by=clerk, invoice=invoice, **FORM) == rebill
    assert CreditNote.objects.count() == 1


def test_two_lines_of_the_same_words_are_two_lines(acme: Customer, clerk: User, issued: Issued, line: Line) -> None:
    first, second = issued(acme, line("100"), line("100")).lines.order_by("position")

    draft_credit_note(by=clerk, invoice=first.invoice, credit=SomeLines([LineCredit(first)]), **FORM)

    with pytest.raises(SameKeyOtherContent):
        draft_credit_note(by=clerk, invoice=first.invoice, credit=SomeLines([LineCredit(second)]), **FORM)


def test_another_file_is_other_content(acme: Customer, clerk: User, issued: Issued) -> None:
    invoice = issued(acme)
    draft_credit_note(by=clerk, invoice=invoice, credit=Everything(), file=("mail.txt", b"Agreed on 5 May"), **FORM)

    with pytest.raises(SameKeyOtherContent):
        draft_credit_note(by=clerk, invoice=invoice, credit=Everything(), file=("mail.txt", b"Agreed"), **FORM)


def test_a_form_of_many_invoices_credits_no_others(
    acme: Customer, clerk: User, books: LegalEntity, issued: Issued
) -> None:
    invoices = [issued(acme) for _ in range(3)]

    def chosen(*wanted: Invoice, **facts: Any) -> BulkCredit:
        return draft_bulk_credit(by=clerk, entity=books, invoices=wanted, **{**FORM, **facts})

    first = chosen(*invoices[:2])
    assert chosen(*reversed(invoices[:2])) == first
    attempts: list[tuple[list[Invoice], dict[str, Any]]] = [
        (invoices, {}),
        (invoices[1:], {}),
        (invoices[:2], {"reason": "Another reason"}),
        (invoices[:2], {"file": ("outage.txt", b"Log")}),
    ]
    for wanted, facts in attempts:
        with pytest.raises(SameKeyOtherContent, match="Credit of many invoices"):
            chosen(*wanted, **facts)
    assert BulkCredit.objects.get().invoices.count() == 2


def test_a_form_of_a_billing_run_prepares_no_other(books: LegalEntity, standard: TaxRate, clerk: User) -> None:
    def prepared(**facts: Any) -> BillingRun:
        values = {"billed_through": MAY, "invoice_on": MAY, "kinds": ["recurring", "usage"], **facts}
        return prepare_billing_run(by=clerk, entity=books, request_id="form-1", **values)

    first = prepared()
    assert prepared(kinds=["usage", "recurring"]) == first
    for facts in ({"billed_through": JUNE}, {"invoice_on": JUNE}, {"kinds": ["recurring"]}):
        with pytest.raises(SameKeyOtherContent, match="Billing through 2026-05-31"):
            prepared(**facts)
    assert BillingRun.objects.count() == 1


def test_a_form_of_a_quote_makes_no_other_quote(acme: Customer, standard: TaxRate, clerk: User) -> None:
    contract = contract_of(clerk, acme, ends_on=date(2027, 4, 30))

    def quoted(**facts: Any) -> RenewalQuote:
        values = {"percent": Decimal(3), "quoted_on": MAY, "valid_until": JUNE, **facts}
        return quote_renewal(by=clerk, contract=contract, request_id="form-1", **values)

    first = quoted()
    assert quoted(quoted_on=date(2026, 6, 1)) == first, "sent again after midnight"
    for facts in ({"percent": Decimal(5)}, {"valid_until": MAY}):
        with pytest.raises(SameKeyOtherContent, match="Quote for K-0001"):
            quoted(**facts)
    assert RenewalQuote.objects.count() == 1
