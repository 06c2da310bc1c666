"""Documents of another program: their numbers and figures stay, they are posted, and nothing is sent."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError

from core.errors import NotAllowed
from core.models import AuditEvent, LegalEntity, User
from core.money import money
from customers.models import Customer, PaymentTerms
from invoicing.actions import (
    issue_imported,
    issue_imported_credit_notes,
    issue_invoice,
    release_income,
    store_invoice_pdf,
)
from invoicing.actions.errors import ImportRefused
from invoicing.drafts import DraftLine
from invoicing.imported import ImportedCreditNote, ImportedInvoice, ImportedLine, ImportedTax
from invoicing.models import DeferralMovement, Invoice, TaxRate
from invoicing.proofs import prove_deferrals
from invoicing.queries.delivery import without_pdf
from ledger.models import JournalLine, OpenItem
from ledger.posting import NumberTaken
from messaging.models import Message

pytestmark = pytest.mark.django_db
Old = Callable[..., ImportedInvoice]


@pytest.fixture
def old(acme: Customer, net30: PaymentTerms, may: Callable[[int], date]) -> Old:
    """An invoice of another program: old("A-1"), of 100.00 and 20.00 tax."""

    def make(number: str, **facts: Any) -> ImportedInvoice:
        lines = [
            ImportedLine("Spare part", Decimal(2), Decimal("30"), Decimal("60")),
            ImportedLine("Hour", Decimal(1), Decimal("40"), Decimal("40")),
        ]
        sums: dict[str, Any] = {"net": Decimal(100), "tax": Decimal(20), "gross": Decimal(120)}
        return ImportedInvoice(
            number=number,
            customer=acme,
            issued_on=may(1),
            due_on=may(31),
            currency="GBP",
            tax_percent=Decimal(20),
            terms=net30,
            **{**sums, "lines": lines, **facts},
        )

    return make


def test_they_arrive_whole_and_are_posted(
    finance_manager: User, books: LegalEntity, standard: TaxRate, old: Old
) -> None:
    made = issue_imported(by=finance_manager, entity=books, invoices=[old("A-1"), old("A-2")])

    invoice = Invoice.objects.select_related("item", "buyer").get(number="A-2")
    assert [row.pk for row in made] == [Invoice.objects.get(number=number).pk for number in ("A-1", "A-2")]
    assert (invoice.money, invoice.is_imported, invoice.reference) == (money("120.00 GBP"), True, "")
    assert [(line.description, line.net) for line in invoice.lines.all()] == [("Spare part", 60), ("Hour", 40)]
    assert [(tax.tax_rate, tax.tax) for tax in invoice.taxes.all()] == [(standard, 20)]
    assert invoice.item is not None
    assert invoice.item.open_money == money("120.00 GBP")
    assert JournalLine.objects.filter(account__role="output_tax").count() == 2
    assert not Message.objects.exists()
    assert not without_pdf(Invoice, 10).exists()
    event = AuditEvent.objects.get(event="invoices.imported")
    assert event.after == {"count": 2, "first": "A-1", "last": "A-2"}


def test_a_rate_that_was_never_charged_here_is_kept_apart(
    finance_manager: User, books: LegalEntity, standard: TaxRate, old: Old
) -> None:
    strange = replace(old("A-1", tax=Decimal(7), gross=Decimal(107)), tax_percent=Decimal(7))

    issue_imported(by=finance_manager, entity=books, invoices=[strange])

    rate = TaxRate.objects.get(percent=7)
    assert (rate.name, rate.valid_until) == ("7 % of another program", strange.issued_on)


def test_a_credit_note_names_its_invoice_and_keeps_its_own_tax(
    finance_manager: User, books: LegalEntity, acme: Customer, old: Old, standard: TaxRate
) -> None:
    issue_imported(by=finance_manager, entity=books, invoices=[old("A-1")])
    note = ImportedCreditNote(
        number="C-1",
        customer=acme,
        issued_on=old("A-1").issued_on,
        currency="GBP",
        tax_percent=Decimal(19),
        net=Decimal("42.02"),
        tax=Decimal("7.98"),
        gross=Decimal(50),
        invoice_number="A-1",
    )

    made = issue_imported_credit_notes(by=finance_manager, entity=books, credit_notes=[note])[0]

    assert (made.invoice.number, made.tax) == ("A-1", Decimal("7.98"))
    assert OpenItem.objects.get(number="C-1").open_money == money("50.00 GBP")
    with pytest.raises(ImportRefused, match="corrects A-9, which"):
        other = replace(note, number="C-2", invoice_number="A-9")
        issue_imported_credit_notes(by=finance_manager, entity=books, credit_notes=[other])


def test_a_credit_note_of_another_program_takes_back_what_is_deferred_of_ours(
    finance_manager: User, books: LegalEntity, acme: Customer, issued: Callable[..., Invoice],
    line: Callable[..., DraftLine],
) -> None:  # fmt: skip
    year = {"service_from": date(2026, 5, 1), "service_until": date(2027, 4, 30)}
    invoice = issued(acme, line("3650", **year))
    release_income(by=finance_manager, entity=books, customers=[acme.pk], month_on=date(2026, 5, 1))
    note = ImportedCreditNote(
        number="C-9",
        customer=acme,
        issued_on=date(2026, 6, 2),
        currency="GBP",
        tax_percent=Decimal(20),
        net=Decimal(3650),
        tax=Decimal(730),
        gross=Decimal(4380),
        invoice_number=str(invoice.number),
    )

    made = issue_imported_credit_notes(by=finance_manager, entity=books, credit_notes=[note])[0]

    moved = DeferralMovement.objects.filter(schedule__invoice_line__invoice=invoice)
    assert {one.kind: one.amount for one in moved} == {"deferred": 3650, "released": 310, "credited": 3340}
    taken = {row.account.role: row.debit for row in JournalLine.objects.filter(entry=made.entry_id)}
    assert (taken["deferred_income"], taken["revenue"]) == (Decimal(3340), Decimal(310))
    assert not prove_deferrals().problems


def test_a_document_of_several_tax_rates_keeps_each(
    finance_manager: User, books: LegalEntity, old: Old, standard: TaxRate, reduced: TaxRate
) -> None:
    lines = (
        ImportedLine("Hour", Decimal(1), Decimal(100), Decimal(100), Decimal(20)),
        ImportedLine("Heating", Decimal(2), Decimal(20), Decimal(40), Decimal(5)),
    )
    taxes = (
        ImportedTax(Decimal(20), Decimal(100), Decimal(20)),
        ImportedTax(Decimal(5), Decimal(40), Decimal(2)),
    )
    facts = {"net": Decimal(140), "tax": Decimal(22), "gross": Decimal(162), "lines": lines, "taxes": taxes}

    made = issue_imported(by=finance_manager, entity=books, invoices=[old("A-1", **facts)])[0]

    charged = made.taxes.order_by("-net").values_list("tax_rate", "net", "tax")
    assert list(charged) == [(standard.pk, 100, 20), (reduced.pk, 40, 2)]
    assert [row.tax_rate for row in made.lines.order_by("position")] == [standard, reduced]
    swapped = (replace(lines[0], tax_percent=Decimal(5)), replace(lines[1], tax_percent=Decimal(20)))
    with pytest.raises(ImportRefused, match="don't come to what it charges at each tax rate"):
        issue_imported(by=finance_manager, entity=books, invoices=[old("A-2", **facts | {"lines": swapped})])


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"gross": Decimal(121)}, "don't come to 121 GBP"),
        ({"net": Decimal(99), "gross": Decimal(119)}, "its lines don't come to 99 GBP"),
        ({"net": Decimal(0), "tax": Decimal(0), "gross": Decimal(0), "lines": ()}, "is not above zero"),
        ({"net": Decimal("100.001"), "gross": Decimal("120.001")}, "more decimals than GBP allows"),
        ({"net": Decimal("NaN")}, "can't be meant"),
    ],
)
def test_figures_that_do_not_fit_are_refused_with_the_document(
    finance_manager: User, books: LegalEntity, old: Old, standard: TaxRate, wrong: dict[str, Any], says: str
) -> None:
    with pytest.raises(ImportRefused, match=f"A-2.*{says}"):
        issue_imported(by=finance_manager, entity=books, invoices=[old("A-1"), old("A-2", **wrong)])
    assert not Invoice.objects.exists()


def test_a_number_is_taken_once(
    finance_manager: User, clerk: User, books: LegalEntity, old: Old, standard: TaxRate, acme: Customer,
    drafted: Callable[..., Invoice], may: Callable[[int], date],
) -> None:  # fmt: skip
    issue_imported(by=finance_manager, entity=books, invoices=[old("INV-2026-000001")])

    with pytest.raises(ImportRefused, match="INV-2026-000001 is taken already"):
        issue_imported(by=finance_manager, entity=books, invoices=[old("INV-2026-000001")])
    with pytest.raises(ImportRefused, match="A-7 comes twice"):
        issue_imported(by=finance_manager, entity=books, invoices=[old("A-7"), old("A-7")])
    with pytest.raises(NumberTaken):
        issue_invoice(by=clerk, entity=books, invoice=drafted(acme), issued_on=may(4))


def test_its_lines_cannot_be_added_to_later(
    finance_manager: User, books: LegalEntity, old: Old, standard: TaxRate
) -> None:
    made = issue_imported(by=finance_manager, entity=books, invoices=[old("A-1")])[0]

    with pytest.raises(IntegrityError, match="never changed or deleted"), transaction.atomic():
        connection.cursor().execute("DELETE FROM invoicing_invoiceline WHERE invoice_id = %s", [made.pk])


def test_its_pdf_is_made_when_somebody_asks(
    finance_manager: User, books: LegalEntity, old: Old, standard: TaxRate
) -> None:
    made = issue_imported(by=finance_manager, entity=books, invoices=[old("A-1")])[0]

    assert store_invoice_pdf(by=finance_manager, invoice=made).read().startswith(b"%PDF")


@pytest.mark.parametrize("who", ["clerk", "manager", "stranger"])
def test_only_who_keeps_the_ledger_brings_documents_in(
    who: str, request: pytest.FixtureRequest, books: LegalEntity, old: Old
) -> None:
    with pytest.raises(NotAllowed):
        issue_imported(by=request.getfixturevalue(who), entity=books, invoices=[old("A-1")])
