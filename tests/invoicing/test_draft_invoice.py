"""Drafts: written, changed and thrown away, and what can't even be one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from core.currencies import UnknownCurrency
from core.errors import NotAllowed, SameKeyOtherContent
from core.models import AuditEvent, LegalEntity, User
from core.money import money
from customers.models import Customer
from invoicing.actions import change_draft, discard_draft, draft_invoice, draft_invoices
from invoicing.actions.errors import ChangedMeanwhile, NotADraft
from invoicing.drafts import DraftLine, DraftRefused, InvoiceDraft
from invoicing.models import Invoice, InvoiceLine, InvoiceTax, TaxRate
from ledger.models import JournalEntry

pytestmark = pytest.mark.django_db
Line = Callable[..., DraftLine]
Drafted = Callable[..., Invoice]


def test_a_draft_has_totals_and_no_number(acme: Customer, drafted: Drafted, line: Line, reduced: TaxRate) -> None:
    draft = drafted(acme, line("412.50", quantity=14), line("38", tax_rate=reduced, discount_percent=Decimal(10)))

    assert draft.number is None
    assert (draft.net, draft.tax, draft.money) == (Decimal("5809.20"), Decimal("1156.71"), money("6965.91 GBP"))
    assert [(row.tax_rate.code, row.tax) for row in draft.taxes.all()] == [("S20", 1155), ("S5", Decimal("1.71"))]
    assert not JournalEntry.objects.exists()


def test_what_is_left_empty_is_the_customers(acme: Customer, drafted: Drafted) -> None:
    draft = drafted(acme)

    assert (draft.currency, draft.terms, draft.language) == (acme.currency, acme.terms, "en")


def test_a_draft_is_changed_as_often_as_one_likes(acme: Customer, clerk: User, drafted: Drafted, line: Line) -> None:
    draft = drafted(acme, line("100"), line("200"))

    changed = change_draft(
        by=clerk, invoice=draft, draft=InvoiceDraft(customer=acme, lines=[line("50")]), version=draft.version
    )

    assert (changed.money, changed.version) == (money("60.00 GBP"), 2)
    assert InvoiceLine.objects.count() == 1
    event = AuditEvent.objects.get(event="draft.changed")
    assert event.before is not None
    assert event.before["total"] == "360.00 GBP"


def test_of_two_people_who_change_a_draft_the_second_is_told(acme: Customer, clerk: User, drafted: Drafted) -> None:
    draft = drafted(acme)
    change_draft(by=clerk, invoice=draft, draft=InvoiceDraft(customer=acme), version=1)

    with pytest.raises(ChangedMeanwhile, match="Somebody else changed Draft invoice"):
        change_draft(by=clerk, invoice=draft, draft=InvoiceDraft(customer=acme), version=1)


def test_a_discarded_draft_leaves_only_its_trace(acme: Customer, clerk: User, drafted: Drafted) -> None:
    discard_draft(by=clerk, invoice=drafted(acme))

    assert not Invoice.objects.exists()
    assert not InvoiceTax.objects.exists()
    assert AuditEvent.objects.filter(event="draft.discarded").exists()


def test_an_issued_invoice_is_no_draft_any_more(acme: Customer, clerk: User, issued: Drafted) -> None:
    invoice = issued(acme)

    with pytest.raises(NotADraft, match="INV-2026-000001 is issued and stays as it is"):
        discard_draft(by=clerk, invoice=invoice)
    with pytest.raises(NotADraft):
        change_draft(by=clerk, invoice=invoice, draft=InvoiceDraft(customer=acme), version=1)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"price": "-5"}, "the price -5 is negative"),
        ({"price": "1e30"}, "can't be meant"),
        ({"price": "NaN"}, "must be numbers"),
        ({"price": "1.1234567"}, "prices 6"),
        ({"price": "1", "quantity": "0"}, "the quantity is 0"),
        ({"price": "1", "quantity": "9999999999"}, "can't be meant"),
        ({"price": "1", "quantity": "0.00001"}, "at most 4 decimals"),
        ({"price": "1", "discount_percent": Decimal(101)}, "between 0 and 100"),
        ({"price": "1", "service_from": date(2026, 5, 2), "service_until": date(2026, 5, 1)}, "before it begins"),
    ],
)
def test_what_no_line_can_be_is_refused(
    acme: Customer, drafted: Drafted, line: Line, wrong: dict[str, Any], says: str
) -> None:
    with pytest.raises(DraftRefused, match=says):
        drafted(acme, line(str(wrong.pop("price")), **wrong))
    assert not Invoice.objects.exists()


def test_a_currency_that_is_none_and_a_period_that_runs_backwards_are_refused(acme: Customer, drafted: Drafted) -> None:
    with pytest.raises(UnknownCurrency):
        drafted(acme, currency="ABC")
    with pytest.raises(DraftRefused, match="ends on 01 May 2026, before it begins"):
        drafted(acme, service_from=date(2026, 5, 2), service_until=date(2026, 5, 1))


def test_nothing_of_another_company_comes_into_a_draft(
    acme: Customer, stranger: User, de: LegalEntity, drafted: Drafted, line: Line
) -> None:
    with pytest.raises(DraftRefused, match="is no customer of Halden"):
        draft_invoice(by=stranger, entity=de, draft=InvoiceDraft(customer=acme))
    foreign = TaxRate.objects.create(
        entity=de, code="S19", name="19 %", category="S", percent=19, valid_from=date(2021, 1, 1)
    )
    with pytest.raises(DraftRefused, match="is another company's"):
        drafted(acme, line("1", tax_rate=foreign))


def test_the_same_form_sent_twice_makes_one_draft(acme: Customer, clerk: User, books: LegalEntity, line: Line) -> None:
    draft = InvoiceDraft(customer=acme, lines=[line("100.0")], request_id="form-1")

    first, again = (draft_invoice(by=clerk, entity=books, draft=draft) for _ in range(2))

    assert first.pk == again.pk
    with pytest.raises(SameKeyOtherContent, match="with other content"):
        draft_invoice(by=clerk, entity=books, draft=replace(draft, lines=[line("101")]))


def test_many_drafts_keep_their_order(acme: Customer, clerk: User, books: LegalEntity, line: Line) -> None:
    drafts = [InvoiceDraft(customer=acme, lines=[line(str(price))]) for price in range(1, 8)]

    made = draft_invoices(by=clerk, entity=books, drafts=drafts)

    assert [one.net for one in made] == list(range(1, 8))


@pytest.mark.parametrize("who", ["collector", "auditor", "stranger"])
def test_who_does_not_bill_may_not_draft(
    who: str, request: pytest.FixtureRequest, acme: Customer, clerk: User, books: LegalEntity, drafted: Drafted
) -> None:
    person = request.getfixturevalue(who)
    with pytest.raises(NotAllowed):
        draft_invoice(by=person, entity=books, draft=InvoiceDraft(customer=acme))
    with pytest.raises(NotAllowed):
        discard_draft(by=person, invoice=drafted(acme))
