"""Declaring a month's final billing complete, from which collections starts."""

from datetime import date
from typing import Any

import pytest

from ar_collections.sources import FinalDocument
from core.errors import NotAllowed
from core.models import LegalEntity, User
from customers.models import Customer
from invoicing.actions import declare_finals, draft_charges, give_notice, issue_invoices
from invoicing.actions.errors import BillingRefused
from invoicing.finals_source import FinalsSource
from invoicing.models import FinalsDeclaration, TaxRate
from invoicing.queries.finals import finals_of, last_bills
from tests.invoicing.billing import contract_of

MAY = date(2026, 5, 31)
THEN: dict[str, Any] = {"month_on": date(2026, 5, 1), "declared_on": date(2026, 6, 4)}


@pytest.mark.django_db
def test_a_month_is_declared_once_when_its_finals_are_out(
    acme: Customer, clerk: User, finance_manager: User, books: LegalEntity, standard: TaxRate
) -> None:
    contract_of(clerk, acme, ends_on=date(2026, 5, 20))
    with pytest.raises(BillingRefused, match="May 2026 is not complete: customers who leave and are not billed: 1"):
        declare_finals(by=finance_manager, entity=books, **THEN)
    drafts = draft_charges(by=clerk, entity=books, customers=[acme], through=MAY, invoice_on=MAY)
    with pytest.raises(BillingRefused, match="drafts of contracts that are not issued: 1"):
        declare_finals(by=finance_manager, entity=books, **THEN)
    [final] = issue_invoices(by=clerk, entity=books, invoices=drafts, issued_on=MAY)

    first = declare_finals(by=finance_manager, entity=books, **THEN)
    again = declare_finals(by=finance_manager, entity=books, **THEN)

    assert final.is_final
    assert (first.pk, first.reason, FinalsDeclaration.objects.count()) == (again.pk, "", 1)


@pytest.mark.django_db
def test_the_last_bill_of_who_gave_notice_after_it_went_out_is_a_final_too(
    acme: Customer, clerk: User, finance_manager: User, books: LegalEntity, standard: TaxRate
) -> None:
    contract = contract_of(clerk, acme, {"cycle": "annual"}, starts_on=date(2025, 6, 1), ends_on=MAY, renews=True)
    june = date(2025, 6, 1)
    [draft] = draft_charges(by=clerk, entity=books, customers=[acme], through=june, invoice_on=june)
    [bill] = issue_invoices(by=clerk, entity=books, invoices=[draft], issued_on=june)
    assert not bill.is_final and not last_bills(entity=books, month_on=THEN["month_on"])

    give_notice(by=clerk, contract=contract, given_on=date(2026, 3, 2), reason="Moves to another house.")
    told = [FinalDocument(bill.item_id or 0, left_on=MAY, month_on=date(2026, 5, 1))]
    source, ever = FinalsSource(), (date.min, date(2026, 6, 1))
    assert source.finals(books, *ever) == source.finals(books, *ever, [acme.pk]) == told
    assert not source.finals(books, *ever, []) and not source.finals(books, date(2026, 6, 1), date(2026, 6, 1))
    declared = declare_finals(by=finance_manager, entity=books, **THEN)
    assert source.finals(books, *ever) == told, "it stays what was declared"

    [kept] = declared.finals.all()
    assert (kept.invoice, kept.left_on) == (bill, MAY)
    [shown] = finals_of(entity=books, month_on=THEN["month_on"])
    assert (shown.invoice, shown.is_marked) == (bill, False)
    assert not last_bills(entity=books, month_on=date(2026, 6, 1))


@pytest.mark.django_db
def test_every_final_of_a_customer_counts_and_no_bill_is_declared_in_two_months(
    acme: Customer, clerk: User, finance_manager: User, books: LegalEntity, standard: TaxRate
) -> None:
    contract_of(clerk, acme, ends_on=date(2026, 5, 10))
    contract_of(clerk, acme, ends_on=date(2026, 5, 20))
    drafts = draft_charges(by=clerk, entity=books, customers=[acme], through=MAY, invoice_on=date(2026, 6, 2))
    finals = issue_invoices(by=clerk, entity=books, invoices=drafts, issued_on=date(2026, 6, 2))

    declare_finals(by=finance_manager, entity=books, **THEN)
    june = declare_finals(by=finance_manager, entity=books, month_on=date(2026, 6, 1), declared_on=date(2026, 7, 2))

    assert {one.invoice for one in finals_of(entity=books, month_on=THEN["month_on"])} == set(finals)
    assert not june.finals.exists()


@pytest.mark.django_db
def test_what_is_open_takes_a_reason_and_a_month_to_come_none(
    acme: Customer, clerk: User, finance_manager: User, books: LegalEntity, standard: TaxRate
) -> None:
    contract_of(clerk, acme, ends_on=date(2026, 5, 20))
    with pytest.raises(BillingRefused, match="July 2026 has not begun"):
        declare_finals(by=finance_manager, entity=books, month_on=date(2026, 7, 1), declared_on=date(2026, 6, 4))

    declared = declare_finals(by=finance_manager, entity=books, reason="Acme is settled in court.", **THEN)

    assert declared.reason == "Acme is settled in court."


@pytest.mark.django_db
def test_who_bills_does_not_declare(clerk: User, books: LegalEntity) -> None:
    with pytest.raises(NotAllowed):
        declare_finals(by=clerk, entity=books, **THEN)
